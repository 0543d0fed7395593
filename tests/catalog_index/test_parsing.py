from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_index.errors import RowError
from catalog_index.parsing import (
    attribute_name,
    clean_text,
    parse_attribute,
    parse_price,
    parse_product,
)
from catalog_index.product import AttributeValue, Money, Product, Quantity, render_value

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
PRICE_LIKE = st.text("0123456789.,- €$£¥EURUSDeur\u0660", max_size=20)
JSON_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(ANY_TEXT | st.just("value"), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("24.99 EUR", "24.99", "EUR"),
        ("EUR 24,99", "24.99", "EUR"),
        ("€24.99", "24.99", "EUR"),
        ("24,99 €", "24.99", "EUR"),
        ("$24.99 USD", "24.99", "USD"),
        ("1.234,50 eur", "1234.50", "EUR"),
        ("1,234.50", "1234.50", ""),
        ("1,234", "1234", ""),
        ("1 234,50 SEK", "1234.50", "SEK"),
        (24.99, "24.99", ""),
        (1299, "1299", ""),
        ("0", "0", ""),
        ("1.234 KWD", "1.234", "KWD"),
    ],
)
def test_prices_are_read_as_shops_write_them(text: Any, amount: str, currency: str) -> None:
    assert parse_price(text) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    ["free", "-1 EUR", "1.2.3", "EUR", "nan", "Infinity", "USD 5 EUR", "9" * 30, "9" * 99, "€ 5 $"],
)
def test_what_is_no_price_is_refused_by_name(text: str) -> None:
    with pytest.raises(RowError) as caught:
        parse_price(text, "sale_price")
    assert caught.value.field == "sale_price"
    assert len(str(caught.value)) < 200


@given(ANY_TEXT | PRICE_LIKE)
@example("1" * 100_000)
def test_parse_price_refuses_only_by_row_error(text: str) -> None:
    try:
        price = parse_price(text)
    except RowError:
        return
    assert price is None or (price.amount >= 0 and price.amount.is_finite())
    if price:
        assert parse_price(str(price)) == price


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("Yes", True),
        ("n", False),
        ("1.2 kg", Quantity(1.2, "kg")),
        ("40", Quantity(40)),
        ("007", "007"),
        ("40%", Quantity(40, "%")),
        ('17"', Quantity(17, '"')),
        ("12345678901234567890 kg", "12345678901234567890 kg"),
        ("4006381333931", Quantity(4006381333931)),
        ("red, blue", "red, blue"),
        (["red", "", "blue"], ("red", "blue")),
        ({"value": 3, "unit": "m"}, Quantity(3, "m")),
        ([{"name": "a"}], ("name a",)),
        (float("nan"), "nan"),
        (True, True),
        (None, ""),
    ],
)
def test_attribute_values_get_their_type(value: Any, parsed: AttributeValue) -> None:
    assert parse_attribute(value) == parsed
    assert type(parse_attribute(value)) is type(parsed)


@given(JSON_VALUE)
@example("9" * 400 + " kg")
@example({"value": 10**400})
def test_parse_attribute_never_raises_and_gives_clean_values(value: Any) -> None:
    parsed = parse_attribute(value)
    render_value(parsed).encode()
    if isinstance(parsed, Quantity):
        assert abs(parsed.value) < float("inf")


@given(ANY_TEXT)
def test_a_number_keeps_its_digits_when_written_again(text: str) -> None:
    parsed = parse_attribute(text)
    if isinstance(parsed, Quantity) and not parsed.unit:
        assert str(parsed) == clean_text(text)


@given(ANY_TEXT)
def test_clean_text_is_one_line_that_can_be_stored_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert cleaned == cleaned.strip()
    assert len(cleaned.splitlines()) <= 1
    assert clean_text(cleaned) == cleaned


def test_attribute_names_are_lower_case_words() -> None:
    assert attribute_name(" Battery_Life  (max)\n") == "battery life (max)"


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
AMOUNT = st.decimals(0, 10**9, places=3).map(abs)
MONEY = st.builds(Money, AMOUNT, st.sampled_from(["EUR", "USD", ""]))
QUANTITY = st.builds(Quantity, st.floats(allow_nan=False, allow_infinity=False), TEXT)
VALUE = TEXT | st.booleans() | QUANTITY | st.lists(TEXT).map(tuple)
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
