from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.vectorstores import InMemoryVectorStore

from catalog_index.build import build_index
from catalog_index.embedding import Embedder
from catalog_index.errors import IndexNotFoundError
from catalog_index.index import CatalogIndex
from catalog_index.parsing import parse_product
from catalog_index.product import Passage
from retrieval.documents import from_document, record_metadata, record_text, to_document
from retrieval.errors import RetrieverContractError, UnknownRetrieverError
from retrieval.registry import find_product, open_retriever, retriever_names, search, understood
from retrieval.values import Hit, Query
from retrieval.vector_store import CatalogEmbeddings, VectorStoreRetriever
from tests.fakes import KETTLE, HashEmbedder, write_jsonl

NEEDS = {"hybrid": "tantivy", "qdrant": "langchain_qdrant", "milvus": "langchain_milvus"}
INSTALLED = [name for name, package in NEEDS.items() if importlib.util.find_spec(package)]
NAMES = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            name not in INSTALLED,
            reason=f"needs {package}: pip install 'llama-e[{name}]'",
        ),
    )
    for name, package in NEEDS.items()
]


def open_named(
    name: str, index_dir: Path, embedder: Embedder, options: Mapping[str, Any] | None = None
) -> BaseRetriever:
    """Open a retriever of ours, as its entry point does."""
    factory = importlib.import_module(f"retrieval.{name}").open_retriever
    retriever: BaseRetriever = factory(index_dir, embedder, options or {})
    return retriever


@pytest.fixture(scope="module")
def opened() -> dict[str, BaseRetriever]:
    return {}


@pytest.fixture(params=NAMES)
def retriever(
    request: pytest.FixtureRequest,
    opened: dict[str, BaseRetriever],
    index_dir: Path,
    embedder: HashEmbedder,
) -> BaseRetriever:
    name = request.param
    if name not in opened:
        opened[name] = open_named(name, index_dir, embedder)
    return opened[name]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("KE-1001", "KE-1001"),
        ("ke 1001", "KE-1001"),
        ("do you have 04006381333931", "KE-1001"),
        ("77-lamp-01", "LA-2002"),
        ("price of ak-7x please", "KE-2007"),
    ],
)
def test_every_retriever_puts_an_exact_code_first(
    retriever: BaseRetriever, text: str, wanted: str
) -> None:
    hits = search(retriever, Query(text, 3))
    assert (hits[0].id, hits[0].exact, hits[0].score) == (wanted, True, 1.0)
    assert not any(hit.exact for hit in hits[1:])


@pytest.mark.parametrize("k", [1, 4, 12])
@pytest.mark.parametrize("kind", ["product", "passage", None])
def test_every_retriever_honours_kind_and_k(retriever: BaseRetriever, kind: Any, k: int) -> None:
    hits = search(retriever, Query("steel kettle refund", k, kind))
    there_are = 3 if kind == "passage" else 12
    assert len(hits) == min(k, there_are)
    assert kind is None or {hit.kind for hit in hits} == {kind}
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits)


def test_every_retriever_returns_whole_records(
    retriever: BaseRetriever, index: CatalogIndex
) -> None:
    (hit,) = search(retriever, Query("KE-1001", 1))
    assert hit.record == index.product("KE-1001")
    (hit,) = search(retriever, Query("refund to the card that paid", 1, "passage"))
    assert hit.id == "returns.md#refunds"
    assert hit.similarity is not None
    assert -1 <= hit.similarity <= 1
    assert "text" in hit.matched


@pytest.mark.parametrize("text", ["", "  ", "\x00"])
def test_every_retriever_answers_nothing_to_an_empty_query(
    retriever: BaseRetriever, text: str
) -> None:
    assert search(retriever, Query(text)) == []


@pytest.mark.parametrize("text", ["???", "— " * 80, "\ud800kettle", "x" * 10_000])
def test_every_retriever_takes_odd_text(retriever: BaseRetriever, text: str) -> None:
    assert len(search(retriever, Query(text, 2))) == 2


def test_find_product_takes_codes_only(retriever: BaseRetriever) -> None:
    found = find_product(retriever, "la2002")
    assert found is not None
    assert found.id == "LA-2002"
    assert find_product(retriever, "desk lamp") is None
    assert find_product(retriever, "returns.md#refunds") is None
    assert find_product(retriever, "how much is the KE-1001") is None


@pytest.mark.parametrize("name", NAMES)
def test_find_product_tells_ids_apart_that_fold_alike(
    tmp_path: Path, embedder: HashEmbedder, name: str
) -> None:
    rows = [{**KETTLE, "id": code, "gtin": "", "mpn": "SET-77"} for code in ("12-34", "1-234")]
    build_index([write_jsonl(tmp_path / "f.jsonl", rows)], tmp_path / "i", embedder=embedder)
    retriever = open_named(name, tmp_path / "i", embedder)
    found = [find_product(retriever, code) for code in ("12-34", "1-234", "set77")]
    assert [hit and hit.id for hit in found] == ["12-34", "1-234", "12-34"]


