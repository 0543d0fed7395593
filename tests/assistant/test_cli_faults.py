"""`llama-e` when something is wrong: one line on a fault, exit codes, and what `doctor` finds."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

import app
from assistant.cli import doctor
from assistant.router import IntentRouter
from tests.commands import Run
from tests.tiny import save_tiny_llama


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nonsense"],
        ["search"],
        ["ask", "--index", "nowhere"],
        ["route"],
        ["author"],
        ["author", "poem", "{}"],
        ["author", "ads"],
        ["search", "x", "-k", "0"],
        ["search", "x", "-k", "many"],
        ["search", "x", "--kind", "person"],
        ["search", "x", "--retriever-option", "k"],
        ["ask", "x", "--model", "llama"],
        ["serve", "--port", "http"],
        ["serve", "--port", "99999"],
        ["index", "build", "x", "--out", "y", "--format", "xml"],
        ["index"],
    ],
)
def test_wrong_usage_exits_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert (result.code, result.out) == (2, "")
    assert "usage: llama-e" in result.err


def corrupt(index_dir: Path, target: Path) -> Path:
    shutil.copytree(index_dir, target)
    [vectors] = [file for file in target.rglob("*") if "vector" in file.name]
    vectors.write_bytes(vectors.read_bytes()[:-7])
    return target


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["search", "x", "--index", "{tmp}/none"], ["no index at", "llama-e index build"]),
        (["search", "--batch", "{batch}", "--index", "{tmp}/none"], ["no index at"]),
        (["ask", "x", "--index", "{tmp}/none"], ["no index at"]),
        (["search", "x", "--index", "{corrupt}"], ["damaged", "llama-e index build"]),
        (["search", "x", "--index", "{good}", "--retriever", "bm99"], ["'bm99'", "hybrid"]),
        (["route", "--batch", "{tmp}/none.jsonl"], ["none.jsonl", "cannot be read"]),
        (["route", "--batch", "{tmp}"], ["cannot be read"]),
        (["route", "--batch", "{latin}"], ["latin.jsonl", "cannot be read"]),
        (["author", "ads", "{{"], ["INPUT is not JSON"]),
        (["author", "ads", "[]"], ["not a JSON object"]),
        (["serve", "--port", "{port}"], ["Cannot listen on 127.0.0.1:{port}", "--port"]),
        (["serve", "--host", "no.such.host.invalid"], ["Cannot listen on no.such"]),
    ],
)
def test_a_fault_is_one_line_and_exit_1(
    run: Run, index_dir: Path, tmp_path: Path, arguments: list[str], said: list[str]
) -> None:
    (tmp_path / "latin.jsonl").write_bytes('{"text": "café"}'.encode("latin-1"))
    (tmp_path / "good.jsonl").write_text('{"query": "a"}\n{"query": "b"}\n')
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        names = {
            "tmp": tmp_path,
            "good": index_dir,
            "corrupt": corrupt(index_dir, tmp_path / "corrupt"),
            "latin": tmp_path / "latin.jsonl",
            "batch": tmp_path / "good.jsonl",
            "port": taken.getsockname()[1],
        }
        result = run(*(argument.format(**names) for argument in arguments))
    assert (result.code, result.out) == (1, "")
    assert_one_line(result.err)
    for part in said:
        assert part.format(**names) in result.err


def assert_one_line(err: str) -> None:
    assert err.startswith("llama-e: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert "internal error" not in err


@pytest.mark.parametrize("content", ["nothing", "config only", "broken weights"])
def test_a_bad_adapter_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("LLAMA_E_CACHE", str(tmp_path / "cache"))
    base, adapter = save_tiny_llama(tmp_path / "base"), tmp_path / "adapter"
    if content != "nothing":
        adapter.mkdir()
        (adapter / "adapter_config.json").write_text('{"peft_type": "LORA", "r": 4}')
    if content == "broken weights":
        (adapter / "adapter_model.safetensors").write_bytes(b"broken")
    line = '{"query": "q", "product": "p"}'
    model = ["--base-model", base, "--adapter", adapter, "--device", "cpu", "--dtype", "float32"]
    result = run("author", "intent", line, *model)
    assert (result.code, result.out) == (1, "")
    assert_one_line(result.err)
    assert "adapter" in result.err
    assert str(adapter) in result.err


def test_an_unforeseen_fault_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("first\nsecond")

    monkeypatch.setattr(IntentRouter, "load_default", fail)
    result = run("route", "x")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("llama-e: internal error (RuntimeError: first second).")
    assert result.err.count("\n") == 1


def test_doctor_prints_findings(run: Run, index_dir: Path, tmp_path: Path) -> None:
    result = run("doctor", "--index", index_dir, "--json")
    assert result.err == ""
    for finding in result.lines:
        assert set(finding) == {"topic", "ok", "text", "remedy"}
        assert finding["ok"] is (finding["remedy"] == "")
        assert finding["text"]
    found = {finding["topic"]: finding for finding in result.lines}
    assert {"Python", "Packages", "Device", "Model", "Memory", "Disk", "SQLite"} <= set(found)
    assert found["Index"]["ok"]
    assert found["Index"]["text"].startswith("3 products, ")
    assert "not built yet" in found["Demo index"]["text"]
    assert result.code == (0 if all(finding["ok"] for finding in result.lines) else 1)


def test_doctor_finds_a_damaged_index_and_goes_on_after_a_failing_check(
    run: Run, index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> tuple[str, str]:
        raise OSError("no such device")

    monkeypatch.setattr(doctor, "_memory", fail)
    result = run("doctor", "--index", corrupt(index_dir, tmp_path / "corrupt"), "--json")
    assert result.code == 1
    found = {finding["topic"]: finding for finding in result.lines}
    assert (found["Memory"]["ok"], found["Index"]["ok"]) == (False, False)
    assert "no such device" in found["Memory"]["remedy"]
    assert "llama-e index build" in found["Index"]["remedy"]
    shown = run("doctor", "--index", tmp_path / "none").out
    assert "!!  Index:" in shown
    assert "-> There is no index" in shown


def test_a_text_beside_a_batch_is_wrong_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        app.main(["search", "kettle", "--batch", str(tmp_path / "queries.jsonl")])
    assert caught.value.code == 2
    assert "not both" in capsys.readouterr().err
