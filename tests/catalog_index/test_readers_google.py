from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog_index.errors import FeedError
from catalog_index.product import Quantity
from catalog_index.readers import Limits, choose_reader
from tests.catalog_index.feeds import Rows, write

NAMESPACE = 'xmlns:g="http://base.google.com/ns/1.0"'
LAMP = """<item><title>RSS lamp</title><g:title>Lamp &amp; bulb</g:title><link>http://x</link>
<description><![CDATA[<p>A lamp.</p>]]></description><g:id>1</g:id><g:price>24.99 EUR</g:price>
<g:sale_price>19.99 EUR</g:sale_price><g:availability>in stock</g:availability>
<g:product_type>Home &gt; Lamps</g:product_type><g:gtin>4006381333931</g:gtin>
<g:product_highlight>Warm</g:product_highlight><g:product_highlight>Dim</g:product_highlight>
<g:product_detail><g:section_name>General</g:section_name><g:attribute_name>Power</g:attribute_name>
<g:attribute_value>9 watts</g:attribute_value></g:product_detail>
<g:shipping><g:country>DE</g:country><g:price>4.90 EUR</g:price></g:shipping>
<g:color>red</g:color><g:additional_image_link>http://x/2</g:additional_image_link></item>"""


def rss(*items: str) -> str:
    return f'<?xml version="1.0"?>\n<rss {NAMESPACE}><channel>{"".join(items)}</channel></rss>'


def item(identifier: str = "1", more: str = "") -> str:
    return f"<item><g:id>{identifier}</g:id><g:title>a</g:title>{more}</item>\n"


def test_an_rss_item_is_a_product(tmp_path: Path) -> None:
    (product,) = Rows(write(tmp_path / "feed.xml", rss(LAMP))).products
    assert (product.id, product.title, product.link) == ("1", "Lamp & bulb", "http://x")
    assert (product.description, product.product_type) == ("A lamp.", "Home > Lamps")
    assert (str(product.price), str(product.sale_price)) == ("24.99 EUR", "19.99 EUR")
    assert (product.availability, product.gtin) == ("in_stock", ("4006381333931",))
    assert dict(product.attributes) == {
        "power": Quantity(9, "W", "9 watts"),
        "highlights": ("Warm", "Dim"),
        "shipping": "country DE; price 4.90 EUR",
        "color": "red",
    }


def test_an_atom_entry_is_a_product(tmp_path: Path) -> None:
    content = f"""<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACE}><title>Shop</title>
    <entry><id>urn:1</id><g:id>A1</g:id><title type="xhtml"><div>Big <b>lamp</b></div></title>
    <link href="http://y"/><summary>Bright.</summary></entry></feed>"""
    (product,) = Rows(write(tmp_path / "feed.xml", content)).products
    assert (product.id, product.title) == ("A1", "Big lamp")
    assert (product.link, product.description) == ("http://y", "Bright.")


def test_a_bad_item_is_rejected_with_its_line(tmp_path: Path) -> None:
    bad = item("2", "<g:price>cheap</g:price>")
    rows = Rows(write(tmp_path / "feed.xml", rss("\n", item(), bad, item("3"), "<item/>")))
    assert rows.faults == [(4, "price"), (6, "id")]
    assert [product.id for product in rows.products] == ["1", "3"]


def test_the_tsv_of_google_is_read_by_the_same_name(tmp_path: Path) -> None:
    path = write(tmp_path / "feed.txt", "id\ttitle\tg:price\n1\ta\t5 EUR\n")
    assert str(Rows(path, "google").products[0].price) == "5.00 EUR"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1250"])
def test_the_declared_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    content = rss(item("1", "<g:brand>Kálmán</g:brand>")).replace(
        'version="1.0"', f'version="1.0" encoding="{encoding}"'
    )
    (product,) = Rows(write(tmp_path / "feed.xml", content.encode(encoding)), "google").products
    assert product.brand == "Kálmán"


SECRET = "the secret"
BOMB = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10}">' for at in range(1, 12))


