"""The plots of a report: each task's main metric, and accuracy against what an output costs.

Drawn with matplotlib's Agg canvas; knows figures only.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from finetune.evaluation.measures import HEADLINE, METRICS
from finetune.evaluation.run import Figure, Report

_INK, _QUIET = "#1f2a28", "#c9d3d0"
SHADES = ("#9db7b0", "#0f5c4d", "#d9a441", "#5fa08f", "#8a6d3b", "#7a8c99")
_DPI = 144


def draw(report: Report, directory: Path) -> list[Path]:
    """Write the plots into a directory; return their paths."""
    return [
        _bars(report, HEADLINE, "Main metric by set", directory / "main.png"),
        *_checked(report, directory),
    ]


def _checked(report: Report, directory: Path) -> list[Path]:
    wanted = dict.fromkeys(("answer", "ads", "title"), "grounded")
    if not any(f.metric == "grounded" for f in report.figures):
        return []
    return [_bars(report, wanted, "Grounded outputs", directory / "grounded.png")]


def _bars(report: Report, wanted: dict[str, str], title: str, path: Path) -> Path:
    """Draw one metric of each set's task: a bar a subject, with its interval."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure as Canvas

    held = {
        (f.set, f.task, f.subject): f
        for f in report.figures
        if wanted.get(f.task) == f.metric and not math.isnan(f.value)
    }
    groups = list(dict.fromkeys((name, task) for name, task, _ in held))
    subjects = list(report.subjects)
    height = 1.3 + 0.24 * len(groups) * (len(subjects) + 1)
    figure = Canvas(figsize=(8.0, height), dpi=_DPI, layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    thick = 0.8 / len(subjects)
    for number, subject in enumerate(subjects):
        found = [held.get((*group, subject)) for group in groups]
        places = [at + (number - (len(subjects) - 1) / 2) * thick for at in range(len(groups))]
        _row(axes, places, found, thick=thick, colour=SHADES[number % len(SHADES)], label=subject)
    names = [f"{name}\n{METRICS[wanted[task]].title}" for name, task in groups]
    axes.set_yticks(range(len(groups)), names)
    axes.invert_yaxis()
    axes.set_xlim(0, 100)
    axes.set_title(title, loc="left", color=_INK, fontsize=11)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_QUIET)
    axes.tick_params(colors=_INK, labelsize=8, length=0)
    axes.grid(axis="x", color=_QUIET, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    axes.legend(frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    figure.savefig(path)
    return path


def _row(
    axes: Any,
    places: list[float],
    found: list[Figure | None],
    *,
    thick: float,
    colour: str,
    label: str,
) -> None:
    values = [100 * one.value if one else 0.0 for one in found]
    below = [100 * (one.value - one.low) if one else 0.0 for one in found]
    above = [100 * (one.high - one.value) if one else 0.0 for one in found]
    errors = [[max(0.0, end) for end in ends] for ends in (below, above)]
    style = {"elinewidth": 1.0, "ecolor": _INK, "capsize": 2}
    axes.barh(places, values, thick * 0.9, xerr=errors, color=colour, label=label, error_kw=style)
    for at, value, over, one in zip(places, values, errors[1], found, strict=True):
        if one:
            axes.text(value + over + 1, at, f"{value:.1f}", va="center", color=_INK, fontsize=7)
