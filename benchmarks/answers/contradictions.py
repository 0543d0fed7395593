"""What in an answer contradicts the record, counted strictly and without false alarms.

A contradiction is counted only where the record holds the field, the answer states another value
of it, and that value stands neither elsewhere in the record, nor in the question it denies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.answers.items import Fact, Gold, Item
from benchmarks.answers.other_words import OTHER_WORDS
from benchmarks.answers.reading import (
    amounts_of_money,
    first_sentence,
    measure_of,
    numbers,
    polarity,
    same_amount,
    states,
    stock_told,
)
from benchmarks.answers.shelf import tokens
from benchmarks.answers.wordings import counted
from benchmarks.answers.yes_or_no import BOOLEANS
from catalog_index.product import Money, Quantity
from catalog_index.units import find_measures

_COLOURS_TEXT = """
black white grey gray red blue green yellow orange pink purple violet brown beige silver
gold cyan magenta navy teal burgundy mustard olive coral cream sand lime charcoal
terracotta
"""
_COLOURS = frozenset(_COLOURS_TEXT.split())
_COMPARATIVES_TEXT = """
heavier lighter taller lower wider narrower deeper shallower longer shorter cheaper
dearer thicker thinner louder quieter more less higher larger bigger smaller greater
expensive fewer faster slower
"""
COMPARATIVES = frozenset(_COMPARATIVES_TEXT.split())
_BEARS = 0.6
"""The share of a field's words that make a statement without yes or no one about the field."""

_FILLER_TEXT = """
how many much does what which can with have the for has from will where who one long and are get
without not
"""
_FILLER = frozenset(_FILLER_TEXT.split())
_LESS_TEXT = """
lighter lower narrower shallower shorter cheaper thinner quieter less smaller fewer
slower
"""
_LESS = frozenset(_LESS_TEXT.split())


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as it is judged: as it stands, without product names, and whether it declines."""

    raw: str
    text: str
    declined: bool


def contradiction(item: Item, said: Said) -> str:
    """Return what in an answer contradicts the gold field's record, or ""."""
    gold, text = item.gold, said.text
    if gold.expected == "compare":
        return _wrong_leader(item, said)
    if gold.expected in ("table", "passage", "refuse") or not gold.facts:
        return ""
    best = gold.facts[0]
    if isinstance(best, bool):
        holds = polarity(first_sentence(text), _core(gold.field), _BEARS)
        if holds is None or holds is best:
            return ""
        return f"says {'yes' if holds else 'no'}; the record says {'yes' if best else 'no'}"
    if (
        gold.expected == "polarity"
        and gold.holds is not None
        and not any(states(text, fact) for fact in gold.facts)
    ):
        holds = polarity(first_sentence(text), "")
        if holds is not None and holds is not gold.holds:
            return (
                f"says {'yes' if holds else 'no'} to {gold.premise or best}; the record has {best}"
            )
    return _wrong_value(item, text, best)


def _wrong_value(item: Item, text: str, best: Fact) -> str:
    """Return a value in the answer that is another than the record's, of the gold field's kind."""
    gold = item.gold
    record = _known(item, text)
    if gold.field == "availability":
        told = stock_told(text)
        opposite = {str(best), told} == {"in stock", "out of stock"}
        opposite = opposite or (told == "in stock" and best in ("preorder", "backorder"))
        return f"says {told}; the record has {best}" if opposite else ""
    if isinstance(best, Money):
        return _wrong_price(item, text, best, record)
    known = measure_of(best)
    if known is not None:
        own = [known, *find_measures(record)]
        premise = measure_of(gold.premise)
        if premise is not None and _denies(text):
            own.append(premise)
        for one in find_measures(text):
            if one.dimension == known.dimension and not any(same_amount(one, k) for k in own):
                return f"states {one.text}; the record has {best}"
        return ""
    if isinstance(best, Quantity):
        return _wrong_number(item, text, best, record)
    if "colour" in gold.field:
        asked = set(tokens(item.message)) if _denies(text) else set()
        wrong = (_COLOURS & set(tokens(text))) - set(tokens(record)) - asked
        if wrong:
            return f"states {', '.join(sorted(wrong))}; the record has {best}"
    return ""


