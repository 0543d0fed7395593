"""Shopify and WooCommerce: the rows of one product become one product with variants."""

from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import pytest

from catalog_index.errors import FeedError
from catalog_index.product import Quantity
from catalog_index.readers import choose_reader
from tests.catalog_index.feeds import Rows, write

TEE = {"Handle": "tee", "Title": "Tee", "Vendor": "Acme", "Type": "Shirts", "Option1 Name": "Size"}
HEADER = [
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Variant SKU"),
    *("Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty"),
    *("Variant Inventory Policy", "Variant Price", "Variant Compare At Price", "Variant Barcode"),
    *("Image Src", "Variant Image", "Cost per item", "Status", "Material (product.metafields.a.b)"),
]
WOO_HEADER = [
    *("ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published"),
    *("Visibility in catalog", "Short description", "Description", "In stock?", "Stock"),
    *("Weight (kg)", "Sale price", "Regular price", "Categories", "Tags", "Images", "Parent"),
    *("Brands", "Attribute 1 name", "Attribute 1 value(s)"),
]
WOO = {"Published": "1", "Visibility in catalog": "visible"}


def table(header: list[str], *rows: dict[str, str]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def sold(value: str, price: str = "19.00", handle: str = "tee", **more: str) -> dict[str, str]:
    row = {"Handle": handle, "Option1 Value": value, "Variant Price": price}
    return {**row, "Variant SKU": f"{handle}-{value}", **more}


def shopify(tmp_path: Path, *rows: dict[str, str]) -> Rows:
    read = Rows(write(tmp_path / "shop.csv", table(HEADER, *rows)))
    assert read.reader.name == "shopify"
    assert read.lines == list(range(2, 2 + len(rows)))
    return read


def test_the_rows_of_a_handle_are_one_product_with_variants(tmp_path: Path) -> None:
    read = shopify(
        tmp_path,
        TEE
        | {
            "Body (HTML)": "<p>Soft.</p><script>x</script>",
            "Tags": "summer, cotton",
            "Variant Grams": "200",
            "Image Src": "http://x/1.jpg",
            "Cost per item": "4.00",
            "Status": "active",
            "Material (product.metafields.a.b)": "cotton",
        }
        | sold("S", "19.00", **{"Variant Compare At Price": "25.00"}),
        sold(
            "M", "21.00", **{"Variant Inventory Qty": "0", "Variant Inventory Tracker": "shopify"}
        ),
        {"Handle": "tee", "Image Src": "http://x/2.jpg"},
        sold("L", "22.00", **{"Variant Inventory Qty": "4"}),
    )
    (tee,) = read.products
    assert (tee.id, tee.brand, tee.product_type) == ("tee", "Acme", "Shirts")
    assert (tee.description, tee.image_link) == ("Soft.", "http://x/1.jpg")
    assert dict(tee.attributes) == {
        "material": "cotton",
        "tags": ("summer", "cotton"),
        "weight": Quantity(200, "g"),
        "size": ("S", "M", "L"),
    }
    assert [(one.sku, str(one.price), one.availability) for one in tee.variants] == [
        ("tee-S", "25.00", ""),
        ("tee-M", "21.00", "out_of_stock"),
        ("tee-L", "22.00", "in_stock"),
    ]
    assert str(tee.variants[0].sale_price) == "19.00"
    assert dict(tee.fields())["price"] == "from 19.00 to 22.00"
    assert "4.00" not in str(tee.to_json())
    assert read.merged == [3, 4, 5]


def test_variants_that_stand_apart_from_their_product_still_come_to_it(tmp_path: Path) -> None:
    other = {"Handle": "mug", "Title": "Mug"}
    rows = [sold("L"), TEE | sold("S"), other | sold("one", handle="mug"), sold("M")]
    tee, mug = shopify(tmp_path, *rows).products
    assert [one.sku for one in tee.variants] == ["tee-S", "tee-L", "tee-M"]
    assert [one.sku for one in mug.variants] == ["mug-one"]


def test_a_product_without_options_has_no_variants(tmp_path: Path) -> None:
    row = sold("Default Title", "9,50", **{"Variant Barcode": "'4006381333931"})
    (product,) = shopify(tmp_path, TEE | {"Option1 Name": "Title"} | row).products
    assert product.variants == ()
    assert (product.id, product.sku, str(product.price)) == ("tee", "tee-Default Title", "9.50")
    assert product.gtin == ("4006381333931",)
    assert "title" not in product.attributes


def test_titles_that_are_repeated_on_every_row_do_no_harm(tmp_path: Path) -> None:
    (tee,) = shopify(tmp_path, TEE | sold("S"), TEE | sold("M")).products
    assert len(tee.variants) == 2


def test_a_faulty_variant_is_rejected_alone(tmp_path: Path) -> None:
    read = shopify(tmp_path, TEE | sold("S", "-1"), sold("M", "cheap"), sold("L"))
    assert read.faults == [(2, "Variant Price"), (3, "Variant Price")]
    assert [(row.line, row.record.title) for row in read.parsed] == [(4, "Tee")]
    assert [one.sku for one in read.products[0].variants] == ["tee-L"]


@pytest.mark.parametrize(
    "why", [{"Status": "draft"}, {"Status": "Archived"}, {"Published": "FALSE"}]
)
def test_what_is_not_for_sale_is_rejected_with_all_its_rows(
    tmp_path: Path, why: dict[str, str]
) -> None:
    read = shopify(tmp_path, TEE | sold("S") | why, sold("M"))
    assert not read.parsed
    assert "not for sale" in read.rejected[0].error.reason
    assert len(read.rejected) == 2


def test_a_product_that_is_rejected_takes_its_rows_along_by_name(tmp_path: Path) -> None:
    read = shopify(tmp_path, TEE | {"Title": "<br>"} | sold("S"), sold("M"))
    assert read.faults == [(2, "title"), (3, "")]
    assert "line 2" in read.rejected[1].error.reason


def test_rows_without_a_product_are_rejected(tmp_path: Path) -> None:
    read = shopify(tmp_path, TEE | sold("S"), sold("M", handle="lost"), {"Title": "No handle"})
    assert read.faults == [(3, "Handle"), (4, "Handle")]


def test_more_variants_than_a_product_may_have_are_rejected_one_by_one(tmp_path: Path) -> None:
    read = shopify(tmp_path, TEE | sold("0"), *(sold(str(at)) for at in range(1, 2_100)))
    assert len(read.products[0].variants) == 2_000
    assert len(read.rejected) == 100


def test_the_notice_of_an_encoding_comes_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = table(HEADER, TEE | {"Title": "Übergrößenhemd"} | sold("S"))
    (tee,) = Rows(write(tmp_path / "shop.csv", content.encode("cp1252"))).products
    assert tee.title == "Übergrößenhemd"
    assert caplog.text.count("read as Windows-1252") == 1


def test_the_newer_export_is_known(tmp_path: Path) -> None:
    header = ["Title", "URL handle", "Description", "SKU", "Barcode", "Option1 name"]
    header += ["Option1 value", "Price", "Compare-at price", "Inventory quantity", "Status"]
    first = {"Title": "Tee", "URL handle": "tee", "Option1 name": "Size", "Option1 value": "S"}
    rows = [
        first | {"SKU": "T-S", "Price": "5", "Compare-at price": "6", "Inventory quantity": "2"},
        {"URL handle": "tee", "Option1 value": "M", "SKU": "T-M", "Price": "5"},
    ]
    read = Rows(write(tmp_path / "shop.csv", table(header, *rows)))
    assert read.reader.name == "shopify"
    assert [one.sku for one in read.products[0].variants] == ["T-S", "T-M"]
    assert str(read.products[0].sale_price) == "5.00"


def test_memory_does_not_grow_with_the_rows_that_wait(tmp_path: Path) -> None:
    rows = [sold(str(at), handle=f"h{at}", **{"Body (HTML)": "x" * 1_000}) for at in range(8_000)]
    path = write(tmp_path / "shop.csv", table(HEADER, TEE | sold("S"), *rows))
    reader = choose_reader(path)
    del rows
    tracemalloc.start()
    count = sum(1 for _ in reader.read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 8_001
    assert peak < 4 << 20


def woo(tmp_path: Path, *rows: dict[str, str]) -> Rows:
    read = Rows(write(tmp_path / "woo.csv", table(WOO_HEADER, *(WOO | row for row in rows))))
    assert read.reader.name == "woocommerce"
    assert read.lines == list(range(2, 2 + len(rows)))
    return read


def variation(identifier: str, parent: str, **more: str) -> dict[str, str]:
    row = {"ID": identifier, "Type": "variation", "Name": "Hoodie - x", "Parent": parent}
    return row | {"Regular price": "45", "Attribute 1 name": "Color"} | more


HOODIE = {
    "ID": "10",
    "Type": "variable",
    "SKU": "H",
    "Name": "Hoodie",
    "Brands": "Acme",
    "Short description": "Warm.",
    "Description": "<b>Very</b> warm.",
    "Weight (kg)": "0.5",
    "Categories": r"Sale, Clothing > Hoodies\, zipped",
    "Images": "http://x/1.jpg, http://x/2.jpg",
    "Attribute 1 name": "Color",
    "Attribute 1 value(s)": "Red, Blue",
}


def test_variations_come_to_their_parent_by_id_or_sku_wherever_they_stand(tmp_path: Path) -> None:
    read = woo(
        tmp_path,
        variation("11", "id:10", SKU="H-R", **{"Attribute 1 value(s)": "Red", "In stock?": "1"}),
        HOODIE,
        variation("12", "H", **{"Attribute 1 value(s)": "Blue", "Sale price": "35"}),
    )
    (hoodie,) = read.products
    assert (hoodie.id, hoodie.sku, hoodie.brand) == ("10", "H", "Acme")
    assert hoodie.description == "Warm. Very warm."
    assert hoodie.product_type == "Clothing > Hoodies, zipped"
    assert dict(hoodie.attributes) == {
        "color": ("Red", "Blue"),
        "categories": ("Sale", "Clothing > Hoodies, zipped"),
        "weight": Quantity(0.5, "kg"),
    }
    assert [(one.id, dict(one.attributes)) for one in hoodie.variants] == [
        ("11", {"color": "Red"}),
        ("12", {"color": "Blue"}),
    ]
    assert dict(hoodie.fields())["price"] == "from 35.00 to 45.00"
    assert hoodie.availability == "in_stock"
    assert read.merged == [2, 4]


def test_a_simple_product_has_its_own_price_and_stock(tmp_path: Path) -> None:
    belt = {"ID": "13", "Type": "simple, virtual", "Name": "Belt", "Regular price": "12,50"}
    (product,) = woo(tmp_path, belt | {"In stock?": "0", "Stock": "0"}).products
    assert (str(product.price), product.availability, product.quantity) == (
        *("12.50", "out_of_stock", 0),
    )


@pytest.mark.parametrize(
    "why", [{"Published": "-1"}, {"Published": "0"}, {"Visibility in catalog": "hidden"}]
)
def test_what_the_shop_does_not_show_is_rejected(tmp_path: Path, why: dict[str, str]) -> None:
    read = woo(tmp_path, HOODIE | why, variation("11", "H"))
    assert not read.parsed
    assert len(read.rejected) == 2


def test_variations_with_a_fault_or_without_a_parent_are_rejected_alone(tmp_path: Path) -> None:
    bad = variation("11", "H", **{"Regular price": "-1"})
    hidden = variation("14", "H") | {"Published": "-1"}
    read = woo(tmp_path, HOODIE, bad, variation("12", "id:99"), variation("13", ""), hidden)
    assert read.faults == [(3, "price"), (4, "Parent"), (5, "Parent"), (6, "Published")]
    assert read.products[0].variants == ()


@pytest.mark.parametrize("format_name", ["shopify", "woocommerce"])
def test_another_table_under_this_format_s_name_is_refused(
    tmp_path: Path, format_name: str
) -> None:
    path = write(tmp_path / "feed.csv", "id,colour\n1,a\n")
    with pytest.raises(FeedError, match="has no column"):
        Rows(path, format_name)
