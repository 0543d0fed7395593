"""What a question takes for granted: "since it is waterproof, ...", "its 20 hour battery".

Reads words only; whether the record agrees is for `stance` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CAUSE = (
    r"(?:since|as|because|given(?: the fact)?(?: that)?|seeing(?: as| that)?|considering(?: that)?|"
    r"now that|knowing(?: that)?|assuming(?: that)?|provided(?: that)?|if|granted(?: that)?)"
)
_WHO = (
    r"(?:i|we|you|they|he|she|people|everyone|someone|somebody|(?:my|our|the|a|"
    r"one) (?:\w+ )?(?:customer|shopper|"
    r"colleague|friend|client|buyer|boss|ad|advert|box|page|label|seller|website|listing|"
    r"description|"
    r"brochure|packaging|shop|manufacturer|manual|review|reviews))"
)
_KNOWN = (
    rf"(?:{_WHO}(?:'ve| have| has|'d| had| was| were| is| am| are|'m|'re)? (?:already |also |just |"
    r"clearly |always )?(?:know|knows|see|sees|saw|seen|read|heard|hear|understand|understood|"
    r"noticed|gather|believe|believes|think|thinks|thought|assume|assumes|assumed|told|remember|"
    r"say|says|said|mention|mentioned|claim|claims|claimed|state|states|stated|sure|certain|aware|"
    r"promised|informed|learned|learnt)(?: me| us)?|apparently|supposedly|obviously|of course|"
    r"as (?:i|we|you) know|it says here|according to \w+(?: \w+)?)(?:,)?(?: that)?"
)
_LEADING = re.compile(rf"^\s*{_CAUSE}\s+(?P<clause>.+?),\s*(?P<question>.+)$", re.I | re.S)
_TRAILING = re.compile(
    r"^\s*(?P<question>.+?)[,]?\s+(?:since|because|given that|seeing(?: as| that)|"
    r"considering(?: that)?|now that|knowing that|as)\s+(?P<clause>(?:it|it's|they|this|that|the|"
    r"its)\b.+?)"
    r"[?.!]*\s*$",
    re.I | re.S,
)
_TOLD = re.compile(
    rf"^\s*{_KNOWN},?\s+(?P<clause>.+?)(?:[.;!]\s+|,\s*(?:so|but|and|hence|then)?\s*|"
    rf"\s+(?:so|but|and)\s+(?=(?:can|could|is|are|does|do|will|would|how|what|which|where|when|"
    "why)\b))"
    rf"(?P<question>.+)$",
    re.I | re.S,
)
_STATED = re.compile(
    r"^\s*(?P<clause>(?:it|it's|they|this|that|the [\w\s'.-]{1,60}?)(?:'s|'re)?\b"
    r"(?: (?:is|are|has|have|comes|weighs|costs|holds|supports|lasts|runs|includes|uses|works)\b)?"
    r"[^?]{3,160}?)(?:[.;!]\s+|,\s*(?:so|hence|then)\s+|\s+so\s+)"
    r"(?P<question>[^.]*\?.*)$",
    re.I | re.S,
)
_PHRASE = re.compile(
    r"\b(?:the|its|this|with) (?P<clause>(?:\d+(?:[.,]\d+)?)[\s-]?[a-zA-Z\"°]{1,12}[\s-]"
    r"[a-zA-Z]{3,}(?: [a-zA-Z]{3,})?)",
    re.I,
)
_STATES = re.compile(
    r"\b(?:is|are|it's|they're|has|have|had|comes?|weighs?|costs?|holds?|supports?|lasts?|runs?|"
    r"includes?|uses?|works?|can|does|made|offers?|features?|measures?|contains?|was|were|isn't|"
    r"doesn't|aren't|fits?|takes?|prints?|delivers?|provides?|with)\b",
    re.I,
)
_QUESTION = re.compile(
    r"\b(?:can|could|is|are|does|do|did|will|would|should|may|how|what|which|where|when|why|who|"
    r"has|"
    r"have|tell|show|give|please)\b|\?",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Premised:
    """A message in two: what it takes for granted, "" where nothing, and what it asks."""

    premise: str
    question: str


def read_premise(message: str) -> Premised:
    """Split what a message takes for granted from what it asks.

    A clause counts only where it states something and the rest asks something.
    """
    text = message.strip()
    for form in (_TOLD, _LEADING, _TRAILING, _STATED):
        match = form.match(text)
        if match is None:
            continue
        clause, question = match["clause"].strip(" ,.;"), match["question"].strip()
        if _STATES.search(clause) and _QUESTION.search(question) and len(question.split()) > 1:
            return Premised(clause, question)
    match = _PHRASE.search(text)
    if match and re.match(
        r"\s*(?:how|what|which|where|when|why|can|could|will|does|do|is)\b", text, re.I
    ):
        return Premised(f"it has a {match['clause']}", text)
    return Premised("", text)
