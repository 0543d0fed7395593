"""Comparisons with a measure or a count: "under 5 kg", "at least 16 GB ram", "over 30 hours".

A comparison becomes a filter only where the vocabulary has a number of a name that the query
gives, or that its dimension makes plain (a mass is the weight); else its words stay words.
"""

from __future__ import annotations

import math

from catalog_index.filters import Filter, fold
from catalog_index.units import CANONICAL, Measure, measure
from retrieval.understanding.amounts import Comparison, bounds_label
from retrieval.understanding.prices import WEIGHT
from retrieval.understanding.reading import Reading
from retrieval.understanding.values import Role

_BY_DIMENSION: dict[str, tuple[str, ...]] = {
    "mass": ("weight", "item weight", "product weight"),
    "volume": ("capacity", "volume"),
    "power": ("power", "wattage"),
    "noise": ("noise level",),
    "torque": ("torque",),
    "charge": ("battery capacity",),
    "resolution": ("resolution",),
}
"""What a measure of a dimension is called where the query does not say."""
_BY_WORD: dict[tuple[str, str], tuple[str, ...]] = {
    ("ram", "data"): ("ram", "memory", "internal memory"),
    ("memory", "data"): ("memory", "internal memory", "ram"),
    ("storage", "data"): ("storage", "storage capacity", "total storage capacity"),
    ("ssd", "data"): ("ssd capacity", "storage capacity", "storage", "total storage capacity"),
    ("hdd", "data"): ("hdd capacity", "storage capacity", "storage", "total storage capacity"),
    ("space", "data"): ("storage", "storage capacity", "capacity"),
    ("battery", "time"): ("battery life", "runtime"),
    ("playtime", "time"): ("battery life", "runtime"),
    ("battery", "charge"): ("battery capacity",),
    ("screen", "length"): ("screen size", "display size", "display diagonal"),
    ("display", "length"): ("display size", "screen size", "display diagonal"),
    ("wide", "length"): ("width",),
    ("tall", "length"): ("height",),
    ("high", "length"): ("height",),
    ("deep", "length"): ("depth",),
    ("long", "length"): ("length",),
    ("thick", "length"): ("thickness", "depth"),
    ("range", "length"): ("range",),
    ("load", "mass"): ("maximum load", "load capacity", "max load"),
}
_BY_CUE: dict[str, tuple[str, ...]] = {
    "taller than": ("height",),
    "wider than": ("width",),
    "longer than": ("length",),
    "thinner than": ("thickness", "depth"),
    "quieter than": ("noise level",),
}
_EXCLUSIVE = frozenset({"under", "below", "beneath", "less than", "over", "above", "more than"})
_NEAR = 3
"""How many words beside the comparison may name its field."""


def read_measured(
    reading: Reading, comparisons: list[Comparison], measures: list[Measure]
) -> tuple[Measure, ...]:
    """Take the comparisons with a measure or a count of a known field as filters.

    Returns:
        The measures that are left to match as they are.
    """
    left = list(measures)
    by_start = {item.start: item for item in measures}
    for comparison in comparisons:
        found = by_start.get(comparison.number_start)
        end = found.end if found else comparison.number_end
        first, last = reading.at(comparison.start, end)
        if comparison.about_price or not reading.is_free(first, last):
            continue
        if comparison.currency is not None and not _is_weight(reading, found):
            continue
        named = _field(reading, comparison, found, (first, last))
        if named is None:
            if found in left and (comparison.cue in _EXCLUSIVE or comparison.kind == "between"):
                left.remove(found)
            continue
        left = [item for item in left if not comparison.start <= item.start < end]
        reading.take(first, last, Role.CONDITION)
        condition = _condition(named, comparison, found)
        reading.understand(condition, (first, last), _label(named, comparison, found))
    return tuple(left)


def _is_weight(reading: Reading, found: Measure | None) -> bool:
    """Whether pounds, which could be money, are a weight."""
    return found is not None and found.unit == "lb" and bool(WEIGHT.search(reading.text.lower()))


def _field(
    reading: Reading, comparison: Comparison, found: Measure | None, span: tuple[int, int]
) -> str | None:
    """Return the number field that a comparison is about, or None where that is not plain."""
    dimension = found.dimension if found else ""
    first, last = span
    after, before = range(last, last + _NEAR), range(first - 1, first - 1 - _NEAR, -1)
    names: list[str] = []
    for at in (*after, *before):
        if not reading.is_free(at, at + 1):
            continue
        for words in (2, 1):
            if reading.is_free(at, at + words):
                names.append(reading.phrase(at, at + words))
        names.extend(_BY_WORD.get((reading.words[at].folded, dimension), ()))
    if found is None:
        names = [
            reading.phrase(last, last + n) for n in (3, 2, 1) if reading.is_free(last, last + n)
        ]
    else:
        names.extend(_BY_CUE.get(comparison.cue, ()))
        names.extend(_BY_DIMENSION.get(dimension, ()))
    known = (
        name
        for name in dict.fromkeys(names)
        if reading.asks() and reading.vocabulary.has_number(name)
    )
    return next(known, None)


def _condition(name: str, comparison: Comparison, found: Measure | None) -> Filter:
    """Make the filter, in the canonical unit where the number has one."""
    if found is None:
        return Filter(name, "between", low=comparison.low, high=comparison.high)
    low, high = (_amount(bound, found) for bound in (comparison.low, comparison.high))
    return Filter(name, "between", low=low, high=high, unit=CANONICAL[found.dimension])


def _amount(bound: float, found: Measure) -> float:
    """Bring a bound from the unit as written to the canonical one."""
    known = measure(bound, found.unit) if math.isfinite(bound) else None
    return float(f"{known.amount:.12g}") if known else bound


def _label(name: str, comparison: Comparison, found: Measure | None) -> str:
    unit = f" {found.unit}" if found else ""
    return f"{fold(name)}: {bounds_label(comparison)}{unit}"
