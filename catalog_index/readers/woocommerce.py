"""WooCommerce's product CSV export: variations go into their parent product.

A variation names its parent by SKU or as `id:123`, and may stand anywhere in the file. Column names
are those of the English export. Products that are not published, or hidden from the catalog, are
rejected: a shopper cannot find them in the shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing import category_path, clean_text, feed_text, parse_variant
from catalog_index.product import Variant
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, RawRow, Rejected, Row
from catalog_index.readers.delimited import delimited_rows, header_columns
from catalog_index.readers.grouping import grouped_rows, waiting_rows, without_product

_REQUIRED = ("type", "name")
_KNOWN_BY = {"regular price", "in stock?", "visibility in catalog", "parent", "attribute 1 name"}
_SIZES = re.compile(r"(weight|length|width|height) \(([^()]{1,8})\)")
_OPTION = re.compile(r"attribute (\d{1,3}) name")
_COMMA = re.compile(r"(?<!\\),")
_STOCK = {"1": "in_stock", "0": "out_of_stock", "backorder": "backorder"}


class WooCommerceReader:
    """Reads WooCommerce's product CSV."""

    name = "woocommerce"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files with the columns Type and Name beside some that only WooCommerce has."""
        columns = set(header_columns(head, _column))
        return set(_REQUIRED) <= columns and len(_KNOWN_BY & columns) > 1

    def read(self, path: Path) -> Iterator[Row]:
        """Yield a product's row, and one for each variation merged into it; see `Reader.read`."""
        with waiting_rows() as waiting:
            for line, raw in self._rows(path, quiet=True):
                if not isinstance(raw, RowError) and _is_variation(raw):
                    waiting.add(_text(raw, "parent"), line, raw)
            for line, raw in self._rows(path):
                if isinstance(raw, RowError):
                    yield Rejected(line, raw, hides=True)
                elif not _is_variation(raw):
                    keys = [key for key in (f"id:{_text(raw, 'id')}", _text(raw, "sku")) if key]
                    yield from _product_rows(line, raw, waiting.take(*keys))
            for line, parent in waiting.rest():
                yield Rejected(line, without_product("Parent", parent), hides=not parent)

    def _rows(self, path: Path, *, quiet: bool = False) -> Iterator[RawRow]:
        single = (*_REQUIRED, "id", "sku", "parent")
        return delimited_rows(
            path, self._limits, required=_REQUIRED, name=_column, single=single, quiet=quiet
        )


def _column(cell: str) -> str:
    return " ".join(cell.strip().strip('"').lower().split())


def _text(raw: Mapping[str, Any], column: str) -> str:
    return clean_text(raw.get(column))


def _is_variation(raw: Mapping[str, Any]) -> bool:
    return "variation" in re.split(r"[,\s]+", _text(raw, "type").lower())


def _product_rows(
    line: int, raw: Mapping[str, Any], variations: list[tuple[int, dict[str, Any]]]
) -> Iterator[Row]:
    """Yield the rows of one product."""
    if fault := _not_for_sale(raw):
        yield from (Rejected(number, fault) for number in (line, *(one for one, _ in variations)))
        return
    members: list[tuple[int, Variant | RowError | None]] = [(line, None)]
    members += [(number, _variation(variation)) for number, variation in variations]
    yield from grouped_rows(_record(raw), members)


def _not_for_sale(raw: Mapping[str, Any]) -> RowError | None:
    if _text(raw, "published") in ("0", "-1"):
        return RowError("Published", "is not 1: not for sale")
    if _text(raw, "visibility in catalog").lower() == "hidden":
        return RowError("Visibility in catalog", "is hidden: not in the catalog")
    return None


def _variation(raw: Mapping[str, Any]) -> Variant | RowError:
    if fault := _not_for_sale(raw):
        return fault
    try:
        return parse_variant(_sold(raw))
    except RowError as error:
        return error


def _record(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Map a product's columns to Google's."""
    sold = _sold(raw)
    categories = [_plain(path) for path in _COMMA.split(str(raw.get("categories") or ""))]
    paths = [path for category in categories if (path := category_path(category))]
    extra = {"tags": _several(raw.get("tags")), "categories": paths if len(paths) > 1 else []}
    texts = [feed_text(raw.get(name)) for name in ("short description", "description")]
    return {
        **sold,
        "title": raw.get("name"),
        "description": " ".join(dict.fromkeys(filter(None, texts))),
        "brand": raw.get("brands"),
        "product_type": max(paths, key=lambda path: path.count(" > "), default=""),
        "link": raw.get("external url"),
        "attributes": {
            **sold["attributes"],
            **{name: values for name, values in extra.items() if values},
            **_sizes(raw),
        },
    }


def _sold(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Map what a product and a variation have in common."""
    stock = _text(raw, "stock")
    return {
        "id": _text(raw, "id") or _text(raw, "sku"),
        "title": raw.get("name"),
        "sku": raw.get("sku"),
        "gtin": raw.get("gtin, upc, ean, or isbn"),
        "price": raw.get("regular price"),
        "sale_price": raw.get("sale price"),
        "quantity": "" if stock == "parent" else stock,
        "availability": _STOCK.get(_text(raw, "in stock?"), ""),
        "image_link": str(raw.get("images") or "").split(",")[0],
        "attributes": dict(_options(raw)),
    }


def _options(raw: Mapping[str, Any]) -> Iterator[tuple[str, str | list[str]]]:
    """Yield the attributes that the shop defined: a list where there are several values."""
    for column, name in raw.items():
        if name and (option := _OPTION.fullmatch(column)):
            values = _several(raw.get(f"attribute {option[1]} value(s)"))
            if values:
                yield clean_text(name), values[0] if len(values) == 1 else values


def _sizes(raw: Mapping[str, Any]) -> dict[str, str]:
    """Return weight and measures with the unit that the column's name gives."""
    return {
        size[1]: f"{cell} {size[2]}"
        for column, cell in raw.items()
        if cell and (size := _SIZES.fullmatch(column))
    }


def _several(value: Any) -> list[str]:
    return [text for item in _COMMA.split(str(value or "")) if (text := _plain(item))]


def _plain(text: str) -> str:
    return text.replace("\\,", ",").strip()
