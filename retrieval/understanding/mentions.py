"""Values of the catalog that a query names: brands, flags, colours, product types.

Finds them, the longest first, and says which of a value's fields is meant. What the words around
a mention ask of it is for `facets` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.understanding.reading import Reading, word_set
from retrieval.understanding.stops import CONNECTIVES, LOOSE

FLAG = "flag"
BRAND = "brand"
PRODUCT_TYPE = "product type"

FAMILIES: dict[str, frozenset[str]] = {
    "colour": word_set("colour color colours colors coloured colored shade"),
    "size": word_set("size sizes sized"),
    "material": word_set("material materials fabric fabrics upholstery"),
    "pattern": word_set("pattern patterns print"),
    "finish": word_set("finish"),
    "flavour": word_set("flavour flavor flavoured flavored taste"),
    "scent": word_set("scent scented fragrance"),
    "gender": word_set("gender"),
    "style": word_set("style styles"),
    BRAND: word_set("brand brands make maker manufacturer"),
    PRODUCT_TYPE: word_set("category categories department"),
}
"""Fields that shoppers ask for by value, with the words that name them."""
FAMILY_OF_WORD = {word: family for family, words in FAMILIES.items() for word in words}
_NAMED_IN_PASSING = frozenset({"colour", "material", "size", "pattern", "flavour", "scent"})
_ALONE_BEFORE = word_set("in is of size") | FAMILY_OF_WORD.keys()
_OF_THE_ITEM = word_set("product item main primary base outer upper body frame shoe clothing dress")
_LONGEST = 3
_SPELLED = {
    "color": "colour", "gray": "grey", "canceling": "cancelling", "cancellation": "cancelling",
    "aluminum": "aluminium", "wifi": "wi fi", "woolen": "woollen", "odor": "odour",
    "flavor": "flavour", "jewelry": "jewellery", "fiber": "fibre", "liter": "litre",
    "meter": "metre", "center": "centre", "handsfree": "hands free", "touchscreen": "touch screen",
}  # fmt: skip
_OTHER_SPELLING = _SPELLED | {british: american for american, british in _SPELLED.items()}


@dataclass(frozen=True, slots=True)
class Mention:
    """A value that words `first` up to, not including, `last` name, and the fields that have it."""

    first: int
    last: int
    value: str
    fields: Mapping[str, int]


def find_mentions(reading: Reading) -> list[Mention]:
    """Return the values of the catalog among the words not yet taken, left to right."""
    mentions: list[Mention] = []
    at = 0
    while at < len(reading.words):
        found = None
        for length in range(_LONGEST, 0, -1):
            last = at + length
            if reading.is_free(at, last) and _may_name(reading, at, last):
                found = look_up(reading, at, last)
                if found:
                    break
        if found:
            mentions.append(found)
        at = found.last if found else at + 1
    return mentions


def look_up(reading: Reading, first: int, last: int) -> Mention | None:
    """Return the value that these words are, in British or American spelling."""
    value = reading.phrase(first, last)
    candidates = [value]
    if any(word in _OTHER_SPELLING for word in value.split()):
        candidates.append(" ".join(_OTHER_SPELLING.get(word, word) for word in value.split()))
    elif value in _OTHER_SPELLING:
        candidates.append(_OTHER_SPELLING[value])
    known = [(name, fields) for name in candidates if (fields := reading.fields_with(name))]
    if not known:
        return None
    name, fields = max(known, key=lambda item: sum(item[1].values()))
    return Mention(first, last, name, fields)


def look_up_type(reading: Reading, first: int, last: int) -> Mention | None:
    """Return the product type that these words are, in the plural or the singular."""
    value = reading.phrase(first, last)
    for candidate in (value, *singulars(value)):
        fields = reading.fields_with(candidate)
        if PRODUCT_TYPE in fields:
            return Mention(first, last, candidate, fields)
    return None


def singulars(word: str) -> tuple[str, ...]:
    """Return what an English word or phrase may be the plural of: "batteries" is "battery"."""
    if word.endswith("ies") and len(word) > 4:
        return (f"{word[:-3]}y",)
    if word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return (word[:-2],)
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return (word[:-1],)
    return ()


def family(name: str) -> str:
    """Return the family of a field by the last word of its name: "product colour" is a colour."""
    if name in FAMILIES:
        return name
    return FAMILY_OF_WORD.get(name.rsplit(" ", 1)[-1], "") if name != FLAG else ""


def best_field(fields: Mapping[str, int], families: frozenset[str]) -> str | None:
    """Return the field of some families that a value most likely means, or None.

    A field that bears the family's own name comes before "product colour" and the like, then the
    field with most records. A field of a part ("lid colour") is not meant.
    """
    wanted = [name for name in fields if family(name) in families and _is_whole(name)]
    plain = [name for name in wanted if name in FAMILY_OF_WORD or name in FAMILIES]
    return max(plain or wanted, key=lambda name: (fields[name], name), default=None)


def passing_field(mention: Mention) -> str | None:
    """Return the field meant by a value named in passing, or None where it is just a word."""
    fields = mention.fields
    short = len(mention.value) < 2 or mention.value.isdigit()
    named = {
        name: count
        for name, count in fields.items()
        if name in {BRAND, FLAG} or (family(name) in _NAMED_IN_PASSING and _is_whole(name))
    }
    if not named or short:
        return None
    best = max(named, key=lambda name: (named[name], name))
    return None if fields.get(PRODUCT_TYPE, 0) >= named[best] else best


def _is_whole(name: str) -> bool:
    """Whether a field speaks of the whole item: "colour", "product colour", not "lid colour"."""
    first, _, rest = name.partition(" ")
    return not rest or name in FAMILIES or first in _OF_THE_ITEM


def _may_name(reading: Reading, first: int, last: int) -> bool:
    """Whether a run of words may be a value: no connective at its ends, no lone letter or digit."""
    words = [word.folded for word in reading.words[first:last]]
    if last - first == 1 and (len(words[0]) < 2 or words[0].isdigit()):
        if reading.text[: reading.words[first].start].endswith(("'", "’")):
            return False
        before = reading.words[first - 1].folded if first else ""
        after = reading.phrase(last, last + 1)
        named = after in FAMILY_OF_WORD or before in _ALONE_BEFORE
        return before in FAMILY_OF_WORD or (named and words[0] not in LOOSE)
    if words[-1] in CONNECTIVES or words[-1] in LOOSE:
        return False
    return words[0] not in (CONNECTIVES | LOOSE) or (words[0] == "the" and len(words) > 1)
