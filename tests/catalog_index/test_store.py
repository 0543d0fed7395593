from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_index.build import BuildReport
from catalog_index.errors import IndexCorruptError
from catalog_index.index import CatalogIndex
from catalog_index.manifest import RECORDS, current_generation
from catalog_index.parsing import parse_product
from catalog_index.product import Passage, Product
from catalog_index.store import RecordStore, StoreWriter, normalise_code, query_tokens
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder

PASSAGE = Passage("care.md#kettles", "Care", "Kettles", "Descale a kettle with vinegar.")


def store_of(path: Path, records: Iterable[Product | Passage]) -> RecordStore:
    writer = StoreWriter(path)
    for record in records:
        writer.add(record)
    for batch in writer.records(2):
        writer.index_words(batch)
    writer.finish()
    return RecordStore(path)


@pytest.fixture
def store(tmp_path: Path) -> RecordStore:
    products = [parse_product(row) for row in (KETTLE, LAMP, SHOES)]
    return store_of(tmp_path / "records.sqlite", [*products, PASSAGE])


def ids(store: RecordStore, keys: Iterable[int]) -> list[str]:
    records = store.by_keys(list(keys))
    return [records[key].id for key in keys]


def found(store: RecordStore, text: str, k: int = 10) -> list[str]:
    return ids(store, [key for key, _ in store.lexical(text, k)])


def test_a_record_s_own_words_outweigh_those_of_its_attributes(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "r.sqlite",
        [
            Product("attribute", "Tray of steel", attributes={"suits": "kettle"}),
            Product("title", "Kettle of steel"),
            Product("none", "Spoon of steel"),
        ],
    )
    hits = store.lexical("kettle", 10)
    assert ids(store, [key for key, _ in hits]) == ["title", "attribute"]
    assert hits[0][1] > hits[1][1] > 0


def test_a_long_table_of_attributes_does_not_push_a_record_down(tmp_path: Path) -> None:
    table = {f"property {n}": f"value {n}" for n in range(80)}
    store = store_of(
        tmp_path / "r.sqlite",
        [
            Product("mention", "Tray", description="A tray that a kettle can stand on when hot"),
            Product("rich", "Kettle", attributes=table),
        ],
    )
    assert found(store, "kettle") == ["rich", "mention"]


def test_what_a_product_is_said_not_to_be_does_not_find_it(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "r.sqlite",
        [
            Product("no", "Lamp one", attributes={"dimmable": False}),
            Product("yes", "Lamp two", attributes={"dimmable": True}),
        ],
    )
    assert found(store, "dimmable") == ["yes"]


def test_more_of_the_query_s_words_rank_higher(store: RecordStore) -> None:
    assert found(store, "light shoes for long runs")[0] == "SH-3003"
    assert found(store, "light for reading")[0] == "LA-2002"


def test_words_match_by_stem_accent_case_and_attribute(store: RecordStore) -> None:
    for text in ("KETTLES", "kéttle", "ke\u0301ttle"):
        assert set(found(store, text)) == {"KE-1001", "care.md#kettles"}
    assert found(store, "dimmable")[0] == "LA-2002"


def test_a_sharp_s_is_found_as_it_is_written(tmp_path: Path) -> None:
    store = store_of(tmp_path / "r.sqlite", [Product("1", "Straßenlampe")])
    assert found(store, "straßenlampe") == ["1"]


