"""Hits in the order of their prices: the cheapest, or the dearest, of what was looked for.

The cheapest case is not the cheapest phone: only what fits nearly as well as the best is compared,
and only kinds of product that the best few are. Knows no index and no store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from catalog_index.product import Money, Passage, Product
from retrieval.record_filters import passes_all
from retrieval.understanding import Understood

COMPARED = 1000
"""How many records are looked at for the cheapest."""

_NEAR_BEST = 0.8
"""From which share of the best cosine on a record is compared by price."""

_TELLING = 3
"""From how many of the best it is told which kinds of product are compared."""


class Ranked(NamedTuple):
    """A record that was found, its cosine with the query, and what it is ranked by."""

    record: Product | Passage
    cosine: float
    score: float


def by_price(ranked: Sequence[Ranked], asked: Understood) -> list[Ranked]:
    """Return what has a price and fits, in the order that the query asks for.

    Where some of what fits is what the query prefers, only that is compared. Prices in other
    currencies than the most frequent one are left out: they cannot be compared.

    Args:
        ranked: what was found, best first.
        asked: the query; its `sort` is not None.
    """
    least = _NEAR_BEST * max((found.cosine for found in ranked), default=0.0)
    near = [found for found in ranked if found.cosine >= least]
    wanted = [item.filter for item in asked.preferences]
    near = [found for found in near if passes_all(found.record, wanted)] or near
    kinds = {_kind(found.record) for found in near[:_TELLING]}
    priced = [
        (price, found)
        for found in near
        if _kind(found.record) in kinds and (price := _price(found.record)) is not None
    ]
    currencies = Counter(price.currency for price, _ in priced)
    usual = currencies.most_common(1)[0][0] if currencies else ""
    comparable = [(price.amount, found) for price, found in priced if price.currency == usual]
    comparable.sort(key=lambda pair: pair[0], reverse=asked.sort == "price descending")
    return [found for _, found in comparable]


def _kind(record: Product | Passage) -> str:
    return record.product_type if isinstance(record, Product) else ""


def _price(record: Product | Passage) -> Money | None:
    """Return what a shopper pays for a product."""
    return (record.sale_price or record.price) if isinstance(record, Product) else None
