"""What was understood of a query: filters with the words they came from, and what is left.

Plain, frozen values, and how the words to search by are put together again when a shopper takes
a filter away. Knows no grammar and no catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from types import MappingProxyType
from typing import Literal

from catalog_index.filters import Filter
from catalog_index.units import Measure

Sort = Literal["price ascending", "price descending"]


class Role(Enum):
    """What a word of the query is for.

    A NAME is part of a filter and says what the record has ("black" of "in black"): it is not
    searched by in words, but it is embedded. A CONDITION (a price, a denial) is neither.
    """

    WORD = "word"
    STOP = "stop"
    NAME = "name"
    CONDITION = "condition"


@dataclass(frozen=True, slots=True)
class Piece:
    """One word of the query: where it stands in the text, how it is read, and what it is for.

    `spelling` is "" where the word is taken as written.
    """

    start: int
    end: int
    role: Role
    spelling: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """A filter, the part `text[start:end]` of the query that asks for it, and a chip's label."""

    filter: Filter
    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Understood:
    """A query as it was understood.

    `text` is what the shopper wrote. `words` is what is left to search by: never empty where the
    text is not. `dense` is the text for an embedder. `filters` must hold of a hit;
    `preferences` are guesses that may raise a hit and must not drop one (a brand or a colour
    named in passing), and their words stay in `words`. `measures` are to be matched by
    `units.measure_token`; their words stay too. `phrases` must occur as they are, or the search
    says so. `corrections` are misspelt words (folded) with what they were taken for,
    `expansions` words and phrases (folded) with other names of the same thing. `only_filters`
    says that nothing was left to search by and `words` repeats what the filters say.
    `question` says that a part asks about something, and no filter was read from that part.
    """

    text: str
    words: str
    dense: str
    filters: tuple[Understanding, ...] = ()
    preferences: tuple[Understanding, ...] = ()
    sort: Sort | None = None
    measures: tuple[Measure, ...] = ()
    phrases: tuple[str, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    expansions: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    only_filters: bool = False
    question: bool = False
    pieces: tuple[Piece, ...] = field(default=(), repr=False)


def without(understood: Understood, index: int, *, literally: bool = False) -> Understood:
    """Take one filter away, as a click on its chip does.

    Args:
        understood: the query.
        index: which of `understood.filters`.
        literally: search by the filter's words, instead of dropping them.

    Raises:
        IndexError: there is no such filter.
    """
    gone = understood.filters[index]
    role = Role.WORD if literally else Role.STOP
    pieces = tuple(
        replace(piece, role=role)
        if gone.start <= piece.start < gone.end and piece.role in {Role.NAME, Role.CONDITION}
        else piece
        for piece in understood.pieces
    )
    rest = tuple(item for at, item in enumerate(understood.filters) if at != index)
    words, dense, only_filters = compose(understood.text, pieces)
    return replace(
        understood,
        filters=rest,
        words=words,
        dense=dense,
        only_filters=only_filters,
        pieces=pieces,
    )


def without_measures(understood: Understood) -> str:
    """Return the words to search by without those of the measures; "" where there are no others."""
    spans = [(measure.start, measure.end) for measure in understood.measures]
    pieces = tuple(
        replace(piece, role=Role.STOP)
        if any(piece.start < end and start < piece.end for start, end in spans)
        else piece
        for piece in understood.pieces
    )
    return _joined(understood.text, pieces, {Role.WORD}) if spans else understood.words


def compose(text: str, pieces: tuple[Piece, ...]) -> tuple[str, str, bool]:
    """Return the words to search by, the text to embed, and whether nothing but filters was said.

    Where no word is left, the names within filters stand in, else every word of the text.
    """
    names = {Role.WORD, Role.NAME}
    words = _joined(text, pieces, {Role.WORD})
    dense = _joined(text, pieces, names)
    everything = _joined(text, pieces, set(Role)) or text
    said_filters = any(piece.role in {Role.NAME, Role.CONDITION} for piece in pieces)
    return words or dense or everything, dense or everything, not words and said_filters


def _joined(text: str, pieces: Iterable[Piece], roles: set[Role]) -> str:
    """Join the pieces of some roles; neighbours keep what stands between them, as in "USB-C"."""
    parts: list[str] = []
    last: Piece | None = None
    for piece in pieces:
        if piece.role not in roles:
            last = None
            continue
        if last is not None:
            between = text[last.end : piece.start]
            parts.append(" " if len(between) > 2 or any(map(str.isspace, between)) else between)
        elif parts:
            parts.append(" ")
        parts.append(piece.spelling or text[piece.start : piece.end])
        last = piece
    return "".join(parts).strip()
