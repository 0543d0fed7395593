"""What a query leaves out that is no known value: "without sugar", "except laptops", "-case".

A known product type is excluded as such; "without gluten" asks for the flag "gluten free" where
the catalog has it; any other becomes a denied word of the title or product type.
"""

from __future__ import annotations

from catalog_index.filters import WORDS, Filter
from retrieval.understanding.facets import denial_before, has_minus
from retrieval.understanding.mentions import FLAG, PRODUCT_TYPE, look_up_type
from retrieval.understanding.reading import Reading, word_set
from retrieval.understanding.stops import CONNECTIVES
from retrieval.understanding.values import Role

_ARTICLES = word_set("a an the any added")
_STRONG = word_set("without except excluding exclude avoid ohne zonder sans minus for than from")
"""Last words of denials that leave out whatever follows; "not" and "no" need a known type."""
_LONGEST = 3
_MOST_OF_A_SEARCH = 8
"""A longer text is rather a sentence, in which "no luck" denies no product's word."""
_IDLE = word_set(
    "problem problems doubt fail exception end having being needing issues "
    "too only just very so that necessarily sure bad good available included"
)


def read_exclusions(reading: Reading) -> None:
    """Take denials of product types and of words, once facets have taken theirs."""
    for at in range(len(reading.words)):
        if not reading.is_free(at, at + 1):
            continue
        first = at
        while first < at + 2 and reading.phrase(first, first + 1) in _ARTICLES:
            first += 1
        denial = denial_before(reading, at)
        if denial is None or not reading.is_free(first, first + 1):
            continue
        minus = has_minus(reading, at)
        reach = _reach(reading, first, 1 if minus else _LONGEST)
        strong = minus or reading.words[at - 1].folded in _STRONG
        strong = strong or _is_afterthought(reading, denial[0], first, reach)
        _read(reading, denial, first, reach, strong)


def _is_afterthought(reading: Reading, denial: int, first: int, reach: int) -> bool:
    """Whether a mere "no" or, after a comma, "not" denies one word: "soap, no perfume"."""
    if denial == 0 or reach - first != 1 or first - denial != 1:
        return False
    if reading.words[denial].folded == "no":
        is_search = len(reading.words) <= _MOST_OF_A_SEARCH and "?" not in reading.text
        return is_search and len(reading.phrase(first, reach)) > 2
    mark = reading.text[: reading.words[denial].start].rstrip()[-1:]
    if mark not in {",", "(", "-"}:
        return False
    return reading.asks() and reading.vocabulary.frequency(reading.phrase(first, reach)) > 0


def _reach(reading: Reading, first: int, most: int) -> int:
    """Return the end of the phrase from word `first`: at a connective, a mark or what is taken."""
    last = first + 1 if reading.words[first].folded not in CONNECTIVES else first
    while first < last < first + most and reading.is_free(last, last + 1):
        if _opens_another(reading, last):
            break
        last += 1
    return last


def _read(reading: Reading, denial: tuple[int, str], first: int, reach: int, strong: bool) -> None:
    start, word = denial
    prefix = "not" if word == "not" else "without"
    said = reading.phrase(first, first + 1)
    if reach > first and (said in _IDLE or not said.isalpha()):
        return
    for last in range(reach, first, -1):
        if mention := look_up_type(reading, first, last):
            _deny(
                reading, (start, last), Filter(PRODUCT_TYPE, "not", mention.value), ("not", first)
            )
            return
        free_of = f"{reading.phrase(first, last)} free"
        if prefix == "without" and FLAG in reading.fields_with(free_of):
            reading.take(start, last, Role.CONDITION)
            reading.understand(Filter(free_of, "is", True), (start, last), free_of)
            return
    if not strong or reach == first:
        return
    last = first + 1 if reach - first > 2 else reach
    denied = Filter(WORDS, "not", reading.phrase(first, last))
    _deny(reading, (start, last), denied, (prefix, first))


def _deny(reading: Reading, span: tuple[int, int], denied: Filter, label: tuple[str, int]) -> None:
    prefix, first = label
    reading.take(*span, Role.CONDITION)
    reading.understand(denied, span, f"{prefix} {reading.written(first, span[1])}")


def _opens_another(reading: Reading, at: int) -> bool:
    """Whether a word belongs to another phrase than the one before it."""
    start = reading.words[at].start
    valued = any(item.start <= start < item.end for item in reading.preferences)
    return valued or reading.words[at].folded in CONNECTIVES or _parted(reading, at)


def _parted(reading: Reading, at: int) -> bool:
    between = reading.text[reading.words[at - 1].end : reading.words[at].start]
    return bool(between.strip(" -'’"))
