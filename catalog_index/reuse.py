"""Vectors that need no embedding: those of the same text in an earlier or unfinished generation.

A killed build leaves the vectors that it had made, and a rebuilt or updated catalog holds mostly
the texts that it held. Vectors are found by a digest of their text, and only taken from an
embedder of the same id, revision and dimension.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import Vectors
from catalog_index.errors import CatalogError
from catalog_index.manifest import MANIFEST, WORK, EmbedderEntry, read_manifest
from catalog_index.vectors import VectorFile, file_names

_UNIT = 0.01
"""How far from 1 the length of a vector may be that a crash might have cut."""

_COMPONENT_BYTES = 2


class VectorSource:
    """The vectors of some segments, by the digest of their text."""

    def __init__(self, files: Iterable[VectorFile]) -> None:
        self._files = [file for file in files if len(file)]
        if self._files:
            self._texts = np.concatenate([file.texts for file in self._files])
            self._order = np.argsort(self._texts, kind="stable")
            self._texts = self._texts[self._order]
            sizes = [len(file) for file in self._files]
            self._starts = np.cumsum([0, *sizes])

    def find(self, digests: NDArray[np.uint64]) -> tuple[NDArray[np.bool_], Vectors]:
        """Return which of the texts (n,) are known, and their vectors (known, dimension)."""
        known = np.zeros(len(digests), dtype=np.bool_)
        if not self._files:
            return known, np.zeros((0, 0), dtype=np.float32)
        places = np.minimum(np.searchsorted(self._texts, digests), len(self._texts) - 1)
        known = self._texts[places] == digests
        vectors = self._rows(self._order[places[known]])
        whole = np.abs(np.linalg.norm(vectors, axis=1) - 1.0) < _UNIT
        known[np.flatnonzero(known)[~whole]] = False
        return known, vectors[whole]

    def _rows(self, places: NDArray[np.intp]) -> Vectors:
        rows = np.zeros((len(places), self._files[0].dimension), dtype=np.float32)
        owner = np.searchsorted(self._starts, places, side="right") - 1
        for number, file in enumerate(self._files):
            mine = owner == number
            rows[mine] = file.rows(places[mine] - self._starts[number])
        return rows


def begin_work(generation: Path, embedder: EmbedderEntry) -> None:
    """Note in a new generation's directory which embedder its vectors will be of.

    Raises:
        OSError: the disk is full or refuses.
    """
    (generation / WORK).write_text(json.dumps(embedder.model_dump()), encoding="utf-8")


def earlier_vectors(generations: Sequence[Path], embedder: EmbedderEntry) -> VectorSource:
    """Return the vectors that this embedder made in these generations, finished or not."""
    files: list[VectorFile] = []
    for generation in generations:
        with suppress(CatalogError, OSError, ValueError, TypeError):
            if (generation / MANIFEST).is_file():
                manifest = read_manifest(generation)
                if manifest.embedder == embedder:
                    names = [entry.name for entry in manifest.segments]
                    files += [VectorFile(generation, name, embedder.dimension) for name in names]
            else:
                files += _unfinished(generation, embedder)
    return VectorSource(files)


def _unfinished(generation: Path, embedder: EmbedderEntry) -> list[VectorFile]:
    """Open what a killed build left, as far as the rows that all its files have."""
    noted = json.loads((generation / WORK).read_text(encoding="utf-8"))
    if EmbedderEntry.model_validate(noted) != embedder:
        return []
    found = []
    for path in generation.glob("keys-*.i64"):
        segment = path.stem.removeprefix("keys-")
        widths = (8, 8, _COMPONENT_BYTES * embedder.dimension)
        parts = [generation / name for name in file_names(segment)]
        rows = min(part.stat().st_size // width for part, width in zip(parts, widths, strict=True))
        found.append(VectorFile(generation, segment, embedder.dimension, rows))
    return found
