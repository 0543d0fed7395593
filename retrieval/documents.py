"""The seam to LangChain: how a `Hit` travels inside a `Document`, and back.

Every retriever of this system, ours or plugged in, returns documents whose metadata holds

    kind        "product" or "passage"
    record      the whole record as plain JSON values
    score       float, higher is better, comparable within one search
    similarity  cosine of query and record, or None
    exact       True where the query named the record's id, SKU, GTIN or model number
    matched     list of the names of fields that share words with the query

so that a retriever over any `VectorStore` needs no catalog index beside it.
"""

from __future__ import annotations

from typing import Any

from langchain_core.documents import Document

from catalog_index.product import Passage, Product
from retrieval.errors import RetrieverContractError
from retrieval.stems import all_stems, stems
from retrieval.values import Hit


def to_document(hit: Hit) -> Document:
    """Wrap a hit for a LangChain pipeline."""
    return Document(
        page_content=record_text(hit.record),
        id=hit.id,
        metadata={
            **record_metadata(hit.record),
            "score": hit.score,
            "similarity": hit.similarity,
            "exact": hit.exact,
            "matched": list(hit.matched),
        },
    )


def record_metadata(record: Product | Passage) -> dict[str, Any]:
    """Return the part of a document's metadata that does not depend on the query."""
    if isinstance(record, Product):
        return {"kind": "product", "record": record.to_json()}
    return {"kind": "passage", "record": {n: getattr(record, n) for n in Passage.__slots__}}


def from_document(document: Document) -> Hit:
    """Unwrap a hit.

    Raises:
        RetrieverContractError: the metadata is not what this module's opening describes.
    """
    metadata = document.metadata
    try:
        content = metadata["record"]
        record = Product.from_json(content) if metadata["kind"] == "product" else Passage(**content)
        return Hit(
            record=record,
            score=float(metadata.get("score", 0.0)),
            similarity=metadata.get("similarity"),
            exact=bool(metadata.get("exact", False)),
            matched=tuple(metadata.get("matched", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise RetrieverContractError(
            "The retriever returned a document without a catalog record in its metadata"
            f" ({type(error).__name__}: {error}). See docs/retrieval.md for what it must hold."
        ) from error


def record_text(record: Product | Passage) -> str:
    """Return a record as plain lines, one field a line."""
    if isinstance(record, Passage):
        return f"{record.title}\n{record.text}"
    return "\n".join(f"{name}: {text}" for name, text in record.fields())


def matched_fields(record: Product | Passage, query: str) -> tuple[str, ...]:
    """Name the record's fields that share a word (by its first letters) with the query."""
    wanted = stems(query)
    if isinstance(record, Passage):
        fields = [("heading", record.title), ("text", record.text)]
    else:
        fields = [(name, f"{name} {text}") for name, text in record.fields()]
    return tuple(name for name, text in fields if wanted & all_stems(text))
