"""What the record says to a statement: that it is so, that it is not, or neither.

The statement is a clause or a yes-or-no question about one product ("it is waterproof", "does it
weigh 2 kg?"), and one piece of evidence is taken to be about the same thing. Deterministic:
polarity, measures with unit arithmetic, and words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Literal

from assistant.grounding.amounts import Number, agree, numbers
from catalog_index.filters import fold
from retrieval.stems import all_stems, stems
from retrieval.values import Evidence

Stance = Literal["supported", "contradicted", "open"]

_NOT = re.compile(
    r"\b(?:not|never|cannot|lacks?|non|isn'?t|aren'?t|doesn'?t|don'?t|can'?t|won'?t|"
    r"hasn'?t|haven'?t|wasn'?t|nothing|neither)\b",
    re.I,
)
_LEADING_NOT = re.compile(
    r"^\s*(?:isn'?t|aren'?t|doesn'?t|don'?t|can'?t|won'?t|hasn'?t|haven'?t|wasn'?t)\b", re.I
)
"""A question that hopes for a yes: "isn't it waterproof?"."""

_LACKING = re.compile(r"\b(?:without|no)\s+(?P<what>(?:\w+[ -]?){1,3})", re.I)
_TRUTH = {"yes": True, "no": False, "true": True, "false": False}
_MORE = re.compile(r"\b(?:more than|over|above|at least|longer than|heavier than|bigger than|"
    r"exceeds?|"
                   r"minimum|\w{3,}er than)\s*$", re.I)  # fmt: skip
_LESS = re.compile(r"\b(?:less than|under|below|at most|up to|lighter than|shorter than|"
    r"smaller than|"
                   r"maximum|fewer than|lower than|within|no more than)\s*$", re.I)  # fmt: skip
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|circa|~)\s*$", re.I
)
_ROUGHLY = 0.1
_OPPOSITES = (
    ("wired", "wireless"), ("corded", "cordless"), ("manual", "automatic"), ("fixed", "removable"),
    ("fixed", "adjustable"), ("passive", "active"), ("single", "dual"), ("new", "used"),
    ("indoor", "outdoor"), ("dry", "wet"),
)  # fmt: skip
_YES_NO = re.compile(
    r"^\s*(?:(?:hi|hello|hey|ok(?:ay)?|so|and|but|well|please|also|quick question|"
    r"question)[,.: ]+)*"
    r"(?:is|are|was|were|does|do|did|can|could|will|would|has|have|had|should|may|isn'?t|aren'?t|"
    r"doesn'?t|don'?t|can'?t|won'?t)\b|\byes or no\b|^(?:it|the \w+)\s*[:,]\s*(?:is|does|has|"
    r"can)\b",
    re.I,
)
_WHETHER = re.compile(
    r"\b(?:whether|(?:know|tell me|check|see|ask|asks|wonder|wondering) if|confirm)\b", re.I
)
_EARLY = 40
_WH = re.compile(r"\b(?:what|which|how|who|whom|whose|when|where|why)\b", re.I)
_MOST_FIELD = re.compile(
    r"\bup to\b|\bmax(?:imum)?\b|\bwindow\b|\brange\b|\bburst\b|\blimit\b|\bcapacity\b|\bload\b"
    r"|\bdrilling\b",
    re.I,
)
_LEAST_FIELD = re.compile(r"\bmin(?:imum)?\b|\bfrom\b", re.I)
_ABLE = re.compile(
    r"\b(?:can|could|may|safe|suitable|within|up to|stand|take|hold|carry|fit)\b", re.I
)
_SPAN = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:to|-|–)\s*(\d+(?:[.,]\d+)?)")
_FREE_OF = re.compile(r"(?P<what>[\w ]+?)[ -]free\b", re.I)
_FREE = re.compile(r"[ -]free\b|\bfree (?:of|from)\b")
_TAG = re.compile(
    r",\s*(?:is|are|does|do|can|has|will|was)(?:n'?t)? (?:it|they|that|this)\s*\?*\s*$|,?\s*"
    r"\b(?:right|correct|yes|no|true)\s*\?+\s*$",
    re.I,
)
_COPULA = re.compile(
    r"\b(?:is|are) (?:it|they|this|that)\b|\b(?:it|they|this|that)(?: is|'s| are)\b|\bmade (?:of|"
    r"from)\b",
    re.I,
)
_SHORT = 4
_SOLD_OUT = re.compile(r"\b(?:sold out|out of stock|unavailable|not in stock)\b", re.I)
_IN_STOCK = re.compile(
    r"\b(?:in stock|available|availability|buy|order|get (?:it|one|them)|on hand|have (?:it|any|"
    r"one))\b",
    re.I,
)
_OPENS = re.compile(r"\s*(?:yes|no)\b", re.I)
_YES_OR_NO = re.compile(r"\byes or no\b", re.I)
_PLAIN = all_stems(
    "product item come made have with does feature features support supports include includes"
    " offer offers use uses really actually still also possible work works able tell know please"
    " there available kind type version model any some one get need want my our your this that it"
    " made out from same well just even already equipped built come comes ship sold exactly correct"
    " right true say says listed rated weigh weighs measure cost costs last lasts hold holds run"
    " runs take takes colour color price total about around roughly approximately more less than"
    " over under least most since because given"
)


def is_yes_no(question: str) -> bool:
    """Whether a question wants a yes or a no."""
    if _TAG.search(question):
        return True
    if _WHETHER.search(question):
        return True
    return bool(_YES_NO.search(question)) and not _WH.search(question[:_EARLY])


def says_yes_or_no(text: str) -> bool:
    """Whether an answer opens with a yes or a no."""
    return _OPENS.match(text) is not None


IsValue = Callable[[str, str], bool]
"""Whether some record of the catalog has a field (its name, a text) with this very value."""


def stance(statement: str, item: Evidence, is_value: IsValue | None = None) -> Stance:
    """Return what a piece of evidence says to a statement, "open" where it does not decide.

    Args:
        statement: a clause or a yes-or-no question, the product's names left out.
        item: what is taken to be about the same.
        is_value: tells that the statement's words are another value of the field, and so deny the
            one that it has; without it only a plain "is it ..." does.
    """
    statement = _YES_OR_NO.sub(" ", _TAG.sub("", statement))
    negated = denies(statement, item)
    held = _TRUTH.get(item.text.strip().casefold())
    if held is not None:
        turned = _turned(statement, item.field) is not _of_what_it_is_free(statement, item.field)
        return _decided(held is not turned, negated)
    if item.kind == "passage" or item.field == "description":
        return "open"
    said = [number for number in numbers(statement) if not _is_name(number, item)]
    if said:
        holds = _of_numbers(statement, said, item)
        return "open" if holds is None else _decided(holds, negated)
    if item.field == "availability":
        return _of_stock(statement, item.text, negated)
    return _of_words(statement, item, is_value, negated=negated)


def denies(statement: str, item: Evidence) -> bool:
    """Whether a statement or question denies.

    "Without" and "no" count only before what the field is about.
    """
    statement = _LEADING_NOT.sub("", statement)
    about = stems(item.field) | stems(item.text)
    # The name itself denies nothing: "is it non-slip?".
    name = r"[\W_]+".join(map(re.escape, re.findall(r"\w+", item.field)))
    statement = re.sub(rf"\b{name}\b", " it ", statement, flags=re.I) if name else statement
    lacking = sum(1 for match in _LACKING.finditer(statement) if stems(match["what"]) & about)
    return (len(_NOT.findall(statement)) + lacking) % 2 == 1


def _decided(holds: bool, negated: bool) -> Stance:
    return "supported" if holds is not negated else "contradicted"


def _of_what_it_is_free(statement: str, field: str) -> bool:
    """Whether a statement says that a product has what a field says it is free of: "contains BPA".

    "Is it BPA-free?" says what "bpa-free" says, and "does it contain BPA?" the opposite.
    """
    free = _FREE_OF.match(field)
    if free is None:
        return False
    said = statement.casefold()
    return free["what"].casefold() in said and not _FREE.search(said)


def _turned(statement: str, field: str) -> bool:
    """Whether a statement says the opposite word of a field's name: "wired" of "wireless"."""
    said, name = set(re.findall(r"\w+", statement.lower())), set(re.findall(r"\w+", field.lower()))
    return any(
        (one in said and other in name and other not in said)
        or (other in said and one in name and one not in said)
        for one, other in _OPPOSITES
    )


