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
from catalog_index.parsing import (
    attribute_name,
    checked_money,
    clean_path,
    clean_text,
    parse_attribute,
    parse_gtins,
    quoted,
)
from catalog_index.product import AttributeValue, Money, Product
from catalog_index.readers.jsonl import JsonlReader

_PREFIX = re.compile(r"^attr_[tnb]_")


class IcecatReader(JsonlReader):
    """Reads Icecat JSON lines, plain or gzipped."""

    name = "icecat"

    def matches(self, path: Path, head: str) -> bool:
        """Take JSON lines that have an `attr_` key or a `supplier` beside an `ean`."""
        return super().matches(path, head) and (
            '"attr_' in head or ('"supplier"' in head and '"ean"' in head)
        )

    def product(self, record: Mapping[str, Any]) -> Product:
        """Map Icecat's names to Google's."""
        for required in ("id", "title"):
            if not clean_text(record.get(required)):
                raise RowError(required, "missing")
        typed = (
            (_attribute_name(key), parse_attribute(value))
            for key, value in record.items()
            if _PREFIX.match(key)
        )
        attributes = {name: value for name, value in typed if name and value not in ("", ())}
        return Product(
            id=clean_text(record["id"]),
            title=clean_text(record["title"]),
            description=clean_text(record.get("short_description")),
            brand=clean_text(record.get("supplier")),
            product_type=_product_type(attributes),
            price=_price(record.get("price")),
            gtin=parse_gtins(record.get("ean")),
            mpn=clean_text(record.get("name")),
            image_link=clean_path(record.get("img_500x500")),
            attributes=MappingProxyType(attributes),
        )


def _attribute_name(key: str) -> str:
    """Turn "attr_n_thermal_design_power__tdp_" into "thermal design power (tdp)"."""
    name = re.sub(r"__((?:[^_]|_(?!_))+)_$", r" (\1)", _PREFIX.sub("", key))
    return attribute_name(name)


def _product_type(attributes: Mapping[str, AttributeValue]) -> str:
    value = attributes.get("product type", "")
    return value if isinstance(value, str) else ""


def _price(minor_units: Any) -> Money | None:
    if minor_units is None or isinstance(minor_units, bool):
        return None
    try:
        amount = Decimal(str(minor_units)) / 100
    except ArithmeticError as error:
        raise RowError(
            "price", f"{quoted(str(minor_units))} is not a number of minor units"
        ) from error
    return checked_money(amount, "", "price") if amount else None
