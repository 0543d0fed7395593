"""What an authoring turn says of its own parameters, as tables."""

from __future__ import annotations

import pytest

from assistant.parameters import query_of, read_parameters
from assistant.tasks import TASKS
from catalog_index.product import Passage, Product
from retrieval.values import Hit

KETTLE = Product("KE-1", "Steel kettle", product_type="Kitchen > Kettles")
PLAIN = Product("X", "Plain thing")


@pytest.mark.parametrize(
    ("message", "query"),
    [
        ('a title for KE-1 for the query "tea kettle"', "tea kettle"),
        ("a title for KE-1 for the query “tea kettle”", "tea kettle"),
        ("a title for KE-1, 'small pot' please", "small pot"),
        ("KE-1 for men's gift searches: red kettle", "red kettle"),
        ("title for the search query: steel kettle", "steel kettle"),
        ("a title for people searching for 1.7 l kettle. Thanks!", "1.7 l kettle"),
        ("shoppers typed fast kettle!", "fast kettle"),
        ("someone who is looking for tea pots? title please", "tea pots"),
        ("would one who wants a cheap pot buy KE-1?", "a cheap pot buy KE-1"),
        ("keywords: camping kettle", "camping kettle"),
        ("I want a better title for KE-1", "Kettles"),
        ("rewrite the title", "Kettles"),
        ("the title's too long, isn't it", "Kettles"),
    ],
)
def test_the_query_that_a_turn_names(message: str, query: str) -> None:
    assert query_of(message, KETTLE) == query


def test_without_query_and_type_the_title_stands_in() -> None:
    assert query_of("rewrite the title", PLAIN) == "Plain thing"


@pytest.mark.parametrize(
    ("message", "wishes"),
    [
        ("write an ad for KE-1", {}),
        ("a playful ad for Black Friday", {"tone": "playful", "occasion": "Black Friday"}),
        ("an ad for students on Instagram", {"audience": "students", "platform": "Instagram"}),
        ("aimed at young parents, for Mother's Day", {
            "audience": "young parents", "occasion": "Mother's Day",
        }),
        ("a Google Shopping ad for dog owners", {
            "platform": "Google Shopping", "audience": "dog owners",
        }),
    ],
)  # fmt: skip
def test_the_wishes_for_an_ad(message: str, wishes: dict[str, str]) -> None:
    line = dict(read_parameters("ads", message, KETTLE, []))
    assert line.pop("product") is KETTLE
    assert {key: value for key, value in line.items() if value} == wishes


def labels(message: str, product: Product = KETTLE, *others: Product | Passage) -> list[str]:
    hits = [Hit(record, 1.0) for record in others]
    return list(read_parameters("classify", message, product, hits)["labels"])


@pytest.mark.parametrize(
    ("message", "found"),
    [
        ("which category for KE-1: pots, kettles or pans?", ["pots", "kettles", "pans"]),
        ("classify it: toys; garden", ["toys", "garden"]),
        ("classify KE-1: quickly", ["Kitchen > Kettles"]),
        ("classify pots, kettles or pans", ["Kitchen > Kettles"]),
    ],
)
def test_the_labels_that_a_turn_lists(message: str, found: list[str]) -> None:
    assert labels(message) == found


def test_without_listed_labels_the_types_at_hand_are_the_labels() -> None:
    page = Passage("p", "Page", "", "text")
    toy = Product("T", "Toy", product_type="Toys")
    assert labels("classify it", KETTLE, toy, page, KETTLE, PLAIN) == ["Kitchen > Kettles", "Toys"]
    assert labels("classify it", PLAIN) == ["uncategorised"]
    many = [Product(str(n), "x", product_type=f"Aisle {n}") for n in range(20)]
    kept = labels("classify it", KETTLE, *many)
    assert len(kept) == 8
    assert "Kitchen > Kettles" in kept
    assert kept == sorted(kept), "the right label's place gives nothing away"


@pytest.mark.parametrize("intent", ["ads", "title", "classify", "intent"])
@pytest.mark.parametrize("message", ["do it", 'do "it" for Easter: a, b or c', "?" * 90, "é" * 200])
def test_whatever_is_said_the_line_fits_its_task(intent: str, message: str) -> None:
    line = read_parameters(intent, message, KETTLE, [])
    assert TASKS[intent].read(line).product.record is KETTLE
