"""Searches as shoppers type them: what is asked for decides what is found, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_index.build import build_index, update_index
from catalog_index.index import CatalogIndex
from retrieval.errors import RetrieverOptionError
from retrieval.hybrid import HybridRetriever, search_index
from retrieval.registry import open_retriever, search, understood
from retrieval.understanding import SynonymFileError, understand, without_measures
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


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> CatalogIndex:
    """Laptops, cables and shoes whose attributes are numbers."""
    root = tmp_path_factory.mktemp("measured")
    rows = [
        {"id": f"L{n}", "title": f"Laptop model {n}", "weight": f"{n} kg", "ram": f"{8 * n} GB"}
        for n in range(1, 9)
    ]
    rows += [
        {"id": f"C{n}", "title": f"USB cable {n}", "price": f"{500 - n}.00 EUR", "length": f"{n} m"}
        for n in range(300)
    ]
    rows += [
        {"id": "Y", "title": "USB cable yen", "price": "116 JPY"},
        {"id": "S", "title": "Black shoe", "size": "42", "material": "Leather"},
        {"id": "AB-1234", "title": "Adapter", "price": "900.00 EUR"},
    ]
    build_index([write_jsonl(root / "f.jsonl", rows)], root / "index", embedder=HashEmbedder())
    return CatalogIndex(root / "index", HashEmbedder())


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("laptop under 5 kg", {"L1", "L2", "L3", "L4", "L5"}),
        ("laptop under 2500 g", {"L1", "L2"}),
        ("laptop at least 48 GB ram", {"L6", "L7", "L8"}),
        ("shoes in size 42", {"S"}),
    ],
)
def test_bounds_on_numbers_are_kept(measured: CatalogIndex, text: str, ids: set[str]) -> None:
    assert set(found(measured, text, 20)) == ids


def test_the_cheapest_of_many_is_the_cheapest(measured: CatalogIndex) -> None:
    assert found(measured, "cheapest usb cable", 3) == ["C299", "C298", "C297"]
    assert "Y" not in found(measured, "cheapest usb cable", 300)


def test_without_a_word_of_what_the_whole_catalog_is_compared(
    measured: CatalogIndex, shelf: CatalogIndex
) -> None:
    assert found(measured, "most expensive", 2) == ["AB-1234", "C0"]
    assert found(shelf, "cheapest", 3) == ["d", "a", "f"]
    assert found(shelf, "cheapest over 15 euros", 2) == ["a", "f"]


def test_a_code_that_is_denied_or_too_dear_is_not_first(measured: CatalogIndex) -> None:
    assert found(measured, "adapter AB-1234")[0] == "AB-1234"
    assert "AB-1234" not in found(measured, "AB-1234 under 100 euros")


def test_a_phrase_may_stand_in_any_field(measured: CatalogIndex) -> None:
    assert found(measured, '"leather"') == ["S"]


def test_an_amount_is_not_cut_out_of_another(measured: CatalogIndex) -> None:
    asked = understand("5 m or 15 m cable", measured.vocabulary)
    assert without_measures(asked).split() == ["or", "cable"] or without_measures(asked) == "cable"


def test_scores_stay_below_that_of_a_named_product(shelf: CatalogIndex) -> None:
    hits = search_index(shelf, Query("Acme headphones 500 GB", 10, understand=True))
    assert all(0.0 <= hit.score <= 1.0 for hit in hits)


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
