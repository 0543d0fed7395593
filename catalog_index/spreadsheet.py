"""Tables for people's spreadsheets: CSV whose cells no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path

from catalog_index.durable import replace_file, storage_errors

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def plain(text: str) -> str:
    """Undo `cell`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def table_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV table as spreadsheets read it: byte-order mark, CRLF, no formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in chain([header], rows))
    return f"\ufeff{text.getvalue()}"


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write `table_text` to a file, whole or not at all.

    Raises:
        StorageError: the disk refuses.
    """
    text = table_text(header, rows)
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, text.encode("utf-8"))
