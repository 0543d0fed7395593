"""Measures search on Icecat's catalog: nDCG@10 against people's judgements, and latency.

Run as `python -m benchmarks.search`. nDCG@10 has the gain 2^grade - 1 and the discount
log2(rank + 1) (Burges et al., ICML 2005), and is the mean over the queries that have a relevant
product. Two columns, since most products of the catalog are unjudged for a query: an unjudged hit
counts 0, or unjudged hits are dropped before the first ten are taken.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from benchmarks.machine import DEFAULT_DATA, machine, markdown_table, publish
from catalog_index.build import Options, build_index
from catalog_index.embedding import MiniLMEmbedder
from catalog_index.index import CatalogIndex
from catalog_index.progress import progress_bar
from retrieval.hybrid import search_index
from retrieval.registry import open_retriever, search
from retrieval.values import Query

Judgements = Mapping[str, Mapping[str, int]]
Ranker = Callable[[str], list[str]]

TIMED_QUERIES = 200
FUSED = 100
"""How far down the fused ranking judged products are looked for; each search alone ranks all."""

FLOORS = {
    "BM25, title + description": (0.738, 0.821),
    "all-MiniLM-L6-v2, exact": (0.613, 0.885),
    "BM25 and MiniLM, reciprocal-rank fusion": (0.783, 0.872),
}
"""nDCG@10 of stock parts on the same judgements: unjudged 0, judged only."""


def ndcg_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return nDCG@k of a ranking of ids; ids without a grade gain nothing."""
    gained = _discounted([grades.get(item, 0) for item in ranked[:k]])
    best = _discounted(sorted(grades.values(), reverse=True)[:k])
    return gained / best if best else 0.0


def _discounted(grades: Sequence[int]) -> float:
    gains = ((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
    return float(sum(gains))


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Return grades by query and product id, of the queries that have a relevant product."""
    judgements: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        judgements.setdefault(row["query"], {})[row["doc_id"]] = row["grade"]
    return {query: grades for query, grades in judgements.items() if any(grades.values())}


def judge(rank: Ranker, judgements: Judgements) -> tuple[float, float]:
    """Return mean nDCG@10 with unjudged hits counted 0, and with judged hits only."""
    whole, judged = [], []
    for query, grades in judgements.items():
        ranked = rank(query)
        whole.append(ndcg_at_k(ranked, grades))
        judged.append(ndcg_at_k([item for item in ranked if item in grades], grades))
    return float(np.mean(whole)), float(np.mean(judged))


def rankers(index: CatalogIndex) -> dict[str, Ranker]:
    """Name the rankings to compare: each search alone, and both fused as the product does."""

    keys = index.snapshot.live_keys("product")
    id_of = {key: record.id for key, record in index.records(keys).items()}

    def ids(found: Sequence[tuple[int, float]]) -> list[str]:
        return [id_of[key] for key, _ in found]

    return {
        "lexical alone": lambda text: ids(index.lexical(text, len(index))),
        "dense alone": lambda text: ids(index.dense(text, len(index))),
        "**hybrid**": lambda text: [hit.id for hit in search_index(index, Query(text, FUSED))],
    }


def latencies(index_dir: Path, embedder: MiniLMEmbedder, queries: Sequence[str]) -> list[float]:
    """Return milliseconds of each search for ten hits, from text to hits, after a warm-up."""
    retriever = open_retriever(index_dir, embedder)
    search(retriever, Query(queries[0]))
    taken = []
    for text in islice(cycle(queries), TIMED_QUERIES):
        started = time.perf_counter()
        search(retriever, Query(text))
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def measure(index_dir: Path, judgements: Judgements) -> tuple[str, dict[str, object]]:
    """Return the report and its figures."""
    embedder = MiniLMEmbedder()
    index = CatalogIndex(index_dir, embedder)
    scores = {name: judge(rank, judgements) for name, rank in rankers(index).items()}
    taken = latencies(index_dir, embedder, list(judgements))
    p50, p95 = (float(np.percentile(taken, q)) for q in (50, 95))
    rows = [
        (name, f"{whole:.3f}", f"{judged:.3f}")
        for name, (whole, judged) in {**FLOORS, **scores}.items()
    ]
    report = "\n\n".join(
        (
            f"`python -m benchmarks.search` on {machine()}.",
            f"Icecat, {len(index):,} products, {len(judgements)} judged queries.",
            markdown_table(("ranking", "nDCG@10, unjudged 0", "nDCG@10, judged only"), rows),
            f"Whole search, ten hits, {TIMED_QUERIES} queries one after another:"
            f" p50 {p50:.1f} ms, p95 {p95:.1f} ms.",
        )
    )
    figures: dict[str, object] = {
        "machine": machine(),
        "records": len(index),
        "queries": len(judgements),
        "floors": FLOORS,
        "ndcg_at_10": {
            name.strip("*"): [round(s, 4) for s in pair] for name, pair in scores.items()
        },
        "latency_ms": {"p50": round(p50, 1), "p95": round(p95, 1), "queries": TIMED_QUERIES},
    }
    return report, figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="holds icecat/")
    parser.add_argument("--index", type=Path, metavar="DIR", help="an index of the catalog")
    args = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    feed = args.data / "icecat" / "products.jsonl.gz"
    judged = args.data / "icecat" / "judgements.dev.jsonl"
    if not judged.is_file() or not (args.index or feed.is_file()):
        print("skipped: the Icecat catalog is not in the data directory (--data).")
        return 0
    judgements = read_judgements(judged)
    with tempfile.TemporaryDirectory() as temporary:
        index_dir = args.index or Path(temporary)
        if not args.index:
            with progress_bar() as progress:
                build_index([feed], index_dir, options=Options(progress=progress))
        report, figures = measure(index_dir, judgements)
    publish("search", report, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
