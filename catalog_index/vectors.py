"""Dense search: unit vectors by record key, exact inner product in FAISS.

The only module that knows FAISS.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from catalog_index.embedding import Vectors
from catalog_index.errors import IndexCorruptError, IndexMismatchError


class VectorWriter:
    """Collects vectors of one dimension and writes them as one file."""

    def __init__(self, dimension: int) -> None:
        import faiss

        self._faiss: Any = faiss
        self._index: Any = faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))

    def add(self, keys: Sequence[int], vectors: Vectors) -> None:
        """Add vectors (n, dimension) under their records' keys (n,)."""
        self._index.add_with_ids(vectors, np.asarray(keys, dtype=np.int64))

    def write(self, path: Path) -> None:
        """Write the file.

        Raises:
            OSError: the disk is full or refuses.
        """
        path.write_bytes(self._faiss.serialize_index(self._index).tobytes())


class VectorIndex:
    """Finds the nearest records to a vector.

    Raises:
        IndexCorruptError: the file is no FAISS index.
    """

    def __init__(self, path: Path) -> None:
        import faiss

        self._faiss: Any = faiss
        try:
            self._index: Any = faiss.deserialize_index(np.fromfile(path, dtype=np.uint8))
        except (RuntimeError, OSError, ValueError) as error:
            raise IndexCorruptError(
                f"The index is damaged: {path} is no vector file."
                " Build it again with `llama-e index build`."
            ) from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """Return the stored vectors of these keys, shape (len(keys), dimension)."""
        return np.stack([self._index.reconstruct(int(key)) for key in keys])

    def search(
        self, vector: Vectors, k: int, within: Sequence[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return (key, cosine) of the k nearest records, best first.

        Args:
            vector: one unit vector, shape (dimension,).
            k: how many at most.
            within: only these keys, or None for all.

        Raises:
            IndexMismatchError: the vector has another dimension than the index.
        """
        if vector.shape != (self._index.d,):
            raise IndexMismatchError(
                f"The query vector has shape {vector.shape}, the index {self._index.d} dimensions."
                " Build the index again with this embedder."
            )
        parameters = None
        if within is not None:
            selector = self._faiss.IDSelectorBatch(np.asarray(within, dtype=np.int64))
            parameters = self._faiss.SearchParameters(sel=selector)
        scores, keys = self._index.search(vector[None, :], k, params=parameters)
        return [
            (int(key), float(score))
            for key, score in zip(keys[0], scores[0], strict=True)
            if key >= 0
        ]
