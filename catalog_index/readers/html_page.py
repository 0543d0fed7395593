"""Shop documents in HTML: each heading's text becomes passages; scripts and styles are dropped.

`<title>` names the document, `<h1>` too where it comes once. A table whose first row has heading
cells is written row by row under their names, as in Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text
from catalog_index.parsing.markup import pieces, unescape
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, Rejected, Row
from catalog_index.readers.opening import open_text, text_fault
from catalog_index.readers.passages import PassageWriter, named_cells

_OPENING = re.compile(
    r"\s*+(?:<\?xml[^<>]*+>\s*+)?+(?:(?><!--.*?-->)\s*+)*+<(?:!doctype\s+html|html)\b", re.I | re.S
)
"""Nothing is looked at twice, so that many comments without a page after them take linear time."""
_TITLE = re.compile(r"<title\b[^<>]*>([^<]*)</title", re.IGNORECASE)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ROWS = {"tr", "table", "thead", "tbody", "tfoot"}


class HtmlReader:
    """Reads `.html` and `.htm`."""

    name = "html"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files by their ending, or that open an HTML document."""
        suffixes = {suffix.lower() for suffix in path.suffixes[-2:]}
        return bool({".html", ".htm", ".xhtml"} & suffixes) or _OPENING.match(head) is not None

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the passages under each heading, in order; see `Reader.read`."""
        with open_text(path, self._limits) as text:
            markup = text.read(self._limits.line + 1)
        if len(markup) > self._limits.line:
            fault = RowError("", f"longer than {self._limits.line:,} characters")
            yield Rejected(1, fault, hides=True)
            return
        if not_text := text_fault(markup):
            yield Rejected(1, not_text, hides=True)
            return
        title = _TITLE.search(markup)
        writer = PassageWriter(path, clean_text(unescape(title[1])) if title else "")
        yield from _passages(writer, markup, has_title=title is not None)


def _passages(writer: PassageWriter, markup: str, *, has_title: bool) -> Iterator[Row]:
    """Yield the passages of a document; one `<h1>` names it, unless `<title>` does."""
    lowest = 1 if not has_title and len(re.findall(r"<h1\b", markup, re.IGNORECASE)) == 1 else 2
    page = _Page(writer)
    line, counted, level = 1, 0, 0
    for kind, value, at in pieces(markup):
        if kind == "text":
            page.text(value)
        elif kind == "open" and value in _HEADINGS:
            page.end_block()
            line += markup.count("\n", counted, at)
            counted, level = at, _HEADINGS[value]
        elif level and (kind == "open" or value in _HEADINGS):
            if title := page.take_text():
                yield from writer.heading(max(lowest, level), title, line)
            level = 0
        elif kind == "cell":
            page.cell(value)
        elif value in _ROWS:
            page.end_row(ends_table=value == "table")
        elif kind == "break":
            page.end_line()
        else:
            page.end_block()
    page.end_row(ends_table=True)
    yield from writer.flush()


class _Page:
    """The block that is open: its lines, and the table's row that it may be in."""

    def __init__(self, writer: PassageWriter) -> None:
        self._writer = writer
        self._texts: list[str] = []
        self._lines: list[str] = []
        self._cells: list[tuple[str, str]] = []
        self._cell = ""
        self._header: list[str] = []

    def text(self, text: str) -> None:
        """Add text to the line, or the cell, that is open."""
        self._texts.append(text)

    def take_text(self) -> str:
        """Return the text since the last line or cell ended, and forget it."""
        text = clean_text("".join(self._texts))
        self._texts = []
        return text

    def end_line(self) -> None:
        """End a line; within a table's row it is a space."""
        if self._cell or self._cells:
            self._texts.append(" ")
        elif text := self.take_text():
            self._lines.append(text)

    def end_block(self) -> None:
        """Hand the lines of the block to the writer."""
        self.end_line()
        if not (self._cell or self._cells):
            self._writer.add(self._lines)
            self._lines = []

    def cell(self, name: str) -> None:
        """Begin a table's cell ("td" or "th"), or end one ("")."""
        if self._cell:
            self._cells.append((self._cell, self.take_text()))
        elif not self._cells:
            self.end_line()
        self._cell = name

    def end_row(self, *, ends_table: bool) -> None:
        """Write a table's row as a line; a row of heading cells names those below."""
        self.cell("")
        names = [name for name, _ in self._cells]
        cells = [text for _, text in self._cells]
        self._cells = []
        if len(cells) > 1 and set(names) == {"th"}:
            self._header = cells
        elif self._header:
            self._lines.append(named_cells(self._header, cells))
        elif len(cells) == 2 and all(cells):
            self._lines.append(f"{cells[0].rstrip(':')}: {cells[1]}")
        elif any(cells):
            self._lines.append("; ".join(filter(None, cells)))
        if ends_table:
            self._header = []
            self.end_block()
