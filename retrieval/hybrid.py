"""The default retriever: exact codes first, then BM25 and dense search, fused.

Knows how rankings are joined; what a query's words ask for is `understanding`'s to read, and what
a filter lets pass is `catalog_index`'s to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from catalog_index.console import log
from catalog_index.embedding import Embedder
from catalog_index.filters import Filter, fold
from catalog_index.index import CatalogIndex
from catalog_index.lexical import Words
from catalog_index.live import LiveIndex
from catalog_index.parsing import clean_text
from catalog_index.product import Passage, Product
from catalog_index.units import measure_token
from retrieval.documents import matched_fields, to_document
from retrieval.fusion import fuse
from retrieval.options import RetrieverOptions, read_options
from retrieval.preferences import kinds_named, prefer
from retrieval.pricing import COMPARED, Ranked, by_price
from retrieval.reranking import DEPTH as DEPTH_READ
from retrieval.reranking import CrossEncoder, Reranking
from retrieval.understanding import (
    Synonyms,
    Understood,
    general_synonyms,
    read_synonyms,
    understand,
    without_measures,
)
from retrieval.values import Hit, Kind, Query

_BESIDE = ThreadPoolExecutor(4, "words")
"""Searches by words while the query is embedded: the engine holds no lock meanwhile."""

DEPTH = 100
"""How many hits each of the two searches gives to the fusion."""

OF_KIND = 50
"""How many records of the kind that a query names by another name are ranked with the others."""

_MAX_CODES = 40
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]*[A-Za-z0-9]")


class HybridOptions(RetrieverOptions):
    """The options of the retriever `hybrid`.

    `synonyms` is the path of a shop's own synonyms, which are joined to the general ones. `rerank`
    is the directory of a cross-encoder that reads the best `rerank_depth` hits anew and drops those
    that it scores below `least_score`.
    """

    synonyms: Path | None = None
    rerank: Path | None = None
    rerank_depth: int = Field(default=DEPTH_READ, ge=1, le=200)
    least_score: float = Field(default=0.0, ge=0.0, le=1.0)


class HybridRetriever(BaseRetriever):
    """Searches a `CatalogIndex`; `invoke(text, k=..., kind=...)` returns documents, best first.

    Follows the index directory: a generation that a build or update swaps in answers the next
    search.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    live: LiveIndex
    synonyms: Synonyms
    reranking: Reranking | None = None
    k: int = 10

    @property
    def index(self) -> CatalogIndex:
        """The current generation."""
        return self.live.current()

    def understand(self, text: str) -> Understood:
        """Return what a search for this text asks for: its filters, order and corrections."""
        return understand(clean_text(text), self.index.vocabulary, self.synonyms)

    def product(self, product_id: str) -> Hit | None:
        """Return the product of this very id, or None."""
        record = self.index.product(product_id)
        return None if record is None else Hit(record, 1.0)

    def rarity(self, word: str) -> float:
        """Return how much a word of a title tells its product from others, in [0, 1]."""
        vocabulary, records = self.index.vocabulary, max(2, len(self.index))
        count = max(1, vocabulary.frequency(word), vocabulary.frequency(f"{word}s"))
        return max(0.0, 1.0 - math.log(count) / math.log(records))

    def is_field(self, name: str) -> bool:
        """Whether some record of the catalog has an attribute of this name."""
        return bool(self.index.vocabulary.is_field(fold(name)))

    def fields_with(self, value: str) -> Mapping[str, int]:
        """Return the fields that have this value in some record, and in how many records."""
        known: Mapping[str, int] = self.index.vocabulary.fields_with(fold(value))
        return known

    def is_value(self, field: str, text: str) -> bool:
        """Whether some record has a field with this very value, case and punctuation aside."""
        return field in self.index.vocabulary.fields_with(fold(text))

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        kind: Kind | None = None,
        understand: bool = False,
    ) -> list[Document]:
        asked = Query(query, k or self.k, kind, understand)
        hits = search_index(self.index, asked, self.synonyms, self.reranking)
        return [to_document(hit) for hit in hits]


def open_retriever(
    index_dir: Path, embedder: Embedder, options: Mapping[str, Any]
) -> HybridRetriever:
    """Make the retriever over an index directory: the entry point `hybrid`.

    Raises:
        RetrieverOptionError: an option is unknown or its value wrong.
        SynonymFileError: the file of synonyms cannot be used.
        CatalogError: the index cannot be opened.
    """
    chosen = read_options(HybridOptions, "hybrid", options)
    synonyms = general_synonyms()
    if chosen.synonyms is not None:
        synonyms = synonyms.joined(read_synonyms(chosen.synonyms))
    reranking = None
    if chosen.rerank is not None:
        model = CrossEncoder(chosen.rerank)
        reranking = Reranking(model, chosen.rerank_depth, chosen.least_score)
    live = LiveIndex(index_dir, embedder, log)
    return HybridRetriever(live=live, synonyms=synonyms, reranking=reranking, k=chosen.k)


