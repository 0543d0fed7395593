"""The field that a question asks for by name: "what is the cable length of it?", "is it vegan?".

A question that names a field of the record is answered by that field, and one that names a field
that other records of the catalog have, and this one has not, is answered by no other: "maximum
resolution" is not "display resolution". Knows no index; what fields a catalog has is told to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from rapidfuzz.distance import OSA

from catalog_index.filters import fold
from retrieval.evidence_question import dictionary
from retrieval.lexicon import concepts, plain_name
from retrieval.stems import stems
from retrieval.understanding.reading import word_set
from retrieval.values import Evidence, Hit

NAMED_SCORE = 0.97
"""The score of the field that a question names outright."""

_OPENING = (
    r"(?:what(?:'s| is| are| was)?|which|tell me|look(?:ing)? up|need(?:s)?|asks? (?:for|about)|"
    r"know|"
    r"say|confirm|check|give me|about|and|want(?:s)?)"
)
_FORMS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_OPENING}(?: to know| me| us)?(?: about| that| whether| if)? "
        r"(?:the|its|their|a|an) (?P<x>.+?) (?:of|for|on|in) "
        r"(?:it|them|this|that)\b",
        r"^(?:the|its|their) (?P<x>.+?) (?:of|for|on) (?:it|them) (?:is|are|was)\b",
        r"\b(?:what|which) (?P<x>(?!is\b|are\b|does\b|do\b).+?) (?:does|do|has|have|is|are|can|"
        r"did) (?:it|they|this)\b",
        rf"\b{_OPENING}(?: about)? (?:its|their) (?P<x>.+?)(?:[?.!,;]|$)",
        r"\b(?:does|do|has|have|did|will) (?:it|they|this)(?: have| come with| support| offer|"
        r" include|"
        r" feature| has| got| use)? (?:an? |any |the |its )?(?P<x>.+?)(?:[?.!,;]|$)",
        r"\b(?:is|are|was) (?:it|they|this) (?:an? |any |the )?(?P<x>.+?)(?:[?.!,;]|$)",
        r"\bit (?:is|has|supports|comes with|includes|offers|features|uses|have|support) "
        r"(?:an? |any |the |its )?(?P<x>.+?)(?:[?.!,;]|$)",
        r"\bit'?s (?:an? |the )?(?P<x>.+?)(?:[?.!,;]|$)",
        r"\bhow (?:many|much) (?P<x>(?!is\b|does\b|are\b|do\b).+?) (?:is|are|does|do|has|have|"
        r"can|come|comes|in|fit)\b",
        r"\bwhat(?:'s| is| are) (?:the|its|their) (?P<x>.+?)[?.!]*$",
        r"\b(?:is|are) there (?:an? |any )?(?P<x>.+?)(?: (?:in|on|with|for) it)?(?:[?.!,;]|$)",
        r"^(?:and |but |also )?(?:what about |how about )?(?:the |"
        r"its )?(?P<x>[\w /()-]{3,50}?)\s*\??$",
    )
)
_AFTER = re.compile(r"\s+(?:of|with|at|for|in|on|from|to|is|are|please|exactly|then)\b.*$", re.I)
_TRAIL = re.compile(
    r"^(?:integrated|built[- ]in|included|available|really|actually|exact|right|true)\s+", re.I
)
_WH = re.compile(r"\s*(?:what|which|how|who|where|when|why)\b", re.I)
_ADJECTIVES = ((re.compile(r"\bcompatible with\b", re.I), "compatibility"),)
_INCLUDES = re.compile(r"\b(?:come|comes|ship|ships|include|includes|have|has|with)\b", re.I)
_TELLS_NOTHING = stems("free safe proof resistant included suitable support certified built")
_LONG, _VERY_LONG = 5, 7
_ALL = 200
_TOO_GENERAL = word_set(
    "size type model brand features feature specification specifications dimensions "
    "design style version format name cost price"
)
"""Names that shoppers use for many fields."""


def asked_names(question: str) -> list[str]:
    """Return the names that a question may ask a field by, folded, the likeliest first."""
    names: list[str] = []
    for form in _FORMS:
        if match := form.search(question):
            said = fold(match["x"])
            if _INCLUDES.search(match.group()):
                names.append(f"{said} included")
            names += [said, fold(_AFTER.sub("", match["x"])), fold(_TRAIL.sub("", match["x"]))]
    names += [field for pattern, field in _ADJECTIVES if pattern.search(question)]
    return list(dict.fromkeys(name for name in names if name and len(name) > 2))


class Ranker(Protocol):
    """Whatever ranks the pieces of records against a question, as `EvidenceRanker` does."""

    def rank(self, question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
        """Return the best pieces, best first."""
        ...


class NamedFieldRanker:
    """Ranks as another ranker does, but lets a field that the question names decide.

    Args:
        ranker: what ranks first.
        is_field: whether some record of the catalog has a field of this folded name; None where
            that is not known, and nothing is doubted then.
        fields_with: the fields that have a folded value in some record, and in how many: "is it
            blush?" asks for the colour.
    """

    def __init__(
        self,
        ranker: Ranker,
        is_field: Callable[[str], bool] | None = None,
        fields_with: Callable[[str], Mapping[str, int]] | None = None,
    ) -> None:
        self._ranker = ranker
        self._is_field = is_field
        self._fields_with = fields_with

    def rank(self, question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
        """Return the `limit` best pieces of evidence; see `EvidenceRanker.rank`."""
        ranked = self._ranker.rank(question, hits, _ALL)
        names = asked_names(question)
        values = [] if _WH.match(question) else names
        pages = [item for item in ranked if item.kind == "passage"]
        products = dict.fromkeys(item.source_id for item in ranked if item.kind == "product")
        settled = [] if products else pages
        for number, source in enumerate(products):
            own = [item for item in ranked if (item.kind, item.source_id) == ("product", source)]
            # The shop's pages are settled with the one product that a question is about.
            settled += self._settled(names, values, [*own, *(pages if not number else ())])
        return sorted(settled, key=lambda item: -item.score)[:limit]

    def _settled(
        self, names: Sequence[str], values: Sequence[str], ranked: list[Evidence]
    ) -> list[Evidence]:
        """Raise the field that is named, or doubt the others where the record lacks it."""
        fields = dict.fromkeys(item.field for item in ranked if item.kind == "product")
        for name in names:
            if same := fields_named(name, fields):
                return [_raised(item) if item.field in same else item for item in ranked]
        for value in values:
            if meant := self._with_value(value, fields):
                return [_raised(item) if item.field == meant else item for item in ranked]
        for name in names if self._is_field and fields else ():
            if name not in _TOO_GENERAL and self._is_field and self._is_field(name):
                return [_doubted(item, name) for item in ranked]
        return ranked

    def _with_value(self, value: str, fields: Iterable[str]) -> str:
        """Return the record's field of which the catalog knows a value, "" where there is none."""
        known = self._fields_with(value) if self._fields_with else {}
        held = [field for field in fields if fold(field) in known]
        return max(held, key=lambda field: known[fold(field)], default="")


