"""Brings another engine's collection in step with a catalog index, by the difference.

A record of the collection has the index's key and a stamp, a digest of its content and vector.
Once key and stamp of every record agree, the collection is marked with the index's checksum; the
mark is taken away before anything is changed, so that no half is taken for the whole. Stopped at
any point, the next call goes on where it was. Knows no engine: each is a `RecordStore`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from catalog_index.embedding import Embedder, Vectors
from catalog_index.errors import IndexNotFoundError
from catalog_index.filters import Vocabulary
from catalog_index.index import CatalogIndex
from catalog_index.lexical.fields import RecordFields, record_fields
from catalog_index.product import Product
from catalog_index.records import Record, normalise_code
from retrieval.errors import RetrieverUnavailableError

LAYOUT = 1
"""Grows when what is put of a record changes: all are put anew then."""

BATCH = 256
"""Records put at a time."""

_COMPARED = 4096
_SHOWN_FROM = 5_000
"""From how many records on a load shows how far it is."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it is put: `vector` is its unit vector, of shape (dimension,)."""

    key: int
    stamp: int
    record: Record
    vector: Vectors

    @property
    def codes(self) -> list[str]:
        """The product's folded identifiers."""
        if not isinstance(self.record, Product):
            return []
        folded = map(normalise_code, self.record.identifiers())
        return list(dict.fromkeys(code for code in folded if code))

    @property
    def fields(self) -> RecordFields:
        """What filters compare."""
        return record_fields(self.record)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the understanding of a query asks of the catalog; the index may be closed."""

    vocabulary: Vocabulary
    has_currency: Callable[[str], bool]


class RecordStore(Protocol):
    """One collection of an engine; `title` names it in a message."""

    title: str

    def exists(self) -> bool:
        """Whether it is there."""
        ...

    def create(self, dimension: int) -> None:
        """Make it; nothing happens if another program has made it meanwhile."""
        ...

    def count(self) -> int:
        """Return how many records it holds."""
        ...

    def held(self) -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        """Yield keys and stamps of all its records, in parts.

        Raises:
            RetrieverUnavailableError: it holds what this program did not put there.
        """
        ...

    def put(self, entries: Sequence[Entry]) -> None:
        """Add records, or replace those of the same key."""
        ...

    def delete(self, keys: Sequence[int]) -> None:
        """Take records away."""
        ...

    def marks(self) -> list[str]:
        """Return its marks: letters, digits and underscores."""
        ...

    def mark(self, mark: str) -> None:
        """Give it a mark."""
        ...

    def unmark(self) -> None:
        """Take every mark away."""
        ...


Store = TypeVar("Store", bound=RecordStore)


def open_store(
    at: Callable[[str], Store], named: str | None, index_dir: Path, embedder: Embedder
) -> tuple[Store, Reading | None]:
    """Return a collection that holds the index, and how to understand queries on it.

    Args:
        at: makes the collection of a name.
        named: the user's name for it; None is one made of the index's checksum, so that no index
            is answered from another's records.
        index_dir: the catalog index. Where there is none, a collection that the user names is used
            as it is, and its queries are not understood.
        embedder: the index's embedder.

    Raises:
        CatalogError: the index cannot be opened, or is not there and no collection either.
        RetrieverUnavailableError: the collection was never filled to its end, another program
            changes it, or it is not ours.
    """
    try:
        index = CatalogIndex(index_dir, embedder)
    except IndexNotFoundError:
        if named is None or not (store := at(named)).exists():
            raise
        if not store.marks():
            raise RetrieverUnavailableError(
                f"The {store.title} was not filled to its end, and there is no index at"
                f" {index_dir} to fill it from. Open it once with the index that it is to hold."
            ) from None
        return store, None
    with index:
        store = at(named or collection_name(index))
        keep_in_step(store, index)
        return store, Reading(index.vocabulary, _currencies(index))


def collection_name(index: CatalogIndex) -> str:
    """Return the name of the collection of exactly this generation of an index."""
    return f"llama_e_{index.manifest.checksum[:16]}"


def keep_in_step(store: RecordStore, index: CatalogIndex) -> None:
    """Make a collection hold the index's records and nothing else; embeds nothing.

    Raises:
        RetrieverUnavailableError: the engine fails, the collection is not ours, or another program
            changes it at the same time.
    """
    mark = f"v{LAYOUT}_{index.manifest.checksum[:16]}"
    if not store.exists():
        store.create(index.manifest.embedder.dimension)
    elif mark in store.marks() and store.count() == len(index):
        return
    store.unmark()
    wanted = _stamps(index)
    held = _held(store)
    _put(store, index, wanted, _without(wanted, held))
    gone = held[0][~np.isin(held[0], wanted[0])]
    for start in range(0, len(gone), _COMPARED):
        store.delete(gone[start : start + _COMPARED].tolist())
    now = _held(store)
    if not all(map(np.array_equal, now, wanted)):
        raise RetrieverUnavailableError(
            f"The {store.title} holds {len(now[0]):,} records, and not the {len(index):,} of the"
            " index that were put there: another program changes it. Let one at a time fill it, or"
            " give each its own with the option collection."
        )
    store.mark(mark)


def _stamps(index: CatalogIndex) -> tuple[Numbers, Numbers]:
    """Return the keys of all live records, ascending, and their stamps."""
    keys: list[int] = []
    stamps: list[int] = []
    for segment in index.snapshot.segments:
        for batch in segment.records.stored(_COMPARED):
            live = [(key, stored) for key, stored in batch if index.snapshot.is_live(key)]
            part = [key for key, _ in live]
            rows = segment.vectors.rows(segment.vectors.positions(part))
            keys += part
            stamps += [
                _stamp(stored.digest, row) for (_, stored), row in zip(live, rows, strict=True)
            ]
    return _sorted(keys, stamps)


def _stamp(digest: bytes, vector: Vectors) -> int:
    """Return 63 bits that change with a record's content, vector or layout."""
    content = hashlib.blake2b(digest, digest_size=8, salt=LAYOUT.to_bytes(8))
    content.update(vector.tobytes())
    return int.from_bytes(content.digest()) >> 1