@pytest.mark.parametrize("name", NAMES)
def test_options_set_how_many_hits_there_are(
    index_dir: Path, embedder: HashEmbedder, name: str
) -> None:
    retriever = open_named(name, index_dir, embedder, {"k": "2"})
    assert len(retriever.invoke("kettle")) == 2


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("headphones under 50 euros", {"a", "b"}),
        ("headphones over 50", {"c"}),
        ("headphones under 100 dollars", {"c"}),
        ("headphones under 50 pounds", {"a", "b"}),
        ("headphones by Acme", {"a"}),
        ("headphones by Acme over 50", set()),
        ("headphones not waterproof", {"b", "c", "d"}),
        ("in stock headphones", {"c"}),
        ('"noise cancelling" headphones', {"d"}),
    ],
)
def test_every_retriever_understands_what_is_asked_for(
    shelf: dict[str, BaseRetriever], text: str, ids: set[str]
) -> None:
    for name, retriever in shelf.items():
        asked = understood(retriever, text)
        assert asked is not None, name
        assert asked.filters or asked.phrases, name
        hits = search(retriever, Query(text, 3, "product", understand=True))
        assert {hit.id for hit in hits} == ids, name


@pytest.mark.parametrize(
    "text", ["headphones lighter than 250 g", "headphones not by Brio", "new headphones on sale"]
)
def test_every_retriever_finds_what_passes_in_the_index(
    shelf: dict[str, BaseRetriever], text: str
) -> None:
    found = {
        name: {hit.id for hit in search(retriever, Query(text, 4, "product", understand=True))}
        for name, retriever in shelf.items()
    }
    assert set(map(frozenset, found.values())) == {frozenset(found["hybrid"])}, found


def test_every_retriever_sorts_by_price_and_raises_what_is_preferred(
    shelf: dict[str, BaseRetriever],
) -> None:
    for name, retriever in shelf.items():
        hits = search(retriever, Query("cheapest headphones", 4, "product", understand=True))
        assert [hit.id for hit in hits] == ["a", "b"], name  # "c" is priced in another currency
        hits = search(retriever, Query("Brio headphones", 4, "product", understand=True))
        assert (hits[0].id, len(hits)) == ("b", 4), name
        assert hits[0].similarity is not None, name
        assert hits[0].similarity <= 1.0, name
        assert search(retriever, Query("cheapest headphones", 4, "product"))[0].exact is False
        assert len(search(retriever, Query("headphones by Acme", 4, "product"))) == 4, name


