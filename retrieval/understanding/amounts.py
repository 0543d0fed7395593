"""Numbers with or without money, and the comparisons around them: "under 1.200,50 €", "20 to 40".

Finds the shape only: whether the number is a price, a measure or a count is for `prices` and
`measured` to say. English, with a handful of Dutch, German and French. Knows no catalog.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["under", "over", "between", "around"]

CURRENCIES: dict[str, str] = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR", "euro's": "EUR", "euro’s": "EUR",
    "$": "USD", "us$": "USD", "dollar": "USD", "dollars": "USD", "usd": "USD",
    "£": "GBP", "pound": "GBP", "pounds": "GBP", "gbp": "GBP",
    "buck": "", "bucks": "", "quid": "GBP",
    "¥": "JPY", "yen": "JPY", "jpy": "JPY", "₹": "INR", "rupees": "INR", "inr": "INR",
    "chf": "CHF", "francs": "CHF", "franken": "CHF", "sek": "SEK", "nok": "NOK", "dkk": "DKK",
    "pln": "PLN", "zł": "PLN", "cad": "CAD", "aud": "AUD",
}  # fmt: skip
"""Currency words and signs with their ISO 4217 code; "" is money of any currency."""

_WORDS = sorted((word for word in CURRENCIES if word[-1].isalpha()), key=len, reverse=True)
_MONEY_WORD = rf"(?:[€£¥₹$](?!\w)|(?:{'|'.join(_WORDS)})(?!\w))"
_DIGITS = r"[0-9]{1,3}(?:[.,'’][0-9]{3}){1,3}(?:[.,][0-9]{1,2})?|[0-9]{1,9}(?:[.,][0-9]{1,2})?"
_SPACED = rf"[0-9]{{1,3}}(?:[ \u00a0\u202f][0-9]{{3}}){{1,2}}(?=\s?{_MONEY_WORD})"


def _number(name: str) -> str:
    """The pattern of one amount; groups: `name`, and its money before and after."""
    return (
        rf"(?:(?P<{name}_sign>us\$|[€$£¥₹]|(?:eur|usd|gbp|chf)(?=[\s\d]))\s?)?"
        rf"(?P<{name}>(?:{_SPACED}|{_DIGITS})(?P<{name}_k>k(?!\w))?)(?![0-9]|[.,][0-9])"
        rf"(?:,-)?(?:\s?-?\s?(?P<{name}_money>{_MONEY_WORD}))?"
    )


_UNDER = (
    r"under|below|beneath|less than|lower than|cheaper than|up to|upto|at most|no more than|"
    r"not more than|not over|not above|maximum of|maximum|max\.?(?: of)?|within|<=?|≤|"
    r"lighter than|shorter than|smaller than|thinner than|quieter than|"
    r"fewer than|minder dan|goedkoper dan|maximaal|hoogstens|onder(?: de)?|tot|unter(?: den)?|"
    r"bis zu|bis|"
    r"weniger als|höchstens|günstiger als|(?:à )?moins de|moins cher que|jusqu['’]?\s?[aà]|sous"
)
_OVER = (
    r"over|above|more than|at least|no less than|not less than|not under|minimum of|minimum|"
    r"min\.?(?: of)?|upwards of|starting at|starting from|from|>=?|≥|"
    r"heavier than|longer than|larger than|bigger than|taller than|wider than|"
    r"meer dan|minstens|vanaf|boven|über|mehr als|mindestens|ab|plus de|au moins|à partir de"
)
_AROUND = r"around|about|approximately|approx\.?|roughly|circa|ca\.?|etwa|ungefähr|environ|~"
_LEAD = (
    r"(?:(?:(?:that|which|who)\s)?(?:costs?|costing|is priced|priced|sells?|selling)"
    r"(?:\s(?:at|for|is|of))?|(?:with\s)?(?:an?\s|the\s)?price(?:\srange)?(?:\s(?:is|of|from))?|"
    r"(?:on\s|with\s|within\s)?(?:an?\s|my\s|the\s|our\s)?budget(?:\s(?:is|of))?|"
    r"(?:(?:i\s)?(?:to|can|could|want to|will)\s)?(?:spend|spending|pay|paying)|for)"
)
_AFTER_UNDER = (
    r"or less|or under|or below|or cheaper|and under|and below|or lower|max\b\.?|maximum|at most|"
    r"tops"
)
_AFTER_OVER = r"or more|or over|or above|or higher|and up|and above|and over|upwards|minimum|\+"
_NO_WORD_BEFORE = r"(?<![\w.,'’/+-])"

_COMPARISON = re.compile(
    rf"{_NO_WORD_BEFORE}(?P<lead>{_LEAD}[:\s]\s?)?"
    rf"(?:(?P<under>{_UNDER})|(?P<over>{_OVER})|(?P<around>{_AROUND}))\s{{0,3}}{_number('low')}",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"{_NO_WORD_BEFORE}(?P<lead>{_LEAD}[:\s]\s?)?"
    rf"(?P<between>(?:between|from|under|around|about|roughly)\s|zwischen\s|tussen\s|entre\s|von\s|van\s|de\s)?\s?"
    rf"{_number('low')}\s?(?P<join>-|–|to\b|and\b|until\b|till\b|und\b|en\b|et\b|bis\b|tot\b|à)\s?"
    rf"{_number('high')}",
    re.IGNORECASE,
)
_AFTERWARDS = re.compile(
    rf"{_NO_WORD_BEFORE}(?P<lead>{_LEAD}[:\s]\s?)?{_number('low')}"
    rf"\s?(?:(?P<under>{_AFTER_UNDER})|(?P<over>{_AFTER_OVER}))"
    rf"(?!\w|\s?[€$£¥₹]?\s?[0-9])",
    re.IGNORECASE,
)
_BUDGET = re.compile(
    rf"{_NO_WORD_BEFORE}(?:(?:with|on|within|i have|i ve|have)\s)?(?:(?:an?|my|the|our)\s)?"
    rf"(?:{_number('low')}\s?-?\s?(?P<after>budget)\b|"
    rf"budget(?:\s(?:of|is))?:?\s(?:(?:around|about|max|up to)\s)?{_number('high')})",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    rf"{_NO_WORD_BEFORE}(?P<lead>for|priced at|costing|"
    rf"(?:(?:i\s)?(?:can|want to|will|to)\s)?(?:spend|pay))\s{_number('low')}",
    re.IGNORECASE,
)
INCLUSIVE = frozenset(
    {
        *("up to", "upto", "at most", "no more than", "not more than", "within", "bis", "tot"),
        *("max", "max.", "max of", "maximum", "maximum of", "at least", "no less than", "from"),
        *("min", "min.", "min of", "minimum", "minimum of", "starting at", "starting from"),
        *("or less", "or more", "and up", "budget"),
    }
)
"""Comparing words whose chip says "up to" or "at least" instead of "under" or "over"."""
AROUND = 0.15
"""How far from a price "around" reaches, as a share of it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison with one or two numbers, `text[start:end]`.

    `cue` is the comparing word in lower case ("" for a bare range). `currency` is None where no
    money is named, else its code, "" for money of any currency. `about_price` says that words of
    cost or budget lead it. `low` and `high` bound what is asked for, as "between" and "around"
    have it; `number_start` is where its last number stands, `number_end` where that ends.
    """

    kind: Kind
    cue: str
    low: float
    high: float
    currency: str | None
    about_price: bool
    start: int
    end: int
    number_start: int
    number_end: int
    low_start: int


def bounds_label(comparison: Comparison) -> str:
    """Write a comparison as a chip: "under 50", "at least 16", "20 to 40", "around 50"."""
    low, high = (number_label(bound) for bound in (comparison.low, comparison.high))
    inclusive = comparison.cue in INCLUSIVE
    if comparison.kind == "between":
        return f"{low} to {high}"
    if comparison.kind == "around":
        return f"around {number_label((comparison.low + comparison.high) / 2)}"
    if comparison.kind == "under":
        return f"{'up to' if inclusive else 'under'} {high}"
    return f"{'at least' if inclusive else 'over'} {low}"


def number_label(number: float) -> str:
    """Write a number without needless decimals: 50, 19.95."""
    return f"{round(number, 2):.12g}"


def read_number(text: str) -> float:
    """Read "1.200,50", "1,200.50", "1'200", "1 200" and "1k".

    A single mark before three digits parts thousands; any other is the decimal mark.
    """
    text = re.sub(r"[\s'’]", "", text).casefold()
    factor = 1000.0 if text.endswith("k") else 1.0
    text = text.removesuffix("k")
    mark = max(text.rfind("."), text.rfind(","))
    if mark < 0:
        return float(text) * factor
    whole, rest = text[:mark], text[mark + 1 :]
    both = "." in text and "," in text
    thousands = len(rest) == 3 and not both and whole.lstrip("0") != ""
    digits = re.sub(r"[.,]", "", whole)
    return float(digits + rest if thousands else f"{digits}.{rest}") * factor


def find_comparisons(text: str) -> list[Comparison]:
    """Return the comparisons in a text, those that say most first; they may overlap."""
    found: list[Comparison] = []
    for search in (_ranges, _budgets, _afterwards, _comparisons, _plain):
        found.extend(search(text))
    return found


def _ranges(text: str) -> Iterator[Comparison]:
    for match in _RANGE.finditer(text):
        low, high = read_number(match["low"]), read_number(match["high"])
        if match["high_k"] and not match["low_k"] and low < high / 1000:
            low *= 1000
        cue = (match["between"] or "").strip().lower()
        if not cue and match["join"].lower() in {"and", "und", "en", "et"}:
            continue
        low, high = min(low, high), max(low, high)
        yield _comparison("between", cue, (low, high), match, "high")


def _budgets(text: str) -> Iterator[Comparison]:
    for match in _BUDGET.finditer(text):
        name = "low" if match["low"] else "high"
        bounds = (-math.inf, read_number(match[name]))
        yield _comparison("under", "budget", bounds, match, name, about_price=True)


def _afterwards(text: str) -> Iterator[Comparison]:
    for match in _AFTERWARDS.finditer(text):
        number = read_number(match["low"])
        if match["under"]:
            cue = match["under"].lower()
            yield _comparison("under", cue, (-math.inf, number), match, "low")
        else:
            cue = match["over"].lower()
            yield _comparison("over", cue, (number, math.inf), match, "low")


def _comparisons(text: str) -> Iterator[Comparison]:
    for match in _COMPARISON.finditer(text):
        number = read_number(match["low"])
        if cue := match["under"]:
            yield _comparison("under", cue.lower(), (-math.inf, number), match, "low")
        elif cue := match["over"]:
            yield _comparison("over", cue.lower(), (number, math.inf), match, "low")
        else:
            bounds = (number * (1 - AROUND), number * (1 + AROUND))
            yield _comparison("around", match["around"].lower(), bounds, match, "low")


def _plain(text: str) -> Iterator[Comparison]:
    """Yield prices said without a comparing word: "for 50 euros" is around 50."""
    for match in _PLAIN.finditer(text):
        number = read_number(match["low"])
        bounds = (number * (1 - AROUND), number * (1 + AROUND))
        yield _comparison("around", "for", bounds, match, "low")


def _comparison(
    kind: Kind,
    cue: str,
    bounds: tuple[float, float],
    match: re.Match[str],
    last: str,
    *,
    about_price: bool = False,
) -> Comparison:
    """Make a comparison of a match; `last` is the group of its last number."""
    groups = match.groupdict()
    money = [groups.get(f"{name}_{part}") for name in ("low", "high") for part in ("sign", "money")]
    named = next((CURRENCIES[item.casefold()] for item in money if item), None)
    lead = (groups.get("lead") or "").strip(" :").lower()
    return Comparison(
        kind=kind,
        cue=cue,
        low=bounds[0],
        high=bounds[1],
        currency=named,
        about_price=about_price or lead not in {"", "for"},
        start=match.start(),
        end=match.end(),
        number_start=match.start(last),
        number_end=match.end(last),
        low_start=match.start("low") if groups.get("low") else match.start(last),
    )
