"""A feed of any length from the demo generator's products: new names, codes, prices and mixtures.

Each row takes a demo product's type and grammar: its title with another model name, sentences of
descriptions of the same type, each attribute from some product of the type. Deterministic.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from catalog_index.demo.generator import generate_products, gtin_check_digit
from catalog_index.product import Product

_SYLLABLES = [
    "ba",
    "ce",
    "di",
    "fo",
    "gu",
    "ha",
    "ji",
    "ka",
    "lo",
    "mu",
    "ne",
    "pi",
    "qua",
    "ro",
    "su",
    "te",
    "vi",
    "wa",
    "xe",
    "yo",
    "zu",
    "bra",
    "cle",
    "dri",
]


def write_feed(path: Path, count: int, *, first: int = 0, edition: int = 0) -> None:
    """Write `count` products as JSON lines, from the `first` on.

    Another `edition` has the same ids with other descriptions.
    """
    kinds = list(_by_type().values())
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, first + count):
            file.write(json.dumps(_row(kinds, number, edition), ensure_ascii=False) + "\n")


def queries(count: int) -> list[str]:
    """Return shopper's queries: a type with a brand or some of its attributes' values."""
    dice = random.Random(7)
    kinds = list(_by_type().values())
    return [_query(dice, dice.choice(dice.choice(kinds))) for _ in range(count)]


def _query(dice: random.Random, product: Product) -> str:
    name = product.product_type.rpartition(" > ")[2].lower()
    values = [value for value in product.attributes.values() if isinstance(value, str)]
    said = dice.sample(values, min(len(values), dice.randint(0, 2)))
    brand = [product.brand] if dice.random() < 0.3 else []
    return " ".join([*brand, *said, name])


def _by_type() -> dict[str, list[Product]]:
    kinds: dict[str, list[Product]] = {}
    for product in generate_products():
        kinds.setdefault(product.product_type, []).append(product)
    return kinds


def _row(kinds: list[list[Product]], number: int, edition: int) -> dict[str, Any]:
    dice = random.Random(number)
    products = kinds[number % len(kinds)]
    base = dice.choice(products)
    name = "".join(dice.choices(_SYLLABLES, k=3)).capitalize()
    title = base.title.split(" ", 2)
    words = random.Random((number << 8) + edition)
    sentences = [
        sentence
        for product in words.sample(products, 2)
        for sentence in product.description.split(". ")
        if words.random() < 0.6
    ]
    attributes = {
        key: dice.choice(products).to_json()["attributes"].get(key, value)
        for key, value in base.to_json()["attributes"].items()
    }
    body = f"{200_000_000_000 + number}"
    return {
        **{k: v for k, v in base.to_json().items() if k not in ("attributes", "item_group_id")},
        "id": f"M{number}",
        "title": " ".join([title[0], name, *title[2:]]),
        "description": ". ".join(sentences),
        "price": f"{dice.uniform(5, 900):.2f} EUR",
        "gtin": [body + gtin_check_digit(body)],
        "mpn": f"{name[:2].upper()}-{number}",
        "sku": f"S{number}",
        "attributes": attributes,
    }
