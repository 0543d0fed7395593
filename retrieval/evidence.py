"""A question and a record -> the fields or passages that bear on it, best first.

Every field is scored in [0, 1] by meaning (cosine of question and "name: value" under the
index's embedder) and by words (share of the field's name that the question holds). Fields that
are asked about again and again are embedded once: vectors are kept by text.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from catalog_index.embedding import Embedder, Vectors
from catalog_index.product import Passage, Product
from catalog_index.store import query_tokens
from retrieval.values import Evidence, Hit

MAX_CACHED_TEXTS = 20_000
_MAX_FIELD_CHARACTERS = 320
_MAX_FIELDS_EMBEDDED = 40
_STEM = 5
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_CODE_FIELDS = ("gtin", "model number")


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
        asked = self._embed([question])[0]
        vectors = self._embed([_sentence(field, text) for _, field, text in pieces])
        cosines = np.clip(vectors @ asked, 0.0, 1.0)
        found = [
            Evidence(
                source_id=hit.id,
                source_title=hit.title,
                kind=hit.kind,
                field=field,
                text=text,
                score=round(_combine(float(cosine), _name_overlap(question, field, hit)), 4),
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
        return [("passage", record.text)]
    fields = [(name, text) for name, text in record.fields() if name not in _CODE_FIELDS]
    codes = [(name, text) for name, text in record.fields() if name in _CODE_FIELDS]
    wanted = {token[:_STEM] for token in query_tokens(question)}
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


def _sentence(field: str, text: str) -> str:
    return text if field in ("passage", "description") else f"{field}: {text}"


def _shared(wanted: set[str], text: str) -> int:
    return len(wanted & {token[:_STEM] for token in query_tokens(text)})


def _name_overlap(question: str, field: str, hit: Hit) -> float:
    """Return the share of the field name's words that the question holds."""
    if hit.kind == "passage":
        field = hit.title
    tokens = {token[:_STEM] for token in query_tokens(field)}
    asked = {token[:_STEM] for token in query_tokens(question)}
    return len(tokens & asked) / len(tokens) if tokens else 0.0


def _combine(cosine: float, overlap: float) -> float:
    return min(1.0, 0.7 * cosine + 0.3 * overlap)
