from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest

from finetune.errors import EvaluationError
from finetune.evaluation.report import write_report
from finetune.evaluation.run import Candidate, Report, Settings, draw_pairs, evaluate, slug
from finetune.evaluation.zero_shot import zero_shot_sets
from finetune.pair import Pair
from finetune.seed_set import load_seeds
from tests.finetune.evaluation.conftest import Told

Make = Callable[[Told], Candidate]
FEW = Settings(resamples=50)
BAD = {
    "c1": "no idea at all",
    "i1": "It is unlikely.",
    "a1": "It weighs 5 kg.",
    "a2": "Yes, it is warm.",
    "d1": "The waterproof <b>boot</b> & more for 5 kg.",
    "t1": "Golden Boot",
}


def value(report: Report, subject: str, metric: str, task: str) -> float:
    found = [f for f in report.figures if (f.subject, f.metric, f.task) == (subject, metric, task)]
    assert len(found) == 1
    return found[0].value


@pytest.fixture
def report(pairs: list[Pair], candidate: Make, tmp_path: Path) -> Report:
    both = [candidate(Told("bad", BAD)), candidate(Told("good"))]
    return evaluate(both, {"all": pairs}, FEW, tmp_path / "out")


def test_each_task_is_scored_by_its_own_measures(report: Report) -> None:
    assert value(report, "good", "accuracy", "classify") == 1.0
    assert value(report, "bad", "accuracy", "classify") == 0.5
    assert value(report, "bad", "unparseable", "classify") == 0.5
    assert value(report, "bad", "unparseable", "intent") == 0.0
    assert value(report, "good", "rouge_l", "answer") == 1.0
    assert value(report, "good", "refusal_recall", "answer") == 1.0
    assert value(report, "bad", "refusal_recall", "answer") == 0.0
    assert math.isnan(value(report, "bad", "refusal_precision", "answer"))
    assert value(report, "good", "grounded", "answer") == 1.0
    assert value(report, "bad", "grounded", "answer") == 0.0
    assert value(report, "bad", "grounded", "ads") == 0.5
    assert value(report, "good", "query_coverage", "title") == 1.0
    assert value(report, "bad", "query_coverage", "title") == 0.75
    assert value(report, "bad", "grounded", "title") == 0.5
    assert value(report, "good", "perplexity", "ads") == pytest.approx(math.exp(0.5))


def test_subjects_are_compared_with_the_first(report: Report) -> None:
    gap = next(g for g in report.gaps if (g.metric, g.task) == ("accuracy", "classify"))
    assert (gap.subject, gap.against, gap.value) == ("good", "bad", 0.5)
    assert {gap.subject for gap in report.gaps} == {"good"}


def test_a_run_that_was_killed_goes_on_where_it_was(
    pairs: list[Pair], candidate: Make, tmp_path: Path
) -> None:
    dying, fresh = Told("one"), Told("one")
    dying.dies_at = "d1"
    with pytest.raises(KeyboardInterrupt):
        evaluate([candidate(dying)], {"all": pairs}, FEW, tmp_path)
    place = next((tmp_path / "outputs").glob("*.jsonl"))
    whole = place.read_bytes()
    place.write_bytes(whole[:-20])  # the kill tore the last line
    evaluate([candidate(fresh)], {"all": pairs}, FEW, tmp_path)
    assert dying.asked == ["c1", "c2", "i1", "i2", "a1", "a2"]
    assert fresh.asked == ["a2", "d1", "d2", "t1", "t2"]
    again = Told("one")
    evaluate([candidate(again)], {"all": pairs}, FEW, tmp_path)
    assert again.asked == []


def test_what_another_model_wrote_is_not_taken_for_its_own(
    pairs: list[Pair], candidate: Make, tmp_path: Path
) -> None:
    evaluate([candidate(Told("one"))], {"all": pairs}, FEW, tmp_path)
    other = Told("one")
    changed = Candidate("one", {"model": "one", "adapter": "another"}, lambda: other)
    evaluate([changed], {"all": pairs}, FEW, tmp_path)
    assert len(other.asked) == len(pairs)


def test_a_finished_subject_is_not_opened_again(
    pairs: list[Pair], candidate: Make, tmp_path: Path
) -> None:
    evaluate([candidate(Told("one"))], {"all": pairs}, FEW, tmp_path)

    def fail() -> Told:
        raise AssertionError("opened")

    evaluate([Candidate("one", {"model": "one"}, fail)], {"all": pairs}, FEW, tmp_path)


