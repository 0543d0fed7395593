"""A segment's records in one SQLite file: by key, by kind and id, by any identifier.

A key is a record's number in the whole index; keys only grow, and a changed record gets a new
one. A finished file is never changed. Knows neither vectors, words nor manifests.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import sys
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, Literal, Self

from catalog_index.errors import IndexCorruptError
from catalog_index.product import Passage, Product

Record = Product | Passage
Kind = Literal["product", "passage"]

_SCHEMA = """
CREATE TABLE record (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    digest BLOB NOT NULL,
    content TEXT NOT NULL
);
CREATE UNIQUE INDEX record_id ON record (kind, id);
CREATE TABLE identifier (code TEXT NOT NULL, key INTEGER NOT NULL);
"""
_DIGEST_BYTES = 16
_CONNECTIONS = 4
"""How many queries of one file may run at once."""
_MARKS = 500
"""How many values one statement is given at most."""
_BATCH_CHARACTERS = 2 << 20
"""Of JSON text, from which on a batch takes no further record: 2 MB, unless one is longer."""
_CODE_KEYS = 200
"""How many keys one look-up of a code gives at most."""
_NO_CODES = frozenset(
    {"0", "na", "nan", "none", "null", "unknown", "notapplicable", "doesnotapply", "doesntapply"}
)
"""What shops write, folded, where there is no code."""


def normalise_code(code: str) -> str:
    """Fold an identifier for comparison: case, punctuation and a GTIN's leading zeros go.

    What says that there is no code ("n/a", "does not apply") folds to nothing.
    """
    folded = re.sub(r"[\W_]", "", code.casefold())
    if folded in _NO_CODES:
        return ""
    return folded.lstrip("0") if folded.isdigit() and len(folded) >= 8 else folded


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as the file holds it: its JSON text and that text's digest (blake2b, 16 bytes)."""

    kind: Kind
    id: str
    digest: bytes
    content: str

    @classmethod
    def of(cls, record: Record) -> Stored:
        """Serialise a record."""
        content = dump(record)
        kind: Kind = "product" if isinstance(record, Product) else "passage"
        return cls(kind, record.id, content_digest(content), content)


def content_digest(content: str) -> bytes:
    """Return the digest of a record's JSON text."""
    return hashlib.blake2b(content.encode(), digest_size=_DIGEST_BYTES).digest()


def dump(record: Record) -> str:
    """Write a record as JSON text; equal records make equal texts."""
    if isinstance(record, Product):
        values = record.to_json()
    else:
        values = {name: getattr(record, name) for name in record.__slots__}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def load(kind: str, content: str) -> Record:
    """Rebuild a record from `dump`'s text."""
    values = json.loads(content)
    return Product.from_json(values) if kind == "product" else Passage(**values)


