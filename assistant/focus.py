"""Which product a turn is about: pinned, named by a code, named in words, or the one before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from langchain_core.retrievers import BaseRetriever

from assistant.errors import ProductNotFoundError
from assistant.values import Turn, Utterance
from catalog_index.product import Product
from retrieval.registry import find_product, search
from retrieval.stems import stems
from retrieval.values import Hit, Query

_BACK_REFERENCE = re.compile(
    r"\b(it|its|it's|this|that|they|them|their|these|those|the same|this one|that one)\b", re.I
)
_CODE = re.compile(r"\b[A-Za-z]{2,4}-\d{4,}\b")
_NAMED = 2
"""How many words of a product's names a message must hold to name it for sure."""

_LOOK_BACK, _LOOKED_AT = 6, 5


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
    if _BACK_REFERENCE.search(turn.message) or not best[0]:
        before = (
            find_product(retriever, turn.focus_id)
            if turn.focus_id
            else _product_of(turn.history, retriever)
        )
        if before is not None and _adds_names(turn.message, best[1], before) < _NAMED:
            return before
    return best[1] if best[0] else None


def unknown_code(turn: Turn, hits: Sequence[Hit], focus: Hit | None) -> str:
    """Return the product code that a message names and no product bears, "" where there is none.

    Only where nothing else says which product is meant.
    """
    if turn.product_id or any(hit.exact for hit in hits) or (focus and focus.id == turn.focus_id):
        return ""
    match = _CODE.search(turn.message)
    return match.group() if match else ""


def _adds_names(message: str, found: Hit | None, before: Hit) -> int:
    """Count the message's words that name the found product and say nothing of the one before.

    "Does it have noise cancelling?" names headphones, but may well ask that of the last ones.
    """
    if found is None or found.id == before.id or not isinstance(before.record, Product):
        return 0
    said_of = " ".join(f"{name} {text}" for name, text in before.record.fields())
    return len(_names(message, found) - stems(said_of))


def _product_of(history: Sequence[Utterance], retriever: BaseRetriever) -> Hit | None:
    """Return the product that the latest message of the user that names one is about."""
    asked = [utterance.text for utterance in history if utterance.role == "user"]
    for text in reversed(asked[-_LOOK_BACK:]):
        hits = search(retriever, Query(text, _LOOKED_AT, "product"))
        exact = next((hit for hit in hits if hit.exact), None)
        if exact is not None:
            return exact
        best = max(hits, key=lambda hit: naming(text, hit), default=None)
        if best is not None and naming(text, best) >= _NAMED:
            return best
    return None


def naming(message: str, hit: Hit) -> int:
    """Count the message's words that name the product: of its title, brand and type."""
    return len(_names(message, hit))


def _names(message: str, hit: Hit) -> set[str]:
    if not isinstance(hit.record, Product):
        return set()
    record = hit.record
    return stems(message) & stems(f"{record.title} {record.brand} {record.product_type}")
