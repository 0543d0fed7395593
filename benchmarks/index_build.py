"""Measures a whole index build: seconds, memory, size, and where the time goes.

Run as `python -m benchmarks.index_build`. The feed is Icecat's catalog of 19,406 products. The
build runs in a process of its own, start-up included. In the same run the texts of a sample of its
records are embedded by sentence-transformers in fp32, for comparison.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import DEFAULT_DATA, machine, markdown_table, publish
from catalog_index.embedding import MiniLMEmbedder, Vectors

GOAL_SECONDS = 360
GOAL_GIGABYTES = 2.0
GOAL_SPEED, GOAL_REST = 1.5, 0.15
SAMPLE = 2000


class TimedEmbedder(MiniLMEmbedder):
    """Counts the seconds and the texts of embedding, loading the model included."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.texts = 0.0, 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        started = time.perf_counter()
        vectors = super().encode(texts)
        self.seconds += time.perf_counter() - started
        self.texts += len(texts)
        return vectors


def build(feed: Path, out: Path) -> dict[str, Any]:
    """Build the index; returns what it took."""
    from catalog_index.build import build_index

    embedder = TimedEmbedder()
    report = build_index([feed], out, embedder=embedder)
    return {
        "seconds": report.seconds,
        "embedding": embedder.seconds,
        "indexed": report.counts.indexed,
        "rejected": report.counts.rejected,
    }


def peer_speed(index_dir: Path) -> float:
    """Return texts a second of sentence-transformers in fp32, over a sample of the records."""
    from benchmarks.peers import sentence_transformer
    from catalog_index.index import CatalogIndex
    from catalog_index.texts import text_to_embed

    index = CatalogIndex(index_dir)
    keys = index.snapshot.live_keys("product")
    sample = index.records(keys[:: max(1, len(keys) // SAMPLE)])
    texts = [text_to_embed(record) for record in sample.values()]
    model = sentence_transformer()
    model.encode(texts[:64], batch_size=32)
    started = time.perf_counter()
    model.encode(texts, batch_size=32, normalize_embeddings=True)
    return len(texts) / (time.perf_counter() - started)


def measure(feed: Path, out: Path) -> tuple[str, dict[str, Any]]:
    """Return the report and its figures."""
    command = [sys.executable, "-m", "benchmarks.index_build", "--child", str(feed), str(out)]
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    seconds = time.monotonic() - started
    built = json.loads(done.stdout.splitlines()[-1])
    # ru_maxrss is in KiB on Linux and in bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    speed = built["indexed"] / built["embedding"]
    peer = peer_speed(out)
    rest = 1 - built["embedding"] / built["seconds"]
    table = markdown_table(
        ("what", "measured", "goal"),
        [
            ("wall time, start-up included", f"{seconds:.0f} s", f"under {GOAL_SECONDS} s"),
            ("peak memory", f"{peak / 1e9:.2f} GB", f"under {GOAL_GIGABYTES:.0f} GB"),
            ("records a second", f"{built['indexed'] / seconds:.0f}", ""),
            ("embedding, texts a second", f"{speed:.0f}", ""),
            (
                "sentence-transformers fp32, texts a second, and how many times as fast we are",
                f"{peer:.0f}, {speed / peer:.1f}",
                f"{GOAL_SPEED}",
            ),
            (
                "everything but embedding",
                f"{built['seconds'] - built['embedding']:.1f} s, {rest:.0%}",
                f"under {GOAL_REST:.0%}",
            ),
            ("index on disk", f"{size / 1e6:.0f} MB", ""),
        ],
    )
    figures = {
        "machine": machine(),
        **{name: round(value, 2) for name, value in built.items()},
        "wall_seconds": round(seconds, 1),
        "peak_memory_gb": round(peak / 1e9, 2),
        "index_mb": round(size / 1e6, 1),
        "embedded_per_second": round(speed, 1),
        "sentence_transformers_per_second": round(peer, 1),
        "share_of_rest": round(rest, 3),
    }
    report = (
        f"`python -m benchmarks.index_build` on {machine()}.\n\nIcecat,"
        f" {built['indexed']:,} products indexed, {built['rejected']:,} rejected.\n\n{table}"
    )
    return report, figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="holds icecat/")
    parser.add_argument("--child", nargs=2, metavar=("FEED", "OUT"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(build(Path(args.child[0]), Path(args.child[1]))))
        return 0
    feed = args.data / "icecat" / "products.jsonl.gz"
    if not feed.is_file():
        print("skipped: the Icecat catalog is not in the data directory (--data).")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        report, figures = measure(feed, Path(temporary) / "index")
    publish("index_build", report, figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
