"""What an ad or a shopper calls a product: a name short enough to say, and the noun for it.

Titles of feeds are long; a name is the brand, the model and what the thing is. Knows no task.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from finetune.situations.english import is_plural, plural_of, singular_of
from finetune.situations.nouns import COLOURS, MASS_NOUNS, NOUNS, NOUNS_OF_TWO

_CUT = re.compile(r"\s[-–|]\s|,\s|,$|\s\(|\s(?:with|for|w/|incl\.?|including)\s")
_MEASURE = re.compile(r"^[\d.,/x\"”]+(?:[A-Za-z°\"”%]{0,4})?$|^Ø$|^\(")
_PLAIN_WORD = re.compile(r"^(?!and$|the$|von$|van$)[a-z][a-z-]{2,}$")
_ODD = re.compile(r"[^\w\s&'’.+/\"“”!-]")
_MOST_WORDS = 7
_TWICE = re.compile(r"\b(\S+(?: \S+){0,3}?) \1(?= |$)", re.I)
_SET = re.compile(r"\b(set|kit)\b|\b\d+[- ]pieces?\b", re.I)
_PIECED = re.compile(r"puzzle|jigsaw|game|toy|sets?$|kits?$")
_UNIT_WORDS = "cm mm inch gb mb tb mah ghz mhz dpi ppm pcs pages sheets pixels kg ml"
_UNITS = frozenset(_UNIT_WORDS.split())


@dataclass(frozen=True, slots=True)
class Name:
    """A product's name for running text.

    `full` has no article; `noun` is lower-case, "" where nothing tells what the product is.
    """

    full: str
    noun: str
    brand: str
    plural: bool
    mass: bool

    @property
    def definite(self) -> str:
        """The full name with "the" before it, where its kind takes one."""
        bare = self.mass or not self.noun or self.full.lower().startswith("the ")
        return self.full if bare else f"the {self.full}"

    @property
    def pronoun(self) -> str:
        """Return "it" or "they"."""
        return "they" if self.plural else "it"

    @property
    def this(self) -> str:
        """Return "this kettle", "these mugs"; the full name where there is no noun."""
        if not self.noun:
            return self.full
        return f"{'these' if self.plural else 'this'} {self.noun}"


def name_of(product: Mapping[str, Any]) -> Name | None:
    """Return what to call a product, or None where its title makes no name."""
    title = str(product.get("title", "")).strip()
    brand = str(product.get("brand", "")).strip()
    head = _CUT.split(title, maxsplit=1)[0].strip()
    noun = _noun_by_type(title, str(product.get("product_type", ""))) or noun_by_title(title, brand)
    noun = _as_set(title, noun)
    full = _shorten(head, brand, noun)
    if not full or _ODD.search(full) or len(full.split()) > _MOST_WORDS + 1:
        return None
    if brand and not full.lower().startswith(brand.lower()) and brand.lower() not in title.lower():
        full = f"{brand} {full}"
    if full.lower() == brand.lower():
        return None
    if (
        noun
        and noun.rpartition(" ")[2].lower() not in full.lower()
        and len(full.split()) < _MOST_WORDS
    ):
        full = _joined(full, _as_in(title, noun))
    full = _TWICE.sub(r"\1", full)
    last = noun or full.rpartition(" ")[2].lower()
    mass = (noun.rpartition(" ")[2] or "-") in MASS_NOUNS
    plural = bool(noun) and is_plural(full if mass else last)
    return Name(full, noun, brand, plural, mass)


def _as_set(title: str, noun: str) -> str:
    """Call a thing that is sold as a set one: a title's "screwdriver set" is no screwdriver."""
    found = _SET.search(title)
    if not noun or not found or is_plural(noun) or noun in MASS_NOUNS or _PIECED.search(noun):
        return noun
    return f"{noun} {(found[1] or 'set').lower()}"


def _joined(full: str, noun: str) -> str:
    """Put a noun behind a name that may already end with its first words."""
    held, added = full.split(), noun.split()
    for size in range(min(len(held), len(added)), 0, -1):
        if [word.lower() for word in held[-size:]] == [word.lower() for word in added[:size]]:
            return " ".join([*held, *added[size:]])
    return f"{full} {noun}"


