"""Order, measures, corrections, phrases, chips: what a query says beside its filters."""

from __future__ import annotations

import pytest

from catalog_index.units import measure_token
from retrieval.understanding import understand, without
from retrieval.understanding.amounts import read_number
from tests.retrieval.understanding_shop import VALUES, ShopVocabulary, asked_for, preferred, said


@pytest.mark.parametrize(
    ("query", "sort"),
    [
        ("cheapest headphones", "price ascending"),
        ("the cheapest laptop in stock", "price ascending"),
        ("lowest price kettle", "price ascending"),
        ("least expensive tent", "price ascending"),
        ("laptop, price low to high", "price ascending"),
        ("günstigste kopfhörer", "price ascending"),
        ("goedkoopste laptop", "price ascending"),
        ("most expensive watch", "price descending"),
        ("priciest watch", "price descending"),
        ("laptop price high to low", "price descending"),
        ("newest laptop", None),
        ("cheap laptop", None),
        ("expensive watch", None),
        ('"cheapest" book', None),
    ],
)
def test_order_is_read(query: str, sort: str | None) -> None:
    assert understand(query, ShopVocabulary()).sort == sort


@pytest.mark.parametrize(
    ("query", "measures"),
    [
        ("500gb drive", ["500gb"]),
        ("0.5 TB drive", ["0.5 TB"]),
        ("17 inch laptop", ["17 inch"]),
        ('17" laptop with 1tb ssd', ['17"', "1tb"]),
        ("1.5 l kettle under 40 euros", ["1.5 l"]),
        ("laptop at least 16 gb ram", []),
        ("desk under 50 cm", []),
        ("usb cable at least 2 m", ["2 m"]),
        ("toy under 20 pounds", []),
        ("headphones under 50 euros", []),
    ],
)
def test_measures_are_kept_to_be_matched(query: str, measures: list[str]) -> None:
    understood = understand(query, ShopVocabulary())
    assert [item.text for item in understood.measures] == measures
    assert all(item.text.rstrip('"') in understood.words for item in understood.measures)


def test_equal_measures_of_other_units_match() -> None:
    tokens = {
        measure_token(understand(query, ShopVocabulary()).measures[0])
        for query in ("500gb drive", "0.5 TB drive", "drive of 500 gigabytes")
    }
    assert len(tokens) == 1


@pytest.mark.parametrize(
    ("query", "corrections"),
    [
        ("headphnoes", {"headphnoes": "headphones"}),
        ("blutooth speeker", {"blutooth": "bluetooth", "speeker": "speaker"}),
        ("labtop", {"labtop": "laptop"}),
        ("jaket", {"jaket": "jacket"}),
        ("kettel", {"kettel": "kettle"}),
        ("camra moniter", {"camra": "camera", "moniter": "monitor"}),
        ("printr", {"printr": "printer"}),
        ("tnet", {"tnet": "tent"}),
        ("headphones", {}),
        ("laptops", {}),
        ("printers", {}),
        ("cake", {}),
        ("shirts", {}),
        ("hoover", {}),
        ("tet", {}),
        ("beadphones", {}),
        ("dettle", {}),
        ("HB-1023x", {}),
        ("headphnoes1", {}),
        ("HDMX cable", {}),
        ('"headphnoes"', {}),
        ("without", {}),
        ("stainless steel bottle", {}),
        ("www.headphnoes.com/shop", {}),
        ("500gbb", {}),
        ("does the headphnoes charge in 3 hours", {"headphnoes": "headphones"}),
    ],
)
def test_only_likely_misspellings_are_corrected(query: str, corrections: dict[str, str]) -> None:
    assert understand(query, ShopVocabulary()).corrections == corrections


def test_filter_is_read_out_of_a_corrected_word() -> None:
    understood = understand("jacket not waterprof under 50", ShopVocabulary())
    assert asked_for(understood) == "!waterproof; price<=50"
    assert said(understood, understood.filters[0]) == "not waterprof"
    assert understood.filters[0].label == "not waterproof"


@pytest.mark.parametrize(
    ("query", "phrases"),
    [
        ('"solar charger" under 30', ("solar charger",)),
        ("“solar charger” and „usb hub“", ("solar charger", "usb hub")),
        ('17" laptop and 15" laptop', ()),
        ('"" headphones', ()),
        ('"not waterproof" jacket', ("not waterproof",)),
        ('the 5" screen', ()),
    ],
)
def test_quoted_phrases_are_literal(query: str, phrases: tuple[str, ...]) -> None:
    understood = understand(query, ShopVocabulary())
    assert understood.phrases == phrases
    assert "waterproof" not in asked_for(understood)


@pytest.mark.parametrize(
    ("query", "labels"),
    [
        ("headphones under 50 euros", ["under 50 EUR"]),
        ("headphones up to 49.95 dollars", ["up to 49.95 USD"]),
        ("headphones over 50", ["over 50"]),
        ("headphones from 20 to 40 euros", ["20 to 40 EUR"]),
        ("headphones around 50 pounds", ["around 50 GBP"]),
        ("headphones by Acme in stock", ["brand: Acme", "in stock"]),
        ("headphones not by Acme", ["not Acme"]),
        ("jacket not waterproof, in Light Blue", ["not waterproof", "colour: Light Blue"]),
        ("headphones without bluetooth", ["without bluetooth"]),
        ("tea without sugar", ["without sugar"]),
        ("refurbished laptop with at least 16 GB ram", ["refurbished", "ram: at least 16 GB"]),
        ("tent under 2.5 kg", ["weight: under 2.5 kg"]),
    ],
)
def test_chips_say_what_is_asked(query: str, labels: list[str]) -> None:
    understood = understand(query, ShopVocabulary())
    assert [item.label for item in understood.filters] == labels


