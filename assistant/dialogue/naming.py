"""Which of some found products a message names, and by which of its words.

A product is named by a code, by its whole title, or by some words of its title, brand and type.
Words are compared folded, without a plural's s, and with one letter of difference where they are
long. Knows no conversation and no search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from catalog_index.filters import fold
from catalog_index.lexical.fields import query_tokens
from catalog_index.product import Product
from retrieval.understanding.reading import word_set
from retrieval.values import Hit

_WORD = re.compile(r"[^\W_]+")
_LONG, _VERY_LONG = 5, 9
_DIGITS_COUNT, _TYPE_COUNTS, _FUZZY_COUNTS, _LEAST = 1.5, 0.5, 0.8, 0.2
_NEAR = 0.01
_HINT, _IN_ORDER = 0.3, 0.05
_CODE_LETTERS, _NUMBER_LETTERS = 4, 6
_CLOSING = "\"'”’)®™"
_WITHIN_NAMES = word_set("and with the in a")
_BEFORE_NAMES = word_set(
    "the a an this that your my our item article product number no nr code sku model "
    "id ref art part gtin ean"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a message: where it stands, folded; `is_plain` words ("the") name nothing alone."""

    start: int
    end: int
    folded: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Named:
    """A product that a message names.

    `words` are the places of the naming words among the message's, `core` those of them that
    stand together and name most, `weight` what they count for. `is_certain` says that a code or
    the whole title stands in the message.
    """

    hit: Hit
    words: frozenset[int]
    weight: float
    is_certain: bool = False
    core: tuple[int, ...] = ()


def read_words(message: str) -> list[Word]:
    """Cut a message into words."""
    words: list[Word] = []
    for match in _WORD.finditer(message):
        folded = _singular(fold(match.group()))
        if folded:
            plain = not query_tokens(match.group()) and not any(c.isdigit() for c in folded)
            plain = plain or bool(words and words[-1].folded == "how")
            is_amount = len(words) > 1 and words[-2].folded in _BEFORE_AMOUNTS
            if words and words[-1].folded.isdigit() and (folded in _COUNTED or is_amount):
                words[-1], plain = replace(words[-1], is_plain=True), True
            words.append(Word(match.start(), match.end(), folded, plain))
    return words


_COUNTED = word_set("hour day week month year euro eur dollar usd pound gbp")
"""What is counted, and names no product: "after 20 days", "over 50 euros"."""

_BEFORE_AMOUNTS = word_set("than under over below above least most about within exceed")
"""Before an amount that is asked about: "more than 300 grams"."""


Rarity = Callable[[str], float]
"""How much a word of a title tells its product from others, in [0, 1]."""


def rarity_in(retriever: object) -> Rarity:
    """Return what a retriever knows of the rarity of words; all alike where it knows nothing."""
    known = getattr(retriever, "rarity", None)
    return known if callable(known) else alike


def alike(_: str) -> float:
    """Take all words for equally rare."""
    return 0.5


def name_products(
    message: str,
    hits: Sequence[Hit],
    rarity: Rarity = alike,
    inside: frozenset[int] | None = None,
) -> list[Named]:
    """Return the products that a message names, the best named first.

    Args:
        message: the user's words.
        hits: the products that may be meant; others are not thought of.
        rarity: what a naming word counts for, half of it.
        inside: places of the words that may name; all unless given.
    """
    words = read_words(message)
    places = frozenset(range(len(words))) if inside is None else inside
    counts = {word.folded: max(_LEAST, 2.0 * rarity(word.folded)) for word in words}
    found = [named for hit in hits if (named := _name(hit, words, places, counts)) is not None]
    # A title that holds another product's code, and more of the message, is named as surely.
    codes = [one.words for one in found if one.is_certain]
    found = [
        replace(one, is_certain=True)
        if not one.is_certain and any(code < one.words for code in codes)
        else one
        for one in found
    ]
    return sorted(found, key=lambda one: (-one.is_certain, -one.weight))


def tied(named: Sequence[Named]) -> list[Named]:
    """Return the products that are as well named as the first: which is meant is open.

    A code or a whole title outdoes mere words, and a longer one a shorter.
    """
    best = named[0]
    return [
        one
        for one in named
        if one.is_certain == best.is_certain and best.weight - one.weight < _NEAR
    ]


def without_names(message: str, named: Iterable[Named]) -> str:
    """Return a message with "it" in the place of each product that it names."""
    words = read_words(message)
    spans = {span for one in named if (span := _span(words, one)) is not None}
    for first, last in sorted(spans, reverse=True):
        before, after = message[: words[first].start], message[words[last].end :]
        message = f"{before}it{after.lstrip(_CLOSING)}"
    return message


def _announces(word: str) -> bool:
    """Whether a word says that a code follows: "item 19893"; "of 3000" does not."""
    return _leads(word) and word not in ("the", "a", "an", "this", "that", "your", "my", "our")


def _leads(word: str) -> bool:
    """Whether a word leads up to a name: an article, "item number", a misspelt "product"."""
    return word in _BEFORE_NAMES or bool(_match(word, _BEFORE_NAMES))


def is_any(message: str, named: Named) -> bool:
    """Whether a message names a kind of product, not one: "an office chair", "mugs"."""
    words = read_words(message)
    before = words[named.core[0] - 1].folded if named.core and named.core[0] else ""
    return before in ("a", "an", "any", "some", "which", "what", "all", "your")


