"""An opened catalog index: records by id or code, lexical search, dense search, filters.

One object per generation, immutable, safe to share between threads. Fusing the two searches is
`retrieval`'s work; keeping up with new generations is `live`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

import numpy as np

from catalog_index.embedding import Embedder, MiniLMEmbedder, Vectors
from catalog_index.errors import CatalogError, IndexCorruptError
from catalog_index.filters import Filter
from catalog_index.lexical import LexicalSearcher, Words
from catalog_index.lexical.vocabulary import IndexVocabulary
from catalog_index.manifest import (
    LEXICAL,
    Manifest,
    current_generation,
    read_manifest,
    verify_files,
)
from catalog_index.product import Product
from catalog_index.records import Kind, Record
from catalog_index.snapshot import Snapshot
from catalog_index.vectors import VectorSearch, ann_name, check_dimension

HASHED_AT_OPEN = 256 << 20
"""Bytes of files below which they are hashed whenever the index is opened: within a second, about.
A larger index would keep a user waiting; `verify` checks it when asked."""

SCANNED = 4000
"""Up to how many records that pass the filters are compared with a query one by one."""

_WIDEST = 8192
"""How many dense neighbours at most are tested against filters that many records pass."""

_SCORED = 50_000
"""How many records that pass are compared one by one where too few are among those neighbours."""


class CatalogIndex:
    """The current generation of an index directory.

    Args:
        directory: what `llama-e index build --out` wrote.
        embedder: embeds queries; must be the one the index was built with.

    Raises:
        IndexNotFoundError: there is no index there.
        IndexCorruptError: a file is missing or cut short, or altered where it was hashed.
        IndexMismatchError: another embedder or a newer program wrote it.
    """

    def __init__(self, directory: Path, embedder: Embedder | None = None) -> None:
        self.directory = directory
        self.embedder = embedder or MiniLMEmbedder()
        generation = current_generation(directory)
        while True:
            try:
                self._open(generation)
                return
            except IndexCorruptError:
                opened, generation = generation, current_generation(directory)
                if opened == generation:
                    raise
                # A build replaced and deleted that one while it was being opened.

    def _open(self, generation: Path) -> None:
        self.generation = generation
        self.manifest: Manifest = read_manifest(generation)
        self.manifest.check_embedder(self.embedder)
        if sum(entry.size for entry in self.manifest.files.values()) < HASHED_AT_OPEN:
            verify_files(generation, self.manifest)
        self.snapshot = Snapshot(generation, self.manifest)
        try:
            self.words = LexicalSearcher(generation / LEXICAL)
            if len(self.words) != self.manifest.counts.indexed:
                raise IndexCorruptError(
                    f"The index at {self.directory} holds {self.manifest.counts.indexed} records"
                    f" but the words of {len(self.words)}."
                    " Build it again with `llama-e index build`."
                )
            self._nearest = [
                VectorSearch(
                    segment.vectors,
                    None if segment.entry.is_exact else generation / ann_name(segment.entry.name),
                    segment.entry.nprobe,
                )
                for segment in self.snapshot.segments
            ]
        except CatalogError:
            self.snapshot.close()
            raise
        self.vocabulary = IndexVocabulary(self.words)
        self._passages = self.snapshot.live_keys("passage")
        self._passage_set = frozenset(self._passages)

    def close(self) -> None:
        """Let go of the record files once running searches are done; nothing can be asked after."""
        self.snapshot.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self.manifest.counts.indexed

    def product(self, product_id: str) -> Product | None:
        """Return the product of exactly this id, or None."""
        found = self.snapshot.find("product", product_id)
        record = self.snapshot.by_keys([found[0]]).get(found[0]) if found else None
        return record if isinstance(record, Product) else None

    def records(self, keys: Sequence[int]) -> dict[int, Record]:
        """Return records by key."""
        return self.snapshot.by_keys(keys)

    def chunks(self, size: int) -> Iterator[tuple[list[Record], Vectors]]:
        """Yield every record with its vector, `size` at a time, for loading another engine."""
        keys = sorted(self.snapshot.live_keys("product") + self._passages)
        for start in range(0, len(keys), size):
            part = keys[start : start + size]
            records = self.records(part)
            yield [records[key] for key in part], self.snapshot.vectors(part)

    def lookup(self, codes: Sequence[str]) -> list[int]:
        """Return keys of products with one of these ids, SKUs, GTINs or model numbers."""
        return self.snapshot.lookup(codes)

    def embed(self, text: str) -> Vectors:
        """Return the unit vector of a query, shape (dimension,)."""
        vector: Vectors = self.embedder.encode([text])[0]
        return vector

    def cosines(self, vector: Vectors, keys: Sequence[int]) -> dict[int, float]:
        """Return the cosines of a unit vector with the records of these live keys."""
        return dict(self.snapshot.scores(vector, keys))

    def lexical(
        self,
        words: Words | str,
        k: int,
        kind: Kind | None = None,
        filters: Sequence[Filter] = (),
    ) -> list[tuple[int, float]]:
        """Return (key, score by words) of the k best records that pass the filters, best first."""
        asked = Words(words) if isinstance(words, str) else words
        return self.words.search(asked, k, self._limits(kind, filters))

    def dense(
        self,
        query: str | Vectors,
        k: int,
        kind: Kind | None = None,
        filters: Sequence[Filter] = (),
    ) -> list[tuple[int, float]]:
        """Return (key, cosine) of the k nearest records that pass the filters, best first.

        Args:
            query: a text, or its unit vector of shape (dimension,).
            k: how many at most.
            kind: only products, only passages, or None for both.
            filters: conditions on the records.

        Raises:
            IndexMismatchError: the vector has another dimension than the index.
        """
        vector = self.embed(query) if isinstance(query, str) else query
        check_dimension(vector, self.manifest.embedder.dimension)
        if k < 1:
            return []
        if kind == "passage" and not filters and len(self._passages) <= SCANNED:
            return _best(self.snapshot.scores(vector, self._passages), k)
        if not filters and kind != "passage":
            return self._without_passages(vector, k) if kind else self._live(vector, k)
        limits = self._limits(kind, filters)
        passing = self.words.count(limits)
        if passing <= SCANNED:
            keys = self.words.keys(limits, max(1, passing))
            return _best(self.snapshot.scores(vector, keys), k)
        wanted = k
        while True:
            wide = min(int(wanted * 1.5 * len(self) / passing) + 10, _WIDEST, len(self))
            nearest = self._live(vector, wide)
            keep = self.words.passing([key for key, _ in nearest], limits)
            found = [pair for pair in nearest if pair[0] in keep]
            if len(found) >= min(k, passing):
                return found[:k]
            if wide >= min(_WIDEST, len(self)):
                break
            wanted *= 4
        # What passes lies far from the query.
        scores = self.snapshot.scores(vector, self.words.keys(limits, min(passing, _SCORED)))
        return _best(list({**dict(scores), **dict(found)}.items()), k)

    def by_price(
        self, k: int, kind: Kind | None = None, filters: Sequence[Filter] = (), *, dearest: bool
    ) -> list[int]:
        """Return the keys of the k cheapest, or dearest, records that pass the filters."""
        return self.words.by_price(self._limits(kind, filters), k, dearest=dearest) if k > 0 else []

    def _without_passages(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the k nearest products."""
        if not len(self._passages):
            return self._live(vector, k)
        for wide in (k + min(k, len(self._passages)), k + len(self._passages)):
            nearest = self._live(vector, wide)
            found = [pair for pair in nearest if pair[0] not in self._passage_set]
            if len(found) >= min(k, self.manifest.counts.products):
                break
        return found[:k]

    def _live(self, vector: Vectors, k: int) -> list[tuple[int, float]]:
        """Return the k nearest of all live records."""
        found: list[tuple[int, float]] = []
        for search, segment in zip(self._nearest, self.snapshot.segments, strict=True):
            entry = segment.entry
            dead = int(
                np.searchsorted(self.snapshot.dead, entry.last_key, "right")
                - np.searchsorted(self.snapshot.dead, entry.first_key)
            )
            # The dead lie anywhere among the living: room for twice their share, then for all.
            for wide in (k + 2 * k * dead // max(1, entry.count) + (10 if dead else 0), k + dead):
                nearest = search.nearest(vector, min(wide, entry.count))
                live = [pair for pair in nearest if self.snapshot.is_live(pair[0])]
                if len(live) >= min(k, entry.count - dead):
                    break
            found += live[:k]
        return _best(found, k)

    def _limits(self, kind: Kind | None, filters: Sequence[Filter]) -> list[Filter]:
        """Return the filters with that for a kind, said by the few passages that there are."""
        if kind is None or (kind == "product" and not len(self._passages)):
            return list(filters)
        return [Filter("kind", "is" if kind == "passage" else "not", "passage"), *filters]


def _best(found: Sequence[tuple[int, float]], k: int) -> list[tuple[int, float]]:
    """Return the k best of (key, score), best first, equal scores by key."""
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]
