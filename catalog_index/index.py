"""An opened catalog index: records by id or code, lexical search, dense search.

One object per generation, immutable, safe to share between threads. Fusing the two searches is
`retrieval`'s work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from catalog_index.embedding import Embedder, MiniLMEmbedder, Vectors
from catalog_index.errors import IndexCorruptError
from catalog_index.manifest import (
    RECORDS,
    VECTORS,
    Manifest,
    current_generation,
    read_manifest,
    verify_generation,
)
from catalog_index.product import Product
from catalog_index.store import Kind, Record, RecordStore
from catalog_index.vectors import VectorIndex

HASHED_AT_OPEN = 256 << 20
"""Bytes of files below which they are hashed whenever the index is opened: within a second, about.
A larger index would keep a user waiting; `manifest.verify_generation` checks it when asked."""


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
        try:
            self._open(generation)
        except IndexCorruptError:
            if current_generation(directory) == generation:
                raise
            # A build replaced and deleted this generation while it was being opened.
            self._open(current_generation(directory))
        self._keys: dict[Kind, list[int]] = {}

    def _open(self, generation: Path) -> None:
        self.manifest: Manifest = read_manifest(generation)
        self.manifest.check_embedder(self.embedder)
        if sum(entry.size for entry in self.manifest.files.values()) < HASHED_AT_OPEN:
            verify_generation(generation, self.manifest)
        self._vectors = VectorIndex(generation / VECTORS)
        if len(self._vectors) != self.manifest.counts.indexed:
            raise IndexCorruptError(
                f"The index at {self.directory} holds {self.manifest.counts.indexed} records but"
                f" {len(self._vectors)} vectors. Build it again with `llama-e index build`."
            )
        self.store = RecordStore(generation / RECORDS)

    def close(self) -> None:
        """Let go of the record file once running searches are done; nothing can be asked after."""
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return self.manifest.counts.indexed

    def product(self, product_id: str) -> Product | None:
        """Return the product of exactly this id, or None."""
        record = self.store.get(product_id)
        return record if isinstance(record, Product) else None

    def records(self, keys: Sequence[int]) -> dict[int, Record]:
        """Return records by key."""
        return self.store.by_keys(keys)

    def chunks(self, size: int) -> Iterator[tuple[list[Record], Vectors]]:
        """Yield every record with its vector, `size` at a time, for loading another engine."""
        keys = sorted(self._of_kind("product") + self._of_kind("passage"))
        for start in range(0, len(keys), size):
            part = keys[start : start + size]
            records = self.records(part)
            yield [records[key] for key in part], self._vectors.vectors(part)

    def lookup(self, codes: Sequence[str]) -> list[int]:
        """Return keys of products with one of these ids, SKUs, GTINs or model numbers."""
        return self.store.lookup(codes)

    def lexical(self, text: str, k: int, kind: Kind | None = None) -> list[tuple[int, float]]:
        """Return (key, BM25) best first."""
        return self.store.lexical(text, k, kind)

    def dense(self, text: str, k: int, kind: Kind | None = None) -> list[tuple[int, float]]:
        """Return (key, cosine) best first."""
        vector = self.embedder.encode([text])[0]
        keys = None if kind is None else self._of_kind(kind)
        return self._vectors.search(vector, k, None if keys and len(keys) == len(self) else keys)

    def _of_kind(self, kind: Kind) -> list[int]:
        if kind not in self._keys:
            self._keys[kind] = self.store.keys_of_kind(kind)
        return self._keys[kind]
