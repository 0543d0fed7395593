"""What a question takes for granted, against the record: the fault that the answer says first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import replies
from assistant.evidence_use import bears
from assistant.grounding import IsValue, stance, statement
from retrieval.asked_field import Ranker
from retrieval.stems import stems
from retrieval.values import Evidence, Hit


@dataclass(frozen=True, slots=True)
class PremiseFault:
    """What the record says against a premise, in words.

    `used` is what decided; `is_absent` says that the record does not hold the premise at all.
    """

    text: str
    used: tuple[Evidence, ...] = ()
    is_absent: bool = False


def check_premise(
    premise: str, focus: Hit, ranker: Ranker, is_value: IsValue | None
) -> PremiseFault | None:
    """Return what the record says against a premise, or None where it agrees.

    Args:
        premise: a clause, the product's names left out.
        focus: the product that it is about.
        ranker: finds the fields that it speaks of.
        is_value: see `stance`.
    """
    best = ranker.rank(premise, [focus], 3)
    near = [item for item in best if bears(item)]
    if not near:
        return PremiseFault(replies.premise_absent(premise), (), is_absent=True)
    stances = [(stance(premise, item, is_value), item) for item in near]
    decided = next((pair for pair in stances if pair[0] != "open"), None)
    if decided and decided[0] == "supported":
        return None
    if decided:
        return PremiseFault(replies.premise_denied(statement(decided[1])), (decided[1],))
    if _holds_words(premise, near):
        return None
    return PremiseFault(replies.premise_absent(premise), (), is_absent=True)


def _holds_words(premise: str, near: Sequence[Evidence]) -> bool:
    """Whether a sentence of the description says the premise in its own words."""
    wanted = stems(premise)
    return any(
        wanted <= stems(f"{item.source_title} {item.field} {item.text}")
        for item in near
        if item.field in ("description", "passage")
    )
