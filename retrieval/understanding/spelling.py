"""Misspelt words, taken for the catalog's words that they most likely are.

A word is in doubt where no record has it, the catalog has no such value, and it is neither
everyday English nor a name of something else. Codes, measures and quoted words are never touched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from retrieval.understanding.mentions import singulars
from retrieval.understanding.reading import Reading, Word, word_set
from retrieval.understanding.stops import SAID
from retrieval.understanding.synonyms import Synonyms
from retrieval.understanding.values import Role

_SHORTEST = 4
_LONGEST = 24
_LONG = 8
"""From this length on, a word that is near enough for the vocabulary is meant."""
_SOUNDS_COUNT = 6
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = frozenset(
    frozenset(pair)
    for row, below in zip(_ROWS, (*_ROWS[1:], ""), strict=True)
    for pair in (*pairwise(row), *zip(row, below, strict=False))
)
_SOUNDS = frozenset(
    frozenset(pair)
    for pair in word_set("bp dt ck cs sz fv gj mn iy ae ai ao au ei eo eu io iu ou kq vw")
)
_ENDINGS = ("ings", "ing", "ers", "ed", "er", "es", "ic", "ly", "s", "e", "y")
_MOST = 6
"""How many words of one query are looked up at most: a longer text is no search."""


def correct(
    reading: Reading, synonyms: Synonyms, untouched: Sequence[tuple[int, int]]
) -> tuple[list[Word], dict[str, str]]:
    """Return the words with the misspelt ones corrected, and what was corrected to what.

    Words of filters, quoted words and those within the places `untouched` stay as they are.
    """
    corrections: dict[str, str] = {}
    words = list(reading.words)
    for at, word in enumerate(words):
        taken = reading.roles[at] not in {None, Role.WORD}
        if taken or any(start <= word.start < end for start, end in untouched):
            continue
        if not _in_doubt(reading, word, synonyms):
            continue
        if word.folded not in corrections:
            if len(corrections) >= _MOST or not reading.asks():
                continue
            nearest = reading.vocabulary.nearest(word.folded)
            if nearest is None or not _is_likely(word.folded, nearest):
                continue
            corrections[word.folded] = nearest
        words[at] = replace(word, folded=corrections[word.folded], corrected=True)
    return words, corrections


def _in_doubt(reading: Reading, word: Word, synonyms: Synonyms) -> bool:
    """Whether a word may be a misspelling."""
    folded = word.folded
    if (
        not _SHORTEST <= len(folded) <= _LONGEST
        or not folded.isalpha()
        or word.quoted
        or folded in SAID
    ):
        return False
    written = reading.text[word.start : word.end]
    if written.isupper() and len(written) <= _SHORTEST + 1 and not reading.text.isupper():
        return False
    if _is_part_of_code(reading.text, word) or synonyms.knows(folded):
        return False
    for spelling in (folded, *singulars(folded)):
        if not reading.asks() or reading.vocabulary.frequency(spelling):
            return False
    return not reading.fields_with(folded)


def _is_part_of_code(text: str, word: Word) -> bool:
    """Whether a word is joined to a digit by a mark, or is part of an address."""
    before, after = text[max(0, word.start - 2) : word.start], text[word.end : word.end + 2]
    for mark, letter in ((before[-1:], before[:-1]), (after[:1], after[1:])):
        if mark and mark in "._@" and letter.isalnum():
            return True
        if mark and mark in "-/:" and letter.isdigit():
            return True
    return False


def _is_likely(word: str, nearest: str) -> bool:
    """Whether a known word is what a hand meant that wrote another.

    The first letter is right. In a word of up to seven letters one slip is allowed: two letters
    swapped, one left out or doubled, or one in the place of its neighbour on the keyboard or, from
    six letters on, of one that sounds alike.
    """
    if word[0] != nearest[0] or _stem(word) == _stem(nearest):
        return False
    if len(word) >= _LONG:
        return True
    at = next(
        (i for i, pair in enumerate(zip(word, nearest, strict=False)) if len(set(pair)) > 1), -1
    )
    if at < 0:
        return len(nearest) > len(word) > _SHORTEST
    if len(word) != len(nearest):
        return True
    if word[at + 2 :] == nearest[at + 2 :] and word[at : at + 2] == nearest[at : at + 2][::-1]:
        return True
    pair = frozenset((word[at], nearest[at]))
    return pair in _KEYS or (len(word) >= _SOUNDS_COUNT and pair in _SOUNDS)


def _stem(word: str) -> str:
    """Return a word without its ending: "printers" is no misspelling of "printer"."""
    for ending in _ENDINGS * 2:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
    return word