@pytest.mark.parametrize(
    ("query", "dense"),
    [
        ("I'm looking for a jacket by Acme in black under 100 euros, please", "jacket Acme black"),
        ("red dress without red buttons", "red dress buttons"),
        ("cheapest headphnoes in stock", "headphones"),
        ("is the HB-1023 waterproof", "is the HB-1023 waterproof"),
        ("noise-cancelling headphones", "noise-cancelling headphones"),
    ],
)
def test_dense_text_keeps_what_the_record_would_say(query: str, dense: str) -> None:
    assert understand(query, ShopVocabulary()).dense == dense


def test_filter_can_be_taken_away_or_taken_literally() -> None:
    understood = understand("headphones by Acme in stock under 50", ShopVocabulary())
    assert understood.words == "headphones"
    dropped = without(understood, 0)
    assert asked_for(dropped) == "availability=in stock; price<=50"
    assert dropped.words == "headphones"
    literal = without(understood, 0, literally=True)
    assert asked_for(literal) == "availability=in stock; price<=50"
    assert literal.words == "headphones by Acme"
    assert without(without(literal, 0), 0, literally=True).words == "headphones by Acme under 50"
    with pytest.raises(IndexError):
        without(understood, 3)


def test_words_are_never_empty_and_only_filters_says_so() -> None:
    understood = understand("by Acme under 50 in stock", ShopVocabulary())
    assert understood.only_filters
    assert understood.words == "Acme"
    assert not understand("Acme headphones under 50", ShopVocabulary()).only_filters
    assert not understand("please", ShopVocabulary()).only_filters
    assert understand("please", ShopVocabulary()).words == "please"
    assert understand("!!!", ShopVocabulary()).words == "!!!"


def test_unknown_stock_condition_and_sale_are_no_filters() -> None:
    bare = ShopVocabulary({})
    understood = understand("refurbished laptop in stock on sale by Acme in black", bare)
    assert understood.filters == ()
    assert understood.words == "refurbished laptop in stock on sale by Acme in black"


def test_brand_filter_needs_a_brand_of_the_catalog() -> None:
    grocery = ShopVocabulary({"apple": {"product type": 40, "flavour": 5}})
    understood = understand("apple juice", grocery)
    assert (understood.filters, understood.preferences) == ((), ())
    assert asked_for(understand("tea not by apple", grocery)) != "brand!=apple"


def test_value_of_several_fields_is_that_of_the_named_field() -> None:
    both = ShopVocabulary({"gold": {"colour": 5, "material": 50}})
    assert asked_for(understand("ring colour gold", both)) == "colour=gold"
    assert asked_for(understand("ring material: gold", both)) == "material=gold"
    assert asked_for(understand("ring made of gold", both)) == "material=gold"
    assert preferred(understand("gold ring", both)) == "material=gold"


def test_part_of_an_item_is_not_meant_by_its_colour() -> None:
    parts = ShopVocabulary(
        {"red": {"lid colour": 90, "product colour": 2}, "blue": {"lid colour": 1}}
    )
    assert asked_for(understand("kettle in red", parts)) == "product colour=red"
    assert asked_for(understand("kettle in blue", parts)) == ""
    assert asked_for(understand("kettle lid colour blue", parts)) == "lid colour=blue"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("50", 50),
        ("19.99", 19.99),
        ("19,99", 19.99),
        ("1.200", 1200),
        ("1,200", 1200),
        ("1.200,50", 1200.5),
        ("1,200.50", 1200.5),
        ("1'200", 1200),
        ("1 200", 1200),
        ("1k", 1000),
        ("1.5k", 1500),
        ("0.500", 0.5),
        ("12,5", 12.5),
        ("1.234.567", 1234567),
    ],
)
def test_numbers_are_read_as_written_in_either_style(written: str, number: float) -> None:
    assert read_number(written) == pytest.approx(number)


def test_vocabulary_is_asked_a_few_dozen_times_at_most() -> None:
    vocabulary = ShopVocabulary()
    understand(
        "I am looking for a waterproof jaket by Acme under 100 euros in light blue not leather",
        vocabulary,
    )
    assert vocabulary.asked <= 48
    longer = ShopVocabulary()
    understand("waterprof jakets " * 200, longer)
    assert longer.asked <= 120


def test_every_value_of_the_shop_is_found_as_itself() -> None:
    for value, fields in VALUES.items():
        if "brand" in fields:
            assert f"brand={value}" in asked_for(understand(f"tent by {value}", ShopVocabulary()))
        if "flag" in fields and value != "on sale":
            understood = understand(f"tent that is not {value}", ShopVocabulary())
            assert asked_for(understood) == f"!{value}"
