"""The approximate index of a segment with many vectors: which one, how it is made, how exact it is.

Below `EXACT_LIMIT` vectors none is made: a scan in memory is quick and finds all. Above it the
vectors are put into lists around trained centroids (IVF) as 8-bit codes (SQ8), and a search looks
into `nprobe` lists. `nprobe` is chosen when the index is made, by measuring: the smallest that
finds enough of the true neighbours of texts as users search by.
docs/catalog.md gives the reasons and the curve.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from catalog_index.embedding import Vectors
from catalog_index.vectors import RESCORED, VectorFile

EXACT_LIMIT = 50_000
"""Up to how many vectors a segment is searched exactly."""

RECALL_WANTED = 0.985
"""Share of the ten true neighbours to find, measured on sample queries when the index is made."""

_SAMPLES_PER_LIST = 40
_LARGEST_SAMPLE = 200_000
_K = 10
_CHUNK = 65_536
_SEED = 20


@dataclass(frozen=True, slots=True)
class AnnReport:
    """What was made: FAISS's name of it, the lists looked into, and the recall@10 measured."""

    type: str
    nprobe: int
    recall: float


def needs_ann(count: int) -> bool:
    """Whether a segment of so many vectors gets an approximate index."""
    return count > EXACT_LIMIT


def build_ann(vectors: VectorFile, path: Path, queries: Vectors) -> AnnReport:
    """Make the approximate index of a segment's vectors and write it to `path`.

    Args:
        vectors: what to index.
        path: the file to write.
        queries: unit vectors of texts as users search by, (n, dimension), to choose `nprobe` by.

    Raises:
        OSError: the disk is full or refuses.
    """
    faiss = _faiss()
    lists = number_of_lists(len(vectors))
    quantizer = faiss.IndexFlatIP(vectors.dimension)
    index: Any = faiss.IndexIVFScalarQuantizer(
        quantizer,
        vectors.dimension,
        lists,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter = 10
    index.cp.seed = _SEED
    index.train(_sample(vectors, min(_SAMPLES_PER_LIST * lists, _LARGEST_SAMPLE)))
    for start in range(0, len(vectors), _CHUNK):
        index.add(vectors.rows(slice(start, start + _CHUNK)))
    with path.open("wb") as file:
        writer = faiss.PyCallbackIOWriter(lambda part: file.write(part) and None)
        faiss.write_index(index, writer)
        del writer
    nprobe, recall = choose_nprobe(index, vectors, queries)
    return AnnReport(f"IVF{lists},SQ8", nprobe, recall)


def number_of_lists(count: int) -> int:
    """Return how many lists so many vectors get: about four times the root, a power of two."""
    return int(2 ** round(math.log2(4 * math.sqrt(count))))


def choose_nprobe(index: Any, vectors: VectorFile, queries: Vectors) -> tuple[int, float]:
    """Return the smallest number of lists that finds enough, and the recall@10 it has."""
    faiss = _faiss()
    true = exact_neighbours(vectors, queries, _K)
    nprobe, recall = 1, 0.0
    while True:
        parameters = faiss.SearchParametersIVF(nprobe=nprobe)
        _, found = index.search(queries, _K + RESCORED, params=parameters)
        recall = _recall(vectors, queries, found, true)
        if recall >= RECALL_WANTED or nprobe >= index.nlist:
            return nprobe, round(recall, 4)
        nprobe = min(max(nprobe + 1, int(nprobe * 1.5)), index.nlist)


def exact_neighbours(vectors: VectorFile, queries: Vectors, k: int) -> Any:
    """Return the rows of the k nearest vectors of each query by a whole scan, (n, k)."""
    best = np.full((len(queries), 0), -1.0, dtype=np.float32)
    rows = np.zeros((len(queries), 0), dtype=np.int64)
    for start in range(0, len(vectors), _CHUNK):
        part = vectors.rows(slice(start, start + _CHUNK))
        scores = np.concatenate([best, queries @ part.T], axis=1)
        names = np.arange(start, start + len(part))
        rows = np.concatenate([rows, np.broadcast_to(names, (len(queries), len(part)))], axis=1)
        kept = np.argpartition(-scores, min(k, scores.shape[1]) - 1, axis=1)[:, :k]
        best = np.take_along_axis(scores, kept, axis=1)
        rows = np.take_along_axis(rows, kept, axis=1)
    return rows


def _recall(vectors: VectorFile, queries: Vectors, found: Any, true: Any) -> float:
    """Return the share of true neighbours among the candidates once they are scored anew."""
    hits = 0
    for query, candidates, wanted in zip(queries, found, true, strict=True):
        rows = np.sort(candidates[candidates >= 0]).astype(np.intp)
        best = rows[np.argsort(-vectors.scores(query, rows))[:_K]]
        hits += len(set(best.tolist()) & set(wanted.tolist()))
    return float(hits / true.size)


def _faiss() -> Any:
    import faiss

    return faiss


def _sample(vectors: VectorFile, size: int) -> Vectors:
    random = np.random.default_rng(_SEED)
    return vectors.rows(np.sort(random.choice(len(vectors), min(size, len(vectors)), False)))
