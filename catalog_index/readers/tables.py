"""Tables of records in whatever container holds them: delimited text, JSON or Parquet.

A format that is one row a product, under names of its own, derives from `TableReader` and maps
those names to Google's; formats that have more to say stand in files of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from catalog_index.errors import FeedError
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, RawRow, Row, parsed_row
from catalog_index.readers.delimited import delimited_rows, header_columns
from catalog_index.readers.json_rows import json_rows, looks_like_json
from catalog_index.readers.opening import read_head
from catalog_index.readers.parquet_rows import PARQUET_MAGIC, parquet_columns, parquet_rows

_HEAD = 1024


class TableReader(ABC):
    """Reads one product a row, by its columns."""

    name: str
    required: ClassVar[tuple[str, ...]]
    """Columns by which the format is known."""

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take what has the required columns, or JSON keys."""
        if head.startswith(PARQUET_MAGIC):
            return path.exists() and set(self.required) <= set(parquet_columns(path, self._limits))
        if looks_like_json(head):
            return all(f'"{name}"' in head for name in self.required)
        return set(self.required) <= set(header_columns(head))

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one row a product; see `Reader.read`."""
        for line, raw in self._raw_rows(path):
            yield parsed_row(line, raw, self.record)

    @abstractmethod
    def record(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Map a row's names to Google's."""

    def _raw_rows(self, path: Path) -> Iterator[RawRow]:
        head = read_head(path, self._limits, _HEAD)
        if not head.strip():
            raise FeedError(f"{path} is empty. Export the feed again.")
        if head.startswith(PARQUET_MAGIC):
            return parquet_rows(path, self._limits, required=self.required)
        if looks_like_json(head):
            return json_rows(path, self._limits)
        return delimited_rows(path, self._limits, required=self.required, single=self.required)
