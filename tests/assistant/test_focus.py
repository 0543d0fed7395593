"""Which product a turn is about, as a table over the small shop."""

from __future__ import annotations

import pytest
from langchain_core.retrievers import BaseRetriever

from assistant.errors import ProductNotFoundError
from assistant.focus import naming, resolve_focus
from assistant.values import Turn
from retrieval.registry import find_product, search
from retrieval.values import Query

KETTLE, LAMP, SHOES = "KE-1001", "LA-2002", "SH-3003"


@pytest.mark.parametrize(
    ("message", "pinned", "before", "focus"),
    [
        ("is it waterproof?", SHOES, LAMP, SHOES),
        ("how heavy is KE-1001?", SHOES, None, SHOES),
        ("how heavy is KE-1001?", None, LAMP, KETTLE),
        ("what is 04006381333931?", None, None, KETTLE),
        ("is 77-lamp-01 dimmable?", None, SHOES, LAMP),
        ("is it waterproof?", None, SHOES, SHOES),
        ("and the price?", None, LAMP, LAMP),
        ("how heavy are those shoes?", None, LAMP, LAMP),
        ("is the desk lamp dimmable, and does it get hot?", None, SHOES, LAMP),
        ("is the lamp dimmable?", None, SHOES, LAMP),
        ("is the kettle cordless?", None, None, KETTLE),
        ("is the Corvane pair waterproof?", None, None, SHOES),
        ("do you sell gift cards?", None, None, None),
        ("is it waterproof?", None, "GONE-1", None),
    ],
)
def test_the_product_of_a_turn(
    retriever: BaseRetriever,
    message: str,
    pinned: str | None,
    before: str | None,
    focus: str | None,
) -> None:
    hits = search(retriever, Query(message, 6, "product"))
    turn = Turn(message, product_id=pinned, focus_id=before)
    found = resolve_focus(turn, hits, retriever)
    assert (found.id if found else None) == focus


def test_a_pinned_product_that_does_not_exist_is_no_other_product(
    retriever: BaseRetriever,
) -> None:
    hits = search(retriever, Query("is the kettle cordless?", 6, "product"))
    with pytest.raises(ProductNotFoundError, match="NO-9"):
        resolve_focus(Turn("is the kettle cordless?", product_id="NO-9"), hits, retriever)


def test_a_product_is_pinned_by_any_of_its_codes(retriever: BaseRetriever) -> None:
    for code in ("KE-1001", "04006381333931", "AK-17/S"):
        found = resolve_focus(Turn("hello", product_id=code), [], retriever)
        assert found is not None
        assert found.id == KETTLE


def test_naming_counts_words_of_title_brand_and_type(retriever: BaseRetriever) -> None:
    kettle = find_product(retriever, KETTLE)
    assert kettle is not None
    assert naming("a steel kettle by Aldmere for the kitchen", kettle) == 4
    assert naming("boils water with one hand", kettle) == 0
    [page] = search(retriever, Query("refunds to the card", 1, "passage"))
    assert naming("Refunds", page) == 0
