"""Feeds in, one new generation of an index out: building, updating, deleting.

Rows stream from the readers into a new segment's record file; then records stream out of it to be
embedded and entered into lexical search. Memory holds one chunk of records. CURRENT is swapped
last: until then readers see the generation before.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from catalog_index.commit import Change, GenerationWriter
from catalog_index.durable import (
    copy_whole,
    exclusive_lock,
    make_directory,
    storage_errors,
    sweep_beside,
)
from catalog_index.embedding import Embedder, MiniLMEmbedder
from catalog_index.errors import FeedError, RecordNotFoundError, StorageError
from catalog_index.generations import PREVIOUS_KEPT, clean_generations, generation_directories
from catalog_index.index import HASHED_AT_OPEN
from catalog_index.manifest import (
    CURRENT,
    LOCK,
    REJECTED,
    Counts,
    current_generation,
    read_manifest,
    verify_files,
)
from catalog_index.parsing import clean_text
from catalog_index.readers import Reader, choose_reader, feed_files
from catalog_index.reuse import earlier_vectors
from catalog_index.snapshot import Snapshot
from catalog_index.staging import Outcome, Staging

Progress = Callable[[str, int, int | None], None]
"""Called with a stage ("read", "index"), how much is done, and of how much if known."""

Step = Callable[[str], None]
"""Called with each of `commit.STEPS` once it is done."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a change did: counts that add up, where rejected rows are listed, seconds taken.

    `has_changed` is False where the index was as it should be already: no generation was written.
    `kept_missing` records that the feeds no longer name were kept though `delete_missing` was
    asked, since `hiding` rows could not be read, each of which may have named one.
    """

    directory: Path
    counts: Counts
    rejected_file: Path | None
    seconds: float
    has_changed: bool = True
    kept_missing: int = 0
    hiding: int = 0


@dataclass(frozen=True, slots=True)
class Options:
    """How feeds are read and what is told meanwhile.

    `format_name` is one of `readers.FORMATS`, or "auto" to sniff each file. With `is_strict` the
    first refused row stops everything. With `delete_missing` an update deletes what the feeds no
    longer name, unless a row was refused that may have named anything. `progress` is told of each
    stage's advance, `step` of each step that is durable.
    """

    format_name: str = "auto"
    is_strict: bool = False
    delete_missing: bool = False
    progress: Progress = lambda *_: None
    step: Step = lambda _: None


def build_index(
    feeds: Sequence[Path],
    out: Path,
    *,
    embedder: Embedder | None = None,
    options: Options | None = None,
) -> BuildReport:
    """Build a new generation of the index at `out` from the feeds, and make it current.

    Vectors of texts that an earlier or a killed build embedded already are taken over.

    Args:
        feeds: feed files, or directories of them; later rows replace earlier ones of the same id.
        out: the index directory, made when missing.
        embedder: all-MiniLM-L6-v2 unless given.
        options: how to read, and whom to tell.

    Raises:
        FeedError: a feed is missing, empty, of no known format, or holds no single good row; the
            rows refused are then listed in `OUT.rejected.jsonl`, beside the index directory.
        IndexLockedError: another build is writing to `out`.
        StorageError: the disk is full or refuses; the earlier generation stays current.
    """
    options = options or Options()
    readers = _readers(feeds, options)
    with _writing(out):
        return _change(out, readers, None, embedder or MiniLMEmbedder(), options)


def update_index(
    out: Path,
    feeds: Sequence[Path],
    *,
    embedder: Embedder | None = None,
    options: Options | None = None,
) -> BuildReport:
    """Bring the index at `out` up to date with feeds that hold all records, or only changed ones.

    Records that the feeds do not name stay, unless `options.delete_missing`. A document that is
    read replaces all its passages. Only texts that are new are embedded.

    Raises:
        IndexNotFoundError: there is no index at `out`.
        IndexCorruptError: the index is damaged.
        IndexMismatchError: another embedder made it, or an earlier way of entering records.
        FeedError, IndexLockedError, StorageError: as `build_index`.
    """
    options = options or Options()
    embedder = embedder or MiniLMEmbedder()
    current_generation(out)
    readers = _readers(feeds, options)
    with _writing(out), _opened(out, embedder) as base:
        base.manifest.check_recipe()
        return _change(out, readers, base, embedder, options)


def delete_records(
    out: Path,
    ids: Sequence[str],
    *,
    embedder: Embedder | None = None,
    step: Step = lambda _: None,
) -> BuildReport:
    """Delete products by id, documents by name ("returns.md") or passages by id.

    Raises:
        RecordNotFoundError: an id is none of the index's; nothing is deleted then.
        IndexNotFoundError, IndexCorruptError, IndexMismatchError, IndexLockedError, StorageError:
            as `update_index`.
    """
    embedder = embedder or MiniLMEmbedder()
    current_generation(out)
    with _writing(out), _opened(out, embedder) as base:
        keys = _keys_of(base, ids)
        return _change(out, [], base, embedder, Options(step=step), delete=keys)


def _keys_of(base: Snapshot, ids: Sequence[str]) -> list[int]:
    keys: list[int] = []
    unknown: list[str] = []
    for record_id in ids:
        if not _is_text(record_id):
            unknown.append(record_id)
            continue
        product = base.find("product", record_id) or base.find("passage", record_id)
        passages = [key for key, _ in base.ids("passage", f"{record_id}#")]
        found = [product[0]] if product else passages
        keys += found
        unknown += [] if found else [record_id]
    if unknown:
        raise RecordNotFoundError(
            f"The index holds no {', '.join(map(repr, unknown[:5]))}"
            f"{f' and {len(unknown) - 5} more' if len(unknown) > 5 else ''}; nothing was deleted."
            " Check the ids with `llama-e search`."
        )
    return keys


def _is_text(record_id: str) -> bool:
    """Whether an id has a UTF-8 form, as every record's has; a broken argument may have none."""
    with suppress(UnicodeEncodeError):
        return bool(record_id.encode())
    return False


