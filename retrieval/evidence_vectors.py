"""Vectors of texts, each made once: what an embedder gave is kept by text, up to a number.

Knows no records. The matcher is the embedder whose vectors of a question and of what answers it
are near each other: all-MiniLM-L6-v2, tuned on questions.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import Embedder, MiniLMEmbedder, Vectors
from catalog_index.embedding.minilm import Library
from retrieval.evidence_weights import MATCHER_FILE, changed_tensors, shipped

MAX_CACHED_TEXTS = 20_000


def matcher(changes: Path | None = None, library: Library | None = None) -> Embedder:
    """Return the matcher; its weights are read on first use.

    Args:
        changes: the file of its weights; the shipped one unless given.
        library: what computes; OpenVINO where it is installed unless given.
    """
    path = changes or shipped(MATCHER_FILE)
    return MiniLMEmbedder(library=library, bulk=1, tensors=lambda: changed_tensors(path))


class KeptVectors:
    """An embedder that remembers; safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def __len__(self) -> int:
        """Return how many texts are kept."""
        return len(self._vectors)

    def cosines(self, question: str, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return the cosine of a question and each text, shape (len(texts),)."""
        vectors = self._of([question, *texts])
        cosines: NDArray[np.float64] = np.clip(
            vectors[1:] @ vectors[0], -1.0, 1.0, dtype=np.float64
        )
        return cosines.round(4)

    def _of(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            rows = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in rows]
        if missing:
            fresh = dict(zip(missing, self._embedder.encode(missing), strict=True))
            rows |= fresh
            with self._lock:
                self._vectors |= fresh
                while len(self._vectors) > MAX_CACHED_TEXTS:
                    self._vectors.popitem(last=False)
        return np.stack([rows[text] for text in texts])
