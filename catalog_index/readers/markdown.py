"""Shop documents in Markdown (policies, FAQ, manuals): each heading's text becomes passages.

A table's rows become lines that stand by themselves, "Size: S; Chest: 83 to 88 cm", so that one
row can be evidence without the table around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text
from catalog_index.readers.base import DEFAULT_LIMITS, Limits, Rejected, Row
from catalog_index.readers.opening import lines_of, open_text
from catalog_index.readers.passages import MAX_WORDS, PassageWriter, named_cells

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
        body: list[str] = []
        fenced = False
        with open_text(path, self._limits) as text:
            for number, line in lines_of(text, self._limits.line):
                if isinstance(line, RowError):
                    yield Rejected(number, line)
                    continue
                fenced ^= line.lstrip().startswith("```")
                heading = None if fenced else _heading(line)
                if heading is None:
                    body.append(line.strip())
                    continue
                _add(writer, body)
                yield from writer.heading(*heading, number)
                body = []
        _add(writer, body)
        yield from writer.flush()


def _heading(line: str) -> tuple[int, str] | None:
    """Return a heading's level and text, or None for another line."""
    level = len(line) - len(line.lstrip("#"))
    if not 1 <= level <= 6 or not line[level : level + 1].isspace():
        return None
    return level, _plain(line[level:].strip().rstrip("#"))


def _add(writer: PassageWriter, lines: Sequence[str]) -> None:
    """Add the blocks of these lines in plain text; blank lines part blocks."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line:
            block.append(line)
        else:
            writer.add(list(_table_rows(block)))
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
            yield named_cells(header, _row(line))
        else:
            header = []
            yield _plain(line)


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
