"""Single values of a feed: prices, stock states, GTINs, category paths and attributes, typed."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing.text import clean_text, feed_text, quoted
from catalog_index.product import AttributeValue, Money, Quantity, render_value
from catalog_index.units import parse_unit

UNVERIFIED_GTIN = "unverified gtin"
"""The attribute that keeps a GTIN whose check digit is wrong: search by words still finds it."""

_PRICE = re.compile(r"^([A-Z]{3})?\s*(-?[\d.,'\s]*\d)(?:[.,]?\s?[-–—]{1,2})?\s*([A-Z]{3})?$")
_SYMBOLS = {
    "US$": "USD",
    "AU$": "AUD",
    "CA$": "CAD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "A$": "AUD",
    "C$": "CAD",
    "R$": "BRL",
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "₺": "TRY",
    "₽": "RUB",
    "₩": "KRW",
    "ZŁ": "PLN",
    "KČ": "CZK",
}
"""Signs that mean one currency, the longer first; "kr" means several, so it is none."""
_SHARED = {
    "$": {"ARS", "AUD", "CAD", "CLP", "COP", "HKD", "MXN", "NZD", "SGD", "TWD"},
    "¥": {"CNY"},
    "£": {"EGP", "GIP"},
}
"""Other currencies that write a sign of `_SYMBOLS` too; theirs it is where the feed names them."""
_SIGN = r"(?:[A-Z]{0,3}[^\W\d_]?[$₠-⃏]|KR|RS|FR|SFR|FT|LEI|RM|RP|DIN|DH|ЛВ|РУБ|ГРН)\.?"
_SIGNED = re.compile(rf"^(?:{_SIGN}\s*([^A-Z]+)|([^A-Z]+?)\s*{_SIGN})$")
"""A price whose sign is none of `_SYMBOLS`, or of several currencies."""
_THREE_DECIMALS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
_THOUSANDS = re.compile(r"^-?0*[1-9]\d{0,2}\.\d{3}$")
_POINTS = re.compile(r"^-?\d{1,3}(?:\.\d{3}){2,}$")
_LONGEST_PRICE = 40
_LARGEST_PRICE = Decimal(10) ** 15

_STATES = {
    "in_stock": (
        "instock available yes true 1 onstock limitedavailability onlineonly"
        " lagernd auflager lieferbar sofortlieferbar verfügbar vorrätig ja"
        " enstock disponible opvoorraad disponibile"
    ),
    "out_of_stock": (
        "outofstock soldout unavailable no false 0 notavailable notinstock"
        " nichtauflager nichtlieferbar nichtverfügbar ausverkauft vergriffen nein"
        " rupturedestock épuisé indisponible agotado uitverkocht nietopvoorraad esaurito"
    ),
    "preorder": "preorder presale vorbestellbar",
    "backorder": "backorder onbackorder",
    "discontinued": "discontinued",
}
_AVAILABILITY = {word: state for state, words in _STATES.items() for word in words.split()}
_SCHEMA_ORG = re.compile(r"^https?://schema\.org/", re.IGNORECASE)

_DIGITS = re.compile(r"\d{8,14}", re.ASCII)
_ISBN10 = re.compile(r"\d{9}[\dXx]", re.ASCII)
_PATH_SEPARATORS = (r"\s*[>›»]\s*", r"\s*\|\s*", r"\s+/\s+", r"\s+::\s+")
_SLASHES = re.compile(r"[^\d/]{2,}(?:/[^\d/]{2,}){2,}")

_QUANTITY = re.compile(
    r"^(?P<number>-?\d{1,16}(?:[.,]\d{1,15}|(?:,\d{3})+)?)"
    r"(?:\s?(?P<unit>[^\W\d][^\s\d,;]{0,11}|%|°[CF]|[\"″”]|fl\.?\s?oz\.?|sq\.?\s(?:m|ft|in))|"
    r"-(?P<joined>[^\W\d]{2,12}))?$",
    re.IGNORECASE,
)
_LONGEST_QUANTITY = 40
_EXACT_DIGITS = 16
"""Digits and point of a number that a float holds exactly."""
_FLAGS = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}
_LONGEST_FLAG = 5
_LONGEST_KNOWN_NAME = 80
"""Characters of an attribute's name that is remembered: a feed's names come again and again."""


def parse_price(value: Any, field: str = "price", currency: str = "") -> Money | None:
    """Read "24.99 EUR", "EUR 24,99", "€24.99", "1.299 €", "49,- EUR", 24.99; empty text is None.

    A point before exactly three digits parts thousands where a currency of two decimals is named.
    A sign of no currency in particular ("kr") is read where `currency` settles which it is.

    Args:
        value: what the feed holds.
        field: its column or key, for the message.
        currency: the ISO code that holds where the value names none.

    Raises:
        RowError: the value is no amount of money, or is negative or not finite.
    """
    if isinstance(value, Money):
        return value
    text = clean_text(value)
    if not text:
        return None
    written = text.upper()
    match = _PRICE.match(_coded(written, currency)) if len(written) <= _LONGEST_PRICE else None
    if not match or (match[1] and match[3]):
        if len(written) <= _LONGEST_PRICE and _SIGNED.match(written):
            why = "has a sign of no currency in particular; write it as 24.99 EUR, or name"
            raise RowError(field, f"{quoted(text)} {why} the currency in a column `currency`")
        raise RowError(field, f"{quoted(text)} is not a price; write it as 24.99 EUR")
    code = match[1] or match[3] or ""
    try:
        amount = Decimal(_decimal_point(match[2], bool(code) and code not in _THREE_DECIMALS))
    except InvalidOperation as error:
        raise RowError(field, f"{quoted(text)} is not a price; write it as 24.99 EUR") from error
    return checked_money(amount, code or currency, field)


def _coded(written: str, currency: str) -> str:
    """Write a price in capitals with its currency's code behind it in place of a sign."""
    if written.isascii() and written.isalnum() and not currency:
        return written
    for symbol, usual in _SYMBOLS.items():
        if symbol in written:
            others = _SHARED.get(symbol, ())
            code = next((other for other in others if other in written), "")
            code = code or (currency if currency in others else usual)
            number = written.replace(symbol, "").replace(code, "").strip()
            if not currency or not re.search("[A-Z]", number):
                return f"{number} {code}"
            break
    if currency and (signed := _SIGNED.match(written)):
        return f"{signed[1] or signed[2]} {currency}"
    return written


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