def _known(item: Item, text: str) -> str:
    """Return what of the records an answer may state without contradicting the gold field.

    Where it states the right value, all of it; else the title, the description and the fields that
    it names: "the weight is 5 kg" is wrong where 5 kg is the weight of the package.
    """
    gold, said = item.gold, set(tokens(text))
    stated = any(states(text, fact) for fact in gold.facts)
    free = ("title", "description", "model number", gold.field)
    return " ; ".join(
        value
        for product in gold.products
        for name, value in product.fields()
        if stated or name in free or (set(tokens(name)) - set(tokens(gold.field))) & said
    )


def _wrong_price(item: Item, text: str, best: Money, record: str) -> str:
    known = [float(best.amount), *numbers(record)]
    premise = item.gold.premise
    if isinstance(premise, Money) and _denies(text):
        known.append(float(premise.amount))
    told = amounts_of_money(text)
    if not best.currency and {"price", "cost", "costs"} & set(tokens(text)):
        told += [number for number in numbers(text) if number != int(number)]
    for amount in told:
        if not any(abs(amount - one) < 0.005 for one in known):
            return f"names a price of {amount:g}; the record has {best}"
    return ""


def _wrong_number(item: Item, text: str, best: Quantity, record: str) -> str:
    """Return a bare number that is nowhere in the record, where the right one is missing."""
    if any(states(text, fact) for fact in item.gold.facts):
        return ""
    known = {*numbers(record), *numbers(item.message)}
    premise = item.gold.premise
    if isinstance(premise, Quantity) and not _denies(text):
        known.discard(premise.value)
    about = {word[:5] for word in tokens(topic_of(item.gold)) if len(word) > 2}
    if not about & {word[:5] for word in tokens(text)}:
        return ""
    wrong = [number for number in numbers(text) if number not in known]
    return f"states {wrong[0]:g}; the record has {best}" if wrong else ""


def _denies(text: str) -> bool:
    return polarity(text, "") is False


def _wrong_leader(item: Item, answer: Said) -> str:
    """Return that an answer lets the wrong one lead, or ""."""
    gold = item.gold
    both = f"{gold.facts[0]} against {gold.facts[1]}"
    if gold.holds is not None:
        holds = polarity(first_sentence(answer.text), "")
        wrong = holds is not None and holds is not gold.holds
        return f"says {'yes' if holds else 'no'}; {both}" if wrong else ""
    return f"says that the other leads; {both}" if leader_told(item, answer) == 1 else ""


def leader_told(item: Item, answer: Said) -> int | None:
    """Return which of the gold's products an answer says leads as asked, None where it does not.

    It is the one named first in a sentence with a comparative, which may be the asked one or its
    opposite.
    """
    own, other = (
        set(tokens(f"{one.title} {one.id} {one.mpn} {one.sku}")) for one in item.gold.products[:2]
    )
    asked = _direction(item.message)
    for sentence in re.split(r"(?<=[.!?])\s+|\n", answer.raw):
        told = _direction(sentence)
        if told is None:
            continue
        for token in tokens(sentence):
            if (token in own) != (token in other):
                first = 0 if token in own else 1
                return first if told == asked else 1 - first
    return None


def _direction(text: str) -> bool | None:
    """Return whether a text's first comparative means less, or None where it has none."""
    found = [word for word in tokens(text) if word in COMPARATIVES]
    return found[0] in _LESS if found else None


def _core(field: str) -> str:
    """Return the words of a yes-or-no field that a statement about it can hardly do without."""
    return re.sub(r"\b(?:included|integrated|required|friendly|certified|compliance)\b", "", field)


def topic_of(gold: Gold) -> str:
    """Return the words that a statement about the gold's field may use."""
    others = " ".join(OTHER_WORDS.get(gold.field, ())).replace("{p}", "")
    words = f"{gold.field} {BOOLEANS.get(gold.field, '')} {counted(gold.field)} {others}"
    return " ".join(word for word in words.split() if word.casefold() not in _FILLER)
