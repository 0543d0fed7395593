"""Purchase intent on catalog records: a query that fits, half fits or does not fit a product.

A query is made for a label, so the label is right by how it is made: `queries` knows the ways.
Words of the title do not tell the label: accessories bear the name of what they are for, and
synonyms share no word with it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from assistant.tasks.intent import LABELS
from catalog_index.product import Product
from finetune.pair import Pair
from finetune.shop import Shop
from finetune.situations.base import Situation
from finetune.situations.english import plural_of
from finetune.situations.kinds import Kind, kind_of, known_kinds, names_kind
from finetune.situations.queries import Query, makers_of
from finetune.situations.record import compact
from finetune.situations.surroundings import surroundings

_TRIES = 12


def situate(seed: Pair, product: Product, shop: Shop, rng: random.Random) -> Situation | None:
    """Return a query with the product, and likely, possible or unlikely.

    None where nothing tells what the product is.
    """
    kind = kind_of(product)
    if kind is None:
        return None
    label = rng.choice(LABELS)
    query = _query(label, product, kind, shop, rng)
    if query is None:
        return None
    record = compact(
        product,
        rng,
        keep=query.keep,
        most=max(rng.randint(3, 6), len(query.keep)),
    )
    if query.price and product.price is not None:
        record["price"] = str(product.price)
        if product.sale_price is not None:
            record["sale_price"] = str(product.sale_price)
    if rng.random() < 0.35 and names_kind(product.title, kind):
        record.pop("product_type", None)
    told = product.attributes.get("product type")
    if isinstance(told, str) and "product_type" not in record:
        record.setdefault("attributes", {})["product type"] = told
    inputs: dict[str, object] = {"query": _typed(query.text, rng), "product": record}
    if context := surroundings(seed, product, rng, _seen(label, query, kind, rng)):
        inputs["context"] = context
    return Situation(inputs, label)


def _query(
    label: str, product: Product, kind: Kind, shop: Shop, rng: random.Random
) -> Query | None:
    makers = makers_of(label)
    for _ in range(_TRIES):
        maker = rng.choices([maker for maker, _ in makers], [weight for _, weight in makers])[0]
        query = maker(product, kind, shop, rng)
        if query is not None and query.text.strip():
            return query
    return None


def _seen(label: str, query: Query, kind: Kind, rng: random.Random) -> Sequence[str]:
    """Return what a shopper of this query has looked at: it never speaks against the label."""
    plain = plural_of(kind.names[0]) if kind.names else ""
    related = [*kind.substitutes, *kind.related][:4]
    if label == "likely":
        return [name for name in (plain, *related) if name]
    if label == "possible":
        return [query.about or query.text, *related]
    others = [
        other.names[0]
        for other in known_kinds().values()
        if other.names and other.group != kind.group
    ]
    return [query.about] if query.about else rng.sample(others, 3)


def _typed(text: str, rng: random.Random) -> str:
    """Write a query as people type: small letters, most often."""
    folded = " ".join(text.split())
    return folded.lower() if rng.random() < 0.85 else folded
