"""Parquet files to rows, a batch at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from catalog_index.errors import FeedError, RowError
from catalog_index.readers.base import Limits, RawRow, optional_module
from catalog_index.readers.opening import plain_file

PARQUET_MAGIC = "PAR1"
_BATCH = 256
"""Rows decoded at a time."""


def parquet_columns(path: Path, limits: Limits) -> list[str]:
    """Return a file's column names.

    Raises:
        FeedError: it is damaged, or the library that reads Parquet is not installed.
    """
    with plain_file(path, limits) as plain:
        return list(_opened(plain, path).schema_arrow.names)


def parquet_rows(path: Path, limits: Limits, *, required: Collection[str] = ()) -> Iterator[RawRow]:
    """Yield each row as a mapping of column to value, with its number from 1.

    Raises:
        FeedError: a required column is missing, the file is damaged, or the library that reads
            Parquet is not installed.
    """
    with plain_file(path, limits) as plain:
        file = _opened(plain, path)
        missing = [name for name in required if name not in file.schema_arrow.names]
        if missing:
            raise FeedError(f"{path} has no column {' or '.join(missing)}. Try another --format.")
        number = 0
        batches = file.iter_batches(batch_size=_BATCH)
        while True:
            try:
                rows = next(batches).to_pylist()
            except StopIteration:
                return
            except Exception as error:
                raise _damaged(path, error) from error
            for row in rows:
                number += 1
                size = sum(len(cell) for cell in row.values() if isinstance(cell, str | bytes))
                if size > limits.line:
                    yield number, RowError("", f"longer than {limits.line:,} characters")
                else:
                    yield number, _decoded(row)


def _decoded(row: dict[str, Any]) -> dict[str, Any] | RowError:
    """Return a row whose bytes, as some programs write texts, are texts."""
    try:
        return {
            name: cell.decode() if isinstance(cell, bytes) else cell for name, cell in row.items()
        }
    except UnicodeDecodeError:
        return RowError("", "not UTF-8 text; save the feed as UTF-8")


def _opened(plain: Path, path: Path) -> Any:
    parquet = optional_module("pyarrow.parquet", "parquet", path)
    try:
        return parquet.ParquetFile(plain, memory_map=True)
    except Exception as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> FeedError:
    why = " ".join(str(error).split())[:200] or type(error).__name__
    return FeedError(f"{path} is a damaged Parquet file ({why}). Export it again.")
