"""Google Merchant feeds as XML, RSS 2.0 and Atom, item by item.

The parser expands no entity, follows no reference and reads no other file: a document that declares
an entity is refused. What Google's namespace says of an item goes before what RSS or Atom says.
Google's TSV is read as well, where the format is named; unnamed it is CSV like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from catalog_index.errors import FeedError, RowError
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, RawRow, Row, parsed_row
from catalog_index.readers.csv_feed import CsvReader
from catalog_index.readers.opening import open_bytes, read_head

_ROOT = re.compile(r"<(?:rss|feed|rdf:RDF|channel)\b")
_HEAD = 16_384
_CHUNK = 1 << 16
_NAMESPACE = "http://base.google.com/ns/1.0"
_ITEMS = {"item", "entry"}
_TEXTS = {"title", "description", "summary", "content"}
"""Elements whose own markup, if any, is part of their text."""
_LISTS = {"product_detail", "product_highlight", "gtin"}
_NAMES = {"summary": "description", "content": "description", "image_url": "image_link"}
_DEEPEST = 16
"""Levels that one item may have."""
_DEEPEST_ANYWHERE = 1_000
"""Levels that a document may have: its parser remembers each that is open."""
_MOST_ELEMENTS = 20_000
"""Elements that one item may have."""


class GoogleReader:
    """Reads Google Merchant XML, and TSV by name."""

    name = "google"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take XML whose root is that of RSS or Atom."""
        return head.lstrip().startswith("<") and _ROOT.search(head) is not None

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one row an item; see `Reader.read`."""
        if not read_head(path, self._limits, _HEAD).lstrip().startswith("<"):
            yield from CsvReader(self._limits).read(path)
            return
        for line, raw in _xml_rows(path, self._limits):
            yield parsed_row(line, raw)


def _xml_rows(path: Path, limits: Limits) -> Iterator[RawRow]:
    """Yield each item with its line.

    Raises:
        FeedError: the XML is broken at some point, declares entities or holds no item.
    """
    items = _Items(path, limits)
    fed = 0
    with open_bytes(path, limits) as binary:
        while chunk := binary.read(_CHUNK):
            fed += len(chunk)
            items.feed(chunk)
            yield from items.take()
            if fed - items.position() > limits.line:
                raise FeedError(f"{path} has a tag of over {limits.line:,} bytes. Export it again.")
    items.feed(b"", final=True)
    yield from items.take()
    if not items.count:
        raise FeedError(f"{path} holds no <item> and no <entry>. Export it as a Google feed.")


class _Items:
    """Gathers items from the events of an XML parser; holds the one that is open."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self.count = 0
        self._path, self._limits = path, limits
        self._ready: list[RawRow] = []
        self._open: list[_Element] = []
        self._line = self._size = self._elements = 0
        self._levels = self._skipped = 0
        self._fault: RowError | None = None
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._refuse
        self._parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def feed(self, chunk: bytes, final: bool = False) -> None:
        """Parse the next bytes."""
        try:
            self._parser.Parse(chunk, final)
        except expat.ExpatError as error:
            raise FeedError(f"{self._path} is broken XML: {error}. Export it again.") from error
        except (ValueError, LookupError) as error:
            raise FeedError(f"{self._path} is not XML that can be read: {error}.") from error

    def position(self) -> int:
        """Return how far the parser has come, in bytes."""
        return max(0, self._parser.CurrentByteIndex)

    def take(self) -> Iterator[RawRow]:
        """Yield the items that are whole."""
        ready, self._ready = self._ready, []
        yield from ready

    def _refuse(self, *_: object) -> None:
        raise FeedError(
            f"{self._path} declares XML entities, which are not read. Export it without a DOCTYPE."
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._levels += 1
        if self._levels > _DEEPEST_ANYWHERE:
            raise FeedError(
                f"{self._path} is nested more than {_DEEPEST_ANYWHERE:,} levels deep, at line"
                f" {self._parser.CurrentLineNumber}. Export it again."
            )
        namespace, _, local = name.rpartition(" ")
        if not self._open:
            if local in _ITEMS:
                self._open = [_Element("", True, False)]
                self._line, self._size = self._parser.CurrentLineNumber, 0
                self._elements, self._fault = 0, None
            return
        self._elements += 1
        if len(self._open) >= _DEEPEST or self._elements > _MOST_ELEMENTS:
            self._fault = RowError("", "nested too deeply, or of too many elements")
        if self._fault:
            self._skipped += 1
            return
        element = _Element(local.lower(), namespace == _NAMESPACE, self._open[-1].is_text)
        if local == "link" and "href" in attributes:
            self._add_text(element, attributes["href"])
        self._open.append(element)

    def _text(self, text: str) -> None:
        if self._open and not self._fault:
            self._add_text(self._open[-1], text)

    def _add_text(self, element: _Element, text: str) -> None:
        self._size += len(text)
        if self._size > self._limits.line:
            self._fault = RowError("", f"longer than {self._limits.line:,} characters")
        else:
            element.texts.append(text)

    def _end(self, name: str) -> None:
        self._levels -= 1
        if self._skipped:
            self._skipped -= 1
            return
        if not self._open:
            return
        element = self._open.pop()
        if self._open:
            if not self._fault:
                self._open[-1].add(element)
            return
        self.count += 1
        self._ready.append((self._line, self._fault or element.record()))


class _Element:
    """One element that is open: its name, text and members."""

    __slots__ = ("_google", "_other", "is_google", "is_text", "name", "texts")

    def __init__(self, name: str, is_google: bool, in_text: bool) -> None:
        self.name, self.is_google = name, is_google
        self.is_text = in_text or name in _TEXTS
        self.texts: list[str] = []
        self._google: dict[str, list[Any]] = {}
        self._other: dict[str, list[Any]] = {}

    def add(self, element: _Element) -> None:
        """Add a member that is whole."""
        if self.is_text:
            self.texts.append(f" {element.value()} ")
            return
        members = self._google if element.is_google else self._other
        members.setdefault(_NAMES.get(element.name, element.name), []).append(element.value())

    def value(self) -> Any:
        """Return the text, or the members of an element that has some."""
        return self.record() if self._google or self._other else "".join(self.texts)

    def record(self) -> dict[str, Any]:
        """Return the members by name: one value each, or a list where several differ."""
        record: dict[str, Any] = {}
        for name, values in {**self._other, **self._google}.items():
            distinct = [value for at, value in enumerate(values) if value not in values[:at]]
            several = name in _LISTS or (len(distinct) > 1 and name not in _TEXTS)
            record[name] = distinct if several else distinct[0]
        return record
