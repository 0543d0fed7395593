"""Which retriever runs: chosen by name among the entry points of group `llama_e.retrievers`.

An entry point is a function (index_dir, embedder, options) -> BaseRetriever. A package of its own
can offer one; see docs/retrieval.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, cast

from langchain_core.retrievers import BaseRetriever

from catalog_index.embedding import Embedder
from catalog_index.parsing import clean_text
from catalog_index.product import Product
from catalog_index.records import normalise_code
from retrieval.documents import from_document
from retrieval.errors import UnknownRetrieverError
from retrieval.understanding import Understood
from retrieval.values import Hit, Query

Retriever = BaseRetriever
"""Any retriever that keeps `retrieval.documents`' contract."""

GROUP = "llama_e.retrievers"
DEFAULT = "hybrid"
_SHARING = 50
"""How many products may share one code and still be told apart by their ids."""


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
        RetrieverOptionError: an option is unknown or its value wrong.
        RetrieverUnavailableError: the server that it needs does not answer.
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

    A retriever without a method `understand` searches for the words as they are, whatever
    `query.understand` says.

    Raises:
        RetrieverContractError: it returned documents that hold no catalog record.
    """
    is_understood = query.understand and _understands(retriever)
    more: dict[str, Any] = {"understand": True} if is_understood else {}
    documents = retriever.invoke(query.text, k=query.k, kind=query.kind, **more)
    return [from_document(document) for document in documents][: query.k]


def understood(retriever: BaseRetriever, text: str) -> Understood | None:
    """Return what a retriever understands of a query, or None if it takes it as mere words."""
    read: Callable[[str], Understood] | None = getattr(retriever, "understand", None)
    return read(text) if callable(read) else None


def _understands(retriever: BaseRetriever) -> bool:
    return callable(getattr(retriever, "understand", None))


def find_product(retriever: BaseRetriever, code: str) -> Hit | None:
    """Return the product of the id `code`, else one with it as id, SKU, GTIN or model number.

    Only the second comparison folds case and punctuation: "1-234" and "12-34" are two ids. None
    when `code` is a text that merely holds a product's code. A retriever with a method `product`
    (id -> hit or None) is asked that first.
    """
    direct = getattr(retriever, "product", None)
    if callable(direct) and (found := direct(code)) is not None:
        return cast(Hit, found)
    code = clean_text(code)
    hits = search(retriever, Query(code, k=_SHARING, kind="product"))
    products = [(hit, hit.record) for hit in hits if isinstance(hit.record, Product)]
    folded = normalise_code(code)
    named = [hit for hit, record in products if record.id == code]
    named += [
        hit
        for hit, record in products
        if folded and folded in map(normalise_code, record.identifiers())
    ]
    return named[0] if named else None
