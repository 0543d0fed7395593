"""A record's attributes as pieces of sentences: what an ad may say about a product, and how.

The wording stands in `facts.toml`. An attribute that it does not know, a false boolean or an empty
value says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from finetune.situations.english import is_plural, listed, lowered, plural_of, singular_of
from finetune.situations.naming import Name
from finetune.situations.record import matters
from finetune.teachers.grammar.tables import table

_EMPTY = re.compile(
    r"(?:none|no|n/?a|-|0|not .*|un(?:specified|known)|other|various|default|standard)", re.I
)
_NOISE = re.compile(r"[;:\\<>{}|®™©*]|\.\.\.|n/a", re.I)
_PLACE = re.compile(r"\{(n:)?((?:[^{}]|\{\w+\})+)\}")
_MASS = frozenset({"soil", "software"})
_SKIPPED = re.compile("|".join(table("facts")["skipped"]))
_SPOKEN: dict[str, str] = table("facts")["spoken"]
_PLACES = frozenset({"made in", "origin", "country of origin"})
_THE = re.compile(r"(?<!the )\b(Netherlands|United \w+|Philippines|Czech Republic)")
_AMOUNTS = frozenset({"weight", "volume", "capacity"})
_DIMENSIONS = {"height": "tall", "width": "wide", "depth": "deep", "length": "long"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One attribute's wordings; verbs in brackets are yet to agree with their subject."""

    name: str
    value: str
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Rule:
    name: re.Pattern[str]
    value: re.Pattern[str] | None
    forms: tuple[str, ...]


def facts_of(product: Mapping[str, Any], name: Name) -> list[Fact]:
    """Return the facts of a record that ads have words for, those its name states left out."""
    attributes = product.get("attributes")
    if not isinstance(attributes, Mapping):
        return []
    stated = set(re.findall(r"[a-z0-9]+", name.full.lower()))
    found: list[Fact] = []
    for key, value in attributes.items():
        text = "" if isinstance(value, bool) else str(value)
        if value is False or (not text and value is not True) or not matters(str(key), text):
            continue
        packed = name.mass or name.noun.endswith(("cream", "soap", "shampoo", "lotion"))
        label = "net weight" if packed and key in _AMOUNTS else str(key)
        fact = wording(label, text)
        said = re.findall(r"[a-z0-9]+", (text or label).lower())
        if fact is not None and not stated.issuperset(said):
            found.append(fact)
    return found


@lru_cache(maxsize=65536)
def wording(name: str, value: str) -> Fact | None:
    """Return how to word an attribute; `value` is "" for one that is true. None: not in an ad."""
    name, value = name.lower(), re.sub(r"\s*\([^)]*[A-Za-z][^)]*\)", "", value)
    if value and (_EMPTY.fullmatch(value) or _NOISE.search(value) or len(value) > 72):
        return None
    for rule in _BOOLEANS if not value else _VALUES:
        fits = rule.name.fullmatch(name)
        if fits and (rule.value is None or rule.value.fullmatch(value)):
            return _fact(name, value, rule.forms, fits)
    return None


def _fact(name: str, value: str, forms: tuple[str, ...], fits: re.Match[str]) -> Fact | None:
    groups: dict[str, list[str]] = {"v": [], "w": []}
    for form in forms:
        kind, _, text = form.partition(" ")
        if filled := _filled(text, name, value, fits):
            groups[kind].append(filled)
    if not forms or any(text.startswith("0 ") for texts in groups.values() for text in texts):
        return None
    return Fact(name, value, tuple(groups["v"]), tuple(groups["w"]))


def _filled(text: str, name: str, value: str, fits: re.Match[str]) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[1]:
            return _counted(value, _PLACE.sub(fill, found[2]))
        return _part(found[2], name, value, fits)

    return " ".join(_PLACE.sub(fill, text).split())


def _part(place: str, name: str, value: str, fits: re.Match[str]) -> str:
    group = (fits[1] or "") if fits.re.groups else ""
    items = [item for item in re.split(r",\s*|\s*/\s*(?=[A-Za-z])", value) if item]
    low = [lowered(item) for item in items]
    if place.startswith("1"):
        return group.upper() if place == "1u" else _spoken(group)
    parts = {
        "v": _THE.sub(r"the \1", value) if name in _PLACES else value,
        "l": lowered(value),
        "0": name,
        "0t": _spoken(name),
        "0f": "" if lowered(value).endswith(name) else name,
        "and": listed(items),
        "land": listed(low),
        "al": _with_a(lowered(value)),
        "alist": listed([_with_a(item) for item in low]),
        "a1": _with_a(_spoken(group)),
        "few": _few(items),
        "num": value.partition(" ")[0],
        "dim": _DIMENSIONS.get(group, ""),
        "age": re.sub(r"\s*(?:years\s*)?and up$", "", value),
    }
    return parts[place]


def _few(items: list[str]) -> str:
    """Join the first two of many items, and say that there are more."""
    return listed(items) if len(items) < 3 else f"{items[0]}, {items[1]} and more"


def _counted(value: str, noun: str) -> str:
    """Write a count with its noun: "1 port", "2 ports"."""
    return f"{value} {singular_of(noun) if value == '1' else plural_of(noun)}"


def _with_a(text: str) -> str:
    last = text.rpartition(" ")[2]
    return text if is_plural(last) or last in _MASS else f"a {text}"


def _spoken(name: str) -> str:
    return (
        "-".join(
            " ".join(_SPOKEN.get(word, word) for word in part.split(" "))
            for part in name.split("-")
        )
        if name not in _SPOKEN
        else _SPOKEN[name]
    )


def _rules(lines: str) -> tuple[_Rule, ...]:
    rules = []
    for line in lines.strip().splitlines():
        head, _, body = line.partition("::")
        name, _, value = head.strip().partition(" ~ ")
        forms = tuple(form.strip() for form in body.split("||") if form.strip())
        rules.append(_Rule(re.compile(name), re.compile(value) if value else None, forms))
    return tuple(rules)


_BOOLEANS = _rules(table("facts")["flags"])
_VALUES = (_Rule(_SKIPPED, None, ()), *_rules(table("facts")["values"]))
