from __future__ import annotations

import pytest

from catalog_index.index import CatalogIndex
from retrieval.documents import matched_fields
from retrieval.fusion import DENSE_WEIGHT, fuse
from retrieval.hybrid import candidate_codes, search_index
from retrieval.values import Query


def test_fusion_adds_the_share_of_the_best_words_and_the_weighted_cosine() -> None:
    fused = fuse({7: 8.0, 8: 2.0}, {7: 0.4, 8: 0.9, 9: 0.5})
    whole = 1 + DENSE_WEIGHT
    assert dict(fused) == pytest.approx(
        {
            7: (1 + DENSE_WEIGHT * 0.4) / whole,
            8: (0.25 + DENSE_WEIGHT * 0.9) / whole,
            9: DENSE_WEIGHT * 0.5 / whole,
        }
    )
    assert [key for key, _ in fused] == [8, 7, 9]


def test_equal_scores_keep_the_order_of_keys() -> None:
    assert [key for key, _ in fuse({}, {2: 0.5, 1: 0.5, 3: 0.6})] == [3, 1, 2]
    assert fuse({}, {}) == []


def test_a_hit_s_score_and_similarity_come_from_both_searches(index: CatalogIndex) -> None:
    text = "lamp for reading at night"
    (first, *_) = search_index(index, Query(text, 3))
    assert first.id == "LA-2002"
    (_, cosine), *_ = index.dense(text, 1)
    assert first.similarity == pytest.approx(cosine, abs=1e-4)
    assert first.score == pytest.approx((1 + DENSE_WEIGHT * cosine) / (1 + DENSE_WEIGHT), abs=1e-6)
    assert not first.exact


@pytest.mark.parametrize(
    "text",
    [
        "KE-1001",
        "is ke1001 in stock?",
        "price of 4006381333931",
        "what does AK-17/S weigh",
        "running shoes or KE-1001",
    ],
)
def test_a_product_named_by_a_code_comes_first(index: CatalogIndex, text: str) -> None:
    hits = search_index(index, Query(text, 5))
    assert (hits[0].id, hits[0].exact, hits[0].score) == ("KE-1001", True, 1.0)
    assert not any(hit.exact for hit in hits[1:])
    assert len({(hit.kind, hit.id) for hit in hits}) == len(hits) == 5


def test_several_codes_come_in_the_order_named(index: CatalogIndex) -> None:
    hits = search_index(index, Query("compare SH-3003 and LA-2002", 5))
    assert [hit.id for hit in hits[:2]] == ["SH-3003", "LA-2002"]


def test_a_code_names_no_passage(index: CatalogIndex) -> None:
    hits = search_index(index, Query("refund KE-1001", 5, "passage"))
    assert hits
    assert all(hit.kind == "passage" and not hit.exact for hit in hits)


@pytest.mark.parametrize("k", [1, 3, 10])
def test_a_shorter_answer_is_the_beginning_of_a_longer(index: CatalogIndex, k: int) -> None:
    longer = [hit.id for hit in search_index(index, Query("steel kettle refund", 15))]
    assert [hit.id for hit in search_index(index, Query("steel kettle refund", k))] == longer[:k]


@pytest.mark.parametrize("text", ["", "   ", "\x00\n", "\ud800"])
def test_an_empty_query_finds_nothing(index: CatalogIndex, text: str) -> None:
    assert search_index(index, Query(text)) == []


@pytest.mark.parametrize("text", ["?!", '" OR "', "kettle " * 15_000, "a\ud800b kettle", "🫖"])
def test_odd_queries_are_answered(index: CatalogIndex, text: str) -> None:
    assert len(search_index(index, Query(text, 4))) == 4


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("is HP-1042 there", ["is HP-1042 there", "HP-1042"]),
        ("2 x 2000", ["2 x 2000"]),
        ("123456", ["123456"]),
        ("x" * 65, []),
        ("mug no. 400638-133393!", ["mug no. 400638-133393!", "400638-133393"]),
    ],
)
def test_words_with_digits_are_candidate_codes(text: str, codes: list[str]) -> None:
    assert candidate_codes(text) == codes


def test_a_query_of_many_codes_is_bounded() -> None:
    assert len(candidate_codes(" ".join(f"CODE-{n}" for n in range(5000)))) == 40


def test_matched_fields_share_words_with_the_query(index: CatalogIndex) -> None:
    product = index.product("LA-2002")
    assert product is not None
    assert matched_fields(product, "dimmable lamp for the night") == (
        "title",
        "dimmable",
        "description",
    )
    assert matched_fields(product, "zebra") == ()
    (hit, *_) = search_index(index, Query("refund to a card", 1, "passage"))
    assert set(hit.matched) == {"heading", "text"}
