"""How shoppers ask for a field without naming it: "how heavy" is the weight.

Reads `data/concepts.toml`: what a field may be called, the phrases that ask for it, and whole
questions that train the evidence reader. It names no product and no shop.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"[a-z0-9]+(?:\.[0-9]+)?")
_LONGEST = 400
"""Characters of a question that phrases are looked for in: some patterns' time grows faster."""

_IN_BRACKETS = re.compile(r"\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that shoppers ask for: the names of its fields, phrases, whole questions."""

    key: str
    names: tuple[str, ...]
    words: re.Pattern[str]
    questions: tuple[str, ...]


@cache
def concepts() -> tuple[Concept, ...]:
    """Return every concept, in the file's order."""
    text = (files("retrieval") / "data" / "concepts.toml").read_text(encoding="utf-8")
    return tuple(
        Concept(
            key,
            tuple(dict.fromkeys(map(plain_name, table["names"].split("|")))),
            re.compile(rf"(?<!\w)(?:{table['words']})", re.I),
            tuple(table["ask"]),
        )
        for key, table in tomllib.loads(text).items()
    )


def plain_name(name: str) -> str:
    """Return a field's name in lower-case words, without what stands in brackets."""
    return " ".join(_WORD.findall(_IN_BRACKETS.sub(" ", name.lower()))) or name.lower().strip()


def asked_fields(question: str) -> list[str]:
    """Return the names of the fields that a question asks for without naming them."""
    asked = question[:_LONGEST]
    found = (name for one in concepts() if one.words.search(asked) for name in one.names)
    return list(dict.fromkeys(found))


_MOST_NAME_WORDS = 5


@cache
def _by_name() -> dict[str, frozenset[str]]:
    """Map each name of a concept to all names of the concepts that it belongs to."""
    found: dict[str, set[str]] = {}
    for concept in concepts():
        for name in concept.names:
            found.setdefault(name, set()).update(concept.names)
    return {name: frozenset(names) for name, names in found.items()}


def known_words() -> frozenset[str]:
    """Return the words that the concepts' names are made of."""
    return frozenset(word for name in _by_name() for word in name.split())


def literal_names(question: str) -> dict[str, frozenset[str]]:
    """Return the concepts' names that a question holds word by word, with their synonyms.

    A name within a longer one does not count: of "package weight" only that.
    """
    words = _WORD.findall(question[:_LONGEST].lower())
    found: dict[str, frozenset[str]] = {}
    at = 0
    while at < len(words):
        for size in range(min(_MOST_NAME_WORDS, len(words) - at), 0, -1):
            name = " ".join(words[at : at + size])
            if name in _by_name():
                found[name] = _by_name()[name]
                at += size - 1
                break
        at += 1
    return found
