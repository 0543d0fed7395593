"""A report's directory: `report.md`, `report.html`, `figures.json` and the plots.

Takes what `run.evaluate` found and writes it for people and for programs; `page` makes the HTML
and `plots` the pictures. Scores nothing itself.
"""

from __future__ import annotations

import json
import math
import os
import platform
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from catalog_index.durable import replace_file, storage_errors
from finetune.evaluation.cases import asked, confusions, shorten, worst_cases
from finetune.evaluation.measures import METRICS
from finetune.evaluation.run import Figure, Gap, Report, tasks_of
from finetune.evaluation.zero_shot import SOURCE
from finetune.pair import Pair
from finetune.stats import table

VERSION = 1
"""Of the shape of `figures.json`."""
SURE = 0.05


def write_report(name: str, report: Report, out: Path) -> list[Path]:
    """Write everything into a directory; return the paths.

    Args:
        name: of the report, as its title says it.
        report: what was found.
        out: the directory; made where it is not there.
    """
    from finetune.evaluation.page import page
    from finetune.evaluation.plots import draw

    about = machine()
    with storage_errors(out):
        out.mkdir(parents=True, exist_ok=True)
        plots = draw(report, out)
        files = {
            "figures.json": json.dumps(to_json(name, report, about), ensure_ascii=False, indent=1),
            "report.md": markdown(name, report, about, [plot.name for plot in plots]),
            "report.html": page(name, report, about, plots),
        }
        for file, text in files.items():
            replace_file(out / file, f"{text}\n".encode())
    return [*(out / file for file in files), *plots]


def machine() -> dict[str, str]:
    """Return when and where: date, processor, cores, memory, system, Python."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": f"{os.cpu_count()} cores",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": f"{platform.system()}, Python {platform.python_version()}",
    }


def to_json(name: str, report: Report, about: Mapping[str, str]) -> dict[str, Any]:
    """Return the report as JSON values; a figure that does not exist is null."""
    return {
        "version": VERSION,
        "name": name,
        "machine": dict(about),
        "settings": asdict(report.settings),
        "subjects": [{"name": one, **of} for one, of in report.subjects.items()],
        "sets": [
            {
                "name": one,
                "pairs": len(pairs),
                "tasks": dict(Counter(pair.task for pair in pairs)),
                "zero_shot": is_zero_shot(pairs),
            }
            for one, pairs in report.sets.items()
        ],
        "metrics": {metric: of._asdict() for metric, of in METRICS.items()},
        "figures": [rounded(asdict(figure)) for figure in report.figures],
        "differences": [rounded(asdict(gap)) for gap in report.gaps],
    }


def rounded(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with short floats, NaN as None."""
    return {
        key: (None if math.isnan(value) else round(value, 5)) if isinstance(value, float) else value
        for key, value in record.items()
    }


def is_zero_shot(pairs: Sequence[Pair]) -> bool:
    """Whether every pair is of the tasks and products that training never saw."""
    return all(pair.source == SOURCE for pair in pairs)


def cell(figure: Figure | None) -> str:
    """Return a figure with its interval, as a table has it: "71.3 (68.9–73.6)"."""
    if figure is None or math.isnan(figure.value):
        return "-"
    scale, digits = (100, 1) if METRICS[figure.metric].is_share else (1, 2)
    if math.isnan(figure.low):
        return f"{figure.value * scale:.{digits}f}"
    low, high = figure.low * scale, figure.high * scale
    return f"{figure.value * scale:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def rows(report: Report, name: str, task: str) -> Iterator[tuple[str, list[Figure | None]]]:
    """Yield each metric of a set's task with the figure of every subject."""
    held = {(f.metric, f.subject): f for f in report.figures if (f.set, f.task) == (name, task)}
    for metric in METRICS:
        found = [held.get((metric, subject)) for subject in report.subjects]
        if any(one is not None and not math.isnan(one.value) for one in found):
            yield metric, found


def gap_of(report: Report, figure: Figure | None) -> Gap | None:
    """Return how far a figure is from the first subject's; None for the first."""
    if figure is None:
        return None
    place = (figure.subject, figure.set, figure.task, figure.metric)
    found = (gap for gap in report.gaps if (gap.subject, gap.set, gap.task, gap.metric) == place)
    return next(found, None)


def sign_of(gap: Gap | None) -> int:
    """Return 1 where a subject is surely better than the first, -1 where worse, else 0."""
    if gap is None or gap.p >= SURE or gap.value == 0:
        return 0
    return METRICS[gap.metric].better * (1 if gap.value > 0 else -1)


def markdown(name: str, report: Report, about: Mapping[str, str], plots: Sequence[str]) -> str:
    """Return the report as Markdown."""
    return "\n\n".join("\n".join(part) for part in _parts(name, report, about, plots))


def _parts(
    name: str, report: Report, about: Mapping[str, str], plots: Sequence[str]
) -> Iterator[list[str]]:
    yield [f"# Evaluation: {name}"]
    yield [f"{key}: {value}  " for key, value in about.items()]
    yield ["## Subjects"]
    yield table(
        ("subject", "what it is"),
        [
            (one, ", ".join(f"{key} {value}" for key, value in of.items() if value))
            for one, of in report.subjects.items()
        ],
    )
    yield [
        f"Intervals: 95%, percentile bootstrap, {report.settings.resamples:,} resamples, seed "
        f"{report.settings.seed}. Shares are in percent. ▲ better, ▼ worse than the first subject "
        f"(paired bootstrap, p < {SURE})."
    ]
    yield [f"![{Path(plot).stem}]({plot})" for plot in plots]
    for one, pairs in report.sets.items():
        kind = (
            ", zero-shot: tasks or products that training never saw" if is_zero_shot(pairs) else ""
        )
        yield [f"## {one}", "", f"{len(pairs):,} pairs{kind}."]
        for task in tasks_of(pairs):
            yield _table(report, one, task)
    for confusion in confusions(report):
        yield [f"### Labels of {confusion.set}, {confusion.subject}"]
        yield table(
            ("right \\ said", *confusion.said),
            [
                (right, *(f"{confusion.counts.get((right, said), 0):,}" for said in confusion.said))
                for right in confusion.labels
            ],
        )
    if cases := worst_cases(report):
        yield [f"## Worst cases of {list(report.subjects)[-1]}"]
        for case in cases:
            yield [f"**{case.set}, {case.pair.id}**: {_line(asked(case.pair))}"]
            yield table(
                ("who", "output", "fault"),
                [
                    ("reference", _line(case.pair.output), ""),
                    *((who, _line(text), why) for who, (text, why) in case.outputs.items()),
                ],
            )


def _table(report: Report, name: str, task: str) -> list[str]:
    signs = {1: " ▲", -1: " ▼", 0: ""}
    return table(
        (task, *report.subjects),
        [
            (
                METRICS[metric].title,
                *(cell(one) + signs[sign_of(gap_of(report, one))] for one in found),
            )
            for metric, found in rows(report, name, task)
        ],
    )


def _line(text: str) -> str:
    return " ".join(shorten(text).split())
