"""Prices as shops write them, their currency and their sign."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_index.errors import RowError
from catalog_index.parsing import (
    parse_price,
    parse_product,
)
from catalog_index.product import Money
from tests.catalog_index.strategies import ANY_TEXT

PRICE_LIKE = st.text("0123456789.,- €$£¥EURUSDeur\u0660", max_size=20)


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
        ("1.299 €", "1299", "EUR"),
        ("0.299 EUR", "0.299", "EUR"),
        ("0,299 EUR", "0.299", "EUR"),
        ("12.999 USD", "12999", "USD"),
        ("1.234.567 EUR", "1234567", "EUR"),
        (1.299, "1.299", ""),
        ("CHF 1'299.00", "1299.00", "CHF"),
        ("1\u00a0299,00 €", "1299.00", "EUR"),
        ("49,- EUR", "49", "EUR"),
        ("€ 49,-", "49", "EUR"),
        ("49.–", "49", ""),
        ("US$ 5", "5", "USD"),
        ("R$ 5,50", "5.50", "BRL"),
        ("129 zł", "129", "PLN"),
        ("₹1,299.00", "1299.00", "INR"),
        ("129zł", "129", "PLN"),
        ("CA$10", "10", "CAD"),
        ("AU$ 10", "10", "AUD"),
        ("NZ$5", "5", "NZD"),
        ("HK$5", "5", "HKD"),
        ("S$5.50", "5.50", "SGD"),
        ("$5 CAD", "5", "CAD"),
    ],
)
def test_prices_are_read_as_shops_write_them(text: Any, amount: str, currency: str) -> None:
    assert parse_price(text) == Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    "text",
    [
        *("free", "-1 EUR", "1.2.3", "EUR", "nan", "Infinity", "USD 5 EUR", "9" * 30, "9" * 99),
        *("€ 5 $", "1e999", "-0.01", "−5 EUR", "5 kg", "10-20 EUR", "=1+1", "1.2.3,4 EUR EUR"),
    ],
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


def test_a_currency_of_its_own_column_holds_for_prices_without_one() -> None:
    record = {"id": "1", "title": "a", "price": 5, "sale_price": "4 USD", "currency": "eur"}
    product = parse_product(record)
    assert (str(product.price), str(product.sale_price)) == ("5.00 EUR", "4.00 USD")


@pytest.mark.parametrize(
    ("text", "currency", "price"),
    [
        ("199 kr", "SEK", "199.00 SEK"),
        ("kr. 199,50", "NOK", "199.50 NOK"),
        ("199kr", "DKK", "199.00 DKK"),
        ("MX$5", "MXN", "5.00 MXN"),
        ("Rs. 1,299", "INR", "1299.00 INR"),
        ("₫5", "VND", "5.00 VND"),
        ("$5", "CAD", "5.00 CAD"),
        ("$5", "EUR", "5.00 USD"),
        ("¥5", "CNY", "5.00 CNY"),
        ("€5", "SEK", "5.00 EUR"),
        ("5 USD", "SEK", "5.00 USD"),
    ],
)
def test_a_sign_of_several_currencies_is_settled_by_the_currency_column(
    text: str, currency: str, price: str
) -> None:
    product = parse_product({"id": "1", "title": "a", "price": text, "currency": currency.lower()})
    assert str(product.price) == price


@pytest.mark.parametrize("text", ["5 kg", "5 pieces", "kr", "kr 5 kr", "1.2.3 kr", "-5 kr"])
def test_a_currency_column_makes_no_price_of_what_is_none(text: str) -> None:
    with pytest.raises(RowError, match="price"):
        parse_price(text, currency="SEK")


def test_a_sign_that_nothing_settles_is_refused_with_what_to_do() -> None:
    with pytest.raises(RowError, match="column `currency`"):
        parse_price("199 kr")
