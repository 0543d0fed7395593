"""What every maker of questions works with: a shelf, a seeded chance, and a record's facts."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from benchmarks.answers.items import Fact, Gold
from benchmarks.answers.naming import pick_name
from benchmarks.answers.shelf import Shelf, tokens
from benchmarks.answers.wordings import is_asked
from benchmarks.answers.yes_or_no import BOOLEANS
from catalog_index.product import Product, Quantity

_ODD_CATALOG = 1000
"""From so many field names on, a catalog has ones that nobody would say."""

_LONGEST_TEXT, _MOST_TOKENS = 80, 10
_SAME_FIELD = re.compile(r"\s*\((?:imperial|[wxdh ]+)\)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question before it is numbered: see `items.Item`."""

    variety: str
    message: str
    gold: Gold
    history: tuple[tuple[str, str], ...] = ()
    product_id: str | None = None

    def asked(self, message: str) -> Question:
        """Return the same question in other words, its first letter a capital."""
        return replace(self, message=sentence(message))


class Desk:
    """Draws products and fields by a seeded chance.

    Args:
        shelf: the catalog.
        chance: the only source of randomness; the same seed draws the same.
    """

    def __init__(self, shelf: Shelf, chance: random.Random) -> None:
        self.shelf = shelf
        self.chance = chance
        self.large = len(shelf.values) > _ODD_CATALOG

    def product(self) -> Product:
        """Draw a product."""
        return self.chance.choice(self.shelf.products)

    def named(self, product: Product) -> tuple[str, str] | None:
        """Draw a way to name a product: (manner, name), or None where no name means it alone."""
        return pick_name(self.shelf, product, self.chance)

    def values(self, product: Product) -> dict[str, Fact]:
        """Return the text and number fields that people ask for and that have one plain value."""
        return {
            field: value
            for field, value in product.attributes.items()
            if not isinstance(value, bool)
            and field not in BOOLEANS
            and is_asked(field, large=self.large)
            and _is_plain(value)
        }

    def booleans(self, product: Product) -> dict[str, bool]:
        """Return the yes-or-no fields of which we know how to speak."""
        return {
            field: value
            for field, value in product.attributes.items()
            if isinstance(value, bool) and field in BOOLEANS
        }

    def pick(self, of: Sequence[str]) -> str:
        """Draw one of several wordings."""
        return self.chance.choice(of)


def facts_of(product: Product, field: str) -> tuple[Fact, ...]:
    """Return a field's value and those of fields that say the same in another unit."""
    plain = _SAME_FIELD.sub("", field)
    same = [
        value
        for name, value in product.attributes.items()
        if name != field and _SAME_FIELD.sub("", name) == plain
    ]
    return (product.attributes[field], *same)


def paid(product: Product) -> Fact | None:
    """Return what a shopper pays."""
    return product.sale_price or product.price


def sentence(text: str) -> str:
    """Begin with a capital, unless the first word is a code or a name."""
    first = text.split(" ", 1)[0]
    return text[0].upper() + text[1:] if first.isalpha() and first.islower() else text


def _is_plain(value: Fact) -> bool:
    if isinstance(value, Quantity):
        return bool(str(value))
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    found = tokens(text)
    return (
        bool(found)
        and "\\n" not in text
        and "\n" not in text
        and len(text) <= _LONGEST_TEXT
        and len(found) <= _MOST_TOKENS
        and not re.search(r"T00:00|https?:", text)
    )
