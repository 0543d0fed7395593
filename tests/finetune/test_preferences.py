from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import pytest

from finetune.agreement import cohen_kappa, fleiss_kappa, sign_test, wilson
from finetune.errors import DatasetError
from finetune.pair import Pair
from finetune.preferences import read_outputs, read_sheets, write_sheet

LEFT = {f"p{number}": f"left says {number}" for number in range(20)}
RIGHT = {f"p{number}": f"right says {number}" for number in range(20)}


@pytest.fixture
def key(tmp_path: Path) -> Path:
    write_sheet(
        LEFT, RIGHT, [], tmp_path / "sheet.csv", tmp_path / "key.json", seed=1, names=("new", "old")
    )
    return tmp_path / "key.json"


def rows_of(key: Path) -> list[dict[str, str]]:
    with (key.parent / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def marked(key: Path, name: str, marks: dict[str, str]) -> Path:
    """A judge's copy of the sheet: `marks` says of which side's text, or "tie", by row."""
    path = key.parent / f"{name}.csv"
    rows = rows_of(key)
    for row in rows:
        wanted = marks.get(row["id"], "")
        is_first = row["A"].startswith(wanted)
        row["verdict"] = {"": "", "tie": "tie"}.get(wanted, "A" if is_first else "b")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_sheet_hides_who_wrote_what_and_draws_the_sides(key: Path) -> None:
    rows = rows_of(key)
    assert len(rows) == 20
    first = [row["A"].split()[0] for row in rows]
    assert 4 < first.count("left") < 16
    assert "new" not in (key.parent / "sheet.csv").read_text(encoding="utf-8-sig")
    told = json.loads(key.read_text(encoding="utf-8"))["A"]
    assert [told[row["id"]] for row in rows] == first


def test_verdicts_are_given_back_to_the_sides_they_are_for(key: Path) -> None:
    marks = {f"p{number}": "left" for number in range(12)}
    marks |= {f"p{number}": "right" for number in range(12, 15)} | {"p15": "tie"}
    verdict = read_sheets([marked(key, "anna", marks)], key)
    assert (verdict.votes.left, verdict.votes.right, verdict.votes.ties) == (12, 3, 1)
    assert verdict.unjudged == 4
    assert verdict.votes.win_rate == pytest.approx(12.5 / 16)
    assert verdict.votes.p() == pytest.approx(2 * (1 + 15 + 105 + 455) / 2**15)
    assert verdict.names == ("new", "old")
    assert math.isnan(verdict.agreement)
    json.dumps(verdict.to_json(), allow_nan=False)


def test_a_judge_who_always_takes_the_first_is_found_by_the_position(key: Path) -> None:
    marks = {row["id"]: row["A"].split()[0] for row in rows_of(key)}
    found = read_sheets([marked(key, "anna", marks)], key)
    assert (found.first, found.second) == (20, 0)
    assert found.to_json()["position"]["p"] < 0.001


def test_a_row_goes_to_the_majority_and_to_neither_without_one(key: Path) -> None:
    sheets = [
        marked(key, "anna", {"p0": "left", "p1": "left", "p2": "left"}),
        marked(key, "ben", {"p0": "left", "p1": "right", "p2": "tie"}),
        marked(key, "eve", {"p0": "right", "p1": "tie", "p2": "tie"}),
    ]
    verdict = read_sheets(sheets, key)
    assert (verdict.votes.left, verdict.votes.right, verdict.votes.ties) == (1, 0, 2)
    assert verdict.agreement == pytest.approx((1 / 3 + 0 + 1 / 3) / 3)
    assert verdict.judges["anna"].left == 3
    assert any("Fleiss" in line for line in verdict.lines())


def test_every_faulty_cell_is_named_with_its_line(key: Path) -> None:
    path = marked(key, "anna", {"p0": "left"})
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[2] = lines[2].removesuffix(",,") + ",maybe,"
    lines[5] = lines[5].replace(lines[5].split(",")[0], "p999", 1)
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    with pytest.raises(DatasetError) as fault:
        read_sheets([path], key)
    said = str(fault.value)
    assert "anna.csv, line 3: verdict 'maybe' is none of A, B, tie" in said
    assert "line 6: 'p999' is no row of the key" in said
    assert "line 22" in said and "stands twice" in said


def test_texts_that_look_like_formulas_stay_texts(tmp_path: Path) -> None:
    pair = Pair("=1", "answer", {"question": "what?", "evidence": ["a: b"]}, "b")
    sheet, key = tmp_path / "s.csv", tmp_path / "k.json"
    write_sheet({"=1": "=SUM(A1)"}, {"=1": "-2"}, [pair], sheet, key)
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    assert {row["A"], row["B"]} == {"'=SUM(A1)", "'-2"}
    assert "Question: what?" in row["asked"]
    assert read_sheets([sheet], key).unjudged == 1


def test_sides_that_do_not_match_or_do_not_differ_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="1 ids are on one side only"):
        write_sheet({"a": "x"}, {"a": "y", "b": "z"}, [], tmp_path / "s.csv", tmp_path / "k.json")
    with pytest.raises(DatasetError, match="nothing to judge"):
        write_sheet({"a": "x"}, {"a": "x "}, [], tmp_path / "s.csv", tmp_path / "k.json")


def test_outputs_are_read_and_a_faulty_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n\n{"id": "b", "output": "y"}\n', encoding="utf-8")
    assert read_outputs(path) == {"a": "x", "b": "y"}
    path.write_text('{"id": "a"}\n', encoding="utf-8")
    with pytest.raises(DatasetError, match="line 1"):
        read_outputs(path)


def test_statistics_are_those_of_the_books() -> None:
    # Newcombe 1998, table I, method 3: 81 of 263
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert wilson(0, 0) == (0.0, 1.0)
    assert sign_test(9, 1) == pytest.approx(22 / 1024)
    assert sign_test(0, 0) == 1.0
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: observed 0.7, expected 0.5
    ours = ["y"] * 25 + ["n"] * 25
    theirs = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert cohen_kappa(ours, theirs) == pytest.approx(0.4)
    assert math.isnan(cohen_kappa(["y", "y"], ["y", "y"]))


def test_fleiss_kappa_is_that_of_his_example() -> None:
    # Fleiss 1971 as worked in many books: 10 subjects, 14 raters, 5 categories, kappa 0.210
    counts = [
        (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
        (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
    ]  # fmt: skip
    rows = [
        [name for name, n in zip("abcde", row, strict=True) for _ in range(n)] for row in counts
    ]
    assert fleiss_kappa(rows) == pytest.approx(0.210, abs=5e-4)
