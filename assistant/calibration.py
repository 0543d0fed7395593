"""Turns the scores of one-against-the-rest classifiers into calibrated chances of intents.

Out of scope is a background: a turn that no in-scope intent outscores it is turned away. The
out-of-scope classifier, if there is one, raises it. Background, temperature and the threshold for
being sure are all chosen on scores that cross-validation gave to utterances it had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

SURE_ACCURACY = 0.97
# The operating point turns away this share of out-of-scope turns, and no more than that needs.
OUT_OF_SCOPE_RECALL = 0.90
# How much of the out-of-scope classifier's score the background takes over.
OUT_OF_SCOPE_GAIN = 0.75
# Without out-of-scope examples: the share of in-scope turns that may be turned away.
FALSE_REJECTIONS = 0.01

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Columns:
    """Which labels the scores' columns stand for, sorted, and which of them is out of scope.

    `out_of_scope` may be no label at all (no examples of it), or None (turn nothing away).
    """

    labels: tuple[str, ...]
    out_of_scope: str | None

    @property
    def intents(self) -> tuple[str, ...]:
        """The columns of the chances: in-scope labels, then the out-of-scope one, if any."""
        inside = tuple(label for label in self.labels if label != self.out_of_scope)
        return inside if self.out_of_scope is None else (*inside, self.out_of_scope)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The operating point: a route is sure from the confidence `sure` on."""

    background: float
    temperature: float
    sure: float


def _with_background(scores: NDArray[Any], columns: Columns, background: float) -> Scores:
    """Turn scores (n, labels) into logits (n, intents), out of scope last.

    That logit is the background, raised by what the out-of-scope classifier says, if there is
    one; so a turn that no intent claims is turned away even when it looks like no example.
    """
    inside = [i for i, label in enumerate(columns.labels) if label != columns.out_of_scope]
    logits = scores[:, inside].astype(np.float64)
    if columns.out_of_scope is None:
        return logits
    outside = np.full(len(scores), background)
    if columns.out_of_scope in columns.labels:
        outside += OUT_OF_SCOPE_GAIN * scores[:, columns.labels.index(columns.out_of_scope)]
    return np.column_stack([logits, outside])


def calibrate(scores: Scores, gold: NDArray[np.int64], columns: Columns) -> Calibration:
    """Choose background, temperature and the sure threshold on cross-validated scores."""
    target = np.array([columns.intents.index(columns.labels[i]) for i in gold])
    background = _choose_background(_with_background(scores, columns, 0.0), target, columns)
    logits = _with_background(scores, columns, background)
    rows = np.arange(len(gold))
    temperatures = np.geomspace(0.02, 2.0, 80)
    losses = [-np.log(_softmax(logits / t)[rows, target] + 1e-12).mean() for t in temperatures]
    temperature = float(temperatures[int(np.argmin(losses))])
    chances = _softmax(logits / temperature)
    right = chances.argmax(axis=1) == target
    order = np.argsort(-chances.max(axis=1), kind="stable")
    accuracy = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(accuracy >= SURE_ACCURACY)
    sure = float(chances.max(axis=1)[order][enough[-1]]) if len(enough) else 1.0
    return Calibration(background, temperature, sure)


def _choose_background(logits: Scores, target: NDArray[np.int64], columns: Columns) -> float:
    """Pick the lowest background that meets `OUT_OF_SCOPE_RECALL`, on logits made with 0.

    The lowest, since every in-scope turn that it turns away is a wrong answer.
    """
    if columns.out_of_scope is None:
        return 0.0
    inside, outside = logits[:, :-1], logits[:, -1]
    known = target < inside.shape[1]
    lead = inside.max(axis=1) - outside
    if known.all():
        return float(np.quantile(lead, FALSE_REJECTIONS))
    return float(np.quantile(lead[~known], OUT_OF_SCOPE_RECALL))


def chances_of(scores: NDArray[Any], columns: Columns, calibration: Calibration) -> Scores:
    """Give the calibrated chance of each intent: (n, labels) -> (n, intents)."""
    logits = _with_background(scores, columns, calibration.background)
    return _softmax(logits / calibration.temperature)


def _softmax(logits: Scores) -> Scores:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    chances: Scores = powers / powers.sum(axis=1, keepdims=True)
    return chances
