"""Which evidence bears on a question, how it is told to the model, and how much of it fits.

The budget is kept by leaving pieces out, the weakest first: a field or sentence is whole or absent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from assistant.grounding.wording import with_heading
from retrieval.evidence import ANSWERS_FIELD, ANSWERS_PASSAGE
from retrieval.values import Evidence

BUDGET = 1_200
"""How many tokens of evidence and question the model is given at most."""


def bears(item: Evidence) -> bool:
    """Whether a piece of evidence bears on the question at all."""
    return item.score >= (ANSWERS_FIELD if item.kind == "product" else ANSWERS_PASSAGE)


def fact(item: Evidence) -> str:
    """Write a piece of evidence as a line of the prompt."""
    if item.field in ("passage", "description"):
        return with_heading(item)
    return f"{item.field}: {item.text}"


def fitting(
    used: Sequence[Evidence], count: Callable[[Sequence[str]], int], budget: int = BUDGET
) -> list[Evidence]:
    """Return the evidence that fits a budget, the best first; the weakest is left out.

    Args:
        used: pieces, best first.
        count: the length in tokens of a prompt that states these facts.
        budget: how many tokens it may have.
    """
    kept = list(used)
    while kept and count([fact(item) for item in kept]) > budget:
        kept.pop()
    return kept
