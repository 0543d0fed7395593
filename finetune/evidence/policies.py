"""Questions on a shop's policy pages, from the sentences of `policies.toml`.

Knows no catalog.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from finetune.evidence.examples import Example, Labelled
from finetune.situations.speech import typed
from retrieval.evidence_pieces import Piece

_OTHERS = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence of a policy page under its heading, and what it answers."""

    topic: str
    heading: str
    text: str
    questions: tuple[str, ...]

    def labelled(self, label: float) -> Labelled:
        """Return it as a piece under its heading."""
        return Labelled(Piece("passage", self.text), label, f"Page: {self.heading}")


@cache
def rules() -> tuple[Rule, ...]:
    """Return every sentence."""
    text = (files("finetune.evidence") / "policies.toml").read_text(encoding="utf-8")
    return tuple(
        Rule(item["topic"], item["head"], item["text"], tuple(item["ask"]))
        for item in tomllib.loads(text)["items"]
    )


def policy_examples(rng: random.Random, rounds: int) -> Iterator[Example]:
    """Yield each question `rounds` times, a quarter of them without the sentence that answers."""
    for _ in range(rounds):
        for rule in rules():
            for question in rule.questions:
                others = [one for one in rules() if one.topic != rule.topic]
                pieces = [one.labelled(0.0) for one in rng.sample(others, _OTHERS)]
                if rng.random() < 0.75:
                    pieces.append(rule.labelled(1.0))
                yield Example(typed(question, rng), tuple(pieces), "policy", f"rule {rule.text}")
