"""Result files -> charts. Reads what `benchmarks` wrote and what `llama-e finetune evaluate` wrote.

Each file is read anew when it is asked for. One that is missing or not as expected becomes a
`Missing` that names the command which makes it. Draws nothing.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.stage.charts import Bar, Chart, Group, Kind, Missing

_SCORE = re.compile(r"^(?P<value>[\d.]+)(?: \((?P<low>[\d.]+)-(?P<high>[\d.]+)\))?$")
_CARD_ROW = re.compile(r"^\| (?P<cells>[^|]+(?:\| [^|]+){4})\|$", re.M)
_FAULTS = (KeyError, TypeError, ValueError, AttributeError, IndexError)
_SHARES = ("ROUGE-L", "Accuracy", "Macro F1", "Query coverage", "Grounded")
_SETS = {
    "hetpqa": "Product questions (hetPQA)",
    "retail-category": "Retail categories",
    "retail-style": "Retail styles",
    "icecat-intent": "Purchase intent (Icecat)",
    "icecat-titles": "Titles (Icecat)",
    "ads": "Ads",
}
_SYSTEMS: dict[str, tuple[str, Kind]] = {
    "llama-e": ("LLaMA-E, whole", "tuned"),
    "no-verification": ("LLaMA-E, checks off", "other"),
    "base": ("Base model, whole", "base"),
    "stuff-rag": ("Base model, plain RAG", "peer"),
}
_SHOWN_METRICS = ("accuracy", "macro_f1", "rouge_l", "query_coverage", "grounded", "refusal_f1")
_VERSION = 1
_MOST_BYTES = 20_000_000


class ReportError(AssistantError):
    """A directory holds no evaluation report that can be read."""


def default_root() -> Path:
    """Return where the repository keeps its benchmarks' results; it may not be there."""
    return Path(__file__).parents[2] / "benchmarks" / "results"


def read_results(root: Path, card: Path | None = None) -> list[Chart | Missing]:
    """Return a chart for every result that is there, in the order of a talk.

    Args:
        root: the directory of the benchmarks' JSON files.
        card: the adapter's README, whose table stands in where `adapter.json` is missing.
    """
    found: list[Chart | Missing] = []
    for title, file, command, make in _SOURCES:
        path = root / file
        try:
            found.append(make(_load(path)))
        except (OSError, *_FAULTS) as error:
            there = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read"
            found.append(Missing(title, file, command, there))
    if card and isinstance(found[0], Missing) and (chart := _of_card(card)):
        found[0] = chart
    return found


def read_report(directory: Path) -> list[Chart]:
    """Return the charts of a report that `llama-e finetune evaluate` wrote.

    Raises:
        ReportError: there is no such report, or it is of another shape.
    """
    path = directory.expanduser() / "figures.json"
    try:
        held = _load(path)
        if held["version"] != _VERSION:
            raise ReportError(
                f"{path} is of version {held['version']}; this page reads {_VERSION}."
            )
        charts = list(_of_report(held, str(path)))
    except FileNotFoundError as error:
        raise ReportError(
            f"There is no {path}. Name the directory that `llama-e finetune evaluate --out DIR`"
            " wrote."
        ) from error
    except (OSError, *_FAULTS) as error:
        raise ReportError(f"{path} cannot be read as an evaluation report ({error}).") from error
    if not charts:
        raise ReportError(f"{path} holds no figure that can be drawn.")
    return charts


def _load(path: Path) -> Any:
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"{path.name} is larger than {_MOST_BYTES:,} bytes")
    return json.loads(path.read_text(encoding="utf-8"))


def _tuning(held: Mapping[str, Any]) -> Chart:
    rows = [tuple(str(cell) for cell in row) for row in held["figures"]]
    return _of_rows(rows, "adapter.json", str(held.get("machine", "")))


def _of_rows(rows: list[tuple[str, ...]], source: str, machine: str) -> Chart:
    groups: dict[str, list[Bar]] = {}
    for name, metric, subject, told, _ in rows:
        score = _SCORE.match(told)
        if metric not in _SHARES or score is None:
            continue
        kind: Kind = "base" if subject == "base" else "tuned"
        kind = "peer" if subject == "own title" else kind
        low, high = (float(score[end]) if score[end] else None for end in ("low", "high"))
        label = f"{_SETS.get(name, name)}: {metric}"
        bar = Bar(_subject(subject), float(score["value"]), kind, low, high)
        groups.setdefault(label, []).append(bar)
    kept = tuple(Group(label, tuple(bars)) for label, bars in groups.items())
    if not kept:
        raise ValueError("no figure")
    return Chart(
        "What tuning changes",
        "The same 135M model before and after LoRA, on pairs that training never saw."
        " Whiskers are 95% intervals.",
        "%",
        100.0,
        kept,
        source,
        "python -m benchmarks.adapter",
        machine,
    )


def _subject(name: str) -> str:
    return {"base": "Base model", "own title": "The product's own title"}.get(name, name)


def _of_card(card: Path) -> Chart | None:
    """Read the figures of an adapter's card: a table of set, measure, subject, score, pairs."""
    try:
        text = card.read_text(encoding="utf-8")
        rows = [
            tuple(cell.strip() for cell in match["cells"].split("|"))
            for match in _CARD_ROW.finditer(text)
        ]
        return _of_rows(rows, f"{card.parent.name}/{card.name}", "")
    except (OSError, *_FAULTS):
        return None


