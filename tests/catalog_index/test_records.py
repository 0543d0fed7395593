from __future__ import annotations

import gc
import os
import sqlite3
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from catalog_index.build import BuildReport
from catalog_index.errors import IndexCorruptError
from catalog_index.index import CatalogIndex
from catalog_index.parsing import parse_product
from catalog_index.product import Passage, Product
from catalog_index.records import RecordFile, RecordWriter, Stored, load, normalise_code
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder

PASSAGE = Passage("care.md#kettles", "Care", "Kettles", "Descale a kettle with vinegar.")


def file_of(path: Path, records: Iterable[Product | Passage]) -> RecordFile:
    writer = RecordWriter(path)
    for record in records:
        writer.put(Stored.of(record))
    for batch in writer.records(2):
        writer.enter_codes(batch)
    writer.finish()
    return RecordFile(path)


@pytest.fixture
def file(tmp_path: Path) -> RecordFile:
    products = [parse_product(row) for row in (KETTLE, LAMP, SHOES)]
    return file_of(tmp_path / "records.sqlite", [*products, PASSAGE])


def found(file: RecordFile, code: str) -> list[str]:
    keys = file.keys_of_code(normalise_code(code))
    return [record.id for record in file.by_keys(keys).values()]


@pytest.mark.parametrize(
    "code",
    ["KE-1001", "ke1001", "KE 1001", "4006381333931", "04006381333931", "ak-17/s", "AK17S"],
)
def test_codes_are_found_whatever_their_punctuation_and_case(file: RecordFile, code: str) -> None:
    assert found(file, code) == ["KE-1001"]


@pytest.mark.parametrize(
    ("code", "folded"),
    [
        ("00-12-34-56-78", "12345678"),
        ("0123", "0123"),
        ("AB_c.1/2", "abc12"),
        ("ЖК-12", "жк12"),
        ("---", ""),
        ("N/A", ""),
        ("n. a.", ""),
        ("None", ""),
        ("unknown", ""),
        ("Does not apply", ""),
        ("Not applicable", ""),
        ("0", ""),
        ("NA-1", "na1"),
        ("10", "10"),
    ],
)
def test_codes_fold(code: str, folded: str) -> None:
    assert normalise_code(code) == folded


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_a_file_that_is_no_store_is_reported_as_damage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "records.sqlite"
    path.write_bytes(content)
    with pytest.raises(IndexCorruptError, match="Build it again"):
        RecordFile(path)
    with pytest.raises(IndexCorruptError):
        RecordFile(tmp_path / "absent")


def test_closing_an_index_waits_for_the_search_that_runs(
    built: BuildReport, embedder: HashEmbedder
) -> None:
    with CatalogIndex(built.directory, embedder) as index, ThreadPoolExecutor(1) as pool:
        connection = index.snapshot.segments[0].records._idle.get()
        closing = pool.submit(index.close)
        with pytest.raises(TimeoutError):
            closing.result(0.1)
        connection.execute("SELECT key FROM record").fetchall()
        index.snapshot.segments[0].records._idle.put(connection)
        closing.result(5)
    with pytest.raises(ValueError, match="closed"):
        index.product("KE-1001")


def test_a_later_row_of_the_same_id_replaces_the_earlier(tmp_path: Path) -> None:
    writer = RecordWriter(tmp_path / "r.sqlite", first_key=7)
    assert writer.put(Stored.of(Product("1", "Old")))
    assert not writer.put(Stored.of(Product("1", "New")))
    assert writer.put(Stored.of(Passage("1", "Other kind", "", "")))
    ((first, second),) = writer.records(10)
    assert (first[0], first[1].title, second[0], second[1].title) == (7, "New", 8, "Other kind")
    assert writer.remove("product", "1")
    assert not writer.remove("product", "1")
    assert not writer.holds("product", "1")
    assert len(writer) == 1
    writer.close()


def test_records_come_back_as_they_were(file: RecordFile) -> None:
    for record in (*map(parse_product, (KETTLE, LAMP, SHOES)), PASSAGE):
        stored = Stored.of(record)
        found = file.find(stored.kind, record.id)
        assert found is not None
        key, digest = found
        assert digest == stored.digest
        assert file.by_keys([key]) == {key: record}
        assert load(stored.kind, stored.content) == record
    assert file.find("product", PASSAGE.id) is None
    assert file.by_keys([999]) == {}


def test_an_altered_record_is_not_served(file: RecordFile, tmp_path: Path) -> None:
    path = tmp_path / "records.sqlite"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"Desk lamp with dimmer", b"Desk lamp with danger"))
    with RecordFile(path) as altered:
        assert altered.by_keys([1])
        with pytest.raises(IndexCorruptError, match="record 2 does not match its digest"):
            altered.by_keys([2])
        with pytest.raises(IndexCorruptError, match="record 2"):
            altered.check()


