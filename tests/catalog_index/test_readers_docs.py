"""docs/feeds.md says what the program does."""

from __future__ import annotations

import re
from pathlib import Path

from catalog_index.parsing import MAX_ATTRIBUTES
from catalog_index.parsing.records import MAX_VARIANTS
from catalog_index.readers import FORMATS, Limits
from catalog_index.readers.passages import MAX_WORDS

DOCS = Path(__file__).parent.parent.parent / "docs" / "feeds.md"


def test_every_format_has_its_line_in_the_docs() -> None:
    formats = DOCS.read_text(encoding="utf-8").partition("## Formats")[2].partition("## Fields")[0]
    named = re.findall(r"^\| `(\w+)` \|", formats, re.MULTILINE)
    assert sorted(named) == sorted(FORMATS)


def test_the_limits_in_the_docs_are_those_of_the_program() -> None:
    text, limits = DOCS.read_text(encoding="utf-8"), Limits()
    for said in (
        f"{limits.line >> 20} MiB of characters",
        f"{limits.unpacked >> 30} GiB",
        f"{limits.ratio} times, counted from {limits.ratio_from >> 20} MiB",
        f"{limits.document >> 20} MiB, 5,000 pages",
        f"{MAX_ATTRIBUTES}; {MAX_VARIANTS:,}",
        f"at most {MAX_WORDS} words",
    ):
        assert said in text, said