def _answers(held: Mapping[str, Any]) -> Chart:
    name, systems = next(iter(held["indexes"].items()))
    parts = (
        ("Answerable questions: right", "answerable", "right"),
        ("No answer or a false premise: handled right", "to refuse or correct", "right"),
        ("All questions: contradicts the record", "all", "contradicting"),
    )
    groups = tuple(
        Group(
            f"{title} ({next(iter(systems.values()))[part]['count']} questions)",
            tuple(
                Bar(label, 100 * float(systems[key][part][field]), kind)
                for key, (label, kind) in _SYSTEMS.items()
                if key in systems
            ),
        )
        for title, part, field in parts
    )
    return Chart(
        "What the catalog and its checks change",
        f"Questions about the {name}. Whole: with search, evidence and checks.",
        "%",
        100.0,
        groups,
        "answers_systems.json",
        "python -m benchmarks.answers --per-kind 4 --seed 7",
        str(held.get("machine", "")),
    )


def _waits(held: Mapping[str, Any]) -> Chart:
    systems = next(iter(held["indexes"].values()))
    groups = tuple(
        Group(
            title,
            tuple(
                Bar(label, float(systems[key]["all"][field]), kind)
                for key, (label, kind) in _SYSTEMS.items()
                if key in systems
            ),
        )
        for title, field in (("First token, median", "first_p50"), ("Whole answer", "total_p50"))
    )
    top = max(bar.value for group in groups for bar in group.bars)
    return Chart(
        "What an answer takes",
        "Seconds of a whole turn: routing, search, writing, checks. Shorter is better.",
        "s",
        _round_up(top),
        groups,
        "answers_systems.json",
        "python -m benchmarks.answers --per-kind 4 --seed 7",
        str(held.get("machine", "")),
    )


def _router(held: Mapping[str, Any]) -> Chart:
    parts = (
        ("In-scope accuracy", "in_scope_accuracy"),
        ("Out-of-scope recall", "out_of_scope_recall"),
    )
    kinds: dict[str, Kind] = {"held-out": "tuned", "development": "other", "CLINC150 val": "peer"}
    groups = tuple(
        Group(
            title,
            tuple(
                Bar(f"{name} ({held[name]['utterances']:,})", 100 * float(held[name][field]), kind)
                for name, kind in kinds.items()
                if name in held
            ),
        )
        for title, field in parts
    )
    if not any(group.bars for group in groups):
        raise ValueError("no figure")
    return Chart(
        "Finding the intent",
        "The router on messages that it was not fitted to, and on a public set.",
        "%",
        100.0,
        groups,
        "router.json",
        "python -m benchmarks.router",
        str(held.get("machine", "")),
    )


def _training(held: Mapping[str, Any]) -> Chart:
    groups = tuple(
        Group(
            f"LoRA on {name}",
            (
                Bar("A bare training loop", float(of["bare loop"]), "peer"),
                Bar("llama-e finetune", float(of["llama-e finetune"]), "tuned"),
            ),
        )
        for name, of in held.items()
        if isinstance(of, Mapping)
    )
    top = max(bar.value for group in groups for bar in group.bars)
    return Chart(
        "How fast it learns",
        "Tokens of training pairs a second (tok/s). Longer is better.",
        "tok/s",
        _round_up(top),
        groups,
        "training.json",
        "python -m benchmarks.training",
        str(held.get("machine", "")),
    )


def _of_report(held: Mapping[str, Any], source: str) -> Iterator[Chart]:
    """Yield one chart a set, with the measures that are shares, all subjects side by side."""
    metrics, subjects = held["metrics"], [str(one["name"]) for one in held["subjects"]]
    machine = ", ".join(str(told) for told in held.get("machine", {}).values())
    kinds: dict[str, Kind] = {
        name: "base" if n == 0 else "tuned" if n == 1 else "other"
        for n, name in enumerate(subjects)
    }
    for one in held["sets"]:
        groups: dict[str, list[Bar]] = {}
        for metric in _SHOWN_METRICS:
            for figure in held["figures"]:
                if (figure["set"], figure["metric"]) != (one["name"], metric):
                    continue
                if figure["value"] is None or not metrics[metric]["is_share"]:
                    continue
                label = f"{metrics[metric]['title']} ({figure['task']}, {figure['pairs']} pairs)"
                low, high = (
                    100 * float(figure[end]) if figure.get(end) is not None else None
                    for end in ("low", "high")
                )
                subject = str(figure["subject"])
                value = 100 * float(figure["value"])
                bar = Bar(subject, value, kinds.get(subject, "other"), low, high)
                groups.setdefault(label, []).append(bar)
        if groups:
            zero = "Zero-shot: training never saw it. " if one.get("zero_shot") else ""
            yield Chart(
                str(one["name"]),
                f"{zero}Whiskers are 95% intervals.",
                "%",
                100.0,
                tuple(Group(label, tuple(bars)) for label, bars in groups.items()),
                source,
                "llama-e finetune evaluate",
                machine,
            )


def _round_up(value: float) -> float:
    """Return the next round number at or above a value: 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


_SOURCES: tuple[tuple[str, str, str, Callable[[Any], Chart]], ...] = (
    ("What tuning changes", "adapter.json", "python -m benchmarks.adapter", _tuning),
    (
        "What the catalog and its checks change",
        "answers_systems.json",
        "python -m benchmarks.answers --per-kind 4 --seed 7",
        _answers,
    ),
    (
        "What an answer takes",
        "answers_systems.json",
        "python -m benchmarks.answers --per-kind 4 --seed 7",
        _waits,
    ),
    ("Finding the intent", "router.json", "python -m benchmarks.router", _router),
    ("How fast it learns", "training.json", "python -m benchmarks.training", _training),
)
