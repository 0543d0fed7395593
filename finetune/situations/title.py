"""Situations for titles: a shopper's query made of a record's own words, and the title it wants.

A query is 2 to 6 words: what the product is, with values, true attributes or the brand; at times
with one or two words that are not true of it. The answer is the rule's (`assistant.tasks.
title_rule`), so it holds the true words and none of the others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from typing import Any

from assistant.tasks.base import ProductInput
from assistant.tasks.metrics import holds, singular, words
from assistant.tasks.title_rule import (
    query_words,
    rewrite_title,
    stands_alone,
    true_words,
    with_head,
)
from catalog_index.product import Product
from finetune.pair import Pair
from finetune.shop import Shop, product_kind
from finetune.situations.base import Situation
from finetune.situations.english import is_plural, plural_of, singular_of
from finetune.situations.flags import flag_of
from finetune.situations.naming import Name, name_of, noun_by_title
from finetune.situations.nouns import COLOURS
from finetune.situations.record import compact
from finetune.situations.wishes import (
    CAMPAIGNS,
    CHANNELS,
    OCCASIONS,
    PROFILES,
    REVIEWS,
    TITLE_POLICIES,
)

LIMITS = (60, 70, 80, 100, 120, 150, 200)
_USUAL = 150
_LIMIT_WEIGHTS = (8, 8, 9, 8, 5, 55, 7)
_ATTRIBUTES = 5
_FALSE_SHARE = 0.35
_NEW_SHARE = 0.8
"""Share of queries that ask first for what the title does not say."""
_MOST_WORDS = 7
_MOST_TITLE = 170
_PLAIN_VALUE = re.compile(r"[\w][\w .\-/%°\"]{0,22}")
_UNCOMMON = re.compile(r"model|sku|mpn|brand|weight|gender|form factor|hd type|design|style|shape")
"""Attributes that stand alone in a title, and that few shoppers name in a search."""
_HEADED = re.compile(
    r"(?:cable|strap|seat|sole|lid|closure|handle|frame|base|cover|filling|lining|shell|case)\b.*"
    r"|\w+ (?:material|length)|battery life|display type|light source|driver size"
)
_HEADED_SHARE = 0.35
_OTHER_SIZES = ("XS", "S", "M", "L", "XL", "XXL", "extra large", "king size", "mini")
_UNTRUE = (
    "waterproof", "wireless", "organic", "vegan", "foldable", "dimmable", "cheap", "best",
    "professional", "lightweight", "kids", "vintage", "second hand", "luxury", "rechargeable",
    "leather", "bamboo", "glass", "cotton", "titanium", "wooden", "silent", "heavy duty",
    "refurbished",
)  # fmt: skip


def situate(seed: Pair, product: Product, shop: Shop, rng: random.Random) -> Situation | None:
    """Build a query and the title for it; None where the title names no thing to search for."""
    if len(product.title) > _MOST_TITLE:
        return None
    record = compact(product, rng, most=_ATTRIBUTES, description=False)
    name = name_of(record)
    if name is None or not name.noun or _contradicts(product):
        return None
    read = ProductInput.model_validate(record).record
    query = _query(read, name, shop, product_kind(product), rng)
    if not true_words(query, read):
        return None
    limit = rng.choices(LIMITS, _LIMIT_WEIGHTS)[0]
    answer = rewrite_title(query, read, limit, rng)
    if len(answer) > limit or not all(holds(answer, word) for word in true_words(query, read)):
        return None
    if not holds(answer, words(name.noun)[-1]):
        return None
    inputs: dict[str, Any] = {"query": query, "product": record}
    if limit != _USUAL:
        inputs["max_characters"] = limit
    if context := _context(seed, name, answer, rng):
        inputs["context"] = context
    return Situation(inputs, answer)


def _query(product: Product, name: Name, shop: Shop, kind: str, rng: random.Random) -> str:
    """Write what a shopper would type to find the product, or one much like it."""
    terms = [_kind_word(name, product, rng)]
    terms += _true_terms(product, name, rng)[: rng.choice((1, 1, 2, 2, 3))]
    if rng.random() < _FALSE_SHARE:
        false = _false_terms(product, shop, kind, rng)
        terms += false[: rng.choice((1, 1, 2))]
    if rng.random() < 0.55:
        terms = [*terms[1:], terms[0]]
    elif rng.random() < 0.4:
        rng.shuffle(terms)
    kept: list[str] = []
    for term in terms:
        if not set(words(term)) <= set(words(" ".join(kept))):
            kept.append(term)
    while sum(len(term.split()) for term in kept) > _MOST_WORDS and len(kept) > 1:
        kept.pop(1 if kept[0] == terms[0] else 0)
    query = " ".join(kept)
    return query.lower() if rng.random() < 0.88 else query


def _kind_word(name: Name, product: Product, rng: random.Random) -> str:
    """Return the thing's noun, at times shorter, or in the other number."""
    noun = name.noun
    own = noun_by_title(product.title, product.brand)
    if own and not holds(product.title, words(noun)[-1]):
        noun = own
    if " " in noun and rng.random() < 0.2:
        noun = noun.rpartition(" ")[2]
    if rng.random() < 0.15 and not name.mass:
        other = singular_of(noun) if is_plural(noun) else plural_of(noun)
        return other if singular(other) == singular(noun) else noun
    return noun


