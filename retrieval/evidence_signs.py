"""Signs that a piece answers a question which need no model: words, names, numbers, phrases.

Words are compared by their stems and, where a long one is mistyped, by edit distance. Knows no
weights: `retrieval.evidence` joins the signs with what the reader says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz.distance import DamerauLevenshtein

from retrieval.evidence_pieces import CODES, Piece
from retrieval.lexicon import asked_fields, literal_names, plain_name
from retrieval.stems import all_stems, stems

SIGNS = (
    "name_share",
    "whole_name",
    "left_over",
    "synonym",
    "other_name",
    "phrase",
    "other_phrase",
    "words",
    "yes_no",
    "right_row",
    "code",
)
"""What `Asked.signs` returns, in order; each in [-1, 1]."""

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:to|-|–)\s*(\d+(?:\.\d+)?)")
_WORD = re.compile(r"[a-z0-9]+")
_YES_NO = re.compile(
    r"^(?:\W*\b(?:hi|hello|hey|and|so|but|ok|please|tell me|whether|if)\b\W*)*"
    r"(?:is|are|does|do|can|could|has|have|will|would|any|was|were|did|should|may)\b",
    re.I,
)
_SHORT = 5
_MOST_WORDS = 120


class Asked:
    """What a question says, read once for all pieces.

    Args:
        question: without the product's names.
    """

    def __init__(self, question: str) -> None:
        self._said = stems(question)
        self._all = all_stems(question)
        words = _WORD.findall(question.lower())[:_MOST_WORDS]
        self._long = [word for word in words if len(word) >= _SHORT]
        self._numbers = [float(number) for number in _NUMBER.findall(question)]
        self._names = frozenset(asked_fields(question))
        self._literal = literal_names(question)
        self._is_yes_no = bool(_YES_NO.search(question))
        self._codes = frozenset(name for name, asked in CODES.items() if asked.search(question))

    def signs(self, title: str, piece: Piece) -> list[float]:
        """Return the signs of one piece, see `SIGNS`."""
        about = f"{title} {piece.text[:1000]}" if piece.field == "passage" else piece.text[:1000]
        said = self._said - (stems(title) if piece.field == "description" else set())
        shared = len(said & stems(about)) / len(said) if said else 0.0
        row = self._row(piece.text)
        if piece.is_sentence:
            return [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, shared, 0.0, row, 0.0]
        name = plain_name(piece.field)
        share = self._name_share(name)
        phrase = float(name in self._names)
        is_flag = piece.text in ("yes", "no")
        return [
            share,
            float(share >= 0.9),
            self._left_over(f"{name} {piece.text[:1000]}") if share else 0.0,
            float(any(name in names for names in self._literal.values())),
            self._other_name(name),
            phrase,
            float(bool(self._names) and not phrase),
            shared,
            (1.0 if is_flag else -1.0) if self._is_yes_no else -float(is_flag),
            row,
            float(piece.field in self._codes),
        ]

    def _name_share(self, name: str) -> float:
        """Return the share of a name's words that the question holds, mistyped ones too."""
        words = _WORD.findall(name)
        if not words:
            return 0.0
        return sum(self._holds(word) for word in words) / len(words)

    def _other_name(self, name: str) -> float:
        """Return how surely the question names another field: 1 by a name of several words."""
        words = set(name.split())
        for asked, names in self._literal.items():
            if name in names or set(asked.split()) <= words:
                return 0.0
        return max((1.0 if " " in asked else 0.5 for asked in self._literal), default=0.0)

    def _left_over(self, told: str) -> float:
        """Return the share of the question's words that a field which shares some has not.

        Of "package weight" a field "weight" leaves a half.
        """
        return len(self._said - stems(told)) / len(self._said) if self._said else 0.0

    def _holds(self, word: str) -> float:
        if word[:_SHORT] in self._all:
            return 1.0
        if len(word) < _SHORT:
            return 0.0
        most = 1 if len(word) < 8 else 2
        near = (
            DamerauLevenshtein.distance(word, other, score_cutoff=most) <= most
            for other in self._long
            if other[:1] == word[:1] or other[1:2] == word[1:2]
        )
        return 0.9 if any(near) else 0.0

    def _row(self, text: str) -> float:
        """Return 1 where a span of the text holds a number of the question; -1 where none does."""
        spans: Sequence[tuple[str, str]] = _SPAN.findall(text[:1000])
        if not spans or not self._numbers:
            return 0.0
        held = any(
            float(low) <= number <= float(high) for low, high in spans for number in self._numbers
        )
        return 1.0 if held else -1.0
