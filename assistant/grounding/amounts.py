"""Numbers, prices and dates as texts state them, compared with unit arithmetic.

"0.5 TB" is "500 GB" and `17"` is "43.2 cm", within a rounding of one in a hundred. A
unit or a currency that the record does not name is not in the record.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.values import Claim, ClaimKind
from catalog_index.units import Measure, measure, parse_unit

_NUMBER = re.compile(
    r"(?<![\w.])(?P<currency>[€$£]\s?)?(?P<number>\d+(?:[.,]\d+)*)"
    r"(?:\s?(?P<unit>[%€$£\"]|°[CF]|(?:fl\.? ?oz|[A-Za-zµΩ]{1,12}[²³]?)\b))?"
)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_CONTINENTAL = re.compile(r"\d{1,3}(\.\d{3})+,\d+")
_CODE = re.compile(r"\b[A-Za-z]+[-/]\d[\w/-]*")
UNIT_WORDS = {
    "hours": "h", "hour": "h", "hrs": "h", "hr": "h", "minutes": "min", "minute": "min",
    "mins": "min", "seconds": "s", "grams": "g", "gram": "g", "kilograms": "kg", "kilogram": "kg",
    "kilos": "kg", "litres": "l", "litre": "l", "liters": "l", "liter": "l",
    "millilitres": "ml", "milliliters": "ml", "centimetres": "cm", "centimeters": "cm",
    "millimetres": "mm", "millimeters": "mm", "metres": "m", "meters": "m", "metre": "m",
    "watts": "w", "watt": "w", "volts": "v", "volt": "v", "euros": "eur", "euro": "eur",
    "€": "eur", "dollars": "usd", "$": "usd", "£": "gbp", "inches": "in", "inch": "in", '"': "in",
    "months": "month", "days": "day", "years": "year", "weeks": "week", "percent": "%",
    "gigabytes": "gb", "terabytes": "tb", "pieces": "piece", "pcs": "piece",
}  # fmt: skip
_KNOWN_UNITS = frozenset(UNIT_WORDS.values()) | {
    "mg", "lb", "oz", "cl", "dl", "km", "ft", "wh", "kwh", "kw", "mah", "ah", "hz", "khz", "mhz",
    "ghz", "db", "lm", "ms", "mb", "bar", "°c", "°f", "chf", "sek", "nok", "dkk", "pln", "cad",
    "aud", "jpy",
}  # fmt: skip
_CURRENCIES = frozenset(
    ["eur", "usd", "gbp", "chf", "sek", "nok", "dkk", "pln", "cad", "aud", "jpy"]
)
_PREPOSITION = re.compile(r"\s+in$", re.I)
_ROUNDING = 0.01
"""How far two equal amounts in different units may lie apart, as a share of them."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?:(?P<y1>\d{{4}})-(?P<m1>\d{{1,2}})-(?P<d1>\d{{1,2}})|"
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m2>{_MONTH})\b\.?,?(?: (?P<y2>\d{{4}}))?|"
    rf"(?P<m3>{_MONTH})\b\.? (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y3>\d{{4}}))?|"
    rf"(?P<d4>\d{{1,2}})[./](?P<m4>\d{{1,2}})[./](?P<y4>\d{{4}}))(?!\d)",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a text states it: the words, the value, the folded unit ("" when none)."""

    text: str
    value: float
    unit: str

    def measure(self) -> Measure | None:
        """Return the number as a measure, or None where its unit measures nothing."""
        return measure(self.value, self.unit) if self.unit else None


def numbers(text: str) -> list[Number]:
    """Return every number of a text; digits of a word or code ("A4", "HB-1023") are none."""
    found = []
    for match in _NUMBER.finditer(_CODE.sub("code", text)):
        digits, currency = match["number"], match["currency"] or ""
        raw = currency.strip() or match["unit"] or ""
        unit = _unit(raw)
        # "14 in stock" counts no inches.
        if not currency and (not unit or _PREPOSITION.search(match.group())):
            unit, stated = "", digits
        else:
            stated = currency + digits if currency else match.group().strip()
        found += [Number(stated, value, unit) for value in _values(digits)]
    return found


def _unit(raw: str) -> str:
    unit = UNIT_WORDS.get(raw.lower(), raw.lower())
    if unit in _KNOWN_UNITS:
        return unit
    known = parse_unit(raw) if len(raw) > 1 else None
    return known.symbol.lower() if known else ""


def _values(digits: str) -> list[float]:
    """Read "1,200.5", "1.200,50" and "2,5" as one number, "40,41,42" and "1.2.3" as several."""
    if _THOUSANDS.fullmatch(digits):
        return [float(digits.replace(",", ""))]
    if _CONTINENTAL.fullmatch(digits):
        return [float(digits.replace(".", "").replace(",", "."))]
    try:
        return [float(digits.replace(",", "."))]
    except ValueError:
        return [float(part) for part in re.split("[.,]", digits)]


def agree(held: Number, said: Number) -> bool:
    """Whether a statement's number is what the record holds, in whatever unit.

    A number said without a unit may be one that has one; a unit that the record does not name is
    an addition.
    """
    counts = not held.unit and said.unit not in _CURRENCIES and said.measure() is None
    if held.unit == said.unit or not said.unit or counts:  # "pieces: 512" is 512 pieces
        return held.value == said.value
    one, other = held.measure(), said.measure()
    if one is None or other is None or one.dimension != other.dimension:
        return False
    return abs(one.amount - other.amount) <= _ROUNDING * abs(one.amount)


def check_numbers(
    text: str, sources: Sequence[tuple[str, str, str]], *, by_field: bool = False
) -> list[Claim]:
    """Return one claim for every number and every date of the text.

    Args:
        text: the draft.
        sources: (source id, field, text) that may be stated as facts.
        by_field: let a price rest on price fields alone, where there are any, and let an amount
            rest on no description or other prose where its clause names a field that measures
            the same and holds another amount.
    """
    claims = _check_dates(text, sources)
    text = _DATE.sub(" ", text)
    known = [(number, source, field) for source, field, held in sources for number in numbers(held)]
    for clause in _CLAUSE.split(text) if by_field else [text]:
        for number in numbers(clause):
            kind: ClaimKind = "price" if number.unit in _CURRENCIES else "number"
            able = _decisive(number, clause, known, sources) if by_field else known
            agreeing = [item for item in able if agree(item[0], number)]
            agreeing.sort(key=lambda item: item[0].unit != number.unit)
            if agreeing:
                _, source, field = agreeing[0]
                claims.append(Claim(number.text, "supported", source, field, kind))
            elif len(able) < len(known) and able:
                _, source, field = able[0]
                claims.append(Claim(number.text, "contradicted", source, field, kind))
            else:
                claims.append(Claim(number.text, "not_in_record", kind=kind))
    return claims


_CLAUSE = re.compile(r"[.!?;:]\s+|,\s+(?!\d)|\n+|\s+(?:and|with|but)\s+", re.I)
_PROSE_WORDS = 6
_OTHERS_OWN = frozenset({"request", "passage"})
"""Fields that are no product's: what a seller asked for, and the shop's pages."""

Known = tuple[Number, str, str]


def _decisive(
    said: Number, clause: str, known: Sequence[Known], sources: Sequence[tuple[str, str, str]]
) -> list[Known]:
    """Return the numbers of the record that can support one of a clause."""
    if said.unit in _CURRENCIES:
        prices = [item for item in known if _words(item[2]) & {"price", "prices"}]
        own = [item for item in known if item[2] in _OTHERS_OWN]
        plain = [item for item in known if item[2] != "description"]
        return [*prices, *own] if prices else plain
    measured = said.measure()
    if measured is None:
        return list(known)
    prose = {
        field
        for _, field, held in sources
        if field == "description"
        or (field not in {"title", *_OTHERS_OWN} and len(held.split()) > _PROSE_WORDS)
    }
    named = [
        item
        for item in known
        if item[2] not in prose
        and _words(item[2]) <= _words(clause)
        and (held := item[0].measure()) is not None
        and held.dimension == measured.dimension
    ]
    if not named:
        return list(known)
    others = {item[2] for item in named}
    return [*named, *(one for one in known if one[2] not in prose and one[2] not in others)]


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def _check_dates(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    held = [(date, source, field) for source, field, told in sources for date, _ in dates(told)]
    claims = []
    for date, words in dates(text):
        same = [item for item in held if _same_date(date, item[0])]
        if same:
            claims.append(Claim(words, "supported", same[0][1], same[0][2], "date"))
        else:
            claims.append(Claim(words, "not_in_record", kind="date"))
    return claims


Date = tuple[int, int, int]


def dates(text: str) -> list[tuple[Date, str]]:
    """Return the dates of a text as (year, month, day), with their words; year 0 is not said."""
    found = []
    for match in _DATE.finditer(text):
        parts = next(
            (match[f"y{form}"], match[f"m{form}"], match[f"d{form}"])
            for form in "1234"
            if match[f"d{form}"]
        )
        month = _MONTHS.get(parts[1].lower()) or (int(parts[1]) if parts[1].isdigit() else 0)
        date = (int(parts[0] or 0), month, int(parts[2]))
        if 1 <= date[1] <= 12 and 1 <= date[2] <= 31:
            found.append((date, match.group()))
    return found


def _same_date(said: Date, held: Date) -> bool:
    return said[1:] == held[1:] and (not said[0] or said[0] == held[0])
