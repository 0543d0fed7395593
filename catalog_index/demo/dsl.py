"""The small language in which the demo's product types are written.

An attribute is a `Draw`: a function from the facts so far to a value, or None where the item has
no such attribute. A sentence is text with `{attribute}` slots and, in front, an optional condition
in brackets: "[noise cancelling; battery life>=30] The {battery life:-} battery ...". A sentence
applies only where its condition holds and every slot has a value, so copy cannot contradict the
record. This module knows no product type and no storage.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from catalog_index.product import AttributeValue, Quantity, render_value

T = TypeVar("T")


class Dice:
    """Random choices fixed by a textual key: the same on every run, machine and Python."""

    def __init__(self, *key: object) -> None:
        digest = hashlib.sha256("/".join(map(str, key)).encode()).digest()
        self._random = random.Random(int.from_bytes(digest[:8], "big")).random

    def chance(self, probability: float) -> bool:
        """Return True with the given probability."""
        return self._random() < probability

    def between(self, low: float, high: float) -> float:
        """Return a number from `low` up to `high`."""
        return low + (high - low) * self._random()

    def index(self, size: int) -> int:
        """Return an index below `size`."""
        return int(self._random() * size)

    def choice(self, options: Sequence[T], weights: Sequence[float] = ()) -> T:
        """Return one of `options`, each as likely as its weight (all alike without weights)."""
        if not weights:
            return options[self.index(len(options))]
        rest = self._random() * sum(weights)
        for option, weight in zip(options, weights, strict=True):
            rest -= weight
            if rest < 0:
                return option
        return options[-1]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return `options` in a random order."""
        pool = list(options)
        return [pool.pop(self.index(len(pool))) for _ in range(len(pool))]


class Facts(dict[str, AttributeValue]):
    """What is settled of an item so far, the parts of its name included."""

    def number(self, name: str, default: float = 0.0) -> float:
        """Return a quantity's number, or `default` where the item has none of that name."""
        value = self.get(name)
        return value.value if isinstance(value, Quantity) else default

    def holds(self, condition: str) -> bool:
        """Tell whether every ";"-separated clause of `condition` is true of the item.

        Clauses: `name` (true, or present if it is no boolean), `!name` (a stated no),
        `name=a|b` (one of these values), `name!=a`, `name>=5`, `name<=5`.
        """
        return all(self._clause(*clause) for clause in _clauses(condition))

    def _clause(self, denied: bool, name: str, operator: str, wanted: str) -> bool:
        value = self.get(name)
        if value is None:
            return False
        if not operator:
            return value is False if denied else value is not False
        if operator in {">=", "<="}:
            number = self.number(name)
            return number >= float(wanted) if operator == ">=" else number <= float(wanted)
        held = set(value) if isinstance(value, tuple) else {render_value(value)}
        return held.isdisjoint(wanted.split("|")) is (operator == "!=")


Draw = Callable[[Facts, Dice], AttributeValue | None]


@lru_cache(maxsize=4096)
def _clauses(condition: str) -> tuple[tuple[bool, str, str, str], ...]:
    found = []
    for clause in filter(None, map(str.strip, condition.split(";"))):
        match = re.fullmatch(r"(!?)([^=<>!]+)(?:(=|!=|>=|<=)(.+))?", clause)
        if match is None:
            raise ValueError(f"not a condition: {clause!r} in {condition!r}")
        found.append((bool(match[1]), match[2], match[3] or "", match[4] or ""))
    return tuple(found)


def pick(*options: str, weights: Sequence[float] = ()) -> Draw:
    """One of these texts."""
    return lambda _, dice: dice.choice(options, weights)


def among(unit: str, *values: float) -> Draw:
    """One of these numbers, in `unit`."""
    return lambda _, dice: Quantity(dice.choice(values), unit)


def number(low: float, high: float, step: float, unit: str) -> Draw:
    """A number of steps from `low`, up to `high`, in `unit`."""
    steps = round((high - low) / step) + 1
    return lambda _, dice: Quantity(_tidy(low + step * dice.index(steps)), unit)


def flag(probability: float) -> Draw:
    """Yes with this probability, else no."""
    return lambda _, dice: dice.chance(probability)


def several(low: int, high: int, *options: str) -> Draw:
    """From `low` to `high` of these texts, in the order given."""

    def draw(_: Facts, dice: Dice) -> AttributeValue:
        kept = set(dice.shuffled(options)[: low + dice.index(high - low + 1)])
        return tuple(option for option in options if option in kept)

    return draw


def listed(*parts: str) -> Draw:
    """All these texts whose condition, if any, holds, as in "[wired] adapter cable"."""

    def draw(facts: Facts, _: Dice) -> AttributeValue:
        split = (split_condition(part) for part in parts)
        return tuple(text for condition, text in split if facts.holds(condition))

    return draw


def maybe(probability: float, draw: Draw) -> Draw:
    """The value with this probability; else the record does not say."""
    return lambda facts, dice: draw(facts, dice) if dice.chance(probability) else None


def when(condition: str, draw: Draw, otherwise: Draw | None = None) -> Draw:
    """The value where the condition holds, `otherwise` (or nothing) where it does not."""

    def choose(facts: Facts, dice: Dice) -> AttributeValue | None:
        if facts.holds(condition):
            return draw(facts, dice)
        return otherwise(facts, dice) if otherwise else None

    return choose


def by(name: str, table: Mapping[str, Draw | str | Quantity]) -> Draw:
    """The value that `table` gives for the text of an earlier attribute; nothing if it has none."""

    def draw(facts: Facts, dice: Dice) -> AttributeValue | None:
        entry = table.get(render_value(facts.get(name, "")))
        return entry(facts, dice) if callable(entry) else entry

    return draw


