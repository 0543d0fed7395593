"""A question in, the evidence that can answer it out.

Knows the catalog index and LangChain's retriever interface; knows nothing of intents, prompts
or pages.
"""
