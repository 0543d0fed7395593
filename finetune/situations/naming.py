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
_MOST_WORDS = 8
_LAST_WORDS = 4
"""How many words before a noun stay of a title that is too long for a name."""
_VAGUE_WORDS = """
    system frame kit liquid cable unit set accessory adapter card device module part pack station
    component equipment supply media cover holder stand board case label sheet tool item
"""
_VAGUE = frozenset(_VAGUE_WORDS.split())
"""Nouns that say little alone, so that a title's own words for the thing go before them."""
_QUALIFIES = re.compile(r"(?!the$|and$|an$|new$)[A-Za-z]?[a-z]{2,}")
_JOINS = re.compile(r"\s&\s|\sand\s|[/,]")
_DANGLING = re.compile(r".*['’]s?|[a-z]+(?:/[a-z]+)+", re.I)
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
    noun = _as_set(title, _noun(title, head, brand, str(product.get("product_type", ""))))
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
        full = _joined(full, _as_in(title, noun), brand)
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
    if found[1] and noun.rpartition(" ")[2] in title[found.end() :].lower():
        return noun  # a "Deluxe Set Doll bicycle" is a bicycle
    return f"{noun} {(found[1] or 'set').lower()}"


def _noun(title: str, head: str, brand: str, path: str) -> str:
    """Choose between the noun of the type and the title's own, which says more than a vague one."""
    typed, own = _noun_by_type(title, path), noun_by_title(head, brand)
    own = own or noun_by_title(title, brand)
    if not typed or not own:
        return typed or own
    last, own_last = singular_of(typed).split()[-1], singular_of(own).split()[-1]
    if " " not in typed and last in _VAGUE and own_last not in _VAGUE:
        return own
    named = f" {last}" in f" {singular_of(head.lower())}" or last in head.lower()
    return typed if named or own_last in typed or own_last in _VAGUE else own


def _joined(full: str, noun: str, brand: str) -> str:
    """Put a noun behind a name; what the name has of its words already is not said again."""
    held, added = full.split(), noun.split()
    lead = len(brand.split())
    folded = [_bare(word) for word in held]
    if _bare(added[0]) in folded[lead:]:
        at = folded.index(_bare(added[0]), lead)
        added[0] = re.sub(r"['’]s?$", "", held[at])
        held = held[:at]
    while len(held) > lead + 1 and _DANGLING.fullmatch(held[-1]):
        held.pop()
    return " ".join([*held, *added])


def _bare(word: str) -> str:
    return singular_of(re.sub(r"['’]s?$", "", word.lower()))


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
        if singular_of(low) in NOUNS or low.removesuffix("s") in NOUNS:
            before = tokens[number - 1].lower() if number else ""
            pair = f"{before} {low}"
            of_two = f"{before} {singular_of(low)}" in NOUNS_OF_TWO
            vague = singular_of(low) in _VAGUE and before not in COLOURS
            qualified = vague and bool(number and _QUALIFIES.fullmatch(tokens[number - 1]))
            longer = qualified and found.endswith(f" {before}")
            found = f"{found} {low}" if longer else pair if of_two or qualified else low
            plainly = token.islower() and number > 0
    return found


def _noun_by_type(title: str, path: str) -> str:
    """Return the words of the type's innermost name in the number that the title has them in."""
    kind = path.rpartition(">")[2].strip().lower()
    if not kind:
        return ""
    folded = f" {re.sub(r'[^a-z0-9-]+', ' ', title.lower())} "
    words = kind.split()
    for start in range(1 if _JOINS.search(kind) else len(words)):
        phrase = " ".join(words[start:])
        for form in (singular_of(phrase), plural_of(phrase), phrase):
            if f" {form} " in folded and (len(words) - start > 1 or start == len(words) - 1):
                return form.upper() if path.isupper() else form.replace("t-shirt", "T-shirt")
    if _JOINS.search(kind):
        return ""
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
    if len(kept) == lead + 1 and re.fullmatch(r"\d{1,2}", kept[-1]):
        kept.pop()
    if len(kept) > _MOST_WORDS and brand and noun:
        kept = [*tokens[:lead], *_before_noun(kept[lead:], noun)]
    return " ".join(kept)


def _before_noun(tokens: list[str], noun: str) -> list[str]:
    """Return the last words of a long name up to its noun; without it, the first words."""
    last = _bare(noun.rsplit(maxsplit=1)[-1])
    ends = [number for number, token in enumerate(tokens) if _bare(token) == last]
    if not ends:
        return tokens[:_LAST_WORDS]
    start = max(0, ends[-1] - _LAST_WORDS)
    while start and tokens[start].lower() in {"and", "&", "of"}:
        start -= 1
    held = tokens[start : ends[-1] + 1]
    while len(held) > 1 and (_MEASURE.match(held[0]) or not re.match(r"[A-Za-z]", held[0])):
        held.pop(0)
    return held


def _says_nothing(token: str, noun: str) -> bool:
    """Whether a name may not end in a token: a colour, "Original", a lone mark."""
    low = token.lower()
    if noun.endswith(low):
        return False
    if _DANGLING.fullmatch(token):
        return True
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
