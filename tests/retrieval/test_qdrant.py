from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ResponseHandlingException

from catalog_index.build import build_index
from catalog_index.records import RecordFile
from retrieval.errors import RetrieverOptionError, RetrieverUnavailableError
from retrieval.registry import find_product, open_retriever, search
from retrieval.values import Query
from tests.fakes import KETTLE, LAMP, HashEmbedder, write_jsonl


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> QdrantClient:
    """One Qdrant that outlives the retrievers opened over it."""
    client = QdrantClient(":memory:")
    monkeypatch.setattr("retrieval.qdrant.QdrantClient", lambda *_, **__: client)
    return client


def collections(server: QdrantClient) -> list[str]:
    return [item.name for item in server.get_collections().collections]


def fail(*_: Any, **__: Any) -> None:
    raise ResponseHandlingException(ConnectionError("lost"))


def test_a_rebuilt_index_is_not_answered_from_the_records_before(
    tmp_path: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    for row, gone in ((KETTLE, LAMP), (LAMP, KETTLE)):
        feed = write_jsonl(tmp_path / "feed.jsonl", [row])
        build_index([feed], tmp_path / "index", embedder=embedder)
        retriever = open_retriever(tmp_path / "index", embedder, "qdrant")
        assert find_product(retriever, row["id"])
        assert find_product(retriever, gone["id"]) is None


def test_a_collection_is_filled_once(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    open_retriever(index_dir, embedder, "qdrant")
    with monkeypatch.context() as patch:
        patch.setattr(server, "upsert", fail)
        assert find_product(open_retriever(index_dir, embedder, "qdrant"), "KE-1001")
    assert len(collections(server)) == 1


def test_half_a_collection_is_not_left_to_pass_for_the_whole(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(server, "upsert", fail)
        with pytest.raises(RetrieverUnavailableError, match="lost"):
            open_retriever(index_dir, embedder, "qdrant")
    assert collections(server) == []
    retriever = open_retriever(index_dir, embedder, "qdrant")
    assert search(retriever, Query("KE-1001", 1))[0].exact


def test_half_a_collection_that_a_kill_left_is_refused(
    index_dir: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    open_retriever(index_dir, embedder, "qdrant")
    server.delete(collections(server)[0], models.PointIdsList(points=[0, 1]))
    with pytest.raises(RetrieverUnavailableError, match=r"holds 24 of 26 records.*delete it"):
        open_retriever(index_dir, embedder, "qdrant")


def test_a_collection_made_by_another_meanwhile_is_not_deleted(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder, server: QdrantClient
) -> None:
    open_retriever(index_dir, embedder, "qdrant", {"collection": "shop"})
    monkeypatch.setattr(server, "collection_exists", lambda _: False)
    with pytest.raises(Exception, match="already exists"):
        open_retriever(index_dir, embedder, "qdrant", {"collection": "shop"})
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
