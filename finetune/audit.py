"""An audit by people: a sample of pairs as a sheet to mark, and what the marked sheet says.

A sheet is CSV, a row a pair, with three columns left to the auditor: verdict (accept or reject),
fault and note. Knows no page; `finetune.audit_page` shows the rows in a browser.
"""

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from catalog_index.spreadsheet import plain, write_table
from finetune.agreement import wilson
from finetune.checks import FAULTS, faults
from finetune.errors import DatasetError
from finetune.pair import Pair
from finetune.pruning import even_parts

ACCEPT, REJECT = "accept", "reject"
SELF_INSTRUCT = 0.46
"""Share of 200 generated instances in which experts found a fault (arXiv 2212.10560, section 4)."""
_LONGEST_CELL = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet; the last three columns are the auditor's."""

    id: str
    task: str
    source: str
    instruction: str
    material: str
    output: str
    verdict: str = ""
    fault: str = ""
    note: str = ""

    @classmethod
    def of(cls, pair: Pair) -> Row:
        """Show a pair as the model is told it."""
        prompt = pair.prompt()
        return cls(
            pair.id, pair.task, pair.source, prompt.instruction, prompt.material, pair.output
        )


COLUMNS = tuple(column.name for column in fields(Row))


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of some pairs are at fault, with the 95% interval of Wilson (1927)."""

    faulty: int
    judged: int

    @property
    def share(self) -> float:
        """The share at fault; 0 where nothing was judged."""
        return self.faulty / self.judged if self.judged else 0.0

    def interval(self) -> tuple[float, float]:
        """Return the interval's ends, in [0, 1]."""
        return wilson(self.faulty, self.judged)

    def __str__(self) -> str:
        low, high = self.interval()
        return (
            f"{self.share:.1%} at fault ({self.faulty} of {self.judged}; 95% interval"
            f" {low:.1%} to {high:.1%})"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values."""
        low, high = self.interval()
        return {
            "faulty": self.faulty,
            "judged": self.judged,
            "rate": round(self.share, 4),
            "interval": [round(low, 4), round(high, 4)],
        }


@dataclass(frozen=True, slots=True)
class Audit:
    """What a marked sheet says."""

    rows: tuple[Row, ...]

    @property
    def unread(self) -> int:
        """Rows without a verdict."""
        return sum(not row.verdict for row in self.rows)

    def rate(self, task: str = "", source: str = "") -> Rate:
        """Return the share at fault of the judged rows, of one task or source where named."""
        judged = [
            row
            for row in self.rows
            if row.verdict and task in ("", row.task) and source in ("", row.source)
        ]
        return Rate(sum(row.verdict == REJECT for row in judged), len(judged))

    def faults(self) -> Counter[str]:
        """Count the rejected rows by the fault named."""
        return Counter(row.fault or "not named" for row in self.rows if row.verdict == REJECT)

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values."""
        return {
            **self.rate().to_json(),
            "unread": self.unread,
            "faults": dict(self.faults().most_common()),
            "tasks": {task: self.rate(task=task).to_json() for task in self._named("task")},
            "sources": {name: self.rate(source=name).to_json() for name in self._named("source")},
            "self_instruct": SELF_INSTRUCT,
        }

    def lines(self) -> Iterator[str]:
        """Yield the report, a line each."""
        whole = self.rate()
        yield f"All pairs: {whole}." + (f" {self.unread} have no verdict." if self.unread else "")
        yield compare(whole)
        for task in self._named("task"):
            yield f"Task {task}: {self.rate(task=task)}"
        for name in self._named("source"):
            yield f"Source {name}: {self.rate(source=name)}"
        for fault, count in self.faults().most_common():
            yield f"Fault {fault}: {count}"

    def _named(self, column: str) -> list[str]:
        held = dict.fromkeys(getattr(row, column) for row in self.rows if row.verdict)
        return [name for name in held if name]


def compare(rate: Rate) -> str:
    """Set a fault rate beside Self-Instruct's."""
    if not rate.judged:
        return "Nothing is marked yet: write accept or reject in the column verdict."
    low, high = rate.interval()
    said = "below" if high < SELF_INSTRUCT else "above" if low > SELF_INSTRUCT else "not apart from"
    return (
        f"That is {said} Self-Instruct's {SELF_INSTRUCT:.0%}, which experts found in 200 instances"
        " (arXiv 2212.10560)."
    )


def automatic(pairs: Iterable[Pair]) -> tuple[Rate, Counter[str]]:
    """Return what `finetune.checks` finds: the share of pairs at fault, and the pairs by fault."""
    found = [faults(pair, interleaved=bool(pair.seed)) for pair in pairs]
    return Rate(sum(map(bool, found)), len(found)), Counter(
        code for codes in found for code in codes
    )


def draw_sample(pairs: Sequence[Pair], count: int, seed: int = 0) -> list[Pair]:
    """Draw pairs evenly over tasks and, inside each, over sources; return them shuffled."""
    chance = random.Random(seed)
    tasks: dict[str, dict[str, list[Pair]]] = {}
    for pair in pairs:
        tasks.setdefault(pair.task, {}).setdefault(pair.source, []).append(pair)
    drawn: list[Pair] = []
    parts = even_parts(count, [sum(map(len, held.values())) for held in tasks.values()])
    for held, part in zip(tasks.values(), parts, strict=True):
        shares = even_parts(part, [len(group) for group in held.values()])
        for group, share in zip(held.values(), shares, strict=True):
            drawn += chance.sample(group, share)
    chance.shuffle(drawn)
    return drawn


def write_sheet(pairs: Sequence[Pair], path: Path, count: int, seed: int = 0) -> list[Row]:
    """Write a sample of pairs as a sheet; return its rows.

    A cell that a spreadsheet would take for a formula gets an apostrophe before it.

    Raises:
        StorageError: the sheet cannot be written.
    """
    rows = [Row.of(pair) for pair in draw_sample(pairs, count, seed)]
    write_table(path, COLUMNS, (list(asdict(row).values()) for row in rows))
    return rows


def read_sheet(path: Path) -> Audit:
    """Read a marked sheet, comma or semicolon separated; a row without a verdict is unread.

    Raises:
        DatasetError: the file cannot be read, or names every row at fault with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"The sheet {path} cannot be read: {error}.") from error
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
            raise DatasetError(
                f"The sheet {path} has no column {', '.join(missing)}; make one with"
                " `llama-e finetune audit FILE --out SHEET.csv`."
            )
        rows, wrong = _read_rows(reader)
    except csv.Error as error:
        raise DatasetError(f"The sheet {path}, line {reader.line_num}: {error}.") from error
    if wrong:
        raise DatasetError(f"The sheet {path} has faulty verdicts: {'; '.join(wrong)}.")
    return Audit(tuple(rows))


def _read_rows(reader: csv.DictReader[str]) -> tuple[list[Row], list[str]]:
    rows, wrong = [], []
    line = 2
    for record in reader:
        row = Row(**{name: _plain(record, name) for name in COLUMNS})
        if row.verdict not in ("", ACCEPT, REJECT):
            wrong.append(
                f"line {line} ({row.id}): verdict {row.verdict!r} is neither {ACCEPT}, {REJECT}"
                " nor empty"
            )
        rows.append(row)
        line = reader.line_num + 1
    return rows, wrong


def _plain(record: Mapping[str, str | None], name: str) -> str:
    value = (record.get(name) or "").strip()
    if name in ("verdict", "fault"):
        lowered = value.lower()
        return lowered if name == "verdict" or lowered in FAULTS else value
    return plain(value)
