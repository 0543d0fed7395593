"""A shopper's words to what a search needs: filters, order, measures, and the words left over.

Deterministic, without a model. The order of the steps is what makes it right: questions are set
aside first, then measured amounts, prices, stock, values and denials are taken, each from what
the steps before have left; then politeness and loose connectives go. Where words are misspelt,
all is read again with the corrected ones.
"""

from __future__ import annotations

from types import MappingProxyType

from catalog_index.filters import Vocabulary
from catalog_index.units import Measure, find_measures
from retrieval.understanding.amounts import find_comparisons
from retrieval.understanding.exclusions import read_exclusions
from retrieval.understanding.facets import read_facets
from retrieval.understanding.measured import read_measured
from retrieval.understanding.prices import read_prices
from retrieval.understanding.questions import question_spans
from retrieval.understanding.reading import LOOKED_AT, Reading, quoted_phrases, read_words
from retrieval.understanding.spelling import correct
from retrieval.understanding.stock import read_stock
from retrieval.understanding.stops import drop_loose_ends, drop_openings, drop_politeness
from retrieval.understanding.synonyms import Synonyms, general_synonyms
from retrieval.understanding.values import Piece, Role, Understood, compose


def understand(text: str, vocabulary: Vocabulary, synonyms: Synonyms | None = None) -> Understood:
    """Read what a shopper typed; never raises for any text.

    Args:
        text: what was typed, of any length; phrases are read in its first `LOOKED_AT` characters.
        vocabulary: what the catalog's fields hold.
        synonyms: other names of things; None is the general table.
    """
    synonyms = general_synonyms() if synonyms is None else synonyms
    looked_at = text[:LOOKED_AT]
    asked = question_spans(looked_at)
    reading = Reading(looked_at, read_words(text), vocabulary)
    measures = _read(reading, asked)
    words, corrections = correct(reading, synonyms, [(item.start, item.end) for item in measures])
    if corrections:
        reading = Reading(looked_at, words, vocabulary)
        measures = _read(reading, asked)
    drop_politeness(reading)
    drop_loose_ends(reading)
    if reading.filters or reading.sort:
        for start, end in asked:
            reading.take(*reading.at(start, end), Role.STOP)
    pieces = (*reading.pieces(), *_beyond(text))
    left, dense, only_filters = compose(text, pieces)
    said = [
        word.folded
        for word, piece in zip(reading.words, pieces, strict=False)
        if piece.role is Role.WORD
    ]
    return Understood(
        text=text,
        words=left,
        dense=dense,
        filters=tuple(sorted(reading.filters, key=lambda item: item.start)),
        preferences=tuple(reading.preferences),
        sort=reading.sort,
        measures=measures,
        phrases=quoted_phrases(text),
        corrections=MappingProxyType(corrections),
        expansions=MappingProxyType(synonyms.expand(said)),
        only_filters=only_filters,
        question=bool(asked),
        pieces=pieces,
    )


def _read(reading: Reading, asked: list[tuple[int, int]]) -> tuple[Measure, ...]:
    """Take all that is understood; returns the measures left to match as they are."""
    for start, end in asked:
        first, last = reading.at(start, end)
        reading.take(first, last, Role.WORD)
    measures = find_measures(reading.text)
    comparisons = find_comparisons(reading.text)
    left = read_measured(reading, comparisons, measures)
    read_prices(reading, comparisons, measures)
    read_stock(reading)
    held = [reading.at(item.start, item.end) for item in left]
    free = [item for item, span in zip(left, held, strict=True) if _is_said(reading, span)]
    for first, last in held:
        if reading.is_free(first, last):
            reading.take(first, last, Role.WORD)
    drop_openings(reading)
    read_facets(reading)
    read_exclusions(reading)
    return tuple(free)


def _is_said(reading: Reading, span: tuple[int, int]) -> bool:
    """Whether the words of a measure are still words of the query, and no part of a filter."""
    first, last = span
    return first < last and all(role in {None, Role.WORD} for role in reading.roles[first:last])


def _beyond(text: str) -> tuple[Piece, ...]:
    """Return what is beyond the part that is looked at as one word, so that it is searched by."""
    rest = text[LOOKED_AT:]
    return (Piece(LOOKED_AT, len(text), Role.WORD),) if rest.strip() else ()
