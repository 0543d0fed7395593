"""Compares kinds of approximate index on one set of vectors: recall@10 against milliseconds.

Run as `python -m benchmarks.ann_curve --index DIR` over an index (as `benchmarks.million --work`
keeps one). Each kind is swept over its search parameter; candidates are scored anew from the
16-bit vectors, as in serving. Writes a table and docs/ann-curve.svg.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.machine import machine, markdown_table, publish
from benchmarks.scale.feed import queries
from catalog_index.ann import exact_neighbours, number_of_lists
from catalog_index.embedding import MiniLMEmbedder, Vectors
from catalog_index.manifest import current_generation, read_manifest
from catalog_index.vectors import RESCORED, VectorFile

K = 10
QUERIES = 200
PLOT = Path(__file__).parents[1] / "docs" / "ann-curve.svg"
KINDS = {
    "Flat": "Flat",
    "IVF, SQ8": "IVF{lists},SQ8",
    "IVF, PQ96": "IVF{lists},PQ96",
    "HNSW32, SQ8": "HNSW32_SQ8",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One setting of one kind."""

    kind: str
    setting: str
    recall: float
    p50: float
    p95: float
    build_seconds: float
    megabytes: float


def measure_kind(kind: str, file: VectorFile, asked: Vectors, true: Any) -> Iterator[Point]:
    """Build one kind of index and yield a point for each setting of its search."""
    import faiss

    name = KINDS[kind].format(lists=number_of_lists(len(file)))
    started = time.monotonic()
    index: Any = faiss.index_factory(file.dimension, name, faiss.METRIC_INNER_PRODUCT)
    if "HNSW" in name:
        index.hnsw.efConstruction = 80
    if not index.is_trained:
        chosen = np.sort(np.random.default_rng(1).choice(len(file), min(len(file), 160_000), False))
        index.train(file.rows(chosen))
    for start in range(0, len(file), 65_536):
        index.add(file.rows(slice(start, start + 65_536)))
    seconds = time.monotonic() - started
    megabytes = len(faiss.serialize_index(index)) / 1e6
    for setting, parameters in _settings(name):
        search = _searcher(index, file, parameters, is_exact=name == "Flat")
        taken, hits = [], 0
        for query, wanted in zip(asked, true, strict=True):
            started = time.perf_counter()
            found = search(query)
            taken.append((time.perf_counter() - started) * 1000)
            hits += len(set(found.tolist()) & set(wanted.tolist()))
        p50, p95 = (float(np.percentile(taken, q)) for q in (50, 95))
        yield Point(kind, setting, hits / true.size, p50, p95, seconds, megabytes)


def _settings(name: str) -> Iterator[tuple[str, Any]]:
    import faiss

    if name.startswith("IVF"):
        for nprobe in (1, 4, 8, 16, 32, 64, 128):
            yield f"nprobe {nprobe}", faiss.SearchParametersIVF(nprobe=nprobe)
    elif name.startswith("HNSW"):
        for ef in (128, 192, 256, 512):
            yield f"efSearch {ef}", faiss.SearchParametersHNSW(efSearch=ef)
    else:
        yield "", None


def _searcher(
    index: Any, file: VectorFile, parameters: Any, *, is_exact: bool
) -> Callable[[Vectors], Any]:
    def search(query: Vectors) -> Any:
        wanted = K if is_exact else K + RESCORED
        _, found = index.search(query[None, :], wanted, params=parameters)
        rows = np.sort(found[0][found[0] >= 0]).astype(np.intp)
        return rows[np.argsort(-file.scores(query, rows))[:K]]

    return search


def plot(points: list[Point], count: int) -> None:
    """Draw recall against latency, one line a kind."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2))
    for kind in dict.fromkeys(point.kind for point in points):
        mine = [point for point in points if point.kind == kind]
        axes.plot([p.p50 for p in mine], [p.recall for p in mine], marker="o", label=kind)
    axes.axhline(0.97, color="grey", linewidth=0.8, linestyle="--")
    axes.set_xscale("log")
    axes.set_xlabel("milliseconds for one query, median")
    axes.set_ylabel("recall@10 against a whole scan")
    axes.set_title(f"{count:,} vectors of 384 dimensions")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(PLOT, metadata={"Date": None})


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True, metavar="DIR")
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    args = parser.parse_args()
    generation = current_generation(args.index)
    manifest = read_manifest(generation)
    largest = max(manifest.segments, key=lambda entry: entry.count)
    file = VectorFile(generation, largest.name, manifest.embedder.dimension)
    asked = MiniLMEmbedder().encode(queries(QUERIES))
    true = exact_neighbours(file, asked, K)
    points: list[Point] = []
    for kind in args.kinds:
        for point in measure_kind(kind, file, asked, true):
            print(point, file=sys.stderr, flush=True)
            points.append(point)
    rows = [
        (
            f"{p.kind} {p.setting}".strip(),
            f"{p.recall:.3f}",
            f"{p.p50:.1f} / {p.p95:.1f}",
            f"{p.build_seconds:.0f}",
            f"{p.megabytes:.0f}",
        )
        for p in points
    ]
    header = ("index", "recall@10", "p50 / p95, ms", "to build, s", "MB")
    plot(points, len(file))
    publish(
        "ann_curve",
        f"`python -m benchmarks.ann_curve` on {machine()}.\n\n{len(file):,} vectors, {QUERIES}"
        f" queries embedded for real.\n\n{markdown_table(header, rows)}",
        {
            "machine": machine(),
            "vectors": len(file),
            "points": [{n: getattr(p, n) for n in p.__slots__} for p in points],
        },
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
