"""What of a record can be cited: its fields, and the sentences of its long texts.

How a piece is worded for the reader stands here, for serving and for training alike. A record of
any size gives a bounded number of pieces: those that share words with the question come first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from catalog_index.product import Passage, Product
from retrieval.stems import stems
from retrieval.values import is_opinion_field

CODES = {
    "gtin": re.compile(r"\b(?:gtin|eans?|upc|isbn|bar ?codes?)\b", re.I),
    "model number": re.compile(
        r"\b(?:mpn|(?:model|part|article|type|oem|product|item) ?(?:numbers?|nos?\b|codes?)"
        r"|manufacturer'?s? (?:part )?(?:number|code)|(?:which|what) model\b|model\W*$)",
        re.I,
    ),
}
"""Fields that are evidence only where a question asks for them by one of their names."""

_NAMES = ("title",)
_MAX_FIELD_CHARACTERS = 320
_MAX_READ_CHARACTERS = 120
_MAX_SENTENCE_READ = 260
MAX_FIELDS = 300
MAX_SENTENCES = 40
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_MAX_TEXT = 60_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A field with its text, or a sentence: `field` is then "description" or "passage"."""

    field: str
    text: str

    @property
    def is_sentence(self) -> bool:
        """Whether it is prose, and the field's name does not say what it tells."""
        return self.field in ("description", "passage") or is_opinion_field(self.field)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece that may answer, with its record's id and title."""

    source: str
    title: str
    piece: Piece

    @property
    def meant(self) -> str:
        """What is embedded: a field's name, which many records share, or a sentence."""
        return self.piece.text[:_MAX_SENTENCE_READ] if self.piece.is_sentence else self.piece.field

    @property
    def read(self) -> str:
        """What the reader reads."""
        return read_as(self.title, self.piece)


def pieces_of(record: Product | Passage, question: str) -> list[Piece]:
    """Split a record into pieces, `MAX_FIELDS` + `MAX_SENTENCES` at most, in the record's order."""
    if isinstance(record, Passage):
        lines = (_BULLET.sub("", line) for line in record.text[:_MAX_TEXT].splitlines())
        return _nearest(
            [Piece("passage", text) for line in lines for text in _SENTENCE.split(line) if text],
            question,
            MAX_SENTENCES,
        )
    fields: list[Piece] = []
    sentences: list[Piece] = []
    for name, text in record.fields():
        if name in _NAMES or (name in CODES and not CODES[name].search(question)):
            continue
        if Piece(name, "").is_sentence:
            parts = (part.strip() for part in _SENTENCE.split(text[:_MAX_TEXT]))
            sentences += [Piece(name, part) for part in parts if part]
        else:
            fields.append(Piece(name, text[:_MAX_FIELD_CHARACTERS]))
    return [*_nearest(fields, question, MAX_FIELDS), *_nearest(sentences, question, MAX_SENTENCES)]


def read_as(title: str, piece: Piece) -> str:
    """Return a piece as the reader reads it: "weight: 420 g", or a sentence under its heading.

    Args:
        title: the title of the piece's record.
        piece: the piece.
    """
    if piece.field == "passage":
        heading = title.rpartition(": ")[2].replace(" > ", ", ")
        return f"{heading[:80]}. {piece.text[:_MAX_SENTENCE_READ]}"
    if piece.is_sentence:
        return piece.text[:_MAX_SENTENCE_READ]
    return f"{piece.field}: {piece.text[:_MAX_READ_CHARACTERS]}"


def _nearest(pieces: list[Piece], question: str, most: int) -> list[Piece]:
    """Keep the pieces that share most words with a question, in their order."""
    if len(pieces) <= most:
        return pieces
    wanted = stems(question)
    shared = [len(wanted & stems(f"{piece.field} {piece.text[:600]}")) for piece in pieces]
    kept = sorted(range(len(pieces)), key=lambda at: -shared[at])[:most]
    return [pieces[at] for at in sorted(kept)]
