"""What a user may well ask next, made from the record that the last answer was about.

Each suggestion is a message that the catalog can answer: nothing is offered that it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.intents import Intent
from assistant.values import Answer
from catalog_index.product import Product
from retrieval.values import is_opinion_field

_MOST = 3
_LONGEST_VALUE, _LONGEST_NAME = 60, 28
_PLAIN = {"price": "How much is it?", "availability": "Is it in stock?"}
_LEFT_OUT = {
    *("title", "description", "brand", "product type", "gtin", "model number", "condition"),
    *("stock", "color", "image", "link", "sku", "id", "category", "age group", "gender"),
}
_IS = re.compile(
    r"(?:able|ible|proof|safe|free|less|resistant|compatible|friendly|ready|ed|ic|ous)$", re.I
)
_UNIT = re.compile(r"\(.*\)|[^a-z -]", re.I)
_MANY = re.compile(r"(?:[^s]s|ies|tes)$", re.I)


def suggestions(answer: Answer, asked: Sequence[str] = ()) -> list[str]:
    """Return messages to send next, the most useful first.

    Args:
        answer: the last one.
        asked: messages that were sent already; none is offered again.
    """
    seen = {message.casefold().strip() for message in asked}
    if answer.choices or answer.stopped:
        return []
    found: list[str] = []
    if answer.intent == Intent.SEARCH:
        if len(answer.citations) > 1:
            found += ["Compare the first and the second", "Only those in stock"]
        if answer.citations:
            found.append("Is the first one in stock?")
    elif answer.focus is not None and isinstance(answer.focus.record, Product):
        used = {name for citation in answer.citations for name in citation.fields}
        found += _about(answer.focus.record, used)
        if answer.intent == Intent.ANSWER:
            found.insert(2, "Write a short ad for it")
        elif answer.intent == Intent.ADS:
            found.insert(0, "Make it shorter")
    fresh = [text for text in dict.fromkeys(found) if text.casefold() not in seen]
    return fresh[:_MOST]


def _about(product: Product, used: set[str]) -> Iterator[str]:
    for name, text in product.fields():
        if name in used or name in _LEFT_OUT or is_opinion_field(name):
            continue
        if name in _PLAIN:
            yield _PLAIN[name]
        elif len(text) <= _LONGEST_VALUE and len(name) <= _LONGEST_NAME and not _UNIT.search(name):
            yield _question(name, text)


def _question(name: str, text: str) -> str:
    if text in ("yes", "no"):
        return f"Is it {name}?" if _IS.search(name) else f"Does it have {name}?"
    return f"What are its {name}?" if _MANY.search(name) else f"What is its {name}?"