def noun_by_title(title: str, brand: str = "") -> str:
    """Return the noun that a title names the product by; "" where none is known."""
    text = title[len(brand) :] if title.lower().startswith(brand.lower()) else title
    text = re.split(r"\s(?:for|with|w/|fits)\s", text, maxsplit=1)[0]
    tokens = [token.strip(",.()") for token in text.split()]
    found, plainly = "", False
    for number, token in enumerate(tokens):
        low = token.lower()
        if plainly and not token.islower():
            break  # a feed's own noun, in small letters, goes before what is said after it
        if singular_of(low) in NOUNS:
            before = tokens[number - 1].lower() if number else ""
            pair = f"{before} {low}"
            found = pair if f"{before} {singular_of(low)}" in NOUNS_OF_TWO else low
            plainly = token.islower() and number > 0
    return found


def _noun_by_type(title: str, path: str) -> str:
    """Return the words of the type's innermost name in the number that the title has them in."""
    kind = path.rpartition(">")[2].strip().lower()
    if not kind:
        return ""
    folded = f" {re.sub(r'[^a-z0-9-]+', ' ', title.lower())} "
    words = kind.split()
    for start in range(len(words)):
        phrase = " ".join(words[start:])
        for form in (singular_of(phrase), plural_of(phrase), phrase):
            if f" {form} " in folded and (len(words) - start > 1 or start == len(words) - 1):
                return form.upper() if path.isupper() else form.replace("t-shirt", "T-shirt")
    for word in reversed(words[:-1]):
        if f" {word} " in folded and singular_of(word) in NOUNS | MASS_NOUNS:
            return word
    return singular_of(kind) if singular_of(words[-1]) in NOUNS | MASS_NOUNS else ""


def _shorten(head: str, brand: str, noun: str) -> str:
    """Cut a title's head to brand, model and noun."""
    lead = len(brand.split()) if head.lower().startswith(brand.lower()) else 0
    tokens = head.split()
    end = len(tokens)
    for number, token in enumerate(tokens):
        if number > lead and (_MEASURE.match(token) and _unit_follows(tokens, number)):
            end = number
            break
        if number > lead and _PLAIN_WORD.match(token):
            end = _end_of_run(tokens, number, noun)
            break
    kept = tokens[:end]
    while len(kept) > lead + 1 and _says_nothing(kept[-1], noun):
        kept.pop()
    if len(kept) > _MOST_WORDS and brand and noun:
        return f"{brand} {noun.title() if noun.islower() else noun}"
    return " ".join(kept)


def _says_nothing(token: str, noun: str) -> bool:
    """Whether a name may not end in a token: a colour, "Original", a lone mark."""
    low = token.lower()
    if noun.endswith(low):
        return False
    return low in COLOURS or low in {"original", "and", "&", "light"} or not re.search(r"\w", low)


def _as_in(title: str, noun: str) -> str:
    """Return a noun in the case that the title writes it in."""
    place = title.lower().find(noun)
    return title[place : place + len(noun)] if place >= 0 else noun


def _unit_follows(tokens: list[str], number: int) -> bool:
    """Whether a number is a measure, not a model's: "39.6 cm", "10ft", but not "EliteBook 840"."""
    if re.search(r"[A-Za-z\"”%]$", tokens[number]) and re.match(r"\d", tokens[number]):
        return not re.fullmatch(r"\d+[A-Z]+", tokens[number])
    follower = tokens[number + 1].lower() if number + 1 < len(tokens) else ""
    return follower in _UNITS or follower in {"l", "g", "m", "w", "v", "x", "ft", "in"}


def _end_of_run(tokens: list[str], start: int, noun: str) -> int:
    """Return where the name ends when lower-case words begin: after a short noun, else before."""
    end = start
    while end < len(tokens) and _PLAIN_WORD.match(tokens[end]) and tokens[end] not in _UNITS:
        end += 1
    run = " ".join(tokens[start:end])
    keeps = noun and run.endswith(noun) and end <= _MOST_WORDS - 1
    return end if keeps or start < 2 else start
