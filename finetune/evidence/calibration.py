"""Fits how the reader and the signs are joined, and measures what comes of it.

Fitted and measured on held-out examples alone, halves of them by group: what is reported was
neither trained nor fitted on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finetune.evidence.examples import Example, is_held_out
from retrieval.evidence import EvidenceRanker
from retrieval.evidence_blend import FEATURES, Blend
from retrieval.evidence_pieces import Candidate
from retrieval.evidence_question import mended

Scores = Sequence[NDArray[np.float64]]
"""Of each example the scores of its pieces."""

_POSITIVE = 0.5
CODE_WEIGHT = 8.0
"""Of a code that is asked for by its name: no question that is learned from asks for one."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a ranker does on one set of questions.

    Args:
        questions: how many.
        average_precision: over all pieces.
        right: share of answerable questions whose first piece answers and reaches the threshold.
        first: the same without the threshold.
        refused: share of unanswerable questions of which no piece reaches it.
    """

    questions: int
    average_precision: float
    right: float
    first: float
    refused: float


def features_of(ranker: EvidenceRanker, example: Example) -> NDArray[np.float64]:
    """Return the features of an example's pieces: (n, len(FEATURES))."""
    candidates = [
        Candidate("product " if one.piece.field != "passage" else "", one.title, one.piece)
        for one in example.pieces
    ]
    return ranker.features(mended(example.question, []), candidates)


def halves(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return the examples to fit on and those to report on."""
    fit = [is_held_out(f"half {one.group}", 0.5) for one in examples]
    return (
        [one for one, held in zip(examples, fit, strict=True) if held],
        [one for one, held in zip(examples, fit, strict=True) if not held],
    )


def fit_blend(
    examples: Sequence[Example],
    features: Sequence[NDArray[np.float64]],
    weights: Mapping[str, float],
) -> Blend:
    """Fit a logistic regression for fields and one for sentences.

    Args:
        examples: with labels.
        features: of each example's pieces.
        weights: how much a question of each source counts in all; unnamed ones count 1.
    """
    from sklearn.linear_model import LogisticRegression

    found: dict[bool, tuple[float, ...]] = {}
    counts = {source: sum(one.source == source for one in examples) for source in weights}
    for is_sentence in (False, True):
        rows, labels, counted = [], [], []
        for example, matrix in zip(examples, features, strict=True):
            for one, row in zip(example.pieces, matrix, strict=True):
                if one.piece.is_sentence == is_sentence:
                    rows.append(row)
                    labels.append(one.label >= _POSITIVE)
                    share = weights.get(example.source, 1.0)
                    counted.append(share / max(1, counts.get(example.source, 1)))
        scale = len(counted) / sum(counted)
        model: Any = LogisticRegression(C=1.0, max_iter=2000)
        model.fit(np.array(rows), labels, sample_weight=np.array(counted) * scale)
        weights_found = dict(zip(FEATURES, map(float, model.coef_[0]), strict=True))
        weights_found["code"] = CODE_WEIGHT
        found[is_sentence] = (*weights_found.values(), float(model.intercept_[0]))
    return Blend(found[False], found[True])


def scores_of(
    blend: Blend, examples: Sequence[Example], features: Sequence[NDArray[np.float64]]
) -> list[NDArray[np.float64]]:
    """Return the chance of each piece of each example."""
    return [
        blend.chances(matrix, [piece.piece.is_sentence for piece in example.pieces])
        for example, matrix in zip(examples, features, strict=True)
    ]


def measure(examples: Sequence[Example], scores: Scores, threshold: float) -> Measured:
    """Measure a ranker by its scores at a threshold."""
    from sklearn.metrics import average_precision_score

    labels = [[one.label >= _POSITIVE for one in example.pieces] for example in examples]
    best = [int(np.argmax(found)) for found in scores]
    answered = [at for at, example in enumerate(examples) if example.is_answered]
    unanswered = [at for at, example in enumerate(examples) if not example.is_answered]
    first = [labels[at][best[at]] for at in answered]
    reached = [scores[at][best[at]] >= threshold for at in answered]
    refused = [scores[at][best[at]] < threshold for at in unanswered]
    return Measured(
        len(examples),
        float(average_precision_score(np.concatenate(labels), np.concatenate(list(scores)))),
        _share([one and other for one, other in zip(first, reached, strict=True)]),
        _share(first),
        _share(refused),
    )


def choose_threshold(examples: Sequence[Example], scores: Scores) -> float:
    """Return the threshold of the highest mean of `right` and `refused`."""

    def gain(threshold: float) -> float:
        found = measure(examples, scores, threshold)
        return found.right + found.refused

    return _best(gain)


def _best(gain: Callable[[float], float]) -> float:
    steps = [round(step / 50, 2) for step in range(2, 49)]
    return max(steps, key=gain)


def _share(values: Sequence[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def blend_json(blend: Blend) -> dict[str, dict[str, float]]:
    """Return the weights by name, as `retrieval/data/evidence_blend.json` holds them."""
    names = (*FEATURES, "bias")
    return {
        kind: {name: round(value, 4) for name, value in zip(names, values, strict=True)}
        for kind, values in (("field", blend.field), ("sentence", blend.sentence))
    }
