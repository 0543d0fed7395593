"""Texts to unit vectors: what an embedder is, and all-MiniLM-L6-v2 as one.

Importing this package loads no model and no inference library.
"""

from catalog_index.embedding.base import Embedder, Vectors
from catalog_index.embedding.minilm import BULK, MAX_TOKENS, MiniLMEmbedder

__all__ = ["BULK", "MAX_TOKENS", "Embedder", "MiniLMEmbedder", "Vectors"]
