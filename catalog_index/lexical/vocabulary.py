"""What a catalog's fields hold, read out of its lexical index: `filters.Vocabulary`.

Look-ups are kept, since the same words return; the list of all words, which correcting a typo
needs, is read at the first typo.
"""

from __future__ import annotations

import threading
from functools import lru_cache, partial
from typing import Any

from catalog_index.lexical.schema import number_prefix, spelling_analyzer
from catalog_index.lexical.searcher import LexicalSearcher

_MOST_FIELDS = 200
_MOST_WORDS = 300_000
_MOST_VALUES = 300_000
_RARE = 2
"""In how many records a word must be to be what a typo meant, in a catalog of 1,000 or more."""

_KEPT = 4096


class IndexVocabulary:
    """The vocabulary of one generation; safe to share between threads."""

    def __init__(self, searcher: LexicalSearcher) -> None:
        # No cache may hold this object: a generation's files are let go of with its last user.
        self.fields_with: Any = lru_cache(_KEPT)(partial(_fields_with, searcher))
        self.has_number: Any = lru_cache(_KEPT)(partial(_has_number, searcher))
        self.frequency: Any = lru_cache(_KEPT)(partial(_frequency, searcher))
        self.nearest: Any = lru_cache(_KEPT)(_Spelling(searcher).nearest)
        self._searcher = searcher
        self._lock = threading.Lock()
        self._fields: frozenset[str] | None = None

    def is_field(self, name: str) -> bool:
        """Whether some record has an attribute of this folded name.

        The names are read at the first question, from the first values of a very large catalog;
        an attribute that is a number in every record is always found.
        """
        with self._lock:
            if self._fields is None:
                self._fields = _field_names(self._searcher)
        return name in self._fields or bool(self.has_number(name))


def _fields_with(searcher: LexicalSearcher, value: str) -> dict[str, int]:
    prefix = f"{value}="
    found = searcher.prefixed("values", prefix, _MOST_FIELDS)
    return {term[len(prefix) :]: count for term, count in found}


def _field_names(searcher: LexicalSearcher) -> frozenset[str]:
    names = set[str]()
    for term, _ in searcher.prefixed("values", "", _MOST_VALUES):
        value, _, field = term.rpartition("=")
        names.add(value if field == "flag" else field)
    return frozenset(names)


def _has_number(searcher: LexicalSearcher, field: str) -> bool:
    return bool(searcher.prefixed("numbers", number_prefix(field), 1))


def _frequency(searcher: LexicalSearcher, word: str) -> int:
    terms = spelling_analyzer().analyze(word)
    return min((searcher.frequency("spelling", term) for term in terms), default=0)


class _Spelling:
    """Corrects typos by the catalog's own words."""

    def __init__(self, searcher: LexicalSearcher) -> None:
        self._searcher = searcher
        self._lock = threading.Lock()
        self._words: dict[int, dict[str, int]] | None = None

    def nearest(self, word: str) -> str | None:
        """Return the most frequent known word one edit away; two for eight letters or more."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        reach = 2 if len(word) >= 8 else 1
        best: tuple[int, int, str] | None = None
        for length in range(len(word) - reach, len(word) + reach + 1):
            known = self._known().get(length, {})
            for term, distance, _ in process.extract(
                word, known.keys(), scorer=OSA.distance, score_cutoff=reach, limit=20
            ):
                # A typo seldom hits the first letter.
                rank = (int(distance) + (term[0] != word[0]), -known[term], term)
                if best is None or rank < best:
                    best = rank
        return best[2] if best else None

    def _known(self) -> dict[int, dict[str, int]]:
        """Return the catalog's words and their frequencies, by length."""
        with self._lock:
            if self._words is None:
                least = _RARE if len(self._searcher) >= 1000 else 1
                words: dict[int, dict[str, int]] = {}
                for term, count in self._searcher.prefixed("spelling", "", _MOST_WORDS):
                    if count >= least and term.isalpha():
                        words.setdefault(len(term), {})[term] = count
                self._words = words
            return self._words
