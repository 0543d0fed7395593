"""What copy for sellers claims, against the record: its numbers, its names, its checkable words.

Puffery passes ("a calm start to the day"); a colour, a material, a feature or a promise that the
record does not hold does not, nor does a feature that the record denies. Deterministic; knows no
model. The words are in `assistant/data/checkable.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources

from assistant.grounding.amounts import check_numbers
from assistant.grounding.answers import check_names
from assistant.tasks.metrics import holds, singular, words
from assistant.values import Claim

_SENTENCE = re.compile(r"(?<=[.!?:])\s+|(?<=[.!?][\"'”’])\s+|\n+")
_NAME = re.compile(r"(?<![\w'’-])[A-Z][\w'’&-]*")
_DENIALS = frozenset({"no", "none", "n/a", "without", "not included", "not supported"})
_PLAIN_NAMES = frozenset(
    {
        *("I", "I'm", "I've", "I'll", "I'd", "Day"),
        *("Black", "Cyber", "Friday", "Christmas", "Easter", "Mother's", "Father's", "Valentine's"),
        *("Halloween", "New", "Year", "Year's", "Monday", "Tuesday", "Wednesday", "Thursday"),
        *("Saturday", "Sunday", "January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    }
)
"""Capitalised words that name no product."""


def check_ad(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return the claims of an ad: numbers, names, and words that can be checked.

    Args:
        text: the ad.
        sources: (source id, field, text) that may be stated as facts.
    """
    terms = _check_terms(text, sources)
    told = {claim.text for claim in terms}
    names = [claim for claim in _check_caps(text, sources) if claim.text not in told]
    return check_numbers(text, sources) + terms + names


def check_title(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return the claims of a title: numbers, words that no source holds, and denied features."""
    return [
        *check_numbers(text, sources),
        *check_names(text, sources),
        *_check_denied(text, sources),
    ]


def _check_denied(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return the features that a text names and the record denies.

    A description may speak of what a product lacks; only another field can outweigh a denial.
    """
    held = _held([source for source in sources if source[1] != "description"])
    claims = []
    for _, name, value in sources:
        parts = words(name) if value in _DENIALS else []
        named = bool(parts) and all(holds(text, part) for part in parts)
        if named and not all(holds(held, part) for part in parts):
            claims.append(Claim(name, "contradicted"))
    return claims


def _check_terms(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Judge each checkable word or phrase of the text."""
    held = _held(sources)
    denied = " \n ".join(name.casefold() for _, name, value in sources if value in _DENIALS)
    claims = []
    for term in _terms_in(text):
        parts = words(term)
        if all(holds(held, part) for part in parts):
            claims.append(Claim(term, "supported"))
        elif parts and all(holds(denied, part) for part in parts):
            claims.append(Claim(term, "contradicted"))
        else:
            claims.append(Claim(term, "not_in_record"))
    return claims


def _check_caps(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Judge each capitalised word that begins no sentence."""
    held = set(words(_held(sources)))
    claims = []
    for sentence in _SENTENCE.split(text):
        for match in _NAME.finditer(sentence):
            name = match.group()
            parts = words(name)
            first = not re.search(r"\w", sentence[: match.start()])
            if first or name in _PLAIN_NAMES or not parts or name.isdigit():
                continue
            if all(part in held or singular(part) in held for part in parts):
                continue
            claims.append(Claim(name, "not_in_record"))
    return claims


def _held(sources: Sequence[tuple[str, str, str]]) -> str:
    """Return every text that may be stated; what the record denies is not among it."""
    parts = [f"{name} {text}" for _, name, text in sources if text not in _DENIALS]
    return " \n ".join(parts).casefold()


def _terms_in(text: str) -> list[str]:
    found = dict.fromkeys(match.group() for match in _pattern().finditer(text))
    return list(found)


@cache
def _pattern() -> re.Pattern[str]:
    path = resources.files("assistant") / "data" / "checkable.toml"
    table: dict[str, list[str]] = tomllib.loads(path.read_text(encoding="utf-8"))
    terms = sorted({term for group in table.values() for term in group}, key=len, reverse=True)
    joined = "|".join(re.escape(term).replace(r"\ ", r"[\s-]") for term in terms)
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.I)
