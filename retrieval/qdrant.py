"""The entry point `qdrant`: a Qdrant collection behind LangChain's `VectorStore` interface.

Without options it runs in Qdrant's local mode, in memory, and loads the catalog index's records
and vectors at start; with `url` it uses a server, and loads the collection if the server has none
of that name. The default name is made of the index's checksum, so that no index is answered from
another's records, nor from those before its last build. Needs the extra `llama-e[qdrant]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from langchain_core.documents import Document
from langchain_qdrant import QdrantVectorStore
from langchain_qdrant.qdrant import QdrantVectorStoreError
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from catalog_index.embedding import Embedder
from catalog_index.index import CatalogIndex
from catalog_index.product import Product
from catalog_index.records import normalise_code
from retrieval.documents import record_metadata, record_text
from retrieval.errors import RetrieverOptionError, RetrieverUnavailableError
from retrieval.options import RetrieverOptions, read_options
from retrieval.values import Kind
from retrieval.vector_store import CODES, CatalogEmbeddings, VectorStoreRetriever

_BATCH = 256
_LOOKED_UP = 100
"""How many products one look-up of codes may find."""


class QdrantOptions(RetrieverOptions):
    """Where the collection is: a server's `url` and `api_key`, and its name if not the default."""

    url: str | None = None
    api_key: str | None = None
    collection: str | None = None


class _QdrantRetriever(VectorStoreRetriever):
    """Says in one line when the server fails in the middle of a search."""

    def _nearest(self, query: str, k: int, kind: Kind | None) -> list[tuple[Document, float]]:
        with _typed_failures():
            return super()._nearest(query, k, kind)


def open_retriever(
    index_dir: Path, embedder: Embedder, options: Mapping[str, Any]
) -> VectorStoreRetriever:
    """Open the collection, loading it from the index when it is not there.

    Args:
        index_dir: the catalog index to load from; not read where `collection` names a collection
            that is there.
        embedder: the index's embedder; embeds the queries.
        options: those of `QdrantOptions`, and `k`.

    Raises:
        RetrieverOptionError: an option is unknown or its value wrong.
        RetrieverUnavailableError: the server fails, or holds a part of the index.
        CatalogError: the index cannot be opened.
    """
    chosen = read_options(QdrantOptions, "qdrant", options)
    client = _client(chosen)
    with _typed_failures():
        collection = _filled_collection(client, chosen.collection, index_dir, embedder)
        store = QdrantVectorStore(client, collection, embedding=CatalogEmbeddings(embedder))

    def lookup(codes: list[str]) -> list[Document]:
        folded = [code for code in map(normalise_code, codes) if code]
        if not folded:
            return []
        with _typed_failures():
            points, _ = client.scroll(
                collection,
                scroll_filter=_matches(f"metadata.{CODES}", models.MatchAny(any=folded)),
                limit=_LOOKED_UP,
            )
        return [
            Document(page_content=p.payload["page_content"], metadata=p.payload["metadata"])
            for p in points
            if p.payload
        ]

    return _QdrantRetriever(store=store, k=chosen.k, lookup=lookup, kind_filter=_kind_filter)


def _client(options: QdrantOptions) -> QdrantClient:
    if options.url is None:
        return QdrantClient(":memory:")
    try:
        return QdrantClient(url=options.url, api_key=options.api_key, check_compatibility=False)
    except ValueError as error:
        raise RetrieverOptionError(
            f"The option url={options.url!r} is no address of a Qdrant server ({error})."
            " Write it as http://127.0.0.1:6333."
        ) from error


def _filled_collection(
    client: QdrantClient, name: str | None, index_dir: Path, embedder: Embedder
) -> str:
    """Return the name of a collection that holds the index, filled now if it is not there."""
    if name is not None and client.collection_exists(name):
        return name
    with CatalogIndex(index_dir, embedder) as index:
        collection = name or f"llama-e-{index.manifest.checksum[:16]}"
        if not client.collection_exists(collection):
            load_collection(client, collection, index)
        elif (held := client.count(collection).count) != len(index):
            raise RetrieverUnavailableError(
                f"The Qdrant collection {collection!r} holds {held} of {len(index)} records:"
                " another program is filling it, or was killed while it did. Wait, or delete it."
            )
    return collection


def load_collection(client: QdrantClient, collection: str, index: CatalogIndex) -> None:
    """Create the collection and copy the index's records and vectors into it.

    On a failure the new collection is deleted again; one that was there before is not touched.
    """
    size = index.manifest.embedder.dimension
    vectors = models.VectorParams(size=size, distance=models.Distance.COSINE)
    client.create_collection(collection, vectors_config=vectors)
    try:
        _copy_records(client, collection, index)
    except BaseException:
        with suppress(Exception):  # half of a catalog would pass for all of it
            client.delete_collection(collection)
        raise


def _copy_records(client: QdrantClient, collection: str, index: CatalogIndex) -> None:
    number = 0
    for records, rows in index.chunks(_BATCH):
        points = []
        for record, row in zip(records, rows, strict=True):
            metadata = record_metadata(record)
            if isinstance(record, Product):
                codes = (normalise_code(code) for code in record.identifiers())
                metadata[CODES] = [code for code in codes if code]
            payload = {"page_content": record_text(record), "metadata": metadata}
            points.append(models.PointStruct(id=number, vector=row.tolist(), payload=payload))
            number += 1
        client.upsert(collection, points)


@contextmanager
def _typed_failures() -> Iterator[None]:
    """Turn a failing server into `RetrieverUnavailableError`."""
    try:
        yield
    except (ApiException, QdrantException, QdrantVectorStoreError, OSError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise RetrieverUnavailableError(
            f"The Qdrant server failed ({reason}). Check that it runs, and the options url,"
            " api_key and collection."
        ) from error


def _kind_filter(kind: Kind) -> models.Filter:
    return _matches("metadata.kind", models.MatchValue(value=kind))


def _matches(key: str, match: Any) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key=key, match=match)])
