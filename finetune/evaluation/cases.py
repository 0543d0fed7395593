"""What a report shows one by one: the worst outputs side by side, and which labels are mixed up.

Knows what an evaluation found, and not how a report looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.tasks import TASKS
from finetune.evaluation.measures import fault, pair_score
from finetune.evaluation.run import Report, tasks_of
from finetune.evaluation.subjects import Written
from finetune.pair import Pair

_WORST = 5
_MOST_LABELS = 12
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Case:
    """A pair that a subject did badly on, with what every subject wrote."""

    set: str
    pair: Pair
    outputs: Mapping[str, tuple[str, str]]
    """Subject -> (what it wrote, what is wrong with it)."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often each label of the references was said to be which."""

    set: str
    task: str
    subject: str
    labels: Sequence[str]
    said: Sequence[str]
    counts: Mapping[tuple[str, str], int]
    """(right, said) -> pairs."""


def worst_cases(report: Report) -> list[Case]:
    """Return the pairs that the last subject did worst on, a few of each set and task."""
    last = list(report.subjects)[-1]
    found = []
    for name, pairs in report.sets.items():
        for task in tasks_of(pairs):
            both = [
                (pair_score(pair, one), at)
                for at, (pair, one) in enumerate(
                    zip(pairs, report.written[last, name], strict=True)
                )
                if pair.task == task and fault(pair, one)
            ]
            found += [_case(report, name, at) for _, at in sorted(both)[:_WORST]]
    return found


def confusions(report: Report) -> list[Confusion]:
    """Return a table for each set of few labels and each subject."""
    found = []
    for name, pairs in report.sets.items():
        for task in tasks_of(pairs):
            group = [at for at, pair in enumerate(pairs) if pair.task == task]
            labels = sorted({pairs[at].output for at in group})
            if not TASKS[task].labels(pairs[group[0]].read()) or len(labels) > _MOST_LABELS:
                continue
            for subject in report.subjects:
                said = report.written[subject, name]
                counts = Counter((pairs[at].output, _said(said[at], labels)) for at in group)
                others = [one for one in ("(other)", "(none)") if any(s == one for _, s in counts)]
                columns = [*labels, *others]
                found.append(Confusion(name, task, subject, labels, columns, counts))
    return found


def shorten(text: str) -> str:
    """Cut a text to what a table of cases can show."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST].rsplit(' ', 1)[0]} ..."


def asked(pair: Pair) -> str:
    """Return what a pair asks, in one line: its question, query, or product."""
    product = pair.inputs.get("product", "")
    title = product.get("title", "") if hasattr(product, "get") else str(product)
    told = pair.inputs.get("question") or pair.inputs.get("query") or ""
    return " · ".join(part for part in (pair.instruction, str(told), title) if part)


def _case(report: Report, name: str, at: int) -> Case:
    pair = report.sets[name][at]
    said = {subject: report.written[subject, name][at] for subject in report.subjects}
    outputs = {who: (shorten(one.text), fault(pair, one)) for who, one in said.items()}
    return Case(name, pair, outputs)


def _said(written: Written, labels: Sequence[str]) -> str:
    if written.label is None:
        return "(none)"
    return written.label if written.label in labels else "(other)"
