"""Shopify's product CSV: the rows of one handle are one product with variants.

The first row of a product names it; rows without a title, or with the handle of the row above, are
its variants and further pictures, wherever they stand. Column names of both the old export
("Variant Price") and the one of 2025 ("Price", "URL handle") are known. Drafts, archived products
and those not published are rejected: a shopper cannot buy them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text, parse_price, parse_variant
from catalog_index.product import Variant
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, RawRow, Rejected, Row
from catalog_index.readers.delimited import delimited_rows, header_columns
from catalog_index.readers.grouping import grouped_rows, waiting_rows, without_product

_NAMES = {
    "url handle": "handle",
    "description": "body (html)",
    "product category": "category",
    "published on online store": "published",
    "sku": "variant sku",
    "barcode": "variant barcode",
    "price": "variant price",
    "compare-at price": "variant compare at price",
    "inventory quantity": "variant inventory qty",
    "inventory tracker": "variant inventory tracker",
    "continue selling when out of stock": "variant inventory policy",
    "weight value (grams)": "variant grams",
    "product image url": "image src",
    "variant image url": "variant image",
}
"""The names of the newer export, by those of the older."""
_KNOWN_BY = ({"handle", "title"}, {"variant price", "option1 name", "option1 value", "variant sku"})
_GOOGLE = ("age group", "condition", "gender", "mpn")
_METAFIELD = re.compile(r"(.+?) \(product\.metafields\.[^()]+\)")
_NO_OPTION = "default title"
_NOT_FOR_SALE = {"draft", "archived", "unlisted"}


class ShopifyReader:
    """Reads Shopify's product CSV."""

    name = "shopify"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files with the columns Handle and Title beside those of a variant."""
        columns = set(header_columns(head, _column))
        return _KNOWN_BY[0] <= columns and len(_KNOWN_BY[1] & columns) > 1

    def read(self, path: Path) -> Iterator[Row]:
        """Yield a product's row, and one for each row merged into it; see `Reader.read`."""
        with waiting_rows() as waiting:
            for line, raw, is_first in self._rows(path, quiet=True):
                if not is_first and not isinstance(raw, RowError):
                    waiting.add(_text(raw, "handle"), line, raw)
            for line, raw, is_first in self._rows(path):
                if isinstance(raw, RowError):
                    yield Rejected(line, raw, hides=True)
                elif is_first:
                    others = waiting.take(_text(raw, "handle"))
                    yield from _product_rows([(line, raw), *others])
            for line, handle in waiting.rest():
                yield Rejected(line, without_product("Handle", handle), hides=not handle)

    def _rows(
        self, path: Path, *, quiet: bool = False
    ) -> Iterator[tuple[int, Mapping[str, Any] | RowError, bool]]:
        """Yield each row, and whether it is the first of a product."""
        rows: Iterator[RawRow] = delimited_rows(
            path,
            self._limits,
            required=("handle", "title"),
            name=_column,
            single=("handle",),
            quiet=quiet,
        )
        last = ""
        for line, raw in rows:
            if isinstance(raw, RowError):
                yield line, raw, False
                continue
            handle = _text(raw, "handle")
            is_first = bool(handle and _text(raw, "title")) and handle != last
            last = handle if is_first else last
            yield line, raw, is_first


def _column(cell: str) -> str:
    name = " ".join(cell.strip().strip('"').lower().split())
    return _NAMES.get(name, name)


def _text(raw: Mapping[str, Any], column: str) -> str:
    return clean_text(raw.get(column))


