"""What a feed reader is, and the rows that it makes of a file.

A reader turns one file into rows: each row is a record, a rejection with its line, field and
reason, or a row that went into another row's record. A reader never raises for a bad row, only for
a file that it cannot read at all, and holds one record's rows in memory at a time.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from catalog_index.errors import FeedError, RowError
from catalog_index.parsing import clean_text, parse_product
from catalog_index.product import Passage, Product


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row that is a record; `line` counts from 1 in the (decompressed) file.

    `line` is the row's number in a Parquet file and the page's in a PDF. `member` names the file
    in an archive of several, here and below.
    """

    line: int
    record: Product | Passage
    member: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is none: where it stands and why it was refused.

    `record_id` is the id of the product that it should have been, as far as that can be told.
    `hides` says that it stands for an unknown number of records: nobody can tell which of those
    that an index has are in the feed. It is so of a broken row, and of a whole file in an archive.
    """

    line: int
    error: RowError
    member: str = ""
    record_id: str = ""
    hides: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """A row whose content went into the record of another row: a variant, a further picture."""

    line: int
    member: str = ""


Row = Parsed | Rejected | Merged


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a feed may ask of the machine."""

    line: int = 1 << 24
    """Characters of one row: a line, a CSV row, an XML item, a JSON value, a text document."""
    unpacked: int = 1 << 36
    """Bytes that a compressed file or all members of an archive may unpack to: 64 GiB."""
    ratio: int = 200
    """How many times its own size a compressed file may unpack to, above `ratio_from`."""
    ratio_from: int = 1 << 26
    """Unpacked bytes below which the ratio does not matter: 64 MiB."""
    document: int = 1 << 28
    """Bytes of a PDF: it is held in memory."""


DEFAULT_LIMITS = Limits()


class Reader(Protocol):
    """One feed format."""

    name: str

    def matches(self, path: Path, head: str) -> bool:
        """Whether this reader takes the file, judged by its name and first 16,384 characters."""
        ...

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the file's rows in order.

        Raises:
            FeedError: the file as a whole is not of this format.
        """
        ...


RawRow = tuple[int, Mapping[str, Any] | RowError]
"""A row before it is a product: its line, and its cells by name or its fault."""

Renaming = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Maps the names of a row to Google's; raises `RowError` for a value that cannot be mapped."""


def parsed_row(
    line: int, raw: Mapping[str, Any] | RowError, to_google: Renaming | None = None
) -> Row:
    """Make a row of a raw one; `to_google` maps its names to Google's, where they are others."""
    if isinstance(raw, RowError):
        return Rejected(line, raw, hides=True)
    record = raw
    try:
        record = to_google(raw) if to_google else raw
        return Parsed(line, parse_product(record))
    except RowError as error:
        identifier = clean_text(record.get("id"))
        return Rejected(line, error, record_id=identifier, hides=not identifier)
    except RecursionError:
        return Rejected(line, RowError("", "nested too deeply"), hides=True)


def optional_module(name: str, extra: str, path: Path) -> Any:
    """Import a library that only some feeds need.

    Raises:
        FeedError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise FeedError(
            f"{path} needs a library that is not installed."
            f" Install it with: pip install 'llama-e[{extra}]'"
        ) from error
