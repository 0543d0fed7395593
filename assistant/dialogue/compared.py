"""Which products a comparison is about: named ones, those of the list, those of before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dialogue.naming import Named, Word, name_products, rarity_in, read_words
from assistant.dialogue.products import by_ids, find
from assistant.dialogue.references import Reference
from assistant.dialogue.state import DialogueState
from retrieval.registry import Retriever
from retrieval.values import Hit

MOST_COMPARED = 3
_APART = re.compile(
    r"\b(?:or|vs\.?|versus|than|and|with|to|from|against|between|of)\b|[,;:/?]", re.I
)
_NAMES, _NAMED_ELSEWHERE = 2.0, 2.0
_OUTSIDE = 0.1
_SEGMENTS = 6


def compared(
    retriever: Retriever,
    message: str,
    reference: Reference,
    state: DialogueState,
    named: Sequence[Named],
) -> list[Hit]:
    """Return the two or three products that a message compares; fewer where it says no more."""
    certain = _apart([one for one in named if one.is_certain])
    hits = [one.hit for one in certain]
    if len(hits) < 2:
        hits = _unique([*hits, *_of_segments(retriever, message, named, certain)])
    hits.sort(key=lambda hit: _place(message, hit))
    if len(hits) < MOST_COMPARED:
        hits = _unique([*_of_before(retriever, reference, state, len(hits)), *hits])
    return hits[:MOST_COMPARED]


def _place(message: str, hit: Hit) -> int:
    """Return where a message names a product, so that a comparison has its subject first."""
    named = name_products(message, [hit])
    return named[0].core[0] if named else len(message)


def _apart(named: Sequence[Named]) -> list[Named]:
    """Return the products named by words of their own: a title that is part of another goes."""
    kept: list[Named] = []
    for one in sorted(named, key=lambda item: -len(item.words)):
        if not any(one.words <= other.words for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda item: min(item.words))


def _of_before(
    retriever: Retriever, reference: Reference, state: DialogueState, count: int
) -> list[Hit]:
    """Return the products of before that a comparison of `count` named ones takes in."""
    ids: list[str] = []
    if reference.positions:
        there = state.listed or state.mentioned
        ids = [there[at] for at in reference.positions if -len(there) <= at < len(there)]
        if set(ids) <= set(state.products[:1]) and state.mentioned:
            ids = [
                state.mentioned[at]
                for at in reference.positions
                if -len(state.mentioned) <= at < len(state.mentioned)
            ]
    if count + len(set(ids)) < 2 and state.products:
        if reference.is_several or (not count and not reference.is_pronoun):
            ids += state.products if len(state.products) > 1 else state.listed
        if count + len(set(ids)) < 2:
            ids = [state.products[0], *ids]
        if count + len(set(ids)) < 2 and not count:
            ids += [one for one in reversed(state.mentioned) if one not in ids][:1]
    elif reference.is_pronoun and not reference.is_several and state.products:
        ids = [state.products[0], *ids]
    return by_ids(retriever, list(dict.fromkeys(ids))[:MOST_COMPARED])


def _of_segments(
    retriever: Retriever, message: str, named: Sequence[Named], certain: Sequence[Named]
) -> list[Hit]:
    """Return the best named product of each part of a message between "or", "than", "and"."""
    words = read_words(message)
    taken = frozenset(place for one in certain for place in one.words)
    known = {one.hit.id: one.hit for one in named}
    found: list[tuple[int, float, Hit]] = []
    for start, end in _segments(message)[:_SEGMENTS]:
        inside = _inside(words, start, end) - taken
        if not inside:
            continue
        hits = {hit.id: hit for hit in find(retriever, message[start:end])} | known
        rarity = rarity_in(retriever)
        whole = {one.hit.id: one for one in name_products(message, list(hits.values()), rarity)}
        near = name_products(message, list(hits.values()), rarity, inside)
        ranked = sorted(
            (
                (one.weight + _OUTSIDE * (whole[one.hit.id].weight - one.weight), one)
                for one in near
            ),
            key=lambda pair: (-pair[1].is_certain, -pair[0]),
        )
        ranked = [pair for pair in ranked if pair[1].hit.id not in {hit.id for *_, hit in found}]
        if ranked and (
            ranked[0][0] >= _NAMES
            or ranked[0][1].is_certain
            or whole[ranked[0][1].hit.id].weight >= _NAMED_ELSEWHERE
        ):
            found.append((start, ranked[0][0], ranked[0][1].hit))
    best = sorted(found, key=lambda item: -item[1])[:MOST_COMPARED]
    return [hit for _, _, hit in sorted(best, key=lambda item: item[0])]


def _segments(message: str) -> list[tuple[int, int]]:
    edges = [
        0,
        *(edge for match in _APART.finditer(message) for edge in match.span()),
        len(message),
    ]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [(start, end) for start, end in pairs if message[start:end].strip()]


def _inside(words: Sequence[Word], start: int, end: int) -> frozenset[int]:
    return frozenset(at for at, word in enumerate(words) if start <= word.start < end)


def _unique(hits: Sequence[Hit]) -> list[Hit]:
    return list({hit.id: hit for hit in hits}.values())
