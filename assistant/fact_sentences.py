"""A record's own facts as short sentences of an ad: "It comes in white.", "Its weight is 1.2 kg.".

They say no more than the field holds, so they are true by construction. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.denials import DENIALS
from catalog_index.product import Product

_CODES = frozenset(
    {"title", "brand", "product type", "model number", "gtin", "sku", "stock", "condition"}
    | {
        "availability",
        "description",
        "gender",
        "age group",
        "size",
        "season",
        "form",
        "link",
        "return window",
        "price",
        "item group id",
    }
)
_MOST_WORDS = 14
_ADJECTIVE = re.compile(
    r"(?:proof|able|less|ible|ical|-free|ed|cancelling|canceling|safe|resistant|repellent|organic|"
    r"vegan|waterproof|wireless|handmade)$"
)
_UNFIT = re.compile(
    r"[<>{}\[\]|@#*_\\`]|https?:|www\.|\b(?:ignore|instructions?|prompt|system|assistant|"
    r"disregard|pretend|output|respond|previous|above|below|password)\b|\?",
    re.I,
)
"""What makes a sentence of a description unfit to be quoted: it is markup, or it gives orders."""
_NEGATIVE = re.compile(r"\b(?:not|no|without|never|isn['’]?t|cannot|nor|only)\b", re.I)


_PLURAL = {
    "It is ": "They are ",
    "It has ": "They have ",
    "It comes ": "They come ",
    "Its ": "Their ",
}


def sentence_of(name: str, value: str) -> str:
    """Say a field as a sentence; "" where it is no fact for an ad."""
    plain = name.strip()
    folded = plain.casefold()
    if folded.endswith((" to", " for", " in", " with")) and folded != "made in":
        return f"{plain[:1].upper()}{plain[1:]}: {value}." if value not in ("yes", "no") else ""
    if not plain or not value or value in DENIALS or value in ("not stated", "unknown"):
        return ""
    if folded == "price":
        return f"Price: {value}."
    if value == "yes":
        plain = plain if re.search(r"[A-Z]", plain) else folded
        return f"It is {plain}." if _ADJECTIVE.search(folded) else f"It has {plain}."
    if re.search(r"[;:\n]", value) or len(value.split()) > _MOST_WORDS:
        return ""
    ended = value.rstrip(". ")
    if folded in ("colour", "color", "product colour", "product color"):
        return f"It comes in {ended}." if ended.replace(" ", "").isalpha() else f"Colour: {ended}."
    if folded in ("material", "outer material", "upper material", "housing material"):
        what = "It" if folded == "material" else f"Its {folded.rpartition(' ')[0]}"
        return f"{what} is made of {ended}."
    if folded == "made in":
        return f"It is made in {ended}."
    if folded == "in the box":
        return f"In the box: {ended}."
    if re.fullmatch(r"[\d.,]+", ended) and not re.search(r"version|size|class|number", folded):
        return f"{plain[:1].upper()}{plain[1:]}: {ended}."
    if re.search(r"[^s]s$|\d|[/()&]", folded) or len(folded.split()) > 4:
        return f"{plain[:1].upper()}{plain[1:]}: {ended}."
    return f"Its {plain} is {ended}."


def spoken(sentence: str, product: Product) -> str:
    """Return a sentence as it is said of the product: "They are", of headphones."""
    last = re.split(r",\s|\s[-–|]\s|\s\(", product.title)[0].split()[-1:]
    if not last or not re.search(r"[^s]s$", last[0]) or last[0][:1].islower():
        return sentence
    for one, many in _PLURAL.items():
        if sentence.startswith(one):
            return many + sentence[len(one) :]
    return sentence


def fact_sentences(product: Product, start: int = 0) -> Iterator[str]:
    """Yield what an ad may add, the fields from `start` on first, then the description's."""
    told = [
        sentence
        for name, value in product.fields()
        if name not in _CODES and (sentence := spoken(sentence_of(name, value), product))
        if not _UNFIT.search(sentence)
    ]
    shift = start % len(told) if told else 0
    own = [
        sentence
        for sentence in re.split(r"(?<=[.!])\s+", product.description[:2000])
        if 3 <= len(sentence.split()) <= 18
        and sentence.endswith((".", "!"))
        and not _UNFIT.search(sentence)
        and not _NEGATIVE.search(sentence)
    ]
    told = told[shift:] + told[:shift]
    # The description reads better, the fields are shorter: take turns.
    first, second = (own, told) if not start % 2 else (told, own)
    for place in range(max(len(first), len(second))):
        yield from first[place : place + 1]
        yield from second[place : place + 1]


def lead_sentence(product: Product, start: int = 0, *, without_brand: bool = False) -> str:
    """Name the product: "Meet the Aldmere Kettle.", in as few words as tell it from others."""
    name = re.split(r",\s|\s[-–|]\s|\s\(", product.title)[0].strip()
    if without_brand and product.brand:
        name = re.sub(rf"(?<!\w){re.escape(product.brand)}(?!\w)", "", name, flags=re.I)
        name = " ".join(name.split()) or product.title
    words = name.split()
    if len(words) > 9:
        name = " ".join(words[:9])
    verbs = ("Meet", "Say hello to", "Here is", "Discover", "Choose")
    article = "" if re.match(r"(?:the|a|an)\b", name, re.I) else "the "
    return f"{verbs[start % len(verbs)]} {article}{name}."
