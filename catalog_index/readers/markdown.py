"""Shop documents in Markdown (policies, FAQ, manuals): each heading's text becomes a passage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from catalog_index.errors import RowError
from catalog_index.parsing import clean_text
from catalog_index.product import Passage
from catalog_index.readers.base import Parsed, Rejected, Row, check_text, open_text

MAX_WORDS = 180
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")
_MARKUP = re.compile(r"(\*\*|__|`)")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


class MarkdownReader:
    """Reads `.md` and `.markdown`; passages longer than `MAX_WORDS` are split at paragraphs."""

    name = "markdown"

    def matches(self, path: Path, head: str) -> bool:
        """Take files by their ending: Markdown has no signature."""
        return path.suffix.lower() in (".md", ".markdown")

    def read(self, path: Path) -> Iterator[Row]:
        """Yield one passage a heading, in order; see `Reader.read`."""
        headings: list[str] = []
        document = path.stem.replace("-", " ").replace("_", " ").capitalize()
        paragraphs: list[str] = []
        start = 1
        used: dict[str, int] = {}
        with open_text(path) as lines:
            for number, line in enumerate([*lines, "# "], start=1):
                try:
                    check_text(line)
                except RowError as error:
                    yield Rejected(number, error)
                    continue
                heading = _HEADING.match(line.rstrip("\r\n") or "")
                if not heading:
                    paragraphs.append(line.strip())
                    continue
                for text in _split(paragraphs):
                    name = " > ".join(headings)
                    identifier = _unique(f"{path.name}#{_anchor(name or document)}", used)
                    yield Parsed(start, Passage(identifier, document, name, text))
                level, title = len(heading[1]), _plain(heading[2])
                if level == 1:
                    document, headings = title or document, []
                else:
                    headings = [*headings[: level - 2], title]
                paragraphs, start = [], number


def _split(lines: list[str]) -> Iterator[str]:
    """Join lines to paragraphs (a list or table stays one) and those to passages of size."""
    blocks = [block for block in "\n".join(lines).strip().split("\n\n") if block.strip()]
    taken: list[str] = []
    words = 0
    for block in blocks:
        text = "\n".join(_plain(line) for line in block.splitlines() if not _is_rule(line))
        size = len(text.split())
        if taken and words + size > MAX_WORDS:
            yield "\n".join(taken)
            taken, words = [], 0
        taken.append(text)
        words += size
    if taken:
        yield "\n".join(taken)


def _is_rule(line: str) -> bool:
    return bool(re.fullmatch(r"[|\s:=-]+", line)) and "-" in line


def _plain(line: str) -> str:
    line = _LINK.sub(r"\1", _MARKUP.sub("", line.strip()))
    if line.startswith("|"):
        line = " | ".join(cell.strip() for cell in line.strip("|").split("|"))
    return clean_text(line)


def _anchor(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", heading.lower()).strip("-")


def _unique(identifier: str, used: dict[str, int]) -> str:
    used[identifier] = used.get(identifier, 0) + 1
    return identifier if used[identifier] == 1 else f"{identifier}-{used[identifier]}"
