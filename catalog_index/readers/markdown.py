"""Shop documents in Markdown (policies, FAQ, manuals): each heading's text becomes passages.

A table's rows become lines that stand by themselves, "Size: S; Chest: 83 to 88 cm", so that one
row can be evidence without the table around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, Rejected, Row
from catalog_index.readers.opening import lines_of, open_text
from catalog_index.readers.passages import LARGEST_BLOCK, MAX_WORDS, PassageWriter, named_cells

__all__ = ["MAX_WORDS", "MarkdownReader"]

_MARKUP = re.compile(r"(\*\*|__|`)")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()]*\)")
_PIPE = re.compile(r"(?<!\\)\|")


class MarkdownReader:
    """Reads `.md` and `.markdown`; passages longer than `MAX_WORDS` are split between lines."""

    name = "markdown"

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits

    def matches(self, path: Path, head: str) -> bool:
        """Take files by their ending: Markdown has no signature."""
        return bool({".md", ".markdown"} & {suffix.lower() for suffix in path.suffixes[-2:]})

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the passages under each heading, in order; see `Reader.read`."""
        writer = PassageWriter(path)
        block = _Block(writer)
        fenced = False
        with open_text(path, self._limits) as text:
            for number, line in lines_of(text, self._limits.line):
                if isinstance(line, RowError):
                    yield Rejected(number, line, hides=True)
                    continue
                fenced ^= line.lstrip().startswith("```")
                heading = None if fenced else _heading(line)
                if heading is None:
                    block.add(line.strip())
                    yield from writer.spill()
                else:
                    block.end()
                    yield from writer.heading(*heading, number)
        block.end()
        yield from writer.flush()


def _heading(line: str) -> tuple[int, str] | None:
    """Return a heading's level and text, or None for another line."""
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or not line[level : level + 1].isspace():
        return None
    return level, _plain(line[level:].strip().rstrip("#"))


class _Block:
    """The block that is open, in plain text, each table row under the names of its columns.

    A block of more than `LARGEST_BLOCK` characters goes to the writer in parts.
    """

    def __init__(self, writer: PassageWriter) -> None:
        self._writer = writer
        self._plain: list[str] = []
        self._header: list[str] = []
        self._line, self._size = "", 0

    def add(self, line: str) -> None:
        """Add a line; a blank one ends the block."""
        if not line:
            self.end()
            return
        self._take(below=line)
        self._line = line
        if self._size > LARGEST_BLOCK:
            self._hand_over()

    def end(self) -> None:
        """Hand the block to the writer, and begin another."""
        self._take(below="")
        self._hand_over()
        self._line, self._header = "", []

    def _hand_over(self) -> None:
        self._writer.add(self._plain)
        self._plain, self._size = [], 0

    def _take(self, below: str) -> None:
        """Take the last line in plain text, now that the one below it is known."""
        line = self._line
        if not line:
            return
        if _is_rule(below) and "|" in below and "|" in line:
            self._header = _row(line)
        elif _is_rule(line):
            return
        elif self._header and "|" in line:
            self._plain.append(named_cells(self._header, _row(line)))
        else:
            self._header = []
            self._plain.append(_plain(line))
        self._size += len(line)


def _row(line: str) -> list[str]:
    inner = line.strip().removeprefix("|")
    cells = _PIPE.split(inner)
    if len(cells) > 1 and not cells[-1].strip():
        cells.pop()
    return [_plain(cell.replace("\\|", "|")) for cell in cells]


def _is_rule(line: str) -> bool:
    return "-" in line and not line.strip("|:=- \t")


def _plain(line: str) -> str:
    return clean_text(_LINK.sub(r"\1", _MARKUP.sub("", line)))
