import argparse
import json
from pathlib import Path

import pytest

from finetune.cli import data
from finetune.errors import DatasetError
from finetune.pair import Pair, read_pairs, write_pairs
from finetune.seed_set import load_seeds

SEEDS = load_seeds(None)


def run(*arguments: object) -> int:
    parser = argparse.ArgumentParser()
    data.register(parser.add_subparsers(required=True))
    args = parser.parse_args([str(argument) for argument in arguments])
    code: int = args.run(args)
    return code


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    twin = Pair.from_json(SEEDS[0].to_json() | {"id": "twin"})
    write_pairs(tmp_path / "expanded.jsonl", [*SEEDS, twin])
    path = tmp_path / "recipe.yaml"
    path.write_text(
        "name: t\ndata: {expanded: expanded.jsonl, cleaned: out/cleaned.jsonl, budget: 100}\n",
        encoding="utf-8",
    )
    return path


def test_seeds_pass_and_faulty_ones_give_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("seeds", "--json") == 0
    assert json.loads(capsys.readouterr().out)["faults"] == []
    write_pairs(tmp_path / "few.jsonl", SEEDS[:3])
    assert run("seeds", "--dir", tmp_path) == 1
    assert "ads: 3 seeds, not 60" in capsys.readouterr().out


def test_clean_writes_the_pruned_pairs_and_a_report(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("clean", recipe, "--no-embedder", "--json") == 0
    counts = json.loads(capsys.readouterr().out)
    assert (counts["read"], counts["kept"], counts["written"]) == (301, 300, 100)
    assert len(list(read_pairs(recipe.parent / "out" / "cleaned.jsonl"))) == 100
    report = json.loads((recipe.parent / "out" / "cleaned.rejects.json").read_text("utf-8"))
    assert report["examples"]["duplicate"][0]["id"] == "twin"


def test_clean_prints_a_table_that_adds_up(
    recipe: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("clean", recipe, "--no-embedder") == 0
    lines = capsys.readouterr().out.splitlines()
    total = next(line for line in lines if line.startswith("| all"))
    assert [cell.strip() for cell in total.split("|")[3:7]] == ["301", "1", "300", "100"]


def test_stats_of_a_recipe_are_those_of_its_cleaned_pairs(
    recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("clean", recipe, "--no-embedder", "--json")
    capsys.readouterr()
    assert run("stats", recipe, "--out", tmp_path / "stats", "--json") == 0
    assert json.loads(capsys.readouterr().out)["pairs"] == 100
    assert "![tasks](tasks.png)" in (tmp_path / "stats" / "stats.md").read_text(encoding="utf-8")


def test_audit_writes_sheet_and_page_and_reads_verdicts(
    recipe: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "sheet.csv"
    pairs = recipe.parent / "expanded.jsonl"
    assert run("audit", pairs, "--out", sheet, "--count", 10) == 0
    assert "Automatic checks of all 301 pairs: 0.0% at fault" in capsys.readouterr().out
    assert "<!doctype html>" in (tmp_path / "sheet.html").read_text(encoding="utf-8")
    assert run("audit", "--read", sheet) == 0
    assert "10 have no verdict" in capsys.readouterr().out


def test_audit_without_pairs_says_what_it_needs(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="A sheet needs pairs"):
        run("audit", "--out", tmp_path / "sheet.csv")
