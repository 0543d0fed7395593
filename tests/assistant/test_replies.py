"""The words that need no model."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant import replies
from assistant.intents import Intent
from assistant.tasks.answer import abstains
from catalog_index.product import Money, Passage, Product
from retrieval.values import Evidence, Hit

LAMP = Hit(Product("LA-1", "Lamp"), 1.0)


def piece(field: str, title: str = "Lamp") -> Evidence:
    kind = "passage" if field == "passage" else "product"
    return Evidence("id", title, kind, field, "text", 0.1)


@pytest.mark.parametrize(
    ("nearest", "focus", "text"),
    [
        ([], None, "The catalog does not say."),
        ([], LAMP, "The catalog does not say."),
        ([piece("price")], None, "The catalog does not say."),
        (
            [piece(name) for name in ("price", "brand", "price", "power", "size", "color")],
            LAMP,
            "The catalog does not say. The record of Lamp does list: price, brand, power, size.",
        ),
        (
            [piece("passage", "Pay"), piece("passage", "Pay"), piece("passage", "Ship"),
             piece("passage", "Care")],
            None,
            "The catalog does not say. The nearest shop pages: Pay; Ship.",
        ),
    ],
)  # fmt: skip
def test_an_abstention_names_what_the_record_does_hold(
    nearest: list[Evidence], focus: Hit | None, text: str
) -> None:
    assert replies.abstention(nearest, focus) == text
    assert abstains(text)


def product(number: int, **fields: object) -> Hit:
    return Hit(Product(f"P-{number}", f"Item {number}", **fields), 1.0)  # type: ignore[arg-type]


def test_a_result_list_has_price_and_availability() -> None:
    full, sale = Money(Decimal("20"), "EUR"), Money(Decimal("15.5"), "EUR")
    hits = [
        product(1, price=full, availability="in_stock"),
        product(2, price=full, sale_price=sale),
        product(3),
    ]
    assert replies.result_list(hits) == (
        "The nearest products in the catalog:\n\n"
        "1. Item 1 (20.00 EUR, in stock)\n2. Item 2 (15.50 EUR)\n3. Item 3"
    )
    assert replies.result_list(hits[2:]) == "The nearest product in the catalog:\n\n1. Item 3"


def test_a_result_list_is_short_and_lists_no_pages() -> None:
    assert replies.result_list([product(n) for n in range(9)]).count("Item") == 5
    page = Hit(Passage("p", "Page", "", "text"), 1.0)
    assert replies.result_list([page]) == replies.NOTHING_FOUND
    assert replies.result_list([]) == replies.NOTHING_FOUND


def test_an_unsure_reply_asks_between_the_nearest() -> None:
    three = [("ads", 0.4), ("title", 0.3), ("search", 0.2), ("answer", 0.1)]
    assert "want: write an ad, improve a title or find products?" in replies.unsure(three)
    assert "want: write an ad?" in replies.unsure(three[:1])
    for intent in Intent:
        assert intent.label.lower() in replies.unsure([(intent.value, 1.0)])


def test_a_long_title_is_cut_at_a_word_and_a_usual_one_stands_whole() -> None:
    usual = " ".join(["Aldmere"] * 24)
    hits = [Hit(Product(f"P-{n}", title), 1.0) for n, title in enumerate((usual, "tea " * 9_000))]
    _, _, first, second = replies.result_list(hits).splitlines()
    assert first == f"1. {usual}"
    assert second == f"2. {'tea ' * 24}..."
    [*_, line] = replies.which_of([Hit(Product("P", "x" * 50_000), 1.0)], 1).splitlines()
    assert line == f"1. {'x' * 200} ... [P]"


def test_what_somebody_typed_is_cut_in_a_reply() -> None:
    long = "KE-1001 " * 1_000
    hit = Hit(Product("P", long), 1.0)
    told = [
        replies.no_such_product(long),
        replies.no_such_version(long, hit),
        replies.pages_silent(long),
        replies.premise_absent(long),
        replies.abstention([piece(long), piece("passage", long)], hit),
        replies.abstention([piece("passage", long)], None),
    ]
    assert [text for text in told if len(text) > 400] == []
