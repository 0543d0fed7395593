"""A retriever over any LangChain `VectorStore` whose documents hold catalog records.

Dense search alone, and exact codes where the store can look one up: lexical search stays behind
with the catalog index. A store that cannot filter by kind is asked for more and filtered here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from catalog_index.embedding import Embedder
from catalog_index.parsing import clean_text
from retrieval.documents import from_document, matched_fields, record_metadata, record_text
from retrieval.hybrid import candidate_codes
from retrieval.values import Kind

CODES = "codes"
"""Metadata key under which `store_document` lists a product's folded identifiers."""

_OVERSAMPLE = 4


class CatalogEmbeddings(Embeddings):
    """LangChain's `Embeddings` over one of ours."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector a text."""
        rows: list[list[float]] = self._embedder.encode(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """Return the vector of one query."""
        return self.embed_documents([text])[0]


def _as_it_is(cosine: float) -> float:
    return cosine


class VectorStoreRetriever(BaseRetriever):
    """Answers as `HybridRetriever` does, from a `VectorStore`.

    `lookup` returns the documents of products bearing one of some codes; without it no hit is
    exact. `kind_filter` makes the store's own filter for a kind. `to_cosine` turns the store's
    score into the cosine of query and record: the default is for stores whose score is one; some
    return a distance, which would rank the worst record best.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: VectorStore
    k: int = 10
    lookup: Callable[[list[str]], list[Document]] | None = None
    kind_filter: Callable[[Kind], Any] | None = None
    to_cosine: Callable[[float], float] = _as_it_is

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        kind: Kind | None = None,
    ) -> list[Document]:
        query = clean_text(query)
        if not query:
            return []
        k = k or self.k
        exact = self.lookup(candidate_codes(query)) if self.lookup and kind != "passage" else []
        found: dict[str, Document] = {}
        for document in exact:
            found[self._key(document)] = self._complete(document, query, 1.0, None, exact=True)
        for document, score in self._nearest(query, k, kind):
            if kind is None or document.metadata.get("kind") == kind:
                cosine = self.to_cosine(score)
                found.setdefault(
                    self._key(document),
                    self._complete(document, query, cosine, cosine, exact=False),
                )
        return list(found.values())[:k]

    def _nearest(self, query: str, k: int, kind: Kind | None) -> list[tuple[Document, float]]:
        if kind is None:
            return self.store.similarity_search_with_score(query, k=k)
        if self.kind_filter is not None:
            wanted = self.kind_filter(kind)
            return self.store.similarity_search_with_score(query, k=k, filter=wanted)
        return self.store.similarity_search_with_score(query, k=k * _OVERSAMPLE)

    @staticmethod
    def _key(document: Document) -> str:
        hit = from_document(document)
        return f"{hit.kind}:{hit.id}"

    @staticmethod
    def _complete(
        document: Document, query: str, score: float, similarity: float | None, *, exact: bool
    ) -> Document:
        record = from_document(document).record
        return Document(
            page_content=record_text(record),
            id=record.id,
            metadata={
                **record_metadata(record),
                "score": score,
                "similarity": similarity,
                "exact": exact,
                "matched": list(matched_fields(record, query)),
            },
        )
