"""CSV and TSV with a header row of Google's field names; other columns become attributes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from catalog_index.errors import FeedError, RowError
from catalog_index.parsing import parse_product
from catalog_index.readers.base import Parsed, Rejected, Row, check_text, open_text

_DELIMITERS = ",;\t|"
_MAX_CELL = 1 << 20


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
            rows = csv.reader(text, delimiter=delimiter)
            while True:
                line = rows.line_num + 2
                try:
                    cells = next(rows)
                    if not any(cells):
                        continue
                    yield Parsed(line, parse_product(_record(columns, cells)))
                except StopIteration:
                    return
                except csv.Error as error:
                    yield Rejected(line, RowError("", f"not CSV: {error}"))
                except RowError as error:
                    yield Rejected(line, error)


def _record(columns: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) > len(columns):
        raise RowError("", f"{len(cells)} cells for {len(columns)} columns; quote the delimiters")
    check_text("".join(cells))
    return dict(zip(columns, cells, strict=False))


def _column(cell: str) -> str:
    return cell.strip().strip('"').lower().removeprefix("g:").replace(" ", "_")


def _delimiter(header: str) -> str:
    return max(_DELIMITERS, key=header.count)
