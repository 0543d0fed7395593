"""A catalog record cut down to what a short prompt has room for: the fields that matter.

Knows Google's field names and which attributes of a feed are of no use to a shopper; knows no task.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable
from typing import Any

from catalog_index.product import AttributeValue, Product, Quantity, render_value

LONGEST_VALUE = 70
"""Characters of the longest attribute value that is taken over."""
_FEWEST, _MOST = 4, 8
_DESCRIPTION_WORDS = 26

_LOGISTICS = re.compile(
    r"\b(package|packaging (?:width|height|depth|weight)|pallets?|carton|master|outer|layers?\)?$"
    r"|harmoni[sz]ed|hs code|upc|gtin|ean|oem|ark id|sku|status|last change|launch date"
    r"|rohs|reach|conflict|compliance|certificat\w+|imperial|temperature t|humidity|altitude"
    r"|\(t t\)|\(h h\)|stepping|tcase|die|lithography|codename|embedded options|product name"
    r"|processor (?:package|id|series|code|operating)|intel|fsb|cpu|vibration|shock|emission"
    r"|safety|warranty card|quick start|marketing|bullet|url|svhc|batch|box|return window"
    r"|dispatch estimate|product family|bus type)\b"
)
_WANTED = re.compile(
    r"\b(colou?r|material|size|weight|capacity|volume|battery life|power|width|height|length"
    r"|diameter|display|screen|wireless|bluetooth|waterproof|water|made in|warranty|pages"
    r"|pieces|scent|flavour|origin|roast|memory|storage|resolution|connectivity|technology"
    r"|interface|type|speed|range|fit|gender|age|compatib\w+|format|usb|hdmi|yield|quantity)\b"
)
_UNTYPED = re.compile(r"\b(product type|product_type)\b")


def compact(
    product: Product,
    rng: random.Random,
    *,
    keep: Collection[str] = (),
    leave_out: Collection[str] = (),
    most: int | None = None,
    description: bool | None = None,
) -> dict[str, Any]:
    """Return a record as a pair's `product`: Google's field names and a few attributes.

    Args:
        product: the catalog record.
        rng: decides which of the lesser fields and attributes stay.
        keep: attributes that must stay, where the record has them.
        leave_out: fields ("product_type", "price", "brand", ...) and attributes that must go.
        most: how many attributes at most, those of `keep` included; drawn from 4 to 8 if not given.
        description: whether its first sentence or two stay; drawn (one in four) if not given.
    """
    record: dict[str, Any] = {"id": product.id, "title": product.title}
    if product.brand:
        record["brand"] = product.brand
    if product.product_type:
        record["product_type"] = product.product_type
    if product.price is not None and rng.random() < 0.75:
        record["price"] = str(product.price)
        if product.sale_price is not None:
            record["sale_price"] = str(product.sale_price)
    if product.availability and rng.random() < 0.25:
        record["availability"] = product.availability
    if product.quantity is not None and rng.random() < 0.12:
        record["quantity"] = product.quantity
    if description is None:
        description = rng.random() < 0.25
    if description and (text := opening(product.description, _DESCRIPTION_WORDS)):
        record["description"] = text
    record = {name: value for name, value in record.items() if name not in leave_out}
    count = rng.randint(_FEWEST, _MOST) if most is None else most
    if attributes := choose_attributes(product, rng, count, keep, leave_out):
        record["attributes"] = attributes
    return record


def choose_attributes(
    product: Product,
    rng: random.Random,
    count: int,
    keep: Collection[str] = (),
    leave_out: Collection[str] = (),
) -> dict[str, str | bool]:
    """Return up to `count` attributes in the record's order; those in `keep` before others."""
    ranks: dict[str, float] = {}
    for name, value in product.attributes.items():
        if name in leave_out or _UNTYPED.search(name):
            continue
        if name in keep:
            ranks[name] = 9.0
        elif value != "" and matters(name, value):
            ranks[name] = rng.random() + _worth(name, value)
    best = set(sorted(ranks, key=lambda name: -ranks[name])[: max(count, 0)])
    return {name: plain(value) for name, value in product.attributes.items() if name in best}


def matters(name: str, value: AttributeValue) -> bool:
    """Whether a shopper could care for an attribute, and its value is short enough to quote."""
    text = render_value(value)
    return bool(
        len(text) <= LONGEST_VALUE
        and len(name) <= 40
        and "\\n" not in text
        and not _LOGISTICS.search(name)
    )


def plain(value: AttributeValue) -> str | bool:
    """Write an attribute's value for JSON: a boolean stays one, all else is its text."""
    return value if isinstance(value, bool) else render_value(value)


def opening(text: str, words: int) -> str:
    """Return the first sentences of a text that fit in `words` words; "" where none does."""
    held: list[str] = []
    for sentence in _sentences(text):
        if len(" ".join([*held, sentence]).split()) > words:
            break
        held.append(sentence)
    return " ".join(held)


def excerpt(text: str, words: int, rng: random.Random) -> str:
    """Return sentences of a text that follow one another and fit in `words` words."""
    sentences = list(_sentences(text))
    start = rng.randrange(len(sentences)) if sentences else 0
    return opening(" ".join(sentences[start:]), words)


def _sentences(text: str) -> Iterable[str]:
    return (part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part)


def _worth(name: str, value: AttributeValue) -> float:
    """Rank above others what shoppers ask for, and below what says little."""
    worth = 0.7 if _WANTED.search(name) else 0.0
    if value is False:
        worth -= 0.3
    if isinstance(value, Quantity) and not value.unit:
        worth -= 0.5
    return worth
