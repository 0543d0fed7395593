"""What a set of pairs is made of: counts, lengths, diversity, as values and as Markdown tables.

Knows no files; `finetune.charts` draws.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, quantiles
from typing import Any

from assistant.tasks import TASKS
from assistant.tasks.metrics import words
from finetune.pair import Pair

_TOP = 12
_NO_SOURCE = "(unnamed)"


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths in words: their mean, and the 5th, 50th and 95th percentile."""

    mean: float
    low: float
    median: float
    high: float

    @classmethod
    def of(cls, counts: Sequence[int]) -> Lengths:
        """Sum up word counts; all 0 where there are none."""
        if not counts:
            return cls(0.0, 0.0, 0.0, 0.0)
        cuts = quantiles(counts, n=20, method="inclusive") if len(counts) > 1 else [counts[0]] * 19
        return cls(fmean(counts), cuts[0], cuts[9], cuts[18])


@dataclass(frozen=True, slots=True)
class TaskStats:
    """One task's part of a set."""

    pairs: int
    own_instruction: float
    """Share whose instruction is not the task's own words."""
    instruction: Lengths
    """Of the instructions that are."""
    output: Lengths
    distinct_1: float
    """Different words of the outputs / all of them (Li et al. 2016, arXiv 1510.03055)."""
    distinct_2: float
    """The same for pairs of words."""


@dataclass(frozen=True, slots=True)
class Stats:
    """What a set of pairs is made of."""

    pairs: int
    tasks: Mapping[str, TaskStats] = field(hash=False)
    sources: Mapping[str, Mapping[str, int]] = field(hash=False)
    """Task -> source -> pairs."""
    objects: Mapping[str, int] = field(hash=False)
    """"seller + customer" -> pairs."""
    product_types: Mapping[str, int] = field(hash=False)
    """The commonest, most first."""
    different_product_types: int
    answerable: float
    """Share of the answers that do not abstain; 1 where there are no answers."""
    instruction_lengths: Mapping[str, Mapping[int, int]] = field(hash=False, repr=False)
    """Task -> words -> pairs."""
    output_lengths: Mapping[str, Mapping[int, int]] = field(hash=False, repr=False)

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values."""
        return {
            "pairs": self.pairs,
            "answerable": round(self.answerable, 4),
            "tasks": {
                task: {
                    "pairs": held.pairs,
                    "own_instruction": round(held.own_instruction, 4),
                    "instruction_words": round(held.instruction.mean, 1),
                    "output_words": round(held.output.mean, 1),
                    "distinct_1": round(held.distinct_1, 4),
                    "distinct_2": round(held.distinct_2, 4),
                    "sources": dict(self.sources[task]),
                }
                for task, held in self.tasks.items()
            },
            "objects": dict(self.objects),
            "product_types": dict(self.product_types),
            "different_product_types": self.different_product_types,
        }

    def markdown(self) -> str:
        """Return the tables."""
        return "\n\n".join("\n".join(part) for part in self._parts() if part) + "\n"

    def _parts(self) -> Iterator[list[str]]:
        yield [f"{self.pairs:,} pairs; {self.answerable:.1%} of the answers are answerable."]
        yield table(
            (
                *("task", "pairs", "own instruction", "instruction words", "output words"),
                *("distinct-1", "distinct-2"),
            ),
            [
                (
                    task,
                    f"{held.pairs:,}",
                    f"{held.own_instruction:.1%}",
                    _span(held.instruction),
                    _span(held.output),
                    f"{held.distinct_1:.3f}",
                    f"{held.distinct_2:.3f}",
                )
                for task, held in self.tasks.items()
            ],
        )
        names = source_names(self)
        yield table(
            ("task", *names),
            [
                (task, *(f"{of.get(name, 0):,}" for name in names))
                for task, of in self.sources.items()
            ],
        )
        yield table(("objects", "pairs"), _rows(self.objects))
        if self.product_types:
            count = f"product type (of {self.different_product_types:,})"
            yield table((count, "pairs"), _rows(self.product_types))


def source_names(stats: Stats) -> list[str]:
    """Return the sources of all tasks, most pairs first."""
    total: Counter[str] = Counter()
    for held in stats.sources.values():
        total.update(held)
    return [name for name, _ in total.most_common()]


def describe(pairs: Iterable[Pair]) -> Stats:
    """Count what a set of pairs is made of; reads it once."""
    held: dict[str, list[Pair]] = {task: [] for task in TASKS}
    for pair in pairs:
        held[pair.task].append(pair)
    held = {task: group for task, group in held.items() if group}
    everything = [pair for group in held.values() for pair in group]
    answers = held.get("answer", [])
    silent = sum(pair.unanswerable for pair in answers)
    types = Counter(pair.product_type for pair in everything if pair.product_type)
    objects = Counter(" + ".join(pair.objects()) or "none" for pair in everything)
    return Stats(
        pairs=len(everything),
        tasks={task: _task_stats(group) for task, group in held.items()},
        sources={
            task: dict(Counter(pair.source or _NO_SOURCE for pair in group).most_common())
            for task, group in held.items()
        },
        objects=dict(sorted(objects.items(), key=lambda item: (-item[1], item[0]))),
        product_types=dict(types.most_common(_TOP)),
        different_product_types=len(types),
        answerable=1 - silent / len(answers) if answers else 1.0,
        instruction_lengths={
            task: Counter(len(pair.instruction.split()) for pair in group if pair.instruction)
            for task, group in held.items()
        },
        output_lengths={
            task: Counter(len(pair.output.split()) for pair in group)
            for task, group in held.items()
        },
    )


def distinct(texts: Iterable[str], size: int) -> float:
    """Return the share of different runs of `size` words among all of the texts'; 0 for none."""
    seen: set[tuple[str, ...]] = set()
    total = 0
    for text in texts:
        said = words(text)
        runs = list(zip(*(said[start:] for start in range(size)), strict=False))
        seen.update(runs)
        total += len(runs)
    return len(seen) / total if total else 0.0


def _task_stats(pairs: Sequence[Pair]) -> TaskStats:
    own = [pair for pair in pairs if pair.instruction]
    outputs = [pair.output for pair in pairs]
    return TaskStats(
        pairs=len(pairs),
        own_instruction=len(own) / len(pairs),
        instruction=Lengths.of([len(pair.instruction.split()) for pair in own]),
        output=Lengths.of([len(output.split()) for output in outputs]),
        distinct_1=distinct(outputs, 1),
        distinct_2=distinct(outputs, 2),
    )


def _span(lengths: Lengths) -> str:
    return f"{lengths.mean:.1f} ({lengths.low:.0f}-{lengths.high:.0f})" if lengths.mean else "-"


def _rows(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, f"{count:,}") for name, count in counts.items()]


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, names: int = 1) -> list[str]:
    """Return the lines of a Markdown table, its columns aligned for reading as text too.

    Args:
        head: titles of the columns.
        rows: cells.
        names: how many columns hold names; the others hold numbers and stand to the right.
    """
    cells = [[cell.replace("|", "\\|") for cell in row] for row in (head, *rows)]
    widths = [max(3, *(len(row[at]) for row in cells)) for at in range(len(head))]

    def line(row: Sequence[str]) -> str:
        placed = (
            cell.ljust(width) if at < names else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return f"| {' | '.join(placed)} |"

    rule = line(
        ["-" * width if at < names else "-" * (width - 1) + ":" for at, width in enumerate(widths)]
    )
    return [line(cells[0]), rule, *(line(row) for row in cells[1:])]
