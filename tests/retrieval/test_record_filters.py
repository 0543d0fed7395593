from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_index.filters import WORDS, Filter
from catalog_index.lexical import LexicalSearcher, LexicalWriter, Words
from catalog_index.lexical.fields import record_fields
from catalog_index.product import Money, Passage, Product, Quantity, Variant
from retrieval.record_filters import holds_phrase, passes, passes_all, settled

NAMES = ["Acme", "Brio", "Cato & Co."]
NOUNS = ["kettle", "Kettles", "steel", "lamp", "été", "USB-C", "x" * 70]
CURRENCIES = ["", "EUR", "USD"]
COLOURS = ["red", "Dark Red", "blue"]
FLAGS = ["waterproof", "cordless"]

sentences = st.lists(st.sampled_from(NOUNS), max_size=4).map(" ".join)
amounts = st.sampled_from([Decimal("0"), Decimal("9.99"), Decimal("20"), Decimal("1000000.5")])
money = st.none() | st.builds(Money, amounts, st.sampled_from(CURRENCIES))
quantities = st.builds(
    Quantity, st.sampled_from([-1.5, 0.0, 0.24, 1.0, 240.0]), st.sampled_from(["", "g", "kg", "h"])
)
colours = st.sampled_from(COLOURS) | st.lists(st.sampled_from(COLOURS), min_size=1).map(tuple)
attributes = st.fixed_dictionaries(
    {},
    optional={
        "Colour": colours,
        "weight": quantities,
        "note": st.just("a text that is too long for a filter to name it"),
        **dict.fromkeys(FLAGS, st.booleans()),
    },
)
variants = st.lists(st.builds(Variant, st.just("v"), attributes=attributes), max_size=2).map(tuple)
products = st.builds(
    Product,
    id=st.just("p"),
    title=sentences,
    description=sentences,
    brand=st.sampled_from(["", *NAMES]),
    product_type=st.sampled_from(["", "Kitchen > Kettles", "Lamps"]),
    price=money,
    sale_price=money,
    availability=st.sampled_from(["", "in_stock", "out_of_stock"]),
    quantity=st.none() | st.integers(0, 3),
    condition=st.sampled_from(["", "new"]),
    attributes=attributes,
    variants=variants,
)
passages = st.builds(Passage, st.just("d"), st.just("Doc"), sentences, sentences)

VALUES = {
    "kind": ["product", "passage"],
    "brand": ["acme", "cato co", "none"],
    "product type": ["kettles", "kitchen", "lamps"],
    "availability": ["in stock"],
    "condition": ["new", "used"],
    "colour": ["red", "dark red"],
    "on sale": [True],
    **{flag: [True, False] for flag in FLAGS},
}
compared = st.sampled_from([(field, value) for field, held in VALUES.items() for value in held])
said = st.lists(st.sampled_from([*NOUNS, "kettl", "c"]), min_size=1, max_size=3).map(" ".join)
numbers = [-1.5, 0.0, 0.24, 9.99, 20.0, 240.0]
lows = st.sampled_from([-float("inf"), *numbers])
highs = st.sampled_from([*numbers, float("inf")])
conditions = st.one_of(
    st.builds(
        lambda op, pair: Filter(pair[0], op, pair[1]), st.sampled_from(["is", "not"]), compared
    ),
    st.builds(lambda text: Filter(WORDS, "not", text), said),
    st.builds(
        lambda low, high, unit: Filter("price", "between", low=low, high=high, unit=unit),
        lows,
        highs,
        st.sampled_from([*CURRENCIES, "GBP"]),
    ),
    st.builds(
        lambda field, low, high, unit: Filter(field, "between", low=low, high=high, unit=unit),
        st.sampled_from(["weight", "stock"]),
        lows,
        highs,
        st.sampled_from(["", "mass", "kg", "g"]),
    ),
)


def searcher(root: Path, records: list[Any]) -> LexicalSearcher:
    writer = LexicalWriter(root / "words")
    writer.add((key, record_fields(record)) for key, record in enumerate(records))
    writer.finish()
    return LexicalSearcher(root / "words")


@settings(max_examples=20, deadline=None)
@given(
    records=st.lists(products | passages, min_size=1, max_size=12),
    asked=st.lists(st.lists(conditions, min_size=1, max_size=2), min_size=25, max_size=25),
)
def test_a_record_passes_what_lexical_search_lets_pass(
    records: list[Product | Passage], asked: list[list[Filter]]
) -> None:
    with tempfile.TemporaryDirectory() as root:
        words = searcher(Path(root), records)
        for filters in asked:
            known = settled(filters, lambda code: words.frequency("facts", f"currency={code}") > 0)
            passing = [key for key, one in enumerate(records) if passes_all(one, known)]
            assert passing == words.keys(filters, len(records)), filters


@settings(max_examples=12, deadline=None)
@given(
    records=st.lists(products | passages, min_size=1, max_size=12),
    phrases=st.lists(said, min_size=20, max_size=20),
)
def test_a_record_holds_the_phrases_that_lexical_search_finds_in_it(
    records: list[Product | Passage], phrases: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as root:
        words = searcher(Path(root), records)
        for phrase in phrases:
            found = words.search(Words("", phrases=(phrase,)), len(records))
            holding = {key for key, one in enumerate(records) if holds_phrase(one, phrase)}
            assert not found or holding == {key for key, _ in found}, phrase
            assert found or not holding or len(holding) == len(records)


KETTLE = Product(
    "k",
    "Steel kettle",
    brand="Acme",
    price=Money(Decimal("39.95"), "EUR"),
    attributes={"cordless": True, "waterproof": False, "capacity": Quantity(1700.0, "ml")},
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Filter("brand", "is", "acme"), True),
        (Filter("brand", "not", "acme"), False),
        (Filter("colour", "not", "red"), True),
        (Filter("waterproof", "not", True), True),
        (Filter("waterproof", "is", False), True),
        (Filter("price", "between", high=39.95, unit="EUR"), True),
        (Filter("price", "between", high=39.94), False),
        (Filter("price", "between", high=50.0, unit="USD"), False),
        (Filter("capacity", "between", low=1700.0, high=1700.0), True),
        (Filter(WORDS, "not", "kettles"), False),
        (Filter(WORDS, "not", "kettle steel"), True),
    ],
)
def test_what_passes(condition: Filter, expected: bool) -> None:
    assert passes(KETTLE, condition) is expected


def test_a_currency_that_the_shop_does_not_have_is_a_slip_of_the_tongue() -> None:
    asked = [Filter("price", "between", high=50.0, unit="USD"), Filter("brand", "is", "acme")]
    assert passes_all(KETTLE, settled(asked, {"eur"}.__contains__))
    assert not passes_all(KETTLE, settled(asked, {"eur", "usd"}.__contains__))