def scaled(of: str, slope: float, base: float, step: float, unit: str) -> Draw:
    """`base + slope * of`, give or take 8%, rounded to `step`, in `unit`."""

    def draw(facts: Facts, dice: Dice) -> AttributeValue:
        exact = (base + slope * facts.number(of)) * dice.between(0.92, 1.08)
        return Quantity(max(step, _tidy(round(exact / step) * step)), unit)

    return draw


def _tidy(value: float) -> float:
    return round(value, 6)


@dataclass(frozen=True, slots=True)
class ProductType:
    """A kind of product: how its items are named, what is said of them, what they cost.

    `brands` maps a brand to its price factor. A model is a name and a second part ("Cantus II");
    a name belongs to one brand. Attributes named in `vary` differ within a model's item group,
    and every title shows them. `copy` is the description's sentences, each after a dash, in groups
    set apart by blank lines: a description opens with a sentence of the first group and takes at
    most one of each other group. `returns` is a key of `terms.RETURN_WINDOWS`; `warranty` is in
    months, 0 for none. `price` is in EUR, before the brand's factor.
    """

    code: str
    path: str
    brands: Mapping[str, float]
    names: str
    seconds: str
    vary: tuple[str, ...]
    attributes: Mapping[str, Draw]
    titles: tuple[str, ...]
    copy: str
    price: Callable[[Facts], float]
    returns: str
    warranty: int = 0
    largest_group: int = 3


_LONG_UNITS = {
    "h": "hour",
    "min": "minute",
    "l": "litre",
    "years": "year",
    "weeks": "week",
    "s": "second",
}
_LONG_UNITS |= {word + "s": word for word in ("month", "page", "piece", "cup", "person", "degree")}
_LONG_UNITS |= {"s": "second"} | {
    word + "s": word for word in ("day", "sheet", "speed", "level", "bag", "pocket")
}
_LONG_UNITS |= {word + "s": word for word in ("mode", "vent", "compartment", "player", "setting")}


@lru_cache(maxsize=64)
def sentence_groups(copy: str) -> tuple[tuple[str, ...], ...]:
    """Return the groups of sentences in a type's `copy`, the openings first."""
    blocks = re.split(r"\n\s*\n", copy.strip())
    return tuple(
        tuple(" ".join(part.split()) for part in re.split(r"(?:^|\n)\s*- ", block) if part)
        for block in blocks
    )


_SLOT_NAME = re.compile(r"\{([^}:]+)")
_SMALL_WORDS = frozenset({"and", "of", "with", "in", "or", "to", "from", "for"})


def split_condition(sentence: str) -> tuple[str, str]:
    """Return the condition in front of a sentence ("" for none) and its text."""
    if not sentence.startswith("["):
        return "", sentence
    condition, _, text = sentence[1:].partition("] ")
    return condition, text


@lru_cache(maxsize=4096)
def subjects(sentence: str) -> frozenset[str]:
    """Return the names of the attributes that a sentence speaks of, in its condition or slots."""
    condition, text = split_condition(sentence)
    return frozenset(re.findall(_SLOT_NAME, text)) | {clause[1] for clause in _clauses(condition)}


def compose(sentence: str, facts: Facts) -> str | None:
    """Write a sentence with the item's facts, or return None where it does not apply.

    Slots: `{name}` as prose ("30 hours", "red, blue and green"), `{name:-}` before a noun
    ("30-hour"), `{name:raw}` as the record shows it, `{name:title}` with capitals,
    `{name:number}` without its unit. "a(n)" becomes "a" or "an".
    """
    condition, text = split_condition(sentence)
    slots = re.findall(_SLOT_NAME, text)
    if not facts.holds(condition) or any(facts.get(slot) is None for slot in slots):
        return None
    text = re.sub(r"\{([^}:]+):?([^}]*)\}", lambda m: _slot(facts[m[1]], m[2]), text)
    text = re.sub(r"\ba\(n\) (?=(\S+))", lambda m: f"{_article(m[1])} ", text, flags=re.IGNORECASE)
    return text[0].upper() + text[1:]


def _slot(value: AttributeValue, style: str) -> str:
    if style == "raw":
        return render_value(value)
    if style == "number" and isinstance(value, Quantity):
        return f"{value.value:.12g}"
    if style == "title":
        words = render_value(value).split(" ")
        return " ".join(w if w in _SMALL_WORDS else w[:1].upper() + w[1:] for w in words)
    if isinstance(value, tuple):
        return " and ".join(filter(None, (", ".join(value[:-1]), value[-1])))
    if isinstance(value, Quantity):
        word = _LONG_UNITS.get(value.unit, "")
        if style == "-":
            return f"{value.value:.12g}-{word or value.unit}".rstrip("-")
        if word:
            return f"{value.value:.12g} {word}" + ("" if value.value == 1 else "s")
        if value.unit == "%":
            return f"{value.value:.12g}%"
    return render_value(value)


def _article(word: str) -> str:
    if word[0].isdigit():
        spoken_vowel = word.startswith("8") or re.match(r"(11|18)(\D|$)", word) is not None
        return "an" if spoken_vowel else "a"
    if re.match(r"(LED|IP[X\d]|SPF|HD|MIPS|XL|XS|S|M|L)", word) and word[:2].isupper():
        return "an"
    return "an" if re.match(r"(?!uni|use|eu|one)[aeiou]", word, flags=re.IGNORECASE) else "a"
