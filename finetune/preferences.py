"""People compare two subjects' outputs: a blind sheet for each judge, and what the sheets say.

Which side of a row is whose is drawn for each row and kept in another file, the key. A row's
verdict is that of more than half of its judges, else a tie. Knows no model.
"""

from __future__ import annotations

import csv
import json
import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from catalog_index.durable import replace_file, storage_errors
from catalog_index.spreadsheet import plain, write_table
from finetune.agreement import Votes, agreeing, cohen_kappa, fleiss_kappa, json_number, sign_test
from finetune.errors import DatasetError
from finetune.pair import Pair

Side = Literal["left", "right", "tie"]
COLUMNS = ("id", "asked", "A", "B", "verdict", "note")
_VERDICTS = {"a": "A", "b": "B", "tie": "tie", "=": "tie", "": ""}
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the sheets say."""

    names: tuple[str, str]
    """Of left and right."""
    votes: Votes
    """Over rows."""
    judges: Mapping[str, Votes] = field(hash=False)
    """Over each judge's own verdicts."""
    first: int
    """Verdicts for A, whoever stood there."""
    second: int
    unjudged: int
    """Rows without any verdict."""
    agreement: float
    """Share of pairs of verdicts on the same row that agree; NaN for one judge."""
    kappa: float
    """Cohen's for two judges, Fleiss' for more, over rows that all judged; NaN where undefined."""

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values."""
        return {
            "left_name": self.names[0],
            "right_name": self.names[1],
            **self.votes.to_json(),
            "unjudged": self.unjudged,
            "judges": {name: votes.to_json() for name, votes in self.judges.items()},
            "position": {
                "A": self.first,
                "B": self.second,
                "p": round(sign_test(self.first, self.second), 5),
            },
            "agreement": json_number(self.agreement),
            "kappa": json_number(self.kappa),
        }

    def lines(self) -> Iterator[str]:
        """Yield the report, a line each."""
        low, high = self.votes.interval()
        held = self.votes
        if not held.rows:
            yield "No row has a verdict yet."
            return
        yield (
            f"{self.names[0]} against {self.names[1]}: {held.win_rate:.1%} (95% interval {low:.1%}"
            f" to {high:.1%}), {held.left} won, {held.right} lost, {held.ties} ties; sign test"
            f" p = {held.p():.3g}."
        )
        yield (
            f"Position: {self.first} verdicts for A, {self.second} for B; sign test"
            f" p = {sign_test(self.first, self.second):.3g}."
        )
        if self.unjudged:
            yield f"{self.unjudged} rows have no verdict."
        if len(self.judges) > 1:
            kind = "Cohen's" if len(self.judges) == 2 else "Fleiss'"
            kappa = "undefined" if math.isnan(self.kappa) else f"{self.kappa:.2f}"
            agreed = f"{self.agreement:.1%}, {kind} kappa {kappa}"
            yield f"Agreement of {len(self.judges)} judges: {agreed}."


def read_outputs(path: Path) -> dict[str, str]:
    """Read the outputs of one subject, JSONL with `id` and `text` (or `output`); the last counts.

    Raises:
        DatasetError: the file cannot be read, or a line is at fault.
    """
    found: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DatasetError(f"The outputs in {path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            text = record["text"] if "text" in record else record["output"]
            found[str(record["id"])] = str(text)
        except (ValueError, KeyError, TypeError) as error:
            raise DatasetError(f'{path}, line {number}: no object with "id" and "text".') from error
    return found


def write_sheet(
    left: Mapping[str, str],
    right: Mapping[str, str],
    pairs: Sequence[Pair],
    path: Path,
    key_path: Path,
    *,
    seed: int = 0,
    names: tuple[str, str] = ("left", "right"),
    overwrite: bool = False,
) -> int:
    """Write a blind sheet and its key; return the number of rows.

    Args:
        left: outputs by id of the pair.
        right: the other subject's, of the same ids.
        pairs: say what was asked; those without outputs are left out.
        path: the sheet, CSV; a copy goes to each judge.
        key_path: which side of which row is whose, JSON.
        seed: draws the order of the rows and of each row's sides.
        names: of the two subjects; in the key alone.
        overwrite: put the sheet and its key in the place of older ones.

    Raises:
        DatasetError: the two sides do not hold the same ids, or none; or a file of that name is
            there, which a judge may have marked.
    """
    _check_places(path, key_path, overwrite=overwrite)
    if not left or set(left) != set(right):
        lone = sorted(set(left) ^ set(right))
        which = f"{len(lone)} ids are on one side only (first: {lone[0]})" if lone else "no output"
        raise DatasetError(f"The two sides cannot be compared: {which}.")
    chance = random.Random(seed)
    rows = [identity for identity in left if left[identity].strip() != right[identity].strip()]
    if not rows:
        raise DatasetError(
            "The two sides wrote the same for every pair: there is nothing to judge."
        )
    chance.shuffle(rows)
    first = {identity: chance.choice(("left", "right")) for identity in rows}
    told = {pair.id: pair for pair in pairs}
    key = {"names": list(names), "A": first, "same": len(left) - len(rows)}
    table = []
    for identity in rows:
        both = (left[identity], right[identity])
        ours, theirs = both if first[identity] == "left" else both[::-1]
        asked = _asked(told[identity]) if identity in told else ""
        table.append((identity, asked, ours, theirs, "", ""))
    key_path.unlink(missing_ok=True)  # never the old key beside the new sheet
    write_table(path, COLUMNS, table)
    with storage_errors(key_path):
        key_path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(key_path, f"{json.dumps(key, ensure_ascii=False, indent=1)}\n".encode())
    return len(rows)


def _check_places(path: Path, key_path: Path, *, overwrite: bool) -> None:
    """Refuse places where something would be lost."""
    if path.resolve() == key_path.resolve():
        raise DatasetError(f"--out and --key are both {path}; the key needs a file of its own.")
    if overwrite:
        return
    if path.exists():
        raise DatasetError(f"{path} exists and may be marked; name another --out, or --overwrite.")
    if key_path.exists():
        raise DatasetError(
            f"{key_path} exists, and without it the sheets that it belongs to cannot be read; "
            "name another --key, or --overwrite."
        )


def read_sheets(paths: Sequence[Path], key_path: Path) -> Verdict:
    """Read marked sheets, one a judge.

    Raises:
        DatasetError: a file cannot be read, or a sheet has faults; each is named with its line.
    """
    try:
        key = json.loads(key_path.read_text(encoding="utf-8"))
        first = {str(row): str(side) for row, side in key["A"].items()}
        names = (str(key["names"][0]), str(key["names"][1]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise DatasetError(f"{key_path} is not the key of a sheet: {error}.") from error
    faults: list[str] = []
    judges: dict[str, dict[str, str]] = {}
    for path in paths:
        name = path.stem if path.stem not in judges else str(path)
        judges[name] = _read(path, first, faults)
    if faults:
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise DatasetError(f"The sheets have faults: {'; '.join(faults[:_SHOWN])}{more}.")
    return _verdict(names, first, judges)


def _verdict(
    names: tuple[str, str], first: Mapping[str, str], judges: Mapping[str, Mapping[str, str]]
) -> Verdict:
    sides = {
        judge: {row: _side(mark, first[row]) for row, mark in marks.items()}
        for judge, marks in judges.items()
    }
    by_row = [[held[row] for held in sides.values() if row in held] for row in first]
    judged = [row for row in by_row if row]
    shared = [row for row in judged if len(row) > 1]
    whole = [row for row in judged if len(row) == len(judges)]
    weights = [math.comb(len(row), 2) for row in shared]
    agreed = sum(agreeing(row) * math.comb(len(row), 2) for row in shared)
    marks = Counter(mark for held in judges.values() for mark in held.values())
    kappa = math.nan
    if len(judges) == 2:
        kappa = cohen_kappa([row[0] for row in whole], [row[1] for row in whole])
    elif len(judges) > 2:
        kappa = fleiss_kappa(whole)
    return Verdict(
        names=names,
        votes=_votes([_majority(row) for row in judged]),
        judges={judge: _votes(list(held.values())) for judge, held in sides.items()},
        first=marks["A"],
        second=marks["B"],
        unjudged=len(by_row) - len(judged),
        agreement=agreed / sum(weights) if weights else math.nan,
        kappa=kappa,
    )


def _read(path: Path, first: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """Return a sheet's marks, row -> "A", "B" or "tie"; what is wrong goes to `faults`."""
    marks: dict[str, str] = {}
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := {"id", "verdict"} - set(reader.fieldnames or ()):
                faults.append(f"{path} has no column {', '.join(sorted(missing))}")
                return marks
            for record in reader:
                line = f"{path.name}, line {reader.line_num}"
                identity = plain(record["id"] or "")
                mark = (record["verdict"] or "").strip()
                if identity not in first:
                    faults.append(f"{line}: {identity!r} is no row of the key")
                elif identity in seen:
                    faults.append(f"{line}: {identity!r} stands twice")
                elif mark.casefold() not in _VERDICTS:
                    faults.append(f"{line}: verdict {mark!r} is none of A, B, tie")
                elif mark:
                    marks[identity] = _VERDICTS[mark.casefold()]
                seen.add(identity)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DatasetError(f"The sheet {path} cannot be read: {error}.") from error
    return marks


def _side(mark: str, first: str) -> Side:
    if mark == "tie":
        return "tie"
    return "left" if (mark == "A") == (first == "left") else "right"


def _majority(row: Sequence[str]) -> str:
    verdict, count = Counter(row).most_common(1)[0]
    return verdict if 2 * count > len(row) else "tie"


def _votes(sides: Sequence[str]) -> Votes:
    held = Counter(sides)
    return Votes(held["left"], held["right"], held["tie"])


def _asked(pair: Pair) -> str:
    prompt = pair.prompt()
    return f"{prompt.instruction}\n\n{prompt.material}"