@pytest.mark.parametrize(
    "declared",
    [
        f'<!ENTITY e0 "lol">{BOMB}',
        '<!ENTITY e11 SYSTEM "file://{file}">',
        '<!ENTITY e11 SYSTEM "http://127.0.0.1:9/x">',
        '<!ENTITY % p SYSTEM "file://{file}"> %p;<!ENTITY e11 "x">',
    ],
)
def test_entities_are_neither_expanded_nor_fetched(tmp_path: Path, declared: str) -> None:
    secret = write(tmp_path / "secret.txt", SECRET)
    doctype = f"<!DOCTYPE rss [{declared.replace('{file}', str(secret))}]>"
    content = rss(item("1", "<g:brand>&e11;</g:brand>")).replace("<rss", f"{doctype}<rss")
    with pytest.raises(FeedError, match="declares XML entities") as caught:
        Rows(write(tmp_path / "feed.xml", content))
    assert SECRET not in str(caught.value)


def test_a_document_type_elsewhere_is_not_fetched(tmp_path: Path) -> None:
    doctype = '<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">'
    content = rss(item()).replace("<rss", f"{doctype}<rss")
    assert len(Rows(write(tmp_path / "feed.xml", content)).products) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (rss(item())[:-20], "broken XML"),
        (rss(item(more="<g:brand>&nbsp;</g:brand>")), "broken XML"),
        (rss(), "holds no <item>"),
        ("<rss><![CDATA[" + "x" * 100, "broken XML"),
        ('<?xml version="1.0" encoding="nonsense"?><rss/>', "XML"),
    ],
)
def test_a_document_that_breaks_off_fails_as_a_whole(
    tmp_path: Path, content: str, said: str
) -> None:
    with pytest.raises(FeedError, match=said):
        Rows(write(tmp_path / "feed.xml", content))


@pytest.mark.parametrize(
    "more",
    [
        "<x>" * 500 + "</x>" * 500,
        "<x/>" * 30_000,
        f"<g:description>{'x' * 70_000}</g:description>",
    ],
)
def test_an_item_out_of_all_measure_is_rejected_alone(tmp_path: Path, more: str) -> None:
    path = write(tmp_path / "feed.xml", rss(item(), item("2", more), item("3")))
    rows = Rows(path, limits=Limits(line=1 << 16))
    assert [product.id for product in rows.products] == ["1", "3"]
    assert rows.faults == [(3, "")]


NESTED = 200_000


@pytest.mark.parametrize("deep", ["<a>" * 900 + "</a>" * 900, "<a>" * 300 + "<b/>" * 60_000])
def test_what_nests_too_deeply_in_an_item_is_counted_not_held(tmp_path: Path, deep: str) -> None:
    closing = "</a>" * (deep.count("<a>") - deep.count("</a>"))
    path = write(tmp_path / "feed.xml", rss(item(), item("2", deep + closing), item("3")))
    tracemalloc.start()
    rows = Rows(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [product.id for product in rows.products] == ["1", "3"]
    assert peak < 3 << 20


@pytest.mark.parametrize("content", [rss("<a>" * NESTED), rss(item(more="<a>" * NESTED))])
def test_a_document_that_nests_without_end_is_refused(tmp_path: Path, content: str) -> None:
    path = write(tmp_path / "feed.xml", content)
    tracemalloc.start()
    with pytest.raises(FeedError, match="more than 1,000 levels deep, at line 2"):
        Rows(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 << 20


def test_links_count_towards_the_size_of_an_item(tmp_path: Path) -> None:
    many = f'<link href="http://x/{"y" * 1_000}"/>' * 100
    path = write(tmp_path / "feed.xml", rss(item(), item("2", many), item("3")))
    assert Rows(path, limits=Limits(line=1 << 16)).faults == [(3, "")]


def test_a_tag_that_never_ends_is_not_held(tmp_path: Path) -> None:
    path = write(tmp_path / "feed.xml", rss(item())[:-16] + f'<item x="{"y" * 400_000}')
    with pytest.raises(FeedError, match="a tag of over"):
        Rows(path, limits=Limits(line=1 << 16))


def test_memory_does_not_grow_with_the_feed(tmp_path: Path) -> None:
    def content() -> Iterator[str]:
        yield rss().partition("</channel>")[0]
        for number in range(6_000):
            yield item(str(number), f"<g:description>{'word ' * 100}</g:description>")
        yield "</channel></rss>"

    path = write(tmp_path / "feed.xml", "".join(content()))
    reader = choose_reader(path)
    tracemalloc.start()
    count = sum(1 for _ in reader.read(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 6_000
    assert peak < 2 << 20
