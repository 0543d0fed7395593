"""A search that goes on: "what about under 50?", "only the red ones", "without leather"."""

from __future__ import annotations

import re

from assistant.dialogue.references import Reference
from retrieval.understanding import Understood

_ONLY = re.compile(
    r"^\s*(?:(?:and|but|ok(?:ay)?|please|maybe|also)[, ]+)*"
    r"(?:(?:show|list|give)(?: me)?\b.{0,12}\b)?(?:only|just|any(?:thing)?|something|some|"
    r"in|with|without|under|below|less than|over|above|between|cheaper|from|by|not)\b",
    re.I,
)
_CHEAPER = re.compile(r"\b(?:cheaper|less expensive|lower price)\b", re.I)
_DEARER = re.compile(r"\b(?:more expensive|dearer|pricier|higher end)\b", re.I)
_FILLER = re.compile(
    r"\b(?:what about|how about|and|but|only|just|the|ones?|any(?:thing)?|something|please|show me|"
    r"show|list|give me|do you have|are there|is there|you|have|got|instead|then|ok(?:ay)?|no|"
    r"maybe|"
    r"also|some|them|those|these|if|i|want|need|it|be|should|they|that|are|is)\b|[?!.,;]",
    re.I,
)
_MOST_WORDS = 12


def refined(old: Understood, new: Understood, reference: Reference) -> str:
    """Return the old search's text with the new conditions; "" where the message is none of it.

    A new condition on a field takes the place of the old ones on it.
    """
    message = new.text
    if len(message.split()) > _MOST_WORDS or (reference.is_one and not reference.is_many):
        return ""
    cheaper, dearer = bool(_CHEAPER.search(message)), bool(_DEARER.search(message))
    has_condition = bool(new.filters or new.preferences or new.sort or cheaper or dearer)
    goes_on = reference.is_elliptic or reference.is_many or bool(_ONLY.match(message))
    if not (goes_on and has_condition) or reference.positions or reference.is_comparison:
        return ""
    fields = {item.filter.field for item in (*new.filters, *new.preferences)}
    text = old.text
    for item in sorted((*old.filters, *old.preferences), key=lambda one: -one.start):
        if item.filter.field in fields:
            text = f"{text[: item.start]} {text[item.end :]}"
    kept = [(item.start, item.end) for item in (*new.filters, *new.preferences)]
    said = " ".join(message[start:end] for start, end in sorted(set(kept)))
    rest = _FILLER.sub(" ", message) if not kept else said
    order = "cheapest" if cheaper or new.sort == "price ascending" else ""
    order = "most expensive" if dearer or new.sort == "price descending" else order
    if not kept and order:
        rest = ""
    return " ".join(f"{order} {text} {rest}".split())
