from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog_index.errors import FeedError
from catalog_index.product import Money, Quantity
from catalog_index.readers import FORMATS, Limits, choose_reader, feed_files
from tests.fakes import KETTLE

Read = Callable[..., Any]
GOOD = '{"id": "1", "title": "Kettle"}\n'


def line(**extra: Any) -> str:
    return json.dumps({"id": "1", "title": "Kettle", **extra}) + "\n"


def test_google_fields_are_typed_and_other_keys_become_attributes(read: Read) -> None:
    (product,) = read("feed.jsonl", json.dumps(KETTLE)).records
    assert product.price == Money(Decimal("39.95"), "EUR")
    assert product.gtin == ("04006381333931",)
    assert product.availability == "in_stock"
    assert dict(product.attributes) == {"capacity": Quantity(1.7, "l"), "cordless": True}


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ("{nonsense", ""),
        ("[1, 2]", ""),
        ('"text"', ""),
        ('{"title": "no id"}', "id"),
        ('{"id": "7"}', "title"),
        ('{"id": "7", "title": "  "}', "title"),
        ('{"id": "7", "title": "a", "price": "cheap"}', "price"),
        ('{"id": "7", "title": "a", "price": -3}', "price"),
        ('{"id": "7", "title": "a", "price": NaN}', "price"),
        ('{"id": "7", "title": "a", "price": Infinity}', "price"),
        ('{"id": "7", "title": "a", "price": 1e40}', "price"),
        ('{"id": "7", "title": "a", "sale_price": "soon"}', "sale_price"),
        ('{"id": "7", "title": "a", "quantity": "many"}', "quantity"),
        ('{"id": "7", "title": "a", "attributes": [1]}', "attributes"),
        ('{"id": "7", "title": "nul \x00 byte"}', ""),
        ('{"id": "7", "title": "a", "big": ' + "9" * 5000 + "}", ""),
    ],
)
def test_a_bad_row_is_rejected_with_its_line_and_field_and_the_next_is_read(
    read: Read, bad: str, field: str
) -> None:
    rows = read("feed.jsonl", f"{GOOD}\n{bad}\n{GOOD}")
    assert rows.faults == [(3, field)]
    assert [row.line for row in rows.parsed] == [1, 4]
    assert rows.rejected[0].error.reason
    assert len(rows.rejected[0].error.reason) < 200


def test_a_bad_first_line_does_not_hide_the_format(read: Read) -> None:
    assert len(read("feed.jsonl", f"oops\n{GOOD}").records) == 1


@pytest.mark.parametrize("depth", [100, 300, 900, 990, 996, 5_000, 100_000])
def test_nesting_of_any_depth_stops_no_reader(read: Read, depth: int) -> None:
    deep = '{"id": "7", "title": "a", "deep": ' + "[" * depth + "]" * depth + "}"
    objects = deep.replace("[", '{"a":').replace("]", "}").replace(":}", ":1}")
    rows = read("feed.jsonl", f"{deep}\n{objects}\n{GOOD}")
    assert rows.records[-1].title == "Kettle"
    assert len(rows.records) + len(rows.rejected) == 3


def test_a_row_that_is_not_utf8_is_rejected_alone(read: Read) -> None:
    good = '{"id": "1", "title": "Café"}\n'.encode()
    rows = read("feed.jsonl", good + b'{"id": "2", "title": "caf\xe9"}\n' + good)
    assert rows.faults == [(2, "")]
    assert "UTF-8" in rows.rejected[0].error.reason


def test_escaped_lone_surrogates_are_dropped_from_names_and_values(read: Read) -> None:
    content = r'{"id": "1", "title": "a\ud800b", "k\udfff": ["\udc00x"]}'
    (product,) = read("feed.jsonl", content).records
    assert product.title == "a b"
    assert dict(product.attributes) == {"k": ("x",)}


def test_a_line_of_a_megabyte_is_one_row(read: Read) -> None:
    (product,) = read("feed.jsonl", line(description="word " * 200_000)).records
    assert len(product.description) == 999_999


