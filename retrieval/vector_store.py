"""A retriever over any LangChain `VectorStore` whose documents hold catalog records.

Dense search alone, and exact codes where the store can look one up: lexical search stays behind
with the catalog index. What a store cannot filter is asked for more of and filtered here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict

from catalog_index.embedding import Embedder
from catalog_index.filters import Filter
from catalog_index.parsing import clean_text
from catalog_index.product import Product
from catalog_index.records import Record
from retrieval.documents import from_document, matched_fields, to_document
from retrieval.hybrid import DEPTH, PREFERRED, candidate_codes
from retrieval.record_filters import holds_phrase, passes, passes_all, settled
from retrieval.store_loading import Reading
from retrieval.understanding import Understood, understand
from retrieval.values import Hit, Kind

Translated = tuple[Any, Sequence[Filter]]
"""A store's own filter (None: none), and the filters that it does not hold."""

_OVERSAMPLE = 4
_WIDEST = 2048
"""How many of a store's hits at most are tested against filters that it cannot evaluate."""

_NEAR_BEST = 0.8
"""From which share of the best cosine on a hit is compared by price, as in `hybrid`."""


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
    """Answers as `HybridRetriever` does, from a `VectorStore`, but for the words of a query.

    `lookup` returns the documents of products bearing one of some codes; without it no hit is
    exact. `translate` makes the store's own filter, which the search is given as
    `filter_argument`; every filter is tested again on the records found, so that it may let more
    pass. `to_cosine` turns the store's score into the cosine of query and record: the default is
    for stores whose score is one; some return a distance, which would rank the worst record best.
    `read` makes a hit of a store's document. `guard` is entered around each call of the store, and
    may turn its errors into a `RetrieverUnavailableError`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: VectorStore
    k: int = 10
    lookup: Callable[[list[str]], list[Document]] | None = None
    translate: Callable[[Sequence[Filter]], Translated] | None = None
    filter_argument: str = "filter"
    to_cosine: Callable[[float], float] = _as_it_is
    read: Callable[[Document], Hit] = from_document
    guard: Callable[[], AbstractContextManager[None]] = nullcontext

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        kind: Kind | None = None,
    ) -> list[Document]:
        text = clean_text(query)
        if not text:
            return []
        k = k or self.k
        found = dict.fromkeys(self._exact(text, kind))
        for record, cosine in self._nearest(text, k, _of_kind(kind)):
            found.setdefault(_key(record), None)
        return []

    def _exact(self, text: str, kind: Kind | None) -> list[Record]:
        """Return the products that a text names by a code."""
        if self.lookup is None or kind == "passage":
            return []
        with self.guard():
            documents = self.lookup(candidate_codes(text))
        return [self.read(document).record for document in documents]
