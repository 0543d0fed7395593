"""Delimited text (CSV, TSV) to rows of named cells, in whatever dialect a spreadsheet wrote it.

Quoted cells may span lines. A quote that is opened and never closed would swallow the rows after
it: such a row is refused at its first line, and reading goes on with the next. A cell is text,
never a formula.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from catalog_index.errors import FeedError, RowError
from catalog_index.readers.base import Limits, RawRow
from catalog_index.readers.opening import lines_of, open_text

_DELIMITERS = ",;\t|"
_MAX_CELL = 1 << 20
_MAX_LINES = 200
"""How many lines one row may span."""
_MOST_COLUMNS = 5_000

_UNCLOSED = RowError("", "a quote is opened and never closed")

Line = tuple[int, str | RowError]


def header_columns(head: str, name: Callable[[str], str] = str.strip) -> list[str]:
    """Return the names of the columns in a file's first line that is not blank."""
    header = next((line for line in head.splitlines() if not _is_blank(line)), "")
    try:
        cells = next(csv.reader([header], delimiter=_delimiter(header)), [])
    except csv.Error:
        cells = header.split(_delimiter(header))
    return [name(cell) for cell in cells]


def delimited_rows(
    path: Path,
    limits: Limits,
    *,
    required: Collection[str],
    name: Callable[[str], str] = str.strip,
    single: Collection[str] = (),
    quiet: bool = False,
) -> Iterator[RawRow]:
    """Yield each row below the header as a mapping of column name to cell, with its first line.

    The cells of columns that bear one name become a list, where they differ. The delimiter is the
    one that occurs most often in the header.

    Args:
        path: the file.
        limits: bounds to a line and to unpacking.
        required: columns without which the file is none of this format.
        name: writes a column's name as the format knows it.
        single: columns that may stand there once only.
        quiet: whether to spare the notice of `open_text`: the file is read once more.

    Raises:
        FeedError: a required column is missing, or a single one is there twice.
    """
    csv.field_size_limit(_MAX_CELL)
    with open_text(path, limits, quiet=quiet) as text:
        lines = lines_of(text, limits.line)
        first = next(
            (line for line in lines if isinstance(line[1], RowError) or not _is_blank(line[1])),
            None,
        )
        if first is None or isinstance(first[1], RowError):
            raise FeedError(f"{path} has no header row that can be read. Export it again.")
        columns = header_columns(first[1], name)
        _check_columns(path, columns, required, single)
        repeated = any(count > 1 for count in Counter(columns).values())
        for line, row in _rows(lines, _delimiter(first[1]), (len(columns), limits.line)):
            if isinstance(row, RowError):
                yield line, row
            elif repeated:
                yield line, _gathered(columns, row)
            else:
                yield line, dict(zip(columns, row, strict=False))


def _is_blank(line: str) -> bool:
    """Whether a line before the header says nothing; "sep=;" is a note of Excel's to itself."""
    return not line.strip() or (len(line.strip()) == 5 and line.lower().startswith("sep="))


def _check_columns(
    path: Path, columns: list[str], required: Collection[str], single: Collection[str]
) -> None:
    missing = [column for column in required if column not in columns]
    if missing:
        raise FeedError(
            f"{path} has no column {' or '.join(missing)}. Name the columns in its first row by"
            " the format's field names, or choose another --format."
        )
    twice = [column for column in single if columns.count(column) > 1]
    if twice:
        raise FeedError(f"{path} has two columns {twice[0]}. Rename or remove one of them.")
    if len(columns) > _MOST_COLUMNS:
        raise FeedError(f"{path} has {len(columns):,} columns; at most {_MOST_COLUMNS:,} are read.")


def _gathered(columns: list[str], row: list[str]) -> dict[str, str | list[str]]:
    """Name the cells of a row in which columns of one name are to be brought together."""
    cells: dict[str, str | list[str]] = {}
    for column, cell in zip(columns, row, strict=False):
        known = cells.get(column, "")
        if not known:
            cells[column] = cell
        elif isinstance(known, list):
            cells[column] = known if cell in known or not cell else [*known, cell]
        elif cell and cell != known:
            cells[column] = [known, cell]
    return cells


def _rows(
    lines: Iterator[Line], delimiter: str, bounds: tuple[int, int]
) -> Iterator[tuple[int, list[str] | RowError]]:
    """Yield each row with the line it starts on: its cells, or its fault; blank rows are none.

    Args:
        lines: the lines below the header.
        delimiter: what parts the cells.
        bounds: the number of columns, and the characters that a row may have.
    """
    width, limit = bounds
    ahead: deque[Line] = deque()

    def next_line() -> Line | None:
        return ahead.popleft() if ahead else next(lines, None)

    while first := next_line():
        number, row = first[0], None
        taken, texts, size, quotes = [first], list[str](), 0, 0
        more: Line | None = first
        while more is not None and not isinstance(more[1], RowError):
            texts.append(more[1])
            size += len(more[1])
            quotes += more[1].count('"')
            row = _cells(texts, delimiter, width) if len(texts) == 1 or not quotes % 2 else None
            if row is not None or len(texts) == _MAX_LINES or size > limit:
                break
            if more := next_line():
                taken.append(more)
        if row is None:
            row = first[1] if isinstance(first[1], RowError) else _UNCLOSED
        if isinstance(row, RowError):
            ahead.extendleft(reversed(taken[1:]))
        if isinstance(row, RowError) or any(row):
            yield number, row


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


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)
