from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_milvus", reason="needs pip install 'llama-e[milvus]'")
pytest.importorskip("milvus_lite", reason="Milvus Lite is not made for this system")

from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException

from catalog_index.build import Options, build_index, update_index
from catalog_index.filters import WORDS, Filter
from catalog_index.index import CatalogIndex
from catalog_index.product import Product
from retrieval.errors import RetrieverOptionError, RetrieverUnavailableError
from retrieval.milvus import MilvusCollection, open_retriever, translate
from retrieval.registry import find_product, search, understood
from retrieval.values import Query
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder, write_jsonl

ROOT = Path(__file__).parents[2]
KILLED = """
import os, signal, sys
from pathlib import Path
import retrieval.store_loading
from retrieval.milvus import MilvusCollection, open_retriever
from tests.fakes import HashEmbedder

put, parts = MilvusCollection.put, []
def stopped(self, entries):
    put(self, entries)
    parts.append(entries)
    if len(parts) == 2:
        os.kill(os.getpid(), signal.SIGKILL)

retrieval.store_loading.BATCH = 10
MilvusCollection.put = stopped
options = {"uri": sys.argv[2], "collection": "shop"}
open_retriever(Path(sys.argv[1]), HashEmbedder(), options)
"""
EVALUATED = [
    Filter("brand", "is", "aldmere"),
    Filter("brand", "not", "aldmere"),
    Filter("cordless", "is", True),
    Filter("waterproof", "not", False),
    Filter("kind", "is", "passage"),
    Filter("kind", "not", "passage"),
    Filter("availability", "is", "in stock"),
    Filter("price", "between", high=39.95, unit="EUR"),
    Filter("price", "between", low=40.0),
    Filter("price", "between"),
]


@pytest.fixture
def shop(tmp_path: Path) -> dict[str, str]:
    """The options of a collection in a file that stays."""
    return {"uri": str(tmp_path / "milvus.db"), "collection": "shop"}