def _raised(item: Evidence) -> Evidence:
    return replace(item, score=max(item.score, NAMED_SCORE))


def _doubted(item: Evidence, name: str) -> Evidence:
    """Take the score from a piece that is of something else.

    A field of another name is, unless it means the same; so is a page under another heading.
    """
    if _means_same(item.field, name, is_flag=item.text in ("yes", "no")):
        return item
    by_field = {"description": item.text, "passage": item.source_title}
    told = _words(by_field.get(item.field, item.field))
    return item if set(_words(name)) <= set(told) else replace(item, score=0.0)


def _means_same(field: str, name: str, *, is_flag: bool) -> bool:
    """Whether two names are of one concept: "battery life" and "runtime".

    Names that share a word are two of its kind: "maximum resolution", "display resolution". A
    concept of flags is wide ("free of ..."), so two of them must share a word that tells:
    "waterproof" and "water resistant", not "alcohol free" and "silicone free".
    """
    wanted = {plain_name(field), plain_name(name)}
    shared = (stems(field) & stems(name)) - _TELLS_NOTHING
    return bool(shared) is is_flag and any(wanted <= set(one.names) for one in concepts())


def fields_named(name: str, fields: Iterable[str]) -> list[str]:
    """Return the fields of this name; where there is none, those that it misspells.

    A plural's s and what stands in brackets count for nothing.
    """
    known = list(fields)
    wanted = _words(name)
    for read in (_words, lambda field: _words(plain_name(field)), _short_words):
        if same := [field for field in known if read(field) == wanted]:
            return same
    return [
        field
        for field in known
        if _is_misspelt(_words(field), wanted) or _is_misspelt(_short_words(field), wanted)
    ]


def _short_words(field: str) -> list[str]:
    """Return the words of "product colour" without the first, which says nothing."""
    words = _words(field)
    return words[1:] if len(words) > 1 and words[0] in ("product", "item") else words


def _is_misspelt(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    if len(ours) != len(theirs):
        return _joined(ours) == _joined(theirs)
    return all(_alike(one, other) for one, other in zip(ours, theirs, strict=True))


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if one in dictionary() and other in dictionary():
        return False  # "weight" is no misspelt "height"
    shorter, longer = sorted((len(one), len(other)))
    if shorter < _LONG - 1 or longer < _LONG or not (one.isalpha() and other.isalpha()):
        return False
    reach = 2 if max(len(one), len(other)) >= _VERY_LONG else 1
    return OSA.distance(one, other, score_cutoff=reach) <= reach


def _words(name: str) -> list[str]:
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
        for word in fold(name).split()
    ]


def _joined(words: Sequence[str]) -> str:
    return "".join(words)
