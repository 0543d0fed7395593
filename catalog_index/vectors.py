"""A segment's vectors on disk, and the search for the nearest: the only module that knows FAISS.

    keys-NAME.i64       the records' keys, ascending, little-endian
    texts-NAME.u64      a digest of the text each vector was made of, for taking it over
    vectors-NAME.f16    the unit vectors, row by row, as 16-bit floats
    ann-NAME.faiss      an approximate index, where there are many (see `ann`)

Few vectors are searched exactly, in memory. Many are searched through the approximate index, and
what it finds is scored anew from the vectors, which stay on disk, memory-mapped.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import Vectors
from catalog_index.errors import IndexCorruptError, IndexMismatchError

Keys = NDArray[np.int64]

RESCORED = 100
"""How many candidates more than asked for are scored anew: codes of 8 bits rank nearly right."""

_UNIT = 0.01
"""How far from 1 the length of a vector may be."""

_KEY = np.dtype("<i8")
_TEXT = np.dtype("<u8")
_COMPONENT = np.dtype("<f2")
_PARTS = ("keys", "texts", "vectors")
_SUFFIXES = {"keys": "i64", "texts": "u64", "vectors": "f16"}


def file_names(segment: str) -> tuple[str, ...]:
    """Return the names of the files that every segment's vectors have."""
    return tuple(f"{part}-{segment}.{_SUFFIXES[part]}" for part in _PARTS)


def ann_name(segment: str) -> str:
    """Return the name of the file of a segment's approximate index."""
    return f"ann-{segment}.faiss"


def are_unit(vectors: Vectors) -> NDArray[np.bool_]:
    """Return which of some vectors (n, dimension) are of length 1, as near as 16 bits hold it."""
    off = np.abs(np.linalg.norm(vectors, axis=1) - 1.0)
    return np.asarray(off < _UNIT)  # NaN is near nothing


def text_digests(texts: Sequence[str]) -> NDArray[np.uint64]:
    """Return an 8-byte digest of each text, shape (len(texts),)."""
    joined = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in texts)
    return np.frombuffer(joined, dtype=_TEXT).astype(np.uint64)


class VectorWriter:
    """Appends vectors to a segment's files; what is flushed survives this process.

    Args:
        directory: where the files are made.
        segment: the segment's name.
        dimension: of every vector.

    Raises:
        OSError: the disk is full or refuses (from any method).
    """

    def __init__(self, directory: Path, segment: str, dimension: int) -> None:
        self._dimension = dimension
        self._files: list[BinaryIO] = [
            (directory / name).open("wb") for name in file_names(segment)
        ]
        self.count = 0
        self.first_key = self.last_key = -1

    def add(self, keys: Sequence[int], texts: NDArray[np.uint64], vectors: Vectors) -> None:
        """Append vectors (n, dimension) under their records' keys (n,), which must ascend."""
        if vectors.shape != (len(keys), self._dimension):
            raise ValueError(f"{len(keys)} keys for vectors of shape {vectors.shape}")
        ordered = np.asarray(keys, dtype=_KEY)
        if not len(ordered):
            return
        if ordered[0] <= self.last_key or np.any(np.diff(ordered) <= 0):
            raise ValueError("Keys must ascend.")
        self.first_key = self.first_key if self.count else int(ordered[0])
        self.last_key = int(ordered[-1])
        self.count += len(ordered)
        parts = (
            ordered.tobytes(),
            texts.astype(_TEXT).tobytes(),
            vectors.astype(_COMPONENT).tobytes(),
        )
        for file, part in zip(self._files, parts, strict=True):
            file.write(part)
            file.flush()

    def close(self) -> None:
        """Close the files."""
        for file in self._files:
            file.close()


