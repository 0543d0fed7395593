"""Rows of feeds -> the records that a new segment will hold, and what becomes of the old ones.

Streams: nothing is held in memory but counts. What a feed's rows were compared with is noted in a
small database beside the records, which is deleted once the counts are known.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog_index.errors import CatalogError, FeedError
from catalog_index.parsing import clean_path, clean_text
from catalog_index.product import Product
from catalog_index.readers import Parsed, Reader, Rejected
from catalog_index.records import Kind, Record, RecordWriter, Stored
from catalog_index.snapshot import Snapshot

_TOLD_EVERY = 512
_SCHEMA = """
PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
CREATE TABLE seen (
    kind TEXT, id TEXT, base INTEGER, is_same INTEGER, PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE refused (id TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rows came to.

    `replaced` are keys of the base whose records the new segment changes, `gone` keys of records
    that it deletes. `kept_missing` is how many records no row named that were kept all the same,
    since any of the `hiding` rows, which could not be read, may have been theirs.
    """

    read: int
    added: int
    unchanged: int
    rejected: int
    merged: int
    replaced: tuple[int, ...]
    gone: tuple[int, ...]
    media_root: str
    kept_missing: int = 0
    hiding: int = 0


class Staging:
    """Takes the rows of feeds into a new record file.

    Args:
        records: the new segment's records.
        rejected: the file to list refused rows in.
        base: the generation that the rows change, or None to begin with nothing.
        is_strict: whether the first refused row is a fault of the whole.
        progress: told how many rows were read.
    """

    def __init__(
        self,
        records: RecordWriter,
        rejected: Path,
        base: Snapshot | None,
        *,
        is_strict: bool = False,
        progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._records = records
        self._base = base
        self._is_strict = is_strict
        self._progress = progress
        self._refused = rejected.open("w", encoding="utf-8")
        self.first_rejection = ""
        self.read = self._rejected = self._hiding = self._merged = 0
        self._media_root = ""
        self._documents: set[str] = set()
        self._has_products = False
        self._seen_path = rejected.with_name("seen.sqlite")
        self._seen: sqlite3.Connection | None = None
        if base is not None:
            self._seen_path.touch()  # SQLite would not say why it cannot
            self._seen = sqlite3.connect(self._seen_path)
            self._seen.executescript(_SCHEMA)

    def take(self, readers: Iterable[tuple[Path, Reader]]) -> None:
        """Stream every feed's rows in.

        Raises:
            FeedError: a feed cannot be read, or, if strict, a row was refused.
        """
        for file, reader in readers:
            for row in reader.read(file):
                self.read += 1
                if isinstance(row, Rejected):
                    self._refuse(file, row)
                elif isinstance(row, Parsed):
                    self._take(file, row.record)
                else:
                    self._merged += 1
                if self.read % _TOLD_EVERY == 0:
                    self._progress(self.read)
        self._records.commit()

    def _take(self, file: Path, record: Record) -> None:
        if isinstance(record, Product):
            self._has_products = True
            self._media_root = self._media_root or clean_path(file.resolve().parent)
        else:
            self._documents.add(record.id.partition("#")[0])
        self._put(Stored.of(record))

    def _put(self, stored: Stored) -> None:
        if self._base is None or self._seen is None:
            self._merged += not self._records.put(stored)
            return
        found = self._base.find(stored.kind, stored.id)
        is_same = found is not None and found[1] == stored.digest
        first = self._seen.execute(
            "INSERT OR IGNORE INTO seen VALUES (?, ?, ?, ?)",
            (stored.kind, stored.id, found[0] if found else None, is_same),
        )
        if not first.rowcount:
            self._merged += 1
            self._seen.execute(
                "UPDATE seen SET is_same = ? WHERE kind = ? AND id = ?",
                (is_same, stored.kind, stored.id),
            )
        if is_same:
            self._records.remove(stored.kind, stored.id)
        else:
            self._records.put(stored)

    def _refuse(self, file: Path, row: Rejected) -> None:
        self._rejected += 1
        self._hiding += row.hides
        if self._seen is not None and row.record_id:
            self._seen.execute("INSERT OR IGNORE INTO refused VALUES (?)", (row.record_id,))
        entry = {
            "file": clean_text(":".join(filter(None, (file.name, row.member)))),
            "line": row.line,
            "field": row.error.field,
            "reason": row.error.reason,
        }
        line = json.dumps(entry, ensure_ascii=False)
        self.first_rejection = self.first_rejection or line
        if self._is_strict:
            raise FeedError(
                f"A row was refused, and --strict allows none: {line}. Mend it, or leave --strict."
            )
        self._refused.write(f"{line}\n")

    def outcome(self, *, delete_missing: bool, delete: Sequence[int]) -> Outcome:
        """Return what the rows came to, once all were taken.

        Args:
            delete_missing: whether records of the base that no row named go, of the kinds that
                the feeds held; a product whose row was refused stays as it was, and all stay
                where a refused row may have been any record's. The passages of a document that
                was read go in any case.
            delete: keys of the base to delete.

        Raises:
            CatalogError: the counts do not add up: a fault of this program.
        """
        self._refused.flush()
        outcome = self._counted(delete_missing=delete_missing, delete=delete)
        kept = outcome.added + len(outcome.replaced) + outcome.unchanged
        if outcome.read != kept + outcome.rejected + outcome.merged:
            raise CatalogError(
                f"The build lost rows: {outcome.read} were read, but {kept} kept,"
                f" {outcome.rejected} rejected and {outcome.merged} merged. Please report this."
            )
        return outcome

    def _counted(self, *, delete_missing: bool, delete: Sequence[int]) -> Outcome:
        new = len(self._records)
        if self._base is None or self._seen is None:
            return Outcome(
                self.read, new, 0, self._rejected, self._merged, (), (), self._media_root
            )
        (same,) = self._seen.execute("SELECT COUNT(*) FROM seen WHERE is_same").fetchone()
        missing = self._missing() if delete_missing else set()
        gone = {*delete, *self._outdated(), *(() if self._hiding else missing)}
        replaced = [
            key
            for kind, record_id, key in self._seen.execute(
                "SELECT kind, id, base FROM seen WHERE base IS NOT NULL ORDER BY base"
            )
            if self._records.holds(kind, record_id)
        ]
        return Outcome(
            read=self.read,
            added=new - len(replaced),
            unchanged=int(same),
            rejected=self._rejected,
            merged=self._merged,
            replaced=tuple(replaced),
            gone=tuple(sorted(gone)),
            media_root=self._media_root,
            kept_missing=len(missing - gone),
            hiding=self._hiding,
        )

    def _missing(self) -> set[int]:
        """Return the keys of the base that feeds of all records should have named."""
        products = self._unseen("product", "") if self._has_products else set()
        return products | (self._unseen("passage", "") if self._documents else set())

    def _outdated(self) -> set[int]:
        """Return the keys of passages that documents which were read no longer have."""
        return {
            key for document in self._documents for key in self._unseen("passage", f"{document}#")
        }

    def _unseen(self, kind: Kind, prefix: str) -> set[int]:
        assert self._base is not None and self._seen is not None
        query = (
            "SELECT 1 FROM seen WHERE kind = ?1 AND id = ?2"
            " UNION ALL SELECT 1 FROM refused WHERE ?1 = 'product' AND id = ?2"
        )
        return {
            key
            for key, record_id in self._base.ids(kind, prefix)
            if self._seen.execute(query, (kind, record_id)).fetchone() is None
        }

    def close(self) -> None:
        """Let go of the files, and delete the notes."""
        self._refused.close()
        if self._seen is not None:
            self._seen.close()
            self._seen_path.unlink(missing_ok=True)