def _decimal_point(number: str, two_decimals: bool) -> str:
    """Rewrite "1.234,50" and "1,234.50" as "1234.50"; a comma parts thousands before 3 digits."""
    number = re.sub(r"[\s']", "", number)
    comma, point = number.rfind(","), number.rfind(".")
    if comma > point:
        is_decimal = point >= 0 or len(number) - comma - 1 != 3 or number.startswith("0,")
        return number.replace(".", "").replace(",", ".") if is_decimal else number.replace(",", "")
    if comma < 0 and (_POINTS.match(number) or (two_decimals and _THOUSANDS.match(number))):
        return number.replace(".", "")
    return number.replace(",", "")


def parse_availability(value: Any) -> str:
    """Return Google's word for a stock state ("in_stock"), or the feed's own in its form."""
    text = _SCHEMA_ORG.sub("", clean_text(value)).lower()
    return _AVAILABILITY.get(re.sub(r"[\s_-]", "", text)) or text.replace(" ", "_")


def category_path(value: Any) -> str:
    """Write a category from the general to the particular, its parts joined by " > ".

    Of a list, the first. Parts are set apart by ">", "›" or "»"; else by "|", " / " or " :: "; else
    by "/" where there are two at least and no digit ("TV/Audio" and "24/7" stay whole).
    """
    if isinstance(value, list | tuple):
        value = next((item for item in value if clean_text(item)), "")
    text = feed_text(value)
    for separator in _PATH_SEPARATORS:
        parts = re.split(separator, text)
        if len(parts) > 1:
            return " > ".join(filter(None, parts))
    return " > ".join(text.split("/")) if _SLASHES.fullmatch(text) else text


def parse_gtins(value: Any) -> tuple[str, ...]:
    """Read one GTIN, a list of them, or a text that separates them by commas or spaces."""
    items = value if isinstance(value, list | tuple) else re.split(r"[,;|\s]+", clean_text(value))
    return tuple(dict.fromkeys(text for item in items if (text := clean_text(item))))