class VectorFile:
    """The vectors of one segment, memory-mapped; only the first `rows` of them, if given.

    Raises:
        IndexCorruptError: a file is missing or its size does not fit the others.
    """

    def __init__(
        self, directory: Path, segment: str, dimension: int, rows: int | None = None
    ) -> None:
        self.dimension = dimension
        keys, texts, vectors = (directory / name for name in file_names(segment))
        self.keys: Keys = _mapped(keys, _KEY, (-1,))[:rows]
        self.texts: NDArray[np.uint64] = _mapped(texts, _TEXT, (-1,))[:rows]
        self._rows: NDArray[np.float16] = _mapped(vectors, _COMPONENT, (-1, dimension))[:rows]
        if not len(self.keys) == len(self.texts) == len(self._rows):
            raise IndexCorruptError(
                f"The index is damaged: {keys}, {texts.name} and {vectors.name} are of different"
                " lengths. Build it again with `llama-e index build`."
            )

    def __len__(self) -> int:
        return len(self.keys)

    def positions(self, keys: Sequence[int] | Keys) -> NDArray[np.intp]:
        """Return the rows of those of the keys that are here, ascending."""
        wanted = np.unique(np.asarray(keys, dtype=np.int64))
        found = np.searchsorted(self.keys, wanted)
        inside = found < len(self.keys)
        found, wanted = found[inside], wanted[inside]
        positions: NDArray[np.intp] = found[self.keys[found] == wanted]
        return positions

    def rows(self, positions: NDArray[np.intp] | slice) -> Vectors:
        """Return vectors by row, shape (n, dimension)."""
        return np.asarray(self._rows[positions], dtype=np.float32)

    def scores(self, vector: Vectors, positions: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return the cosines of a unit vector with these rows, shape (len(positions),)."""
        return np.asarray(self.rows(positions) @ vector, dtype=np.float32)


class VectorSearch:
    """Finds the nearest of one segment's vectors.

    Args:
        file: the vectors.
        ann: the file of the approximate index, or None to search exactly.
        nprobe: how many of its lists the approximate index looks into.

    Raises:
        IndexCorruptError: the approximate index cannot be read or does not fit.
    """

    def __init__(self, file: VectorFile, ann: Path | None, nprobe: int) -> None:
        import faiss

        self._faiss: Any = faiss
        self._file = file
        self._is_exact = ann is None
        self._nprobe = nprobe
        if ann is None:
            self._index: Any = faiss.IndexFlatIP(file.dimension)
            for start in range(0, len(file), _CHUNK):
                self._index.add(file.rows(slice(start, start + _CHUNK)))
        else:
            self._index = _read_ann(ann)
            if self._index.ntotal != len(file) or self._index.d != file.dimension:
                raise IndexCorruptError(
                    f"The index is damaged: {ann} holds {self._index.ntotal} vectors of"
                    f" {self._index.d} dimensions, not {len(file)} of {file.dimension}."
                    " Build it again with `llama-e index build`."
                )

    def nearest(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return (key, cosine) of the k nearest rows, best first.

        Raises:
            IndexMismatchError: the vector has another dimension than the index.
        """
        check_dimension(vector, self._file.dimension)
        if not len(self._file):
            return []
        if self._is_exact:
            scores, found = self._index.search(vector[None, :], min(k, len(self._file)))
            return self._listed(found[0], scores[0])
        wanted = min(k + RESCORED, len(self._file))
        parameters = self._faiss.SearchParametersIVF(nprobe=self._nprobe)
        _, found = self._index.search(vector[None, :], wanted, params=parameters)
        candidates = np.sort(found[0][found[0] >= 0]).astype(np.intp)
        if len(candidates) and candidates[-1] >= len(self._file):
            raise IndexCorruptError(
                "The index is damaged: its approximate index names a vector that there is not."
                " Build it again with `llama-e index build`."
            )
        scores = self._file.scores(vector, candidates)
        best = np.argsort(-scores, kind="stable")[:k]
        return self._listed(candidates[best], scores[best])

    def _listed(self, rows: Any, scores: Any) -> list[tuple[int, float]]:
        found = rows >= 0
        return list(zip(self._file.keys[rows[found]].tolist(), scores[found].tolist(), strict=True))


_CHUNK = 16_384


def check_dimension(vector: Vectors, dimension: int) -> None:
    """Refuse a query vector that is none of this index's.

    Raises:
        IndexMismatchError: it is no vector of this dimension.
    """
    if vector.shape != (dimension,):
        raise IndexMismatchError(
            f"The query vector has shape {vector.shape}, the index {dimension} dimensions."
            " Build the index again with this embedder."
        )


def _read_ann(path: Path) -> Any:
    """Open an approximate index, its lists memory-mapped."""
    import faiss

    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP | faiss.IO_FLAG_READ_ONLY)
    except RuntimeError as error:
        raise IndexCorruptError(
            f"The index is damaged: {path} is no vector index."
            " Build it again with `llama-e index build`."
        ) from error


def _mapped(path: Path, kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    try:
        if path.stat().st_size == 0:
            return np.zeros((0, *shape[1:]), dtype=kind)
        whole = path.stat().st_size // kind.itemsize
        if shape[1:]:
            whole -= whole % shape[1]
        return np.memmap(path, dtype=kind, mode="r", shape=(whole,)).reshape(shape)
    except (OSError, ValueError) as error:
        raise IndexCorruptError(
            f"The index is damaged: {path} cannot be read ({error})."
            " Build it again with `llama-e index build`."
        ) from error