@pytest.fixture
def puts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The keys of all records that are put from here on."""
    keys: list[int] = []
    real = MilvusCollection.put

    def put(self: MilvusCollection, entries: Any) -> None:
        keys.extend(entry.key for entry in entries)
        real(self, entries)

    monkeypatch.setattr(MilvusCollection, "put", put)
    yield keys


def fail(*_: Any, **__: Any) -> None:
    raise MilvusException(message="lost")


def build(root: Path, rows: list[Mapping[str, Any]], embedder: HashEmbedder) -> Path:
    feed = write_jsonl(root / "feed.jsonl", rows)
    build_index([feed], root / "index", embedder=embedder)
    return root / "index"


def test_a_killed_load_goes_on_where_it_was(
    index_dir: Path,
    tmp_path: Path,
    embedder: HashEmbedder,
    shop: dict[str, str],
    puts: list[int],
) -> None:
    command = [sys.executable, "-c", KILLED, str(index_dir), shop["uri"]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with pytest.raises(RetrieverUnavailableError, match="not filled to its end"):
        open_retriever(tmp_path / "no index", embedder, shop)
    retriever = open_retriever(index_dir, embedder, shop)
    assert len(puts) == 6
    assert len(search(retriever, Query("kettle", 100))) == 26


def test_a_file_is_filled_once_and_nothing_is_embedded_anew(
    index_dir: Path, tmp_path: Path, puts: list[int]
) -> None:
    embedder = HashEmbedder()
    options = {"uri": str(tmp_path / "milvus.db")}
    open_retriever(index_dir, embedder, options)
    assert (len(puts), embedder.encoded) == (26, 0)
    assert find_product(open_retriever(index_dir, embedder, options), "KE-1001")
    assert len(puts) == 26


def test_a_named_collection_follows_the_index_by_the_difference(
    tmp_path: Path, embedder: HashEmbedder, shop: dict[str, str], puts: list[int]
) -> None:
    index_dir = build(tmp_path, [KETTLE, LAMP], embedder)
    open_retriever(index_dir, embedder, shop)
    change = write_jsonl(tmp_path / "g.jsonl", [{**LAMP, "price": "1.00 EUR"}, SHOES])
    update_index(index_dir, [change], embedder=embedder, options=Options(delete_missing=True))
    puts.clear()
    retriever = open_retriever(index_dir, embedder, shop)
    assert len(puts) == 2
    hits = search(retriever, Query("desk lamp", 5))
    assert [hit.id for hit in hits] == ["LA-2002", "SH-3003"]
    assert str(getattr(hits[0].record, "price", "")) == "1.00 EUR"


def test_the_temporary_file_goes_with_the_retriever(
    index_dir: Path, embedder: HashEmbedder
) -> None:
    retriever = open_retriever(index_dir, embedder, {})
    folder = Path(retriever.held.name)
    assert folder.is_dir()
    del retriever
    assert not folder.exists()


def test_a_named_collection_is_used_without_an_index_but_not_understood(
    index_dir: Path, tmp_path: Path, embedder: HashEmbedder, shop: dict[str, str]
) -> None:
    open_retriever(index_dir, embedder, shop)
    retriever = open_retriever(tmp_path, embedder, shop)
    assert find_product(retriever, "la2002")
    assert understood(retriever, "kettle under 50 euros") is None


def test_a_collection_of_something_else_is_left_alone(
    index_dir: Path, embedder: HashEmbedder, shop: dict[str, str]
) -> None:
    client = MilvusClient(uri=shop["uri"])
    client.create_collection("shop", dimension=4)
    client.insert("shop", [{"id": 1, "vector": [0.1] * 4}])
    with pytest.raises(RetrieverUnavailableError, match="not made from an index"):
        open_retriever(index_dir, embedder, shop)
    assert client.query("shop", filter="id == 1")


def test_milvus_finds_what_the_index_lets_pass(
    index_dir: Path, embedder: HashEmbedder, index: CatalogIndex, shop: dict[str, str]
) -> None:
    open_retriever(index_dir, embedder, shop)
    client = MilvusClient(uri=shop["uri"])
    for condition in EVALUATED:
        own, rest = translate([condition])
        assert not rest
        rows = client.query("shop", filter=own, limit=100, output_fields=["pk"])
        found = sorted(row["pk"] for row in rows)
        assert found == index.words.keys([condition], 100), condition


@pytest.mark.parametrize(
    "condition",
    [
        Filter("weight", "between", high=1.0),
        Filter(WORDS, "not", "kettle"),
        Filter("brand", "is", 'a" or pk > 0 or brand == "'),
        Filter("brand", "is", "a_c%e"),
        Filter("price", "between", high=1.0, unit='"'),
    ],
)
def test_what_milvus_does_not_evaluate_is_left_for_the_records_found(condition: Filter) -> None:
    assert translate([condition]) == (None, [condition])


def test_a_record_longer_than_a_field_of_milvus_is_kept_whole(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    long = {**KETTLE, "description": "Boils water fast, été. " * 5_000}
    retriever = open_retriever(build(tmp_path, [long, LAMP], embedder), embedder, {})
    hit = find_product(retriever, "KE-1001")
    assert hit is not None
    assert isinstance(hit.record, Product)
    assert len(hit.record.description) > 100_000


@pytest.mark.parametrize(
    "options",
    [
        {"collection": "my shop"},
        {"collection": "shop;"},
        {"url": "http://127.0.0.1:19530"},
        {"uri": "http://127.0.0.1:port"},
        {"uri": "http://["},
    ],
)
def test_wrong_options_are_one_line(
    index_dir: Path, embedder: HashEmbedder, options: dict[str, str]
) -> None:
    with pytest.raises(RetrieverOptionError, match=next(iter(options))) as caught:
        open_retriever(index_dir, embedder, options)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("uri", ["http://127.0.0.1:9", "no/such/folder/milvus.db", "milvus.txt"])
def test_what_cannot_be_opened_is_one_line(
    index_dir: Path, embedder: HashEmbedder, uri: str
) -> None:
    with pytest.raises(RetrieverUnavailableError, match="option") as caught:
        open_retriever(index_dir, embedder, {"uri": uri})
    assert "\n" not in str(caught.value)


def test_a_file_that_another_process_has_open_is_one_line(
    index_dir: Path, embedder: HashEmbedder, shop: dict[str, str]
) -> None:
    open_retriever(index_dir, embedder, shop)
    code = """
import sys
from pathlib import Path
from retrieval.milvus import open_retriever
from tests.fakes import HashEmbedder
try:
    open_retriever(Path(sys.argv[1]), HashEmbedder(), {"uri": sys.argv[2]})
except Exception as error:
    print(type(error).__name__, error)
"""
    command = [sys.executable, "-c", code, str(index_dir), shop["uri"]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    (line,) = done.stdout.splitlines()
    assert line.startswith("RetrieverUnavailableError")
    assert "no other program has the file open" in line


@pytest.mark.parametrize("method", ["search", "query"])
def test_milvus_lost_in_a_search_is_one_line(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder, method: str
) -> None:
    retriever = open_retriever(index_dir, embedder, {})
    monkeypatch.setattr(MilvusClient, method, fail)
    with pytest.raises(RetrieverUnavailableError, match="lost"):
        search(retriever, Query("KE-1001", 3))
