"""JSON lines: one product a line, keyed by Google's field names, other keys as attributes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing import parse_product
from catalog_index.product import Product
from catalog_index.readers.base import Parsed, Rejected, Row, check_text, open_text


class JsonlReader:
    """Reads `.jsonl` and `.ndjson`, plain or gzipped."""

    name = "jsonl"

    def matches(self, path: Path, head: str) -> bool:
        """Take files that end in `.jsonl` or `.ndjson`, or whose text opens a JSON object."""
        names_it = {".jsonl", ".ndjson"} & {suffix.lower() for suffix in path.suffixes[-2:]}
        return bool(names_it) or head.lstrip().startswith("{")

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one row a non-empty line; see `Reader.read`."""
        with open_text(path) as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                try:
                    yield Parsed(number, self.product(_json_object(line)))
                except RowError as error:
                    yield Rejected(number, error)
                except RecursionError:
                    yield Rejected(number, RowError("", "nested too deeply"))

    def product(self, record: Mapping[str, Any]) -> Product:
        """Make a product of one line's object; formats of other key names override this."""
        return parse_product(record)


def _json_object(line: str) -> dict[str, Any]:
    check_text(line)
    try:
        record = json.loads(line)
    except ValueError as error:
        raise RowError("", f"not JSON: {getattr(error, 'msg', error)}") from error
    if not isinstance(record, dict):
        raise RowError("", "not a JSON object")
    return record
