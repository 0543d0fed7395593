"""The default retriever: exact codes first, then BM25 and dense search fused by rank.

Fusion is reciprocal rank fusion (Cormack, Clarke, Buettcher, SIGIR 2009) with its constant of 60;
the weight of dense search was chosen by `benchmarks.search` on the development queries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from catalog_index.embedding import Embedder
from catalog_index.index import CatalogIndex
from catalog_index.parsing import clean_text
from retrieval.documents import matched_fields, to_document
from retrieval.options import RetrieverOptions, read_options
from retrieval.values import Hit, Kind, Query

RRF_CONSTANT = 60
DENSE_WEIGHT = 0.6
"""What a place in the dense ranking is worth; one in the lexical ranking is worth 1."""
DEPTH = 100
"""How many hits each of the two searches gives to the fusion."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]*[A-Za-z0-9]")
_MAX_CODES = 40


class HybridRetriever(BaseRetriever):
    """Searches a `CatalogIndex`; `invoke(text, k=..., kind=...)` returns documents, best first."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: CatalogIndex
    k: int = 10

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        kind: Kind | None = None,
    ) -> list[Document]:
        hits = search_index(self.index, Query(query, k or self.k, kind))
        return [to_document(hit) for hit in hits]


def open_retriever(
    index_dir: Path, embedder: Embedder, options: Mapping[str, Any]
) -> HybridRetriever:
    """Make the retriever over an index directory: the entry point `hybrid`."""
    chosen = read_options(RetrieverOptions, "hybrid", options)
    return HybridRetriever(index=CatalogIndex(index_dir, embedder), k=chosen.k)


def search_index(index: CatalogIndex, query: Query) -> list[Hit]:
    """Return the k best records for a query: products it names by code, then the fused rest."""
    text = clean_text(query.text)
    if not text:
        return []
    exact = index.lookup(candidate_codes(text)) if query.kind != "passage" else []
    depth = max(DEPTH, query.k)
    lexical = index.lexical(text, depth, query.kind)
    dense = index.dense(text, depth, query.kind)
    fused = fuse(([key for key, _ in lexical], 1.0), ([key for key, _ in dense], DENSE_WEIGHT))
    scores = dict.fromkeys(exact, 1.0)
    scores |= {key: score for key, score in fused if key not in scores}
    best = list(scores)[: query.k]
    cosines = dict(dense)
    records = index.records(best)
    return [
        Hit(
            record=records[key],
            score=round(scores[key], 6),
            similarity=round(cosines[key], 4) if key in cosines else None,
            exact=key in exact,
            matched=matched_fields(records[key], text),
        )
        for key in best
    ]


def fuse(*rankings: tuple[list[int], float]) -> list[tuple[int, float]]:
    """Fuse weighted rankings of keys: score = sum of weight / (60 + rank), best first.

    Ties keep the order of the first ranking that has the key.
    """
    scores: dict[int, float] = {}
    for ranking, weight in rankings:
        for rank, key in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + weight / (RRF_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: -item[1])


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
