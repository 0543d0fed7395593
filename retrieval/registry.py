"""Which retriever runs: chosen by name among the entry points of group `llama_e.retrievers`.

An entry point is a function (index_dir, embedder, options) -> BaseRetriever. A package of its own
can offer one; see docs/retrieval.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from langchain_core.retrievers import BaseRetriever

from catalog_index.embedding import Embedder
from retrieval.documents import from_document
from retrieval.errors import UnknownRetrieverError
from retrieval.values import Hit, Query

GROUP = "llama_e.retrievers"
DEFAULT = "hybrid"


def retriever_names() -> list[str]:
    """Return the names of all installed retrievers."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def open_retriever(
    index_dir: Path,
    embedder: Embedder,
    name: str = DEFAULT,
    options: Mapping[str, Any] | None = None,
) -> BaseRetriever:
    """Open the retriever of this name over an index directory.

    Raises:
        UnknownRetrieverError: no package offers it, or what it needs is not installed.
        CatalogError: the index cannot be opened.
    """
    points = {point.name: point for point in entry_points(group=GROUP)}
    if name not in points:
        raise UnknownRetrieverError(
            f"There is no retriever {name!r}. Installed: {', '.join(sorted(points)) or 'none'}."
        )
    try:
        factory = points[name].load()
    except ImportError as error:
        raise UnknownRetrieverError(
            f"The retriever {name!r} needs the package {error.name!r}."
            f" Install it: pip install 'llama-e[{name}]'."
        ) from error
    retriever: BaseRetriever = factory(index_dir, embedder, options or {})
    return retriever


def search(retriever: BaseRetriever, query: Query) -> list[Hit]:
    """Ask any retriever, and return its documents as hits, at most `query.k`.

    Raises:
        RetrieverContractError: it returned documents that hold no catalog record.
    """
    documents = retriever.invoke(query.text, k=query.k, kind=query.kind)
    return [from_document(document) for document in documents][: query.k]


def find_product(retriever: BaseRetriever, code: str) -> Hit | None:
    """Return the product whose id, SKU, GTIN or model number is `code`, or None."""
    hits = search(retriever, Query(code, k=1, kind="product"))
    return hits[0] if hits and hits[0].exact else None