def _product_rows(rows: list[tuple[int, Mapping[str, Any]]]) -> Iterator[Row]:
    """Yield the rows of one product."""
    _, first = rows[0]
    if fault := _not_for_sale(first):
        yield from (Rejected(line, fault) for line, _ in rows)
        return
    record = _record(first)
    names = [_text(first, f"option{number} name") for number in (1, 2, 3)]
    sold = [raw for _, raw in rows if _is_variant(raw)]
    if len(sold) == 1 and _text(sold[0], "option1 value").lower() in ("", _NO_OPTION):
        try:
            alone = _variant_record(sold[0], names)
        except RowError as error:
            yield from grouped_rows(record, [(line, error) for line, _ in rows])
            return
        alone.pop("attributes")
        record = {**alone, **record}
        yield from grouped_rows(record, [(line, None) for line, _ in rows])
        return
    yield from grouped_rows(record, [(line, _variant(raw, names)) for line, raw in rows])


def _not_for_sale(raw: Mapping[str, Any]) -> RowError | None:
    status = _text(raw, "status").lower()
    if status in _NOT_FOR_SALE:
        return RowError("Status", f"is {status}: not for sale")
    if _text(raw, "published").lower() == "false":
        return RowError("Published", "is false: not for sale")
    return None


def _record(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Map what the first row says of the product."""
    attributes: dict[str, Any] = {}
    for column, cell in raw.items():
        if cell and (metafield := _METAFIELD.fullmatch(column)):
            attributes[metafield[1]] = cell
    google = {name: raw.get(f"google shopping / {name}") for name in _GOOGLE}
    attributes |= {name: google[name] for name in ("age group", "gender") if google[name]}
    if tags := [tag.strip() for tag in str(raw.get("tags") or "").split(",") if tag.strip()]:
        attributes["tags"] = tags
    grams = _text(raw, "variant grams")
    if grams.strip("0."):
        attributes["weight"] = f"{grams} g"
    return {
        "id": raw.get("handle"),
        "title": raw.get("title"),
        "description": raw.get("body (html)"),
        "brand": raw.get("vendor"),
        "product_type": raw.get("type"),
        "google_product_category": raw.get("category"),
        "condition": google["condition"],
        "mpn": google["mpn"],
        "image_link": raw.get("image src"),
        "attributes": attributes,
    }


def _is_variant(raw: Mapping[str, Any]) -> bool:
    return any(_text(raw, name) for name in ("option1 value", "variant sku", "variant price"))


def _variant(raw: Mapping[str, Any], names: list[str]) -> Variant | RowError | None:
    if not _is_variant(raw):
        return None
    try:
        return parse_variant(_variant_record(raw, names))
    except RowError as error:
        return error


def _variant_record(raw: Mapping[str, Any], names: list[str]) -> dict[str, Any]:
    """Map what a row says of its variant; `names` are those of the product's options.

    Raises:
        RowError: a price is none.
    """
    options = {
        name or f"option {number}": value
        for number, name in enumerate(names, start=1)
        if (value := _text(raw, f"option{number} value"))
    }
    price = parse_price(raw.get("variant price"), "Variant Price")
    before = parse_price(raw.get("variant compare at price"), "Variant Compare At Price")
    reduced = price is not None and before is not None and before.amount > price.amount
    stock = _text(raw, "variant inventory qty")
    sku = _text(raw, "variant sku").lstrip("'")
    return {
        "id": sku or "-".join([_text(raw, "handle"), *options.values()]),
        "sku": sku,
        "gtin": _text(raw, "variant barcode").lstrip("'"),
        "price": before if reduced else price,
        "sale_price": price if reduced else None,
        "quantity": stock,
        "availability": _availability(raw, stock),
        "image_link": raw.get("variant image") or raw.get("image src"),
        "attributes": options,
    }


def _availability(raw: Mapping[str, Any], stock: str) -> str:
    """Return whether a variant can be bought: stock that is not tracked says nothing."""
    if _text(raw, "variant inventory policy").lower() in ("continue", "true"):
        return "in_stock"
    if not stock or not (_text(raw, "variant inventory tracker") or stock.strip("-0.")):
        return ""
    return "out_of_stock" if stock.startswith("-") or not stock.strip("0.") else "in_stock"
