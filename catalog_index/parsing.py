"""Text of a feed's cells to typed values, and records to `Product`: what all readers share.

Knows Google's product data field names and value formats (price "24.99 EUR", availability
"in_stock"); knows no file format.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from catalog_index.errors import RowError
from catalog_index.product import AttributeValue, Money, Product, Quantity, render_value

_TEXT_FIELDS = (
    "description",
    "brand",
    "product_type",
    "condition",
    "mpn",
    "sku",
    "item_group_id",
    "link",
)
_OWN_FIELDS = {
    *_TEXT_FIELDS,
    *("id", "title", "image_link", "price", "sale_price", "availability", "quantity", "gtin"),
    *("attributes", "product_detail", "product_highlight", "google_product_category"),
}
_PRICE = re.compile(r"^([A-Z]{3})?\s*(-?[\d.,\s]*\d)\s*([A-Z]{3})?$")
_QUANTITY = re.compile(r"^(-?\d+(?:\.\d+)?)\s*([^\W\d][^\s\d,;]{0,11}|%|°[CF]|\")?$")
_SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ud800-\udfff]")
_UNSEEN = re.compile(rf"[\t\n\r]|{_CONTROL.pattern}")
_LONGEST_PRICE = 40
_LARGEST_PRICE = Decimal(10) ** 15
_SHOWN = 60
_EXACT_DIGITS = 16
"""Digits and point of a number that a float holds exactly."""
_TRUE = {"yes", "true", "y"}
_FALSE = {"no", "false", "n"}


def clean_text(value: Any) -> str:
    """Return one line of NFC text: control characters and lone surrogates dropped, spaces folded.

    A whole number that a spreadsheet made a float (a GTIN, say) keeps all its digits.
    """
    if value is None:
        return ""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).split())


def clean_path(value: Any) -> str:
    """Return a file's path or address as it is written, without control characters.

    Spaces and accents are not folded, as `clean_text` does: the file would have another name.
    """
    return "" if value is None else _UNSEEN.sub("", str(value)).strip()


def quoted(text: str) -> str:
    """Quote a faulty value in a message, cut short."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def parse_price(value: Any, field: str = "price") -> Money | None:
    """Read "24.99 EUR", "EUR 24,99", "€24.99", 24.99; empty text is None.

    Raises:
        RowError: the value is no amount of money, or is negative or not finite.
    """
    text = clean_text(value)
    if not text:
        return None
    written = text.upper()
    for symbol, code in _SYMBOLS.items():
        if symbol in written:
            written = written.replace(symbol, "").replace(code, "").strip() + f" {code}"
    match = _PRICE.match(written) if len(written) <= _LONGEST_PRICE else None
    if not match or (match[1] and match[3]):
        raise RowError(field, f"{quoted(text)} is not a price; write it as 24.99 EUR")
    try:
        amount = Decimal(_decimal_point(match[2]))
    except InvalidOperation as error:
        raise RowError(field, f"{quoted(text)} is not a price; write it as 24.99 EUR") from error
    return checked_money(amount, match[1] or match[3] or "", field)


def checked_money(amount: Decimal, currency: str, field: str) -> Money:
    """Return an amount of money that a shop could ask for.

    Raises:
        RowError: it is negative, not finite or absurdly large.
    """
    if not amount.is_finite() or amount >= _LARGEST_PRICE:
        raise RowError(field, f"{quoted(str(amount))} is not a price")
    if amount < 0:
        raise RowError(field, f"{quoted(str(amount))} is negative")
    return Money(abs(amount), currency)


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
        return _quantity(value) or clean_text(value)
    if isinstance(value, list | tuple):
        return tuple(text for item in value if (text := _item(item)))
    if isinstance(value, Mapping):
        return _quantity(value.get("value"), value.get("unit")) or _members(value)
    text = clean_text(value)
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    match = _QUANTITY.match(text)
    if match and (match[1] == f"{float(match[1]):.15g}" or match[2]):
        return _quantity(match[1], match[2]) or text
    return text


def _quantity(value: Any, unit: Any = None) -> Quantity | None:
    """Return a finite number with its unit, or None where `value` is none or would lose digits."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    exact = isinstance(value, float) or len(str(value).strip("-0")) <= _EXACT_DIGITS
    return Quantity(number, clean_text(unit)) if exact and math.isfinite(number) else None


def _item(value: Any) -> str:
    return _members(value) if isinstance(value, Mapping) else clean_text(value)


def _members(value: Mapping[Any, Any]) -> str:
    """Write an object that is no quantity as text: "width 10 cm; height 5 cm"."""
    parts = ((attribute_name(str(key)), parse_attribute(item)) for key, item in value.items())
    return "; ".join(f"{name} {text}" for name, item in parts if (text := render_value(item)))


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
        raise RowError("quantity", f"{quoted(quantity)} is not a whole number") from error
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
        gtin=parse_gtins(record.get("gtin")),
        image_link=clean_path(record.get("image_link")),
        attributes=MappingProxyType(_attributes(record)),
        **texts,
    )


def parse_gtins(value: Any) -> tuple[str, ...]:
    """Read one GTIN, a list of them, or a text that separates them by commas or spaces."""
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
    typed = ((attribute_name(str(key)), parse_attribute(item)) for key, item in attributes.items())
    return {name: value for name, value in typed if name and value not in ("", ())}


def _details(value: Any) -> list[tuple[str, str]]:
    """Read product_detail: "section:name:value, ..." (section may be empty), or a list of objects.

    An object has `attribute_name` and `attribute_value`, as in Google's XML feeds.
    """
    entries = value if isinstance(value, list) else re.split(r",(?=[^,]*:[^,]*:)", str(value or ""))
    parts = [
        ("", entry.get("attribute_name", ""), entry.get("attribute_value", ""))
        if isinstance(entry, Mapping)
        else str(entry).split(":", 2)
        for entry in entries
    ]
    return [(clean_text(part[1]), clean_text(part[2])) for part in parts if len(part) == 3]
