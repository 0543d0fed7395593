"""Product feeds in, a durable searchable index on disk out.

Knows products, passages, text search and vectors; knows nothing of questions, chat or models
that write.
"""
