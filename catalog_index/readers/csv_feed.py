"""CSV and TSV with a header row of Google's field names; other columns become attributes.

Google Merchant's own TSV is of this kind: its columns may bear the prefix `g:`, and some may come
several times.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalog_index.readers.base import DEFAULT_LIMITS, Limits, Row, parsed_row
from catalog_index.readers.delimited import delimited_rows, header_columns

_SINGLE = ("id", "title", "description", "price", "sale_price", "availability", "brand", "quantity")


class CsvReader:
    """Reads delimited text; the delimiter is the one that occurs most often in the header."""

    name = "csv"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files whose header names both an id and a title column."""
        return {"id", "title"} <= set(header_columns(head, google_column))

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one row a data line; see `Reader.read`."""
        rows = delimited_rows(
            path, self._limits, required=("id", "title"), name=google_column, single=_SINGLE
        )
        for line, raw in rows:
            yield parsed_row(line, raw)


def google_column(cell: str) -> str:
    """Write a column's name as Google's specification does: "g:Image Link" is "image_link"."""
    name = cell.strip().strip('"').lower().removeprefix("g:")
    return name.strip().replace(" ", "_")
