"""Records to products and their variants, and back from JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_index.errors import RowError
from catalog_index.parsing import (
    MAX_ATTRIBUTES,
    clean_text,
    parse_product,
)
from catalog_index.product import Money, Product, Quantity, Variant
from tests.catalog_index.strategies import ANY_TEXT, JSON_VALUE


@given(st.dictionaries(st.sampled_from([*Product.__slots__, "x", "product_detail"]), JSON_VALUE))
def test_any_object_is_a_product_or_refused_by_row_error(record: dict[str, Any]) -> None:
    try:
        product = parse_product(record)
    except RowError as error:
        assert len(str(error)) < 300
        return
    assert product.id
    assert product.title
    assert Product.from_json(json.loads(json.dumps(product.to_json()))) == product


TEXT = ANY_TEXT.map(clean_text)
NAME = TEXT.filter(bool)
AMOUNT = st.decimals(0, 10**9, places=3).map(abs)
MONEY = st.builds(Money, AMOUNT, st.sampled_from(["EUR", "USD", ""]))
QUANTITY = st.builds(Quantity, st.floats(allow_nan=False, allow_infinity=False), TEXT, TEXT)
VALUE = TEXT | st.booleans() | QUANTITY | st.lists(TEXT).map(tuple)
VARIANT = st.builds(
    Variant,
    id=NAME,
    sku=TEXT,
    gtin=st.lists(TEXT).map(tuple),
    price=st.none() | MONEY,
    quantity=st.none() | st.integers(),
    attributes=st.dictionaries(TEXT, VALUE, max_size=2).map(MappingProxyType),
)
PRODUCT = st.builds(
    Product,
    id=TEXT,
    title=TEXT,
    description=TEXT,
    price=st.none() | MONEY,
    sale_price=st.none() | MONEY,
    quantity=st.none() | st.integers(),
    gtin=st.lists(TEXT).map(tuple),
    attributes=st.dictionaries(TEXT, VALUE, max_size=4).map(MappingProxyType),
    variants=st.lists(VARIANT, max_size=2).map(tuple),
)


@given(PRODUCT)
def test_a_product_comes_back_whole_from_its_json(product: Product) -> None:
    record = json.loads(json.dumps(product.to_json()))
    assert Product.from_json({"id": "", "title": "", **record}) == product


def test_fields_come_title_first_and_say_what_a_shopper_reads() -> None:
    product = parse_product(
        {
            "id": "1",
            "title": "Lamp",
            "price": "1.5 KWD",
            "quantity": 0,
            "availability": "In stock",
            "dimmable": "yes",
            "Colours": ["red", "blue"],
            "power": "9 W",
            "mpn": "L1",
        }
    )
    assert list(product.fields()) == [
        ("title", "Lamp"),
        ("price", "1.50 KWD"),
        ("availability", "in stock"),
        ("stock", "0"),
        ("dimmable", "yes"),
        ("colours", "red, blue"),
        ("power", "9 W"),
        ("model number", "L1"),
    ]


@pytest.mark.parametrize("change", [{"id": "2"}, {"title": ""}])
def test_products_are_frozen(change: dict[str, str]) -> None:
    product = Product("1", "Lamp")
    set_field: Callable[[Any, str, str], None] = setattr
    for name, value in change.items():
        with pytest.raises(AttributeError):
            set_field(product, name, value)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("images/two  spaces.png", "images/two  spaces.png"),
        ("caf\u0065\u0301.png", "caf\u0065\u0301.png"),
        (" a\tb\x00c\n.png ", "abc.png"),
        (None, ""),
    ],
)
def test_the_path_of_a_picture_is_kept_as_it_is_written(written: str | None, kept: str) -> None:
    product = parse_product({"id": "1", "title": "a", "image_link": written})
    assert product.image_link == kept
    assert "image_link" not in product.attributes


def test_a_wrong_gtin_is_kept_as_text_that_search_finds() -> None:
    product = parse_product({"id": "1", "title": "a", "gtin": ["4006381333931", "4006381333932"]})
    assert product.gtin == ("4006381333931",)
    assert product.attributes["unverified gtin"] == ("4006381333932",)
    assert ("unverified gtin", "4006381333932") in list(product.fields())


def test_the_first_500_attributes_are_kept_and_the_rest_counted() -> None:
    many = {f"name {number}": number for number in range(10_000)}
    product = parse_product({"id": "1", "title": "a", "attributes": {"empty": "", **many}})
    assert len(product.attributes) == MAX_ATTRIBUTES + 1
    assert product.attributes["attributes left out"] == Quantity(10_000 - MAX_ATTRIBUTES)


def test_what_a_shop_keeps_to_itself_is_not_read() -> None:
    record = {"id": "1", "title": "a", "cost_of_goods_sold": "1 EUR", "custom_label_0": "margin"}
    assert not parse_product(record).attributes


SHIRT = {
    "id": "TS",
    "title": "Shirt",
    "variants": [
        {
            "sku": "TS-R-M",
            "price": "25 EUR",
            "sale_price": "19 EUR",
            "quantity": 3,
            "availability": "in stock",
            "gtin": "4006381333931",
            "colour": "red",
            "size": "M",
        },
        {
            "sku": "TS-B-L",
            "price": "25 EUR",
            "quantity": 0,
            "availability": "out of stock",
            "colour": "blue",
            "size": "L",
        },
    ],
}


def test_a_product_with_variants_says_what_each_is_and_what_all_are() -> None:
    product = parse_product(SHIRT)
    assert list(product.fields()) == [
        ("title", "Shirt"),
        ("price", "from 19.00 EUR to 25.00 EUR"),
        ("availability", "red, M: in stock; blue, L: out of stock"),
        ("stock", "red, M: 3; blue, L: 0"),
        ("colour", "red, blue"),
        ("size", "M, L"),
        (
            "variant red, M",
            "19.00 EUR (reduced from 25.00 EUR); in stock; stock 3; SKU TS-R-M; GTIN 4006381333931",
        ),
        ("variant blue, L", "25.00 EUR; out of stock; stock 0; SKU TS-B-L"),
    ]
    assert product.identifiers() == ("TS", "TS-R-M", "4006381333931", "TS-B-L")
    assert (str(product.price), str(product.sale_price)) == ("25.00 EUR", "19.00 EUR")
    assert Product.from_json(json.loads(json.dumps(product.to_json()))) == product


def test_variants_of_one_price_name_no_span() -> None:
    variants = [{"id": "a", "price": "5 EUR"}, {"id": "b", "price": "5 EUR"}]
    fields = dict(parse_product({"id": "1", "title": "a", "variants": variants}).fields())
    assert fields["price"] == "5.00 EUR"


@pytest.mark.parametrize(
    ("variants", "field"),
    [
        ({"id": "a"}, "variants"),
        (["a"], "variants[0]"),
        ([{"id": "a"}, {"price": 5}], "variants[1].id"),
        ([{"id": "a", "price": -5}], "variants[0].price"),
        ([{"id": "a"}] * 2_001, "variants"),
    ],
)
def test_a_fault_of_a_variant_is_named(variants: Any, field: str) -> None:
    with pytest.raises(RowError) as caught:
        parse_product({"id": "1", "title": "a", "variants": variants})
    assert caught.value.field == field


@pytest.mark.parametrize(
    "record",
    [
        SHIRT,
        {"id": "1", "title": "a", "weight": "1,5 kilos", "size": '17"', "gtin": "123", "x": "no"},
        {"id": "1", "title": "a", "price": "1.299 €", "product_type": "A/B/Cd", "tags": ["x", "y"]},
    ],
)
def test_a_record_that_is_read_again_stays_as_it_is(record: dict[str, Any]) -> None:
    product = parse_product(record)
    assert parse_product(json.loads(json.dumps(product.to_json()))) == product


@pytest.mark.parametrize(("written", "stock"), [("12", 12), (12.0, 12), ("12.0", 12), ("-3", -3)])
def test_a_stock_is_a_whole_number(written: Any, stock: int) -> None:
    assert parse_product({"id": "1", "title": "a", "quantity": written}).quantity == stock


@pytest.mark.parametrize("written", ["1.000", "12.5", "many", "9" * 5_000, "NaN"])
def test_a_stock_that_could_mean_two_things_or_none_is_refused(written: str) -> None:
    with pytest.raises(RowError, match="quantity"):
        parse_product({"id": "1", "title": "a", "quantity": written})
