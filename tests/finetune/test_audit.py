import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from finetune.audit import (
    COLUMNS,
    Audit,
    Rate,
    Row,
    automatic,
    compare,
    draw_sample,
    read_sheet,
    write_sheet,
)
from finetune.audit_page import page
from finetune.errors import DatasetError
from finetune.seed_set import load_seeds

SEEDS = load_seeds(None)


def mark(path: Path, verdicts: dict[int, tuple[str, str]], delimiter: str = ",") -> Path:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    for number, (verdict, fault) in verdicts.items():
        rows[number]["verdict"], rows[number]["fault"] = verdict, fault
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_sample_is_even_over_tasks_and_sources_and_the_same_for_a_seed() -> None:
    many = [replace(SEEDS[0], id=f"x{at}", source="grammar") for at in range(500)]
    drawn = draw_sample([*SEEDS, *many], 50, seed=1)
    assert sorted(pair.task for pair in drawn) == sorted(
        ["ads", "title", "classify", "intent", "answer"] * 10
    )
    assert sum(pair.source == "grammar" for pair in drawn) == 5
    assert draw_sample([*SEEDS, *many], 50, seed=1) == drawn
    assert draw_sample([*SEEDS, *many], 50, seed=2) != drawn


def test_sheet_comes_back_as_it_was_written(tmp_path: Path) -> None:
    rows = write_sheet(SEEDS, tmp_path / "new" / "sheet.csv", 300)
    audit = read_sheet(tmp_path / "new" / "sheet.csv")
    assert list(audit.rows) == rows
    assert audit.unread == 300
    shown = {row.id: row for row in rows}["title-07"]
    assert "At most 70 characters." in shown.instruction
    assert shown.material.startswith("Query: ")


def test_cell_that_begins_like_a_formula_is_disarmed_and_read_back(tmp_path: Path) -> None:
    output = '=HYPERLINK("http://example.com")'
    write_sheet([replace(SEEDS[0], output=output)], tmp_path / "sheet.csv", 1)
    assert "'=HYPERLINK" in (tmp_path / "sheet.csv").read_text(encoding="utf-8")
    assert read_sheet(tmp_path / "sheet.csv").rows[0].output == output


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_marked_sheet_gives_rates_by_task_and_source(tmp_path: Path, delimiter: str) -> None:
    rows = write_sheet(SEEDS, tmp_path / "sheet.csv", 20)
    ads = [at for at, row in enumerate(rows) if row.task == "ads"]
    verdicts = dict.fromkeys(range(10), ("accept", "")) | {ads[0]: (" Reject ", "Number")}
    audit = read_sheet(mark(tmp_path / "sheet.csv", verdicts, delimiter))
    judged = len(verdicts)
    assert audit.rate() == Rate(1, judged)
    assert audit.rate(task="ads").faulty == 1
    assert audit.rate(source="expert") == Rate(1, judged)
    assert audit.rate(source="grammar") == Rate(0, 0)
    assert audit.faults() == {"number": 1}
    assert audit.unread == 20 - judged
    assert audit.to_json()["tasks"]["ads"]["faulty"] == 1


def test_faulty_verdicts_are_told_with_their_lines(tmp_path: Path) -> None:
    pairs = [SEEDS[0], SEEDS[1]]
    rows = write_sheet(pairs, tmp_path / "sheet.csv", 2)
    mark(tmp_path / "sheet.csv", {0: ("ok", ""), 1: ("maybe", "")})
    second = 3 + rows[0].material.count("\n")
    with pytest.raises(DatasetError) as caught:
        read_sheet(tmp_path / "sheet.csv")
    assert f"line 2 ({rows[0].id}): verdict 'ok'" in str(caught.value)
    assert f"line {second} ({rows[1].id}): verdict 'maybe'" in str(caught.value)


def test_file_that_is_no_sheet_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("id,task\n1,ads\n", encoding="utf-8")
    with pytest.raises(DatasetError, match="no column source"):
        read_sheet(tmp_path / "x.csv")
    with pytest.raises(DatasetError, match="cannot be read"):
        read_sheet(tmp_path / "none.csv")


def test_wilson_interval() -> None:
    low, high = Rate(10, 100).interval()
    assert (low, high) == (pytest.approx(0.0552, abs=1e-4), pytest.approx(0.1744, abs=1e-4))
    assert Rate(0, 20).interval() == (0, pytest.approx(0.1611, abs=1e-4))
    assert Rate(0, 0).interval() == (0, 1)


def test_comparison_with_self_instruct_depends_on_the_interval() -> None:
    assert "below Self-Instruct's 46%" in compare(Rate(5, 200))
    assert "not apart from Self-Instruct's 46%" in compare(Rate(4, 10))
    assert "above Self-Instruct's 46%" in compare(Rate(190, 200))


def test_automatic_rate_counts_what_the_checks_find() -> None:
    broken = replace(SEEDS[0], output=f"{SEEDS[0].output} Only 987 left.")
    rate, found = automatic([broken, *SEEDS[1:10]])
    assert rate == Rate(1, 10)
    assert found == {"number": 1}


def test_page_escapes_everything_of_a_pair_and_holds_its_rows() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \u2028"
    row = replace(Row.of(SEEDS[0]), output=evil, material=evil, instruction=evil, id=evil)
    shown = page([row])
    assert "<script>alert" not in shown
    assert "<img" not in shown
    held = re.search(r'id="rows">(.*?)</script>', shown, re.S)
    assert held and json.loads(held[1])[0]["output"] == evil
    assert "http://" not in shown
    assert "https://" not in shown


def test_page_of_an_audit_shows_its_marks() -> None:
    row = replace(Row.of(SEEDS[0]), verdict="reject", fault="number")
    held = re.search(r'id="rows">(.*?)</script>', page(Audit((row,))), re.S)
    assert held and json.loads(held[1])[0]["verdict"] == "reject"


def test_pair_of_any_task_can_be_shown() -> None:
    assert all(Row.of(pair).material for pair in SEEDS)


def test_an_unmarked_sheet_is_compared_with_nothing() -> None:
    assert compare(Rate(0, 0)).startswith("Nothing is marked yet")
