"""Rows of one product brought together: the variants that stand in rows of their own.

Rows that belong to another wait in a temporary file on disk until their product comes, so that
neither their order in the feed nor their number matters to memory.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text, quoted
from catalog_index.parsing.records import MAX_VARIANTS
from catalog_index.product import Variant
from catalog_index.readers.base import Merged, Parsed, Rejected, Row, parsed_row


class WaitingRows:
    """Rows by the key of the product that they belong to."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._indexed = False
        connection.execute("CREATE TABLE waiting (key TEXT, line INTEGER, cells TEXT)")

    def add(self, key: str, line: int, cells: Mapping[str, Any]) -> None:
        """Let a row wait."""
        row = (key, line, json.dumps(cells))
        self._connection.execute("INSERT INTO waiting VALUES (?, ?, ?)", row)

    def take(self, *keys: str) -> list[tuple[int, dict[str, Any]]]:
        """Return the rows that wait for one of these keys, in order, at most `MAX_VARIANTS`."""
        if not self._indexed:
            self._connection.execute("CREATE INDEX waiting_key ON waiting (key)")
            self._indexed = True
        marks = ", ".join("?" * len(keys))
        rows = self._connection.execute(
            f"SELECT rowid, line, cells FROM waiting WHERE key IN ({marks}) ORDER BY line LIMIT ?",
            (*keys, MAX_VARIANTS - 1),
        ).fetchall()
        self._connection.executemany(
            "DELETE FROM waiting WHERE rowid = ?", [(rowid,) for rowid, _, _ in rows]
        )
        return [(line, json.loads(cells)) for _, line, cells in rows]

    def rest(self) -> Iterator[tuple[int, str]]:
        """Yield line and key of the rows for which no product came."""
        yield from self._connection.execute("SELECT line, key FROM waiting ORDER BY line")


@contextmanager
def waiting_rows() -> Iterator[WaitingRows]:
    """Give an empty store of waiting rows, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="llama-e-feed-") as folder:
        connection = sqlite3.connect(Path(folder) / "waiting.sqlite")
        try:
            connection.execute("PRAGMA journal_mode=OFF")
            connection.execute("PRAGMA synchronous=OFF")
            yield WaitingRows(connection)
        finally:
            connection.close()


def without_product(field: str, key: str) -> RowError:
    """Return the fault of a row that waited in vain."""
    if not key:
        return RowError(field, "missing")
    why = f"the feed has no product {quoted(key)}, or it has over {MAX_VARIANTS:,} rows"
    return RowError(field, why)


def grouped_rows(
    record: Mapping[str, Any], members: Sequence[tuple[int, Variant | RowError | None]]
) -> Iterator[Row]:
    """Yield the rows of one product: each row is the product's, merged into it or rejected.

    Args:
        record: the product, keyed by Google's field names.
        members: its rows in order, the product's own first: the line, and the variant that the row
            is, its fault, or None where it adds neither.
    """
    good = [line for line, item in members if not isinstance(item, RowError)]
    lost = "" if good else clean_text(record.get("id"))
    yield from (
        Rejected(line, item, record_id=lost) for line, item in members if isinstance(item, RowError)
    )
    if not good:
        return
    first, *others = good
    variants = [item for _, item in members if isinstance(item, Variant)]
    row = parsed_row(first, {**record, "variants": variants})
    yield row
    why = RowError("", f"belongs to the product of line {first}, which was rejected")
    for line in others:
        yield Merged(line) if isinstance(row, Parsed) else Rejected(line, why)
