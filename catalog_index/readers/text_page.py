"""Shop documents in plain text: paragraphs become passages under the headings above them.

A heading is a line that is underlined by `===` (a chapter) or `---` (a section), or one of capital
letters that opens a paragraph or stands alone. Whatever bears `.txt` and is no feed is a document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, Rejected, Row
from catalog_index.readers.opening import lines_of, open_text
from catalog_index.readers.passages import LARGEST_BLOCK, PassageWriter

_UNDERLINE = re.compile(r"(={3,}|-{3,})\s*")
_MOST_HEADING_WORDS = 10
_MOST_BLOCK_LINES = 1_000


class TextReader:
    """Reads `.txt` that is no feed."""

    name = "text"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files by their ending, unless zero bytes show that they hold no text."""
        suffixes = {suffix.lower() for suffix in path.suffixes[-2:]}
        return bool({".txt", ".text"} & suffixes) and "\0" not in head

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the passages under each heading, in order; see `Reader.read`."""
        writer = PassageWriter(path)
        block: list[tuple[int, str]] = []
        size = 0
        with open_text(path, self._limits) as text:
            for number, line in lines_of(text, self._limits.line):
                if isinstance(line, RowError):
                    yield Rejected(number, line, hides=True)
                    continue
                plain = clean_text(line)
                if (underline := _UNDERLINE.fullmatch(line)) and block:
                    at, title = block.pop()
                    writer.add([text for _, text in block])
                    yield from writer.heading(1 if underline[1][0] == "=" else 2, title, at)
                    block = []
                elif plain:
                    block.append((number, plain))
                    size += len(plain)
                if not plain or len(block) == _MOST_BLOCK_LINES or size > LARGEST_BLOCK:
                    yield from _end_block(writer, block)
                    yield from writer.spill()
                    block, size = [], 0
            yield from _end_block(writer, block)
            yield from writer.flush()


def _end_block(writer: PassageWriter, block: list[tuple[int, str]]) -> Iterator[Row]:
    """Hand a paragraph to the writer, its first line as a heading if it is one."""
    if block and _is_heading(block[0][1]) and not (len(block) > 1 and block[1][1].isupper()):
        (number, title), *block = block
        yield from writer.heading(2, title.rstrip(":"), number)
    writer.add([text for _, text in block])


def _is_heading(line: str) -> bool:
    """Whether a line of its own is in capitals, as headings are."""
    return (
        line.isupper()
        and len(line.split()) <= _MOST_HEADING_WORDS
        and line[-1] not in ".,;!?"
        and sum(map(str.isalpha, line)) > len(line) / 2
    )
