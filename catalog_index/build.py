"""Feeds in, one new generation of an index out.

Rows stream from the readers into the record file; then records stream out of it to be embedded
and entered into lexical search. Memory holds one chunk of records and the vectors. CURRENT is
swapped last: until then readers see the generation before.
"""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from catalog_index.durable import exclusive_lock, fsync_path, replace_file, storage_errors
from catalog_index.embedding import Embedder, MiniLMEmbedder
from catalog_index.errors import CatalogError, FeedError, StorageError
from catalog_index.manifest import (
    CURRENT,
    GENERATIONS,
    LOCK,
    MANIFEST,
    RECORDS,
    REJECTED,
    SCHEMA_VERSION,
    VECTORS,
    Counts,
    EmbedderEntry,
    Manifest,
    current_generation,
    file_entry,
    write_manifest,
)
from catalog_index.parsing import clean_path, clean_text
from catalog_index.product import Passage, Product
from catalog_index.readers import Reader, Rejected, choose_reader, feed_files
from catalog_index.store import Record, StoreWriter
from catalog_index.vectors import VectorWriter

CHUNK = 512
"""Records embedded at a time."""

ABANDONED_SECONDS = 24 * 3600
"""After how long without a change an unfinished generation counts as left by a killed build."""

Progress = Callable[[str, int, int | None], None]
"""Called with a stage ("read", "index"), how much is done, and of how much if known."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: counts that add up, where rejected rows are listed, seconds taken."""

    directory: Path
    counts: Counts
    rejected_file: Path | None
    seconds: float


def build_index(
    feeds: Sequence[Path],
    out: Path,
    *,
    format_name: str = "auto",
    embedder: Embedder | None = None,
    progress: Progress = lambda *_: None,
) -> BuildReport:
    """Build a new generation of the index at `out` from the feeds, and make it current.

    Args:
        feeds: feed files, or directories of them; later rows replace earlier ones of the same id.
        out: the index directory, made when missing.
        format_name: one of `readers.FORMATS`, or "auto" to sniff each file.
        embedder: all-MiniLM-L6-v2 unless given.
        progress: told of each stage's advance.

    Raises:
        FeedError: a feed is missing, empty, of no known format, or holds no single good row; the
            rows refused are then listed in `OUT.rejected.jsonl`, beside the index directory.
        IndexLockedError: another build is writing to `out`.
        StorageError: the disk is full or refuses; the earlier generation stays current.
    """
    started = time.monotonic()
    embedder = embedder or MiniLMEmbedder()
    files = list(feed_files(feeds))
    readers = [(file, choose_reader(file, format_name)) for file in files]
    with storage_errors(out):
        is_new = not out.exists()
        out.mkdir(parents=True, exist_ok=True)
    try:
        with exclusive_lock(out / LOCK):
            try:
                counts, rejected = _build_generation(readers, out, embedder, progress)
            except BaseException:
                if is_new and not (out / CURRENT).exists():
                    with suppress(OSError):
                        (out / LOCK).unlink()
                raise
    except BaseException:
        if is_new:
            with suppress(OSError):
                out.rmdir()
        raise
    return BuildReport(out, counts, rejected, time.monotonic() - started)


def _build_generation(
    readers: Sequence[tuple[Path, Reader]], out: Path, embedder: Embedder, progress: Progress
) -> tuple[Counts, Path | None]:
    """Build a generation, swap it in, drop those before; returns counts and the rejected file."""
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    generation = out / GENERATIONS / name
    refused = _refused_file(out)
    try:
        with storage_errors(out):
            generation.mkdir(parents=True)
            work = _Build(generation, embedder, progress)
            try:
                work.read(readers, refused)
                work.index()
            finally:
                work.close()
            work.finish([file for file, _ in readers])
        replace_file(out / CURRENT, name.encode())
    except BaseException:
        _discard(generation)
        raise
    rejected = out / REJECTED
    if work.rejected:
        replace_file(rejected, "".join(work.rejected).encode())
    else:
        rejected.unlink(missing_ok=True)
    refused.unlink(missing_ok=True)
    _drop_old(out, keep=name)
    return work.counts(), rejected if work.rejected else None


def _refused_file(out: Path) -> Path:
    """Return where the rows of a feed without a good one are listed: no index is there to hold it.

    It stands beside the index directory, so that an earlier index stays as it was.
    """
    whole = out.resolve()
    return whole.with_name(f"{whole.name}.{REJECTED}")


