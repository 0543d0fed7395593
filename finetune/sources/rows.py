"""What the readers of public sets share: lines of JSON, plain or compressed, and sentence form."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from finetune.errors import DatasetError


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSONL file; a name that ends in .gz is read compressed.

    Raises:
        DatasetError: the file is missing, broken, or a line is no object.
    """
    number = 0
    open_file = gzip.open if path.suffix == ".gz" else open
    try:
        with open_file(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise DatasetError(f"{path}, line {number}: is no JSON object.")
                    yield row
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise DatasetError(f"{path} cannot be read: {error}.") from error
    except ValueError as error:
        raise DatasetError(f"{path}, line {number}: {error}.") from error


def text_of(row: Mapping[str, Any], key: str, path: Path) -> str:
    """Return a row's text under a key, white space folded.

    Raises:
        DatasetError: there is none.
    """
    value = row.get(key)
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise DatasetError(
            f"{path}: a row has no {key!r} (it has: {', '.join(row)}); is this the right file?"
        )
    return " ".join(str(value).split())


def as_sentence(text: str) -> str:
    """Give a text its first capital and its full stop."""
    folded = " ".join(text.split())
    if not folded:
        return ""
    folded = folded[0].upper() + folded[1:]
    return folded if folded[-1] in ".!?" else f"{folded}."
