"""How a message points back: "it", "the first", "and the red one?", "compare it with ...".

Reads words only; which products they mean is for `assistant.dialogue.follow` to find.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ORDINALS = {
    "first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3,
    "fifth": 4, "5th": 4, "last": -1,
    "former": 0, "latter": -1, "top": 0,
}  # fmt: skip
_VERBS_TOO = ("last", "top")
_POINTS = re.compile(r"the |that |your |\w+ (?:one|option|item|product|result)", re.I)
_ORDINAL = re.compile(
    r"\b(?:the |that |your |option |number |no\. ?|nr\. ?|item |result |#)*"
    r"\b(?P<word>first|1st|second|2nd|third|3rd|fourth|4th|fifth|5th|last|former|latter|top)\b"
    r"(?: (?:one|option|item|product|result|of (?:them|these|those|the list)))?"
    r"(?! (?:time|thing|name|aid|class|hand|year|week|month|day|night|floor|generation|gen\b|i\b))",
    re.I,
)
_NUMBERED = re.compile(
    r"(?:\b(?:option|number|item|result|nr\.?|no\.)\s?|#)(?P<number>[1-9])\b", re.I
)
_BARE = re.compile(r"^\s*(?:the )?(?P<number>[1-9])\s*[.)!?]?\s*$")
_PRONOUN = re.compile(
    r"\b(?:it|its|it's|this|that|they|them|their|these|those|the same|this one|that one)\b", re.I
)
_SEVERAL = re.compile(
    r"\b(?:both|them|all (?:of them|two|three)|the (?:two|three)|these|those)\b", re.I
)
_COMPARE = re.compile(
    r"\bcompar(?:e|ed|es|ing|ison)\b|\bdifferen(?:ce|ces|t)\b.*\b(?:between|from|and|to)\b|"
    r"\bversus\b|\bvs\.?\b|\bhow do(?:es)? .+ differ\b|\bwhich (?:one |of (?:them|these|the two) )?"
    r"(?:is|are|has|have|weighs|costs|holds|lasts|offers|gives|comes|runs|would|should)\b|"
    r"\b(?:\w+er|more|less|fewer|better|worse)\b(?: [\w-]+){0,4} than\b|\bside by side\b|"
    r"\bwhich (?:one|of)\b.*\b(?:or|and)\b|\bor\b.*\bwhich\b|\bor\b.{1,90}\b(?:\w{3,}er|more|"
    r"less|fewer|worse)\b|\bas \w+ as\b",
    re.I,
)
_THAN_AMOUNT = re.compile(
    r"\b(?:\w+er|more|less|fewer)\b(?: [\w-]+){0,3} than (?:about |around |roughly )?[€$£]?\d[^?]*",
    re.I,
)
"""What asks for an amount, not for another product: "more than 300 grams"."""

_LEAD = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|oh|hm+|well|so|then|alright|right|thanks|thank you|great|fine|please)"
    r"[,.! ]+)*"
    r"(?P<lead>(?:and|what about|how about|what of|but|also|or|same for|same question for|"
    r"and what about|and how about|what if (?:i want|it is|it's)|and for|for)\b)",
    re.I,
)
_CORRECTION = re.compile(
    r"^\s*(?:(?:sorry|oh|oops|ah|hm+)[,.! ]+)*(?:no|nope|nah|not (?:that|this)(?: one)?|"
    r"wrong(?: one)?|"
    r"actually|i meant?|i mean|rather)\b[,.;:! -]*"
    r"(?:(?:sorry|not (?:that|this|the \w+)(?: one)?|i (?:meant?|mean|want(?:ed)?|"
    r"was asking about)|"
    r"rather|instead)\b[,.;: -]*)*",
    re.I,
)
_ONE = re.compile(
    r"\b(?:the|that|this|a|an|in|your)\s+(?P<what>(?:[\w.,'\"-]+ ){0,4}?[\w.'\"-]+)\s+"
    r"(?:one|version|variant|model|edition)\b",
    re.I,
)
_ONES = re.compile(r"\bones\b", re.I)
_TAIL = re.compile(
    r"\b(?:one|version|variant|model|edition|option|instead|please|then|too|now)\b", re.I
)
_ARTICLE = re.compile(r"^(?:(?:the|a|an|for|in|with|of|that|this|your|about)\s+)+", re.I)


@dataclass(frozen=True, slots=True)
class Reference:
    """What the words of a message point at.

    `positions` are places in the last list, from 0; -1 is the last. `description` is what is said
    of the product meant ("red", "500 ml"), and `rest` the message without its lead. `is_elliptic`
    says that the message leaves its question out, `is_one` that its description is of one product
    ("the red one"), `is_many` of several ("the red ones").
    """

    positions: tuple[int, ...] = ()
    is_pronoun: bool = False
    is_several: bool = False
    is_comparison: bool = False
    is_elliptic: bool = False
    is_correction: bool = False
    is_one: bool = False
    is_many: bool = False
    description: str = ""
    rest: str = ""


def read_reference(message: str) -> Reference:
    """Read how a message points back to the turns before it."""
    correction = _CORRECTION.match(message)
    lead = None if correction else _LEAD.match(message)
    after = message[correction.end() if correction else lead.end() if lead else 0 :]
    rest = after.strip(" ,.?!;:")
    one = _ONE.search(rest)
    description = one["what"] if one else _TAIL.sub(" ", rest)
    return Reference(
        positions=_positions(message),
        is_pronoun=bool(_PRONOUN.search(message)),
        is_several=bool(_SEVERAL.search(message)),
        is_comparison=bool(_COMPARE.search(_THAN_AMOUNT.sub(" ", message))),
        is_elliptic=bool(correction or lead) and not asks_in_full(rest),
        is_correction=bool(correction),
        is_one=bool(one),
        is_many=bool(_ONES.search(rest)),
        description=_ARTICLE.sub("", " ".join(description.split())),
        rest=rest,
    )


_VERB = re.compile(
    r"^(?:is|are|was|were|does|do|did|can|could|will|would|has|have|had|should|may|might|how|what|"
    r"which|who|where|when|why|compare|write|make|give|tell|show|find|list|create|classify|rewrite|"
    r"suggest)\b",
    re.I,
)


def asks_in_full(rest: str) -> bool:
    """Whether what follows the lead is a question or request of its own."""
    return bool(_VERB.match(rest))


def _positions(message: str) -> tuple[int, ...]:
    if bare := _BARE.match(message):
        return (int(bare["number"]) - 1,)
    found = [
        (match.start(), _ORDINALS[match["word"].lower()])
        for match in _ORDINAL.finditer(message)
        if match["word"].lower() not in _VERBS_TOO or _POINTS.match(match.group())
    ]
    found += [(match.start(), int(match["number"]) - 1) for match in _NUMBERED.finditer(message)]
    return tuple(dict.fromkeys(place for _, place in sorted(found)))


def without_places(message: str) -> str:
    """Return a message with "it" for what points at a list's places: "the second one"."""
    return _NUMBERED.sub("it", _ORDINAL.sub("it", message))


