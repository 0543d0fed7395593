"""CSV and TSV with a header row of Google's field names; other columns become attributes.

Quoted cells may span lines. A quote that is opened and never closed would swallow the rows after
it: such a row is refused at its first line, and reading goes on with the next.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from catalog_index.errors import FeedError, RowError
from catalog_index.parsing import parse_product
from catalog_index.readers.base import Parsed, Rejected, Row, check_text, open_text

_DELIMITERS = ",;\t|"
_MAX_CELL = 1 << 20
_MAX_LINES = 200
"""How many lines one row may span."""


class CsvReader:
    """Reads delimited text; the delimiter is the one that occurs most often in the header."""

    name = "csv"

    def matches(self, path: Path, head: str) -> bool:
        """Take files whose header names both an id and a title column."""
        header = next(iter(head.splitlines()), "")
        columns = {_column(cell) for cell in header.split(_delimiter(header))}
        return {"id", "title"} <= columns

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one row a data line; see `Reader.read`."""
        csv.field_size_limit(_MAX_CELL)
        with open_text(path) as text:
            header = text.readline()
            delimiter = _delimiter(header)
            columns = [
                _column(cell) for cell in next(csv.reader([header], delimiter=delimiter), [])
            ]
            if missing := {"id", "title"} - set(columns):
                raise FeedError(
                    f"{path} has no column {' or '.join(sorted(missing))}. Name the columns in its"
                    " first row by Google's product data fields (id, title, price, ...)."
                )
            for line, row in _rows(text, delimiter, width=len(columns)):
                try:
                    if isinstance(row, RowError):
                        raise row
                    check_text("".join(row))
                    yield Parsed(line, parse_product(dict(zip(columns, row, strict=False))))
                except RowError as error:
                    yield Rejected(line, error)


def _rows(
    lines: Iterator[str], delimiter: str, width: int
) -> Iterator[tuple[int, list[str] | RowError]]:
    """Yield each row below the header with the line it starts on: its cells, or its fault."""
    ahead: deque[str] = deque()

    def next_line() -> str:
        return ahead.popleft() if ahead else next(lines, "")

    number = 2
    while first := next_line():
        taken = [first]
        row = _cells(taken, delimiter, width)
        while row is None and len(taken) < _MAX_LINES and (more := next_line()):
            taken.append(more)
            if '"' in more:
                row = _cells(taken, delimiter, width)
        if row is None:
            row = RowError("", "a quote is opened and never closed")
        if isinstance(row, RowError):
            ahead.extendleft(reversed(taken[1:]))
            del taken[1:]
        if isinstance(row, RowError) or any(row):
            yield number, row
        number += len(taken)


def _cells(lines: list[str], delimiter: str, width: int) -> list[str] | RowError | None:
    """Return the cells of the row that these lines make, its fault, or None if it goes on."""
    try:
        cells = next(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            return None
        if len(lines) > 1:
            return RowError("", f"not CSV: {error}; is a quote not closed?")
        try:
            cells = next(csv.reader(lines, delimiter=delimiter))
        except csv.Error as fault:
            return RowError("", f"not CSV: {fault}")
    if len(cells) > width:
        return RowError("", f"{len(cells)} cells for {width} columns; quote the delimiters")
    return cells


def _column(cell: str) -> str:
    return cell.strip().strip('"').lower().removeprefix("g:").replace(" ", "_")


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)