class _Build:
    """The state of one build."""

    def __init__(self, generation: Path, embedder: Embedder, progress: Progress) -> None:
        self._generation = generation
        self._embedder = embedder
        self._progress = progress
        self.rejected: list[str] = []
        self._media_root = ""
        self._read = self._merged = self._products = self._passages = 0
        self._store = StoreWriter(generation / RECORDS)

    def read(self, readers: Iterable[tuple[Path, Reader]], refused: Path) -> None:
        """Stream every feed's rows into the record file.

        Raises:
            FeedError: there is no good row; those there are were listed in the file `refused`.
        """
        for file, reader in readers:
            for row in reader.read(file):
                self._read += 1
                if isinstance(row, Rejected):
                    self.rejected.append(_rejection(file, row))
                elif not self._store.add(row.record):
                    self._merged += 1
                elif isinstance(row.record, Product):
                    self._products += 1
                    self._media_root = self._media_root or clean_path(file.resolve().parent)
                else:
                    self._passages += 1
                if self._read % CHUNK == 0:
                    self._progress("read", self._read, None)
        self._progress("read", self._read, self._read)
        if not self._products + self._passages:
            raise FeedError(
                f"None of the feed's {self._read} rows is a product or a passage."
                f"{self._list_rejected(refused)}"
            )

    def _list_rejected(self, refused: Path) -> str:
        """Write the rejected rows to a file; returns the first, and the file's path."""
        if not self.rejected:
            return ""
        first = f" The first: {self.rejected[0].strip()}"
        try:
            replace_file(refused, "".join(self.rejected).encode())
        except StorageError:
            return first
        return f"{first} All of them: {refused}"

    def index(self) -> None:
        """Embed the records and enter them into lexical search."""
        total = self._products + self._passages
        vectors = VectorWriter(self._embedder.dimension)
        done = 0
        self._progress("index", 0, total)
        for chunk in self._store.records(CHUNK):
            texts = [text_to_embed(record) for _, record in chunk]
            vectors.add([key for key, _ in chunk], self._embedder.encode(texts))
            self._store.index_words(chunk)
            done += len(chunk)
            self._progress("index", done, total)
        self._store.finish()
        vectors.write(self._generation / VECTORS)

    def close(self) -> None:
        """Let go of the record file."""
        self._store.close()

    def finish(self, feeds: Sequence[Path]) -> None:
        """Flush the files and write the manifest that vouches for them."""
        for name in (RECORDS, VECTORS):
            fsync_path(self._generation / name)
        write_manifest(
            self._generation,
            Manifest(
                schema_version=SCHEMA_VERSION,
                created=datetime.now(UTC).isoformat(timespec="seconds"),
                embedder=EmbedderEntry(
                    id=self._embedder.id,
                    revision=self._embedder.revision,
                    dimension=self._embedder.dimension,
                ),
                counts=self.counts(),
                feeds=tuple(clean_text(feed.name) for feed in feeds),
                media_root=self._media_root,
                files={name: file_entry(self._generation / name) for name in (RECORDS, VECTORS)},
            ),
        )
        fsync_path(self._generation)

    def counts(self) -> Counts:
        """Where the rows went; checked to add up."""
        counts = Counts(
            read=self._read,
            products=self._products,
            passages=self._passages,
            rejected=len(self.rejected),
            merged=self._merged,
        )
        if counts.read != counts.indexed + counts.rejected + counts.merged:
            raise CatalogError(f"The build lost rows: {counts}. Please report this.")
        return counts


def text_to_embed(record: Record) -> str:
    """Return the text whose vector stands for a record in dense search."""
    if isinstance(record, Passage):
        return f"{record.title}. {record.text}"
    kind = record.product_type.rpartition(" > ")[2]
    parts = (record.title, kind, record.description)
    return ". ".join(part for part in parts if part)


def _rejection(file: Path, row: Rejected) -> str:
    entry = {
        "file": clean_text(file.name),
        "line": row.line,
        "field": row.error.field,
        "reason": row.error.reason,
    }
    return json.dumps(entry, ensure_ascii=False) + "\n"


def _discard(generation: Path) -> None:
    """Remove what a failed build wrote, and the directory of generations if it holds no other.

    The failure may have come after CURRENT was swapped: then the generation is whole, and stays.
    """
    with suppress(CatalogError):
        if current_generation(generation.parent.parent) == generation:
            return
    shutil.rmtree(generation, ignore_errors=True)
    with suppress(OSError):
        generation.parent.rmdir()


def _drop_old(out: Path, keep: str) -> None:
    """Delete generations other than the current one.

    One without a manifest is still being built, unless it has not changed for a day: then its
    build was killed.
    """
    for generation in (out / GENERATIONS).iterdir():
        if generation.name == keep:
            continue
        with suppress(OSError):
            changed = max(path.stat().st_mtime for path in (generation, *generation.iterdir()))
            if (generation / MANIFEST).is_file() or time.time() - changed > ABANDONED_SECONDS:
                shutil.rmtree(generation, ignore_errors=True)
