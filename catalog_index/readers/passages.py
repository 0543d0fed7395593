"""Passages of shop documents: the text under each heading, cut to a length that can be evidence.

What the readers of Markdown, HTML, plain text and PDF share; knows none of these formats.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from catalog_index.errors import FeedError
from catalog_index.product import Passage
from catalog_index.readers.base import Parsed

MAX_WORDS = 180
MOST_PASSAGES = 100_000
"""Passages that one document may have: their ids are held to tell them apart."""
LARGEST_BLOCK = 1 << 18
"""Characters of lines without a blank one between from which a reader hands over a part."""

_ENDINGS = re.compile(r"\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)

Block = Sequence[str]
"""The plain lines of a paragraph, list or table."""


class PassageWriter:
    """Gathers the blocks under a heading, and writes them as passages when the next one comes.

    A document's name is its file's until a heading of level 1 names it. Passages longer than
    `MAX_WORDS` are split: between blocks if may be, else between a block's lines, else words.
    Memory holds the passages not yet taken by `spill`, and the ids of all.
    """

    def __init__(self, path: Path, document: str = "") -> None:
        self._path, self._file = path, path.name
        stem = Path(_ENDINGS.sub("", path.name)).stem
        self.document = document or stem.replace("-", " ").replace("_", " ").capitalize()
        self.headings: list[str] = []
        self._whole: list[str] = []
        self._taken: list[str] = []
        self._words = 0
        self._line = 1
        self._used: set[str] = set()
        self._last: dict[str, int] = {}

    def add(self, block: Block) -> None:
        """Add a block under the present heading; an empty one is none."""
        if lines := [line for line in block if line]:
            for piece in _pieces(lines):
                size = sum(len(line.split()) for line in piece)
                if self._words + size > MAX_WORDS:
                    self._end_passage()
                self._taken += piece
                self._words += size

    def spill(self) -> Iterator[Parsed]:
        """Yield the passages that are full already; what follows under the heading goes on."""
        whole, self._whole = self._whole, []
        for text in whole:
            name = " > ".join(filter(None, self.headings))
            identifier = self._unique(f"{self._file}#{anchor(name or self.document)}")
            yield Parsed(self._line, Passage(identifier, self.document, name, text))

    def flush(self) -> Iterator[Parsed]:
        """Yield what stands under the present heading.

        Raises:
            FeedError: the document has more than `MOST_PASSAGES`; so do `spill` and `heading`.
        """
        self._end_passage()
        yield from self.spill()

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
        if len(self._used) >= MOST_PASSAGES:
            raise FeedError(
                f"{self._path} makes more than {MOST_PASSAGES:,} passages of {MAX_WORDS} words."
                " Split it; or is it a feed? Name its format then with --format."
            )
        number, free = self._last.get(identifier, 1), identifier
        while free in self._used:
            number += 1
            free = f"{identifier}-{number}"
        if number > 1:
            self._last[identifier] = number
        self._used.add(free)
        return free

    def _end_passage(self) -> None:
        if self._taken:
            self._whole.append("\n".join(self._taken))
        self._taken, self._words = [], 0


def _pieces(block: Block) -> Iterator[Sequence[str]]:
    """Yield a block whole, or, where it is longer than a passage, line by line, or parts of one."""
    if sum(len(line.split()) for line in block) <= MAX_WORDS:
        yield block
    else:
        yield from ([part] for line in block for part in _cut(line))


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
