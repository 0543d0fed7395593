"""Units of measure: what a spelling means, and measures found in running text.

Pure. "500gb" and "0.5 TB" are one amount of data, `17"` and "43.2 cm" one length: `measure_token`
writes equal amounts as equal words, to three significant digits. Data units are decimal (1 TB is
1000 GB), and the binary ones (GiB) count as their decimal namesakes, since shops mix them up. A
gallon, a pint and a fluid ounce are those of the USA. Knows no product and no query: whether
"50 pounds" is a weight or a price is for others to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its usual spelling, and how to reach its dimension's canonical unit.

    An amount in the canonical unit is `(value + offset) * factor`.
    """

    symbol: str
    dimension: str
    factor: float
    offset: float = 0.0


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with a unit.

    `unit` is in its usual spelling, `amount` the same quantity in `CANONICAL[dimension]`. `text`,
    `start` and `end` say where it was found; they are empty where it was not read from a text.
    """

    value: float
    unit: str
    dimension: str
    amount: float
    text: str = ""
    start: int = 0
    end: int = 0


CANONICAL = {
    "data": "B",
    "data rate": "bit/s",
    "length": "m",
    "area": "m²",
    "volume": "l",
    "mass": "kg",
    "time": "s",
    "temperature": "°C",
    "power": "W",
    "apparent power": "VA",
    "energy": "Wh",
    "charge": "Ah",
    "voltage": "V",
    "current": "A",
    "resistance": "Ω",
    "frequency": "Hz",
    "frame rate": "fps",
    "rotation": "rpm",
    "speed": "m/s",
    "pressure": "Pa",
    "torque": "Nm",
    "noise": "dB",
    "light": "lm",
    "illuminance": "lx",
    "luminance": "cd/m²",
    "resolution": "px",
    "dot density": "dpi",
    "grammage": "g/m²",
    "share": "%",
}
"""The unit in which `Measure.amount` is, for each dimension."""

_DAY = 86_400.0
_INCH, _FOOT, _POUND, _GALLON = 0.0254, 0.3048, 0.45359237, 3.785411784
_TABLE: tuple[tuple[str, str, float, str], ...] = (
    ("B", "data", 1, "byte, bytes"),
    ("kB", "data", 1e3, "kib, kilobyte, kilobytes"),
    ("MB", "data", 1e6, "mib, megabyte, megabytes, mbyte"),
    ("GB", "data", 1e9, "gib, gigabyte, gigabytes, gbyte, gigs, gig"),
    ("TB", "data", 1e12, "tib, terabyte, terabytes, tbyte"),
    ("PB", "data", 1e15, "pib, petabyte, petabytes"),
    ("Mbit", "data", 1.25e5, "megabit, megabits"),
    ("Gbit", "data", 1.25e8, "gigabit, gigabits"),
    ("kbit/s", "data rate", 1e3, "kbps, kb/s, kbits/s"),
    ("Mbit/s", "data rate", 1e6, "mbps, mb/s, mbits/s"),
    ("Gbit/s", "data rate", 1e9, "gbps, gb/s, gbits/s"),
    ("MB/s", "data rate", 8e6, "=MBps, =MByte/s"),
    ("GB/s", "data rate", 8e9, "=GBps, =GByte/s"),
    ("nm", "length", 1e-9, "nanometer, nanometre, nanometers, nanometres"),
    ("µm", "length", 1e-6, "um, μm, micron, microns, micrometer, micrometre"),
    ("mm", "length", 1e-3, "millimeter, millimetre, millimeters, millimetres"),
    ("cm", "length", 1e-2, "centimeter, centimetre, centimeters, centimetres"),
    ("dm", "length", 0.1, "decimetre, decimeter"),
    ("m", "length", 1, "meter, metre, meters, metres, mtr, mtrs"),
    ("km", "length", 1e3, "kilometer, kilometre, kilometers, kilometres, kms"),
    ("in", "length", _INCH, "inch, inches, \", ″, ”, '', zoll, inch(es)"),
    ("ft", "length", _FOOT, "foot, feet, ′, fts"),
    ("yd", "length", 3 * _FOOT, "yard, yards, yds"),
    ("mi", "length", 5280 * _FOOT, "mile, miles"),
    ("mm²", "area", 1e-6, "mm2, sq mm"),
    ("cm²", "area", 1e-4, "cm2, sq cm, square centimetres, square centimeters"),
    ("m²", "area", 1, "m2, sqm, sq m, qm, square metre, square metres, square meters"),
    ("in²", "area", _INCH**2, "in2, sq in, square inches"),
    ("ft²", "area", _FOOT**2, "ft2, sqft, sq ft, square foot, square feet"),
    ("ml", "volume", 1e-3, "cc, ccm, cm3, cm³, milliliter, millilitre, milliliters, millilitres"),
    ("cl", "volume", 1e-2, "centiliter, centilitre, centiliters, centilitres"),
    ("dl", "volume", 0.1, "deciliter, decilitre, deciliters, decilitres"),
    ("l", "volume", 1, "ltr, ltrs, liter, litre, liters, litres, dm3, dm³"),
    ("m³", "volume", 1e3, "m3, cubic metre, cubic metres, cubic meters"),
    ("fl oz", "volume", _GALLON / 128, "floz, fl. oz., fl.oz., fl. oz, fluid ounce, fluid ounces"),
    ("pt", "volume", _GALLON / 8, "pint, pints"),
    ("qt", "volume", _GALLON / 4, "quart, quarts"),
    ("gal", "volume", _GALLON, "gallon, gallons"),
    ("ft³", "volume", 28.316846592, "ft3, cu ft, cubic foot, cubic feet"),
    ("µg", "mass", 1e-9, "ug, μg, mcg, microgram, micrograms"),
    ("mg", "mass", 1e-6, "milligram, milligrams"),
    ("g", "mass", 1e-3, "gr, gram, grams, gramme, grammes, gramm"),
    ("kg", "mass", 1, "kgs, kilo, kilos, kilogram, kilograms, kilogramme, kilogrammes"),
    ("t", "mass", 1e3, "tonne, tonnes"),
    ("oz", "mass", _POUND / 16, "ounce, ounces"),
    ("lb", "mass", _POUND, "lbs, pound, pounds"),
    ("ms", "time", 1e-3, "millisecond, milliseconds"),
    ("s", "time", 1, "sec, secs, second, seconds"),
    ("min", "time", 60, "mins, minute, minutes"),
    ("h", "time", 3600, "hr, hrs, hour, hours, std, stunden"),
    ("days", "time", _DAY, "d, day"),
    ("weeks", "time", 7 * _DAY, "week, wk, wks"),
    ("months", "time", 30.4375 * _DAY, "month, mths"),
    ("years", "time", 365.25 * _DAY, "year, yr, yrs"),
    ("mW", "power", 1e-3, "milliwatt, milliwatts"),
    ("W", "power", 1, "watt, watts"),
    ("kW", "power", 1e3, "kilowatt, kilowatts"),
    ("MW", "power", 1e6, "megawatt, megawatts"),
    ("hp", "power", 745.7, "=bhp, horsepower"),
    ("VA", "apparent power", 1, "volt-ampere"),
    ("kVA", "apparent power", 1e3, ""),
    ("J", "energy", 1 / 3600, "joule, joules"),
    ("kJ", "energy", 1 / 3.6, "kilojoule, kilojoules"),
    ("kcal", "energy", 4184 / 3600, "kilocalories, calories"),
    ("BTU", "energy", 1055.06 / 3600, "btus"),
    ("Wh", "energy", 1, "watt hours, watt-hours, watt hour"),
    ("kWh", "energy", 1e3, "kilowatt hours, kilowatt-hours"),
    ("mAh", "charge", 1e-3, "milliamp hours, milliampere-hours"),
    ("Ah", "charge", 1, "amp hours, amp-hours, ampere-hours"),
    ("mV", "voltage", 1e-3, "millivolt, millivolts"),
    ("V", "voltage", 1, "volt, volts"),
    ("kV", "voltage", 1e3, "kilovolt, kilovolts"),
    ("mA", "current", 1e-3, "milliamp, milliamps, milliampere"),
    ("A", "current", 1, "amp, amps, ampere, amperes"),
    ("Ω", "resistance", 1, "Ω, ohm, ohms"),
    ("kΩ", "resistance", 1e3, "kΩ, kohm, kilohm"),
    ("Hz", "frequency", 1, "hertz"),
    ("kHz", "frequency", 1e3, "kilohertz"),
    ("MHz", "frequency", 1e6, "megahertz"),
    ("GHz", "frequency", 1e9, "gigahertz"),
    ("fps", "frame rate", 1, "frames per second"),
    ("rpm", "rotation", 1, "r/min, u/min, min-1, revolutions per minute"),
    ("m/s", "speed", 1, ""),
    ("km/h", "speed", 1 / 3.6, "kmh, kph, kmph"),
    ("mph", "speed", 0.44704, "miles per hour"),
    ("Pa", "pressure", 1, "pascal"),
    ("hPa", "pressure", 100, ""),
    ("kPa", "pressure", 1e3, ""),
    ("MPa", "pressure", 1e6, ""),
    ("bar", "pressure", 1e5, "bars"),
    ("psi", "pressure", 6894.757, ""),
    ("Nm", "torque", 1, "=N·m, newton metre, newton metres, newton meters"),
    ("dB", "noise", 1, "dba, db(a), decibel, decibels"),
    ("lm", "light", 1, "lumen, lumens"),
    ("lx", "illuminance", 1, "lux"),
    ("cd/m²", "luminance", 1, "cd/m2, nit, nits"),
    ("px", "resolution", 1, "pixel, pixels"),
    ("MP", "resolution", 1e6, "mpx, mpix, megapixel, megapixels"),
    ("dpi", "dot density", 1, "ppi"),
    ("g/m²", "grammage", 1, "g/m2, gsm"),
    ("%", "share", 1, "percent, per cent"),
)
"""Usual spelling, dimension, factor, other spellings ("=" marks one that keeps its case)."""

_CELSIUS = "°c, ℃, degc, deg c, celsius, degrees celsius, degrees c, degree celsius"
_FAHRENHEIT = "°f, ℉, degf, deg f, fahrenheit, degrees fahrenheit, degrees f"
_CASED_SYMBOLS = {"MW", "Nm", "MB/s", "GB/s", "A", "K"}
"""Symbols that another unit or a word bears in other case: only this spelling means the unit."""
_NO_UNIT = {"M", "G", "T", "S", "D", "H", "b"}
"""Letters of sizes, counts, models and versions ("4800H", "HDMI 1.4b"): in this case no units."""


def _spellings() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Return the units by exact spelling and by spelling in lower case; the first row wins."""
    exact: dict[str, Unit] = {}
    folded: dict[str, Unit] = {}
    rows = [(Unit(*row[:3]), row[3]) for row in _TABLE]
    rows.append((Unit("°C", "temperature", 1), _CELSIUS))
    rows.append((Unit("°F", "temperature", 5 / 9, offset=-32), _FAHRENHEIT))
    rows.append((Unit("K", "temperature", 1, offset=-273.15), "kelvin"))
    for unit, others in rows:
        exact[unit.symbol] = unit
        if unit.symbol not in _CASED_SYMBOLS:
            folded.setdefault(unit.symbol.lower(), unit)
        for spelling in filter(None, others.split(", ")):
            if spelling.startswith("="):
                exact[spelling[1:]] = unit
            else:
                folded.setdefault(spelling.lower(), unit)
    return exact, folded


