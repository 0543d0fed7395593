"""Result files to charts: the repository's own, a report's, and what is missing or broken."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.model.base_model import shipped_adapter
from assistant.stage.charts import Chart, Missing
from assistant.stage.results import ReportError, default_root, read_report, read_results


def charts(root: Path, card: Path | None = None) -> dict[str, Chart | Missing]:
    return {one.title: one for one in read_results(root, card)}


def figure_of(chart: Chart | Missing, group: str, label: str) -> float:
    assert isinstance(chart, Chart)
    bars = next(one.bars for one in chart.groups if one.label.startswith(group))
    return next(bar.value for bar in bars if bar.label == label)


def test_every_result_of_the_repository_is_drawn() -> None:
    found = read_results(default_root())
    assert found
    assert all(isinstance(one, Chart) for one in found), found
    for chart in found:
        assert isinstance(chart, Chart)
        assert all(0 <= bar.value <= chart.top for one in chart.groups for bar in one.bars)


def test_figures_are_those_of_the_file(tmp_path: Path) -> None:
    rows = [
        ["hetpqa", "ROUGE-L", "base", "23.4 (20.2-26.7)", "120"],
        ["hetpqa", "ROUGE-L", "LLaMA-E", "45.7 (43.2-48.4)", "398"],
        ["ads", "Flesch", "LLaMA-E, served", "81.3 (80.1-82.4)", "500"],
    ]
    told = {"machine": "a test", "figures": rows}
    (tmp_path / "adapter.json").write_text(json.dumps(told))
    chart = charts(tmp_path)["What tuning changes"]
    assert isinstance(chart, Chart)
    (group,) = chart.groups
    assert [(bar.kind, bar.value, bar.low, bar.high) for bar in group.bars] == [
        ("base", 23.4, 20.2, 26.7),
        ("tuned", 45.7, 43.2, 48.4),
    ]
    assert chart.machine == "a test"


def test_a_change_of_the_file_shows_at_the_next_look(tmp_path: Path) -> None:
    path = tmp_path / "training.json"
    for speed in (500.0, 900.0):
        path.write_text(json.dumps({"attention": {"bare loop": 280.0, "llama-e finetune": speed}}))
        chart = charts(tmp_path)["How fast it learns"]
        assert figure_of(chart, "LoRA on attention", "llama-e finetune") == speed


def test_a_missing_file_names_the_command_that_makes_it(tmp_path: Path) -> None:
    found = read_results(tmp_path)
    assert all(isinstance(one, Missing) for one in found)
    assert found[0].command == "python -m benchmarks.adapter"
    assert isinstance(found[0], Missing)
    assert found[0].reason == "is not there"


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"figures": [["a"]]}', '{"figures": 3}'])
def test_a_broken_file_is_said_to_be_so_and_hides_no_other(tmp_path: Path, broken: str) -> None:
    (tmp_path / "adapter.json").write_text(broken)
    (tmp_path / "router.json").write_text((default_root() / "router.json").read_text())
    found = charts(tmp_path)
    assert isinstance(found["What tuning changes"], Missing)
    assert isinstance(found["Finding the intent"], Chart)


def test_the_adapters_card_stands_in_for_the_benchmark(tmp_path: Path) -> None:
    shipped = shipped_adapter()
    assert shipped is not None
    chart = charts(tmp_path, shipped / "README.md")["What tuning changes"]
    whole = charts(default_root())["What tuning changes"]
    assert isinstance(chart, Chart)
    assert isinstance(whole, Chart)
    assert chart.groups == whole.groups
    assert chart.source.endswith("README.md")


def report(tmp_path: Path, **changes: Any) -> Path:
    metric = {"title": "Accuracy", "meaning": "", "better": 1, "is_share": True}
    figure = {"set": "mine", "task": "classify", "metric": "accuracy", "pairs": 8}
    told = {
        "version": 1,
        "name": "try",
        "machine": {"cores": "2 cores"},
        "subjects": [{"name": "base"}, {"name": "adapter:new"}],
        "sets": [{"name": "mine", "pairs": 8, "zero_shot": True}],
        "metrics": {"accuracy": metric},
        "figures": [
            {**figure, "subject": "base", "value": 0.25, "low": 0.0, "high": 0.5},
            {**figure, "subject": "adapter:new", "value": 0.75, "low": None, "high": None},
        ],
        **changes,
    }
    (tmp_path / "figures.json").write_text(json.dumps(told))
    return tmp_path


def test_a_report_is_drawn_with_all_its_subjects(tmp_path: Path) -> None:
    (chart,) = read_report(report(tmp_path))
    assert chart.title == "mine"
    assert chart.note.startswith("Zero-shot")
    first, second = chart.groups[0].bars
    assert (first.kind, first.value, first.high) == ("base", 25.0, 50.0)
    assert (second.kind, second.value, second.high) == ("tuned", 75.0, None)


def test_what_is_no_report_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="llama-e finetune evaluate"):
        read_report(tmp_path / "nowhere")
    with pytest.raises(ReportError, match="version 9"):
        read_report(report(tmp_path, version=9))
    with pytest.raises(ReportError, match="no figure"):
        read_report(report(tmp_path, figures=[]))
    with pytest.raises(ReportError, match="cannot be read"):
        read_report(report(tmp_path, sets=[{"pairs": 3}]))
    (tmp_path / "figures.json").write_text("<html>")
    with pytest.raises(ReportError, match="cannot be read"):
        read_report(tmp_path)
