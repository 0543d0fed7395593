"""A table of a task's inputs: how its rows become input lines, and what makes a table unfit.

Columns named like the task's keys are its inputs, all others are the product's fields. The command
line and the jobs of the page read a row the same way. Knows no model and no job.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from assistant.parameters import query_of
from assistant.tasks import TASKS
from assistant.tasks.base import ProductInput, TaskInputError
from catalog_index.errors import CatalogError, RowError
from catalog_index.readers.base import Limits
from catalog_index.readers.delimited import delimited_rows, header_columns
from catalog_index.readers.opening import read_head
from catalog_index.spreadsheet import table_text

ADDED = ("output", "label", "grounded", "error")
"""Columns that a table gains; where it has them already, they are no input and are replaced."""

LISTS = ("labels", "evidence", "keep", "avoid")
"""Columns whose cells are lists, split at |."""

MAX_BYTES = 50 << 20
MAX_ROWS = 100_000
_MAX_ROW = 1 << 18
"""Characters of one row."""
_HEAD = 1 << 16
_LIMITS = Limits(line=_MAX_ROW, unpacked=MAX_BYTES, ratio_from=MAX_BYTES)
_TITLES = frozenset({"title", "name", "product"})
_NEEDED = {"classify": "labels", "intent": "query", "answer": "question"}
"""What a task cannot do without, the product apart; a title's query may be the product's type."""

_TEMPLATES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ads": (
        ("id", "title", "brand", "price", "colour", "material", "audience", "occasion", "tone"),
        ("TB-20", "Canvas tote bag 20 l", "Aldmere", "24.90 EUR", "sand", "cotton", *[""] * 3),
    ),
    "title": (
        ("id", "query", "title", "brand", "colour", "material", "platform"),
        ("TB-20", "cotton shopping bag", "Tote 20 l", "Aldmere", "sand", "cotton", "Amazon"),
    ),
    "classify": (
        ("id", "title", "description", "labels"),
        ("TB-20", "Canvas tote bag 20 l", "Folds flat.", "Tote bags|Backpacks"),
    ),
    "intent": (
        ("id", "query", "title", "brand", "price"),
        ("TB-20", "cotton shopping bag", "Canvas tote bag 20 l", "Aldmere", "24.90 EUR"),
    ),
    "answer": (
        ("id", "question", "evidence"),
        ("1", "Can I wash it at 40 degrees?", "care: machine wash 40 °C|material: cotton"),
    ),
}

Row = dict[str, Any]


class TableError(AssistantError):
    """A table cannot be worked on; says what is wrong with it and what would be right."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table is: its columns, and how many rows it has below the header."""

    columns: tuple[str, ...]
    rows: int


def row_line(task: str, row: Mapping[str, Any]) -> Row:
    """Return the input line that a table's row makes; empty cells say nothing."""
    own = TASKS[task].inputs.model_fields
    line: Row = {}
    product: Row = {}
    for name, value in row.items():
        if name is None or name in ADDED or not value:
            continue
        key = name.strip().lower()
        if key in LISTS and key in own:
            line[key] = [part.strip() for part in value.split("|") if part.strip()]
        elif key in own and key not in ("product", "context"):
            line[key] = value
        else:
            product["title" if key == "product" else key] = value
    if "product" in own:
        line["product"] = product
    return line


def job_line(task: str, row: Mapping[str, Any], settings: Mapping[str, Any]) -> Row:
    """Return a row's input line with the settings for what the row leaves open.

    A title without a query is written for the product's own type.

    Raises:
        TaskInputError: the row holds no product.
    """
    line = {**settings, **row_line(task, row)}
    if task == "title" and not line.get("query"):
        try:
            record = ProductInput.model_validate(line["product"]).record
        except ValueError as error:
            raise TaskInputError("The row has no product title.") from error
        line["query"] = query_of("", record)
    return line


def read_rows(path: Path) -> Iterator[tuple[int, Row | RowError]]:
    """Yield each row of a table below the header with the line it starts on, from 2.

    Raises:
        TableError: the file is no table.
    """
    try:
        for number, row in delimited_rows(path, _LIMITS, required=(), quiet=True):
            yield number, row if isinstance(row, RowError) else dict(row)
    except CatalogError as error:
        raise TableError(_told(error, path)) from error


def columns_of(path: Path) -> tuple[str, ...]:
    """Return the names in a table's header.

    Raises:
        TableError: the file is no table.
    """
    try:
        return tuple(header_columns(read_head(path, _LIMITS, _HEAD)))
    except CatalogError as error:
        raise TableError(_told(error, path)) from error


def check_table(path: Path, task: str, settings: Mapping[str, Any]) -> Sheet:
    """Read a table once through, to learn whether a task can be done on it.

    Args:
        path: the file.
        task: one of `TASKS`.
        settings: inputs that hold for rows that do not give them.

    Raises:
        TableError: it cannot; says why.
    """
    if (size := path.stat().st_size) > MAX_BYTES:
        raise TableError(
            f"The file has {size / (1 << 20):,.0f} MB; at most {MAX_BYTES >> 20} MB are taken."
            " Leave out columns that do not matter, or split it."
        )
    _refuse_binary(path)
    columns = columns_of(path)
    named = {name.strip().lower() for name in columns if name}
    if twice := sorted({name for name in columns if name and columns.count(name) > 1}):
        raise TableError(f"The column {twice[0]!r} is there twice. Rename or remove one of them.")
    needed = _NEEDED.get(task)
    if needed and needed not in named and not settings.get(needed):
        raise TableError(
            f"The table has no column {needed!r}, which this task needs."
            f" {_has(columns)} Add the column, or fill in {needed!r} for all rows."
        )
    if "product" in TASKS[task].inputs.model_fields and not named & _TITLES:
        raise TableError(
            f"The table has no column 'title', so no row says which product it is. {_has(columns)}"
            " The first row must name the columns."
        )
    rows = 0
    for _ in read_rows(path):
        rows += 1
        if rows > MAX_ROWS:
            raise TableError(f"The table has more than {MAX_ROWS:,} rows. Split it.")
    if not rows:
        raise TableError("The table has a header and no rows below it. Add a row for each product.")
    return Sheet(columns, rows)


def template(task: str) -> str:
    """Return a small table for a task, as CSV: its columns, and one row that shows them."""
    header, row = _TEMPLATES[task]
    return table_text(header, [row])


def _has(columns: tuple[str, ...]) -> str:
    shown = ", ".join(name[:40] for name in columns[:8] if name)
    return f"Its columns: {shown}{', ...' if len(columns) > 8 else ''}."


def _refuse_binary(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip():
        raise TableError("The file is empty. Upload a CSV whose first row names the columns.")
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError("This is a workbook or an archive, no CSV. Save the sheet as CSV first.")
    is_utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if not is_utf16 and (b"\0" in head or sum(byte < 9 for byte in head) > 8):
        raise TableError("The file is not text. Upload a CSV whose first row names the columns.")


def _told(error: CatalogError, path: Path) -> str:
    """Say what is wrong without naming where the upload is kept."""
    return str(error).replace(str(path), "The table")
