"""`llama-e finetune preferences`: sheets written and read, and what it says of bad input."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from finetune.pair import Pair, write_pairs
from tests.commands import Result, Run

Act = Callable[..., Result]


def outputs(path: Path, says: str, count: int = 6) -> Path:
    lines = [{"id": f"p{number}", "text": f"{says} {number}"} for number in range(count)]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


@pytest.fixture
def write(run: Run, tmp_path: Path) -> Act:
    """Run `preferences write` on two files of outputs, whose names are "new" and "old"."""
    new, old = outputs(tmp_path / "new", "new says"), outputs(tmp_path / "old", "old says")

    def act(*arguments: object, out: str = "sheet.csv", key: str = "key.json") -> Result:
        places = ("--out", tmp_path / out, "--key", tmp_path / key)
        return run("finetune", "preferences", "write", new, old, *places, *arguments)

    return act


@pytest.fixture
def read(run: Run, tmp_path: Path) -> Act:
    return lambda *sheets: run(
        "finetune", "preferences", "read", *sheets, "--key", tmp_path / "key.json", "--json"
    )


def mark(path: Path, verdict: Callable[[dict[str, str]], str]) -> Path:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(row | {"verdict": verdict(row)} for row in rows)
    return path


def test_a_sheet_is_written_marked_and_read(write: Act, read: Act, tmp_path: Path) -> None:
    asked = Pair("p0", "answer", {"question": "which colour?", "evidence": ["a: b"]}, "b")
    write_pairs(tmp_path / "pairs.jsonl", [asked])
    written = write("--pairs", tmp_path / "pairs.jsonl", "--json")
    assert (written.code, written.lines[0]["rows"]) == (0, 6)
    assert "from the judges" in written.err
    sheet = tmp_path / "sheet.csv"
    assert "which colour?" in sheet.read_text(encoding="utf-8-sig")
    [found] = read(mark(sheet, lambda row: "A" if "new" in row["A"] else "B")).lines
    assert (found["left_name"], found["left"], found["right"]) == ("new", 6, 0)


def test_the_report_for_people_is_told_in_lines(write: Act, run: Run, tmp_path: Path) -> None:
    write()
    sheet, key = tmp_path / "sheet.csv", tmp_path / "key.json"
    assert run("finetune", "preferences", "read", sheet, "--key", key).out == (
        "No row has a verdict yet.\n"
    )
    mark(sheet, lambda row: "tie")
    told = run("finetune", "preferences", "read", sheet, "--key", key)
    assert told.code == 0 and "new against old: 50.0%" in told.out


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ({"key": "key-2.json"}, ["sheet.csv exists and may be marked", "another --out"]),
        ({"out": "sheet-2.csv"}, ["key.json exists", "another --key"]),
        ({}, ["sheet.csv exists"]),
    ],
)
def test_neither_a_sheet_nor_a_key_is_replaced_unasked(
    write: Act, tmp_path: Path, second: dict[str, str], said: list[str]
) -> None:
    write()
    mark(tmp_path / "sheet.csv", lambda row: "A")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    fault = write("--seed", 7, **second).fault
    assert all(part in fault for part in [*said, "--overwrite"])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_overwrite_replaces_both(write: Act, read: Act, tmp_path: Path) -> None:
    write()
    mark(tmp_path / "sheet.csv", lambda row: "A")
    assert write("--seed", 7, "--overwrite").code == 0
    assert read(tmp_path / "sheet.csv").lines[0]["unjudged"] == 6


def test_a_key_needs_a_file_of_its_own(write: Act, tmp_path: Path) -> None:
    assert "a file of its own" in write("--overwrite", key="sheet.csv").fault
    assert not (tmp_path / "sheet.csv").exists()


def test_faulty_cells_are_told_in_one_line(write: Act, read: Act, tmp_path: Path) -> None:
    write()
    sheet = mark(tmp_path / "sheet.csv", lambda row: "maybe" if row["id"] == "p0" else "C")
    fault = read(sheet).fault
    assert "verdict 'maybe' is none of A, B, tie" in fault
    assert fault.count("sheet.csv, line") == 6


def test_outputs_that_cannot_be_compared_are_told_in_one_line(write: Act, tmp_path: Path) -> None:
    outputs(tmp_path / "old", "old says", 5)
    assert "1 ids are on one side only (first: p5)" in write().fault
    outputs(tmp_path / "old", "new says")
    assert "nothing to judge" in write().fault
    (tmp_path / "old").write_text('{"id": "p0"}\n', encoding="utf-8")
    assert "old, line 1" in write().fault
    (tmp_path / "old").unlink()
    assert "cannot be read" in write().fault
    assert not (tmp_path / "sheet.csv").exists() and not (tmp_path / "key.json").exists()


@pytest.mark.parametrize("content", ["", "no json", "[]", '{"A": ["p0"], "names": ["a", "b"]}'])
def test_what_is_no_key_is_told_in_one_line(
    write: Act, read: Act, tmp_path: Path, content: str
) -> None:
    write()
    (tmp_path / "key.json").write_text(content, encoding="utf-8")
    assert "is not the key of a sheet" in read(tmp_path / "sheet.csv").fault


def test_a_sheet_that_is_none_is_told_in_one_line(write: Act, read: Act, tmp_path: Path) -> None:
    write()
    assert "cannot be read" in read(tmp_path / "nowhere.csv").fault
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "has no column id, verdict" in read(tmp_path / "other.csv").fault


def test_wrong_usage_exits_2(run: Run, tmp_path: Path) -> None:
    for arguments in ([], ["write", "a"], ["read", "--key", "k"], ["mark"]):
        result = run("finetune", "preferences", *arguments)
        assert (result.code, result.out) == (2, "") and "usage: llama-e" in result.err