class RecordWriter:
    """Fills a new record file; `finish` makes it whole. A later row replaces one of the same id.

    A failing disk raises `sqlite3.OperationalError`, which `durable.storage_errors` explains.

    Args:
        path: the file to make.
        first_key: the key of the first record.
    """

    def __init__(self, path: Path, first_key: int = 1) -> None:
        self._first_key = first_key
        self._connection = sqlite3.connect(path)
        self._connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;" + _SCHEMA
        )
        self._next_key = first_key

    def __len__(self) -> int:
        (count,) = self._connection.execute("SELECT COUNT(*) FROM record").fetchone()
        return int(count)

    def put(self, stored: Stored) -> bool:
        """Store a record; returns False where it replaced an earlier one of its id."""
        taken = self._connection.execute(
            "INSERT OR IGNORE INTO record VALUES (?, ?, ?, ?, ?)",
            (self._next_key, stored.kind, stored.id, stored.digest, stored.content),
        )
        if taken.rowcount:
            self._next_key += 1
            return True
        self._connection.execute(
            "UPDATE record SET digest = ?, content = ? WHERE kind = ? AND id = ?",
            (stored.digest, stored.content, stored.kind, stored.id),
        )
        return False

    def copy(self, key: int, stored: Stored) -> None:
        """Take over a record from another file, with its key."""
        self._connection.execute(
            "INSERT INTO record VALUES (?, ?, ?, ?, ?)",
            (key, stored.kind, stored.id, stored.digest, stored.content),
        )
        self.enter_codes([(key, load(stored.kind, stored.content))])

    def remove(self, kind: Kind, record_id: str) -> bool:
        """Forget a record that was put; returns whether there was one."""
        done = self._connection.execute(
            "DELETE FROM record WHERE kind = ? AND id = ?", (kind, record_id)
        )
        return bool(done.rowcount)

    def holds(self, kind: Kind, record_id: str) -> bool:
        """Whether a record of this id was put."""
        found = self._connection.execute(
            "SELECT 1 FROM record WHERE kind = ? AND id = ?", (kind, record_id)
        )
        return found.fetchone() is not None

    def records(self, size: int, first_key: int = 0) -> Iterator[list[tuple[int, Record]]]:
        """Yield (key, record) in batches of `size`, by key, from `first_key` on."""
        for batch in _batches(self._connection, size, first_key):
            yield [(key, load(stored.kind, stored.content)) for key, stored in batch]

    def enter_codes(self, records: Iterable[tuple[int, Record]]) -> None:
        """Enter products into the look-up of identifiers."""
        for key, record in records:
            if isinstance(record, Product):
                codes = {normalise_code(code) for code in record.identifiers()}
                self._connection.executemany(
                    "INSERT INTO identifier VALUES (?, ?)",
                    [(code, key) for code in sorted(codes) if code],
                )

    def commit(self) -> None:
        """Write what was put so far to the file."""
        self._connection.commit()

    def finish(self) -> None:
        """Build the look-up index and finish the file."""
        self._connection.execute("CREATE INDEX identifier_code ON identifier (code, key)")
        self._connection.commit()
        self._connection.close()

    def close(self) -> None:
        """Let go of the file; without `finish` it is worth nothing."""
        self._connection.close()


