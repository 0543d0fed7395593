"""A question and a record -> the fields and sentences that answer it, or that none does.

Every piece gets a chance in [0, 1] that it answers, comparable between fields and sentences. Words
and phrases (`retrieval.evidence_signs`) and two encoders (the index's own and one tuned on
questions, `retrieval.evidence_vectors`) choose the likeliest pieces; a cross-encoder
(`retrieval.evidence_reader`) reads those, and all is joined (`retrieval.evidence_blend`). From
`ANSWERS_FIELD` or `ANSWERS_PASSAGE` on a piece answers; where none reaches it, the record does not
say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import Embedder
from retrieval.evidence_blend import Blend, shipped_blend
from retrieval.evidence_pieces import Candidate, pieces_of
from retrieval.evidence_question import bare_question, mended
from retrieval.evidence_reader import EvidenceReader
from retrieval.evidence_signs import Asked
from retrieval.evidence_vectors import KeptVectors, matcher
from retrieval.values import Evidence, Hit

ANSWERS_FIELD = 0.45
"""From this score on a product's field answers the question; see `benchmarks.evidence`."""

ANSWERS_PASSAGE = 0.25
"""From this score on a sentence of a passage answers; prose says a thing less plainly."""

MAX_READ_FIELDS, MAX_READ_SENTENCES = 12, 8
"""How many of a record's fields, and of all records' sentences, the cross-encoder reads."""

_LIKELY = np.array([1.0, 0.5, 0.0, 0.8, 0.0, 0.6, 0.0, 0.8, 0.0, 0.2, 1.0])
"""Weights of the signs in the choice of what to read: only the order counts."""

_MOST_LEAD = 8.0
_UNREAD = -6.0
"""What the reader is taken to say of a piece that it did not read."""

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
        match: embeds questions near what answers them; the shipped matcher unless given.
        blend: how the signs are joined; the shipped one unless given.
    """

    def __init__(
        self,
        embedder: Embedder,
        reader: PairReader | None = None,
        match: Embedder | None = None,
        blend: Blend | None = None,
    ) -> None:
        self._vectors = KeptVectors(embedder)
        self._matches = KeptVectors(match or matcher())
        self._reader = reader or EvidenceReader()
        self._blend = blend

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
        records = [hit.record for hit in hits]
        asked = mended(bare_question(question[:_MAX_QUESTION], records), records)
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
        cosines = self._vectors.cosines(asked, [one.meant for one in candidates])
        matches = self._matches.cosines(asked, [one.read for one in candidates])
        words = Asked(asked)
        signs = np.array([words.signs(one.title, one.piece) for one in candidates])
        rivals = _rivals(candidates)
        rows = _to_read(cosines + matches + signs @ _LIKELY, rivals)
        logits = np.full(len(candidates), _UNREAD)
        logits[rows] = self._reader.logits(asked, [candidates[row].read for row in rows])
        columns: list[NDArray[np.float64]] = []
        for values in (logits, matches, cosines):
            lead = np.zeros(len(candidates))
            for same in rivals.values():
                lead[same] = np.clip(_lead(values[same]), -_MOST_LEAD, _MOST_LEAD)
            columns += [values, lead]
        return np.column_stack([*columns, signs])


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
