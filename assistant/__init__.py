"""A turn in, a checked answer out: routing, evidence, LLaMA-E, the chat page, the command line."""