def test_numbers_too_large_for_a_float_are_kept_as_text(read: Read) -> None:
    (product,) = read(
        "feed.jsonl", line(serial=10**400, size={"value": 10**400, "unit": "m"}, ratio=1e999)
    ).records
    assert product.attributes["serial"] == str(10**400)
    assert "inf" in str(product.attributes["ratio"])
    assert not isinstance(product.attributes["size"], Quantity)


def test_a_gtin_that_became_a_float_keeps_its_digits(read: Read) -> None:
    (product,) = read("feed.jsonl", line(gtin=4006381333931.0)).records
    assert product.gtin == ("4006381333931",)


def test_gtins_come_from_a_list_or_a_text(read: Read) -> None:
    one, two = "4006381333931", "96385074"
    rows = read("feed.jsonl", line(gtin=[one, two, one]) + line(gtin=f"{one}, {two};{one}"))
    assert [product.gtin for product in rows.records] == [(one, two)] * 2


def test_product_details_are_read_as_triples_or_objects(read: Read) -> None:
    detail = {"section_name": "General", "attribute_name": "Colour", "attribute_value": "red"}
    rows = read(
        "feed.jsonl",
        line(product_detail="General:Colour:red, blue,:Net_Weight:2 kg")
        + line(product_detail=[detail]),
    )
    assert dict(rows.records[0].attributes) == {
        "colour": "red, blue",
        "net weight": Quantity(2, "kg"),
    }
    assert dict(rows.records[1].attributes) == {"colour": "red"}


def test_nested_objects_are_written_in_words(read: Read) -> None:
    (product,) = read("feed.jsonl", line(size={"width": "10 cm", "fold_flat": True})).records
    assert product.attributes["size"] == "width 10 cm; fold flat yes"


def test_a_gzipped_feed_is_read_whatever_its_name(read: Read) -> None:
    assert len(read("feed.data", gzip.compress(GOOD.encode() * 3)).records) == 3


def test_a_byte_order_mark_is_no_part_of_the_first_row(read: Read) -> None:
    assert len(read("feed.json", b"\xef\xbb\xbf" + GOOD.encode()).records) == 1


ICECAT = {
    "id": "3920564",
    "name": "006R90321",
    "title": "Xerox toner",
    "ean": ["0095205603217", "0095205603217", ""],
    "short_description": "Toner for CopyCentre",
    "supplier": "Xerox",
    "price": 4995,
    "attr_t_product_type": "Toner",
    "attr_n_thermal_design_power__tdp_": 25.0,
    "attr_b_touchscreen": False,
    "attr_t_empty": "",
}


def test_icecat_keys_become_google_fields_and_plain_attribute_names(read: Read) -> None:
    (product,) = read("feed.jsonl", json.dumps(ICECAT)).records
    assert (product.mpn, product.brand, product.product_type) == ("006R90321", "Xerox", "Toner")
    assert product.gtin == ("0095205603217",)
    assert product.price == Money(Decimal("49.95"), "")
    assert dict(product.attributes) == {
        "product type": "Toner",
        "thermal design power (tdp)": Quantity(25.0),
        "touchscreen": False,
    }


@pytest.mark.parametrize("price", [-1, "dear", [1], float("nan"), float("inf"), 1e300, {}])
def test_an_icecat_price_that_is_none_rejects_the_row(read: Read, price: Any) -> None:
    rows = read("feed.jsonl", json.dumps({**ICECAT, "price": price}))
    assert rows.faults == [(1, "price")]


@pytest.mark.parametrize("price", [0, None, False])
def test_an_icecat_price_of_nothing_is_no_price(read: Read, price: Any) -> None:
    assert read("feed.jsonl", json.dumps({**ICECAT, "price": price})).records[0].price is None


