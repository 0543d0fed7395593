"""What every benchmark says and does: names its machine, finds its data, keeps its results."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

RESULTS = Path(__file__).parent / "results"
DEFAULT_DATA = Path(__file__).parent.parent.parent / "shared" / "data"


def machine() -> str:
    """Return one line: processor, cores, memory, operating system, Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    flags = next((line for line in lines if line.startswith("flags")), "")
    features = " with AVX-512 BF16" if "avx512_bf16" in flags else ""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{processor}{features}, {os.cpu_count()} cores, {memory:.0f} GiB,"
        f" {platform.system()}, Python {platform.python_version()}"
    )


def markdown_table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Return a Markdown table, numbers as the caller wrote them."""
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def publish(name: str, report: str, figures: Mapping[str, Any]) -> None:
    """Print a Markdown report and keep it, beside its figures as JSON, in `results`."""
    print(report)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(report + "\n", encoding="utf-8")
    text = json.dumps(figures, indent=2, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
