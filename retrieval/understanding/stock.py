"""Availability, condition, sales and order by price: "in stock", "refurbished", "cheapest".

A filter is made only where the vocabulary has its value, so that a shop whose feed says nothing
of stock is not emptied by "in stock". "New" alone says too little and is left as a word.
"""

from __future__ import annotations

from catalog_index.filters import Filter
from retrieval.understanding.reading import Reading, word_set
from retrieval.understanding.stops import CONNECTIVES, PhraseTable, matched, phrase_table
from retrieval.understanding.values import Role, Sort

ON_SALE = "on sale"
"""The flag, in `Vocabulary.fields_with` and as a filter's field, of records with a sale price."""

_IN_STOCK = phrase_table("""
in stock only | only in stock | in stock now | currently in stock | in stock | on stock
currently available | available now | available right now | available immediately
available today | immediately available | ready to ship | not sold out | not out of stock
that are available | which are available | that is available | only available | auf lager
op voorraad | en stock
""")
_CONDITIONS: tuple[tuple[str, PhraseTable], ...] = (
    (
        "refurbished",
        phrase_table(
            "condition refurbished | in refurbished condition | refurbished | renewed | "
            "reconditioned | refurb | generalüberholt"
        ),
    ),
    (
        "used",
        phrase_table(
            "condition used | in used condition | used | second hand | secondhand | "
            "pre owned | preowned | pre loved"
        ),
    ),
    ("new", phrase_table("brand new | new condition | in new condition | condition new | unused")),
)
_SALE = phrase_table("""
on sale | on offer | on special offer | special offer | special offers | discounted
at a discount | with discount | with a discount | reduced price | reduced prices
at a reduced price | at reduced price | reduced in price | on clearance | on discount | marked down
in the sale | im angebot | in de aanbieding | en promotion | en promo
""")
_ORDERS: tuple[tuple[Sort, PhraseTable], ...] = (
    (
        "price ascending",
        phrase_table("""
the cheapest | cheapest first | cheapest | lowest price first | the lowest price | lowest price
lowest priced | lowest prices | lowest cost | least expensive | most affordable
price low to high | low to high | price ascending | sorted by price | sort by price
by price low to high | günstigste | günstigster | billigste | goedkoopste | le moins cher
"""),
    ),
    (
        "price descending",
        phrase_table("""
the most expensive | most expensive first | most expensive | priciest | costliest | dearest
highest price first | the highest price | highest price | highest priced | highest prices
price high to low | high to low | price descending | teuerste | duurste | le plus cher
"""),
    ),
)
_DENIALS = word_set("not no non never without except excluding nothing")
_NOT_BEFORE_USED = word_set(
    "be is are was were being been get got getting i we you it often commonly mostly can never "
    "most widely being"
)
_NOT_AFTER_USED = word_set("for to by with as in on at when")


def read_stock(reading: Reading) -> None:
    """Take the phrases of availability, condition, sale and order."""
    at = 0
    while at < len(reading.words):
        at += _read_at(reading, at) or 1


def _read_at(reading: Reading, at: int) -> int:
    """Take a phrase that starts at a word; returns how many words were taken."""
    if not reading.is_free(at, at + 1):
        return 0
    for order, table in _ORDERS:
        if length := matched(reading, at, table):
            reading.sort = reading.sort or order
            reading.take(at, at + length, Role.CONDITION)
            return length
    if length := matched(reading, at, _IN_STOCK):
        return _take(reading, at, length, ("availability", "in stock"))
    for value, table in _CONDITIONS:
        length = matched(reading, at, table)
        if length and not (value == "used" and _is_verb(reading, at, length)):
            return _take(reading, at, length, ("condition", value))
    if length := matched(reading, at, _SALE):
        return _take(reading, at, length, (ON_SALE, True))
    if reading.words[at].folded == "reduced" and _ends_phrase(reading, at + 1):
        return _take(reading, at, 1, (ON_SALE, True))
    return 0


def _take(reading: Reading, at: int, length: int, wanted: tuple[str, str | bool]) -> int:
    """Take a phrase as a filter where the catalog has its value; a denial before it counts."""
    name, value = wanted
    known = reading.fields_with(name if value is True else str(value))
    if ("flag" if value is True else name) not in known:
        return 0
    denied = at > 0 and reading.is_free(at - 1, at) and reading.words[at - 1].folded in _DENIALS
    first, last = at - denied, at + length
    text = name if value is True else str(value)
    beside = {reading.phrase(at - 1, at) if at else "", reading.phrase(last, last + 1)}
    if "or" in beside and not denied:
        reading.take(first, last, Role.WORD)
        reading.prefer(Filter(name, "is", value), (first, last), text)
        return length
    reading.take(first, last, Role.CONDITION)
    condition = Filter(name, "not" if denied else "is", value)
    reading.understand(condition, (first, last), f"not {text}" if denied else text)
    return length


def _is_verb(reading: Reading, at: int, length: int) -> bool:
    """Whether "used" says what a thing is for, not in what condition it is."""
    before = reading.words[at - 1].folded if at else ""
    after = reading.phrase(at + length, at + length + 1)
    return before in _NOT_BEFORE_USED or after in _NOT_AFTER_USED


def _ends_phrase(reading: Reading, at: int) -> bool:
    return at >= len(reading.words) or reading.words[at].folded in CONNECTIVES