@pytest.mark.parametrize(
    ("name", "content", "format_name"),
    [
        ("a.jsonl", GOOD, "jsonl"),
        ("a.txt", GOOD, "jsonl"),
        ("a.jsonl", json.dumps(ICECAT), "icecat"),
        ("a.txt", "id,title\n", "csv"),
        ("a.tsv", "title\tg:id\n", "csv"),
        ("a.md", "{}", "markdown"),
        ("a.md.gz", "# x", "markdown"),
        ("a.txt", "Our terms\nid and title", "text"),
        ("a.html", "<p>x", "html"),
        ("a.bin", "<!DOCTYPE html><p>x", "html"),
        ("a.bin", "%PDF-1.4", "pdf"),
        ("a.xml", "<?xml version='1.0'?><rss><channel/></rss>", "google"),
        ("a.bin", '[\n {"id": 1}]', "jsonl"),
        ("a.csv", "Handle,Title,Variant SKU,Variant Price\n", "shopify"),
        ("a.csv", "URL handle,Title,SKU,Price\n", "shopify"),
        ("a.csv", "ID,Type,SKU,Name,Visibility in catalog,Parent\n", "woocommerce"),
        ("a.csv", "product_id\tproduct_name\tproduct_class\n", "wands"),
        ("a.csv", "product_id,product_title,product_locale\n", "esci"),
        ("a.json", '{"product_id": 1, "product_title": "a", "product_locale": "us"}', "esci"),
        ("a.json", '{"data": {"GeneralInfo": {}}}', "icecat"),
    ],
)
def test_the_format_is_found_from_name_and_first_lines(
    tmp_path: Path, name: str, content: str, format_name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(content.encode()) if name.endswith("gz") else content.encode())
    assert choose_reader(path).name == format_name