def _held(store: RecordStore) -> tuple[Numbers, Numbers]:
    keys: list[int] = []
    stamps: list[int] = []
    for some_keys, some_stamps in store.held():
        keys += some_keys
        stamps += some_stamps
    return _sorted(keys, stamps)


def _sorted(keys: Sequence[int], stamps: Sequence[int]) -> tuple[Numbers, Numbers]:
    by_key = np.asarray(keys, dtype=np.int64)
    order = np.argsort(by_key)
    return by_key[order], np.asarray(stamps, dtype=np.int64)[order]


def _without(wanted: tuple[Numbers, Numbers], held: tuple[Numbers, Numbers]) -> Numbers:
    """Return the places in `wanted` of what is not held, or held with another stamp."""
    if not len(held[0]):
        return np.arange(len(wanted[0]), dtype=np.int64)
    at = np.minimum(np.searchsorted(held[0], wanted[0]), len(held[0]) - 1)
    same = (held[0][at] == wanted[0]) & (held[1][at] == wanted[1])
    return np.flatnonzero(~same)


def _put(
    store: RecordStore, index: CatalogIndex, wanted: tuple[Numbers, Numbers], places: Numbers
) -> None:
    with tqdm(
        total=len(places),
        desc=f"Loading {store.title}",
        unit=" records",
        file=sys.stderr,
        disable=len(places) < _SHOWN_FROM,
    ) as bar:
        for start in range(0, len(places), BATCH):
            part = places[start : start + BATCH]
            keys = wanted[0][part].tolist()
            records, vectors = index.records(keys), index.snapshot.vectors(keys)
            stamps = wanted[1][part].tolist()
            store.put(
                [
                    Entry(key, stamp, records[key], vector)
                    for key, stamp, vector in zip(keys, stamps, vectors, strict=True)
                ]
            )
            bar.update(len(part))


def _currencies(index: CatalogIndex) -> Callable[[str], bool]:
    words = index.words
    return lambda code: words.frequency("facts", f"currency={code}") > 0
