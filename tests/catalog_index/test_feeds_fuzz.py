"""Any bytes, under any name, as any format: rows or a `FeedError`, in bounded time."""

from __future__ import annotations

import bz2
import gzip
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_index.errors import FeedError
from catalog_index.product import Product
from catalog_index.readers import FORMATS, Limits, Merged, Parsed, Rejected, choose_reader
from tests.catalog_index.feeds import make_pdf

LIMITS = Limits(line=1 << 16, ratio_from=1 << 20)


def packed(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", content)
        archive.writestr("../b.json", content)
    return out.getvalue()


SHOPIFY = b"Handle,Title,Option1 Name,Option1 Value,Variant Price\na,A,Size,S,5\na,,,M,6\nb,,,M,6\n"
WOO = (
    b"ID,Type,SKU,Name,Regular price,In stock?,Parent\n1,variable,S,A,,1,\n2,variation,T,A,5,1,S\n"
)
RSS = (
    b'<rss xmlns:g="http://base.google.com/ns/1.0"><channel><item><g:id>1</g:id><title>a</title>'
    b"<g:price>5 EUR</g:price></item><item><g:id>2</g:id></item></channel></rss>"
)
PAGE = b"<html><h1>A</h1><p>x<table><tr><th>a</th><th>b</th></tr><tr><td>1</td></tr></table>"
SEEDS = [
    b'{"id": "1", "title": "a", "price": "5 EUR", "variants": [{"id": "2"}]}\n{"id": "2"}\n',
    b'[{"id": "1", "title": "a"}, {"id": "2"}]',
    b'{\n"data": {"GeneralInfo": {"IcecatId": 1, "Title": "a"}, "FeaturesGroups": [{}]}}',
    b'id,title,description\n1,"a\nb","<p>x</p>"\n2,c,d\n',
    "id\ttitle\n1\tCafé\n".encode("utf-16"),
    b"product_id\tproduct_name\tproduct_class\tproduct_features\n1\ta\tb\tc:d|e:f\n",
    b'{"product_id": "1", "product_title": "a", "product_locale": "es"}\n',
    *(SHOPIFY, WOO, RSS, PAGE, packed(SHOPIFY), gzip.compress(RSS), bz2.compress(WOO)),
    b"# A\n\n|a|b|\n|-|-|\n|1|2|\n",
    b"TERMS\n\nPay.\n\nMore\n----\nx\n",
    make_pdf([("Manual", 20), ("Text.", 10)]),
]
PIECES = [
    *(b'"', b"\n", b"\r", b",", b"\t", b"<", b">", b"{", b"[", b"]", b"\0", b"\xff", b"&", b"|"),
    *(b"<item>", b"</item>", b"<!--", b"<td>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"9" * 400, b"NaN", b"-1", b"=A1", b"id", b"title", b"===\n"),
]
NAMES = ["csv", "txt", "json", "jsonl", "xml", "html", "md", "pdf", "zip", "parquet", "gz", "x"]


@st.composite
def feeds(draw: st.DrawFn) -> bytes:
    """A good feed of some format with pieces put in, taken out and changed; or any bytes."""
    content = bytearray(draw(st.sampled_from(SEEDS) | st.binary(max_size=300)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(content)))
        end = at + draw(st.integers(0, 20))
        content[at:end] = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
    return bytes(content)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(max_examples=400, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(content=feeds(), name=st.sampled_from(NAMES), format_name=st.sampled_from(list(FORMATS)))
def test_any_bytes_are_rows_or_one_clear_error(
    folder: Path, content: bytes, name: str, format_name: str
) -> None:
    path = folder / f"feed.{name}"
    path.write_bytes(content)
    for chosen in ("auto", format_name):
        try:
            for row in choose_reader(path, chosen, LIMITS).read(path):
                assert isinstance(row, Parsed | Rejected | Merged)
                assert row.line >= 1
                if isinstance(row, Parsed) and isinstance(row.record, Product):
                    assert Product.from_json(row.record.to_json()) == row.record
                if isinstance(row, Rejected):
                    assert row.error.reason
        except FeedError as error:
            assert "\n" not in str(error)


@settings(max_examples=60, deadline=5_000, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.sampled_from(["5", "-1"]))))
def test_no_row_of_a_grouped_feed_is_lost(folder: Path, rows: list[tuple[str, bool, str]]) -> None:
    lines = [
        f"{handle},{'T' if titled else ''},Size,{at},{price}"
        for at, (handle, titled, price) in enumerate(rows)
    ]
    path = folder / "shop.csv"
    path.write_text("\n".join(["Handle,Title,Option1 Name,Option1 Value,Variant Price", *lines]))
    read = list(choose_reader(path).read(path))
    assert sorted(row.line for row in read) == list(range(2, len(rows) + 2))
    variants = sum(
        len(row.record.variants)
        for row in read
        if isinstance(row, Parsed) and isinstance(row.record, Product)
    )
    assert variants == sum(not isinstance(row, Rejected) for row in read)
