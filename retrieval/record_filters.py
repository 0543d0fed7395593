"""Whether a record passes a filter, told from the record alone.

Agrees with what the catalog's lexical engine finds for the same filter; for hits of other engines,
which evaluate some filters only, or none. Knows no catalog: which currencies a shop has at all,
`settled` is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from catalog_index.filters import WORDS, Filter
from catalog_index.lexical.fields import RecordFields, record_fields
from catalog_index.lexical.schema import analyzer
from catalog_index.records import Record

_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 60
"""Bytes from which on a word is not entered into the lexical index; a phrase ends there."""


def passes(record: Record, condition: Filter) -> bool:
    """Return whether a record passes one filter.

    Args:
        record: a product or passage.
        condition: its texts folded, as the understanding of a query makes them. A price in a
            currency is compared with prices in that currency, and with those in none.
    """
    return passes_all(record, [condition])


def passes_all(record: Record, conditions: Sequence[Filter]) -> bool:
    """Return whether a record passes every filter."""
    if not conditions:
        return True
    fields = record_fields(record)
    return all(_is_met(fields, one) != (one.op == "not") for one in conditions)


def holds_phrase(record: Record, text: str) -> bool:
    """Return whether a field of the record has these words in a row, inflected or not.

    A text without words is in every record.
    """
    fields = record_fields(record)
    wanted = analyzer().analyze(text)
    said = (fields.title, fields.brand, fields.product_type, fields.body, fields.attributes)
    return not wanted or _says(wanted, *said)


def settled(filters: Sequence[Filter], has_currency: Callable[[str], bool]) -> list[Filter]:
    """Return the filters without currencies that no price of the shop is in.

    Args:
        filters: what a query asks for.
        has_currency: whether some price is in this currency (ISO 4217, in lower case).
    """
    return [
        replace(one, unit="")
        if is_price(one) and one.unit and not has_currency(one.unit.lower())
        else one
        for one in filters
    ]


def is_price(condition: Filter) -> bool:
    """Return whether a filter is a span of prices."""
    return condition.op == "between" and condition.field == "price"


def is_fact(condition: Filter) -> bool:
    """Return whether a filter compares one value, which `fact` names."""
    return condition.op != "between" and condition.field != WORDS


def fact(condition: Filter) -> str:
    """Return what a record has that is as an "is" or "not" says: "brand=acme", "flag=no"."""
    value = condition.value
    text = ("yes" if value else "no") if isinstance(value, bool) else value
    return f"{condition.field}={text}"


def record_facts(fields: RecordFields) -> list[str]:
    """Return every `fact` of a record."""
    return [f"{name}={value}" for name, value in fields.facts]


def currency(fields: RecordFields) -> str:
    """Return the currency of the record's price in lower case, "" where it is not said."""
    return next((value for name, value in fields.facts if name == "currency"), "")


def _is_met(fields: RecordFields, condition: Filter) -> bool:
    """Return whether what a filter names is so; the caller turns a "not" round."""
    if is_price(condition):
        return _is_priced(fields, condition)
    if condition.op == "between":
        name = f"{condition.field}:{condition.unit}" if condition.unit else condition.field
        numbers = (number for field, number in fields.numbers if field == name)
        return any(condition.low <= number <= condition.high for number in numbers)
    if condition.field == WORDS:
        wanted = analyzer().analyze(str(condition.value))
        return bool(wanted) and _says(wanted, fields.title, fields.product_type)
    return fact(condition) in record_facts(fields)


def _is_priced(fields: RecordFields, condition: Filter) -> bool:
    price = fields.price
    if price is None or not condition.low <= price <= condition.high:
        return False
    return not condition.unit or currency(fields) in {"", condition.unit.lower()}


def _says(wanted: Sequence[str], *texts: str) -> bool:
    """Return whether one of the texts has these terms in a row."""
    size = len(wanted)
    return any(
        terms[at : at + size] == wanted
        for text in texts
        for part in _parts(text)
        for terms in (analyzer().analyze(part),)
        for at in range(len(terms) - size + 1)
    )


def _parts(text: str) -> Iterator[str]:
    """Yield a text in parts, cut where a word is too long to be in the index."""
    start = 0
    for match in _WORD.finditer(text):
        if len(match.group().encode()) >= _LONGEST_WORD:
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]
