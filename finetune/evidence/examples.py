"""What the evidence reader learns from: a question, and pieces that answer it or do not.

Plain values, and how a set is split so that no question, product or field name stands on both
sides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.evidence_pieces import Piece, read_as

HELD_OUT = 0.12


@dataclass(frozen=True, slots=True)
class Labelled:
    """A piece of a record with the title of the record or page, and whether it answers.

    `label` is a chance: people's "in part" is between 0 and 1.
    """

    piece: Piece
    label: float
    title: str = ""

    @property
    def text(self) -> str:
        """As the reader reads it."""
        return read_as(self.title, self.piece)


@dataclass(frozen=True, slots=True)
class Example:
    """One question with pieces of one record.

    Args:
        question: without the product's names, see `retrieval.evidence_question`.
        pieces: some or all of the record's.
        source: where it comes from, "semipqa" or "catalog".
        group: what must not be on both sides of a split: a question's or a field's key.
    """

    question: str
    pieces: tuple[Labelled, ...]
    source: str
    group: str

    @property
    def is_answered(self) -> bool:
        """Whether a piece answers."""
        return any(piece.label >= 0.5 for piece in self.pieces)


def is_held_out(group: str, share: float = HELD_OUT) -> bool:
    """Whether a group is kept for validation: the same on every machine."""
    digest = hashlib.sha256(f"evidence {group}".encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


def split(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Return the examples to learn from and those kept for validation."""
    kept = [is_held_out(example.group) for example in examples]
    return (
        [one for one, held in zip(examples, kept, strict=True) if not held],
        [one for one, held in zip(examples, kept, strict=True) if held],
    )