def _contradicts(product: Product) -> bool:
    """Whether the title names one colour and the record another."""
    said = set(words(product.title)) & COLOURS
    colours = [str(value) for name, value in product.attributes.items() if "colo" in name]
    held = set(words(" ".join(colours))) & COLOURS
    return bool(held and said - held)


def _true_terms(product: Product, name: Name, rng: random.Random) -> list[str]:
    """Return words of the record that a shopper might add, in the order drawn."""
    found = []
    for label, value in product.attributes.items():
        text = label if value is True else "" if value is False else str(value)
        plain = isinstance(value, bool) or _PLAIN_VALUE.fullmatch(text)
        if not plain or not text or len(text.split()) > 3 or re.fullmatch(r"[\d.]+|none", text):
            continue
        if value is True:
            found += [text] if flag_of(label).is_adjective else []
        elif stands_alone(label):
            found += [text] if rng.random() > 0.85 or not _UNCOMMON.search(label) else []
        elif _HEADED.fullmatch(label) and rng.random() < _HEADED_SHARE:
            found.append(with_head(label, text))
    if product.brand and len(product.brand.split()) < 4:
        found.append(product.brand)
    model = [
        word
        for word in product.title[len(product.brand) :].split()
        if re.fullmatch(r"[A-Z][\w-]{2,14}", word) and word.lower() not in name.noun
    ]
    if model:
        found.append(rng.choice(model[:3]))
    rng.shuffle(found)
    if rng.random() < _NEW_SHARE:
        held = set(words(product.title))
        found.sort(key=lambda text: set(words(text)) <= held)
    return found


def _false_terms(product: Product, shop: Shop, kind: str, rng: random.Random) -> list[str]:
    """Return words that are not true of the product, such as its siblings' values and brands."""
    held = set(words(" ".join(" ".join(field) for field in product.fields())))
    found: list[str] = [rng.choice(_UNTRUE)]
    colour = rng.choice(sorted(COLOURS))
    if any("colo" in label for label in product.attributes):
        found.append(colour)
    if shop.brands:
        found.append(rng.choice(shop.brands))
    if "size" in product.attributes:
        found.append(rng.choice(_OTHER_SIZES))
    found += [label for label, value in product.attributes.items() if value is False]
    if others := shop.by_kind.get(kind):
        other = rng.choice(others)
        for label, value in other.attributes.items():
            text = str(value)
            plain = not isinstance(value, bool | tuple) and _PLAIN_VALUE.fullmatch(text)
            shared = label in product.attributes and stands_alone(label)
            if shared and plain and len(text.split()) < 4:
                found.append(text)
    rng.shuffle(found)
    return [term for term in found if term and not held & set(query_words(term))]


def _context(seed: Pair, name: Name, answer: str, rng: random.Random) -> dict[str, str]:
    """Return context that bears on the shopper or the platform, and on no word of the title."""
    said = [singular(word) for word in words(answer)]
    once = len(set(said)) == len(said)
    texts = {
        "title policy": [text for text in TITLE_POLICIES if once or "repetition" not in text],
        "channel": CHANNELS,
        "campaign": CAMPAIGNS,
        "occasion": OCCASIONS["gift"],
        "profile": tuple(PROFILES),
        "review": REVIEWS,
        "browsing history": (f"{name.noun}; {name.noun} reviews", f"best {name.noun}"),
    }
    asked: Sequence[str] = tuple(seed.inputs.get("context", {}))
    wanted = [label for label in asked if label in texts and rng.random() < 0.6]
    return {label: rng.choice(texts[label]) for label in wanted[:2]}