def _is_name(number: Number, item: Evidence) -> bool:
    """Whether a number is part of the field's name: "usb 2.0 ports"."""
    return any(number.value == other.value for other in numbers(item.field))


def _of_numbers(statement: str, said: list[Number], item: Evidence) -> bool | None:
    held = numbers(item.text)
    if not held:
        # "a size of 43" is no size XXL; where the field is not named, it may speak of another.
        return False if stems(item.field) <= stems(statement) else None
    verdicts = []
    for number in said:
        near = [one for one in held if _comparable(one, number)]
        if not near:
            return None
        before = statement[: statement.find(number.text)]
        fits = any(_fits(one, number, before) for one in near)
        compares = _MORE.search(before) or _LESS.search(before)
        if not fits and not compares and _ABLE.search(statement) and not _names(statement, item):
            within = _within(number, near, item)
            if within is None:
                return None
            fits = within
        verdicts.append(fits)
    return all(verdicts)


def _names(statement: str, item: Evidence) -> bool:
    return stems(item.field) <= stems(statement)


def _within(said: Number, held: Sequence[Number], item: Evidence) -> bool | None:
    """Whether what a product can do reaches an amount, or None where its field sets no limit.

    "Can it go in the oven at 200 degrees?" is a yes to "oven safe up to: 250 °C".
    """
    if _SPAN.search(item.text) and len(held) > 1:
        return min(one.value for one in held) <= said.value <= max(one.value for one in held)
    one, other = held[0].measure(), said.measure()
    most, wanted = (one.amount, other.amount) if one and other else (held[0].value, said.value)
    if _MOST_FIELD.search(item.field):
        return wanted <= most
    return wanted >= most if _LEAST_FIELD.search(item.field) else None


