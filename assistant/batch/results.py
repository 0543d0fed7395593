"""What a job came to so far, as a table: the rows' own columns, then what each got.

Nothing in it is a formula to a spreadsheet, whatever feed or model say. Knows no job's state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.batch.table import ADDED, columns_of, read_rows
from assistant.store.jobs import RowResult
from catalog_index.errors import RowError
from catalog_index.spreadsheet import write_table


def write_results(table: Path, results: Iterable[RowResult], out: Path) -> int:
    """Write the finished rows of a table, and return how many there are.

    Args:
        table: what was worked on.
        results: the finished rows, in the order of the table.
        out: the file to write, whole or not at all.

    Raises:
        TableError: the table cannot be read any more.
        StorageError: the disk refuses.
    """
    columns = [name for name in columns_of(table) if name and name not in ADDED]
    rows = list(_rows(table, results, columns))
    write_table(out, [*columns, *ADDED], rows)
    return len(rows)


def _rows(table: Path, results: Iterable[RowResult], columns: list[str]) -> Iterator[list[str]]:
    waiting = iter(results)
    result = next(waiting, None)
    for line, row in read_rows(table):
        if result is None:
            return
        if line != result.line:
            continue
        cells = [""] * len(columns)
        if not isinstance(row, RowError):
            cells = [_text(row.get(name, "")) for name in columns]
        grounded = "" if result.grounded is None else str(result.grounded)
        yield [*cells, result.output, result.label, grounded, result.error]
        result = next(waiting, None)


def _text(value: object) -> str:
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)