def test_misaligned_sets_and_subjects_are_refused(
    pairs: list[Pair], candidate: Make, tmp_path: Path
) -> None:
    one = candidate(Told("one"))
    with pytest.raises(EvaluationError, match="c1 stands in it twice"):
        evaluate([one], {"all": [*pairs, pairs[0]]}, FEW, tmp_path)
    with pytest.raises(EvaluationError, match="holds no pairs"):
        evaluate([one], {"none": []}, FEW, tmp_path)
    with pytest.raises(EvaluationError, match="Two subjects"):
        evaluate([one, one], {"all": pairs}, FEW, tmp_path)
    with pytest.raises(EvaluationError, match="nothing to judge"):
        evaluate([], {"all": pairs}, FEW, tmp_path)

    class Silent(Told):
        def answer(self, pairs):  # type: ignore[no-untyped-def]
            return super().answer(pairs[1:])

    with pytest.raises(EvaluationError, match=r"left 1 pairs of all .* c1"):
        evaluate([candidate(Silent("silent"))], {"all": pairs}, FEW, tmp_path / "silent")


def test_at_most_so_many_pairs_are_drawn_the_same_ones_each_time(pairs: list[Pair]) -> None:
    drawn = draw_pairs("s", pairs, Settings(most=4, seed=2))
    assert len(drawn) == 4
    assert drawn == draw_pairs("s", pairs, Settings(most=4, seed=2))
    assert [pair.id for pair in drawn] == [pair.id for pair in pairs if pair in drawn]
    assert drawn != draw_pairs("s", pairs, Settings(most=4, seed=3))


def test_names_make_different_files() -> None:
    assert slug("llama-e") == "llama-e"
    assert "/" not in slug("adapter:/a/b")
    assert slug("adapter:/a/b") != slug("adapter:/a-b")


def test_the_report_is_written_for_people_and_programs(report: Report, tmp_path: Path) -> None:
    write_report("a <name>", report, tmp_path / "report")
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    figures = json.loads((tmp_path / "report" / "figures.json").read_text(encoding="utf-8"))
    assert "a &lt;name&gt;" in page
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert page.count("data:image/png;base64,") == 2
    assert "prefers-color-scheme: dark" in page
    assert "| Accuracy" in text and "50.0 (" in text
    rows = {(f["subject"], f["task"], f["metric"]): f for f in figures["figures"]}
    assert rows["good", "classify", "accuracy"]["value"] == 1.0
    assert rows["bad", "answer", "refusal_precision"]["value"] is None
    assert figures["sets"][0]["tasks"]["ads"] == 2
    assert figures["sets"][0]["zero_shot"] is False


def test_the_worst_of_the_last_subject_stand_beside_what_the_others_wrote(
    pairs: list[Pair], candidate: Make, tmp_path: Path
) -> None:
    both = [candidate(Told("good")), candidate(Told("bad", BAD))]
    found = evaluate(both, {"all": pairs}, FEW, tmp_path / "out")
    write_report("r", found, tmp_path / "report")
    text = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    page = (tmp_path / "report" / "report.html").read_text(encoding="utf-8")
    assert "<b>boot" not in page and "&lt;b&gt;boot&lt;/b&gt; &amp; more" in page
    worst = text.split("## Worst cases of bad")[1]
    assert "not in the inputs: 5 kg" in worst
    assert "names no label" in worst
    assert "answered what has no answer" in worst
    assert "leaves out a true word of the query" in worst
    assert "### Labels of all, bad" in text and "(none)" in text


def test_the_zero_shot_sets_are_sound_and_unseen() -> None:
    sets = zero_shot_sets()
    pairs = [pair for held in sets.values() for pair in held]
    assert len(sets["zero-shot-tasks"]) >= 30
    assert len({pair.seed for pair in sets["zero-shot-tasks"]}) >= 5
    assert {pair.task for pair in sets["zero-shot-types"]} == {
        "ads", "answer", "classify", "intent", "title",
    }  # fmt: skip
    for pair in pairs:
        written = next(Told("reference").answer([pair]))
        assert written.parseable, pair.id
        assert written.failed == (), pair.id
    seeds = " ".join(json.dumps(seed.to_json()).casefold() for seed in load_seeds())
    for pair in sets["zero-shot-types"]:
        if pair.product_type:
            assert pair.product_type.casefold() not in seeds