def test_function_words_alone_are_still_searched(store: RecordStore) -> None:
    assert query_tokens("what is the kettle") == ["kettle"]
    assert query_tokens("for the") == ["for", "the"]
    assert "LA-2002" in found(store, "with")


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '"kettle',
        'kettle" OR "lamp',
        "kettle AND",
        "NEAR(kettle lamp)",
        "NOT kettle",
        "title:kettle",
        "{title} : kettle",
        "kettle*",
        "^kettle",
        "-kettle +lamp",
        "kettle; DROP TABLE record; --",
        "(((",
        "%_",
        "\x00kettle\x00",
        "水壶 kettle",
        "🫖 kettle",
        "_",
        "\\",
        "kettle " * 14_000,
        "x" * 100_000,
    ],
)
def test_query_syntax_is_plain_words(store: RecordStore, text: str) -> None:
    hits = found(store, text)
    assert ("KE-1001" in hits) == ("kettle" in text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_text_is_a_query(store: RecordStore, text: str) -> None:
    assert len(store.lexical(text, 2)) <= 2
    assert len(store.lookup([text])) <= 1


def test_long_queries_are_cut_to_64_words() -> None:
    assert len(query_tokens(" ".join(f"word{n}" for n in range(1000)))) == 64


def test_a_kind_restricts_the_search(store: RecordStore) -> None:
    everything = {key for key, _ in store.lexical("kettle", 10)}
    passages = {key for key, _ in store.lexical("kettle", 10, "passage")}
    products = {key for key, _ in store.lexical("kettle", 10, "product")}
    assert ids(store, passages) == ["care.md#kettles"]
    assert products | passages == everything
    assert products.isdisjoint(passages)
    assert set(store.keys_of_kind("passage")) == passages


@pytest.mark.parametrize(
    "code",
    ["KE-1001", "ke1001", "KE 1001", "4006381333931", "04006381333931", "ak-17/s", "AK17S"],
)
def test_codes_are_found_whatever_their_punctuation_and_case(store: RecordStore, code: str) -> None:
    assert ids(store, store.lookup([code])) == ["KE-1001"]


def test_codes_come_in_the_order_asked(store: RecordStore) -> None:
    keys = store.lookup(["77-LAMP-01", "nothing", "KE-1001", "LA-2002"])
    assert ids(store, keys) == ["LA-2002", "KE-1001"]


@pytest.mark.parametrize(
    ("code", "folded"),
    [
        ("00-12-34-56-78", "12345678"),
        ("0123", "0123"),
        ("AB_c.1/2", "abc12"),
        ("ЖК-12", "жк12"),
        ("---", ""),
    ],
)
def test_codes_fold(code: str, folded: str) -> None:
    assert normalise_code(code) == folded


def test_a_later_row_of_the_same_id_replaces_the_earlier(tmp_path: Path) -> None:
    writer = StoreWriter(tmp_path / "r.sqlite")
    assert writer.add(Product("1", "Old"))
    assert not writer.add(Product("1", "New"))
    assert writer.add(Passage("1", "Other kind", "", ""))
    assert [record.title for _, record in next(writer.records(10))] == ["New", "Other kind"]
    writer.close()


def test_records_come_back_as_they_were(store: RecordStore) -> None:
    assert store.get("KE-1001") == parse_product(KETTLE)
    assert store.get("care.md#kettles", "passage") == PASSAGE
    assert store.get("care.md#kettles") is None
    assert store.by_keys([999]) == {}


def test_many_threads_share_one_store(store: RecordStore) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: found(store, "kettle"), range(400)))
    assert all(answer == answers[0] for answer in answers)


def test_a_deleted_store_goes_on_answering_in_new_threads(
    store: RecordStore, tmp_path: Path
) -> None:
    (tmp_path / "records.sqlite").unlink()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: found(store, "kettle"), range(40)))
    assert answers[0]


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_a_file_that_is_no_store_is_reported_as_damage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "records.sqlite"
    path.write_bytes(content)
    with pytest.raises(IndexCorruptError, match="Build it again"):
        RecordStore(path)
    with pytest.raises(IndexCorruptError):
        RecordStore(tmp_path / "absent")


def test_a_closed_store_lets_go_of_its_file_and_says_so(built: BuildReport) -> None:
    path = current_generation(built.directory) / RECORDS
    with RecordStore(path) as store:
        assert store.get("KE-1001")
        connections = list(store._idle.queue)
    store.close()
    for connection in connections:
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
    with pytest.raises(ValueError, match="closed"):
        store.get("KE-1001")


def test_closing_an_index_waits_for_the_search_that_runs(
    built: BuildReport, embedder: HashEmbedder
) -> None:
    with CatalogIndex(built.directory, embedder) as index, ThreadPoolExecutor(1) as pool:
        connection = index.store._idle.get()
        closing = pool.submit(index.close)
        with pytest.raises(TimeoutError):
            closing.result(0.1)
        connection.execute("SELECT key FROM record").fetchall()
        index.store._idle.put(connection)
        closing.result(5)
    with pytest.raises(ValueError, match="closed"):
        index.lexical("kettle", 3)
