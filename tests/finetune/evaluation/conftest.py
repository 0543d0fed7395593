"""What the tests of evaluation share: pairs of every task, and a subject that is told its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from finetune.evaluation.run import Candidate
from finetune.evaluation.subjects import Written, parsed
from finetune.pair import Pair

BOOT = {"id": "B1", "title": "Acme Trail Boot", "brand": "Acme", "attributes": {"colour": "red"}}


def some_pairs() -> list[Pair]:
    """Two pairs of each task."""
    labels = ["Boots", "Mugs"]
    return [
        Pair("c1", "classify", {"product": BOOT, "labels": labels}, "Boots"),
        Pair("c2", "classify", {"product": {"title": "Tea mug"}, "labels": labels}, "Mugs"),
        Pair("i1", "intent", {"query": "red boot", "product": BOOT}, "likely"),
        Pair("i2", "intent", {"query": "tea mug", "product": BOOT}, "unlikely"),
        Pair("a1", "answer", {"question": "which colour?", "evidence": ["colour: red"]}, "Red."),
        Pair(
            "a2",
            "answer",
            {"question": "is it warm?", "evidence": ["colour: red"]},
            "The catalog does not say.",
        ),
        Pair("d1", "ads", {"product": BOOT}, "The Acme Trail Boot is red and ready to walk."),
        Pair("d2", "ads", {"product": "Tea mug"}, "A tea mug for your table, morning and night."),
        Pair("t1", "title", {"query": "red boot", "product": BOOT}, "Acme Trail Boot, Red"),
        Pair("t2", "title", {"query": "mug", "product": "Tea mug"}, "Tea mug"),
    ]


class Told:
    """A subject that says what it was told to, by pair; the reference where it was told nothing."""

    def __init__(self, name: str, says: Mapping[str, str] | None = None) -> None:
        self.name, self.says = name, says or {}
        self.asked: list[str] = []
        self.dies_at = ""

    def answer(self, pairs: Sequence[Pair]) -> Iterator[Written]:
        for pair in pairs:
            if pair.id == self.dies_at:
                raise KeyboardInterrupt
            self.asked.append(pair.id)
            yield parsed(pair, self.says.get(pair.id, pair.output), 0.1)

    def log_likelihood(self, pair: Pair) -> tuple[float, int]:
        return -2.0, 4


@pytest.fixture
def pairs() -> list[Pair]:
    return some_pairs()


@pytest.fixture
def candidate() -> Callable[[Told], Candidate]:
    return lambda subject: Candidate(subject.name, {"model": subject.name}, lambda: subject)
