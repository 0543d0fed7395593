from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_index.build import BuildReport, build_index
from catalog_index.readers import Parsed, Rejected, choose_reader
from tests.fakes import HashEmbedder, write_shop


class Rows:
    """What a reader made of a file, parted into records and rejections."""

    def __init__(self, path: Path, format_name: str = "auto") -> None:
        rows = list(choose_reader(path, format_name).read(path))
        self.parsed = [row for row in rows if isinstance(row, Parsed)]
        self.records = [row.record for row in self.parsed]
        self.rejected = [row for row in rows if isinstance(row, Rejected)]

    @property
    def faults(self) -> list[tuple[int, str]]:
        return [(row.line, row.error.field) for row in self.rejected]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Rows]:
    """Write a feed's content to a file of this name and read it."""

    def read_feed(name: str, content: str | bytes, format_name: str = "auto") -> Rows:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Rows(path, format_name)

    return read_feed


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture
def shop(tmp_path: Path) -> list[Path]:
    """The feeds of a small shop."""
    return write_shop(tmp_path / "shop")


@pytest.fixture
def built(tmp_path: Path, shop: list[Path], embedder: HashEmbedder) -> BuildReport:
    """An index of the small shop."""
    return build_index(shop, tmp_path / "index", embedder=embedder)
