"""Searches as shoppers type them: what is asked for decides what is found, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_index.build import build_index, update_index
from catalog_index.index import CatalogIndex
from retrieval.errors import RetrieverOptionError
from retrieval.hybrid import HybridRetriever, search_index
from retrieval.registry import open_retriever, search, understood
from retrieval.understanding import SynonymFileError
from retrieval.values import Query
from tests.fakes import HashEmbedder, write_jsonl


def product(code: str, title: str, price: str, **more: object) -> dict[str, object]:
    return {
        "id": code,
        "title": title,
        "price": price,
        "product_type": "Audio > Headphones",
        **more,
    }


SHELF = [
    product("a", "Acme headphones red", "19.00 EUR", brand="Acme", waterproof=True, colour="red"),
    product("b", "Brio headphones black", "49.00 EUR", brand="Brio", waterproof=False),
    product("c", "Cato headphones black", "99.00 EUR", brand="Cato", availability="in_stock"),
    product("d", "Dove headphones solar charger", "9.00 EUR", brand="Dove", weight="240 g"),
    product("e", "Echo headphones with charger, solar", "", brand="Echo", weight="0.3 kg"),
    {
        "id": "f",
        "title": "Hard drive 500 GB",
        "price": "60.00 EUR",
        "sale_price": "20.00 EUR",
        "product_type": "Computers > Drives",
    },
    {"id": "g", "title": "Hard drive 2 TB", "price": "90.00 EUR", "product_type": "Drives"},
]


@pytest.fixture(scope="module")
def shelf_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shelf")
    build_index([write_jsonl(root / "f.jsonl", SHELF)], root / "index", embedder=HashEmbedder())
    return root / "index"


@pytest.fixture(scope="module")
def shelf(shelf_dir: Path) -> CatalogIndex:
    return CatalogIndex(shelf_dir, HashEmbedder())


def found(shelf: CatalogIndex, text: str, k: int = 10) -> list[str]:
    return [hit.id for hit in search_index(shelf, Query(text, k, "product", understand=True))]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("headphones under 50 euros", {"a", "b", "d"}),
        ("headphones over 50", {"c"}),
        ("headphones between 15 and 60 €", {"a", "b"}),
        ("headphones by Acme", {"a"}),
        ("headphones not waterproof", {"b", "c", "d", "e"}),
        ("in stock headphones", {"c"}),
        ('headphones "solar charger"', {"d"}),
        ("drives under 30 euros", {"f", "a", "d"}),
        ("headphones by Acme over 50", set()),
    ],
)
def test_what_is_asked_for_decides_what_is_found(
    shelf: CatalogIndex, text: str, ids: set[str]
) -> None:
    hits = set(found(shelf, text))
    if "headphones" in text:
        hits -= {"f", "g"}  # dense search finds something near for every word
    assert hits == ids


def test_without_understanding_the_same_words_only_rank(shelf: CatalogIndex) -> None:
    hits = search_index(shelf, Query("headphones under 50 euros", 10, "product"))
    assert len(hits) == len(SHELF)


def test_the_cheapest_comes_first_and_what_has_no_price_not_at_all(shelf: CatalogIndex) -> None:
    assert found(shelf, "cheapest headphones")[:4] == ["d", "a", "b", "c"]
    assert found(shelf, "most expensive headphones")[:3] == ["c", "b", "a"]
    assert "e" not in found(shelf, "cheapest headphones")


def test_the_price_that_is_compared_is_the_one_that_is_paid(shelf: CatalogIndex) -> None:
    assert found(shelf, "cheapest hard drive")[0] == "f"


def test_an_amount_finds_the_same_amount_in_another_unit(shelf: CatalogIndex) -> None:
    assert found(shelf, "0.5 TB hard drive")[0] == "f"
    assert found(shelf, "2000gb hard drive")[0] == "g"


def test_a_misspelt_word_is_taken_for_the_one_it_means(shelf: CatalogIndex) -> None:
    assert found(shelf, "headphnoes by Acme") == ["a"]


def test_filters_alone_list_what_passes(shelf: CatalogIndex) -> None:
    assert set(found(shelf, "under 20 euros")) == {"a", "d", "f"}
    assert "a" not in found(shelf, "not waterproof")


def test_what_is_preferred_comes_first_and_drops_nothing(shelf: CatalogIndex) -> None:
    hits = found(shelf, "Brio headphones")
    assert hits[0] == "b"
    assert {"a", "c"} <= set(hits)


def test_any_retriever_says_what_it_understood(shelf_dir: Path) -> None:
    retriever = open_retriever(shelf_dir, HashEmbedder())
    asked = understood(retriever, "cheapest headphones under 50 euros")
    assert asked is not None
    assert ([item.label for item in asked.filters], asked.sort) == (
        ["under 50 EUR"],
        "price ascending",
    )
    hits = search(retriever, Query("headphones under 15 euros", 5, "product", understand=True))
    assert [hit.id for hit in hits if "headphones" in hit.title] == ["d"]


def test_a_shop_s_own_synonyms_are_used(shelf_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    file.write_text("earshells, headphones\n")
    retriever = open_retriever(shelf_dir, HashEmbedder(), options={"synonyms": str(file)})
    hits = search(retriever, Query("earshells", 3, "product", understand=True))
    assert "headphones" in hits[0].title
    file.write_text("one name only\n")
    with pytest.raises(SynonymFileError, match="line 1"):
        open_retriever(shelf_dir, HashEmbedder(), options={"synonyms": str(file)})
    with pytest.raises(RetrieverOptionError, match="synonym"):
        open_retriever(shelf_dir, HashEmbedder(), options={"synonym": str(file)})


def test_a_running_retriever_answers_from_what_was_updated(tmp_path: Path) -> None:
    feed = write_jsonl(tmp_path / "f.jsonl", SHELF)
    build_index([feed], tmp_path / "index", embedder=HashEmbedder())
    retriever = open_retriever(tmp_path / "index", HashEmbedder())
    assert isinstance(retriever, HybridRetriever)
    before = retriever.index
    changed = write_jsonl(tmp_path / "g.jsonl", [{**SHELF[0], "title": "Acme zither"}])
    update_index(tmp_path / "index", [changed], embedder=HashEmbedder())
    assert search(retriever, Query("zither", 1, "product"))[0].id == "a"
    assert retriever.index is not before
