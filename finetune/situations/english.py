"""The English that texts made by rule need: articles, plurals, agreement, lists.

Knows no products.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_PLURALS = {
    "knife": "knives",
    "shelf": "shelves",
    "leaf": "leaves",
    "scarf": "scarves",
    "child": "children",
    "foot": "feet",
    "tooth": "teeth",
    "mouse": "mice",
    "man": "men",
    "woman": "women",
    "series": "series",
}
_SINGULARS = {plural: singular for singular, plural in _PLURALS.items()}
_PLURAL_WORDS = (
    "headphones earphones earbuds scissors pliers tweezers jeans trousers shorts leggings tights"
    " tongs goggles glasses sunglasses binoculars pyjamas clippers clothes accessories media"
)
_ALWAYS_PLURAL = frozenset(_PLURAL_WORDS.split())
_THIRD_PERSON = {"is": ("is", "are"), "has": ("has", "have"), "does": ("does", "do")}
_VERB = re.compile(r"\[(\w+)\]")
_ARTICLE = re.compile(r"(?:(?<=[.!?:] )|(?<=^))(A) (?=(\S+))|(?<![\w/-])(a) (?=(\S+))")
_VOWEL_LETTERS = frozenset("AEFHILMNORSX")
_LIKE_CONSONANT = re.compile(r"(?:uni(?!n|m)|use|usu|util|eu|one\b|once)", re.I)
_LIKE_VOWEL = re.compile(r"(?:hour|honest|heir|8|11\b|11[^0-9]|18\b|18[^0-9]|8\d)", re.I)
_LETTERS_SPOKEN = re.compile(r"[A-Z](?:[A-Z0-9]|[-\s]|$)")


def plural_of(noun: str) -> str:
    """Return the plural of a noun phrase, its last word inflected."""
    head, _, last = noun.rpartition(" ")
    lead = f"{head} " if head else ""
    low = last.lower()
    if is_plural(last):
        return noun
    if low in _PLURALS:
        return lead + _like(last, _PLURALS[low])
    if re.search(r"(?:s|x|z|ch|sh)$", low):
        return f"{lead}{last}es"
    if re.search(r"[^aeiou]y$", low):
        return f"{lead}{last[:-1]}ies"
    return f"{lead}{last}s"


def singular_of(noun: str) -> str:
    """Return the singular of a noun phrase; words that have none stay as they are."""
    head, _, last = noun.rpartition(" ")
    lead = f"{head} " if head else ""
    low = last.lower()
    if low in _ALWAYS_PLURAL or not is_plural(last):
        return noun
    if low in _SINGULARS:
        return lead + _like(last, _SINGULARS[low])
    if low.endswith("ies") and len(low) > 4:
        return f"{lead}{last[:-3]}y"
    if re.search(r"(?:ss|x|z|ch|sh)es$", low):
        return f"{lead}{last[:-2]}"
    return f"{lead}{last[:-1]}"


def is_plural(word: str) -> bool:
    """Whether a noun's form is plural, as far as its spelling tells."""
    low = word.lower().rpartition(" ")[2]
    if low in _ALWAYS_PLURAL or low in _SINGULARS:
        return True
    return len(low) > 2 and low.endswith("s") and not re.search(r"(?:ss|us|is|ics|ous)$", low)


def agree(text: str, plural: bool) -> str:
    """Inflect the verbs in brackets: "[weigh] 2 kg" is "weighs 2 kg", or "weigh 2 kg"."""
    return _VERB.sub(lambda found: _third_person(found[1], plural), text)


def _third_person(verb: str, plural: bool) -> str:
    if verb in _THIRD_PERSON:
        return _THIRD_PERSON[verb][plural]
    if plural:
        return verb
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


def with_articles(text: str) -> str:
    """Write "a" or "an" before each word as it is spoken: "an 8 W bulb", "a USB port"."""
    return _ARTICLE.sub(
        lambda found: f"{found[1] or found[3]}{'n' * _takes_an(found[2] or found[4])} ", text
    )


def _takes_an(word: str) -> bool:
    bare = word.lstrip("\"'“(")
    if not bare:
        return False
    if _LETTERS_SPOKEN.match(bare) and not re.match(r"[A-Z]{4,}", bare):
        return bare[0] in _VOWEL_LETTERS
    if _LIKE_VOWEL.match(bare):
        return True
    return bare[0].lower() in "aeiou" and not _LIKE_CONSONANT.match(bare)


def listed(items: Sequence[str], last: str = "and") -> str:
    """Join items as a sentence does: "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def sentence(text: str, mark: str = ".") -> str:
    """Begin with a capital, end with a mark, and set the articles right."""
    text = with_articles(" ".join(text.split()))
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", '."', '!"', '?"')) else f"{text}{mark}"


def lowered(text: str) -> str:
    """Lower the case of plain words; codes, acronyms and numbers keep theirs."""
    return " ".join(
        word.lower() if re.fullmatch(r"[A-Z][a-z]+(?:[-/,&][A-Za-z]?[a-z]*)*,?", word) else word
        for word in text.split()
    )


def _like(model: str, word: str) -> str:
    return word.capitalize() if model[:1].isupper() else word
