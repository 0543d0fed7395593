"""Situations for ads: a product, and for half of them what is wished of the ad.

A seed's wishes (audience, occasion, tone, platform, context) are wished anew, in other words, for
the new product; the other half has a product alone, as most sellers would send it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from catalog_index.product import Product
from finetune.pair import Pair
from finetune.shop import Shop, product_kind
from finetune.situations import fitting
from finetune.situations.base import Situation
from finetune.situations.english import singular_of
from finetune.situations.naming import name_of
from finetune.situations.record import compact, excerpt
from finetune.situations.wishes import (
    CHANNELS,
    HISTORIES,
    PLATFORMS,
    PROMOTION_CODES,
    STOCKS,
    STYLE_POLICIES,
)

_PLAIN_SHARE = 0.5
_TOLD_SHARE, _TOLD_WORDS = 0.75, 38
"""How often a record keeps a part of its description, and how long that is at most."""
_MOST_WISHES = 3
_SPOKEN = ("review", "profile", "purchase history", "browsing history", "audience", "occasion")
"""Wishes that take a sentence at an ad's start; one of them is enough."""
_CLOSING = ("promotion", "stock", "campaign")
"""Wishes that share the sentence at an ad's end; it has room for two."""


def situate(seed: Pair, product: Product, shop: Shop, rng: random.Random) -> Situation | None:
    """Build an ad's inputs from a record, in the manner of a seed; None where it has no name."""
    record = compact(product, rng, description=False)
    if rng.random() < _TOLD_SHARE and (told := excerpt(product.description, _TOLD_WORDS, rng)):
        record["description"] = told
    if name_of(record) is None or not record.get("attributes"):
        return None
    inputs: dict[str, Any] = {"product": record}
    if rng.random() >= _PLAIN_SHARE:
        _wish(inputs, _wanted(seed, rng), product, shop, rng)
    return Situation(inputs)


def _wanted(seed: Pair, rng: random.Random) -> list[str]:
    """Draw which wishes to make: the seed's own, and at times one of another seed's kind."""
    own = [name for name in ("audience", "occasion", "tone", "platform") if seed.inputs.get(name)]
    own += list(seed.inputs.get("context", {}))
    if rng.random() < 0.35:
        own.append(rng.choice(("tone", "occasion", "audience", "promotion", "stock", "review")))
    rng.shuffle(own)
    wanted: list[str] = []
    for name in dict.fromkeys(own):
        spoken = name in _SPOKEN and any(other in _SPOKEN for other in wanted)
        spoken = spoken or (name == "channel" and "platform" in wanted)
        spoken = spoken or (name == "platform" and "channel" in wanted)
        full = name in _CLOSING and sum(other in _CLOSING for other in wanted) > 1
        if not spoken and not full and len(wanted) < _MOST_WISHES:
            wanted.append(name)
    return wanted


def _wish(
    inputs: dict[str, Any],
    wanted: list[str],
    product: Product,
    shop: Shop,
    rng: random.Random,
) -> None:
    context: dict[str, str] = {}
    for name in wanted:
        text = _text(name, inputs["product"], product, shop, rng)
        if not text:
            continue
        if name in {"audience", "occasion", "tone", "platform"}:
            inputs[name] = text
        else:
            context[name] = text
    if context:
        inputs["context"] = context


def _text(
    name: str, record: Mapping[str, Any], product: Product, shop: Shop, rng: random.Random
) -> str:
    sort = fitting.fits(product)
    if name == "stock":
        return _stock(product, rng)
    if name == "promotion":
        return rng.choice(fitting.promotions(sort)).format(
            p=rng.choice((5, 10, 15, 20, 25, 30)),
            e=rng.choice((3, 5, 10, 15, 20)),
            code=rng.choice(PROMOTION_CODES) + rng.choice(("", "5", "10", "24")),
        )
    if name == "browsing history":
        called = name_of(record)
        return rng.choice(HISTORIES).format(noun=called.noun) if called and called.noun else ""
    if name == "purchase history":
        siblings = shop.siblings(product_kind(product))
        return singular_of(rng.choice(siblings)).lower() if siblings else ""
    choices = {
        "audience": fitting.audiences(sort),
        "occasion": fitting.occasions(sort),
        "tone": fitting.tones(sort),
        "platform": PLATFORMS,
        "review": fitting.reviews(sort),
        "profile": fitting.profiles(sort),
        "campaign": fitting.campaigns(sort),
        "channel": CHANNELS,
        "style policy": STYLE_POLICIES,
    }
    return rng.choice(choices[name]) if name in choices else ""


def _stock(product: Product, rng: random.Random) -> str:
    """Word the stock as the record counts it; no count where it counts none."""
    if product.availability not in {"", "in_stock"} or product.quantity == 0:
        return ""
    count = product.quantity or rng.choice((3, 4, 5, 6, 7, 8, 9, 12, 15, 20, 25, 40, 60))
    short = count < 12
    usable = [
        text
        for text in STOCKS
        if "{n}" not in text or (text.startswith(("Only", "Just", "Last", "{n} left")) == short)
    ]
    return rng.choice(usable).format(n=count)