def test_every_retriever_raises_what_has_the_amount_that_is_named(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    rows = [
        {"id": "300", "title": "Acme portable black hard drive 300 GB"},
        {"id": "500", "title": "Acme portable black hard drive 0.5TB"},
    ]
    build_index([write_jsonl(tmp_path / "f.jsonl", rows)], tmp_path / "i", embedder=embedder)
    text = "Acme portable black hard drive 500 GB"
    for name in INSTALLED:
        retriever = open_named(name, tmp_path / "i", embedder)
        ranked = [
            [hit.id for hit in search(retriever, Query(text, 2, None, understand))]
            for understand in (False, True)
        ]
        assert ranked[1] == ["500", "300"], name
        assert name == "hybrid" or ranked[0] == ["300", "500"]


HEADPHONES = {"product_type": "Audio > Headphones", "title": "Headphones"}
SHELF = [
    {
        **HEADPHONES,
        "id": "a",
        "title": "Acme headphones",
        "price": "19.00 EUR",
        "brand": "Acme",
        "waterproof": True,
    },
    {
        **HEADPHONES,
        "id": "b",
        "title": "Brio headphones",
        "price": "49.00 EUR",
        "brand": "Brio",
        "waterproof": False,
    },
    {**HEADPHONES, "id": "c", "price": "99.00 USD", "brand": "Cato", "availability": "in_stock"},
    {**HEADPHONES, "id": "d", "title": "Headphones, noise cancelling", "weight": "240 g"},
]


@pytest.fixture(scope="module")
def shelf(
    tmp_path_factory: pytest.TempPathFactory, embedder: HashEmbedder
) -> dict[str, BaseRetriever]:
    root = tmp_path_factory.mktemp("shelf")
    build_index([write_jsonl(root / "f.jsonl", SHELF)], root / "index", embedder=embedder)
    return {name: open_named(name, root / "index", embedder) for name in INSTALLED}


def test_without_filter_and_lookup_a_store_still_honours_kind_and_k(
    index: CatalogIndex, embedder: HashEmbedder
) -> None:
    store = InMemoryVectorStore(CatalogEmbeddings(embedder))
    for records, _ in index.chunks(100):
        store.add_documents(
            [
                Document(page_content=record_text(record), metadata=record_metadata(record))
                for record in records
            ]
        )
    hits = search(VectorStoreRetriever(store=store), Query("desk lamp KE-1001", 3, "product"))
    assert hits[0].id == "LA-2002"
    assert len(hits) == 3
    assert not any(hit.exact for hit in hits)
    passages = search(VectorStoreRetriever(store=store), Query("refund card paid", 2, "passage"))
    assert passages[0].id == "returns.md#refunds"


class DistanceStore(InMemoryVectorStore):
    """As the stores whose score is a cosine distance: 0 is best."""

    def similarity_search_with_score(self, *args: Any, **kwargs: Any) -> Any:
        found = super().similarity_search_with_score(*args, **kwargs)
        return [(document, 1 - score) for document, score in found]


def test_a_distance_becomes_a_cosine_on_request(
    index: CatalogIndex, embedder: HashEmbedder
) -> None:
    store = DistanceStore(CatalogEmbeddings(embedder))
    for records, _ in index.chunks(100):
        store.add_texts([*map(record_text, records)], [*map(record_metadata, records)])
    retriever = VectorStoreRetriever(store=store, to_cosine=lambda distance: 1 - distance)
    hits = search(retriever, Query("desk lamp with dimmer", 5))
    assert hits[0].id == "LA-2002"
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    plain = embedder.encode(["desk lamp with dimmer", record_text(hits[0].record)])
    assert hits[0].similarity == pytest.approx(float(plain[0] @ plain[1]), abs=1e-4)


def test_a_hit_survives_the_trip_through_a_document() -> None:
    for record in (parse_product(KETTLE), Passage("a.md#b", "A", "B", "Text.")):
        hit = Hit(record, 0.5, 0.25, True, ("title",))
        document = to_document(hit)
        assert from_document(document) == hit
        assert document.id == record.id
        assert record.title in document.page_content


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kind": "product"},
        {"kind": "product", "record": {"title": "no id"}},
        {"kind": "product", "record": "text"},
        {"kind": "passage", "record": {"id": "1"}},
        {"kind": "product", "record": {"id": "1", "title": "a"}, "score": "high"},
        {"kind": "product", "record": {"id": "1", "title": "a", "price": "dear"}},
    ],
)
def test_a_document_without_a_record_breaks_the_contract(metadata: dict[str, Any]) -> None:
    with pytest.raises(RetrieverContractError, match=r"docs/retrieval\.md"):
        from_document(Document(page_content="x", metadata=metadata))


class Canned(BaseRetriever):
    documents: list[Document]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **_: Any
    ) -> list[Document]:
        return self.documents


def open_canned(index_dir: Path, embedder: Embedder, options: Mapping[str, Any]) -> Canned:
    record = parse_product({**KETTLE, "title": f"{options['title']} {embedder.id}"})
    return Canned(documents=[to_document(Hit(record, 1.0))] * 5)


def offer(monkeypatch: pytest.MonkeyPatch, points: Sequence[tuple[str, str]]) -> None:
    found = [EntryPoint(name, value, "llama_e.retrievers") for name, value in points]
    monkeypatch.setattr("retrieval.registry.entry_points", lambda group: found)


def test_a_retriever_of_another_package_is_plugged_in_by_its_entry_point(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder
) -> None:
    monkeypatch.setitem(sys.modules, "canned_shop", SimpleNamespace(open=open_canned))
    offer(monkeypatch, [("canned", "canned_shop:open")])
    assert retriever_names() == ["canned"]
    retriever = open_retriever(index_dir, embedder, "canned", {"title": "Plugged"})
    hits = search(retriever, Query("anything", 2))
    assert [hit.title for hit in hits] == ["Plugged hashed-words"] * 2


def test_an_unknown_retriever_is_refused_with_the_known_ones(
    index_dir: Path, embedder: HashEmbedder
) -> None:
    assert {"hybrid", "qdrant"} <= set(retriever_names())
    with pytest.raises(UnknownRetrieverError, match=r"'no such'.*hybrid,"):
        open_retriever(index_dir, embedder, "no such")


def test_a_missing_package_is_named(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, embedder: HashEmbedder
) -> None:
    offer(monkeypatch, [("milvus", "no_such_package_here:open")])
    with pytest.raises(UnknownRetrieverError, match=r"no_such_package_here.*pip install"):
        open_retriever(index_dir, embedder, "milvus")


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_index_is_reported_by_every_retriever(
    tmp_path: Path, embedder: HashEmbedder, name: str
) -> None:
    with pytest.raises(IndexNotFoundError):
        open_named(name, tmp_path, embedder)
