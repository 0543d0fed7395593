"""One SQLite file, its migrations and its transactions. Knows no table: each module has its own.

Migrations are the `.sql` files beside this module, applied once each, in the order of their names;
a file that has landed is never changed, a new one is added instead.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError

DATA_VARIABLE = "LLAMA_E_DATA"
FILE = "llama-e.sqlite3"
_BUSY_SECONDS = 20.0


class StoreError(AssistantError):
    """The file of conversations cannot be opened, read or written."""


def data_dir(index_dir: Path) -> Path:
    """Return where the conversations over an index are kept; the directory may not exist yet.

    The environment variable `LLAMA_E_DATA` names the root; without one it is the user's own data
    directory as the operating system defines it. Each index has a directory of its own.
    """
    if named := os.environ.get(DATA_VARIABLE):
        root = Path(named).expanduser()
    else:
        import platformdirs

        root = Path(platformdirs.user_data_dir("llama-e"))
    whole = str(index_dir.resolve())
    name = re.sub(r"[^\w-]+", "-", index_dir.resolve().name)[:40] or "index"
    return root / f"{name}-{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


class Database:
    """Connections to one file, one a thread. Safe to share between threads and processes.

    Args:
        path: the file; its directory is made.

    Raises:
        StoreError: the file cannot be opened, is no database, or is of a newer version.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        with _faults(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._migrate()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that may write; all of it is kept, or, on an exception, nothing.

        Raises:
            StoreError: the disk refuses, or another process held the file too long.
        """
        with _faults(self.path):
            connection = self._connection()
            if connection.in_transaction:
                # Of a caller further up: it ends with theirs.
                yield connection
                return
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """Return all rows of a query.

        Raises:
            StoreError: the file cannot be read.
        """
        with _faults(self.path):
            return self._connection().execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Row | None:
        """Return the first row of a query, None where there is none; raises what `rows` raises."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return connection

    def _migrate(self) -> None:
        known = {
            file.name: file.read_text(encoding="utf-8")
            for file in (resources.files(__package__) / "migrations").iterdir()
            if file.name.endswith(".sql")
        }
        with self.transaction() as connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied REAL)"
            )
            applied = {row["name"] for row in connection.execute("SELECT name FROM migrations")}
            if strangers := sorted(applied - set(known)):
                raise StoreError(
                    f"{self.path} was written by a newer LLaMA-E (it knows {strangers[0]}). "
                    f"Update LLaMA-E, or name another directory in {DATA_VARIABLE}."
                )
            for name in sorted(set(known) - applied):
                for statement in known[name].split(";\n"):
                    if statement.strip():
                        connection.execute(statement)
                connection.execute("INSERT INTO migrations VALUES (?, ?)", (name, time.time()))


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.OperationalError, sqlite3.DatabaseError, OSError) as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise StoreError(
            f"The file of conversations {path} cannot be used: {error}. Make room or mend its "
            f"permissions, or name another directory in {DATA_VARIABLE}."
        ) from error
