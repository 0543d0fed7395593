"""Measures search on Icecat's catalog: nDCG@10 against people's judgements, and latency.

Run as `python -m benchmarks.search`. Beside ours, in the same run and over the same products:
LangChain's FAISS store and bm25s (`pip install 'llama-e[bench]'`). How rankings are judged is told
in `benchmarks.ranking`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.machine import DEFAULT_DATA, machine, markdown_table, publish
from benchmarks.peers import bm25s_alone, langchain_faiss
from benchmarks.ranking import Judgements, Ranker, judge, latencies, percentile, read_judgements
from catalog_index.build import Options, build_index
from catalog_index.embedding import MiniLMEmbedder
from catalog_index.index import CatalogIndex
from catalog_index.progress import progress_bar
from catalog_index.texts import text_to_embed
from retrieval.hybrid import search_index
from retrieval.values import Query

TIMED_QUERIES = 200
RANKED = 100
"""How far down a ranking judged products are looked for."""

OURS = "**hybrid**"
FLOORS = {
    "BM25, title + description": (0.738, 0.821),
    "all-MiniLM-L6-v2, exact": (0.613, 0.885),
    "BM25 and MiniLM, reciprocal-rank fusion": (0.783, 0.872),
}
"""nDCG@10 of stock parts on the same judgements: unjudged 0, judged only."""

GOALS = ("goal", "0.82", "0.91", "15.0", "30.0")


def our_rankers(index: CatalogIndex) -> dict[str, Ranker]:
    """Name our rankings: each search alone, and both fused as the product does."""
    keys = index.snapshot.live_keys("product")
    id_of = {key: record.id for key, record in index.records(keys).items()}

    def ids(found: Sequence[tuple[int, float]]) -> list[str]:
        return [id_of[key] for key, _ in found]

    def hybrid(text: str, k: int = RANKED) -> list[str]:
        return [hit.id for hit in search_index(index, Query(text, k, understand=True))]

    return {
        "lexical alone": lambda text, k=RANKED: ids(index.lexical(text, k)),
        "dense alone": lambda text, k=RANKED: ids(index.dense(text, k)),
        OURS: hybrid,
    }


def peer_rankers(index: CatalogIndex) -> dict[str, Ranker]:
    """Name the peers' rankings, over the same products."""
    records = index.records(index.snapshot.live_keys("product")).values()
    texts, ids = [text_to_embed(record) for record in records], [record.id for record in records]
    return {
        "LangChain FAISS, MiniLM": langchain_faiss(texts, ids),
        "bm25s": bm25s_alone(texts, ids),
    }


def measure(index_dir: Path, judgements: Judgements) -> tuple[str, dict[str, object]]:
    """Return the report and its figures."""
    index = CatalogIndex(index_dir, MiniLMEmbedder())
    rankers = {**peer_rankers(index), **our_rankers(index)}
    scores = {name: judge(rank, judgements) for name, rank in rankers.items()}
    queries = list(judgements)
    taken = {
        name: latencies(partial(rank, k=10), queries, TIMED_QUERIES)
        for name, rank in rankers.items()
    }
    rows: list[tuple[str, ...]] = [
        (name, f"{whole:.3f}", f"{judged:.3f}", "", "") for name, (whole, judged) in FLOORS.items()
    ]
    rows += [
        (name, *(f"{score:.3f}" for score in pair), *_p50_p95(taken[name]))
        for name, pair in scores.items()
    ]
    rows.append(GOALS)
    header = ("ranking", "nDCG@10, unjudged 0", "nDCG@10, judged only", "p50, ms", "p95, ms")
    report = "\n\n".join(
        (
            f"`python -m benchmarks.search` on {machine()}.",
            f"Icecat, {len(index):,} products, {len(judgements)} judged queries. Latency is that"
            f" of {TIMED_QUERIES} whole searches one after another, from text to hits; the first"
            " three rows were measured elsewhere.",
            markdown_table(header, rows),
        )
    )
    figures: dict[str, object] = {
        "machine": machine(),
        "records": len(index),
        "queries": len(judgements),
        "floors": FLOORS,
        "ndcg_at_10": {
            name.strip("*"): [round(score, 4) for score in pair] for name, pair in scores.items()
        },
        "latency_ms": _rounded(taken),
    }
    return report, figures


def _p50_p95(taken: Sequence[float]) -> tuple[str, str]:
    return f"{percentile(taken, 50):.1f}", f"{percentile(taken, 95):.1f}"


def _rounded(taken: Mapping[str, Sequence[float]]) -> dict[str, dict[str, float]]:
    return {
        name.strip("*"): {f"p{q}": round(percentile(times, q), 1) for q in (50, 95)}
        for name, times in taken.items()
    }


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
