"""Lexical search and filters over the records of a generation, by tantivy.

The only package that knows tantivy. Records are named by their keys; what a record says is
`RecordFields`, made by `fields.record_fields`.
"""

from catalog_index.lexical.fields import query_tokens
from catalog_index.lexical.queries import Words
from catalog_index.lexical.searcher import LexicalSearcher
from catalog_index.lexical.writer import LexicalWriter

__all__ = ["LexicalSearcher", "LexicalWriter", "Words", "query_tokens"]
