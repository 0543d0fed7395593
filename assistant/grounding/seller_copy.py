"""What copy for sellers claims, against the record: its numbers, its names, its checkable words.

Puffery passes ("a calm start to the day"); a colour, a material, a feature, a superlative, a
comparison or a promise that the record does not hold does not, nor does a feature that the record
denies, nor a number that the record gives to another field. Deterministic; knows no model. The
words are in `assistant/data/checkable.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.grounding.amounts import UNIT_WORDS, check_numbers
from assistant.grounding.answers import check_names
from assistant.grounding.checkable import is_ordinary, patterns
from assistant.grounding.claims import grounded
from assistant.grounding.denials import DENIALS, check_negations, is_denied_before
from assistant.tasks.metrics import holds, singular, words
from assistant.values import Claim, Verdict

_SENTENCE = re.compile(r"(?<=[.!?:])\s+|(?<=[.!?][\"'”’])\s+|\n+")
_NAME = re.compile(r"(?<![\w'’-])(?:[A-Z][\w'’&-]*|[a-z]{2,}-\d{2,}\b)")
"""A capitalised word, or a code in small letters ("hx-77")."""
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
_OCCASION = re.compile(r"\b(?:black friday|orange blossom|silver lining|golden)\b", re.I)
_SPELT = {
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "one": 1, "a hundred": 100,
}  # fmt: skip
_LONG_UNITS = sorted((unit for unit in UNIT_WORDS if unit.isalpha() and len(unit) > 3), key=len)
_SPELT_AMOUNT = re.compile(
    rf"\b(?P<word>{'|'.join(_SPELT)})[\s-](?P<unit>"
    rf"{'|'.join(reversed(_LONG_UNITS))}"
    r"|year|month|week|day|hour)\b",
    re.I,
)


def check_ad(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return the claims of an ad: numbers, names, and words that can be checked.

    Args:
        text: the ad.
        sources: (source id, field, text) that may be stated as facts.
    """
    terms = [*check_negations(text, sources), *_check_terms(text, sources)]
    terms += [
        claim
        for claim in _check_denied(text, sources)
        if _affirms(text, claim.text) and not any(_same(claim, other) for other in terms)
    ]
    told = {claim.text for claim in terms}
    names = [claim for claim in _check_caps(text, sources) if claim.text not in told]
    amounts = [
        _bound(claim, text, sources) for claim in check_numbers(text, sources, by_field=True)
    ]
    return amounts + _check_spelt(text, sources) + terms + names


