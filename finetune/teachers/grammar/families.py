"""Which family of products a record belongs to, and what ads say of that family.

The sentences stand in `scenes.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from finetune.situations.naming import Name
from finetune.teachers.grammar.tables import table

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_PLAIN = re.compile(
    r"(?:phone|tablet|keyboard|player) cases?|(?:screen )?protectors?|lamps? modules?"
    r"|spare parts?|kits?|sets?|units?|modules?|components?|licen[cs]es?|accessor(?:y|ies)"
)
_COMPUTER = re.compile(r"\b(processor|operating system|hard drive|graphics|internal memory)\b")


@dataclass(frozen=True, slots=True)
class Family:
    """What ads say of one family: what its things are good for, openings and endings."""

    key: str
    words: re.Pattern[str]
    scenes: tuple[str, ...]
    openings: tuple[str, ...]
    endings: tuple[str, ...]


def family_of(product: Mapping[str, Any], name: Name) -> Family:
    """Return the family of a product: by its noun, else by the rest of its type's path."""
    attributes = product.get("attributes")
    names = " ".join(attributes) if isinstance(attributes, Mapping) else ""
    if name.noun in {"notebook", "notebooks"} and _COMPUTER.search(names):
        return _by_key("computer")
    kinds = str(product.get("product_type", "")).lower().split(">")
    return _find((name.noun, *(kind.strip() for kind in reversed(kinds))))


@lru_cache(maxsize=8192)
def _find(phrases: tuple[str, ...]) -> Family:
    for phrase in phrases:
        words = _WORD.findall(phrase)
        for start in range(len(words)):
            rest = " ".join(words[start:])
            if _PLAIN.fullmatch(rest):
                return FAMILIES[-1]
            for family in FAMILIES[:-1]:
                if family.words.fullmatch(rest):
                    return family
        for word in reversed(words):
            for family in FAMILIES[:-1]:
                if family.words.fullmatch(word):
                    return family
    return FAMILIES[-1]


def _by_key(key: str) -> Family:
    return next(family for family in FAMILIES if family.key == key)


def _families(blocks: str) -> tuple[Family, ...]:
    found = []
    for block in f"\n{blocks}".split("\n# ")[1:]:
        head, *lines = block.strip().splitlines()
        key, _, words = head.partition(": ")
        texts = {}
        for line in lines:
            label, _, body = line.partition(": ")
            texts[label] = tuple(text.strip() for text in body.split(" | "))
        pattern = re.compile(words)
        found.append(Family(key, pattern, texts["for"], texts["open"], texts["end"]))
    return tuple(found)


FAMILIES = _families(table("scenes")["blocks"])
"""All families; the last serves products that no other takes."""
