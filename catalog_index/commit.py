"""A new generation beside the old one: written whole, flushed, vouched for, swapped in.

The order is what makes it durable: every file is written and flushed to disk, then the manifest
with their hashes, then CURRENT is replaced in one step. Whoever is stopped in between leaves the
old generation current. Knows no feeds.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from catalog_index.ann import AnnReport, build_ann, needs_ann
from catalog_index.durable import fsync_path, link_or_copy, replace_file
from catalog_index.embedding import Embedder, Vectors
from catalog_index.errors import CatalogError, IndexLockedError
from catalog_index.generations import drop_never_current, new_name
from catalog_index.lexical import LexicalWriter
from catalog_index.lexical.faults import engine_writes
from catalog_index.lexical.fields import record_fields
from catalog_index.manifest import (
    CURRENT,
    DEAD,
    EXACT,
    GENERATIONS,
    LEXICAL,
    MANIFEST,
    SCHEMA_VERSION,
    WORK,
    Counts,
    EmbedderEntry,
    FileEntry,
    Manifest,
    SegmentEntry,
    current_generation,
    file_entry,
    listed_files,
    verify_files,
    write_manifest,
)
from catalog_index.product import Product
from catalog_index.recipe import RECIPE
from catalog_index.records import RecordFile, RecordWriter
from catalog_index.reuse import VectorSource, begin_work
from catalog_index.snapshot import Segment, Snapshot, write_keys
from catalog_index.texts import sample_query, text_to_embed
from catalog_index.vectors import (
    VectorFile,
    VectorWriter,
    ann_name,
    are_unit,
    file_names,
    text_digests,
)

CHUNK = 512
"""Records embedded at a time, or fewer where they are long."""

STEPS = ("begun", "staged", "indexed", "linked", "flushed", "vouched", "swapped", "cleaned")
"""The steps of a change, in order; `Step` is told each once it is done."""

_SAMPLE_QUERIES = 200
_MOSTLY_DEAD = 1 / 3
"""From which share of dead keys on a segment is written anew without them."""

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Change:
    """What a generation changes of the one before: keys no longer live, and how to say it."""

    kind: str
    counts: Counts
    feeds: tuple[str, ...]
    media_root: str


class GenerationWriter:
    """One new generation, until it is committed or discarded.

    Args:
        out: the index directory, whose lock the caller holds.
        embedder: makes the vectors.
        base: the generation to start from, or None.
        step: told each of `STEPS` that is done here.

    Raises:
        OSError: the disk is full or refuses (from any method).
    """

    def __init__(self, out: Path, embedder: Embedder, base: Snapshot | None, step: Step) -> None:
        self.out = out
        self._embedder = embedder
        self._base = base
        self._step = step
        self.name = new_name(out)
        self.generation = out / GENERATIONS / self.name
        self.entry = EmbedderEntry(
            id=embedder.id, revision=embedder.revision, dimension=embedder.dimension
        )
        taken = [int(entry.name) for entry in base.manifest.segments] if base else []
        self._segment = f"{max(taken, default=0) + 1:04d}"
        self._next_key = base.manifest.next_key if base else 1
        records = self.generation / f"records-{self._segment}.sqlite"
        self.generation.mkdir(parents=True)
        try:
            begin_work(self.generation, self.entry)
            records.touch()  # SQLite would not say why it cannot
            self.records = RecordWriter(records, self._next_key)
        except BaseException:
            self._remove()
            raise
        self._segments: list[SegmentEntry] = []
        self._dead: list[int] = []
        self.new_passages = 0
        step("begun")

    def index(
        self, dead: Sequence[int], source: VectorSource, progress: Callable[[int, int], None]
    ) -> None:
        """Embed the new records, unless `source` has their vectors, and enter their words.

        Args:
            dead: keys of the base that are no longer live.
            source: vectors that need no embedding.
            progress: told how many of how many records are done.
        """
        self._step("staged")
        base = self._base.generation / LEXICAL if self._base else None
        lexical = _lexical_writer(self.generation / LEXICAL, base)
        vectors = VectorWriter(self.generation, self._segment, self._embedder.dimension)
        total = len(self.records)
        try:
            self._take_over(dead, vectors)
            done = 0
            progress(done, total)
            for chunk in self.records.records(CHUNK, self._next_key):
                keys = [key for key, _ in chunk]
                texts = [text_to_embed(record) for _, record in chunk]
                digests = text_digests(texts)
                vectors.add(keys, digests, self._vectors(texts, digests, source))
                lexical.add((key, record_fields(record)) for key, record in chunk)
                self.records.enter_codes(chunk)
                self.new_passages += sum(not isinstance(record, Product) for _, record in chunk)
                done += len(chunk)
                progress(done, total)
            lexical.delete(dead)
            lexical.finish()
        finally:
            vectors.close()
            lexical.close()
        self.records.finish()
        self._close_segment(vectors)
        self._step("indexed")

    def _take_over(self, dead: Sequence[int], vectors: VectorWriter) -> None:
        """Keep the base's segments, and copy the live records of those too small or too dead."""
        if self._base is None:
            return
        gone = {*self._base.dead.tolist(), *dead}
        kept = segments_to_keep(self._base.segments, gone, len(self.records))
        for segment in self._base.segments[kept:]:
            for batch in segment.records.stored(CHUNK):
                live = [(key, stored) for key, stored in batch if key not in gone]
                for key, stored in live:
                    self.records.copy(key, stored)
                rows = segment.vectors.positions([key for key, _ in live])
                keys = segment.vectors.keys[rows].tolist()
                vectors.add(keys, segment.vectors.texts[rows], segment.vectors.rows(rows))
        self._segments = [segment.entry for segment in self._base.segments[:kept]]
        last = self._segments[-1].last_key if self._segments else 0
        self._dead = sorted(key for key in gone if key <= last)

    def _vectors(
        self, texts: Sequence[str], digests: NDArray[np.uint64], source: VectorSource
    ) -> Vectors:
        known, rows = source.find(digests)
        vectors = np.zeros((len(texts), self._embedder.dimension), dtype=np.float32)
        if known.any():
            vectors[known] = rows
        if not known.all():
            missing = [text for text, is_known in zip(texts, known, strict=True) if not is_known]
            vectors[~known] = self._embedded(missing)
        return vectors

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        """Embed texts.

        Raises:
            CatalogError: what the embedder made are no unit vectors of its dimension.
        """
        vectors = np.asarray(self._embedder.encode(texts), dtype=np.float32)
        fault, wanted = "", (len(texts), self._embedder.dimension)
        if vectors.shape != wanted:
            fault = f"vectors of shape {vectors.shape}, not {wanted}"
        else:
            lengths = np.linalg.norm(vectors, axis=1)
            wrong = np.flatnonzero(~are_unit(vectors))
            if len(wrong):
                fault = (
                    f"{len(wrong)} of {len(texts)} vectors that are not of length 1, the first"
                    f" ({lengths[wrong[0]]:.3g}) for {texts[wrong[0]][:80]!r}"
                )
        if fault:
            raise CatalogError(
                f"The embedder {self.entry.id} ({self.entry.revision}) made {fault}. Nothing was"
                " stored of it; mend the embedder or use another."
            )
        return vectors

    def _close_segment(self, vectors: VectorWriter) -> None:
        """Describe the new segment, with an approximate index if it needs one, or drop it."""
        name = self._segment
        if not vectors.count:
            for unused in (f"records-{name}.sqlite", *file_names(name)):
                (self.generation / unused).unlink()
            return
        self._next_key = max(self._next_key, vectors.last_key + 1)
        report = AnnReport(EXACT, 0, 1.0)
        if needs_ann(vectors.count):
            file = VectorFile(self.generation, name, self._embedder.dimension)
            report = build_ann(file, self.generation / ann_name(name), self._sample_queries())
        self._segments.append(
            SegmentEntry(
                name=name,
                first_key=vectors.first_key,
                last_key=vectors.last_key,
                count=vectors.count,
                vector_index=report.type,
                nprobe=report.nprobe,
                recall=report.recall,
            )
        )

    def _sample_queries(self) -> Vectors:
        """Embed texts as users search by, made of records spread over the new segment."""
        with RecordFile(self.generation / f"records-{self._segment}.sqlite") as records:
            keys = records.sampled_keys(_SAMPLE_QUERIES)
            sampled = records.by_keys(keys).values()
        texts = [sample_query(record, is_brief=n % 2 == 0) for n, record in enumerate(sampled)]
        return self._embedded(texts)

    def commit(self, change: Change) -> Manifest:
        """Make the generation whole and current; nothing of it changes after.

        Raises:
            CatalogError: the counts do not add up: a fault of this program.
            IndexLockedError: another build deleted this generation, where there are no locks.
        """
        if not change.counts.adds_up:
            raise CatalogError(f"The build lost rows: {change.counts}. Please report this.")
        linked = self._link_kept()
        write_keys(self.generation / DEAD, self._dead)
        self._step("linked")
        files = self._flush(linked)
        self._step("flushed")
        manifest = Manifest(
            schema_version=SCHEMA_VERSION,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            change=change.kind,
            embedder=self.entry,
            counts=change.counts,
            segments=tuple(self._segments),
            dead=len(self._dead),
            next_key=self._next_key,
            feeds=change.feeds,
            media_root=change.media_root,
            recipe=self._base.manifest.recipe if self._base else RECIPE,
            files=files,
        )
        write_manifest(self.generation, manifest)
        (self.generation / WORK).unlink()
        fsync_path(self.generation)
        fsync_path(self.generation.parent)
        self._step("vouched")
        drop_never_current(self.out, self.generation)
        self._check_still_there()
        replace_file(self.out / CURRENT, self.name.encode())
        self._step("swapped")
        return manifest

    def _check_still_there(self) -> None:
        """Refuse to make a generation current that another build took for a killed one's."""
        if not (self.generation / MANIFEST).is_file():
            raise IndexLockedError(
                f"Another build wrote to {self.out} meanwhile and deleted what this one made: the"
                " file system has no locks. Run the command again, one build at a time."
            )

    def _link_kept(self) -> Mapping[str, FileEntry]:
        """Link the files of the base's segments that are kept; returns the hashes of its files."""
        if self._base is None:
            return {}
        known = self._base.manifest.files
        kept = [entry for entry in self._segments if entry.name != self._segment]
        names = [name for entry in kept for name in _files_of(entry) if name in known]
        for name in names:
            link_or_copy(self._base.generation / name, self.generation / name)
        return known

    def _flush(self, linked: Mapping[str, FileEntry]) -> dict[str, FileEntry]:
        """Flush every new file and directory to disk; returns all files with their hashes."""
        files: dict[str, FileEntry] = {}
        for name, path in listed_files(self.generation):
            entry = linked.get(name)
            if entry is None or not _is_shared(path, self._base, name):
                fsync_path(path)
                entry = file_entry(path)
            files[name] = entry
        self._check_rewritten(files)
        fsync_path(self.generation / LEXICAL)
        fsync_path(self.generation)
        return files

    def _check_rewritten(self, files: Mapping[str, FileEntry]) -> None:
        """Check the base's files that were read and written anew: new hashes would hide damage."""
        if self._base is not None:
            known = self._base.manifest.files
            read = [name for name, entry in known.items() if files.get(name) != entry]
            verify_files(self._base.generation, self._base.manifest, read)

    def close(self) -> None:
        """Let go of the files; what is written stays, for a later build to take vectors from."""
        self.records.close()

    def discard(self) -> None:
        """Remove what was written, unless CURRENT names it already: then it is whole, and stays."""
        self.records.close()
        with suppress(CatalogError):
            if current_generation(self.out) == self.generation:
                return
        self._remove()

    def _remove(self) -> None:
        shutil.rmtree(self.generation, ignore_errors=True)
        with suppress(OSError):
            self.generation.parent.rmdir()


