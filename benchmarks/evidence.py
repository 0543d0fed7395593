"""Which piece of a record answers, that none does, and how long finding out takes.

    python -m benchmarks.evidence FEED... [--labelled DIR]

The questions are those that `llama-e finetune evidence` held out: their fields' names, their
wording or (of people's questions) they themselves trained nothing, and the half reported here did
not fit the blend either. "Untuned" is the blend of words and the index's
own cosines, refitted.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine, markdown_table, publish
from catalog_index.embedding import MiniLMEmbedder
from catalog_index.product import Product
from finetune.evidence.calibration import (
    Measured,
    choose_threshold,
    features_of,
    fit_blend,
    halves,
    measure,
    scores_of,
)
from finetune.evidence.run import WEIGHTS, Settings, held_out
from retrieval.evidence import ANSWERS_FIELD, ANSWERS_PASSAGE, EvidenceRanker
from retrieval.evidence_blend import FEATURES, shipped_blend
from retrieval.values import Hit

FIELDS = 40
_TUNED = ("reader", "reader_lead", "match", "match_lead")


def milliseconds(ranker: EvidenceRanker, rounds: int = 30) -> tuple[float, float]:
    """Return the median and the 95th percentile of ranking a record of `FIELDS` fields."""
    names = ("battery life", "display resolution", "package weight", "usb ports", "noise level")
    product = Product(
        "1",
        "Thing",
        description="It hums softly. The lid opens with one hand.",
        attributes={f"{names[n % 5]} {n}": f"{n} units" for n in range(FIELDS)},
    )
    questions = ("how long does it last", "what is the display resolution", "is it waterproof")
    taken = []
    for number in range(rounds + 5):
        started = time.perf_counter()
        ranker.rank(f"{questions[number % 3]} {number}", [Hit(product, 1.0)], 12)
        taken.append((time.perf_counter() - started) * 1000)
    return float(np.median(taken[5:])), float(np.percentile(taken[5:], 95))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("feeds", nargs="+", type=Path)
    parser.add_argument("--labelled", type=Path)
    args = parser.parse_args()
    ranker = EvidenceRanker(MiniLMEmbedder())
    parts = {
        name: halves(examples)
        for name, examples in held_out(Settings(tuple(args.feeds), args.labelled, Path())).items()
    }
    fitted = [example for fit, _ in parts.values() for example in fit]
    blind = [_untuned(features_of(ranker, example)) for example in fitted]
    words = fit_blend(fitted, blind, WEIGHTS)
    level = choose_threshold(fitted, scores_of(words, fitted, blind))
    figures: dict[str, dict[str, float]] = {}
    rows = []
    for name, (_, examples) in parts.items():
        features = [features_of(ranker, example) for example in examples]
        unread = [_untuned(matrix) for matrix in features]
        without = measure(examples, scores_of(words, examples, unread), level)
        scores = scores_of(shipped_blend(), examples, features)
        level_of = ANSWERS_PASSAGE if name == "policies" else ANSWERS_FIELD
        whole = measure(examples, scores, level_of)
        rows += [_row(name, "untuned", without), _row("", "shipped", whole)]
        figures[f"{name}, untuned"] = asdict(without)
        figures[name] = asdict(whole)
    median, slow = milliseconds(ranker)
    figures["milliseconds"] = {"median": median, "p95": slow}
    header = ("questions of", "ranker", "n", "AP", "first", "right", "refused")
    report = (
        f"# Evidence\n\n{machine()}\n\n{markdown_table(header, rows)}\n\n"
        f"A record of {FIELDS} fields: {median:.0f} ms, 95th percentile {slow:.0f} ms."
    )
    publish("evidence", report, figures)


def _untuned(features: NDArray[np.float64]) -> NDArray[np.float64]:
    changed = features.copy()
    changed[:, [FEATURES.index(name) for name in _TUNED]] = 0.0
    return changed


def _row(name: str, ranker: str, found: Measured) -> tuple[str, ...]:
    shares: Sequence[float] = (
        found.average_precision, found.first, found.right, found.refused,
    )  # fmt: skip
    return (name, ranker, str(found.questions), *(f"{share:.3f}" for share in shares))


if __name__ == "__main__":
    main()
