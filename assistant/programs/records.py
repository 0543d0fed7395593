"""Hits and what was understood of a query, as the plain JSON values that programs read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog_index.product import Passage, Product
from retrieval.values import Hit

if TYPE_CHECKING:
    from retrieval.understanding import Understood


def hit_json(hit: Hit) -> dict[str, Any]:
    """Return a hit: its record's id, title and kind, how well it fits, a product's key facts."""
    shown: dict[str, Any] = {
        "id": hit.id,
        "score": hit.score,
        "title": hit.title,
        "kind": hit.kind,
        "similarity": hit.similarity,
        "exact": hit.exact,
        "matched": list(hit.matched),
    }
    if isinstance(hit.record, Product):
        shown["brand"] = hit.record.brand
        shown["product_type"] = hit.record.product_type
        shown["availability"] = hit.record.availability
        if price := hit.record.sale_price or hit.record.price:
            shown["price"] = str(price)
    return shown


def understood_json(asked: Understood | None) -> dict[str, Any]:
    """Return what was understood of a query beside its words; empty parts are left out."""
    if asked is None:
        return {}
    said: dict[str, Any] = {
        "filters": [item.label for item in asked.filters],
        "sort": asked.sort,
        "corrections": dict(asked.corrections),
    }
    return {name: value for name, value in said.items() if value}


def record_json(record: Product | Passage) -> dict[str, Any]:
    """Return a record: its id, title and every field as a person would read it."""
    if isinstance(record, Passage):
        return {"id": record.id, "title": record.title, "text": record.text}
    return {"id": record.id, "title": record.title, "fields": dict(record.fields())}
