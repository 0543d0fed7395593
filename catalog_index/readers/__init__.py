"""Feed formats, one file each, and the choice among them by sniffing or by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog_index.errors import FeedError
from catalog_index.readers.base import Parsed, Reader, Rejected, Row, open_text
from catalog_index.readers.csv_feed import CsvReader
from catalog_index.readers.icecat import IcecatReader
from catalog_index.readers.jsonl import JsonlReader
from catalog_index.readers.markdown import MarkdownReader

__all__ = ["FORMATS", "Parsed", "Reader", "Rejected", "Row", "choose_reader", "feed_files"]

FORMATS: dict[str, Reader] = {
    reader.name: reader for reader in (MarkdownReader(), IcecatReader(), JsonlReader(), CsvReader())
}
"""Readers in the order in which they are asked whether a file is theirs."""

_HEAD_CHARACTERS = 4096
_SUFFIXES = {".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".md", ".markdown", ".gz"}


def choose_reader(path: Path, format_name: str = "auto") -> Reader:
    """Return the reader for a feed file.

    Raises:
        FeedError: the file is missing, empty, or of no known format.
    """
    if format_name != "auto":
        try:
            return FORMATS[format_name]
        except KeyError as error:
            known = ", ".join(FORMATS)
            raise FeedError(f"There is no feed format {format_name!r}. Known: {known}.") from error
    with open_text(path) as text:
        head = text.read(_HEAD_CHARACTERS)
    if not head.strip():
        raise FeedError(f"{path} is empty. Export the feed again.")
    for reader in FORMATS.values():
        if reader.matches(path, head):
            return reader
    raise FeedError(
        f"{path} is of no known format ({', '.join(FORMATS)}). Its first line should be a JSON"
        " object or a header row with id and title; or name the format with --format."
    )


def feed_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Expand directories into the feed files they hold, by name, and pass files through.

    Raises:
        FeedError: a path is missing, or a directory holds no feed.
    """
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise FeedError(f"There is no feed at {path}. Check the path.")
            yield path
            continue
        files = [item for item in sorted(path.iterdir()) if item.suffix.lower() in _SUFFIXES]
        if not files:
            raise FeedError(f"The directory {path} holds no feed file ({', '.join(_SUFFIXES)}).")
        yield from files