_EXACT, _FOLDED = _spellings()

_NUMBER = r"(?:\d{1,3}(?:,\d{3}){1,4}(?!\d)(?:\.\d{1,9})?|\d{1,12}(?:[.,]\d{1,9})?)"
_JOIN = r"\s?(?:[x×*–-]|\b(?:to|by|bis)\b)\s?"
_UNITS = "|".join(
    re.escape(spelling).replace(r"\ ", r"\s")
    for spelling in sorted({*map(str.lower, _EXACT), *_FOLDED}, key=len, reverse=True)
)
_MEASURE = re.compile(
    rf"(?<![\w.,])(?<!\w[-_.])(?<!\d/)(?P<sign>-?)(?P<head>(?:{_NUMBER}{_JOIN}){{0,3}})"
    rf"(?P<number>{_NUMBER})(?P<gap>\s{{0,2}}|-)(?P<unit>{_UNITS})"
    r"(?![\w²³°])(?!/(?:s|h|m|min|l|kg|g|day|cm|in)\b)",
    re.IGNORECASE,
)
_JOINED = re.compile(rf"(?P<number>{_NUMBER})(?P<join>{_JOIN})", re.IGNORECASE)
_NOT_FOUND = frozenset({"b", "c", "d", "f", "j", "s", "pt", "hp", "gr", "u", "std", "%"})
"""Spellings that are units where one is expected, but seldom in running text."""
_AFTER_IN = re.compile(
    r"\.?\s*(?:$|[,;:)\]×/]|[x*]\s?\d|(?:x|by|wide|long|high|tall|deep|thick|diameter|"
    r"screen|display|monitor|tv|laptop|notebook|tablet|diagonal)s?\b)",
    re.IGNORECASE,
)
_GENERATIONS = {2.0, 3.0, 4.0, 5.0, 6.0}
_WARMEST_BULB = 1000
_VERSIONED = re.compile(r"\b(?:usb|hdmi|type|version|class)[\s-]$", re.IGNORECASE)
_WIFI = 802.11
_MOST_PACKS = 10
_SIGNIFICANT = 3


