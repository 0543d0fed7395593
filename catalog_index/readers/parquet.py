"""Parquet: one product a row, its columns named by Google's fields, WANDS, ESCI or Icecat."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from catalog_index.errors import FeedError
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, Renaming, Row, parsed_row
from catalog_index.readers.esci import EsciReader
from catalog_index.readers.icecat import IcecatReader
from catalog_index.readers.parquet_rows import PARQUET_MAGIC, parquet_columns, parquet_rows
from catalog_index.readers.wands import WandsReader


class ParquetReader:
    """Reads `.parquet`; the columns tell which names they bear."""

    name = "parquet"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files by Parquet's signature."""
        return head.startswith(PARQUET_MAGIC)

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one row a product; see `Reader.read`."""
        to_google = self._renaming(path, parquet_columns(path, self._limits))
        for line, raw in parquet_rows(path, self._limits):
            yield parsed_row(line, raw, to_google)

    def _renaming(self, path: Path, columns: list[str]) -> Renaming:
        for reader in (EsciReader(self._limits), WandsReader(self._limits)):
            if set(reader.required) <= set(columns):
                return reader.record
        if {"supplier", "ean"} <= set(columns):
            return IcecatReader(self._limits).record
        names = {column: column.strip().lower().removeprefix("g:") for column in columns}
        if missing := {"id", "title"} - set(names.values()):
            raise FeedError(
                f"{path} has no column {' or '.join(sorted(missing))}. Name the columns by Google's"
                " product data fields (id, title, price, ...)."
            )
        return lambda raw: {names[column]: value for column, value in raw.items()}
