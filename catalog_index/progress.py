"""A progress bar for builds, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from catalog_index.build import Progress

_LABELS = {"read": "Reading rows", "index": "Embedding records"}


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """Give a build's progress callback that draws one bar a stage."""
    bars: dict[str, tqdm] = {}

    def advance(stage: str, done: int, total: int | None) -> None:
        if stage not in bars:
            for bar in bars.values():
                bar.close()
            bars[stage] = tqdm(
                desc=_LABELS.get(stage, stage), total=total, unit=" rows", file=sys.stderr
            )
        bar = bars[stage]
        bar.total = total
        bar.update(done - bar.n)

    try:
        yield advance
    finally:
        for bar in bars.values():
            bar.close()
