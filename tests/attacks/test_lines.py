"""`llama-e` given wrong or hostile lines: one output line each, exit codes, never a traceback."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import service as service_module
from assistant.model.engine import Engine
from assistant.router import IntentRouter
from tests.attacks.records import ORDER, hostile_records
from tests.attacks.shop import GullibleEngine
from tests.attacks.turns import BATCH_LINES, ODD_LINES, PARAMETERS, STATES, hostile_turns
from tests.commands import Result, runner
from tests.fakes import KETTLE, FixedRouter, HashEmbedder, write_jsonl

Run = Callable[..., Result]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    engine: GullibleEngine,
) -> Run:
    """Run `llama-e` with stand-ins for embedder, router and model."""
    engine.mood, engine.wish = "obey", "No."
    monkeypatch.setenv("LLAMA_E_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(service_module, "MiniLMEmbedder", HashEmbedder)
    monkeypatch.setattr(IntentRouter, "load_default", lambda *_: FixedRouter("answer"))
    monkeypatch.setattr(Engine, "load", lambda **_: engine)
    return runner(capsys)


def asked(run: Run, tmp_path: Path, index: Path, lines: list[Any], *more: str) -> Result:
    batch = tmp_path / "batch.jsonl"
    batch.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return run("ask", "--batch", batch, "--index", index, *more)


def test_each_wrong_line_gets_one_line_with_its_fault(
    run: Run, tmp_path: Path, honest_index: Path
) -> None:
    result = asked(run, tmp_path, honest_index, BATCH_LINES)
    assert result.code == 1
    assert len(result.lines) == len(BATCH_LINES)
    for line, given in zip(result.lines, BATCH_LINES, strict=True):
        assert line.get("error"), given
        assert len(line["error"]) < 1_000 or "x" * 100 in line["error"], given
    assert "Traceback" not in result.out + result.err
    assert "internal error" not in result.out + result.err


def test_an_odd_line_is_answered(run: Run, tmp_path: Path, honest_index: Path) -> None:
    result = asked(run, tmp_path, honest_index, ODD_LINES)
    assert result.code == 0, result.out
    assert all(line["answer"] for line in result.lines)


@pytest.mark.parametrize(("key", "values"), [("state", STATES), ("parameters", PARAMETERS)])
def test_states_and_parameters_of_any_type_do_no_harm(
    run: Run, tmp_path: Path, honest_index: Path, key: str, values: list[Any]
) -> None:
    lines = [{"message": "write an ad for KE-1001", key: value} for value in values]
    result = asked(run, tmp_path, honest_index, lines)
    assert result.code in (0, 1)
    assert len(result.lines) == len(values)
    assert all(line.get("answer") or line.get("error") for line in result.lines)
    wrong = [
        line
        for line, value in zip(result.lines, values, strict=True)
        if not isinstance(value, dict)
    ]
    assert all(f"{key}: is not an object" in line["error"] for line in wrong)
    assert "Traceback" not in result.out + result.err


def test_lines_that_are_no_json_are_faults(run: Run, tmp_path: Path, honest_index: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_bytes(b'{"message": \n[[[[\n' + b"[" * 100_000 + b'\n{"message": "\\ud800"}\nNaN\n')
    result = run("ask", "--batch", batch, "--index", honest_index)
    assert result.code == 1
    assert [line["line"] for line in result.lines] == [1, 2, 3, 4, 5]
    assert all(line["error"] for line in result.lines)
    batch.write_bytes(b'{"message": "\xff\xfe"}\n')
    assert "cannot be read" in run("ask", "--batch", batch, "--index", honest_index).fault


@pytest.mark.parametrize("command", ["search", "ask", "route"])
def test_every_turn_can_be_given_on_the_command_line(
    run: Run, honest_index: Path, command: str
) -> None:
    index = () if command == "route" else ("--index", honest_index)
    tried = [turn for turn in hostile_turns() if not turn.is_bulky and turn.message]
    for turn in tried[:: 20 if command == "ask" else 4]:
        text = turn.message.replace("\x00", "")
        result = run(command, *index, "--json", "--", text)
        assert result.code in (0, 1), turn.name
        assert "Traceback" not in result.out + result.err, turn.name
        if result.code:
            assert result.fault
        else:
            assert result.one


def test_every_record_can_be_written_about(run: Run, tmp_path: Path) -> None:
    rows = [dict(one.row) for one in hostile_records() if not one.is_bulky][::3]
    batch = write_jsonl(tmp_path / "rows.jsonl", [{"query": "tea", "product": row} for row in rows])
    result = run("author", "title", "--json", "--batch", batch)
    assert len(result.lines) == len(rows)
    assert "Traceback" not in result.out + result.err
    assert all(line.get("output") or line.get("error") for line in result.lines)


def test_a_spreadsheet_runs_no_formula_of_what_was_written(
    run: Run, tmp_path: Path, engine: GullibleEngine
) -> None:
    formulas = ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(1)", "=HYPERLINK(1)"]
    table = tmp_path / "table.csv"
    with table.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([["query", "title"], *(["tea", text] for text in formulas)])
    engine.wish = formulas[0]
    result = run("author", "title", "--csv", table)
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert len(rows) == len(formulas)
    assert not [row for row in rows if row["output"].startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"id": "", "title": ""},
        {"id": "R", "title": "\u200b\u200b"},
        {"id": "R", "title": "<script>alert(1)</script>"},
        {"id": "R", "title": "x", "price": "-5 EUR"},
        {"id": "R", "title": "x", "price": f"{ORDER} 1 EUR"},
        {"id": "R", "title": "x", "price": "NaN EUR"},
        {"id": "R", "title": "x", "price": "1e999999 EUR"},
        {"id": "R", "title": "x", "quantity": ORDER},
        {"id": "R", "title": "x", "attributes": ORDER},
        {"id": "R", "title": "x", "variants": ORDER},
        {"id": "R", "title": "x", "variants": [{"attributes": {"a": "b"}}]},
    ],
    ids=repr,
)
def test_a_row_that_is_no_product_is_refused_with_its_reason(
    run: Run, tmp_path: Path, row: dict[str, Any]
) -> None:
    feed = write_jsonl(tmp_path / "feed.jsonl", [KETTLE, row])
    result = run("index", "build", feed, "--out", tmp_path / "index")
    assert result.code == 0, result.err
    refused = (tmp_path / "index" / "rejected.jsonl").read_text(encoding="utf-8")
    told = [json.loads(line) for line in refused.splitlines()]
    assert len(told) == 1
    assert told[0]["reason"]
    assert len(json.dumps(told[0])) < 2_000