class RecordFile:
    """Reads a finished record file; safe to share between threads.

    The file is opened here and never again, so that it goes on answering after its generation was
    replaced and deleted.

    Raises:
        IndexCorruptError: the file is not a record file (from any method).
        ValueError: it was closed (from any method).
    """

    def __init__(self, path: Path) -> None:
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._path = path
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._closing = threading.Lock()
        self._is_closed = False
        # Whoever drops an index lets go of its files, without closing it.
        weakref.finalize(self, _close_idle, self._idle).atexit = False
        with self._corruption():
            for _ in range(_CONNECTIONS):
                self._idle.put(sqlite3.connect(uri, uri=True, check_same_thread=False))
        try:
            for _ in range(_CONNECTIONS):
                self._query("SELECT key FROM record LIMIT 1", ())
        except IndexCorruptError:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file once running queries are done; harmless when done before."""
        with self._closing:
            self._is_closed = True
            connections = [self._idle.get() for _ in range(_CONNECTIONS)]
            for connection in connections:
                connection.close()
                self._idle.put(connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find(self, kind: Kind, record_id: str) -> tuple[int, bytes] | None:
        """Return key and digest of the record of exactly this id, or None."""
        rows = self._query(
            "SELECT key, digest FROM record WHERE kind = ? AND id = ?", (kind, record_id)
        )
        return (int(rows[0][0]), bytes(rows[0][1])) if rows else None

    def by_keys(self, keys: Sequence[int]) -> dict[int, Record]:
        """Return the records of these keys; unknown keys are left out.

        Raises:
            IndexCorruptError: a record does not match its digest.
        """
        found: dict[int, Record] = {}
        for part in _parts(keys):
            rows = self._query(
                f"SELECT key, kind, digest, content FROM record WHERE key IN ({_marks(part)})",
                part,
            )
            for key, kind, digest, content in rows:
                if content_digest(content) != digest:
                    raise self._damaged(f"record {key} does not match its digest")
                found[key] = load(kind, content)
        return found

    def sampled_keys(self, count: int) -> list[int]:
        """Return keys spread evenly over the file, about `count` of them."""
        (total,) = self._query("SELECT COUNT(*) FROM record", ())[0]
        rows = self._query(
            "SELECT key FROM record WHERE key % ? = 0", (max(1, total // max(1, count)),)
        )
        return [key for (key,) in rows][: 2 * count]

    def keys_of_kind(self, kind: Kind) -> list[int]:
        """Return every key of one kind, ascending."""
        rows = self._query("SELECT key FROM record WHERE kind = ? ORDER BY key", (kind,))
        return [key for (key,) in rows]

    def ids(self, kind: Kind, prefix: str = "") -> list[tuple[int, str]]:
        """Return (key, id) of every record of a kind whose id begins with `prefix`."""
        after = _after_all_with(prefix)
        span, limits = ("AND id < ?", (after,)) if after else ("", ())
        return self._query(
            f"SELECT key, id FROM record WHERE kind = ? AND id >= ? {span} ORDER BY key",
            (kind, prefix, *limits),
        )

    def digests(self) -> list[tuple[int, Kind, str, bytes]]:
        """Return (key, kind, id, content digest) of every record."""
        return self._query("SELECT key, kind, id, digest FROM record ORDER BY key", ())

    def keys_of_code(self, code: str, after: int = 0) -> list[int]:
        """Return the first 200 keys above `after` of products bearing a folded code, ascending."""
        rows = self._query(
            "SELECT key FROM identifier WHERE code = ? AND key > ? ORDER BY key LIMIT ?",
            (code, after, _CODE_KEYS),
        )
        return [key for (key,) in rows]

    def entered(self, codes: Sequence[str], keys: range) -> set[tuple[str, int]]:
        """Return every (folded code, key) entered of these codes, for keys in a span."""
        return {
            (code, key)
            for part in _parts(codes)
            for code, key in self._query(
                "SELECT code, key FROM identifier"
                f" WHERE code IN ({_marks(part)}) AND key >= ? AND key < ?",
                (*part, keys.start, keys.stop),
            )
        }

    def stored(self, size: int) -> Iterator[list[tuple[int, Stored]]]:
        """Yield (key, record) as stored in batches of `size`, by key: for copying."""
        connection = self._idle.get()
        try:
            with self._corruption():
                yield from _batches(connection, size)
        finally:
            self._idle.put(connection)

    def check(self) -> None:
        """Read the file whole.

        Raises:
            IndexCorruptError: SQLite finds a fault, or a record does not match its digest.
        """
        (result,) = self._query("PRAGMA quick_check", ())[0]
        if result != "ok":
            raise self._damaged(f"SQLite says: {result}")
        for batch in self.stored(_MARKS):
            for key, stored in batch:
                if content_digest(stored.content) != stored.digest:
                    raise self._damaged(f"record {key} does not match its digest")

    def _query(self, sql: str, values: Sequence[Any] | Mapping[str, Any]) -> list[Any]:
        connection = self._idle.get()
        try:
            if self._is_closed:
                raise ValueError(f"The record file {self._path} was closed.")
            with self._corruption():
                return list(connection.execute(sql, values).fetchall())
        finally:
            self._idle.put(connection)

    @contextmanager
    def _corruption(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, what: str) -> IndexCorruptError:
        return IndexCorruptError(
            f"The index is damaged: {self._path} cannot be read ({what})."
            " Build it again with `llama-e index build`."
        )


def _batches(
    connection: sqlite3.Connection, size: int, first_key: int = 0
) -> Iterator[list[tuple[int, Stored]]]:
    """Yield (key, record) in batches of `size`, or fewer where they are long, by key."""
    last = first_key - 1
    while True:
        batch: list[tuple[int, Stored]] = []
        room = _BATCH_CHARACTERS
        rows = connection.execute(
            "SELECT key, kind, id, digest, content FROM record WHERE key > ? ORDER BY key LIMIT ?",
            (last, size),
        )
        with closing(rows):
            for key, kind, name, digest, text in rows:
                batch.append((key, Stored(kind, name, digest, text)))
                room -= len(text)
                if room <= 0:
                    break
        if not batch:
            return
        last = batch[-1][0]
        yield batch


def _close_idle(connections: LifoQueue[sqlite3.Connection]) -> None:
    """Close the connections of a file that nobody has any more."""
    with suppress(Empty):
        while True:
            connections.get_nowait().close()


def _after_all_with(prefix: str) -> str:
    """Return the first text after all that begin with `prefix`, "" where there is none.

    SQLite orders texts by their UTF-8 bytes, which is the order of code points.
    """
    shorter = prefix.rstrip(chr(sys.maxunicode))
    if not shorter:
        return ""
    following = ord(shorter[-1]) + 1
    return shorter[:-1] + chr(0xE000 if following == 0xD800 else following)


def _parts(values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    for at in range(0, len(values), _MARKS):
        yield tuple(values[at : at + _MARKS])


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
