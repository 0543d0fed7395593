"""Text of a feed's cells to typed values, and records to `Product`: what all readers share.

Knows Google's product data field names and value formats (price "24.99 EUR", availability
"in_stock"); knows no file format.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from catalog_index.errors import RowError
from catalog_index.product import AttributeValue, Money, Product, Quantity

_TEXT_FIELDS = (
    "description",
    "brand",
    "product_type",
    "condition",
    "mpn",
    "sku",
    "item_group_id",
    "link",
    "image_link",
)
_OWN_FIELDS = {
    *_TEXT_FIELDS,
    *("id", "title", "price", "sale_price", "availability", "quantity", "gtin"),
    *("attributes", "product_detail", "product_highlight", "google_product_category"),
}
_PRICE = re.compile(r"^([A-Z]{3})?\s*(-?[\d.,\s]*\d)\s*([A-Z]{3})?$")
_QUANTITY = re.compile(r"^(-?\d+(?:\.\d+)?)\s*([^\W\d][^\s\d,;]{0,11}|%|°[CF]|\")?$")
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")
_TRUE = {"yes", "true", "y"}
_FALSE = {"no", "false", "n"}


def clean_text(value: Any) -> str:
    """Return one line of NFC text: control characters dropped, white space folded."""
    if value is None:
        return ""
    text = _CONTROL.sub(" ", str(value)) if not isinstance(value, float) else f"{value:.12g}"
    return " ".join(unicodedata.normalize("NFC", text).split())


def parse_price(value: Any, field: str = "price") -> Money | None:
    """Read "24.99 EUR", "EUR 24,99", "€24.99", 24.99; empty text is None.

    Raises:
        RowError: the value is no amount of money, or is negative or not finite.
    """
    text = clean_text(value)
    if not text:
        return None
    for symbol, code in _SYMBOLS.items():
        if symbol in text:
            text = f"{text.replace(symbol, '').strip()} {code}"
    match = _PRICE.match(text.upper())
    if not match:
        raise RowError(field, f"{text!r} is not a price; write it as 24.99 EUR")
    currency = match[1] or match[3] or ""
    try:
        amount = Decimal(_decimal_point(match[2]))
    except InvalidOperation as error:
        raise RowError(field, f"{text!r} is not a price; write it as 24.99 EUR") from error
    if amount < 0:
        raise RowError(field, f"{text!r} is negative")
    return Money(amount, currency)


def _decimal_point(number: str) -> str:
    """Rewrite "1.234,50" and "1,234.50" as "1234.50"; a lone comma with two digits is decimal."""
    number = re.sub(r"\s", "", number)
    comma, point = number.rfind(","), number.rfind(".")
    if comma > point and (point >= 0 or len(number) - comma - 1 != 3):
        return number.replace(".", "").replace(",", ".")
    return number.replace(",", "")


def parse_attribute(value: Any) -> AttributeValue:
    """Give a feed's attribute value its type: boolean, number with unit, list of texts or text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return Quantity(float(value))
    if isinstance(value, list | tuple):
        return tuple(text for item in value if (text := clean_text(item)))
    if isinstance(value, Mapping):
        try:
            return Quantity(float(value["value"]), clean_text(value.get("unit", "")))
        except (KeyError, TypeError, ValueError):
            return clean_text(value)
    text = clean_text(value)
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    match = _QUANTITY.match(text)
    if match and (match[1] == f"{float(match[1]):.12g}" or match[2]):
        return Quantity(float(match[1]), match[2] or "")
    return text


def attribute_name(name: str) -> str:
    """Write an attribute's name in lower-case words: "Battery_Life" is "battery life"."""
    return clean_text(name.replace("_", " ")).lower()


def parse_product(record: Mapping[str, Any]) -> Product:
    """Make a product of a record keyed by Google's field names.

    Keys that are none of them become attributes, as do the members of `attributes` and the
    "section:name:value" triples of `product_detail`.

    Raises:
        RowError: `id` or `title` is missing, or a field's value is not of its type.
    """
    for required in ("id", "title"):
        if not clean_text(record.get(required)):
            raise RowError(required, "missing")
    quantity = clean_text(record.get("quantity"))
    try:
        stock = int(quantity) if quantity else None
    except ValueError as error:
        raise RowError("quantity", f"{quantity!r} is not a whole number") from error
    product_type = record.get("product_type") or record.get("google_product_category")
    texts = {name: clean_text(record.get(name)) for name in _TEXT_FIELDS}
    texts["product_type"] = clean_text(product_type)
    return Product(
        id=clean_text(record["id"]),
        title=clean_text(record["title"]),
        price=parse_price(record.get("price")),
        sale_price=parse_price(record.get("sale_price"), "sale_price"),
        availability=clean_text(record.get("availability")).lower().replace(" ", "_"),
        quantity=stock,
        gtin=_gtins(record.get("gtin")),
        attributes=MappingProxyType(_attributes(record)),
        **texts,
    )


def _gtins(value: Any) -> tuple[str, ...]:
    items = value if isinstance(value, list | tuple) else re.split(r"[,;\s]+", clean_text(value))
    return tuple(dict.fromkeys(text for item in items if (text := clean_text(item))))


def _attributes(record: Mapping[str, Any]) -> dict[str, AttributeValue]:
    attributes: dict[str, Any] = {}
    nested = record.get("attributes") or {}
    if not isinstance(nested, Mapping):
        raise RowError("attributes", "is not an object of names and values")
    for detail in _details(record.get("product_detail")):
        attributes[detail[0]] = detail[1]
    if highlights := record.get("product_highlight"):
        attributes["highlights"] = highlights
    attributes.update({key: value for key, value in record.items() if key not in _OWN_FIELDS})
    attributes.update(nested)
    typed = ((attribute_name(str(key)), value) for key, value in attributes.items())
    return {
        name: parse_attribute(value)
        for name, value in typed
        if name and value is not None and clean_text(value)
    }


def _details(value: Any) -> list[tuple[str, str]]:
    """Split product_detail's "section:name:value, section:name:value" (section may be empty)."""
    entries = value if isinstance(value, list) else re.split(r",(?=[^,]*:[^,]*:)", str(value or ""))
    parts = [str(entry).split(":", 2) for entry in entries]
    return [(part[1].strip(), part[2].strip()) for part in parts if len(part) == 3]
