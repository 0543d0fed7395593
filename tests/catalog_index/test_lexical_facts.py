"""What of a record's attributes and variants a filter or a measure can ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog_index.filters import Filter
from catalog_index.lexical import Words
from catalog_index.lexical.fields import record_fields
from catalog_index.parsing import parse_product
from catalog_index.product import Product
from catalog_index.units import find_measures, measure_token
from tests.catalog_index.shelf import Shelf


def product(identifier: str, **fields: Any) -> Product:
    return parse_product({"id": identifier, "title": "Thing", **fields})


def variants(*each: dict[str, Any]) -> dict[str, Any]:
    return {"variants": [{"id": f"v{at}", **one} for at, one in enumerate(each)]}


def test_a_number_without_a_unit_is_a_value_too(tmp_path: Path) -> None:
    both = variants({"size": "41"}, {"size": "42"})
    shelf = Shelf(
        tmp_path / "l",
        [product("one", size="42"), product("other", size=43), product("both", **both)],
    )
    assert shelf.passing(Filter("size", "is", "42")) == ["one", "both"]
    assert shelf.passing(Filter("size", "between", low=42, high=42)) == ["one", "both"]
    assert shelf.passing(Filter("size", "not", "42")) == ["other"]


def test_an_amount_is_a_value_as_the_feed_writes_it() -> None:
    facts = record_fields(product("1", weight="1,5 kilos", power="9 W")).facts
    assert {("weight", "1 5 kilos"), ("power", "9 w")} <= set(facts)


@pytest.mark.parametrize(
    "fields",
    [
        variants({"capacity": "500 GB"}, {"capacity": "1 TB"}),
        variants({"capacity": "500GB"}, {"capacity": {"value": 1, "unit": "TB"}}),
        variants({"capacity": "500 GB SSD"}, {"capacity": "1 TB SSD"}),
        {"capacity": ["500 GB", "1 TB"]},
    ],
)
def test_amounts_of_variants_are_found_and_compared(tmp_path: Path, fields: dict[str, Any]) -> None:
    shelf = Shelf(tmp_path / "l", [product("drive", **fields), product("no", capacity="250 GB")])
    for text in ("500gb", "1000 gb"):
        (measure,) = find_measures(text)
        assert shelf.found(Words("", measures=(measure_token(measure),))) == ["drive"]
    for low, high, passing in ((1e12, 2e12, ["drive"]), (2e12, 9e12, []), (0, 3e11, ["no"])):
        asked = Filter("capacity", "between", low=low, high=high, unit="B")
        assert shelf.passing(asked) == passing


def test_of_several_amounts_in_one_text_none_is_the_field_s() -> None:
    fields = record_fields(product("1", size="30 x 20 cm"))
    assert len(fields.measures) == 2
    assert not fields.numbers


def test_long_names_and_values_are_no_facts() -> None:
    long = "word " * 20
    fields = record_fields(
        product(
            "1",
            brand=long,
            product_type=f"Home > {long}",
            condition=long,
            availability=long,
            attributes={long: "red", f"{long} x": "5 kg", f"{long} y": "yes", "note": long},
        )
    )
    assert set(fields.facts) == {("kind", "product"), ("product type", "home")}
    assert not fields.numbers


@pytest.mark.parametrize(
    ("fields", "reduced"),
    [
        ({"price": "5 EUR", "sale_price": "4 EUR"}, True),
        ({"price": "5 EUR", "sale_price": "5 EUR"}, False),
        ({"price": "5 EUR", "sale_price": "4 USD"}, False),
        ({"price": "5", "sale_price": "4 EUR"}, True),
        (variants({"price": "5 EUR"}, {"price": "9 EUR", "sale_price": "7 EUR"}), True),
        (variants({"price": "5 EUR"}, {"price": "9 EUR", "sale_price": "7 USD"}), False),
        (variants({"price": "5 EUR"}, {"price": "9 EUR"}), False),
    ],
)
def test_a_product_is_on_sale_where_one_of_its_versions_is(
    tmp_path: Path, fields: dict[str, Any], reduced: bool
) -> None:
    shelf = Shelf(tmp_path / "l", [product("1", **fields)])
    assert bool(shelf.passing(Filter("on sale", "is", True))) is reduced


def test_a_variant_s_options_are_facts_of_the_product(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "l", [product("s", **variants({"colour": "red"}, {"colour": "blue"}))])
    assert shelf.passing(Filter("colour", "is", "red")) == ["s"]


def test_many_variants_do_not_hide_the_stock(tmp_path: Path) -> None:
    many = variants(*({"length": f"{at} cm"} for at in range(1_000)))
    shelf = Shelf(tmp_path / "l", [product("rope", quantity=7, **many)])
    assert shelf.passing(Filter("stock", "between", low=7)) == ["rope"]
