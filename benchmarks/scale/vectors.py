"""Vectors for a million texts in seconds, placed as a real embedder places a catalog's texts.

The demo's products are embedded for real. A text's vector is a mixture of some of its type's, so
that clusters and the directions within them are the real ones, with a little noise of its own.
Queries are embedded for real.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Sequence

import numpy as np

from catalog_index.demo.generator import generate_products
from catalog_index.embedding import MiniLMEmbedder, Vectors
from catalog_index.texts import text_to_embed

_MIXED = 3
_NOISE = 0.25
"""Length of the noise that is a text's own, beside a mixture of about length 1."""


class MixingEmbedder:
    """Stands in for `MiniLMEmbedder` in a build; `seconds` is the time it took.

    Texts without a known type (queries) are embedded for real.
    """

    id = "synthetic-clusters"
    revision = "1"
    dimension = MiniLMEmbedder.dimension

    def __init__(self, *, is_building: bool) -> None:
        self.seconds = 0.0
        self._real = MiniLMEmbedder()
        self._is_building = is_building
        self._kinds: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder.encode`."""
        if not self._is_building:
            return self._real.encode(texts)
        started = time.perf_counter()
        self._prepare()
        if any(self._kind(text) is None for text in texts):
            return self._real.encode(texts)
        vectors = np.stack([self._mixture(text) for text in texts])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        self.seconds += time.perf_counter() - started
        return vectors

    def _mixture(self, text: str) -> Vectors:
        dice = np.random.default_rng(zlib.crc32(text.encode()))
        bases = self._kinds[self._kind(text) or ""]
        chosen = bases[dice.integers(len(bases), size=_MIXED)]
        weights = dice.dirichlet(np.full(_MIXED, 0.7)).astype(np.float32)
        noise = dice.standard_normal(self.dimension, dtype=np.float32)
        own = noise * np.float32(_NOISE / np.linalg.norm(noise))
        return np.asarray(weights @ chosen + own, dtype=np.float32)

    def _kind(self, text: str) -> str | None:
        return next((name for name in self._kinds if f". {name}. " in text), None)

    def _prepare(self) -> None:
        if self._kinds:
            return
        products = list(generate_products())
        vectors = self._real.encode([text_to_embed(product) for product in products])
        groups: dict[str, list[int]] = {}
        for row, product in enumerate(products):
            groups.setdefault(product.product_type.rpartition(" > ")[2], []).append(row)
        self._kinds = {name: vectors[rows] for name, rows in groups.items()}