def _readers(feeds: Sequence[Path], options: Options) -> list[tuple[Path, Reader]]:
    return [(file, choose_reader(file, options.format_name)) for file in feed_files(feeds)]


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Hold the lock of an index directory, made if missing and removed if nothing came of it."""
    with storage_errors(out):
        is_new = not out.exists()
        make_directory(out)
    try:
        with exclusive_lock(out / LOCK):
            try:
                yield
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


@contextmanager
def _opened(out: Path, embedder: Embedder) -> Iterator[Snapshot]:
    """Open the current generation to be changed."""
    generation = current_generation(out)
    manifest = read_manifest(generation)
    manifest.check_embedder(embedder)
    if sum(entry.size for entry in manifest.files.values()) < HASHED_AT_OPEN:
        verify_files(generation, manifest)  # a larger one is checked as far as it is rewritten
    snapshot = Snapshot(generation, manifest)
    try:
        yield snapshot
    finally:
        snapshot.close()


def _change(
    out: Path,
    readers: Sequence[tuple[Path, Reader]],
    base: Snapshot | None,
    embedder: Embedder,
    options: Options,
    *,
    delete: Sequence[int] = (),
) -> BuildReport:
    """Write and swap in the generation that the rows and deletions make of the base."""
    started = time.monotonic()
    rejected: Path | None = None
    with storage_errors(out):
        writer = GenerationWriter(out, embedder, base, options.step)
        try:
            outcome = _stage(writer, readers, base, options, delete)
            has_changed = base is None or bool(outcome.added or outcome.replaced or outcome.gone)
            if has_changed:
                _index(writer, out, base, outcome, options)
                counts = _counts(base, writer.new_passages, outcome)
                change = "build" if base is None else "update" if readers else "delete"
                writer.commit(_describe(change, counts, base, outcome, readers))
            else:
                counts = _counts(base, 0, outcome)
            if readers:
                rejected = _publish_rejected(out, writer.generation, bool(outcome.rejected))
        except KeyboardInterrupt:
            writer.close()  # what was embedded stays, for the next try
            raise
        except BaseException:
            writer.discard()
            raise
        if not has_changed:
            writer.discard()
        clean_generations(out, PREVIOUS_KEPT)
        options.step("cleaned")
    return BuildReport(
        out,
        counts,
        rejected,
        time.monotonic() - started,
        has_changed,
        kept_missing=outcome.kept_missing,
        hiding=outcome.hiding,
    )


def _stage(
    writer: GenerationWriter,
    readers: Sequence[tuple[Path, Reader]],
    base: Snapshot | None,
    options: Options,
    delete: Sequence[int],
) -> Outcome:
    """Take the feeds' rows.

    Raises:
        FeedError: there is no good row; those there are were listed beside the index directory.
    """
    refused = writer.generation / REJECTED
    staging = Staging(
        writer.records,
        refused,
        base,
        is_strict=options.is_strict,
        progress=lambda read: options.progress("read", read, None),
    )
    try:
        staging.take(readers)
        options.progress("read", staging.read, staging.read)
        outcome = staging.outcome(delete_missing=options.delete_missing, delete=delete)
    finally:
        staging.close()
    if readers and not outcome.added + outcome.unchanged + len(outcome.replaced):
        raise FeedError(
            f"None of the feed's {outcome.read} rows is a product or a passage."
            f"{_list_rejected(writer.out, refused, staging.first_rejection)}"
        )
    return outcome


def _index(
    writer: GenerationWriter,
    out: Path,
    base: Snapshot | None,
    outcome: Outcome,
    options: Options,
) -> None:
    known = [path for path in generation_directories(out) if path != writer.generation]
    writer.index(
        [*outcome.replaced, *outcome.gone],
        earlier_vectors(known, writer.entry),
        lambda done, total: options.progress("index", done, total),
    )


def _counts(base: Snapshot | None, new_passages: int, outcome: Outcome) -> Counts:
    """Say what is live after a change, and where its rows went."""
    before = base.manifest.counts if base else Counts(products=0, passages=0)
    dead = {*outcome.replaced, *outcome.gone}
    dead_passages = len(dead & set(base.live_keys("passage"))) if base and dead else 0
    new = outcome.added + len(outcome.replaced)
    return Counts(
        products=before.products + (new - new_passages) - (len(dead) - dead_passages),
        passages=before.passages + new_passages - dead_passages,
        read=outcome.read,
        added=outcome.added,
        changed=len(outcome.replaced),
        unchanged=outcome.unchanged,
        rejected=outcome.rejected,
        merged=outcome.merged,
        deleted=len(outcome.gone),
    )


def _describe(
    kind: str,
    counts: Counts,
    base: Snapshot | None,
    outcome: Outcome,
    readers: Sequence[tuple[Path, Reader]],
) -> Change:
    feeds = tuple(clean_text(file.name) for file, _ in readers)
    before = base.manifest if base else None
    known = before.feeds if before else ()
    return Change(
        kind=kind,
        counts=counts,
        feeds=tuple(dict.fromkeys((*known, *feeds))),
        media_root=(before.media_root if before else "") or outcome.media_root,
    )


def _publish_rejected(out: Path, generation: Path, has_some: bool) -> Path | None:
    """Put the list of refused rows where it is looked for; returns its path if there are any."""
    listed = out / REJECTED
    sweep_beside(_refused_beside(out))
    _refused_beside(out).unlink(missing_ok=True)
    if not has_some:
        listed.unlink(missing_ok=True)
        return None
    copy_whole(generation / REJECTED, listed)
    return listed


def _list_rejected(out: Path, refused: Path, first: str) -> str:
    """List the refused rows of a feed without a good one; returns the first, and where all are."""
    if not first:
        return ""
    beside = _refused_beside(out)
    try:
        copy_whole(refused, beside)
    except StorageError:
        return f" The first: {first}"
    return f" The first: {first} All of them: {beside}"


def _refused_beside(out: Path) -> Path:
    """Return where the rows of a feed without a good one are listed: no index is there to hold it.

    It stands beside the index directory, so that an earlier index stays as it was.
    """
    whole = out.resolve()
    return whole.with_name(f"{whole.name}.{REJECTED}")
