"""Vectors that need no embedding: those of the same text in an earlier or unfinished generation.

A killed build leaves the vectors that it had made, and a rebuilt or updated catalog holds mostly
the texts that it held. Vectors are found by a digest of their text, and only taken from an
embedder of the same id, revision and dimension.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import Vectors
from catalog_index.errors import CatalogError
from catalog_index.manifest import (
    MANIFEST,
    WORK,
    EmbedderEntry,
    Manifest,
    read_manifest,
    verify_files,
)
from catalog_index.vectors import VectorFile, are_unit, file_names

_COMPONENT_BYTES = 2


class VectorSource:
    """The vectors of some segments, by the digest of their text.

    Args:
        found: each segment's vectors, and what tells whether they are as they were written. That
            is asked once, when the first of them is wanted.
    """

    def __init__(self, found: Iterable[tuple[VectorFile, Callable[[], bool]]]) -> None:
        found = [(file, cache(is_whole)) for file, is_whole in found if len(file)]
        self._files = [file for file, _ in found]
        self._are_whole = [is_whole for _, is_whole in found]
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
        whole = are_unit(vectors)
        known[np.flatnonzero(known)[~whole]] = False
        return known, vectors[whole]

    def _rows(self, places: NDArray[np.intp]) -> Vectors:
        """Return the vectors at these places; zeros for those of a file that is not whole."""
        rows = np.zeros((len(places), self._files[0].dimension), dtype=np.float32)
        owner = np.searchsorted(self._starts, places, side="right") - 1
        for number, file in enumerate(self._files):
            mine = owner == number
            if mine.any() and self._are_whole[number]():
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
    found: list[tuple[VectorFile, Callable[[], bool]]] = []
    for generation in generations:
        with suppress(CatalogError, OSError, ValueError, TypeError):
            if (generation / MANIFEST).is_file():
                manifest = read_manifest(generation)
                if manifest.embedder == embedder:
                    for entry in manifest.segments:
                        file = VectorFile(generation, entry.name, embedder.dimension)
                        names = file_names(entry.name)
                        found.append((file, partial(_is_whole, generation, manifest, names)))
            else:
                found += [(file, lambda: True) for file in _unfinished(generation, embedder)]
    return VectorSource(found)


def _is_whole(generation: Path, manifest: Manifest, names: Sequence[str]) -> bool:
    with suppress(CatalogError):
        verify_files(generation, manifest, names)
        return True
    return False


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