def parse_unit(text: str) -> Unit | None:
    """Return the unit that a spelling means ("kilos", "Inches", "fl oz", "°C"), or None.

    Case counts only where it tells units apart: mW and MW, nm and Nm, Mb/s and MB/s. "Gb" is
    taken for GB.
    """
    spelling = " ".join(text.split())
    if unit := _EXACT.get(spelling):
        return unit
    if spelling in _NO_UNIT:
        return None
    folded = spelling.lower()
    return _FOLDED.get(folded) or _FOLDED.get(folded.rstrip("."))


def measure(value: float, unit: str) -> Measure | None:
    """Return a number and a unit's spelling as a measure, or None where the unit is not known."""
    known = parse_unit(unit)
    if known is None or not math.isfinite(value):
        return None
    amount = (value + known.offset) * known.factor
    if not math.isfinite(amount):
        return None
    return Measure(value, known.symbol, known.dimension, amount)


def find_measures(text: str) -> list[Measure]:
    """Return the measures in a text, in order.

    The rules, beside a number that is followed by a unit's spelling (a space or a hyphen may
    stand between): "1,5" has a decimal comma, "1,500" a thousands comma. A number that is part of
    a word or code ("X500GB2", "HB-1023") is none. "2 x 500 GB" is 500 GB, but "30 x 20 cm" is
    30 cm and 20 cm ("2 x 20 cm" is 20 cm: a whole number below 10 before one length counts
    packs), and "10-20 cm" gives both ends. "in" is an inch where it is glued to the number
    ("15in") or ends the phrase ("15 in wide"), not in "3 in 1" or "2 in stock". A double quote is
    an inch unless it closes a quotation. Only a temperature can be negative. No measures: mobile
    generations ("5g"), Wi-Fi standards ("802.11g"), "USB 3.0 A", "5s", "4k", percentages, sizes
    in pixels of two sides ("1920 x 1080 px"), a kelvin below 1000.
    """
    closing = _closing_quotes(text) if '"' in text else frozenset()
    found: list[Measure] = []
    for match in _MEASURE.finditer(text):
        if match["unit"] == '"' and match.start("unit") in closing:
            continue
        known = parse_unit(match["unit"])
        if known is not None and _is_measure(match, known):
            found.extend(_members(match, known))
    return found


