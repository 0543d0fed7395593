"""Passages of shop documents: the text under each heading, cut to a length that can be evidence.

What the readers of Markdown, HTML, plain text and PDF share; knows none of these formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog_index.product import Passage
from catalog_index.readers.base import Parsed

MAX_WORDS = 180

_ENDINGS = re.compile(r"\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)

Block = Sequence[str]
"""The plain lines of a paragraph, list or table."""


class PassageWriter:
    """Gathers the blocks under a heading, and writes them as passages when the next one comes.

    A document's name is its file's until a heading of level 1 names it. Passages longer than
    `MAX_WORDS` are split: between blocks if may be, else between a block's lines, else words.
    """

    def __init__(self, path: Path, document: str = "") -> None:
        self._file = path.name
        stem = Path(_ENDINGS.sub("", path.name)).stem
        self.document = document or stem.replace("-", " ").replace("_", " ").capitalize()
        self.headings: list[str] = []
        self._blocks: list[Block] = []
        self._line = 1
        self._used: set[str] = set()

    def add(self, block: Block) -> None:
        """Add a block under the present heading; an empty one is none."""
        if lines := [line for line in block if line]:
            self._blocks.append(lines)

    def flush(self) -> Iterator[Parsed]:
        """Yield what stands under the present heading."""
        for text in split_blocks(self._blocks):
            name = " > ".join(filter(None, self.headings))
            identifier = self._unique(f"{self._file}#{anchor(name or self.document)}")
            yield Parsed(self._line, Passage(identifier, self.document, name, text))
        self._blocks = []

    def heading(self, level: int, title: str, line: int) -> Iterator[Parsed]:
        """Yield what stood under the heading before, and begin under this one."""
        yield from self.flush()
        if level == 1:
            self.document, self.headings = title or self.document, []
        else:
            self.headings = [*self.headings[: level - 2], title]
        self._line = line

    def _unique(self, identifier: str) -> str:
        """Number an identifier that an earlier passage bears, and remember it."""
        number, free = 1, identifier
        while free in self._used:
            number += 1
            free = f"{identifier}-{number}"
        self._used.add(free)
        return free


def split_blocks(blocks: Sequence[Block]) -> Iterator[str]:
    """Join blocks to texts of at most `MAX_WORDS`, whole blocks if may be."""
    taken: list[str] = []
    words = 0
    for block in blocks:
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


def named_cells(header: Sequence[str], cells: Sequence[str]) -> str:
    """Write a table's row as "Header: cell; Header: cell", empty cells left out."""
    names = [*header, *[""] * len(cells)]
    return "; ".join(
        f"{name}: {cell}" if name else cell
        for name, cell in zip(names, cells, strict=False)
        if cell
    )


def anchor(heading: str) -> str:
    """Write a heading as the last part of an id: "Returns > Who pays?" is "returns-who-pays"."""
    return re.sub(r"[\W_]+", "-", heading.lower()).strip("-")


def _cut(line: str) -> list[str]:
    words = line.split()
    return [" ".join(words[at : at + MAX_WORDS]) for at in range(0, len(words), MAX_WORDS)]
