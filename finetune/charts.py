"""Two charts of a set of pairs: tasks by source, and lengths. Knows `finetune.stats`, no pair."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from finetune.stats import Stats, source_names
from finetune.teachers.base import FIXED_ANSWER

_INK, _QUIET = "#1f2a28", "#c9d3d0"
_SHADES = ("#0f5c4d", "#5fa08f", "#b3d3ca", "#d9a441", "#8a6d3b", "#7a8c99", "#3d4f5c", "#c2cad0")
_SIZE, _DPI = (8.0, 4.2), 144
_LONGEST = 120


def draw(stats: Stats, directory: Path) -> list[Path]:
    """Write `tasks.png` and `lengths.png` into a directory; return their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    return [_tasks(stats, directory / "tasks.png"), _lengths(stats, directory / "lengths.png")]


def _tasks(stats: Stats, path: Path) -> Path:
    """Draw a bar for each task, its parts the sources."""
    figure = _figure()
    axes = figure.add_subplot()
    tasks = list(stats.sources)[::-1]
    starts = [0] * len(tasks)
    for number, name in enumerate(source_names(stats)):
        counts = [stats.sources[task].get(name, 0) for task in tasks]
        shade = _SHADES[number % len(_SHADES)]
        axes.barh(tasks, counts, left=starts, color=shade, label=name, height=0.62)
        starts = [start + count for start, count in zip(starts, counts, strict=True)]
    for at, total in enumerate(starts):
        axes.text(total, at, f"  {total:,}", va="center", color=_INK, fontsize=9)
    axes.margins(x=0.12)
    axes.set_title("Pairs by task and source", loc="left", color=_INK, fontsize=11)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    _plain(axes, "x")
    if tasks:
        axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return _save(figure, path)


def _lengths(stats: Stats, path: Path) -> Path:
    """Draw how long outputs and own instructions are, a panel for each task."""
    figure = _figure()
    tasks = list(stats.output_lengths)
    panels: Any = figure.subplots(1, max(1, len(tasks)), squeeze=False)[0]
    for axes, task in zip(panels, tasks, strict=False):
        _histogram(axes, stats.instruction_lengths[task], _SHADES[3], "own instruction")
        if task not in FIXED_ANSWER:  # whose outputs are labels
            _histogram(axes, stats.output_lengths[task], _SHADES[0], "output")
        axes.set_title(task, loc="left", color=_INK, fontsize=10)
        axes.set_xlabel("words", color=_INK, fontsize=8)
        axes.set_xlim(left=0)
        axes.set_yticks([])
        _plain(axes, "x")
    if tasks:
        panels[0].legend(frameon=False, fontsize=7, loc="lower left", bbox_to_anchor=(0.0, -0.28))
    return _save(figure, path)


def _histogram(axes: Any, counts: Mapping[int, int], colour: str, label: str) -> None:
    """Draw word counts as shares of a word's width, so that panels of any size compare."""
    if not counts:
        return
    lengths = [min(length, _LONGEST) for length in counts]
    bins = range(0, max(lengths) + 3, max(1, max(lengths) // 30))
    axes.hist(
        lengths,
        bins=bins,
        weights=list(counts.values()),
        density=True,
        histtype="stepfilled",
        alpha=0.6,
        color=colour,
        label=label,
    )


def _figure() -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_SIZE, dpi=_DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def _plain(axes: Any, grid: str) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_QUIET)
    axes.tick_params(colors=_INK, labelsize=8, length=0)
    axes.grid(axis=grid, color=_QUIET, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)


def _save(figure: Any, path: Path) -> Path:
    figure.savefig(path)
    return path
