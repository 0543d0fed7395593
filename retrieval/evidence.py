"""A question and a record -> the fields and sentences that answer it, or that none does.

Every piece gets a chance in [0, 1] that it answers, comparable between fields and sentences: a
cross-encoder (`retrieval.evidence_reader`) reads the pieces that look best by meaning and by words,
and its verdict is joined with those signs (`retrieval.evidence_blend`). From `ANSWERS_FIELD` or
`ANSWERS_PASSAGE` on a piece answers; where none reaches it, the record does not say.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import Embedder, Vectors
from retrieval.evidence_blend import Blend, shipped_blend
from retrieval.evidence_pieces import Candidate, pieces_of
from retrieval.evidence_question import bare_question
from retrieval.evidence_reader import EvidenceReader
from retrieval.evidence_signs import Asked
from retrieval.values import Evidence, Hit

ANSWERS_FIELD = 0.4
"""From this score on a product's field answers the question."""

ANSWERS_PASSAGE = 0.4
"""From this score on a sentence of a passage answers the question."""

MAX_CACHED_TEXTS = 20_000
MAX_READ_FIELDS, MAX_READ_SENTENCES = 16, 10
"""How many of a record's fields, and of all records' sentences, the cross-encoder reads."""

_MOST_LEAD = 8.0
_LIKELY = np.array([1.0, 0.5, 0.0, 0.6, 0.0, 0.8, 0.0, 0.2, 1.0])
"""Weights of the signs in the choice of what to read: only the order counts."""

_UNREAD = -6.0
"""What the reader is taken to say, at most, of a piece that it did not read."""

_MAX_QUESTION = 2_000


class PairReader(Protocol):
    """Whatever says how surely texts answer a question."""

    def logits(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one logit a text, shape (len(texts),)."""
        ...


class EvidenceRanker:
    """Ranks fields and passages against questions; safe to share between threads.

    Args:
        embedder: the index's.
        reader: reads question and piece together; the shipped one unless given.
        blend: how the signs are joined; the shipped one unless given.
    """

    def __init__(
        self, embedder: Embedder, reader: PairReader | None = None, blend: Blend | None = None
    ) -> None:
        self._embedder = embedder
        self._reader = reader or EvidenceReader()
        self._blend = blend
        self._lock = threading.Lock()
        self._vectors: OrderedDict[str, Vectors] = OrderedDict()

    def rank(self, question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
        """Return the `limit` best pieces of evidence that the hits' records hold.

        Args:
            question: the user's question, whole.
            hits: the records to look into.
            limit: how many at most, over all records.

        Raises:
            CatalogError: the embedding model's package is not installed.
        """
        if not question.strip() or limit < 1:
            return []
        asked = bare_question(question[:_MAX_QUESTION], [hit.record for hit in hits])
        pieces = [(hit, piece) for hit in hits for piece in pieces_of(hit.record, asked)]
        if not pieces:
            return []
        candidates = [Candidate(f"{hit.kind} {hit.id}", hit.title, piece) for hit, piece in pieces]
        features = self.features(asked, candidates)
        blend = self._blend or shipped_blend()
        chances = blend.chances(features, [one.piece.is_sentence for one in candidates])
        found = [
            Evidence(
                source_id=hit.id,
                source_title=hit.title,
                kind=hit.kind,
                field=piece.field,
                text=piece.text,
                score=round(float(chance), 4),
            )
            for (hit, piece), chance in zip(pieces, chances, strict=True)
        ]
        return sorted(_below_records(found), key=lambda item: -item.score)[:limit]

    def features(self, asked: str, candidates: Sequence[Candidate]) -> NDArray[np.float64]:
        """Return what is known of each candidate, columns as `FEATURES`: (n, features)."""
        vectors = self._embed([asked, *(one.meant for one in candidates)])
        cosines = np.clip(vectors[1:] @ vectors[0], -1.0, 1.0).astype(np.float64)
        words = Asked(asked)
        signs = np.array([words.signs(one.title, one.piece) for one in candidates])
        rivals = _rivals(candidates)
        rows = _to_read(cosines + signs @ _LIKELY, rivals)
        logits = np.full(len(candidates), _UNREAD)
        logits[rows] = self._reader.logits(asked, [candidates[row].read for row in rows])
        leads = np.zeros((len(candidates), 2))
        for same in rivals.values():
            leads[same, 0] = np.clip(_lead(logits[same]), -_MOST_LEAD, _MOST_LEAD)
            leads[same, 1] = _lead(cosines[same])
        return np.column_stack([logits, cosines, leads, signs])

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


def _rivals(candidates: Sequence[Candidate]) -> dict[str, list[int]]:
    """Group rows: the fields of each record by its key, all records' sentences by ""."""
    groups: dict[str, list[int]] = {}
    for row, one in enumerate(candidates):
        groups.setdefault("" if one.piece.is_sentence else one.source, []).append(row)
    return groups


def _to_read(likely: NDArray[np.float64], rivals: Mapping[str, Sequence[int]]) -> list[int]:
    """Return the rows worth reading: the likeliest of each group."""
    return [
        row
        for group, rows in rivals.items()
        for row in sorted(rows, key=lambda row: -likely[row])[
            : MAX_READ_FIELDS if group else MAX_READ_SENTENCES
        ]
    ]


def _lead(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each value is above the best of the others; alone, 0."""
    if len(values) < 2:
        return np.zeros(len(values))
    second, first = np.sort(values)[-2:]
    leads: NDArray[np.float64] = np.where(values == first, first - second, values - first)
    return leads


def _below_records(found: Sequence[Evidence]) -> list[Evidence]:
    """Lower opinions that would outrank a field or sentence of the record that answers."""
    own = [item.score for item in found if not item.is_opinion and _answers(item)]
    if not own:
        return list(found)
    most = min(own) - 0.0001
    return [
        replace(item, score=round(most, 4)) if item.is_opinion and item.score > most else item
        for item in found
    ]


def _answers(item: Evidence) -> bool:
    return item.score >= (ANSWERS_FIELD if item.kind == "product" else ANSWERS_PASSAGE)
