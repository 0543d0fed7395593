"""Which product a turn is about: pinned, named by a code, named in words, or the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from langchain_core.retrievers import BaseRetriever

from assistant.errors import ProductNotFoundError
from assistant.stems import stems
from assistant.values import Turn
from catalog_index.product import Product
from retrieval.registry import find_product
from retrieval.values import Hit

_BACK_REFERENCE = re.compile(
    r"\b(it|its|it's|this|that|they|them|their|these|those|the same|this one|that one)\b", re.I
)


def resolve_focus(turn: Turn, hits: Sequence[Hit], retriever: BaseRetriever) -> Hit | None:
    """Return the product that the turn is about, or None when it names none.

    The order: `turn.product_id`; a product whose code stands in the message; the product of the
    turn before, when the message points back and names no other product; the best hit that the
    message names in words.

    Raises:
        ProductNotFoundError: no product has the code `turn.product_id`.
    """
    if turn.product_id:
        pinned = find_product(retriever, turn.product_id)
        if pinned is None:
            raise ProductNotFoundError(
                f"There is no product {turn.product_id!r} in the catalog; check the id."
            )
        return pinned
    products = [hit for hit in hits if hit.kind == "product"]
    exact = next((hit for hit in products if hit.exact), None)
    if exact is not None:
        return exact
    named = [(naming(turn.message, hit), hit) for hit in products]
    best = max(named, key=lambda pair: pair[0], default=(0, None))
    points_back = bool(_BACK_REFERENCE.search(turn.message)) or not best[0]
    if turn.focus_id and points_back and best[0] < 2:
        return find_product(retriever, turn.focus_id)
    return best[1] if best[0] else None


def naming(message: str, hit: Hit) -> int:
    """Count the message's words that name the product: of its title, brand and type."""
    if not isinstance(hit.record, Product):
        return 0
    record = hit.record
    names = f"{record.title} {record.brand} {record.product_type}"
    return len(stems(message) & stems(names))
