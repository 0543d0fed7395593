"""Confidence intervals of any `Measure`, and of the difference between two subjects.

The percentile bootstrap over pairs (Efron 1979), seeded; a comparison resamples the same pairs on
both sides (Koehn 2004, "Statistical significance tests for machine translation evaluation").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from finetune.errors import EvaluationError
from finetune.evaluation.metrics import Floats, Measure

_LOW, _HIGH = 2.5, 97.5


class Interval(NamedTuple):
    """A score with the ends of its 95% interval."""

    value: float
    low: float
    high: float


class Difference(NamedTuple):
    """Ours minus theirs with its 95% interval, and the two-sided p of there being none."""

    value: float
    low: float
    high: float
    p: float


def draw(pairs: int, resamples: int, seed: int) -> Floats:
    """Return how often each resample holds each pair, shape (resamples, pairs)."""
    if pairs < 1 or resamples < 1:
        raise EvaluationError(
            f"{pairs} pairs cannot be resampled {resamples} times; give at least one of each."
        )
    chance = np.random.default_rng(seed)
    return chance.multinomial(pairs, np.full(pairs, 1 / pairs), size=resamples).astype(float)


def interval(measure: Measure, weights: Floats) -> Interval:
    """Return a measure's score and interval; `weights` are `draw`'s."""
    _check(measure, weights)
    return Interval(measure.score(), *_ends(measure.value(weights @ measure.stats)))


def difference(ours: Measure, theirs: Measure, weights: Floats) -> Difference:
    """Compare two subjects by one measure over the same pairs.

    p is twice the smaller share of resamples on one side of 0, with one added to both counts so
    that it is never 0 (Davison and Hinkley 1997, 4.2).

    Raises:
        EvaluationError: the two are not over the same number of pairs.
    """
    _check(ours, weights)
    _check(theirs, weights)
    drawn = ours.value(weights @ ours.stats) - theirs.value(weights @ theirs.stats)
    drawn = drawn[~np.isnan(drawn)]
    least = min((drawn <= 0).sum(), (drawn >= 0).sum())
    p = min(1.0, 2 * (int(least) + 1) / (len(drawn) + 1))
    return Difference(ours.score() - theirs.score(), *_ends(drawn), p)


def _ends(drawn: Floats) -> tuple[float, float]:
    held = drawn[~np.isnan(drawn)]
    if not held.size:
        return float("nan"), float("nan")
    low, high = np.percentile(held, (_LOW, _HIGH))
    return float(low), float(high)


def _check(measure: Measure, weights: Floats) -> None:
    if measure.stats.shape[0] != weights.shape[1]:
        raise EvaluationError(
            f"{measure.name}: {measure.stats.shape[0]} pairs were scored and {weights.shape[1]} "
            "resampled; both sides of a comparison must hold the same pairs."
        )
