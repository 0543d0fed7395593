"""`llama-e finetune evaluate` on tiny models: the report, going on, and faults in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from finetune.evaluation.subjects import EngineSubject
from finetune.pair import write_pairs
from tests.commands import Result, Run
from tests.finetune.evaluation.conftest import some_pairs
from tests.tiny import save_tiny_adapter, save_tiny_llama

Act = Callable[..., Result]
FEW = ("c1", "i1", "a1")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_llama(tmp_path_factory.mktemp("base"), context=1024)


@pytest.fixture
def evaluate(run: Run, base: Path, tmp_path: Path) -> Act:
    """Run `evaluate` by a recipe with a tiny base model and one set of three pairs."""
    write_pairs(tmp_path / "few.jsonl", [pair for pair in some_pairs() if pair.id in FEW])
    recipe = tmp_path / "recipe.yaml"
    lines = (
        "name: tiny",
        f"base_model: {base}",
        "evaluation: {sets: {few: few.jsonl}, resamples: 20}",
    )
    recipe.write_text("\n".join(lines), encoding="utf-8")
    return lambda *arguments: run(
        "finetune", "evaluate", recipe, "--out", tmp_path / "out", "--exact", *arguments
    )


def kept_lines(out: Path) -> int:
    return sum(
        len(path.read_text(encoding="utf-8").split("\n{")) for path in out.glob("outputs/*.jsonl")
    )


def test_subjects_are_judged_and_the_report_is_written(
    evaluate: Act, base: Path, tmp_path: Path
) -> None:
    adapter = save_tiny_adapter(base, tmp_path / "adapter")
    result = evaluate("--subject", "base", "--subject", f"adapter:{adapter}", "--json")
    assert result.code == 0
    figures = result.lines
    assert {one["subject"] for one in figures} == {"base", f"adapter:{adapter}"}
    assert {one["task"] for one in figures} == {"classify", "intent", "answer"}
    assert any(one["metric"] == "perplexity" and one["value"] > 1 for one in figures)
    assert str(tmp_path / "out" / "report.html") in result.err
    held = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    assert (held["name"], held["sets"][0]["pairs"]) == ("tiny", 3)
    assert all(one["digest"].startswith("sha256 ") for one in held["subjects"])
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert held["subjects"][0]["digest"] in report


def test_options_choose_sets_pairs_and_measures(evaluate: Act, tmp_path: Path) -> None:
    write_pairs(tmp_path / "titles.jsonl", some_pairs()[8:])
    result = evaluate(
        *("--subject", "base", "--set", f"titles={tmp_path / 'titles.jsonl'}", "--zero-shot"),
        *("--only", "titles", "--most", 1, "--no-perplexity", "--checked", "--json"),
    )
    assert {(one["set"], one["task"], one["pairs"]) for one in result.lines} == {
        ("titles", "title", 1)
    }
    metrics = {one["metric"]: one["value"] for one in result.lines}
    assert "perplexity" not in metrics
    assert metrics["grounded"] == 1.0  # what is served passed its check


def test_a_finished_run_loads_no_model_again(
    evaluate: Act, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = evaluate("--subject", f"hub:{base}", "--json")

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was loaded")

    monkeypatch.setattr(EngineSubject, "load", refuse)
    assert evaluate("--subject", f"hub:{base}", "--json").lines == first.lines


def test_a_model_that_was_changed_in_its_place_is_asked_anew(evaluate: Act, tmp_path: Path) -> None:
    model, out = save_tiny_llama(tmp_path / "model", context=1024), tmp_path / "out"
    subject = ("--subject", f"hub:{model}", "--no-perplexity")
    assert evaluate(*subject).code == 0
    first = (out / "figures.json").read_text(encoding="utf-8")
    assert kept_lines(out) == 3
    save_tiny_llama(model, context=1024, seed=9)
    assert evaluate(*subject).code == 0
    assert kept_lines(out) == 6
    second = (out / "figures.json").read_text(encoding="utf-8")
    assert json.loads(first)["subjects"] != json.loads(second)["subjects"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--subject", "gpt"], ["no subject 'gpt'", "adapter:DIR", "server:MODEL"]),
        (["--subject", "adapter:{tmp}"], ["holds no adapter", "--subject adapter:DIR"]),
        (["--subject", "hub:{tmp}"], ["holds no model", "config.json"]),
        (["--subject", "seq2seq:{tmp}"], ["holds no model"]),
        (["--subject", "hub:{tmp}/none"], ["neither a directory nor a hub id"]),
        (
            ["--subject", "base", "--set", "x={tmp}/none.jsonl"],
            ["none.jsonl", "There are no pairs"],
        ),
        (["--subject", "base", "--set", "x={tmp}/empty.jsonl"], ["empty.jsonl holds no pairs"]),
        (["--subject", "base", "--set", "x={tmp}/bad.jsonl"], ["bad.jsonl, line 2", "task: 'x'"]),
        (["--subject", "base", "--set", "x={tmp}/unfit.jsonl"], ["Pair a1", "question"]),
        (["--subject", "base", "--set", "x={tmp}/twice.jsonl"], ["c1 stands in it twice"]),
        (["--subject", "base", "--set", "few.jsonl"], ["'few.jsonl' is not NAME=FILE"]),
        (
            ["--subject", "base", "--set", "x={tmp}/few.jsonl", "--set", "x={tmp}/few.jsonl"],
            ["--set x is given twice"],
        ),
        (["--subject", "base", "--only", "other"], ["--only other", "sets: few"]),
        (["--subject", "base", "--most", "0"], ["--most is 0", "at least 1"]),
        (["--subject", "base", "--out", "{tmp}/few.jsonl"], ["Cannot write", "directory"]),
    ],
)
def test_bad_input_is_one_line_and_exit_1(
    evaluate: Act, tmp_path: Path, arguments: list[str], said: list[str]
) -> None:
    pairs = [json.dumps(pair.to_json()) for pair in some_pairs()]
    unfit = {"id": "a1", "task": "answer", "inputs": {"evidence": []}, "output": "Red."}
    files = {
        "empty": [],
        "bad": [pairs[0], '{"id": "b", "task": "x", "inputs": {}, "output": "y"}'],
        "unfit": [json.dumps(unfit)],
        "twice": [pairs[0], pairs[0]],
    }
    for name, lines in files.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    fault = evaluate(*(argument.format(tmp=tmp_path) for argument in arguments)).fault
    assert all(part in fault for part in said), fault
    assert not (tmp_path / "out" / "report.html").exists()


def test_all_faults_of_a_recipe_are_told_in_one_line(run: Run, tmp_path: Path) -> None:
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text(
        "name: Bad Name\nprompt_format: llama\nevaluation: {most: 0, sample: 3}\n", encoding="utf-8"
    )
    fault = run("finetune", "evaluate", recipe, "--out", tmp_path / "out").fault
    assert "has 4 faults" in fault
    for key in ("name", "prompt_format", "evaluation.most", "evaluation.sample: no such key"):
        assert key in fault
    assert "cannot be read" in run("finetune", "evaluate", tmp_path / "no.yaml", "--out", "x").fault


def test_wrong_usage_exits_2(run: Run) -> None:
    for arguments in ([], ["recipe.yaml"], ["recipe.yaml", "--out", "x", "--most", "many"]):
        result = run("finetune", "evaluate", *arguments)
        assert (result.code, result.out) == (2, "") and "usage: llama-e" in result.err
