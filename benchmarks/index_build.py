"""Measures a whole index build, from the command line: seconds, memory, records a second, size.

Run as `python -m benchmarks.index_build`. The feed is Icecat's catalog of 19,406 products; the
build runs in a process of its own, as `llama-e index build` does, start-up included.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import DEFAULT_DATA, machine, markdown_table, publish

GOAL_SECONDS = 360
GOAL_GIGABYTES = 2.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="holds icecat/")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep the index here")
    args = parser.parse_args()
    feed = args.data / "icecat" / "products.jsonl.gz"
    if not feed.is_file():
        print("skipped: the Icecat catalog is not in the data directory (--data).")
        return 0
    with tempfile.TemporaryDirectory() as temporary:
        out = args.out or Path(temporary) / "index"
        command = [sys.executable, "-m", "app", "index", "build", str(feed), "--out", str(out)]
        started = time.monotonic()
        done = subprocess.run([*command, "--json"], stdout=subprocess.PIPE, check=True, text=True)
        seconds = time.monotonic() - started
        counts = json.loads(done.stdout)
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    # ru_maxrss is in KiB on Linux and in bytes on macOS.
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    figures = {
        "machine": machine(),
        "records": counts["indexed"],
        "rejected": counts["rejected"],
        "seconds": round(seconds, 1),
        "records_per_second": round(counts["indexed"] / seconds, 1),
        "peak_memory_gb": round(peak / 1e9, 2),
        "index_mb": round(size / 1e6, 1),
        "goal": {"seconds": GOAL_SECONDS, "peak_memory_gb": GOAL_GIGABYTES},
    }
    table = markdown_table(
        ("what", "measured", "goal"),
        [
            ("wall time", f"{seconds:.0f} s", f"under {GOAL_SECONDS} s"),
            ("peak memory", f"{peak / 1e9:.2f} GB", f"under {GOAL_GIGABYTES:.0f} GB"),
            ("records a second", f"{counts['indexed'] / seconds:.0f}", ""),
            ("index on disk", f"{size / 1e6:.0f} MB", ""),
        ],
    )
    publish(
        "index_build",
        f"`python -m benchmarks.index_build` on {machine()}.\n\n"
        f"Icecat, {counts['indexed']:,} products indexed, {counts['rejected']:,} rejected.\n\n"
        f"{table}",
        figures,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
