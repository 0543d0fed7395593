"""The shop's terms as product records state them; `policies/returns.md` states the same."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from catalog_index.product import AttributeValue, Quantity

SHOP = "Marlow & Finch"
CURRENCY = "EUR"

RETURN_WINDOWS: Mapping[str, AttributeValue] = MappingProxyType(
    {
        "standard": Quantity(30, "days"),
        "fashion": Quantity(60, "days"),
        "furniture": Quantity(14, "days"),
        "hygiene": "30 days, unopened and with the seal intact",
        "food": "no change-of-mind returns; report damaged goods within 7 days",
    }
)
"""The attribute "return window" by a product type's return category."""