def test_ids_are_listed_by_their_beginning(file: RecordFile) -> None:
    assert file.ids("passage", "care.md#") == [(4, PASSAGE.id)]
    assert file.ids("passage", "care") == [(4, PASSAGE.id)]
    assert file.ids("passage", "car.md#") == []
    assert [name for _, name in file.ids("product")] == ["KE-1001", "LA-2002", "SH-3003"]


def test_many_threads_share_one_file_even_once_it_is_deleted(
    file: RecordFile, tmp_path: Path
) -> None:
    (tmp_path / "records.sqlite").unlink()
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: found(file, "KE-1001"), range(400)))
    assert all(answer == ["KE-1001"] for answer in answers)


def test_a_closed_file_lets_go_and_says_so(file: RecordFile) -> None:
    connections = list(file._idle.queue)
    file.close()
    file.close()
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
    with pytest.raises(ValueError, match="closed"):
        file.find("product", "KE-1001")


def test_a_batch_is_bounded_by_the_length_of_its_records(tmp_path: Path) -> None:
    long = [Product(f"L{n}", "Long", description="word " * 200_000) for n in range(7)]
    writer = RecordWriter(tmp_path / "r.sqlite")
    for record in (*long, *(Product(f"S{n}", "Short") for n in range(9))):
        writer.put(Stored.of(record))
    sizes = [len(batch) for batch in writer.records(512)]
    writer.finish()
    assert sizes == [3, 3, 10]  # of 1 MB each, and 2 MB at a time
    with RecordFile(tmp_path / "r.sqlite") as file:
        keys = [key for batch in file.stored(512) for key, _ in batch]
    assert keys == list(range(1, 17))


@pytest.mark.parametrize(
    "prefix", ["a", "a%", "a_", "z", "é", "\ud7ff", chr(sys.maxunicode), f"a{chr(sys.maxunicode)}"]
)
def test_ids_of_any_characters_are_listed_by_their_beginning(tmp_path: Path, prefix: str) -> None:
    parts = ["", "a", "%", "_", "b", "z", "é", "\ud7ff", "\ue000", "🫖", chr(sys.maxunicode)]
    names = sorted({first + second for first in parts for second in parts} | {prefix} - {""})
    names = [name for name in names if name]
    file = file_of(tmp_path / "r.sqlite", [Product(name, "Thing") for name in names])
    assert [name for _, name in file.ids("product", prefix)] == [
        name for name in names if name.startswith(prefix)
    ]
    file.close()


def steps(file: RecordFile) -> list[int]:
    """Count SQLite's steps, in hundreds, from here on."""
    counted = [0]

    def count() -> None:
        counted[0] += 1

    for connection in list(file._idle.queue):
        connection.set_progress_handler(count, 100)
    return counted


def test_listing_ids_by_their_beginning_looks_at_no_others(tmp_path: Path) -> None:
    passages = [Passage(f"doc{n}.md#top", "Doc", "", "Text") for n in range(5000)]
    with file_of(tmp_path / "r.sqlite", passages) as file:
        counted = steps(file)
        assert [key for key, _ in file.ids("passage", "doc77.md#")] == [78]
        assert counted[0] <= 2


def test_a_code_that_very_many_bear_gives_the_first_of_them_page_by_page(tmp_path: Path) -> None:
    products = [Product(f"P{n}", "Thing", mpn="SAME-1") for n in range(450)]
    with file_of(tmp_path / "r.sqlite", products) as file:
        first = file.keys_of_code("same1")
        assert first == list(range(1, 201))
        assert file.keys_of_code("same1", first[-1]) == list(range(201, 401))
        counted = steps(file)
        assert file.entered(["same1", "p3", "absent"], range(3, 6)) == {
            *(("same1", key) for key in (3, 4, 5)),
            ("p3", 4),
        }
        assert counted[0] <= 2


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="Linux tells open files")
def test_a_file_that_nobody_has_any_more_is_let_go_of(tmp_path: Path) -> None:
    file: RecordFile | None = file_of(tmp_path / "r.sqlite", [PASSAGE])
    connections = list(file._idle.queue) if file else []
    gc.disable()
    try:
        assert str(tmp_path / "r.sqlite") in map(os.path.realpath, Path("/proc/self/fd").iterdir())
        file = None
        opened = [*map(os.path.realpath, Path("/proc/self/fd").iterdir())]
    finally:
        gc.enable()
    assert str(tmp_path / "r.sqlite") not in opened
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
