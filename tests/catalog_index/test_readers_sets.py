"""WANDS, ESCI, Icecat's API, and Parquet as the container of any of them."""

from __future__ import annotations

import gzip
import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from catalog_index.errors import FeedError
from catalog_index.product import Quantity
from catalog_index.readers import Limits
from tests.catalog_index.feeds import Rows, write

WANDS = (
    "product_id\tproduct_name\tproduct_class\tcategory hierarchy\tproduct_description"
    "\tproduct_features\trating_count\taverage_rating\treview_count\n"
    "0\tsolid wood platform bed\tBeds\tFurniture / Bedroom Furniture / Beds\tgood sleep"
    "\toverallwidth:64.7|style : modern|style:boho|broken|:x|y:\t15.0\t4.5\t\n"
    '1\tround "rustic" table\t\t\t\t\t\t\t\n'
    "2\t\tBeds\t\t\t\t\t\t\n"
)
ESCI = {
    "product_id": "B0",
    "product_title": "Tee",
    "product_description": None,
    "product_bullet_point": "soft\nred\n",
    "product_brand": "Acme",
    "product_color": "Red",
    "product_locale": "us",
}


def test_wands_columns_and_features_become_fields_and_attributes(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path / "product.csv", WANDS))
    assert rows.reader.name == "wands"
    bed, table = rows.products
    assert (bed.id, bed.title) == ("0", "solid wood platform bed")
    assert bed.product_type == "Furniture > Bedroom Furniture > Beds"
    assert dict(bed.attributes) == {
        "product class": "Beds",
        "overallwidth": Quantity(64.7),
        "style": ("modern", "boho"),
        "rating count": Quantity(15),
        "average rating": Quantity(4.5),
    }
    assert table.title == 'round "rustic" table'
    assert rows.faults == [(4, "title")]


def test_esci_products_are_told_apart_by_locale(tmp_path: Path) -> None:
    content = "".join(
        json.dumps(ESCI | {"product_locale": locale}) + "\n" for locale in ("us", "es")
    )
    rows = Rows(write(tmp_path / "products.jsonl", content))
    assert rows.reader.name == "esci"
    assert [product.id for product in rows.products] == ["B0", "B0 (es)"]
    assert rows.products[0].brand == "Acme"
    assert dict(rows.products[0].attributes) == {
        "color": "Red",
        "highlights": ("soft", "red"),
        "locale": "us",
    }


def test_esci_is_read_as_csv_too(tmp_path: Path) -> None:
    content = ",".join(ESCI) + "\n" + ",".join(str(value or "") for value in ESCI.values())
    content = content.replace("soft\nred\n", '"soft\nred"')
    rows = Rows(write(tmp_path / "products.csv", content))
    assert rows.reader.name == "esci"
    assert rows.products[0].attributes["highlights"] == ("soft", "red")


FEATURES = [
    {
        "FeatureGroup": {"Name": {"Value": "Processor"}},
        "Features": [
            {
                "Presentation_Value": "2.5 GHz",
                "Feature": {"Name": {"Value": "Processor frequency"}},
            },
            {"Value": "Y", "Feature": {"Name": {"Value": "Touchscreen"}}},
            {"Value": "lost"},
            None,
        ],
    }
]
API = {
    "GeneralInfo": {
        "IcecatId": 5,
        "Title": "HP x",
        "TitleInfo": {"GeneratedLocalTitle": {"Value": "HP x 14 Notebook"}},
        "Brand": "HP",
        "BrandPartCode": "P1",
        "GTIN": ["4006381333931"],
        "Category": {"Name": {"Value": "Notebooks"}},
        "Description": {"LongDesc": "<b>Long</b>"},
        "BulletPoints": {"Values": ["Light"]},
    },
    "Image": {"HighPic": "http://i"},
    "FeaturesGroups": FEATURES,
}


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"msg": "OK", "data": API}, indent=2),
        json.dumps([{"data": API}]),
        json.dumps(API),
        json.dumps(API) + "\n",
    ],
)
def test_icecat_s_product_api_is_read_however_it_is_written(tmp_path: Path, content: str) -> None:
    rows = Rows(write(tmp_path / "icecat.json", content))
    assert rows.reader.name == "icecat"
    (product,) = rows.products
    assert (product.id, product.title, product.brand) == ("5", "HP x 14 Notebook", "HP")
    assert (product.mpn, product.gtin, product.product_type) == (
        *("P1", ("4006381333931",), "Notebooks"),
    )
    assert (product.description, product.image_link) == ("Long", "http://i")
    assert dict(product.attributes) == {
        "highlights": ("Light",),
        "processor frequency": Quantity(2.5, "GHz"),
        "touchscreen": True,
    }