def measure_token(measure: Measure) -> str:
    """Write a measure's amount as one word, equal for equal amounts: "data_5e11" for 0.5 TB.

    Three significant digits; letters, digits and underscores only ("m" is a minus sign:
    "length_432em3" is 0.432 m).
    """
    return _token(measure.dimension, measure.amount)


@lru_cache(1 << 14)
def _token(dimension: str, amount: float) -> str:
    exact = Decimal(f"{amount:.12g}")
    if not exact:
        return f"{dimension.replace(' ', '_')}_0e0"
    step = Decimal(1).scaleb(exact.adjusted() - _SIGNIFICANT + 1)
    sign, digits, exponent = exact.quantize(step, ROUND_HALF_UP).normalize().as_tuple()
    number = f"{'m' if sign else ''}{''.join(map(str, digits))}e{exponent}".replace("-", "m")
    return f"{dimension.replace(' ', '_')}_{number}"


def _is_measure(match: re.Match[str], unit: Unit) -> bool:
    """Whether a number and what looks like a unit are a measure where they stand."""
    text, spelling, glued = match.string, match["unit"], not match["gap"]
    if spelling.lower() in _NOT_FOUND or _number(match["number"]) == _WIFI:
        return False
    if unit.symbol == "in" and spelling.lower() == "in":
        after = text[match.end() : match.end() + 24]
        return _AFTER_IN.match(after) is not None or (glued and not re.match(r"[\s-]*\d", after))
    if unit.symbol == "g" and spelling == "g" and glued:
        return _number(match["number"]) not in _GENERATIONS
    if unit.symbol == "K":
        return _number(match["number"]) >= _WARMEST_BULB
    if spelling == "A":
        return not _VERSIONED.search(text[max(0, match.start() - 12) : match.start()])
    if len(spelling) == 1 and spelling.isalpha():
        return re.match(r"-\w", text[match.end() : match.end() + 2]) is None
    return unit.symbol != "px" or not match["head"]