def search_index(
    index: CatalogIndex,
    query: Query,
    synonyms: Synonyms | None = None,
    reranking: Reranking | None = None,
) -> list[Hit]:
    """Return the k best records for a query: products it names by code, then the fused rest.

    Args:
        index: one generation.
        query: what is wanted.
        synonyms: other names of things, where the query is to be understood; None is the general
            table.
        reranking: how to read the best hits anew, or None.
    """
    text = clean_text(query.text)
    if not text:
        return []
    asked = understand(text, index.vocabulary, synonyms) if query.understand else None
    filters = [item.filter for item in asked.filters] if asked else []
    if asked and asked.sort and asked.only_filters:
        dearest = asked.sort == "price descending"
        keys = index.by_price(query.k, query.kind, filters, dearest=dearest)
        records = index.records(keys)
        return [_hit(records[key], text, 0.0, None, is_exact=False) for key in keys]
    exact = _named(index, query, asked.words if asked else text, filters)
    scores, cosines = _ranked(index, query, text, asked, filters)
    if asked:
        scores = prefer(index, asked, kinds_named(asked, index.vocabulary), scores)
    if asked and asked.sort:
        records = index.records(list(scores))
        ranked = [Ranked(records[key], cosines[key], score) for key, score in scores.items()]
        listed = by_price(ranked, asked)[: query.k]
        return [_hit(one.record, text, one.score, one.cosine, is_exact=False) for one in listed]
    if reranking:
        scores = _reread(index, query, reranking, scores)
    hits = dict.fromkeys(exact, 1.0)
    hits |= {key: score for key, score in scores.items() if key not in hits}
    best = list(hits)[: query.k]
    records = index.records(best)
    return [
        _hit(records[key], text, hits[key], cosines.get(key), is_exact=key in exact) for key in best
    ]


def _named(index: CatalogIndex, query: Query, words: str, filters: Sequence[Filter]) -> list[int]:
    """Return the keys of products that the words name by a code and the filters let pass."""
    if query.kind == "passage":
        return []
    keys = index.lookup(candidate_codes(words))
    passing = index.words.passing(keys, filters) if filters else keys
    return [key for key in keys if key in passing]


def _reread(
    index: CatalogIndex, query: Query, reranking: Reranking, scores: Mapping[int, float]
) -> dict[int, float]:
    """Return the best hits in the order, and with the scores, that the reranker gives them."""
    first = list(scores)[: max(reranking.depth, query.k)]
    records = index.records(first)
    return dict(reranking.order(query.text, {key: records[key] for key in first}))


def _ranked(
    index: CatalogIndex,
    query: Query,
    text: str,
    asked: Understood | None,
    filters: Sequence[Filter],
) -> tuple[dict[int, float], dict[int, float]]:
    """Return the fused score of each key, best first, and the cosines that are known."""
    depth = max(COMPARED if asked and asked.sort else DEPTH, query.k)
    by_words: Future[list[tuple[int, float]]] | None = None
    if not (asked and asked.only_filters):
        # What is left of "not waterproof" would find what is waterproof.
        words = _words(asked) if asked else Words(text)
        by_words = _BESIDE.submit(index.lexical, words, depth, query.kind, filters)
    vector = index.embed(asked.dense if asked else text)
    cosines = dict(index.dense(vector, depth, query.kind, filters))
    lexical = dict(by_words.result()) if by_words else {}
    for named in kinds_named(asked, index.vocabulary) if asked else ():
        cosines |= dict(index.dense(vector, OF_KIND, query.kind, [*filters, named]))
    if asked and asked.phrases:
        cosines = {key: cosine for key, cosine in cosines.items() if key in lexical}
    cosines |= index.cosines(vector, [key for key in lexical if key not in cosines])
    return dict(fuse(lexical, cosines)), cosines


def _words(asked: Understood) -> Words:
    return Words(
        text=without_measures(asked),  # these are searched for as amounts
        synonyms=asked.expansions,
        phrases=asked.phrases,
        measures=tuple(measure_token(measure) for measure in asked.measures),
    )


def _hit(
    record: Product | Passage, text: str, score: float, similarity: float | None, *, is_exact: bool
) -> Hit:
    return Hit(
        record=record,
        score=round(score, 6),
        similarity=None if similarity is None else round(similarity, 4),
        exact=is_exact,
        matched=matched_fields(record, text),
    )


def candidate_codes(text: str) -> list[str]:
    """Return the words of a text that could be an id, SKU, GTIN or model number.

    A code has a digit and at least four letters or digits; one of digits only has at least six,
    lest "2 x 2000" find a product. The whole text is a candidate too, whatever it is.
    """
    codes = [text.strip()] if len(text) <= 64 else []
    for match in _CODE.finditer(text[:4000]):
        code = match.group()
        letters = sum(character.isalnum() for character in code)
        if any(c.isdigit() for c in code) and letters >= (6 if code.isdigit() else 4):
            codes.append(code)
    return list(dict.fromkeys(codes))[:_MAX_CODES]
