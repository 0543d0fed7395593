from __future__ import annotations

import math

import numpy as np
import pytest

from finetune.errors import EvaluationError
from finetune.evaluation import metrics
from finetune.evaluation.bootstrap import difference, draw, interval

TEXTS = [
    "Yes, the boot weighs 1.2 kg and it's waterproof.",
    "The cat sat on the mat.",
    "No.",
    "Acme TrailRunner-3 costs $129.99 (incl. VAT)!",
    "It holds up to 2,5 litres of water, which is plenty.",
    "",
]
REFERENCES = [
    "Yes, it weighs 1.2 kg and is waterproof.",
    "A cat was sitting on the mat.",
    "The catalog does not say.",
    "The Acme TrailRunner 3 costs 129.99 USD.",
    "It holds 2,5 litres of water.",
    "Nothing at all is here.",
]


def scores_of(references: list[str], labels: list[str | None]) -> dict[str, float]:
    return {one.name: one.score() for one in metrics.classification(references, labels)}


def test_accuracy_and_macro_scores_are_those_worked_out_by_hand() -> None:
    found = scores_of(["a", "a", "a", "b", "b", "c"], ["a", "a", "b", "b", "a", None])
    assert found["accuracy"] == pytest.approx(3 / 6)
    # a: 2 of 3 said, 2 of 3 held; b: 1 of 2, 1 of 2; c: never said
    assert found["macro_precision"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert found["macro_recall"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert found["macro_f1"] == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)


def test_a_label_outside_the_references_is_wrong_but_no_class_of_its_own() -> None:
    found = scores_of(["a", "b"], ["a", "z"])
    assert found["macro_recall"] == pytest.approx(0.5)
    assert found["macro_precision"] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("texts", "references", "wanted"),
    [
        # values of sacrebleu 2.6.0, corpus_bleu(...).score / 100
        (TEXTS, REFERENCES, 0.23038210759799846),
        (TEXTS[:1], REFERENCES[:1], 0.317023313852343),
        (["a b c d e"], ["a x c y e"], 0.14058533129758727),
        (["the same text here"], ["the same text here"], 1.0),
        (["no word agrees at all"], ["something else entirely is written"], 0.0),
        (["two words"], ["two words"], 0.0),  # no run of three or four
    ],
)
def test_bleu_is_that_of_sacrebleu(texts: list[str], references: list[str], wanted: float) -> None:
    assert metrics.bleu(texts, references).score() == pytest.approx(wanted, abs=1e-12)


def test_bleu_of_many_resamples_at_once_is_the_bleu_of_each() -> None:
    measure = metrics.bleu(TEXTS, REFERENCES)
    weights = draw(len(TEXTS), 20, 3)
    together = measure.value(weights @ measure.stats)
    for row, score in zip(weights, together, strict=True):
        texts = [text for text, count in zip(TEXTS, row, strict=True) for _ in range(int(count))]
        wanted = [
            text for text, count in zip(REFERENCES, row, strict=True) for _ in range(int(count))
        ]
        assert metrics.bleu(texts, wanted).score() == pytest.approx(score)


def test_rouge_is_that_worked_out_by_hand() -> None:
    text, reference = "The cat sat on the mat", "A cat was on the mat."
    assert metrics.rouge_n(text, reference, 1) == pytest.approx(2 * 4 / 12)  # cat on the mat
    assert metrics.rouge_n(text, reference, 2) == pytest.approx(2 * 2 / 10)  # on the, the mat
    assert metrics.rouge_l(text, reference) == pytest.approx(2 * 4 / 12)
    assert metrics.rouge_l("mat the on", "on the mat") == pytest.approx(1 / 3)
    assert metrics.rouge_n("", reference, 1) == 0.0


def test_rouge_is_that_of_the_package_rouge_score() -> None:
    scorer = pytest.importorskip("rouge_score.rouge_scorer")
    theirs = scorer.RougeScorer(["rouge1", "rouge2", "rougeL"])
    for text, reference in zip(TEXTS, REFERENCES, strict=True):
        wanted = theirs.score(reference, text)
        assert metrics.rouge_n(text, reference, 1) == pytest.approx(wanted["rouge1"].fmeasure)
        assert metrics.rouge_n(text, reference, 2) == pytest.approx(wanted["rouge2"].fmeasure)
        assert metrics.rouge_l(text, reference) == pytest.approx(wanted["rougeL"].fmeasure)


def test_perplexity_weighs_tokens_and_not_texts() -> None:
    assert metrics.perplexity([-math.log(4) * 2, 0.0], [2, 2]).score() == pytest.approx(2.0)
    assert metrics.bits_per_byte([-math.log(2) * 8], ["abcd"]).score() == pytest.approx(2.0)
    assert math.isnan(metrics.perplexity([0.0], [0]).score())


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("boot", 1), ("table", 2), ("make", 1), ("waterproof", 3), ("wanted", 2), ("weighed", 1),
        ("boxes", 2), ("titles", 2), ("shoes", 1), ("money", 2), ("the", 1), ("44", 1), ("free", 1),
    ],
)  # fmt: skip
def test_syllables_follow_the_rule(word: str, count: int) -> None:
    assert metrics.syllables(word) == count


def test_flesch_is_the_formula_of_1948() -> None:
    # 2 sentences, 7 words, 8 syllables
    wanted = 206.835 - 1.015 * 7 / 2 - 84.6 * 8 / 7
    assert metrics.flesch("The boot is red. Paper is light.") == pytest.approx(wanted)
    assert metrics.flesch("") == 0.0


def test_refusals_are_scored_as_a_finding_of_the_unanswerable() -> None:
    found = metrics.refusals([True, True, False, False], [True, False, True, False])
    assert [one.score() for one in found] == [0.5, 0.5, 0.5]
    none = metrics.refusals([False, False], [False, False])
    assert all(math.isnan(one.score()) for one in none)


def test_an_interval_holds_the_score_and_narrows_with_more_pairs() -> None:
    few = metrics.mean("m", [0.0, 1.0] * 10)
    many = metrics.mean("m", [0.0, 1.0] * 500)
    wide = interval(few, draw(20, 2000, 0))
    narrow = interval(many, draw(1000, 2000, 0))
    assert wide.low < wide.value < wide.high
    # the standard error of a share of one half, by hand
    assert wide.high - wide.low == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(20), abs=0.06)
    assert narrow.high - narrow.low == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(1000), abs=0.01)


def test_the_same_seed_draws_the_same_resamples() -> None:
    assert (draw(30, 50, 7) == draw(30, 50, 7)).all()
    assert (draw(30, 50, 7) != draw(30, 50, 8)).any()
    assert (draw(30, 50, 7).sum(axis=1) == 30).all()


def test_a_paired_difference_sees_what_two_intervals_would_not() -> None:
    chance = np.random.default_rng(0)
    hard = chance.uniform(0, 1, 60)
    theirs, ours = metrics.mean("m", list(hard)), metrics.mean("m", list(hard + 0.05))
    weights = draw(60, 1000, 0)
    assert interval(ours, weights).low < interval(theirs, weights).high
    found = difference(ours, theirs, weights)
    assert found.value == pytest.approx(0.05)
    assert found.low > 0
    assert found.p == pytest.approx(2 / 1001)
    assert difference(ours, ours, weights).p == 1.0


def test_sides_of_different_length_are_refused() -> None:
    with pytest.raises(EvaluationError, match="same pairs"):
        difference(metrics.mean("m", [1.0]), metrics.mean("m", [1.0, 0.0]), draw(2, 10, 0))