def parquet(path: Path, columns: dict[str, list[Any]], **options: Any) -> Path:
    arrow = pytest.importorskip("pyarrow")
    importlib.import_module("pyarrow.parquet").write_table(arrow.table(columns), path, **options)
    return path


def test_parquet_is_read_by_google_s_names(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "ID": ["1", "2", "3"],
        "g:title": ["a", None, "c"],
        "price": [1.5, 2.0, float("nan")],
        "size": [{"value": 3.0, "unit": "Metres"}, None, None],
        "tags": [["x", "y"], None, []],
    }
    rows = Rows(parquet(tmp_path / "feed.parquet", columns))
    assert rows.reader.name == "parquet"
    (product,) = rows.products
    assert dict(product.attributes) == {
        "size": Quantity(3, "m", "3 Metres"),
        "tags": ("x", "y"),
    }
    assert rows.faults == [(2, "title"), (3, "price")]


def test_parquet_is_read_by_the_names_of_a_data_set(tmp_path: Path) -> None:
    path = parquet(tmp_path / "products.parquet", {name: [value] for name, value in ESCI.items()})
    assert Rows(path).products == Rows(path, "esci").products
    assert Rows(path).products[0].brand == "Acme"
    wands = {"product_id": [1], "product_name": ["bed"], "product_class": ["Beds"]}
    path = parquet(tmp_path / "wands.parquet", wands)
    assert Rows(path).products[0].product_type == "Beds"
    icecat = {"id": ["1"], "title": ["a"], "supplier": ["HP"], "ean": [["4006381333931"]]}
    assert Rows(parquet(tmp_path / "i.parquet", icecat)).products[0].brand == "HP"


def test_texts_that_parquet_holds_as_bytes_are_texts(tmp_path: Path) -> None:
    columns = {"id": [b"1", b"2"], "title": ["Café".encode(), b"caf\xe9"]}
    rows = Rows(parquet(tmp_path / "feed.parquet", columns))
    assert rows.products[0].title == "Café"
    assert rows.faults == [(2, "")]


def test_parquet_of_many_row_groups_is_numbered_through(tmp_path: Path) -> None:
    count = 1_000
    columns = {"id": [str(at) for at in range(count)], "title": ["a"] * count}
    rows = Rows(parquet(tmp_path / "feed.parquet", columns, row_group_size=7))
    assert rows.lines == list(range(1, count + 1))


def test_parquet_may_be_gzipped(tmp_path: Path) -> None:
    path = parquet(tmp_path / "feed.parquet", {"id": ["1"], "title": ["a"]})
    assert len(Rows(write(tmp_path / "feed.pq.gz", gzip.compress(path.read_bytes()))).products) == 1


def test_parquet_rows_out_of_all_measure_are_rejected(tmp_path: Path) -> None:
    path = parquet(tmp_path / "feed.parquet", {"id": ["1", "2"], "title": ["a" * 2_000, "b"]})
    assert Rows(path, limits=Limits(line=1_000)).faults == [(1, "")]


def test_a_parquet_file_of_other_columns_or_damaged_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "feed.parquet", {"a": ["1"]})
    with pytest.raises(FeedError, match="no column id or title"):
        Rows(path)
    with pytest.raises(FeedError, match="no column product_id"):
        Rows(path, "esci")
    content = bytearray(path.read_bytes())
    content[8:20] = bytes(12)
    for damaged in (bytes(content), path.read_bytes()[:-20], b"PAR1 no more"):
        with pytest.raises(FeedError):
            Rows(write(tmp_path / "damaged.parquet", damaged))


def test_a_missing_library_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    for name, content, extra in (("a.parquet", b"PAR1", "parquet"), ("a.pdf", b"%PDF-1.4", "pdf")):
        with pytest.raises(FeedError, match=rf"pip install 'llama-e\[{extra}\]'"):
            Rows(write(tmp_path / name, content))