_ASKS = re.compile(
    r"\?|^\s*(?:(?:hi|hello|hey|please|quick question|question)[,.:! ]+)*"
    r"(?:is|are|was|does|do|did|can|could|will|would|has|have|how|what|which|who|where|when|why)\b|"
    r"\b(?:tell me|let me know|look up|i need (?:to know|the)|asks? (?:for|about|if|whether|how|"
    r"what)|"
    r"want(?:s|ed)? to know|need to know|do you know|wonder(?:s|ing)?|confirm|check (?:if|"
    r"whether|the)|"
    r"question)\b",
    re.I,
)


def is_question(message: str) -> bool:
    """Whether a message reads as a question, or as a request to be told something."""
    return bool(_ASKS.search(message))


_ABOUT_IT = re.compile(
    r"\b(?:of|for|about|does|is|do|has|have|has got|did|will|would|can|with|on|in|by|are|"
    r"was) (?:it|"
    r"them)\b|"
    r"\bit(?:'s)? (?:have|has|is|does|come|comes|support|supports|weigh|weighs|cost|costs|use|"
    r"take)\b|"
    r"^it\s*[:,-]|\bits\b",
    re.I,
)
_MAKES = re.compile(
    r"\b(?:classif|categor|label (?:it|this|them)|which label|taxonom|department|belong|shelve|"
    r"file (?:it|this)|sort (?:it|this)|"
    r"(?:what|which) (?:kind|sort) of|bucket|find|recommend|suggest|list|show|search|similar|"
    r"alternatives?|products?)\w*",
    re.I,
)


def asks_about_it(masked: str) -> bool:
    """Whether a message, the product's names taken out, asks for something of that product."""
    return is_question(masked) and bool(_ABOUT_IT.search(masked)) and not _MAKES.search(masked)


_GOES_ON = re.compile(
    r"^\s*(?:(?:ok(?:ay)?|thanks|thank you|good|nice|great|now|and|but|please|can you|could you|"
    r"no)[,.! ]+)*"
    r"(?:make (?:it|them|that)|(?:a bit |much |slightly |even )?(?:shorter|longer|simpler|"
    r"funnier|bolder|"
    r"warmer|snappier|more \w+|less \w+)|(?:try )?again|once more|(?:give me )?another(?: one|"
    r" version)?|"
    r"(?:in |under |at most |max(?:imum)? |about |exactly )?\d+ (?:words|characters|sentences|"
    r"versions|"
    r"variants|options)|with(?:out)? (?:the |an? )?\w+|(?:do not|don't|dont) (?:say|use|mention)|"
    r"(?:just|only) (?:one|two|three|\d+)\b|"
    r"(?:add|include|mention|drop|remove|keep|avoid|use|rewrite|rephrase|change|tone)\b|"
    r"(?:for|on) (?:instagram|facebook|tiktok|pinterest|linkedin|twitter|amazon|ebay|etsy|google|"
    r"email)"
    r"|(?:three|two|four|five|3|2|4|5) (?:more|versions|variants|options|others))",
    re.I,
)
_MOST_GOING_ON = 16


def goes_on(message: str) -> bool:
    """Whether a message goes on with a text that was written: "make it shorter", "20 words"."""
    return bool(_GOES_ON.match(message)) and len(message.split()) <= _MOST_GOING_ON
