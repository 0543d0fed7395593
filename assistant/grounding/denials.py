"""Negations in copy, against the record: "no plastic", "BPA-free", "without parabens".

A negation of something that can be tested is a fact and stands only where the record denies the
thing too; "no fuss" and "hassle-free" are puffery. Deterministic; knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.grounding.checkable import table
from assistant.tasks.metrics import holds, singular, words
from assistant.values import Claim, Verdict

DENIALS = frozenset({"no", "none", "n/a", "without", "not included", "not supported"})
"""What a field says of a feature that the product lacks."""

_BEFORE = (
    r"(?:(?<!need )no(?: added| artificial)?|not any|without(?: any| added)?|zero|"
    r"free (?:from|of)|never any)"
)
_HARMLESS_FREE_WORDS = (
    "hassle stress worry care mess fuss guilt trouble fear clutter risk drama effort"
    " pain hands sugar-coated judgement carefree"
)
_HARMLESS_FREE = frozenset(_HARMLESS_FREE_WORDS.split())
_NEGATIVE = re.compile(
    r"\b(?:no|not|without|never|isn['’]?t|aren['’]?t|doesn['’]?t|don['’]?t|cannot|can['’]?t|nor|"
    r"non|zero|free (?:from|of)|lacks?)\b(?! (?:only|just))",
    re.I,
)


def is_denied_before(text: str, start: int) -> bool:
    """Whether a clause denies what begins at `start`: "it is not waterproof"."""
    clause = re.split(r"[.,;:!?]|\bbut\b|\band\b", text[:start])[-1]
    found = list(_NEGATIVE.finditer(clause))
    return bool(found) and len(clause[found[-1].end() :].split()) <= 3


def check_negations(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return one claim for every negation of something that can be tested.

    Args:
        text: the draft.
        sources: (source id, field, text) that may be stated as facts.
    """
    claims = []
    named = "|".join(re.escape(word) for word in sorted(table()["substances"], key=len)[::-1])
    pattern = re.compile(
        rf"\b(?:{_BEFORE}\s+(?:\w+\s)?(?P<after>{named})|(?P<before>[a-z]+)[- ]free)\b", re.I
    )
    for found in pattern.finditer(text):
        thing = (found["after"] or found["before"]).lower()
        if found["before"] and thing in _HARMLESS_FREE | {"for", "is", "a", "the", "feel", "roam"}:
            continue
        if (
            found["before"]
            and found.group()[len(thing)] == " "
            and thing not in table()["substances"]
        ):
            continue
        verdict, source, field = _judge(thing, sources)
        claims.append(Claim(found.group(), verdict, source, field, "boolean"))
    return claims


def _judge(thing: str, sources: Sequence[tuple[str, str, str]]) -> tuple[Verdict, str, str]:
    """Say whether the record denies a thing, holds it, or is silent."""
    parts = words(thing)
    held: tuple[Verdict, str, str] = ("not_in_record", "", "")
    for source, name, value in sources:
        in_name = all(holds(name, part) for part in parts)
        if in_name and (value in DENIALS or (value == "yes" and "free" in words(name))):
            return "supported", source, name
        for sentence in re.split(r"(?<=[.!?])\s+|;\s*", value):
            for match in re.finditer(rf"\b{re.escape(singular(thing))}s?\b", sentence, re.I):
                after = sentence[match.end() : match.end() + 5].lower()
                if after.startswith(("-free", " free")) or is_denied_before(
                    sentence, match.start()
                ):
                    return "supported", source, name
                held = ("contradicted", source, name)
    return held
