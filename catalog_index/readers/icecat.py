"""Icecat's product data as JSON: the flat export (`attr_[tnb]_*` keys), and the product API's.

In the flat one, prices are in minor units and name no currency, `supplier` is the brand, `ean` the
GTINs (a list), and `name` the maker's model number. The API's has `GeneralInfo` and
`FeaturesGroups`, at the top or under `data`; a file may hold one product or many.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing import checked_money, clean_text, quoted
from catalog_index.product import Money
from catalog_index.readers.jsonl import JsonlReader

_PREFIX = re.compile(r"^attr_[tnb]_")


class IcecatReader(JsonlReader):
    """Reads Icecat JSON: lines, an array, or one object."""

    name = "icecat"

    def matches(self, path: Path, head: str) -> bool:
        """Take JSON with an `attr_` key, a `supplier` beside an `ean`, or a `GeneralInfo`."""
        flat = '"attr_' in head or ('"supplier"' in head and '"ean"' in head)
        return super().matches(path, head) and (flat or '"GeneralInfo"' in head)

    def record(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Map Icecat's names to Google's.

        Raises:
            RowError: the price is no number of minor units.
        """
        data = raw["data"] if isinstance(raw.get("data"), Mapping) else raw
        if isinstance(data.get("GeneralInfo"), Mapping):
            return _api_record(data)
        attributes = {
            _attribute_name(key): value for key, value in raw.items() if _PREFIX.match(key)
        }
        product_type = attributes.get("product type")
        return {
            "id": raw.get("id"),
            "title": raw.get("title"),
            "description": raw.get("short_description"),
            "brand": raw.get("supplier"),
            "product_type": product_type if isinstance(product_type, str) else "",
            "price": _price(raw.get("price")),
            "gtin": raw.get("ean"),
            "mpn": raw.get("name"),
            "image_link": raw.get("img_500x500"),
            "attributes": attributes,
        }


def _attribute_name(key: str) -> str:
    """Turn "attr_n_thermal_design_power__tdp_" into "thermal design power (tdp)"."""
    name = re.sub(r"__((?:[^_]|_(?!_))+)_$", r" (\1)", _PREFIX.sub("", key))
    return name.replace("_", " ")


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


def _api_record(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Map a product of Icecat's API."""
    general = data["GeneralInfo"]
    description = _at(general, "Description", "LongDesc")
    summary = _at(general, "SummaryDescription", "LongSummaryDescription")
    bullets = _at(general, "BulletPoints", "Values") or _at(
        general, "GeneratedBulletPoints", "Values"
    )
    return {
        "id": general.get("IcecatId") or general.get("ProductId"),
        "title": _at(general, "TitleInfo", "GeneratedLocalTitle", "Value") or general.get("Title"),
        "description": description or summary,
        "brand": general.get("Brand"),
        "product_type": _at(general, "Category", "Name", "Value"),
        "gtin": general.get("GTIN"),
        "mpn": general.get("BrandPartCode"),
        "image_link": _at(data, "Image", "HighPic"),
        "product_highlight": bullets if isinstance(bullets, list) else None,
        "attributes": dict(_features(data.get("FeaturesGroups"))),
    }


def _features(groups: Any) -> Iterator[tuple[str, Any]]:
    """Yield name and value of each feature, the value as Icecat presents it ("2.5 GHz")."""
    for group in groups if isinstance(groups, list) else ():
        features = group.get("Features") if isinstance(group, Mapping) else None
        for feature in features if isinstance(features, list) else ():
            name = clean_text(_at(feature, "Feature", "Name", "Value"))
            value = _at(feature, "Presentation_Value") or _at(feature, "Value")
            if name and value is not None:
                yield name, {"Y": True, "N": False}.get(str(value), value)


def _at(value: Any, *keys: str) -> Any:
    """Return a member of nested objects, None where one of them is missing."""
    for key in keys:
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value
