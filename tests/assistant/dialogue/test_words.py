"""How messages point back and name products: tables over words, without a catalog."""

from __future__ import annotations

import pytest

from assistant.dialogue.naming import name_products, tied, without_names
from assistant.dialogue.references import asks_about_it, read_reference
from assistant.dialogue.state import DialogueState
from catalog_index.product import Product
from retrieval.values import Hit


def hit(id_: str, title: str, brand: str = "", kind: str = "", mpn: str = "") -> Hit:
    return Hit(Product(id_, title, brand=brand, product_type=kind, mpn=mpn), 0.5)


WHITE = hit("HP-1", "Aurivane Tenora II Wireless Headphones, White", "Aurivane", mpn="AU-1000A")
SAND = hit("HP-2", "Aurivane Tenora II Wireless Headphones, Sand", "Aurivane", mpn="AU-1000B")
NAVY = hit("HP-3", "Tesselby Ostina Headphones, Navy", "Tesselby")
CAT_FOOD = hit("CF-1", "Siesta Kitten Cat Food with Insect Protein", "Barrow")
GRAIN = hit("CF-2", "Siesta Grain Free Cat Food with Duck", "Barrow")
ALL = [WHITE, SAND, NAVY, CAT_FOOD, GRAIN]


@pytest.mark.parametrize(
    ("message", "ids"),
    [
        ("how heavy is the Tenora II?", ["HP-1", "HP-2"]),
        ("how heavy is the white Tenora II?", ["HP-1"]),
        ("how heavy is the Tenorra II in sand?", ["HP-2"]),
        ("how heavy is the ostina", ["HP-3"]),
        ("is AU-1000B foldable", ["HP-2"]),
        ("is au 1000b foldable", ["HP-2"]),
        ("price of Aurivane Tenora II Wireless Headphones, White please", ["HP-1"]),
        ("what is the main protein of the Siesta Grain", ["CF-2"]),
        ("do you ship to Norway?", []),
    ],
)
def test_the_products_that_a_message_names(message: str, ids: list[str]) -> None:
    named = name_products(message, ALL)
    assert sorted(one.hit.id for one in (tied(named) if named else [])) == ids


@pytest.mark.parametrize(
    ("message", "masked"),
    [
        ("how heavy is the white Tenora II?", "how heavy is it?"),
        ("what does item number AU-1000B cost", "what does it cost"),
        ("Tesselby Ostina: is it loud?", "it: is it loud?"),
    ],
)
def test_names_give_way_to_it(message: str, masked: str) -> None:
    named = name_products(message, ALL)
    assert without_names(message, named[:1]) == masked


def test_two_names_are_masked_each() -> None:
    message = "is the Ostina lighter than AU-1000B?"
    named = [one for one in name_products(message, ALL) if one.hit.id in ("HP-2", "HP-3")]
    assert without_names(message, named) == "is it lighter than it?"


@pytest.mark.parametrize(
    ("message", "positions"),
    [
        ("is the first one foldable?", (0,)),
        ("compare the first and the third", (0, 2)),
        ("2", (1,)),
        ("number 3 please", (2,)),
        ("the last one", (-1,)),
        ("what is its first aid kit?", ()),
        ("how heavy is it?", ()),
    ],
)
def test_places_in_a_list(message: str, positions: tuple[int, ...]) -> None:
    assert read_reference(message).positions == positions


@pytest.mark.parametrize(
    ("message", "description", "elliptic"),
    [
        ("and the red one?", "red", True),
        ("what about the 500 ml?", "500 ml", True),
        ("no, the 500 ml one", "500 ml", True),
        ("no, I meant the sand version", "sand", True),
        ("and its height?", "its height", True),
        ("and is it loud?", None, False),
        ("is it loud?", None, False),
    ],
)
def test_what_is_said_of_the_one_that_is_meant(
    message: str, description: str | None, elliptic: bool
) -> None:
    reference = read_reference(message)
    assert reference.is_elliptic is elliptic
    if description is not None:
        assert reference.description == description


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("compare it with the first", True),
        ("which is heavier, A or B?", True),
        ("is it cheaper than the Ostina?", True),
        ("does it have a higher driver size than the Ostina?", True),
        ("what is the difference between them?", True),
        ("does it weigh more than 300 grams?", False),
        ("is it cheaper than 50 euros?", False),
        ("which headphones are waterproof?", False),
        ("is it waterproof?", False),
    ],
)
def test_which_messages_compare(message: str, expected: bool) -> None:
    assert read_reference(message).is_comparison is expected


@pytest.mark.parametrize(
    ("masked", "expected"),
    [
        ("could you look up the connector gender for it", True),
        ("it: yes or no, is it halogen free?", True),
        ("what does it cost?", True),
        ("show me products like it", False),
        ("which category does it belong to?", False),
    ],
)
def test_what_asks_for_something_of_a_known_product(masked: str, expected: bool) -> None:
    assert asks_about_it(masked) is expected


def test_a_state_travels_as_json_and_forgets_what_is_no_state() -> None:
    state = DialogueState(("A", "B"), ("B", "A"), ("C",), "mugs", "how big?", "answer", ("D",))
    assert DialogueState.from_json(state.to_json()) == state
    odd = {"products": [1, "", "A", "B", "C", "D"], "query": 5, "x": 1, "question": "q" * 900}
    read = DialogueState.from_json(odd)
    assert read.products == ("A", "B", "C")
    assert (read.query, len(read.question)) == ("", 500)
    for wrong in (None, [], "text", 5):
        assert DialogueState.from_json(wrong) == DialogueState()
