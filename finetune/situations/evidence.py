"""The lines that an answer is made from, or that fail to give one.

A line is a field of the record as the shop's index would quote it ("weight: 420 g"), or a
sentence of its description. Knows what lines must not stand beside a question, not how it is
asked.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from catalog_index.product import AttributeValue, Product
from finetune.situations.record import LONGEST_VALUE, matters

_PLAIN_FIELDS = ("brand", "price", "availability", "stock", "condition", "model number")
_UNASKED = re.compile(
    r"^(title|product type|description|gtin)$|\b(bullet|url|icecat|pallet|uk|imperial|fsb|bus"
    r"|lithography|transistors|die|multiplier|contacts plating|launch|stepping|container"
    r"|intermodal|customs)\b|\((?:t t|h h)\)"
)
_CODE = re.compile(r"(?=.*\d)\S+(?: \S+){0,2}")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_MARKUP = re.compile(r"<[^>]+>|\\n")
_LONGEST_SENTENCE = 24
MOST_LINES = 6
"""Most lines of evidence."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record with its text; `raw` is an attribute's own value."""

    name: str
    text: str
    raw: AttributeValue = ""

    @property
    def line(self) -> str:
        """As the shop's index quotes it."""
        return f"{self.name}: {self.text}"

    @property
    def flag(self) -> bool | None:
        """Its yes or no; None where it is a value."""
        return self.raw if isinstance(self.raw, bool) else None


def fields_of(product: Product) -> tuple[Field, ...]:
    """Return the fields of a record that a shopper could ask for."""
    found = []
    for name, text in product.fields():
        if name in _PLAIN_FIELDS and name not in product.attributes:
            if name == "model number" and not _CODE.fullmatch(text):
                continue
            found.append(Field(name, text))
        elif name in product.attributes and not _UNASKED.search(name):
            raw = product.attributes[name]
            shop_terms = name in ("return window", "dispatch estimate")
            if len(text) <= LONGEST_VALUE and (shop_terms or matters(name, raw)):
                found.append(Field(name, text, raw))
    return tuple(found)


@lru_cache(maxsize=8192)
def sentences_of(description: str) -> tuple[str, ...]:
    """Return a description's sentences that are short enough to quote."""
    text = " ".join(_MARKUP.sub(" ", description).split())
    parts = _SENTENCE.split(text)
    return tuple(part for part in parts if 4 <= len(part.split()) <= _LONGEST_SENTENCE)


def lines_with(
    product: Product, wanted: Sequence[Field], rival: str, rng: random.Random
) -> list[str]:
    """Return evidence that holds the wanted fields, among others that do not rival them."""
    count = rng.choice((0, 0, 1, 1, 2, 2, 3, 3, 4, 5))
    names = {field.name for field in wanted}
    others = [
        field
        for field in fields_of(product)
        if field.name not in names and not (rival and re.search(rival, field.name.lower()))
    ]
    count = min(count, MOST_LINES - 1 - len(wanted))
    lines = [field.line for field in _some(others, count, rng)]
    spare = len(lines) + len(wanted) < MOST_LINES - 1
    if spare and rng.random() < 0.15 and (sentences := sentences_of(product.description)):
        lines.append(rng.choice(sentences))
    rng.shuffle(lines)
    at = 0 if rng.random() < 0.5 else rng.randint(0, len(lines))
    lines[at:at] = [field.line for field in wanted]
    return with_title(product, lines, rng)


def lines_without(
    product: Product,
    rival: str,
    words: str,
    near: str,
    rng: random.Random,
    *,
    title: float = 0.3,
) -> tuple[list[str], list[Field]]:
    """Return evidence that does not answer, and which of its fields come near.

    Args:
        product: whose fields they are.
        rival: names of fields that would answer (regular expression), and so stay out.
        words: what a title or a sentence that would answer holds.
        near: names of fields that look like an answer and are none.
        rng: chooses.
        title: how likely the title stands first, if it does not answer.
    """
    shut, mentions = re.compile(rival or "$^"), re.compile(words or "$^", re.I)
    open_fields = [field for field in fields_of(product) if not shut.search(field.name.lower())]
    close = [field for field in open_fields if near and re.search(near, field.name.lower())]
    chosen = _some(close, rng.choice((1, 1, 2)), rng) if rng.random() < 0.75 else []
    rest = [field for field in open_fields if field not in chosen]
    chosen += _some(rest, rng.choice((0, 1, 1, 2, 3)), rng)
    if not chosen:
        chosen = _some(open_fields, 1, rng)
    lines = [field.line for field in chosen]
    silent = [part for part in sentences_of(product.description) if not mentions.search(part)]
    if silent and rng.random() < 0.15:
        lines.append(rng.choice(silent))
    rng.shuffle(lines)
    if not mentions.search(product.title):
        lines = with_title(product, lines, rng, title)
    return lines, [field for field in chosen if field in close]


def with_title(
    product: Product, lines: list[str], rng: random.Random, likely: float = 0.3
) -> list[str]:
    """Put the title before the lines now and then."""
    title = f"title: {product.title}"
    if title in lines or len(lines) >= MOST_LINES or rng.random() >= likely:
        return lines
    return [title, *lines]


def _some(fields: Sequence[Field], count: int, rng: random.Random) -> list[Field]:
    return rng.sample(list(fields), min(count, len(fields)))
