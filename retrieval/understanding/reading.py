"""A query while it is read: its words with their places, and what each has been taken for.

The steps of understanding share one `Reading`: each looks at words that no step before it has
taken, and claims those it understands. Knows no grammar of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from catalog_index.filters import Filter, Vocabulary, fold
from retrieval.understanding.values import Piece, Role, Sort, Understanding

LOOKED_AT = 400
"""How many characters of a query are read for phrases; what is beyond them is words."""
MOST_LOOK_UPS = 96
"""How often the vocabulary is asked for one query at most, however long it is."""

_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_QUOTED = re.compile(r"(?<!\w)[\"“„«]([^\"“”„«»]{1,100})[\"”“»](?!\w)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the query: `text[start:end]`, folded for comparing. `quoted` words are literal."""

    start: int
    end: int
    folded: str
    quoted: bool = False
    corrected: bool = False


@dataclass(slots=True)
class Reading:
    """The state of one reading. `roles` is in step with `words`; None is not taken yet."""

    text: str
    words: list[Word]
    vocabulary: Vocabulary
    roles: list[Role | None] = field(default_factory=list)
    filters: list[Understanding] = field(default_factory=list)
    preferences: list[Understanding] = field(default_factory=list)
    sort: Sort | None = None
    _known: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _asked: int = 0

    def __post_init__(self) -> None:
        self.roles = [Role.WORD if word.quoted else None for word in self.words]

    def asks(self) -> bool:
        """Whether the vocabulary may be asked once more; counts the question."""
        self._asked += 1
        return self._asked <= MOST_LOOK_UPS

    def fields_with(self, value: str) -> Mapping[str, int]:
        """Return the vocabulary's fields that have a folded value, asking for each value once."""
        if value not in self._known:
            self._known[value] = self.vocabulary.fields_with(value) if self.asks() else {}
        return self._known[value]

    def phrase(self, first: int, last: int) -> str:
        """Return the words from `first` up to, not including, `last`, folded."""
        return " ".join(word.folded for word in self.words[first:last])

    def is_free(self, first: int, last: int) -> bool:
        """Whether these words are there and none is taken yet."""
        return 0 <= first < last <= len(self.words) and not any(self.roles[first:last])

    def free_phrase(self, first: int, last: int) -> str:
        """Return the words as `phrase` does, or "" where one is not there or taken."""
        return self.phrase(first, last) if self.is_free(first, last) else ""

    def at(self, start: int, end: int) -> tuple[int, int]:
        """Return the words (first, last + 1) that lie in `text[start:end]`."""
        inside = [i for i, word in enumerate(self.words) if start <= word.start < end]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def take(self, first: int, last: int, role: Role) -> None:
        """Give the words from `first` up to, not including, `last` a role."""
        self.roles[first:last] = [role] * (last - first)

    def understand(self, condition: Filter, span: tuple[int, int], label: str) -> None:
        """Record a filter that the words of `span` (first, last + 1) ask for."""
        start, end = self.words[span[0]].start, self.words[span[1] - 1].end
        if all(item.filter != condition for item in self.filters):
            self.filters.append(Understanding(condition, start, end, label))

    def prefer(self, condition: Filter, span: tuple[int, int], label: str) -> None:
        """Record a preference that the words of `span` (first, last + 1) suggest."""
        start, end = self.words[span[0]].start, self.words[span[1] - 1].end
        self.preferences.append(Understanding(condition, start, end, label))

    def written(self, first: int, last: int) -> str:
        """Return the words as a chip shows them: as written, a corrected word as it was read."""
        if any(word.corrected for word in self.words[first:last]):
            return self.phrase(first, last)
        return self.text[self.words[first].start : self.words[last - 1].end]

    def pieces(self) -> tuple[Piece, ...]:
        """Return every word with its role; one that nothing has taken is searched by."""
        return tuple(
            Piece(word.start, word.end, role or Role.WORD, word.folded if word.corrected else "")
            for word, role in zip(self.words, self.roles, strict=True)
        )


def read_words(text: str) -> list[Word]:
    """Cut the part of a text that is looked at into words."""
    text = text[:LOOKED_AT]
    quoted = [match.span(1) for match in _QUOTED.finditer(text)]
    words = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        if folded := fold(match.group()):
            inside = any(low <= start < high for low, high in quoted)
            words.append(Word(start, end, folded, inside))
    return words


def quoted_phrases(text: str) -> tuple[str, ...]:
    """Return what stands in double quotes, spaces folded. An inch mark (17") quotes nothing."""
    phrases = (" ".join(match[1].split()) for match in _QUOTED.finditer(text[:LOOKED_AT]))
    return tuple(dict.fromkeys(phrase for phrase in phrases if fold(phrase)))


def word_set(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())
