"""A retriever over any LangChain `VectorStore` whose documents hold catalog records.

Dense search alone, and exact codes where the store can look one up: lexical search stays behind
with the catalog index. What a store cannot filter is asked for more of and filtered here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import VectorStore
from pydantic import ConfigDict, SkipValidation

from catalog_index.embedding import Embedder
from catalog_index.filters import Filter
from catalog_index.lexical.fields import record_fields
from catalog_index.parsing import clean_text
from catalog_index.product import Product
from catalog_index.records import Record
from catalog_index.units import measure_token
from retrieval.documents import from_document, matched_fields, to_document
from retrieval.hybrid import DEPTH, OF_KIND, candidate_codes
from retrieval.preferences import AMOUNT, KIND, PASSING, kinds_named
from retrieval.pricing import COMPARED, Ranked, by_price
from retrieval.record_filters import holds_phrase, passes, passes_all, settled
from retrieval.store_loading import Reading
from retrieval.understanding import Understood, understand
from retrieval.values import Hit, Kind

Translated = tuple[Any, Sequence[Filter]]
"""A store's own filter (None: none), and the filters that it does not hold."""


_OVERSAMPLE = 4
_WIDEST = 2048
"""How many of a store's hits at most are tested against filters that it cannot evaluate."""


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
    may turn its errors into a `RetrieverUnavailableError`. `held` is kept as long as the retriever.
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
    held: Any = None

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
        wanted = k or self.k
        return self._documents(text, wanted, kind, self._nearest(text, wanted, _of_kind(kind)))

    def _documents(
        self, text: str, k: int, kind: Kind | None, nearest: Sequence[Ranked]
    ) -> list[Document]:
        """Return the k best: what the text names by a code, then the nearest."""
        hits = {
            _key(record): _hit(record, None, 1.0, text, exact=True)
            for record in self._exact(text, kind)
        }
        for found in nearest:
            hits.setdefault(_key(found.record), _hit(*found, text))
        return [to_document(hit) for hit in list(hits.values())[:k]]

    def _exact(self, text: str, kind: Kind | None) -> list[Record]:
        """Return the products that a text names by a code."""
        if self.lookup is None or kind == "passage":
            return []
        with self.guard():
            documents = self.lookup(candidate_codes(text))
        return [self.read(document).record for document in documents]

    def _nearest(
        self, text: str, k: int, filters: Sequence[Filter], phrases: Sequence[str] = ()
    ) -> list[Ranked]:
        """Return the k nearest that pass, best first."""
        own, rest = self.translate(filters) if self.translate else (None, filters)
        limit = {} if own is None else {self.filter_argument: own}
        wide = min(k * _OVERSAMPLE, max(k, _WIDEST)) if rest or phrases else k
        while True:
            with self.guard():
                found = self.store.similarity_search_with_score(text, k=wide, **limit)
            passing = [
                Ranked(record, cosine, cosine)
                for document, number in found
                for record, cosine in ((self.read(document).record, self.to_cosine(number)),)
                if passes_all(record, filters)
                and all(holds_phrase(record, phrase) for phrase in phrases)
            ]
            if len(passing) >= k or len(found) < wide or wide >= _WIDEST:
                return passing[:k]
            wide = min(wide * _OVERSAMPLE, _WIDEST)


class UnderstandingStoreRetriever(VectorStoreRetriever):
    """Also reads conditions out of a query's words, against the catalog that filled the store.

    Misspelt words are embedded as corrected; other names of a thing are tried where they are a
    kind of it in the catalog. The rest of both is for lexical search, which is not here.
    """

    reading: SkipValidation[Reading]

    def understand(self, text: str) -> Understood:
        """Return what a search for this text asks for: its filters, order and corrections."""
        return understand(clean_text(text), self.reading.vocabulary)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        kind: Kind | None = None,
        understand: bool = False,
    ) -> list[Document]:
        text = clean_text(query)
        if not text or not understand:
            return super()._get_relevant_documents(query, run_manager=run_manager, k=k, kind=kind)
        asked = self.understand(text)
        k = k or self.k
        kinds = kinds_named(asked, self.reading.vocabulary)
        depth = COMPARED if asked.sort else DEPTH
        nearest = self._understood(asked, max(depth, k), kind, kinds)
        if asked.sort:
            ordered = by_price(_preferring(nearest, asked, kinds), asked)
            return [to_document(_hit(*found, text)) for found in ordered[:k]]
        return self._documents(text, k, kind, _preferring(nearest, asked, kinds))

    def _understood(
        self, asked: Understood, depth: int, kind: Kind | None, kinds: Sequence[Filter]
    ) -> list[Ranked]:
        """Return the nearest that pass, and of each kind that is named by another name, a few."""
        wanted = settled([item.filter for item in asked.filters], self.reading.has_currency)
        filters = [*_of_kind(kind), *wanted]
        nearest = self._nearest(asked.dense, depth, filters, asked.phrases)
        for named in kinds:
            nearest += self._nearest(asked.dense, OF_KIND, [*filters, named], asked.phrases)
        return list({_key(found.record): found for found in nearest}.values())


def make_retriever(reading: Reading | None, **fields: Any) -> VectorStoreRetriever:
    """Make the retriever of these fields, which understands queries if it is told how."""
    if reading is None:
        return VectorStoreRetriever(**fields)
    return UnderstandingStoreRetriever(reading=reading, **fields)


def _of_kind(kind: Kind | None) -> list[Filter]:
    return [] if kind is None else [Filter("kind", "is", kind)]


def _key(record: Record) -> tuple[bool, str]:
    return isinstance(record, Product), record.id


def _hit(
    record: Record, cosine: float | None, score: float, text: str, *, exact: bool = False
) -> Hit:
    return Hit(record, score, cosine, exact, matched_fields(record, text))


def _preferring(
    nearest: Sequence[Ranked], asked: Understood, kinds: Sequence[Filter]
) -> list[Ranked]:
    """Raise what the query seems to prefer, as `preferences.prefer` does in an index."""
    best = max((found.score for found in nearest), default=0.0)
    tokens = [measure_token(measure) for measure in asked.measures]
    raised = []
    for record, cosine, score in nearest:
        gain = PASSING * sum(passes(record, item.filter) for item in asked.preferences)
        if any(passes(record, kind) for kind in kinds):
            gain += KIND
        if tokens:
            said = set(record_fields(record).measures)
            gain += AMOUNT * sum(token in said for token in tokens) / len(tokens)
        raised.append(Ranked(record, cosine, score + gain * best))
    return sorted(raised, key=lambda found: -found.score)
