from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("langchain_qdrant", reason="needs pip install 'llama-e[qdrant]'")

from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException

from catalog_index.build import Options, build_index, update_index
from catalog_index.filters import WORDS, Filter
from catalog_index.index import CatalogIndex
from catalog_index.records import RecordFile
from retrieval.errors import RetrieverOptionError, RetrieverUnavailableError
from retrieval.qdrant import translate
from retrieval.registry import find_product, open_retriever, search, understood
from retrieval.values import Query
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder, write_jsonl

SHOP = {"collection": "shop"}
EVALUATED = [
    Filter("brand", "is", "aldmere"),
    Filter("brand", "not", "aldmere"),
    Filter("cordless", "is", True),
    Filter("waterproof", "not", False),
    Filter("kind", "is", "passage"),
    Filter("availability", "is", "in stock"),
    Filter("price", "between", high=39.95, unit="EUR"),
    Filter("price", "between", low=40.0),
    Filter("price", "between"),
    Filter("price", "between", unit="EUR"),
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> QdrantClient:
    """One Qdrant that outlives the retrievers opened over it."""
    client = QdrantClient(":memory:")
    monkeypatch.setattr("retrieval.qdrant.QdrantClient", lambda *_, **__: client)
    return client


@pytest.fixture
def puts(monkeypatch: pytest.MonkeyPatch, server: QdrantClient) -> list[int]:
    """The keys of all records that are put from here on, ten at a time."""
    keys: list[int] = []
    real = server.upsert

    def upsert(collection: str, points: models.Batch) -> Any:
        keys.extend(points.ids)
        return real(collection, points)

    monkeypatch.setattr("retrieval.store_loading.BATCH", 10)
    monkeypatch.setattr(server, "upsert", upsert)
    return keys


def collections(server: QdrantClient) -> list[str]:
    return [item.name for item in server.get_collections().collections]


def fail(*_: Any, **__: Any) -> None:
    raise ResponseHandlingException(ConnectionError("lost"))


def build(root: Path, rows: list[Mapping[str, Any]], embedder: HashEmbedder) -> Path:
    feed = write_jsonl(root / "feed.jsonl", rows)
    build_index([feed], root / "index", embedder=embedder)
    return root / "index"


def test_a_rebuilt_index_is_not_answered_from_the_records_before(
    tmp_path: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    for row, gone in ((KETTLE, LAMP), (LAMP, KETTLE)):
        retriever = open_retriever(build(tmp_path, [row], embedder), embedder, "qdrant")
        assert find_product(retriever, row["id"])
        assert find_product(retriever, gone["id"]) is None
    assert len(collections(server)) == 2


def test_a_collection_is_filled_once_and_nothing_is_embedded_anew(
    index_dir: Path, server: QdrantClient, puts: list[int]
) -> None:
    embedder = HashEmbedder()
    open_retriever(index_dir, embedder, "qdrant")
    assert len(puts) == 26
    assert embedder.encoded <= 1  # LangChain asks for the dimension
    assert find_product(open_retriever(index_dir, embedder, "qdrant"), "KE-1001")
    assert len(puts) == 26
    assert len(collections(server)) == 1


def test_half_a_collection_answers_nothing_and_is_filled_to_its_end_later(
    monkeypatch: pytest.MonkeyPatch,
    index_dir: Path,
    embedder: HashEmbedder,
    server: QdrantClient,
    puts: list[int],
) -> None:
    counted = server.upsert
    with monkeypatch.context() as patch:
        patch.setattr(server, "upsert", lambda *a: fail() if len(puts) == 20 else counted(*a))
        with pytest.raises(RetrieverUnavailableError, match="lost"):
            open_retriever(index_dir, embedder, "qdrant", SHOP)
    with pytest.raises(RetrieverUnavailableError, match="not filled to its end") as caught:
        open_retriever(Path("no index"), embedder, "qdrant", SHOP)
    assert "\n" not in str(caught.value)
    retriever = open_retriever(index_dir, embedder, "qdrant", SHOP)
    assert sorted(puts) == sorted(set(puts))
    assert len(puts) == 26
    assert search(retriever, Query("KE-1001", 1))[0].exact


def test_records_that_were_lost_are_put_again(
    index_dir: Path, embedder: HashEmbedder, server: QdrantClient, puts: list[int]
) -> None:
    open_retriever(index_dir, embedder, "qdrant")
    lost = puts[:2]
    server.delete(collections(server)[0], models.PointIdsList(points=lost))
    puts.clear()
    open_retriever(index_dir, embedder, "qdrant")
    assert puts == lost


def test_a_named_collection_follows_the_index_by_the_difference(
    tmp_path: Path, embedder: HashEmbedder, server: QdrantClient, puts: list[int]
) -> None:
    index_dir = build(tmp_path, [KETTLE, LAMP], embedder)
    open_retriever(index_dir, embedder, "qdrant", SHOP)
    change = write_jsonl(tmp_path / "g.jsonl", [KETTLE, {**LAMP, "price": "1.00 EUR"}, SHOES])
    update_index(tmp_path / "index", [change], embedder=embedder)
    puts.clear()
    retriever = open_retriever(index_dir, embedder, "qdrant", SHOP)
    assert len(puts) == 2
    assert server.count("shop").count == 3
    lamp = find_product(retriever, "LA-2002")
    assert lamp is not None
    assert str(getattr(lamp.record, "price", "")) == "1.00 EUR"
    update_index(
        index_dir,
        [write_jsonl(tmp_path / "h.jsonl", [SHOES])],
        embedder=embedder,
        options=Options(delete_missing=True),
    )
    puts.clear()
    retriever = open_retriever(index_dir, embedder, "qdrant", SHOP)
    assert puts == []
    assert [hit.id for hit in search(retriever, Query("kettle", 5))] == ["SH-3003"]
    assert len(server.get_collection_aliases("shop").aliases) == 1


def test_what_another_embedder_made_is_put_anew(
    tmp_path: Path, embedder: HashEmbedder, server: QdrantClient, puts: list[int]
) -> None:
    open_retriever(build(tmp_path, [KETTLE, LAMP], embedder), embedder, "qdrant", SHOP)

    class Turned(HashEmbedder):
        revision = "2"

        def encode(self, texts: Any) -> Any:
            return super().encode(texts)[:, ::-1].copy()

    puts.clear()
    retriever = open_retriever(build(tmp_path, [KETTLE, LAMP], Turned()), Turned(), "qdrant", SHOP)
    assert len(puts) == 2
    (hit,) = search(retriever, Query("desk lamp with dimmer", 1))
    assert (hit.id, (hit.similarity or 0) > 0.3) == ("LA-2002", True)


def test_a_named_collection_is_used_without_an_index_but_not_understood(
    index_dir: Path, tmp_path: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    open_retriever(index_dir, embedder, "qdrant", SHOP)
    retriever = open_retriever(tmp_path, embedder, "qdrant", SHOP)
    assert find_product(retriever, "la2002")
    assert understood(retriever, "kettle under 50 euros") is None
    assert len(search(retriever, Query("kettle under 1 euro", 3, "product", understand=True))) == 3


def test_a_collection_of_something_else_is_left_alone(
    index_dir: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    vectors = models.VectorParams(size=384, distance=models.Distance.COSINE)
    server.create_collection("shop", vectors_config=vectors)
    server.upsert("shop", models.Batch(ids=[1], vectors=[[1.0] * 384], payloads=[{"a": "b"}]))
    with pytest.raises(RetrieverUnavailableError, match="not put there from an index"):
        open_retriever(index_dir, embedder, "qdrant", SHOP)
    assert server.count("shop").count == 1


def test_two_programs_that_fill_one_collection_are_told(
    monkeypatch: pytest.MonkeyPatch,
    index_dir: Path,
    tmp_path: Path,
    embedder: HashEmbedder,
    server: QdrantClient,
) -> None:
    other = build(tmp_path, [LAMP], embedder)
    real = server.upsert

    def interrupted(*arguments: Any) -> None:
        monkeypatch.setattr(server, "upsert", real)
        real(*arguments)
        open_retriever(other, embedder, "qdrant", SHOP)

    monkeypatch.setattr(server, "upsert", interrupted)
    with pytest.raises(RetrieverUnavailableError, match="another program changes it"):
        open_retriever(index_dir, embedder, "qdrant", SHOP)


def test_a_collection_that_another_made_meanwhile_is_filled(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    open_retriever(index_dir, embedder, "qdrant", SHOP)
    answers = iter([False])  # the first time; then as it is
    real = server.collection_exists
    monkeypatch.setattr(server, "collection_exists", lambda name: next(answers, real(name)))
    assert find_product(open_retriever(index_dir, embedder, "qdrant", SHOP), "KE-1001")
    assert collections(server) == ["shop"]


def test_a_server_that_is_down_is_one_line(index_dir: Path, embedder: HashEmbedder) -> None:
    with pytest.raises(RetrieverUnavailableError, match="Check that it runs") as caught:
        open_retriever(index_dir, embedder, "qdrant", {"url": "http://127.0.0.1:9"})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:port", "http://[", "nothing/here/"])
def test_what_is_no_address_of_a_server_is_one_line(
    index_dir: Path, embedder: HashEmbedder, url: str
) -> None:
    with pytest.raises((RetrieverOptionError, RetrieverUnavailableError)):
        open_retriever(index_dir, embedder, "qdrant", {"url": url})


@pytest.mark.parametrize("method", ["query_points", "scroll"])
def test_a_server_lost_in_a_search_is_one_line(
    monkeypatch: pytest.MonkeyPatch,
    index_dir: Path,
    embedder: HashEmbedder,
    server: QdrantClient,
    method: str,
) -> None:
    retriever = open_retriever(index_dir, embedder, "qdrant")
    monkeypatch.setattr(server, method, fail)
    with pytest.raises(RetrieverUnavailableError, match="lost"):
        search(retriever, Query("KE-1001", 3))


def test_the_index_is_closed_once_its_records_are_copied(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder
) -> None:
    closed: list[RecordFile] = []
    real = RecordFile.close
    monkeypatch.setattr(RecordFile, "close", lambda self: (closed.append(self), real(self)))
    retriever = open_retriever(index_dir, embedder, "qdrant")
    assert len(closed) == 1
    assert find_product(retriever, "KE-1001")
    assert understood(retriever, "kettle under 50 euros")


def test_qdrant_finds_what_the_index_lets_pass(
    index_dir: Path, embedder: HashEmbedder, index: CatalogIndex, server: QdrantClient
) -> None:
    open_retriever(index_dir, embedder, "qdrant", SHOP)
    for condition in EVALUATED:
        own, rest = translate([condition])
        assert not rest
        points, _ = server.scroll("shop", scroll_filter=own, limit=100)
        assert sorted(point.id for point in points) == index.words.keys([condition], 100), condition


@pytest.mark.parametrize(
    "condition", [Filter("weight", "between", high=1.0), Filter(WORDS, "not", "kettle")]
)
def test_what_qdrant_does_not_evaluate_is_left_for_the_records_found(condition: Filter) -> None:
    assert translate([condition]) == (None, [condition])
