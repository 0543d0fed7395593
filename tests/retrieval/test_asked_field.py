"""A field that a question names decides, and one that the record lacks is answered by no other."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from catalog_index.product import Product
from retrieval.asked_field import NamedFieldRanker, asked_names, fields_named
from retrieval.values import Evidence, Hit

FIELDS = {
    "weight": "1.2 kg",
    "package weight": "2 kg",
    "display resolution": "1440 x 900",
    "product colour": "mint",
    "water resistant": "no",
    "alcohol-free": "no",
    "seat height minimum": "42 cm",
    "seat height maximum": "57 cm",
    "material": "stainless steel",
}
HIT = Hit(Product("P-1", "Thing"), 1.0)
CATALOG = {"maximum resolution", "coating", "silicone free", "waterproof", "repair kit included"}
VALUES = {"blush": {"product colour": 3, "colour": 1}, "compatible": {"material": 2}}


class Guessing:
    """Takes every field for half an answer, and a page for more."""

    def rank(self, question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
        found = [
            Evidence("P-1", "Thing", "product", name, text, 0.6) for name, text in FIELDS.items()
        ]
        page = Evidence("care#steel", "Care: Steel", "passage", "passage", "Wipe it.", 0.7)
        return [page, *found][:limit]


def ranked(question: str) -> list[Evidence]:
    ranker = NamedFieldRanker(Guessing(), CATALOG.__contains__, lambda text: VALUES.get(text, {}))
    return ranker.rank(question, [HIT], 20)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("what is the weight of it?", "weight"),
        ("what is the package weight of it?", "package weight"),
        ("could you look up the wieght for it", "weight"),
        ("what colour is it?", "product colour"),
        ("what coloir is it?", "product colour"),
        ("what is the seat height maximum of it?", "seat height maximum"),
        ("is it blush?", "product colour"),
        ("the material of it is steel, right?", "material"),
    ],
)
def test_the_field_that_is_named_comes_first(question: str, field: str) -> None:
    best = ranked(question)[0]
    assert (best.field, best.score >= 0.9) == (field, True)


@pytest.mark.parametrize(
    "question",
    [
        "what is the maximum resolution of it?",
        "what is the coating?",
        "is it silicone-free?",
        "does it come with a repair kit?",
    ],
)
def test_a_field_that_the_record_lacks_is_answered_by_no_other(question: str) -> None:
    assert max(item.score for item in ranked(question)) == 0.0


def test_a_near_name_of_the_same_concept_still_answers() -> None:
    best = ranked("is it waterproof?")[0]
    assert (best.field, best.score) == ("water resistant", 0.6)


def test_a_question_that_names_no_field_keeps_its_order() -> None:
    question = "how long will it stay nice?"
    assert ranked(question) == Guessing().rank(question, [HIT], 20)


def test_a_value_is_no_field_where_the_question_does_not_ask_for_yes_or_no() -> None:
    assert ranked("what is it compatible with?")[0].field != "material"


def test_opposites_are_no_typos_of_each_other() -> None:
    names = ["seat height minimum"]
    assert fields_named("seat height maximum", names) == []
    assert fields_named("seat hieght minimum", names) == names


@pytest.mark.parametrize("question", ["", "?", "a" * 8000, "what is the " * 600, "it it it " * 900])
def test_odd_questions_name_nothing_quickly(question: str) -> None:
    assert all(len(name) < len(question) + 20 for name in asked_names(question))