def test_a_named_format_is_not_sniffed(tmp_path: Path) -> None:
    for name in FORMATS:
        assert choose_reader(tmp_path / "absent", name).name == name
    with pytest.raises(FeedError, match=r"no feed format 'xls'.*jsonl"):
        choose_reader(tmp_path / "absent", "xls")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (bytes(range(256)) * 20, "no known format"),
        (b"\xff\xfei\x00d\x00", "no known format"),
        (gzip.compress(GOOD.encode() * 999)[:40], "damaged gzip"),
        (b"\x1f\x8bgarbage", "damaged gzip"),
    ],
)
def test_a_file_that_is_no_feed_is_named_in_one_line(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "feed.bin"
    path.write_bytes(content)
    with pytest.raises(FeedError, match=said) as caught:
        list(choose_reader(path).read(path))
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_archive_cut_short_fails_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl.gz"
    rows = "".join(line(serial=str(number * 7919)) for number in range(5000))
    path.write_bytes(gzip.compress(rows.encode())[:-200])
    with pytest.raises(FeedError, match="damaged gzip"):
        list(choose_reader(path).read(path))


def test_directories_give_their_feeds_by_name(tmp_path: Path) -> None:
    for name in ("b.jsonl", "a.csv", "c.png"):
        (tmp_path / name).touch()
    assert [path.name for path in feed_files([tmp_path])] == ["a.csv", "b.jsonl"]
    with pytest.raises(FeedError, match="no feed at"):
        list(feed_files([tmp_path / "absent"]))
    (tmp_path / "empty").mkdir()
    with pytest.raises(FeedError, match="holds no feed"):
        list(feed_files([tmp_path / "empty"]))


def test_directories_in_a_directory_are_gone_through_in_order(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    outside = tmp_path / "outside"
    feeds = tmp_path / "feeds"
    index = feeds / "index"
    for directory in (outside, feeds / "b" / "deep", feeds / "empty", index / "generations"):
        directory.mkdir(parents=True)
    for name in ("a.csv", "b/x.csv", "b/deep/y.md", "b/z.png", "c.csv", ".hidden.csv"):
        (feeds / name).touch()
    for path in (outside / "secret.csv", index / "CURRENT", index / "rejected.jsonl"):
        path.touch()
    (feeds / "out.csv").symlink_to(outside / "secret.csv")
    (feeds / "out").symlink_to(outside)
    (feeds / "b" / "round").symlink_to(feeds)
    (feeds / "d.csv").symlink_to(feeds / "a.csv")
    read = [str(path.relative_to(feeds)) for path in feed_files([feeds])]
    assert read == ["a.csv", "b/deep/y.md", "b/x.csv", "c.csv", "d.csv"]
    (told,) = caplog.messages
    assert "Passed over 6 in" in told
    assert "b/z.png" in told
    caplog.clear()
    assert list(feed_files([feeds / "a.csv"]))
    assert not caplog.messages


def test_a_directory_under_a_link_is_a_directory(tmp_path: Path) -> None:
    write_to = tmp_path / "real"
    write_to.mkdir()
    (write_to / "a.csv").touch()
    (tmp_path / "link").symlink_to(write_to)
    assert [path.name for path in feed_files([tmp_path / "link"])] == ["a.csv"]


@pytest.mark.parametrize("more", ["", " " * 70_000])
def test_an_integer_of_too_many_digits_is_one_rejected_row(read: Read, more: str) -> None:
    bad = f'{{"id": "2", "title": "b", {more}"ean": {"9" * 5_000}}}'
    good = '{"id": "1", "title": "a"}'
    rows = read("feed.json", f"[{good},\n{bad},\n{'8' * 5_000},\n{good}]")
    assert rows.faults == [(2, ""), (3, "")]
    assert [row.line for row in rows.parsed] == [1, 4]


def test_an_array_is_read_value_by_value(read: Read) -> None:
    content = '[\n{"id":"1","title":"a"},\n{"id":"2",\n"title":"b"}, 3, ["x"],\n{"title":"c"}]\n'
    rows = read("feed.json", content)
    assert [(row.line, row.record.id) for row in rows.parsed] == [(2, "1"), (3, "2")]
    assert rows.faults == [(4, ""), (4, ""), (5, "id")]


@pytest.mark.parametrize("size", [1, 100, 70_000, 300_000])
def test_a_value_of_any_size_within_the_limit_is_read(read: Read, size: int) -> None:
    values = [{"id": str(number), "title": "é" * size} for number in range(3)]
    rows = read("feed.json", json.dumps(values, ensure_ascii=False))
    assert [len(product.title) for product in rows.records] == [size] * 3


def test_objects_over_several_lines_are_read(read: Read) -> None:
    content = "\n".join(json.dumps({"id": one, "title": "a"}, indent=1) for one in ("1", "2"))
    rows = read("feed.json", f"\n{content}")
    assert [(row.line, row.record.id) for row in rows.parsed] == [(2, "1"), (6, "2")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[{"id": "1", "title": "a"},', "breaks off"),
        ('[{"id": "1", "title": "a"}, {"id":', "is no JSON"),
        ('[{"id": "1", "title": "a"}] {"id": "2"}', "goes on"),
        ('[{"id": "1", "title": "a"}, nonsense]', "is no JSON"),
        ('[{"id": "1", "title": "a"}, ' + "[" * 100_000, "nested too deeply"),
    ],
)
def test_an_array_that_breaks_off_fails_as_a_whole_with_its_line(
    read: Read, content: str, said: str
) -> None:
    with pytest.raises(FeedError, match=rf"{said}.*line 1"):
        read("feed.json", content)


def test_a_line_over_the_limit_is_rejected_and_not_held(tmp_path: Path) -> None:
    path = tmp_path / "feed.jsonl"
    with path.open("wb") as feed:
        feed.write(GOOD.encode() + b'{"id": "2", "title": "')
        for _ in range(64):
            feed.write(b"x" * (1 << 20))
        feed.write(b'"}\n' + GOOD.encode())
    reader = choose_reader(path, limits=Limits(line=1 << 16))
    tracemalloc.start()
    rows = list(reader.read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [type(row).__name__ for row in rows] == ["Parsed", "Rejected", "Parsed"]
    assert [row.line for row in rows] == [1, 2, 3]
    assert peak < 4 << 20
