"""JSON: one product an object, keyed by Google's field names, other keys as attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog_index.readers.base import DEFAULT_LIMITS, Limits, RawRow, Row, parsed_row
from catalog_index.readers.json_rows import json_rows, looks_like_json


class JsonlReader:
    """Reads `.jsonl` and `.ndjson`, arrays of objects, and objects over several lines."""

    name = "jsonl"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files that end in `.jsonl` or `.ndjson`, or whose text opens a JSON object."""
        names_it = {".jsonl", ".ndjson"} & {suffix.lower() for suffix in path.suffixes[-2:]}
        return bool(names_it) or looks_like_json(head)

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one row a JSON value; see `Reader.read`."""
        for line, raw in self.raw_rows(path):
            yield parsed_row(line, raw, self.record)

    def raw_rows(self, path: Path) -> Iterator[RawRow]:
        """Yield the file's rows before they are mapped."""
        return json_rows(path, self._limits)

    def record(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Map a row's names to Google's; formats of other names override this."""
        return raw