def segments_to_keep(segments: Sequence[Segment], gone: Collection[int], new: int) -> int:
    """Return how many of the base's segments stay as they are; those after them are merged.

    A segment is merged into the new one when it is no larger than twice what comes after it, so
    that there are few segments and each record is copied seldom (the logarithmic method of Bentley
    and Saxe, J. Algorithms 1980), or when a third of it is dead.
    """
    keys = np.fromiter(gone, dtype=np.int64, count=len(gone))
    kept = len(segments)
    after = new
    for number in range(len(segments) - 1, -1, -1):
        entry = segments[number].entry
        dead = int(np.count_nonzero((keys >= entry.first_key) & (keys <= entry.last_key)))
        if entry.count - dead <= 2 * after or dead > _MOSTLY_DEAD * entry.count:
            kept = number
        after += entry.count - dead
    return kept


def _lexical_writer(directory: Path, base: Path | None) -> LexicalWriter:
    try:
        return LexicalWriter(directory, base)
    except ValueError as error:  # tantivy's way to tell of a disk that refuses
        with engine_writes(directory):
            raise error


def _files_of(entry: SegmentEntry) -> tuple[str, ...]:
    return (entry.records, *file_names(entry.name), ann_name(entry.name))


def _is_shared(path: Path, base: Snapshot | None, name: str) -> bool:
    """Whether a file is one of the base's under a second name, flushed and hashed before."""
    return base is not None and path.samefile(base.generation / name)
