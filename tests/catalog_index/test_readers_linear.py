"""Hostile files cost time in proportion to their length, and memory hardly any."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog_index.errors import FeedError
from catalog_index.readers import FORMATS, choose_reader
from catalog_index.readers.passages import MOST_PASSAGES
from tests.catalog_index.feeds import Rows, write

SPARED = 0.02
"""Seconds that a doubled size may take beyond three times the single: the noise of a machine."""


def seconds(work: Callable[[int], object], size: int) -> float:
    """Return the least of three times."""
    times: list[float] = []
    while len(times) < 3 and sum(times) < 2:
        started = time.perf_counter()
        work(size)
        times.append(time.perf_counter() - started)
    return min(times)


def assert_linear(work: Callable[[int], object], sizes: list[int]) -> None:
    """Assert that a size twice as large takes at most three times as long, for each size."""
    before = seconds(work, sizes[0])
    for size in sizes[1:]:
        now = seconds(work, size)
        assert now <= 3 * before + SPARED, f"{size}: {now:.3f} s after {before:.3f} s"
        before = now


OPENINGS = {
    "comments": "<!---->",
    "comments apart": "<!-- - --> \n",
    "open comments": "<!--",
    "declarations": "<?xml ?>",
    "spaces": " \n\t",
    "tags": "<",
    "roots": "<!-- --><htm ",
    "quotes": '"',
    "quoted cells": '"a",',
    "columns": "id,",
    "lines": "\n",
    "braces": '{"',
    "brackets": "[ ",
    "metafields": "a (product.metafields.a",
    "sizes": "weight (",
    "underscores": "attr_n_a__",
}


@pytest.mark.parametrize("piece", OPENINGS.values(), ids=list(OPENINGS))
@pytest.mark.parametrize("name", FORMATS)
def test_a_reader_looks_at_a_file_s_opening_in_linear_time(name: str, piece: str) -> None:
    path = Path("feed")

    def matches(count: int) -> None:
        FORMATS[name].matches(path, piece * count + "x")

    assert_linear(matches, [12 << doubled for doubled in range(10)])


def test_an_html_page_is_known_behind_its_comments(tmp_path: Path) -> None:
    page = (
        "\ufeff <?xml version='1.0'?>\n" + "<!-- a --- > b -->\n" * 9 + "<!DOCTYPE  html><p>Hello"
    )
    assert Rows(write(tmp_path / "page", page)).reader.name == "html"


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("a.md", "## Size\na\n"),
        ("a.txt", "Size\n---\na\n\n"),
        ("a.html", "<h2>Size</h2>a"),
    ],
)
def test_passages_of_one_heading_are_numbered_in_linear_time(
    tmp_path: Path, name: str, piece: str
) -> None:
    def read(count: int) -> None:
        path = write(tmp_path / name, piece * count)
        assert len({passage.id for passage in Rows(path).passages}) >= count

    assert_linear(read, [1_000, 2_000, 4_000])


def test_numbers_pass_over_headings_that_bear_them(tmp_path: Path) -> None:
    content = "## Size\na\n## Size 2\nb\n## Size\nc\n## Size\nd\n## Size 2\ne\n## Size\nf\n"
    ids = [passage.id for passage in Rows(write(tmp_path / "d.md", content)).passages]
    assert [name.removeprefix("d.md#") for name in ids] == [
        *("size", "size-2", "size-3", "size-4", "size-2-2", "size-5"),
    ]


def documents() -> Iterator[tuple[str, str]]:
    sentence = "word " * 40
    yield "paragraphs.md", f"{sentence}\n\n"
    yield "lines.md", f"{sentence}\n"
    yield "paragraphs.txt", f"{sentence}\n\n"
    yield "lines.txt", f"{sentence}\n"


@pytest.mark.parametrize(("name", "piece"), documents())
def test_a_document_without_headings_is_not_held(tmp_path: Path, name: str, piece: str) -> None:
    path = write(tmp_path / name, piece * 12_000)
    assert path.stat().st_size > 2_400_000
    reader = choose_reader(path)
    words = 0
    tracemalloc.start()
    for row in reader.read(path):
        words += len(row.record.text.split())  # type: ignore[union-attr]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert words == 12_000 * 40
    assert peak < 1_600_000


def test_a_long_table_keeps_the_names_of_its_columns(tmp_path: Path) -> None:
    rows = "".join(f"| {number} | {'x' * 40} |\n" for number in range(20_000))
    passages = Rows(write(tmp_path / "t.md", f"# T\n| Size | Note |\n|--|--|\n{rows}")).passages
    lines = [line for passage in passages for line in passage.text.splitlines()]
    assert len(lines) == 20_000
    assert lines[-1] == f"Size: 19999; Note: {'x' * 40}"


def test_a_document_of_too_many_passages_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "# a\nx\n" * (MOST_PASSAGES + 1))
    with pytest.raises(FeedError, match="more than 100,000 passages"):
        for _ in choose_reader(path).read(path):
            pass
