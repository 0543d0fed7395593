"""Icecat's product export as JSON lines: flat keys, attributes as `attr_[tnb]_*`.

Prices are in minor units and name no currency; `supplier` is the brand, `ean` the GTINs, and
`name` the maker's model number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text, parse_attribute
from catalog_index.product import AttributeValue, Money, Product
from catalog_index.readers.jsonl import JsonlReader

_PREFIX = re.compile(r"^attr_[tnb]_")


class IcecatReader(JsonlReader):
    """Reads Icecat JSON lines, plain or gzipped."""

    name = "icecat"

    def matches(self, path: Path, head: str) -> bool:
        """Take JSON lines that have an `attr_` key or a `supplier` beside an `ean`."""
        return head.lstrip().startswith("{") and (
            '"attr_' in head or ('"supplier"' in head and '"ean"' in head)
        )

    def product(self, record: Mapping[str, Any]) -> Product:
        """Map Icecat's names to Google's."""
        for required in ("id", "title"):
            if not clean_text(record.get(required)):
                raise RowError(required, "missing")
        attributes = {
            _attribute_name(key): parse_attribute(value)
            for key, value in record.items()
            if _PREFIX.match(key) and clean_text(value)
        }
        eans = record.get("ean") or []
        return Product(
            id=clean_text(record["id"]),
            title=clean_text(record["title"]),
            description=clean_text(record.get("short_description")),
            brand=clean_text(record.get("supplier")),
            product_type=_product_type(attributes),
            price=_price(record.get("price")),
            gtin=tuple(clean_text(ean) for ean in (eans if isinstance(eans, list) else [eans])),
            mpn=clean_text(record.get("name")),
            image_link=clean_text(record.get("img_500x500")),
            attributes=MappingProxyType(attributes),
        )


def _attribute_name(key: str) -> str:
    """Turn "attr_n_thermal_design_power__tdp_" into "thermal design power (tdp)"."""
    name = re.sub(r"__((?:[^_]|_(?!_))+)_$", r" (\1)", _PREFIX.sub("", key))
    return " ".join(name.replace("_", " ").split())


def _product_type(attributes: Mapping[str, AttributeValue]) -> str:
    value = attributes.get("product type", "")
    return value if isinstance(value, str) else ""


def _price(minor_units: Any) -> Money | None:
    if minor_units is None or isinstance(minor_units, bool):
        return None
    try:
        amount = Decimal(str(minor_units)) / 100
    except ArithmeticError as error:
        raise RowError("price", f"{minor_units!r} is not a number of minor units") from error
    if not amount.is_finite() or amount < 0:
        raise RowError("price", f"{minor_units!r} is not a price")
    return Money(amount) if amount else None
