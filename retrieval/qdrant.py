"""The entry point `qdrant`: a Qdrant collection behind LangChain's `VectorStore` interface.

Without options it runs in Qdrant's local mode, in memory; with `url` it uses a server. The catalog
index's records and vectors are put there by `store_loading`. A record's payload is

    page_content   the record as text
    metadata       kind and record (see `documents`); codes, folded; facts ("brand=acme"), price
                   and currency, for filters; stamp

and its point has the key that it has in the index. Needs the extra `llama-e[qdrant]`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from langchain_core.documents import Document
from langchain_qdrant import QdrantVectorStore
from langchain_qdrant.qdrant import QdrantVectorStoreError
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException

from catalog_index.embedding import Embedder
from catalog_index.filters import Filter
from catalog_index.records import normalise_code
from retrieval.documents import record_metadata, record_text
from retrieval.errors import RetrieverOptionError, RetrieverUnavailableError
from retrieval.options import RetrieverOptions, read_options
from retrieval.record_filters import currency, fact, is_fact, is_price, record_facts
from retrieval.store_loading import Entry, open_store
from retrieval.vector_store import (
    CatalogEmbeddings,
    Translated,
    VectorStoreRetriever,
    make_retriever,
)

_LOOKED_UP = 100
"""How many products one look-up of codes may find."""

_PAGE = 5_000
_SECONDS = 60
"""How long a server may take for one request."""

_INDEXED = {
    "codes": models.PayloadSchemaType.KEYWORD,
    "facts": models.PayloadSchemaType.KEYWORD,
    "currency": models.PayloadSchemaType.KEYWORD,
    "price": models.PayloadSchemaType.FLOAT,
}


class QdrantOptions(RetrieverOptions):
    """Where the collection is: a server's `url` and `api_key`, and its name if not the default."""

    url: str | None = None
    api_key: str | None = None
    collection: str | None = None


def open_retriever(
    index_dir: Path, embedder: Embedder, options: Mapping[str, Any]
) -> VectorStoreRetriever:
    """Open the collection, brought in step with the index first.

    Args:
        index_dir: the catalog index; need not be there where `collection` names a collection that
            was filled before.
        embedder: the index's embedder; embeds the queries.
        options: those of `QdrantOptions`, and `k`.

    Raises:
        RetrieverOptionError: an option is unknown or its value wrong.
        RetrieverUnavailableError: the server fails, or the collection cannot be used.
        CatalogError: the index cannot be opened.
    """
    chosen = read_options(QdrantOptions, "qdrant", options)
    client = _client(chosen)
    with _typed_failures():
        collection, reading = open_store(
            lambda name: QdrantCollection(client, name, is_server=chosen.url is not None),
            chosen.collection,
            index_dir,
            embedder,
        )
        store = QdrantVectorStore(client, collection.name, embedding=CatalogEmbeddings(embedder))
    return make_retriever(
        reading,
        store=store,
        k=chosen.k,
        lookup=collection.lookup,
        translate=translate,
        guard=_typed_failures,
    )


def _client(options: QdrantOptions) -> QdrantClient:
    if options.url is None:
        return QdrantClient(":memory:")
    try:
        return QdrantClient(
            url=options.url,
            api_key=options.api_key,
            timeout=_SECONDS,
            check_compatibility=False,
        )
    except ValueError as error:
        raise RetrieverOptionError(
            f"The option url={options.url!r} is no address of a Qdrant server ({error})."
            " Write it as http://127.0.0.1:6333."
        ) from error


