"""Shop documents in PDF (manuals, terms): passages under headings, each with its page's number.

A PDF has no headings, only letters of some size at some place: a short line that is set larger than
the page's body, or in capitals, is taken for one. One that opens the first page names the document,
unless the file does. Text only: a scanned page is rejected as such.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog_index.errors import FeedError, RowError
from catalog_index.parsing import clean_text
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, Rejected, Row, optional_module
from catalog_index.readers.opening import plain_file
from catalog_index.readers.passages import PassageWriter

PDF_MAGIC = "%PDF-"
_MOST_PAGES = 5_000
_LARGER = 1.15
"""How many times the size of the body a heading is set in, at least."""
_MOST_HEADING_WORDS = 12
_HYPHENATED = re.compile(r"(?<=[a-z])-$")

Line = tuple[str, float]
"""A line's text, and the size that most of it is set in."""


class PdfReader:
    """Reads `.pdf`, page by page; a row's line is its page."""

    name = "pdf"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files by PDF's signature."""
        return head.startswith(PDF_MAGIC)

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the passages under each heading, in order; see `Reader.read`."""
        with plain_file(path, self._limits) as plain:
            if plain.stat().st_size > self._limits.document:
                raise FeedError(
                    f"{path} is larger than {self._limits.document >> 20:,} MiB. Split it."
                )
            yield from _document_rows(path, plain)


def _document_rows(path: Path, plain: Path) -> Iterator[Row]:
    pypdf = optional_module("pypdf", "pdf", path)
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        document = pypdf.PdfReader(plain)
        if document.is_encrypted and not document.decrypt(""):
            raise FeedError(f"{path} is locked by a password. Save it without one.")
        count = len(document.pages)
        title = clean_text(document.metadata.title if document.metadata else "")
    except FeedError:
        raise
    except Exception as error:
        why = " ".join(str(error).split())[:200] or type(error).__name__
        raise FeedError(f"{path} is a damaged PDF ({why}). Save it again.") from error
    if count > _MOST_PAGES:
        raise FeedError(f"{path} has {count:,} pages; at most {_MOST_PAGES:,} are read. Split it.")
    writer = PassageWriter(path, title)
    headings: list[str] = []
    for number in range(1, count + 1):
        try:
            lines = _page_lines(document.pages[number - 1])
        except Exception as error:
            why = " ".join(str(error).split())[:200] or type(error).__name__
            yield Rejected(number, RowError("", f"page cannot be read: {why}"), hides=True)
            continue
        if not lines:
            yield Rejected(number, RowError("", "page holds no text; is it a scan?"))
            continue
        if number == 1 and not title and _is_heading(*lines[0], _body_size(lines)):
            writer.document = lines.pop(0)[0]
        yield from _page_rows(writer, number, lines, headings)


def _page_rows(
    writer: PassageWriter, number: int, lines: list[Line], headings: list[str]
) -> Iterator[Row]:
    """Yield a page's passages; `headings` is the heading that goes on from the page before."""
    body = _body_size(lines) if lines else 0.0
    block: list[str] = []
    yield from _under(writer, headings, number)
    for text, size in lines:
        if not _is_heading(text, size, body):
            block.append(text)
            continue
        writer.add([_joined(block)])
        block = []
        headings[:] = [text]
        yield from _under(writer, headings, number)
    writer.add([_joined(block)])
    yield from writer.flush()


def _under(writer: PassageWriter, headings: list[str], number: int) -> Iterator[Row]:
    """Begin under the present heading on this page."""
    yield from writer.flush()
    writer.headings = []
    yield from writer.heading(2, " > ".join([*headings, f"page {number}"]), number)


def _page_lines(page: Any) -> list[Line]:
    """Return a page's lines from the top, as its text is written."""
    pieces: list[tuple[str, float]] = []

    def visit(text: str, _user: Any, matrix: Any, _font: Any, size: float) -> None:
        scale = abs(float(matrix[3])) or 1.0
        pieces.append((text, float(size) * scale))

    page.extract_text(visitor_text=visit)
    lines: list[Line] = []
    sizes: Counter[float] = Counter()
    texts: list[str] = []
    for text, size in [*pieces, ("\n", 0.0)]:
        for at, part in enumerate(text.split("\n")):
            if at:
                line = clean_text("".join(texts))
                if line:
                    lines.append((line, sizes.most_common(1)[0][0] if sizes else 0.0))
                texts = []
                sizes.clear()
            texts.append(part)
            if letters := len(part.strip()):
                sizes[round(size, 1)] += letters
    return lines


def _body_size(lines: list[Line]) -> float:
    """Return the size that most letters of a page are set in."""
    sizes: Counter[float] = Counter()
    for text, size in lines:
        sizes[size] += len(text)
    return sizes.most_common(1)[0][0]


def _is_heading(text: str, size: float, body: float) -> bool:
    short = len(text.split()) <= _MOST_HEADING_WORDS and any(map(str.isalpha, text))
    larger = size > body * _LARGER
    capitals = text.isupper() and len(text) > 3
    return short and (larger or capitals) and text[-1] not in ".,;"


def _joined(lines: list[str]) -> str:
    """Join a paragraph's lines; a word that was parted at a line's end becomes whole again."""
    text = ""
    for line in lines:
        text = _HYPHENATED.sub("", text) + line if _HYPHENATED.search(text) else f"{text} {line}"
    return text.strip()
