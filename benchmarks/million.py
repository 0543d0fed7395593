"""Measures an index of a million products: building, updating, opening, searching, memory.

Run as `python -m benchmarks.million` (about half an hour and 8 GB of disk); `--products` for less.
Texts come from the demo generator, vectors are synthetic but lie as real ones do (see
`benchmarks.scale`). Queries are embedded for real. The recall of dense search is against a whole
scan of the stored vectors.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.machine import RESULTS, machine, markdown_table, publish
from benchmarks.scale.feed import queries, write_feed
from benchmarks.scale.vectors import MixingEmbedder
from catalog_index.ann import exact_neighbours
from catalog_index.embedding import Vectors
from catalog_index.index import CatalogIndex

QUERIES = 300
UPDATED = 100
"""One in how many products the measured update changes."""

GOALS = {
    "search p95": "60 ms",
    "recall@10 of dense search": "0.97",
    "resident memory": "under 3 GB",
    "opening": "under 2 s",
    "update of 1%, embedding apart": "under 2% of the build",
}


def build(feed: Path, out: Path) -> dict[str, Any]:
    """Build or, where an index is there, update it; returns seconds by stage."""
    from catalog_index.build import Options, build_index, update_index

    embedder = MixingEmbedder(is_building=True)
    marks: dict[str, float] = {}
    started = time.monotonic()
    options = Options(step=lambda step: marks.__setitem__(step, time.monotonic() - started))
    run = update_index if (out / "CURRENT").is_file() else None
    report = (
        run(out, [feed], embedder=embedder, options=options)
        if run
        else build_index([feed], out, embedder=embedder, options=options)
    )
    return {
        "seconds": round(report.seconds, 2),
        "embedding": round(embedder.seconds, 2),
        "rest": round(report.seconds - embedder.seconds, 2),
        "steps": {name: round(at, 2) for name, at in marks.items()},
        "counts": report.counts.model_dump(),
        "peak_gb": round(_peak_gb(), 2),
    }


def serve(out: Path) -> dict[str, Any]:
    """Open an index and search it; returns latencies, recall and memory."""
    from retrieval.hybrid import search_index
    from retrieval.values import Query

    embedder = MixingEmbedder(is_building=False)
    asked = queries(QUERIES)
    vectors = embedder.encode(asked)
    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    index = CatalogIndex(out, embedder)
    opening = time.monotonic() - started
    search_index(index, Query(asked[0]))
    whole: list[float] = []
    filtered: list[float] = []
    lexical: list[float] = []
    dense: list[float] = []
    hits = 0
    for text, vector in zip(asked, vectors, strict=True):
        priced = f"{text} under 100 euros"
        for taken, call in (
            (whole, partial(search_index, index, Query(text, kind="product"))),
            (filtered, partial(search_index, index, Query(priced, understand=True))),
            (lexical, partial(index.lexical, text, 100)),
            (dense, partial(index.dense, vector, 100)),
        ):
            taken.append(_milliseconds(call))
    resident = psutil.Process().memory_info().rss
    for vector, true in zip(vectors, _exact(index, vectors, 10), strict=True):
        hits += len({key for key, _ in index.dense(vector, 10)} & true)
    return {
        "opening": round(opening, 3),
        "whole": _percentiles(whole),
        "filtered": _percentiles(filtered),
        "lexical": _percentiles(lexical),
        "dense": _percentiles(dense),
        "recall_at_10": round(hits / (10 * len(asked)), 4),
        "resident_gb": round(resident / 1e9, 2),
        "resident_before_gb": round(before / 1e9, 2),
        "segments": [entry.model_dump() for entry in index.manifest.segments],
        "size_gb": round(sum(f.size for f in index.manifest.files.values()) / 1e9, 2),
    }


def _exact(index: CatalogIndex, vectors: Vectors, k: int) -> list[set[int]]:
    """Return for each query the keys of the k nearest live records, by a whole scan."""
    found: list[list[tuple[float, int]]] = [[] for _ in vectors]
    for segment in index.snapshot.segments:
        near = exact_neighbours(segment.vectors, vectors, min(4 * k, len(segment.vectors)))
        for vector, rows, best in zip(vectors, near, found, strict=True):
            keys = segment.vectors.keys[rows].tolist()
            live = [key for key in keys if index.snapshot.is_live(key)]
            best += [(score, key) for key, score in index.cosines(vector, live).items()]
    return [{key for _, key in sorted(best, reverse=True)[:k]} for best in found]


def _milliseconds(call: Any) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _percentiles(taken: list[float]) -> dict[str, float]:
    return {f"p{q}": round(float(np.percentile(taken, q)), 1) for q in (50, 95)}


def _peak_gb() -> float:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9


def _child(*arguments: str) -> dict[str, Any]:
    """Run one stage in a process of its own; returns what it prints."""
    command = [sys.executable, "-m", "benchmarks.million", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(arguments[:2], json.dumps(result), file=sys.stderr, flush=True)
    return result


def measure(work: Path, products: int) -> tuple[str, dict[str, Any]]:
    """Return the report and its figures."""
    feed, changed, out = work / "feed.jsonl", work / "changed.jsonl", work / "index"
    shutil.rmtree(out, ignore_errors=True)
    if not feed.is_file():
        write_feed(feed, products)
    write_feed(changed, products // UPDATED, first=products // 3, edition=1)
    built = _child("--stage", "build", str(feed), str(out))
    served = _child("--stage", "serve", str(feed), str(out))
    updated = _child("--stage", "build", str(changed), str(out))
    after = _child("--stage", "serve", str(feed), str(out))
    stages = {
        "machine": machine(),
        "products": products,
        "build": built,
        "serve": served,
        "update": updated,
        "after": after,
    }
    return report_of(stages), stages


def report_of(stages: Mapping[str, Any], how: str = "") -> str:
    """Return the table of a run's figures."""
    built, served, updated, after = (stages[name] for name in ("build", "serve", "update", "after"))
    products = stages["products"]
    share = updated["rest"] / built["rest"]
    searching = served["whole"]
    rows = [
        ("search, p50 / p95", f"{searching['p50']} / {searching['p95']} ms", GOALS["search p95"]),
        ("search under a price, p50 / p95", "{p50} / {p95} ms".format(**served["filtered"]), ""),
        ("lexical part, p50 / p95", "{p50} / {p95} ms".format(**served["lexical"]), ""),
        ("dense part, p50 / p95", "{p50} / {p95} ms".format(**served["dense"]), ""),
        ("search after the update, p95", f"{after['whole']['p95']} ms", GOALS["search p95"]),
        (
            "recall@10 of dense search",
            f"{served['recall_at_10']:.3f}",
            GOALS["recall@10 of dense search"],
        ),
        ("resident memory", f"{served['resident_gb']:.2f} GB", GOALS["resident memory"]),
        ("opening", f"{served['opening']:.2f} s", GOALS["opening"]),
        ("build, embedding apart", f"{built['rest']:.0f} s", ""),
        (
            "update of 1%, embedding apart",
            f"{updated['rest']:.1f} s, {share:.1%}",
            GOALS["update of 1%, embedding apart"],
        ),
        ("peak memory of the build", f"{built['peak_gb']:.1f} GB", ""),
        ("index on disk", f"{served['size_gb']:.1f} GB", ""),
    ]
    kinds = ", ".join(
        f"{entry['vector_index']}, nprobe {entry['nprobe']}" for entry in served["segments"]
    )
    return (
        f"`python -m benchmarks.million` on {machine()}.\n\n{products:,} products; {QUERIES}"
        f" queries one after another{how}; dense index: {kinds}.\n\n"
        f"{markdown_table(('what', 'measured', 'goal'), rows)}"
    )


def measure_again(work: Path) -> tuple[str, dict[str, Any]]:
    """Search an index that an earlier run kept, beside that run's figures of building it."""
    earlier: dict[str, Any] = json.loads((RESULTS / "million.json").read_text(encoding="utf-8"))
    served = _child("--stage", "serve", str(work / "feed.jsonl"), str(work / "index"))
    stages = {**earlier, "serve": served, "after": served}
    return report_of(stages, " (searched again, once the update was in)"), stages


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=1_000_000)
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep feed and index here")
    parser.add_argument(
        "--again", action="store_true", help="only search what an earlier run kept in --work"
    )
    parser.add_argument(
        "--stage", nargs=3, metavar=("STAGE", "FEED", "INDEX"), help=argparse.SUPPRESS
    )
    args = parser.parse_args()
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    if args.stage:
        stage, feed, out = args.stage
        result = build(Path(feed), Path(out)) if stage == "build" else serve(Path(out))
        print(json.dumps(result))
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        work = args.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        report, figures = measure_again(work) if args.again else measure(work, args.products)
    publish("million" if args.products == 1_000_000 else f"scale-{args.products}", report, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
