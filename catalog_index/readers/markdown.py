"""Shop documents in Markdown (policies, FAQ, manuals): each heading's text becomes passages.

A table's rows become lines that stand by themselves, "Size: S; Chest: 83 to 88 cm", so that one
row can be evidence without the table around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text
from catalog_index.product import Passage
from catalog_index.readers.base import Parsed, Rejected, Row, check_text, open_text

MAX_WORDS = 180
_MARKUP = re.compile(r"(\*\*|__|`)")
_LINK = re.compile(r"!?\[([^\]\[]*)\]\([^()]*\)")
_PIPE = re.compile(r"(?<!\\)\|")
_END = "# "


class MarkdownReader:
    """Reads `.md` and `.markdown`; passages longer than `MAX_WORDS` are split between lines."""

    name = "markdown"

    def matches(self, path: Path, head: str) -> bool:
        """Take files by their ending: Markdown has no signature."""
        return bool({".md", ".markdown"} & {suffix.lower() for suffix in path.suffixes[-2:]})

    def read(self, path: Path) -> Iterator[Row]:
        """Yield the passages under each heading, in order; see `Reader.read`."""
        headings: list[str] = []
        document = path.stem.replace("-", " ").replace("_", " ").capitalize()
        body: list[str] = []
        start = 1
        fenced = False
        used: set[str] = set()
        with open_text(path) as lines:
            for number, line in enumerate(chain(lines, [_END]), start=1):
                try:
                    check_text(line)
                except RowError as error:
                    yield Rejected(number, error)
                    continue
                fenced ^= line.lstrip().startswith("```")
                heading = None if fenced and line is not _END else _heading(line)
                if heading is None:
                    body.append(line.strip())
                    continue
                for text in _passages(body):
                    name = " > ".join(headings)
                    identifier = _unique(f"{path.name}#{_anchor(name or document)}", used)
                    yield Parsed(start, Passage(identifier, document, name, text))
                level, title = heading
                if level == 1:
                    document, headings = title or document, []
                else:
                    headings = [*headings[: level - 2], title]
                body, start = [], number


def _heading(line: str) -> tuple[int, str] | None:
    """Return a heading's level and text, or None for another line."""
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or not line[level : level + 1].isspace():
        return None
    return level, _plain(line[level:].strip().rstrip("#"))


def _passages(lines: Sequence[str]) -> Iterator[str]:
    """Join the text under one heading to passages of at most `MAX_WORDS`, whole blocks if may be.

    A block (a paragraph, list or table) that is too long by itself is split between its lines, a
    line that is too long between its words.
    """
    taken: list[str] = []
    words = 0
    for block in _blocks(lines):
        size = sum(len(line.split()) for line in block)
        pieces = [block] if size <= MAX_WORDS else [[part] for line in block for part in _cut(line)]
        for piece in pieces:
            size = sum(len(line.split()) for line in piece)
            if taken and words + size > MAX_WORDS:
                yield "\n".join(taken)
                taken, words = [], 0
            taken += piece
            words += size
    if taken:
        yield "\n".join(taken)


def _cut(line: str) -> list[str]:
    words = line.split()
    return [" ".join(words[at : at + MAX_WORDS]) for at in range(0, len(words), MAX_WORDS)]


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the plain lines of each block; blank lines part blocks."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        elif block:
            if plain := [text for text in _table_rows(block) if text]:
                yield plain
            block = []


def _table_rows(block: Sequence[str]) -> Iterable[str]:
    """Yield a block's lines in plain text, each table row under the names of its columns."""
    header: list[str] = []
    for at, line in enumerate(block):
        below = block[at + 1] if at + 1 < len(block) else ""
        if _is_rule(below) and "|" in below and "|" in line:
            header = _row(line)
        elif _is_rule(line):
            continue
        elif header and "|" in line:
            yield _named(header, _row(line))
        else:
            header = []
            yield _plain(line)


def _named(header: Sequence[str], cells: Sequence[str]) -> str:
    """Write one row as "Header: cell; Header: cell", empty cells left out."""
    names = [*header, *[""] * len(cells)]
    return "; ".join(
        f"{name}: {cell}" if name else cell
        for name, cell in zip(names, cells, strict=False)
        if cell
    )


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


def _anchor(heading: str) -> str:
    return re.sub(r"[\W_]+", "-", heading.lower()).strip("-")


def _unique(identifier: str, used: set[str]) -> str:
    """Number an identifier that an earlier passage bears, and remember it."""
    number, free = 1, identifier
    while free in used:
        number += 1
        free = f"{identifier}-{number}"
    used.add(free)
    return free