class QdrantCollection:
    """One collection, as `store_loading` fills it; its marks are aliases of it."""

    def __init__(self, client: QdrantClient, name: str, *, is_server: bool) -> None:
        self.name = name
        self.title = f"Qdrant collection {name!r}"
        self._client = client
        self._is_server = is_server

    def exists(self) -> bool:
        """Whether it is there."""
        return bool(self._client.collection_exists(self.name))

    def create(self, dimension: int) -> None:
        """Make it, with indexes of what filters ask for."""
        vectors = models.VectorParams(size=dimension, distance=models.Distance.COSINE)
        try:
            self._client.create_collection(self.name, vectors_config=vectors)
        except (ApiException, ValueError):
            if not self.exists():  # else another program has just made it
                raise
        if self._is_server:
            for field, kind in _INDEXED.items():
                self._client.create_payload_index(self.name, f"metadata.{field}", kind)

    def count(self) -> int:
        """Return how many records it holds."""
        return int(self._client.count(self.name, exact=True).count)

    def held(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield keys and stamps of all its records, in parts."""
        after: Any = None
        while True:
            points, after = self._client.scroll(
                self.name, limit=_PAGE, offset=after, with_payload=["metadata.stamp"]
            )
            try:
                keys = [int(point.id) for point in points]
                yield keys, [int((p.payload or {})["metadata"]["stamp"]) for p in points]
            except (KeyError, TypeError, ValueError) as error:
                raise RetrieverUnavailableError(
                    f"The {self.title} holds records that were not put there from an index. Name"
                    " another with the option collection."
                ) from error
            if after is None:
                return

    def put(self, entries: Sequence[Entry]) -> None:
        """Add records, or replace those of the same key."""
        self._client.upsert(
            self.name,
            models.Batch(
                ids=[entry.key for entry in entries],
                vectors=[entry.vector.tolist() for entry in entries],
                payloads=[_payload(entry) for entry in entries],
            ),
        )

    def delete(self, keys: Sequence[int]) -> None:
        """Take records away."""
        self._client.delete(self.name, models.PointIdsList(points=list(keys)))

    def marks(self) -> list[str]:
        """Return its marks."""
        prefix = f"{self.name}--"
        aliases = self._client.get_collection_aliases(self.name).aliases
        names = (alias.alias_name for alias in aliases)
        return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]

    def mark(self, mark: str) -> None:
        """Give it a mark."""
        alias = models.CreateAlias(collection_name=self.name, alias_name=f"{self.name}--{mark}")
        self._client.update_collection_aliases([models.CreateAliasOperation(create_alias=alias)])

    def unmark(self) -> None:
        """Take every mark away."""
        for mark in self.marks():
            alias = models.DeleteAlias(alias_name=f"{self.name}--{mark}")
            self._client.update_collection_aliases(
                [models.DeleteAliasOperation(delete_alias=alias)]
            )

    def lookup(self, codes: list[str]) -> list[Document]:
        """Return the products bearing one of these codes, by key."""
        folded = [code for code in map(normalise_code, codes) if code]
        if not folded:
            return []
        points, _ = self._client.scroll(
            self.name,
            scroll_filter=models.Filter(must=[_matches("codes", folded)]),
            limit=_LOOKED_UP,
        )
        return [
            Document(page_content=payload["page_content"], metadata=payload["metadata"])
            for point in sorted(points, key=lambda point: int(point.id))
            if (payload := point.payload)
        ]


def _payload(entry: Entry) -> dict[str, Any]:
    fields = entry.fields
    metadata = record_metadata(entry.record) | {
        "codes": entry.codes,
        "facts": record_facts(fields),
        "currency": currency(fields),
        "stamp": entry.stamp,
    }
    if fields.price is not None:
        metadata["price"] = fields.price
    return {"page_content": record_text(entry.record), "metadata": metadata}


def translate(filters: Sequence[Filter]) -> Translated:
    """Return Qdrant's filter for these, and those that it does not hold."""
    must: list[models.Condition] = []
    must_not: list[models.Condition] = []
    rest = []
    for one in filters:
        if is_fact(one):
            (must_not if one.op == "not" else must).append(_matches("facts", [fact(one)]))
        elif is_price(one):
            must += _priced(one)
        else:
            rest.append(one)
    own = models.Filter(must=must, must_not=must_not) if must or must_not else None
    return own, rest


def _priced(condition: Filter) -> list[models.Condition]:
    low, high = (None if math.isinf(x) else x for x in (condition.low, condition.high))
    found: list[models.Condition] = []
    if low is None and high is None:
        unpriced = models.IsEmptyCondition(is_empty=models.PayloadField(key="metadata.price"))
        found.append(models.Filter(must_not=[unpriced]))
    else:
        span = models.Range(gte=low, lte=high)
        found.append(models.FieldCondition(key="metadata.price", range=span))
    if condition.unit:
        found.append(_matches("currency", ["", condition.unit.lower()]))
    return found


def _matches(field: str, values: Sequence[str]) -> models.FieldCondition:
    match = models.MatchAny(any=list(values))
    return models.FieldCondition(key=f"metadata.{field}", match=match)


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
