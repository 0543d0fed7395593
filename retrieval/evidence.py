"""A question and a record -> the fields or sentences that bear on it, best first.

Every field of a product and every sentence of a passage is scored in [0, 1] by meaning (cosine of
question and "name: value" under the index's embedder) and by words: the share of the field's name
that the question holds or asks for (`retrieval.lexicon`), or the share of the question that a
sentence under its heading holds. Texts are embedded once: vectors are kept by text.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from catalog_index.embedding import Embedder, Vectors
from catalog_index.product import Passage, Product
from retrieval.lexicon import asked_fields
from retrieval.stems import all_stems, stems
from retrieval.values import Evidence, Hit

MAX_CACHED_TEXTS = 20_000
_MAX_FIELD_CHARACTERS = 320
_MAX_FIELDS_EMBEDDED = 40
_PART_OF_NAME = 0.75
"""The overlap of a field whose name holds one the lexicon gives: "weight per boot", weight."""

_OTHER_FIELD = 0.5
"""What shared words count for where the lexicon gives other fields: "battery type", runtime."""

_RIGHT_ROW = 0.2
"""What a row of a table gains when a number of the question lies in its span: "55 to 59 cm"."""

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(?:to|-|–)\s*(\d+(?:\.\d+)?)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+\.)\s+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CODE_FIELDS = ("gtin", "model number")
_NAMES = ("title", "product type")


class EvidenceRanker:
    """Ranks fields and passages against questions; safe to share between threads."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def rank(self, question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
        """Return the `limit` best pieces of evidence that the hits' records hold.

        Args:
            question: the user's question, whole.
            hits: the records to look into.
            limit: how many at most, over all records.
        """
        pieces = [
            (hit, field, text) for hit in hits for field, text in _pieces(hit.record, question)
        ]
        if not pieces or not question.strip():
            return []
        question = _without_names(question, hits)
        asked = self._embed([question])[0]
        vectors = self._embed([_sentence(hit, field, text) for hit, field, text in pieces])
        wanted = _Asked(question)
        cosines = np.clip(vectors @ asked, 0.0, 1.0)
        found = [
            Evidence(
                source_id=hit.id,
                source_title=hit.title,
                kind=hit.kind,
                field=field,
                text=text,
                score=round(wanted.score(float(cosine), hit, field, text), 4),
            )
            for (hit, field, text), cosine in zip(pieces, cosines, strict=True)
        ]
        return sorted(found, key=lambda item: -item.score)[:limit]

    def _embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            rows = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in rows]
        if missing:
            fresh = dict(zip(missing, self._embedder.encode(missing), strict=True))
            rows |= fresh
            with self._lock:
                self._vectors |= fresh
                while len(self._vectors) > MAX_CACHED_TEXTS:
                    self._vectors.popitem(last=False)
        return np.stack([rows[text] for text in texts])


def _pieces(record: Product | Passage, question: str) -> list[tuple[str, str]]:
    """Split a record into what can be cited: fields, and a long text's sentences."""
    if isinstance(record, Passage):
        lines = (_BULLET.sub("", line) for line in record.text.splitlines())
        sentences = (text for line in lines for text in _SENTENCE.split(line))
        return [("passage", text) for text in sentences if text]
    skipped = (*_CODE_FIELDS, *_NAMES)
    fields = [(name, text) for name, text in record.fields() if name not in skipped]
    codes = [(name, text) for name, text in record.fields() if name in _CODE_FIELDS]
    wanted = stems(question)
    if len(fields) > _MAX_FIELDS_EMBEDDED:
        fields.sort(key=lambda item: -_shared(wanted, f"{item[0]} {item[1]}"))
        fields = fields[:_MAX_FIELDS_EMBEDDED]
    pieces: list[tuple[str, str]] = []
    for name, text in [*fields, *(code for code in codes if _shared(wanted, code[0]))]:
        if name == "description":
            pieces += [(name, sentence) for sentence in _SENTENCE.split(text) if sentence]
        else:
            pieces.append((name, text[:_MAX_FIELD_CHARACTERS]))
    return pieces


def _without_names(question: str, hits: Sequence[Hit]) -> str:
    """Drop the codes and brands of the records: they say which product, not what of it."""
    for hit in hits:
        if isinstance(hit.record, Product):
            for name in (*hit.record.identifiers(), hit.record.brand):
                if name:
                    question = re.sub(rf"\b{re.escape(name)}\b", "it", question, flags=re.I)
    return question


def _sentence(hit: Hit, field: str, text: str) -> str:
    if field == "passage":
        return f"{hit.title}. {text}"
    return text if field == "description" else f"{field}: {text}"


def _shared(wanted: set[str], text: str) -> int:
    return len(wanted & stems(text))


class _Asked:
    """The word stems of a question, and of the fields that it asks for in other words."""

    def __init__(self, question: str) -> None:
        self._said = stems(question)
        self._words = all_stems(question)
        self._numbers = [float(number) for number in _NUMBER.findall(question)]
        self._names = [all_stems(name) for name in asked_fields(question)]

    def score(self, cosine: float, hit: Hit, field: str, text: str) -> float:
        """Return how well a piece of evidence fits, in [0, 1]."""
        fit = 0.65 * cosine + 0.35 * self.overlap(hit, field, text)
        return min(1.0, fit + (_RIGHT_ROW if self._is_in_span(text) else 0.0))

    def _is_in_span(self, text: str) -> bool:
        """Whether a text gives a span of numbers that a number of the question lies in."""
        spans = [(float(low), float(high)) for low, high in _SPAN.findall(text)]
        return any(low <= number <= high for low, high in spans for number in self._numbers)

    def overlap(self, hit: Hit, field: str, text: str) -> float:
        """Return the share of words in common, in [0, 1]."""
        if field in ("passage", "description"):
            about = f"{hit.title} {text}" if field == "passage" else text
            said = self._said - (stems(hit.title) if field == "description" else set())
            return len(said & stems(about)) / len(said) if said else 0.0
        name = all_stems(field)
        if name <= self._words or name in self._names:
            return 1.0
        if any(asked <= name for asked in self._names):
            return _PART_OF_NAME
        share = len(name & self._words) / len(name) if name else 0.0
        return _OTHER_FIELD * share if self._names else share
