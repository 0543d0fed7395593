"""What a feed reader is, and how feed files are opened.

A reader turns one file into rows: each row is a record or a rejection with its line, field and
reason. A reader never raises for a bad row, only for a file that it cannot read at all, and holds
one row in memory at a time.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TextIO

from catalog_index.errors import FeedError, RowError
from catalog_index.product import Passage, Product

GZIP_MAGIC = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Parsed:
    """A row that is a record; `line` counts from 1 in the (decompressed) file."""

    line: int
    record: Product | Passage


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is none: where it stands and why it was refused."""

    line: int
    error: RowError


Row = Parsed | Rejected


class Reader(Protocol):
    """One feed format."""

    name: str

    def matches(self, path: Path, head: str) -> bool:
        """Whether this reader takes the file, judged by its name and first 4,096 characters."""
        ...

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the file's rows in order.

        Raises:
            FeedError: the file as a whole is not of this format.
        """
        ...


@contextmanager
def open_text(path: Path) -> Iterator[TextIO]:
    """Open a plain or gzipped feed as UTF-8 text, byte-order mark dropped.

    Bytes that are not UTF-8 come through as lone surrogates, so that `check_text` can reject the
    one row they stand in.

    Raises:
        FeedError: the file is missing, unreadable or a damaged archive.
    """
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == GZIP_MAGIC
        with (
            gzip.open(path, "rb") if packed else path.open("rb") as binary,
            io.TextIOWrapper(
                io.BufferedReader(binary), "utf-8-sig", errors="surrogateescape", newline=""
            ) as text,
        ):
            yield text
    except FileNotFoundError as error:
        raise FeedError(f"There is no feed at {path}. Check the path.") from error
    except IsADirectoryError as error:
        raise FeedError(f"{path} is a directory, not a feed file.") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise FeedError(f"{path} is a damaged gzip archive ({error}). Fetch it again.") from error
    except PermissionError as error:
        raise FeedError(f"{path} may not be read. Check its permissions.") from error
    except OSError as error:
        raise FeedError(f"{path} cannot be read: {error.strerror or error}.") from error


def check_text(line: str) -> None:
    """Refuse a line that was not UTF-8.

    Raises:
        RowError: the line holds bytes that do not decode.
    """
    try:
        line.encode("utf-8")
    except UnicodeEncodeError as error:
        raise RowError("", "not UTF-8 text; save the feed as UTF-8") from error