def check_title(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return the claims of a title: numbers, words that no source holds, and denied features."""
    return [
        *check_numbers(text, sources, by_field=True),
        *(_named(claim) for claim in check_names(text, sources)),
        *_check_denied(text, sources),
    ]


def _affirms(text: str, feature: str) -> bool:
    """Whether a text states a feature, in one run of words and without a "no"."""
    joined = r"[\s-]+".join(map(re.escape, words(feature)))
    return any(
        not is_denied_before(text, found.start())
        and not re.match(r"\s*(?:: ?no\b|[- ]free\b)", text[found.end() :], re.I)
        for found in re.finditer(rf"(?<!\w){joined}(?!\w)", text, re.I)
    )


def _same(claim: Claim, other: Claim) -> bool:
    return words(claim.text) == words(other.text)


def _named(claim: Claim) -> Claim:
    return replace(claim, kind="name")


def _check_denied(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return the features that a text names and the record denies.

    A description may speak of what a product lacks; only another field can outweigh a denial.
    """
    held = _held([source for source in sources if source[1] != "description"])
    claims = []
    for source, name, value in sources:
        parts = words(name) if value in DENIALS else []
        named = bool(parts) and all(holds(text, part) for part in parts)
        if named and not all(holds(held, part) for part in parts):
            claims.append(Claim(name, "contradicted", source, name, "boolean"))
    return claims


def _bound(claim: Claim, text: str, sources: Sequence[tuple[str, str, str]]) -> Claim:
    """Return a number as contradicted where the text gives it to another field.

    "A temperature control of 1800 W" takes the power for something else.
    """
    if claim.verdict != "supported" or claim.field in ("title", "description", "request"):
        return claim
    amount = rf"\s+(?:up to )?{re.escape(claim.text)}(?!\w)"
    before = rf"(?P<name>[A-Za-z][A-Za-z -]{{2,40}}?)(?: is| of|:| at){amount}"
    for found in re.finditer(before, text):
        said = [singular(word) for word in words(found["name"])]
        named = [
            (len(parts), source, name, value)
            for source, name, value in sources
            if (parts := [singular(word) for word in words(name)]) and said[-len(parts) :] == parts
        ]
        longest = max((size for size, *_ in named), default=0)
        for size, source, name, value in named:
            if size < longest or name == claim.field:
                continue
            if not grounded(check_numbers(claim.text, [(source, name, value)])):
                return Claim(claim.text, "contradicted", source, name, claim.kind)
    return claim


def _check_spelt(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Judge amounts in words, "two years", as the numbers that they are."""
    claims = []
    for found in _SPELT_AMOUNT.finditer(text):
        if re.search(r"\btake\s+$", text[: found.start()], re.I):
            continue  # "Take five minutes for yourself."
        held = " ".join(value for _, _, value in sources).casefold()
        if found.group().casefold().replace("-", " ") in held.replace("-", " "):
            continue
        said = f"{_SPELT[found['word'].lower()]} {found['unit']}"
        claims += [
            Claim(found.group(), claim.verdict, claim.source_id, claim.field, claim.kind)
            for claim in check_numbers(said, sources, by_field=True)
        ]
    return claims


def _check_terms(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Judge each checkable word or phrase of the text."""
    clauses = list(_clauses(sources))
    claims: dict[str, Claim] = {}
    taken = [found.span() for found in _OCCASION.finditer(text)]
    for kind, pattern in patterns():
        for found in pattern.finditer(text):
            if any(start < found.end() and found.start() < end for start, end in taken):
                continue
            taken.append(found.span())
            is_denied = kind == "value" and is_denied_before(text, found.start())
            verdict, source, field = _judge(found.group(), clauses, is_denied=is_denied)
            if found.group() not in claims or verdict != "supported":
                claims[found.group()] = Claim(found.group(), verdict, source, field, kind)
    return list(claims.values())


def _judge(
    term: str, clauses: Sequence[tuple[str, str, str, bool]], *, is_denied: bool
) -> tuple[Verdict, str, str]:
    """Say whether one clause of the record holds every word of a term, as it is said."""
    parts = [singular(word) for word in words(term)]
    denial: tuple[Verdict, str, str] = ("not_in_record", "", "")
    for source, field, told, denies in clauses:
        held = {singular(word) for word in words(told)}
        if not parts or not held.issuperset(parts):
            continue
        place = told.casefold().find(words(term)[0])
        negative = denies or (place >= 0 and is_denied_before(told, place))
        if negative == is_denied:
            return "supported", source, field
        denial = ("contradicted", source, field)
    return denial


def _clauses(sources: Sequence[tuple[str, str, str]]) -> Iterator[tuple[str, str, str, bool]]:
    """Yield (source id, field, words, denies) of each field, a long one sentence by sentence."""
    for source, field, text in sources:
        denies = text in DENIALS
        for sentence in _SENTENCE.split(text) if len(text) > 80 else [text]:
            yield source, field, f"{field} {sentence}", denies


def _check_caps(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Judge each capitalised word, and each code; at a sentence's begin, ordinary words pass."""
    held = set(words(_held(sources)))
    claims = []
    for sentence in _SENTENCE.split(text):
        first = re.search(r"\w", sentence)
        for match in _NAME.finditer(sentence):
            name = match.group()
            parts = words(name)
            if {name, name.removesuffix("s")} & _PLAIN_NAMES or not parts or name.isdigit():
                continue
            if first and match.start() == first.start() and is_ordinary(name):
                continue
            if all(part in held or singular(part) in held for part in parts):
                continue
            claims.append(Claim(name, "not_in_record", kind="name"))
    return claims


def _held(sources: Sequence[tuple[str, str, str]]) -> str:
    """Return every text that may be stated; what the record denies is not among it."""
    parts = [f"{name} {text}" for _, name, text in sources if text not in DENIALS]
    return " \n ".join(parts).casefold()
