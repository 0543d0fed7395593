"""Which comparisons are prices: "under 50 euros", "20-40 €", "50 euro budget", "under 50".

A number without money counts only after words that shoppers use of prices, and not where it
counts things, people or years. A pound is money unless the query speaks of weight. Knows no
catalog.
"""

from __future__ import annotations

import math
import re

from catalog_index.filters import Filter
from catalog_index.units import Measure
from retrieval.understanding.amounts import Comparison, bounds_label
from retrieval.understanding.reading import Reading, word_set
from retrieval.understanding.stops import CONNECTIVES
from retrieval.understanding.values import Role

_PLAIN_CUES = {
    *("under", "below", "beneath", "less than", "lower than", "cheaper than"),
    *("over", "above", "between", "<", "<="),
}
_CLOSED_CUES = {
    *("up to", "upto", "at most", "no more than", "not more than", "not over", "not above"),
    *("max", "max.", "max of", "maximum", "maximum of", "more than", "at least", "from", "around"),
    *("roughly", "no less than", "starting at", "starting from", "min", "minimum", "or less"),
    *("or under", "or below", "or cheaper", "and under", "and below", "or lower", "tops", "≤"),
}
"""Cues that other things than prices have too: nothing but a new phrase may follow the number."""
_SMALLEST_CLOSED = 10
_OLDEST_CHILD = 18
_CHILDREN = word_set(
    "kid kids child children boy boys girl girls baby babies toddler toddlers infant infants "
    "age ages aged year years old teens son daughter"
)
_PEOPLE = word_set("women men woman man people adults adult those persons seniors for")
_COUNTED = word_set(
    "page pages piece pieces pc pcs people person persons player players year years yr yrs month "
    "months week weeks day days hour hours minute minutes second seconds item items card cards "
    "seat seats layer layers calorie calories percent degrees degree pack packs count ct port "
    "ports inch inches rating ratings stars star reviews review times x guests key keys lumens "
    "watt watts usb hdmi bit threads thread cores core fps users devices sheets bottles tablets "
    "capsules pairs units servings cups rolls sets slices lights leds mm cm m km g kg lb lbs oz "
    "gb tb mb ml l"
)
_NOT_AFTER = word_set("pro air mac note ultra iphone galaxy pixel spf level size")
WEIGHT = re.compile(r"\bweigh\w*|\bdumb-?bells?\b|\bkettlebells?\b|\bheav(?:y|ier)\b|\blighter\b")
_NEXT_WORD = re.compile(r"\s{0,3}([^\W_]+)")
_YEARS = range(1950, 2051)


def read_prices(reading: Reading, comparisons: list[Comparison], measures: list[Measure]) -> None:
    """Take the comparisons that are prices as filters on "price"."""
    for comparison in comparisons:
        first, last = reading.at(comparison.start, comparison.end)
        if not reading.is_free(first, last) or not _is_price(reading, comparison, measures):
            continue
        reading.take(first, last, Role.CONDITION)
        condition = Filter(
            "price",
            "between",
            low=comparison.low,
            high=comparison.high,
            unit=comparison.currency or "",
        )
        reading.understand(
            condition, (first, last), f"{bounds_label(comparison)} {condition.unit}".strip()
        )


def _is_price(reading: Reading, comparison: Comparison, measures: list[Measure]) -> bool:
    if comparison.high <= 0:
        return False
    text = reading.text
    measured = [m for m in measures if m.start in {comparison.number_start, comparison.low_start}]
    if comparison.currency is not None:
        if comparison.cue == "for" and re.search(r"\d\s{0,2}$", text[: comparison.start]):
            return False
        pounds = comparison.currency == "GBP" and any(m.unit == "lb" for m in measured)
        return not (pounds and WEIGHT.search(text.lower()))
    if measured or not _stands_alone(reading, comparison):
        return False
    return comparison.about_price or _cue_is_enough(reading, comparison)


def _stands_alone(reading: Reading, comparison: Comparison) -> bool:
    """Whether no unit, code or counted thing is joined to a number without money."""
    rest = reading.text[comparison.end :]
    if rest[:1].isalnum() or re.match(r"[%°\"'’″*/_²]|[-.,]\w|\s?%|\s?x\b", rest):
        return False
    following = _NEXT_WORD.match(rest)
    return following is None or following[1].lower() not in _COUNTED


def _cue_is_enough(reading: Reading, comparison: Comparison) -> bool:
    """Whether the comparing word makes a bare number a price."""
    cue = comparison.cue
    number = comparison.low if math.isinf(comparison.high) else comparison.high
    before = _word_before(reading, comparison.start)
    if before in _CHILDREN and number <= _OLDEST_CHILD:
        return False
    if comparison.kind == "over" and (before in _PEOPLE or _leads_with_for(reading, comparison)):
        return False
    if cue in _PLAIN_CUES:
        return comparison.kind != "over" or _phrase_ends(reading, comparison)
    if cue not in _CLOSED_CUES or number < _SMALLEST_CLOSED:
        return False
    if before in _NOT_AFTER or any(character.isdigit() for character in before):
        return False
    if cue == "from" and (comparison.kind == "between" or number in _YEARS):
        return False
    return _phrase_ends(reading, comparison)


def _leads_with_for(reading: Reading, comparison: Comparison) -> bool:
    return reading.text[comparison.start : comparison.start + 4].lower() == "for "


def _word_before(reading: Reading, start: int) -> str:
    return next((word.folded for word in reversed(reading.words) if word.end <= start), "")


def _phrase_ends(reading: Reading, comparison: Comparison) -> bool:
    """Whether a number is followed by the end of a phrase or a word that opens another."""
    following = _NEXT_WORD.match(reading.text[comparison.end :])
    return following is None or following[1].lower() in CONNECTIVES
