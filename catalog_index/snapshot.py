"""The records and vectors of one generation, over all its segments, without those no longer live.

What lexical search holds, and how vectors are searched, is not known here. Immutable; safe to
share between threads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from catalog_index.embedding import Vectors
from catalog_index.errors import IndexCorruptError
from catalog_index.manifest import DEAD, Manifest, SegmentEntry, verify_files
from catalog_index.records import Kind, Record, RecordFile, normalise_code
from catalog_index.vectors import Keys, VectorFile, file_names

MOST_OF_A_CODE = 200
"""How many products a look-up gives for one code: what more of them bear names none of them."""

_NO_KEYS = np.zeros(0, dtype=np.int64)


class Segment:
    """One opened segment: its entry in the manifest, its records and its vectors."""

    def __init__(self, generation: Path, entry: SegmentEntry, dimension: int) -> None:
        self.entry = entry
        self.vectors = VectorFile(generation, entry.name, dimension)
        if len(self.vectors) != entry.count:
            raise IndexCorruptError(
                f"The index is damaged: segment {entry.name} of {generation} holds"
                f" {len(self.vectors)} vectors, not {entry.count}."
                " Build it again with `llama-e index build`."
            )
        self.records = RecordFile(generation / entry.records)

    def holds(self, key: int) -> bool:
        """Whether the key lies in this segment's span."""
        return self.entry.first_key <= key <= self.entry.last_key


class Snapshot:
    """One generation, opened.

    Args:
        generation: its directory.
        manifest: what it says it holds.

    Raises:
        IndexCorruptError: a file is missing, cut short or not what it should be.
    """

    def __init__(self, generation: Path, manifest: Manifest) -> None:
        self.generation = generation
        self.manifest = manifest
        self.segments: list[Segment] = []
        # A wrong key is a wrong record, whose digest would fit: too few bytes not to look.
        keys = [file_names(entry.name)[0] for entry in manifest.segments]
        verify_files(generation, manifest, [DEAD, *keys])
        try:
            for entry in manifest.segments:
                self.segments.append(Segment(generation, entry, manifest.embedder.dimension))
            self.dead: Keys = _read_keys(generation / DEAD)
            if len(self.dead) != manifest.dead:
                raise IndexCorruptError(
                    f"The index is damaged: {generation / DEAD} holds {len(self.dead)} keys, not"
                    f" {manifest.dead}. Build it again with `llama-e index build`."
                )
        except BaseException:
            self.close()
            raise
        self._dead = frozenset(self.dead.tolist())

    def close(self) -> None:
        """Let go of the record files once running queries are done."""
        for segment in self.segments:
            segment.records.close()

    def is_live(self, key: int) -> bool:
        """Whether a key of a segment still stands for a record."""
        return key not in self._dead

    def find(self, kind: Kind, record_id: str) -> tuple[int, bytes] | None:
        """Return key and content digest of the live record of exactly this id, or None."""
        for segment in reversed(self.segments):
            found = segment.records.find(kind, record_id)
            if found is not None and self.is_live(found[0]):
                return found
        return None

    def by_keys(self, keys: Sequence[int]) -> dict[int, Record]:
        """Return the records of these keys; unknown and dead keys are left out."""
        found: dict[int, Record] = {}
        for segment in self.segments:
            if part := [key for key in keys if segment.holds(key) and self.is_live(key)]:
                found |= segment.records.by_keys(part)
        return found

    def lookup(self, codes: Sequence[str]) -> list[int]:
        """Return the keys of products bearing one of these identifiers, in the codes' order.

        Of a code that more than `MOST_OF_A_CODE` products bear, the first so many.
        """
        folded = dict.fromkeys(code for code in map(normalise_code, codes) if code)
        return list(dict.fromkeys(key for code in folded for key in self._bearing(code)))

    def _bearing(self, code: str) -> list[int]:
        """Return the first keys of live products with a folded code, ascending."""
        found: list[int] = []
        for segment in self.segments:
            after = 0
            while len(found) < MOST_OF_A_CODE and (
                keys := segment.records.keys_of_code(code, after)
            ):
                found += filter(self.is_live, keys)
                after = keys[-1]
        return found[:MOST_OF_A_CODE]

    def ids(self, kind: Kind, prefix: str = "") -> Iterator[tuple[int, str]]:
        """Yield (key, id) of every live record of a kind whose id begins with `prefix`."""
        for segment in self.segments:
            for key, record_id in segment.records.ids(kind, prefix):
                if self.is_live(key):
                    yield key, record_id

    def digests(self) -> dict[tuple[Kind, str], tuple[int, bytes]]:
        """Return (key, content digest) of every live record by its kind and id."""
        return {
            (kind, record_id): (key, digest)
            for segment in self.segments
            for key, kind, record_id, digest in segment.records.digests()
            if self.is_live(key)
        }

    def live_keys(self, kind: Kind) -> list[int]:
        """Return the keys of all live records of one kind, ascending."""
        keys = (key for segment in self.segments for key in segment.records.keys_of_kind(kind))
        return [key for key in keys if self.is_live(key)]

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """Return the stored vectors of these live keys, in their order: (len(keys), dimension)."""
        rows = np.zeros((len(keys), self.manifest.embedder.dimension), dtype=np.float32)
        for segment in self.segments:
            here = [at for at, key in enumerate(keys) if segment.holds(key)]
            wanted = np.asarray([keys[at] for at in here], dtype=np.int64)
            positions = np.searchsorted(segment.vectors.keys, wanted)
            rows[here] = segment.vectors.rows(positions)
        return rows

    def scores(self, vector: Vectors, keys: Sequence[int]) -> list[tuple[int, float]]:
        """Return (key, cosine with a unit vector) of those of the keys that are live."""
        found: list[tuple[int, float]] = []
        for segment in self.segments:
            positions = segment.vectors.positions(
                [key for key in keys if segment.holds(key) and self.is_live(key)]
            )
            scores = segment.vectors.scores(vector, positions)
            here = segment.vectors.keys[positions]
            found += [(int(key), float(score)) for key, score in zip(here, scores, strict=True)]
        return found


def write_keys(path: Path, keys: Sequence[int]) -> None:
    """Write keys, ascending, to a new file.

    Raises:
        OSError: the disk is full or refuses.
    """
    path.write_bytes(np.asarray(sorted(keys), dtype="<i8").tobytes())


def _read_keys(path: Path) -> Keys:
    try:
        content = path.read_bytes()
        return np.frombuffer(content, dtype="<i8").astype(np.int64) if content else _NO_KEYS
    except (OSError, ValueError) as error:
        raise IndexCorruptError(
            f"The index is damaged: {path} cannot be read ({error})."
            " Build it again with `llama-e index build`."
        ) from error
