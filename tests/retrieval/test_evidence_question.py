from __future__ import annotations

import pytest

from catalog_index.product import Passage, Product
from retrieval.evidence_question import bare_question, mended

SPEAKER = Product(
    "SP-1001",
    "Aurivane Tenora II Bluetooth Speaker, Waterproof, 45 mm Drivers",
    brand="Aurivane",
    product_type="Electronics > Audio > Bluetooth Speakers",
    mpn="AU-1000A",
    gtin=("2314159265356",),
    attributes={"driver size": "45 mm", "bluetooth version": "5.3", "waterproof": True},
)


@pytest.mark.parametrize(
    ("question", "bare"),
    [
        ("What is the weight of SP-1001?", "What is the weight of it?"),
        ("what is the weight of sp-1001", "what is the weight of it"),
        (f"How heavy is the {SPEAKER.title}?", "How heavy is it?"),
        ("Is the Aurivane Tenora II dimmable?", "Is it dimmable?"),
        ("is the tenora ii loud", "is it loud"),
        ("Is the Tenora loud?", "Is it loud?"),
        ("AU-1000A battery life", "it battery life"),
        ("Is it a Bluetooth speaker?", "Is it a Bluetooth speaker?"),
        ("is it waterproof", "is it waterproof"),
        ("Which bluetooth version?", "Which bluetooth version?"),
        ("How big are the drivers", "How big are the drivers"),
        ("", ""),
    ],
)
def test_names_of_the_product_become_it(question: str, bare: str) -> None:
    assert bare_question(question, [SPEAKER]) == bare


def test_a_short_number_that_is_an_id_stays() -> None:
    assert bare_question("can it take 12 cups", [Product("12", "Pot")]) == "can it take 12 cups"


def test_pages_have_no_names_to_strike_out() -> None:
    page = Passage("r.md", "Returns", "Cost", "Free.")
    assert bare_question("who pays for returns?", [page]) == "who pays for returns?"


def test_several_products_are_struck_out_at_once() -> None:
    other = Product("LA-2", "Glim Lamp", brand="Glim")
    assert bare_question("SP-1001 or LA-2, which is heavier", [SPEAKER, other]) == (
        "it or it, which is heavier"
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("weigth?", "weight?"),
        ("bluetoth verson", "bluetooth version"),
        ("what is the driver szie", "what is the driver szie"),
        ("How loud is the Klangmoor?", "How loud is the Klangmoor?"),
        ("is it waterproof", "is it waterproof"),
        ("the weather is fine", "the weather is fine"),
    ],
)
def test_a_mistyped_name_of_a_field_is_put_right(typed: str, meant: str) -> None:
    assert mended(typed, [SPEAKER]) == meant
