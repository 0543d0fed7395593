"""Feed formats, one file each, and the choice among them by sniffing or by name."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path

from catalog_index.errors import FeedError
from catalog_index.readers.archive import ZipReader, is_zip
from catalog_index.readers.base import (
    DEFAULT_LIMITS,
    Limits,
    Merged,
    Parsed,
    Reader,
    Rejected,
    Row,
)
from catalog_index.readers.csv_feed import CsvReader
from catalog_index.readers.esci import EsciReader
from catalog_index.readers.google import GoogleReader
from catalog_index.readers.html_page import HtmlReader
from catalog_index.readers.icecat import IcecatReader
from catalog_index.readers.jsonl import JsonlReader
from catalog_index.readers.markdown import MarkdownReader
from catalog_index.readers.opening import read_head
from catalog_index.readers.parquet import ParquetReader
from catalog_index.readers.pdf import PdfReader
from catalog_index.readers.shopify import ShopifyReader
from catalog_index.readers.text_page import TextReader
from catalog_index.readers.wands import WandsReader
from catalog_index.readers.woocommerce import WooCommerceReader

__all__ = [
    "FORMATS",
    "Limits",
    "Merged",
    "Parsed",
    "Reader",
    "Rejected",
    "Row",
    "choose_reader",
    "feed_files",
]

_READERS = (
    MarkdownReader,
    PdfReader,
    ParquetReader,
    HtmlReader,
    GoogleReader,
    IcecatReader,
    EsciReader,
    WandsReader,
    ShopifyReader,
    WooCommerceReader,
    JsonlReader,
    CsvReader,
    TextReader,
)
FORMATS: dict[str, Reader] = {kind.name: kind() for kind in _READERS}
"""Readers in the order in which they are asked whether a file is theirs."""

_LOG = logging.getLogger(__name__)
_HEAD_CHARACTERS = 16_384
_PACKED = {".gz", ".bz2", ".xz", ".zst", ".zip"}
_PLAIN = {
    *(".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".text", ".parquet", ".pq"),
    *(".xml", ".rss", ".atom", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf"),
}
_SUFFIXES = frozenset(_PACKED | _PLAIN)
_INDEX = ("CURRENT", "generations")
"""What a directory holds that is an index: its files are not read as feeds."""
_TOLD = 5
"""Names that the line about what was passed over gives."""


def choose_reader(path: Path, format_name: str = "auto", limits: Limits = DEFAULT_LIMITS) -> Reader:
    """Return the reader for a feed file.

    Args:
        path: the file; of a zip archive, each member gets a reader of its own.
        format_name: one of `FORMATS`, or "auto" to judge by content, then by name.
        limits: how much the feed may ask of the machine.

    Raises:
        FeedError: the file is missing, empty, or of no known format.
    """
    if format_name != "auto" and format_name not in FORMATS:
        known = ", ".join(FORMATS)
        raise FeedError(f"There is no feed format {format_name!r}. Known: {known}.")
    if format_name != "auto" and not path.is_file():
        return _with_limits(FORMATS[format_name], limits)
    head = read_head(path, limits, _HEAD_CHARACTERS)
    if is_zip(head):
        return ZipReader(lambda member: _member(member, format_name, limits), _SUFFIXES, limits)
    if format_name != "auto":
        return _with_limits(FORMATS[format_name], limits)
    if not head.strip():
        raise FeedError(f"{path} is empty. Export the feed again.")
    for reader in FORMATS.values():
        if reader.matches(path, head):
            return _with_limits(reader, limits)
    raise FeedError(
        f"{path} is of no known format ({', '.join(FORMATS)}). Its first line should be a JSON"
        " object or a header row with id and title; or name the format with --format."
    )


def _with_limits(reader: Reader, limits: Limits) -> Reader:
    if limits is DEFAULT_LIMITS:
        return reader
    return next(kind(limits) for kind in _READERS if kind.name == reader.name)


def _member(member: Path, format_name: str, limits: Limits) -> Reader:
    """Return the reader for a file out of an archive.

    Raises:
        FeedError: it is an archive itself, or see `choose_reader`.
    """
    reader = choose_reader(member, format_name, limits)
    if isinstance(reader, ZipReader):
        raise FeedError(f"{member} is an archive in an archive. Unpack it.")
    return reader


def feed_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Expand directories into the feed files they hold, by name, and pass files through.

    Directories in directories are gone through too. What is passed over (files of other endings,
    hidden ones, indexes, links to directories or out of the directory) is told by one line.

    Raises:
        FeedError: a path is missing or may not be read, or a directory holds no feed.
    """
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise FeedError(f"There is no feed at {path}. Check the path.")
            yield path
            continue
        yield from _directory_files(path)


def _directory_files(root: Path) -> list[Path]:
    """Return a directory's feed files, those of a directory in it where its name stands.

    Raises:
        FeedError: it holds none, or may not be read.
    """
    files: list[Path] = []
    passed: list[str] = []
    real, waiting = root.resolve(), [root]
    while waiting:
        path = waiting.pop()
        try:
            if path != root and _is_passed_over(path, real):
                passed.append(str(path.relative_to(root)))
            elif path.is_dir():
                waiting += sorted(path.iterdir(), reverse=True)
            else:
                files.append(path)
        except OSError as error:
            raise FeedError(f"{path} cannot be read: {error.strerror or error}.") from error
    if not files:
        known = ", ".join(sorted(_SUFFIXES))
        raise FeedError(f"The directory {root} holds no feed file ({known}).")
    if passed:
        names = ", ".join(passed[:_TOLD]) + (", ..." if len(passed) > _TOLD else "")
        _LOG.warning("Passed over %s in %s, which are no feeds: %s.", len(passed), root, names)
    return files


def _is_passed_over(path: Path, root: Path) -> bool:
    """Whether what stands in a directory, whose real path is `root`, is not read."""
    if path.name.startswith(".") or (
        path.is_symlink() and (path.is_dir() or not path.resolve().is_relative_to(root))
    ):
        return True
    if path.is_dir():
        return all((path / name).exists() for name in _INDEX)
    return path.suffix.lower() not in _SUFFIXES