def _members(match: re.Match[str], unit: Unit) -> Iterator[Measure]:
    """Yield the last number of a match, and before it those joined to it that share its unit."""
    joined = list(_JOINED.finditer(match["head"]))
    joins = [item["join"].strip().lower() for item in joined]
    shared = bool(joined) and (
        all(join in {"-", "–", "to", "bis"} for join in joins)
        or (unit.dimension == "length" and not _counts_packs(joined))
    )
    for item in joined if shared else []:
        start = match.start("head") + item.start("number")
        yield _found(item["number"], unit, match.string, (start, start + len(item["number"])))
    negative = match["sign"] and unit.dimension == "temperature" and not joined
    start = match.start("number") - bool(negative)
    yield _found(
        match.string[start : match.end("number")], unit, match.string, (start, match.end())
    )


def _counts_packs(joined: list[re.Match[str]]) -> bool:
    number = joined[0]["number"]
    return len(joined) == 1 and number.isdigit() and int(number) < _MOST_PACKS


def _found(number: str, unit: Unit, text: str, span: tuple[int, int]) -> Measure:
    value = _number(number)
    amount = (value + unit.offset) * unit.factor
    start, end = span
    return Measure(value, unit.symbol, unit.dimension, amount, text[start:end], start, end)


def _number(text: str) -> float:
    """Read "1,5" as 1.5 and "1,500" or "1,500.5" as thousands."""
    whole, comma, rest = text.partition(",")
    thousands = comma and (len(rest.partition(".")[0]) == 3 or "," in rest) and whole != "0"
    return float(text.replace(",", "" if thousands else "."))


def _closing_quotes(text: str) -> frozenset[int]:
    """Return where a double quote closes a quotation, and so is no inch mark."""
    closing: set[int] = set()
    inside = False
    for match in re.finditer('"', text):
        at = match.start()
        if inside:
            closing.add(at)
            inside = False
        elif not (at and text[at - 1].isdigit()):
            inside = True
    return frozenset(closing)
