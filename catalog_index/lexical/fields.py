"""A record -> what lexical search enters of it: words, facts, numbers, measures.

Pure; knows no engine. What a query's words are is decided here too, since both must agree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from catalog_index.filters import fold
from catalog_index.parsing import parse_attribute
from catalog_index.product import (
    AttributeValue,
    Money,
    Passage,
    Product,
    Quantity,
    Variant,
    render_value,
)
from catalog_index.units import CANONICAL, Measure, find_measures, measure, measure_token

_TOKEN = re.compile(r"\w+", re.UNICODE)
_FUNCTION_WORDS = """
    a about an and any are as at be but by can could do does for from had has have how i if in is
    it its me my no not of on or our please should so some that the their them then there these
    they this those to was we were what when where which who why will with would you your
"""
_STOPWORDS = frozenset(_FUNCTION_WORDS.split())
_MAX_QUERY_TOKENS = 64
_LONGEST_VALUE = 40
"""Longer values are prose, which no filter names."""
_LONGEST_NAME = 80
"""So are longer names of attributes."""
_SHORT_VALUE = 20
_LOOKED_INTO = 400
"""Characters of a description in which amounts with units are looked for."""
_MAX_FACTS = 400
"""Of one record; what comes after is still found by its words."""


@dataclass(frozen=True, slots=True)
class RecordFields:
    """What lexical search holds of one record; see `schema` for the meaning of each."""

    title: str
    body: str
    brand: str = ""
    product_type: str = ""
    identifiers: str = ""
    attributes: str = ""
    spelling: str = ""
    measures: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    numbers: tuple[tuple[str, float], ...] = ()
    price: float | None = None


def record_fields(record: Product | Passage) -> RecordFields:
    """Return what lexical search enters of a record."""
    if isinstance(record, Passage):
        return RecordFields(record.title, record.text, facts=(("kind", "passage"),))
    amounts = list(islice(_amounts(record), _MAX_FACTS))
    names = " ".join((record.title, record.brand, record.product_type))
    paid = record.sale_price or record.price
    return RecordFields(
        title=record.title,
        body=record.description,
        brand=record.brand,
        product_type=record.product_type,
        identifiers=" ".join(record.identifiers()),
        attributes=attribute_words(record),
        spelling=" ".join((names, *_short_words(record))),
        measures=tuple(dict.fromkeys(_measures(record, amounts))),
        facts=tuple(dict.fromkeys(_facts(record)))[:_MAX_FACTS],
        numbers=tuple(dict.fromkeys(_numbers(record, amounts)))[:_MAX_FACTS],
        price=None if paid is None else float(paid.amount),
    )


def query_tokens(text: str) -> list[str]:
    """Return the distinct words of a query that carry meaning, at most 64, in order."""
    tokens = [token.lower() for token in _TOKEN.findall(unicodedata.normalize("NFC", text))]
    content = [token for token in tokens if token not in _STOPWORDS] or tokens
    return list(dict.fromkeys(content))[:_MAX_QUERY_TOKENS]


def attribute_words(product: Product) -> str:
    """Return a product's attributes, without what it is said not to be or have."""
    return "; ".join(
        name if value is True else f"{name} {render_value(value)}"
        for name, value in product.attributes.items()
        if value is not False
    )


def _short_words(product: Product) -> Iterator[str]:
    """Yield the names of flags and the short values of attributes: words that a query may name."""
    for name, value in product.attributes.items():
        if isinstance(value, bool):
            yield name
        elif isinstance(value, str) and len(value) <= _SHORT_VALUE:
            yield value


def _facts(product: Product) -> Iterator[tuple[str, str]]:
    """Yield (field, folded value) of what a filter may ask for."""
    yield "kind", "product"
    price = product.sale_price or product.price
    for name, text in (
        ("brand", product.brand),
        *(("product type", part) for part in product.product_type.split(" > ")),
        ("availability", product.availability),
        ("condition", product.condition),
        ("currency", price.currency if price else ""),
    ):
        if len(text) <= _LONGEST_VALUE and (folded := fold(text)):
            yield name, folded
    if any(_is_reduced(one.price, one.sale_price) for one in _versions(product)):
        yield from _attribute_facts("on sale", True)
    for variant in product.variants:
        for name, value in variant.attributes.items():
            yield from _attribute_facts(name, value)
    for name, value in product.attributes.items():
        yield from _attribute_facts(name, value)


def _attribute_facts(name: str, value: AttributeValue) -> Iterator[tuple[str, str]]:
    if len(name) > _LONGEST_NAME:
        return
    name = fold(name)
    if isinstance(value, bool):
        yield name, "yes" if value else "no"
        yield "flag", name
    else:
        for text in value if isinstance(value, tuple) else (str(value),):
            if len(text) <= _LONGEST_VALUE and (folded := fold(text)):
                yield name, folded


def _versions(product: Product) -> tuple[Product | Variant, ...]:
    return (product, *product.variants)


def _is_reduced(price: Money | None, sale_price: Money | None) -> bool:
    """Whether less is asked than before, in one currency; a price without one fits every one."""
    if price is None or sale_price is None or sale_price.amount >= price.amount:
        return False
    return price.currency == sale_price.currency or not (price.currency and sale_price.currency)


_Amount = tuple[str, float | None, tuple[Measure, ...]]
"""An attribute's name, its bare number if it is one, and the measures that it holds."""


def _amounts(product: Product) -> Iterator[_Amount]:
    """Yield what can be counted or measured of a product's attributes, and of its variants'."""
    seen: set[tuple[str, AttributeValue]] = set()
    for one in _versions(product):
        for name, value in one.attributes.items():
            for item in value if isinstance(value, tuple) else (value,):
                if isinstance(item, bool) or (name, item) in seen or len(name) > _LONGEST_NAME:
                    continue
                seen.add((name, item))
                if amount := _amount(fold(name), item):
                    yield amount


def _amount(name: str, value: str | Quantity) -> _Amount | None:
    """Return what a value counts or measures; a short text such as "2 x 500 GB" may do so too."""
    if isinstance(value, str):
        if len(value) > _LONGEST_VALUE or not value[:1].isdigit():
            return None
        typed = parse_attribute(value)
        if not isinstance(typed, Quantity):
            return name, None, tuple(find_measures(value))
        value = typed
    found = measure(value.value, value.unit) if value.unit else None
    return name, value.value, (found,) if found else ()


def _numbers(product: Product, amounts: Iterable[_Amount]) -> Iterator[tuple[str, float]]:
    """Yield (field, number): an amount in its canonical unit under "name:unit".

    Of several amounts in one text, "30 x 20 cm", none is the field's.
    """
    if product.quantity is not None:
        yield "stock", float(product.quantity)
    for name, number, measures in amounts:
        if number is not None:
            yield name, number
        if len(measures) == 1:
            yield f"{name}:{CANONICAL[measures[0].dimension]}", measures[0].amount


def _measures(product: Product, amounts: Iterable[_Amount]) -> Iterator[str]:
    said = find_measures(f"{product.title} | {product.description[:_LOOKED_INTO]}")
    yield from map(measure_token, said)
    for _, _, measures in amounts:
        yield from map(measure_token, measures)