def is_gtin(code: str) -> bool:
    """Whether a code is a GTIN (8 to 14 digits) or an ISBN-10 whose check digit is right.

    Leading zeros do not count, so that a GTIN which a spreadsheet cut short still passes. Source:
    GS1 General Specifications, section 7.9; ISO 2108 for ISBN-10.
    """
    digits = code.replace("-", "")
    if _DIGITS.fullmatch(digits):
        weighted = (int(digit) * (3 - 2 * (at % 2)) for at, digit in enumerate(digits[-2::-1]))
        if (sum(weighted) + int(digits[-1])) % 10 == 0:
            return True
    if not _ISBN10.fullmatch(digits):
        return False
    values = [10 if digit in "Xx" else int(digit) for digit in digits]
    return sum(value * (10 - at) for at, value in enumerate(values)) % 11 == 0


def parse_attribute(value: Any) -> AttributeValue:
    """Give a feed's attribute value its type: boolean, number with unit, list of texts or text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return _quantity(value) or clean_text(value)
    if isinstance(value, list | tuple):
        return tuple(_items(value))
    if isinstance(value, Mapping):
        return _measured(value) or _members(value)
    text = feed_text(value)
    if len(text) > _LONGEST_QUANTITY:
        return text
    if len(text) <= _LONGEST_FLAG and (flag := _FLAGS.get(text.lower())) is not None:
        return flag
    if text[:1].isdigit() or text[:1] == "-":
        return _written_quantity(text) or text
    return text


def _written_quantity(text: str) -> Quantity | None:
    """Read "1.2 kg", "1,5 l" or "40"; None where the text is no number or would lose its digits."""
    match = _QUANTITY.match(text)
    if not match:
        return None
    number, unit = match["number"], match["unit"] or match["joined"] or ""
    if match["joined"] and parse_unit(unit) is None:
        return None
    if "," in number:
        if parse_unit(unit) is None:
            return None
        decimal = len(number.partition(",")[2]) != 3 or number.startswith(("0,", "-0,"))
        number = number.replace(",", "." if decimal else "")
    elif not unit and number != f"{float(number):.15g}":
        return None
    quantity = _quantity(number, unit)
    if quantity is None:
        return None
    usual = f"{quantity.value:.15g}{quantity.unit}"
    if usual.replace(" ", "") == text.replace(" ", ""):
        return quantity
    return Quantity(quantity.value, quantity.unit, text if unit else "")


def _quantity(value: Any, unit: Any = None) -> Quantity | None:
    """Return a finite number with its unit, or None where `value` is none or would lose digits."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    exact = isinstance(value, float) or len(str(value).strip("-0")) <= _EXACT_DIGITS
    if not exact or not math.isfinite(number):
        return None
    written = clean_text(unit)
    known = parse_unit(written) if written else None
    if known is None or known.symbol == written:
        return Quantity(number, written)
    return Quantity(number, known.symbol, f"{number:.15g} {written}")


def _measured(value: Mapping[Any, Any]) -> Quantity | None:
    """Read {"value": 1.5, "unit": "kg"}, and the "text" that `Product.to_json` keeps beside."""
    quantity = _quantity(value.get("value"), value.get("unit"))
    text = clean_text(value.get("text"))
    return Quantity(quantity.value, quantity.unit, text) if quantity and text else quantity


def _items(values: list[Any] | tuple[Any, ...]) -> Iterator[str]:
    for value in values:
        text = _members(value) if isinstance(value, Mapping) else feed_text(value)
        if text:
            yield text


def _members(value: Mapping[Any, Any]) -> str:
    """Write an object that is no quantity as text: "width 10 cm; height 5 cm"."""
    parts = ((attribute_name(str(key)), parse_attribute(item)) for key, item in value.items())
    return "; ".join(f"{name} {text}" for name, item in parts if (text := render_value(item)))


def attribute_name(name: str) -> str:
    """Write an attribute's name in lower-case words: "Battery_Life" is "battery life"."""
    return _known_name(name) if len(name) <= _LONGEST_KNOWN_NAME else _lower_words(name)


def _lower_words(name: str) -> str:
    return clean_text(name.replace("_", " ")).lower()


_known_name = lru_cache(maxsize=4096)(_lower_words)
