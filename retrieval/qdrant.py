"""The entry point `qdrant`: a Qdrant collection behind LangChain's `VectorStore` interface.

Without options it runs in Qdrant's local mode, in memory, and loads the catalog index's records
and vectors at start; with `url` it uses a server, and loads the collection if the server has none
of that name. Needs the extra `llama-e[qdrant]`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langchain_core.documents import Document
from langchain_qdrant import QdrantVectorStore
from qdrant_client import QdrantClient, models

from catalog_index.embedding import Embedder
from catalog_index.index import CatalogIndex
from catalog_index.product import Product
from catalog_index.store import normalise_code
from retrieval.documents import record_metadata, record_text
from retrieval.values import Kind
from retrieval.vector_store import CODES, CatalogEmbeddings, VectorStoreRetriever

_BATCH = 256


def open_retriever(
    index_dir: Path, embedder: Embedder, options: Mapping[str, Any]
) -> VectorStoreRetriever:
    """Open the collection, loading it from the index when it is not there.

    Args:
        index_dir: the catalog index to load from.
        embedder: the index's embedder; embeds the queries.
        options: `url` and `api_key` of a server, `collection` (default "llama-e"), `k`.
    """
    collection = str(options.get("collection", "llama-e"))
    if "url" in options:
        client = QdrantClient(url=str(options["url"]), api_key=options.get("api_key"))
    else:
        client = QdrantClient(":memory:")
    if not client.collection_exists(collection):
        index = CatalogIndex(index_dir, embedder)
        try:
            load_collection(client, collection, index)
        except BaseException:
            client.delete_collection(collection)  # half of a catalog would pass for all of it
            raise
    store = QdrantVectorStore(client, collection, embedding=CatalogEmbeddings(embedder))

    def lookup(codes: list[str]) -> list[Document]:
        folded = [code for code in map(normalise_code, codes) if code]
        if not folded:
            return []
        points, _ = client.scroll(
            collection,
            scroll_filter=_matches(f"metadata.{CODES}", models.MatchAny(any=folded)),
            limit=len(folded),
        )
        return [
            Document(page_content=p.payload["page_content"], metadata=p.payload["metadata"])
            for p in points
            if p.payload
        ]

    return VectorStoreRetriever(
        store=store, k=int(options.get("k", 10)), lookup=lookup, kind_filter=_kind_filter
    )


def load_collection(client: QdrantClient, collection: str, index: CatalogIndex) -> None:
    """Create the collection and copy the index's records and vectors into it."""
    size = index.manifest.embedder.dimension
    vectors = models.VectorParams(size=size, distance=models.Distance.COSINE)
    client.create_collection(collection, vectors_config=vectors)
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


def _kind_filter(kind: Kind) -> models.Filter:
    return _matches("metadata.kind", models.MatchValue(value=kind))


def _matches(key: str, match: Any) -> models.Filter:
    return models.Filter(must=[models.FieldCondition(key=key, match=match)])
