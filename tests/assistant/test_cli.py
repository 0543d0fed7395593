"""`llama-e` from the outside: what its commands print, one at a time and in batches."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import GenerationError
from tests.commands import Run
from tests.fakes import ScriptedEngine

ADDED = ("output", "label", "grounded", "error")


@pytest.fixture
def batch(tmp_path: Path) -> Callable[..., Path]:
    def write(*lines: object) -> Path:
        path = tmp_path / "batch.jsonl"
        texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return path

    return write


@pytest.mark.usefixtures("no_model")
def test_search_prints_hits(run: Run, index_dir: Path) -> None:
    result = run("search", "running shoes", "--index", index_dir, "-k", 2, "--json")
    assert (result.code, result.err) == (0, "")
    assert result.one["query"] == "running shoes"
    hits = result.one["hits"]
    assert (hits[0]["id"], hits[0]["title"], len(hits)) == ("SH-3003", "Running shoes", 2)
    assert hits[0]["price"] == "89.50 EUR"
    assert {"id", "score", "title", "kind", "similarity", "exact", "matched"} <= set(hits[0])
    pages = run("search", "refunds", "--index", index_dir, "--kind", "passage", "--json").one
    assert {hit["kind"] for hit in pages["hits"]} == {"passage"}
    shown = run("search", "KE-1001", "--index", index_dir)
    assert shown.out.startswith("  1. KE-1001  Steel kettle 1.7 l  39.95 EUR\n")
    assert run("search", "", "--index", index_dir).out == "Nothing found.\n"


@pytest.mark.usefixtures("no_model")
def test_a_batch_goes_on_after_bad_lines(
    run: Run, index_dir: Path, batch: Callable[..., Path]
) -> None:
    file = batch(
        {"query": "kettle"},
        "{not json",
        "",
        ["query"],
        {"text": "kettle"},
        {"query": 7},
        "[" * 100_000,
        {"query": "\ud800"},
        {"query": "lamp"},
    )
    result = run("search", "--index", index_dir, "--batch", file)
    assert result.code == 1
    first, *faults, last = result.lines
    assert first["hits"][0]["id"] == "KE-1001"
    assert last["hits"][0]["id"] == "LA-2002"
    assert [fault["line"] for fault in faults] == [2, 4, 5, 6, 7, 8]
    assert all(fault["error"] for fault in faults)
    assert "'query'" in faults[2]["error"]
    assert result.err == "llama-e: 6 lines of the batch failed; their output lines say why.\n"


@pytest.mark.usefixtures("no_model")
def test_route_reads_a_batch_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    one = run("route", "is it new?", "--json")
    assert (one.code, one.err) == (0, "")
    assert one.one == {
        "text": "is it new?",
        "intent": "answer",
        "confidence": 0.9,
        "unsure": False,
    }
    assert run("route", "is it new?").out == "answer  90%\n"
    monkeypatch.setattr("sys.stdin", io.StringIO('{"text": "a"}\n{"text": "b"}\n'))
    result = run("route", "--batch", "-")
    assert (result.code, [line["text"] for line in result.lines]) == (0, ["a", "b"])


def test_ask_answers_with_its_record(run: Run, index_dir: Path, engine: ScriptedEngine) -> None:
    engine.enqueue("Yes, it is cordless.", "No, it is not waterproof.", "No.")
    result = run("ask", "is KE-1001 cordless?", "--index", index_dir, "--json")
    assert (result.code, result.err) == (0, "")
    answer = result.one
    assert (answer["answer"], answer["citations"]) == ("Yes, it is cordless.", ["KE-1001"])
    assert (answer["grounded"], answer["abstained"]) == (True, False)
    pinned = run("ask", "is it waterproof?", "--product", "SH-3003", "--index", index_dir, "--json")
    assert pinned.one["citations"] == ["SH-3003"]
    shown = run("ask", "is KE-1001 cordless?", "--index", index_dir).out
    assert "Yes. Cordless: yes." in shown
    assert "[1] KE-1001: Steel kettle 1.7 l (cordless)" in shown
    assert "note: The model's draft failed" in shown


def test_ask_reads_a_batch_with_history(
    run: Run, index_dir: Path, engine: ScriptedEngine, batch: Callable[..., Path]
) -> None:
    engine.enqueue("No, it is not waterproof.")
    file = batch(
        {
            "message": "is it waterproof?",
            "product_id": "SH-3003",
            "history": [{"role": "user", "content": "hi"}, {"role": "assistant", "text": "x"}],
        },
        {"message": "is it new?", "history": "before"},
        {"message": "is it new?", "history": [{"role": "robot", "content": "x"}]},
        {"message": "is it new?", "product_id": "NO-9"},
        {"message": " "},
        {"message": "x" * 9000},
    )
    result = run("ask", "--index", index_dir, "--batch", file)
    assert result.code == 1
    first, *faults = result.lines
    assert first["citations"] == ["SH-3003"]
    parts = ["history", "history", "NO-9", "empty", "9,000 characters"]
    assert [fault["line"] for fault in faults] == [2, 3, 4, 5, 6]
    for fault, part in zip(faults, parts, strict=True):
        assert part in fault["error"]


def test_ask_reads_the_state_and_the_parameters_of_a_line(
    run: Run, index_dir: Path, engine: ScriptedEngine, batch: Callable[..., Path]
) -> None:
    engine.enqueue("Yes, it is cordless.")
    file = batch(
        {"message": "is it cordless?", "state": {"products": ["KE-1001"]}},
        {"message": "is it cordless?", "product_id": "KE-1001", "state": None, "parameters": {}},
    )
    assert [
        line["citations"] for line in run("ask", "--index", index_dir, "--batch", file).lines
    ] == [
        ["KE-1001"],
        ["KE-1001"],
    ]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"product_id": ["KE-1001"]}, "product_id: is not text"),
        ({"product_id": True}, "product_id: is not text"),
        ({"state": "KE-1001"}, "state: is not an object"),
        ({"parameters": [1]}, "parameters: is not an object"),
    ],
)
def test_a_key_of_the_wrong_type_is_told_in_its_line(
    run: Run, index_dir: Path, batch: Callable[..., Path], wrong: dict[str, object], told: str
) -> None:
    result = run("ask", "--index", index_dir, "--batch", batch({"message": "is it?", **wrong}))
    assert result.code == 1
    assert told in result.one["error"]


def test_author_does_one_line(run: Run, engine: ScriptedEngine) -> None:
    engine.enqueue("It holds 2 l. Buy it.", "It holds 2 l. Buy it.")
    line = json.dumps({"id": "a", "product": {"title": "Pot"}})
    result = run("author", "ads", line, "--json")
    assert (result.code, result.err) == (0, "")
    assert (result.one["id"], result.one["output"]) == ("a", "Buy it.")
    shown = run("author", "ads", line)
    assert (shown.out, "note:" in shown.err) == ("Buy it.\n", True)
    engine.likelihoods = {"possible": -1.0}
    judged = run("author", "intent", '{"query": "q", "product": "p"}', "--model", "base", "--json")
    assert judged.one["label"] == "possible"


def test_author_reads_a_batch(run: Run, engine: ScriptedEngine, batch: Callable[..., Path]) -> None:
    engine.enqueue("Fine.", "Good.")
    file = batch({"id": 1, "product": "pot"}, {"id": 2, "tone": 3}, "]", {"product": "pan"})
    result = run("author", "ads", "--batch", file)
    assert result.code == 1
    assert [line.get("output") for line in result.lines] == ["Fine.", None, None, "Good."]
    assert "product: is missing" in result.lines[1]["error"]
    assert "tone:" in result.lines[1]["error"]


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_table_keeps_its_columns_and_gains_the_outputs(
    run: Run, engine: ScriptedEngine, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    rows = "\ufeffid,Title,labels,Note\r\n"
    rows += 'A,"Pot, big",Pots | Pans,"two\nlines"\r\nB,,Pots,x\r\nC,Pan,,x\r\n'
    file.write_text(rows, encoding="utf-8")
    engine.likelihoods = {"Pans": -1.0}
    result = run("author", "classify", "--csv", file)
    assert result.code == 1
    assert result.err == "llama-e: 2 rows failed, see their error column: 3, 4.\n"
    found = table(result.out)
    assert list(found[0]) == ["id", "Title", "labels", "Note", *ADDED]
    assert [row["output"] for row in found] == ["Pans", "", ""]
    assert (found[0]["label"], found[0]["grounded"], found[0]["error"]) == ("Pans", "True", "")
    assert (found[0]["Title"], found[0]["Note"]) == ("Pot, big", "two\nlines")
    assert "title: missing" in found[1]["error"]
    assert "labels" in found[2]["error"]
    assert "Product: Pot, big" in engine.prompts[0]
    assert "- note: two lines" in engine.prompts[0]
    assert "Categories: Pots, Pans" in engine.prompts[0]


def test_a_table_can_be_read_again(run: Run, engine: ScriptedEngine, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("title,labels,label\nPot,Pots|Pans,Pots\n", encoding="utf-8")
    engine.likelihoods = {"Pans": -1.0}
    first = run("author", "classify", "--csv", file)
    assert "Pots" not in engine.prompts[0].split("Product:")[1], "the expected label stays out"
    file.write_text(first.out, encoding="utf-8")
    again = run("author", "classify", "--csv", file)
    assert (first.code, again.out) == (0, first.out)
    assert engine.prompts[0] == engine.prompts[1]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-x", "@sum(a1)"])
def test_no_output_is_a_formula(
    run: Run, engine: ScriptedEngine, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("product\npot 1\n", encoding="utf-8")
    engine.enqueue(text)
    assert table(run("author", "ads", "--csv", file).out)[0]["output"] == f"'{text}"


def test_a_row_that_the_model_refuses_does_not_end_the_table(
    run: Run, engine: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("product\npot\npan\n", encoding="utf-8")
    engine.enqueue("Fine.")
    real = engine.stream

    def stream(messages: Any, *rest: Any, **options: Any) -> Any:
        if "pot" in messages[1]["content"]:
            raise GenerationError("It failed.")
        return real(messages, *rest, **options)

    monkeypatch.setattr(engine, "stream", stream)
    result = run("author", "ads", "--csv", file)
    rows = table(result.out)
    assert (result.code, rows[0]["error"], rows[1]["output"]) == (1, "It failed.", "Fine.")