def _span(words: Sequence[Word], named: Named) -> tuple[int, int] | None:
    """Return the first and last word of a product's name, its article with it.

    Plain words within the run go too, and what stands before a code: "item number 12345".
    """
    if not named.core or named.core[-1] >= len(words):
        return None
    first, last = named.core[0], named.core[-1]
    while first and _leads(words[first - 1].folded):
        first -= 1
    return first, last


def _name(
    hit: Hit, words: Sequence[Word], places: frozenset[int], counts: Mapping[str, float]
) -> Named | None:
    if not isinstance(hit.record, Product):
        return None
    record = hit.record
    code = _code_places(record.identifiers(), words, places)
    title, other = _tokens(record.title), _tokens(f"{record.brand} {record.product_type}")
    matched: dict[int, float] = {}
    covered: dict[int, str] = {}
    for place in places:
        word = words[place]
        if token := _match(word.folded, title):
            covered[place] = token
            if not word.is_plain:
                matched[place] = _count(word.folded, token, counts)
        elif not word.is_plain and (token := _match(word.folded, other)):
            matched[place] = _TYPE_COUNTS * _count(word.folded, token, counts)
    if code:
        matched |= dict.fromkeys(code, _DIGITS_COUNT)
    if not matched:
        return None
    runs = [(sum(matched[place] for place in run), run) for run in _runs(matched, words, title)]
    core = max(runs, key=lambda pair: (bool(code.intersection(pair[1])), pair[0]))
    weight = _weight(core, runs, words, fold(record.title))
    first, last = core[1][0], core[1][-1]
    told = {token for place, token in covered.items() if first - 1 <= place <= last + 1}
    is_whole = len(title) > 1 and title <= told
    is_certain = bool(code) or is_whole
    named, asked = list(core[1]), _tokens(" ".join(record.attributes))
    while not is_whole and len(named) > 1 and named[-1] not in code:
        if words[named[-1]].folded not in asked:
            break
        named.pop()
    return Named(hit, frozenset(matched), weight, is_certain, tuple(named))


def _weight(
    core: tuple[float, list[int]],
    runs: Sequence[tuple[float, list[int]]],
    words: Sequence[Word],
    title: str,
) -> float:
    """Count the naming words: those that stand together in full, others as mere hints.

    "Siesta Grain" names; "protein" elsewhere in the question hints. Words in the title's own order
    count a little more.
    """
    full, run = core
    hints = sum(count for count, _ in runs) - full
    said = " ".join(words[place].folded for place in run)
    in_order = _IN_ORDER * len(run) if len(run) > 1 and said in _joined(title) else 0.0
    return round(full + _HINT * hints + in_order, 3)


@lru_cache(4096)
def _joined(title: str) -> str:
    return " ".join(_singular(part) for part in _WORD.findall(title))


def _runs(places: Iterable[int], words: Sequence[Word], title: frozenset[str]) -> list[list[int]]:
    """Return the runs of naming words, with nothing between but words that a name may hold."""
    runs: list[list[int]] = []
    for place in sorted(places):
        between = range(runs[-1][-1] + 1, place) if runs else range(0)
        if runs and all(
            words[at].folded in title or words[at].folded in _WITHIN_NAMES for at in between
        ):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _code_places(
    codes: Iterable[str], words: Sequence[Word], places: frozenset[int]
) -> frozenset[int]:
    """Return the places of the words that are one of the codes; none where none is there."""
    best: frozenset[int] = frozenset()
    for code in codes:
        parts = [_singular(fold(part)) for part in _WORD.findall(code)]
        letters = sum(map(len, parts))
        has_digit = any(character.isdigit() for character in code)
        if letters < _CODE_LETTERS or not has_digit:
            continue
        is_mere_number = code.isdigit() and letters < _NUMBER_LETTERS
        for at in range(len(words) - len(parts) + 1):
            run = range(at, at + len(parts))
            fits = len(parts) > len(best) and places.issuperset(run)
            if is_mere_number and not (at and _announces(words[at - 1].folded)):
                continue
            if fits and [words[place].folded for place in run] == parts:
                best = frozenset(run)
    return best


def _count(word: str, token: str, counts: Mapping[str, float]) -> float:
    coded = any(c.isdigit() for c in word) and len(word) > 1
    counted = counts[word] * (_DIGITS_COUNT if coded else 1.0)
    return counted if word == token else _FUZZY_COUNTS * counted


def _match(word: str, tokens: frozenset[str]) -> str:
    """Return the token that a word is, or is a misspelling of; "" where there is none."""
    if word in tokens:
        return word
    if len(word) < _LONG or not word.isalpha():
        return ""
    reach = 2 if len(word) >= _VERY_LONG else 1
    near = (
        token
        for token in tokens
        if token[0] == word[0]
        and token.isalpha()
        and len(token) >= _LONG
        and OSA.distance(word, token, score_cutoff=reach) <= reach
    )
    return next(near, "")


@lru_cache(4096)
def _tokens(text: str) -> frozenset[str]:
    return frozenset(filter(None, (_singular(fold(part)) for part in _WORD.findall(text))))


def _singular(word: str) -> str:
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith("ss") and word.isalpha()
    return word[:-1] if is_plural else word