def _comparable(held: Number, said: Number) -> bool:
    one, other = held.measure(), said.measure()
    if one and other:
        return one.dimension == other.dimension
    return held.unit == said.unit or not held.unit or not said.unit


def _fits(held: Number, said: Number, before: str) -> bool:
    one, other = held.measure(), said.measure()
    if one and other:
        low, high = one.amount, other.amount
    else:
        low, high = held.value, said.value
    if _LESS.search(before):
        return low <= high
    if _MORE.search(before):
        return low >= high if re.search(r"at least\s*$", before, re.I) else low > high
    if _ABOUT.search(before):
        return abs(low - high) <= _ROUGHLY * abs(low)
    return low == high or agree(held, said)


def _of_stock(statement: str, text: str, negated: bool) -> Stance:
    """Compare "in stock", "sold out" and the like with an availability."""
    if ";" in text:
        return "open"
    held = text.strip().casefold() == "in stock"
    if _SOLD_OUT.search(statement):
        return _decided(text.strip().casefold() == "out of stock", negated)
    return _decided(held, negated) if _IN_STOCK.search(statement) else "open"


def _of_words(statement: str, item: Evidence, is_value: IsValue | None, *, negated: bool) -> Stance:
    """Compare the words that a statement adds to the field's name with the field's value."""
    named = stems(item.field) | stems(item.source_title) | _PLAIN
    clean = _NOT.sub(" ", statement)
    value = stems(item.text)
    added = stems(clean) - (named - value)
    if not added:
        return "open"
    words = " ".join(word for word in re.findall(r"[\w-]+", clean) if stems(word) & added)
    if added <= value:
        # "brushless" begins like "brushed"; what the catalog knows as another value is another.
        is_other = is_value is not None and is_value(item.field, words)
        same = not is_other or fold(words) in fold(item.text)
        return _decided(same, negated)
    if numbers(item.text) or added & value:
        return "open"
    plain = _COPULA.search(clean) is not None and len(item.text.split()) <= _SHORT
    other = is_value(item.field, words) if is_value else plain
    return _decided(False, negated) if other else "open"
