"""Compressed files, archives, bombs, and encodings."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_index.errors import FeedError
from catalog_index.readers import Limits, Merged, choose_reader
from catalog_index.readers.opening import encoding_of
from tests.catalog_index.feeds import Rows, write

GOOD = b'{"id": "1", "title": "Kettle"}\n'
PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
STRICT = Limits(ratio_from=1 << 20)


@pytest.mark.parametrize("kind", PACK)
def test_a_packed_feed_is_known_by_content_not_name(tmp_path: Path, kind: str) -> None:
    packed = PACK[kind](GOOD) + PACK[kind](GOOD)
    assert len(Rows(write(tmp_path / "feed.data", packed)).products) == 2


def test_zstandard_is_read_where_its_library_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zstandard = pytest.importorskip("zstandard")
    path = write(tmp_path / "feed.zst", zstandard.compress(GOOD) + zstandard.compress(GOOD))
    assert len(Rows(path).products) == 2
    packed = zstandard.compress(bytes(range(256)) * 9)
    for damaged in (packed[:-9], packed[:9] + b"xxxxx" + packed[14:]):
        with pytest.raises(FeedError, match="damaged zstd"):
            Rows(write(tmp_path / "cut.zst", damaged))
    with pytest.raises(FeedError, match="200 times its size"):
        Rows(write(tmp_path / "bomb.jsonl", zstandard.compress(b"0" * (1 << 27))), limits=STRICT)
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(FeedError, match=r"llama-e\[zstd\]"):
        Rows(path)


@pytest.mark.parametrize("kind", PACK)
def test_a_packed_feed_that_is_cut_short_fails_as_a_whole(tmp_path: Path, kind: str) -> None:
    lines = b"".join(b'{"id": "%d", "title": "a"}\n' % (number * 7919) for number in range(9_000))
    path = write(tmp_path / "feed.jsonl", PACK[kind](lines)[:-50])
    with pytest.raises(FeedError, match=f"damaged {kind} archive"):
        Rows(path)


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("content", [b"0" * (1 << 25), GOOD * 12_000])
def test_a_bomb_is_refused_before_it_fills_memory(
    tmp_path: Path, kind: str, content: bytes
) -> None:
    path = write(tmp_path / "feed.jsonl", PACK[kind](content))
    limits = Limits(ratio_from=1 << 18, ratio=20)
    tracemalloc.start()
    with pytest.raises(FeedError, match="20 times its size"):
        for _ in choose_reader(path, "jsonl", limits).read(path):
            pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 24 << 20


def test_the_total_is_bounded_too(tmp_path: Path) -> None:
    path = write(tmp_path / "feed.jsonl", gzip.compress(GOOD * 99_999, 1))
    with pytest.raises(FeedError, match="more than 1 MiB"):
        Rows(path, limits=Limits(unpacked=1 << 20, ratio=10**6))


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def test_each_member_of_an_archive_is_a_feed_of_its_own(tmp_path: Path) -> None:
    path = archive(
        tmp_path / "feeds.zip",
        {
            "b/products.csv": b"id,title\n1,a\n,b\n",
            "a/terms.md": b"# Terms\nPay.",
            "c/more.jsonl.gz": gzip.compress(GOOD),
            "c/nonsense.json": b"nonsense",
            "c/empty.csv": b"",
            "picture.png": b"png",
            ".hidden.csv": b"id,title\n9,z\n",
        },
    )
    rows = Rows(path)
    assert [(row.member, row.line) for row in rows.parsed] == [
        ("a/terms.md", 1),
        ("b/products.csv", 2),
        ("c/more.jsonl.gz", 1),
    ]
    assert rows.passages[0].id == "terms.md#terms"
    assert [(row.member, row.line, row.error.field) for row in rows.rejected] == [
        ("b/products.csv", 3, "id"),
        ("c/empty.csv", 1, ""),
        ("c/nonsense.json", 1, ""),
    ]
    for row in rows.rejected:
        assert str(tmp_path) not in row.error.reason


def test_a_format_by_name_holds_for_the_members(tmp_path: Path) -> None:
    content = b"Handle,Title,Option1 Name,Option1 Value\na,A,Size,S\na,,,M\n"
    rows = Rows(archive(tmp_path / "shop.zip", {"x.csv": content}), "shopify")
    assert [row.member for row in rows.all if isinstance(row, Merged)] == ["x.csv"]


@pytest.mark.parametrize(
    "name",
    ["../../evil.csv", "/etc/evil.csv", "..\\..\\evil.csv", "C:\\evil.csv", "a/../../../evil.csv"],
)
def test_a_member_s_path_leads_nowhere(tmp_path: Path, name: str) -> None:
    place = tmp_path / "one" / "two"
    place.mkdir(parents=True)
    path = archive(place / "feeds.zip", {name: b"id,title\n1,a\n"})
    before = sorted(tmp_path.rglob("*"))
    assert len(Rows(path).products) == 1
    assert sorted(tmp_path.rglob("*")) == before


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.csv": b"id,title\n1,a\n", "b.csv": b""})
    content = path.read_bytes().replace(b"b.csv", b"\0.csv")
    assert [row.member for row in Rows(write(path, content)).all] == ["a.csv"]


def test_members_of_one_name_do_not_pass_for_one_document(tmp_path: Path) -> None:
    members = {"de/terms.md": b"# A\nx", "fr/terms.md": b"# A\ny", "help.md": b"# A\nz"}
    rows = Rows(archive(tmp_path / "docs.zip", members))
    assert [passage.id for passage in rows.passages] == [
        *("de-terms.md#a", "fr-terms.md#a", "help.md#a"),
    ]


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"a.png": b"x"}, "holds no feed file"),
        ({"[Content_Types].xml": b"<x/>", "xl/a.xml": b"<x/>"}, "Save it as CSV"),
        ({f"{number}.csv": b"" for number in range(10_001)}, "10,001 members"),
        ({"a.jsonl": b"0" * (1 << 25)}, "200 times its size"),
        ({f"{number}.txt": b"0" * (1 << 19) for number in range(9)}, "200 times its size"),
    ],
)
def test_an_archive_of_no_use_is_refused(
    tmp_path: Path, members: dict[str, bytes], said: str
) -> None:
    with pytest.raises(FeedError, match=said):
        Rows(archive(tmp_path / "feeds.zip", members), limits=STRICT)


def test_an_archive_in_an_archive_is_rejected(tmp_path: Path) -> None:
    inner = archive(tmp_path / "inner.zip", {"a.csv": b"id,title\n1,a\n"}).read_bytes()
    rows = Rows(archive(tmp_path / "outer.zip", {"inner.zip": inner}))
    assert "archive in an archive" in rows.rejected[0].error.reason


def test_a_damaged_or_locked_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.zip", {"a.csv": b"id,title\n1,a\n" * 500})
    whole = path.read_bytes()
    locked = bytearray(whole)
    locked[whole.index(b"PK\x01\x02") + 8] |= 1
    for content, said in ((whole[:-30], "damaged"), (locked, "password")):
        with pytest.raises(FeedError, match=said):
            Rows(write(path, bytes(content)))


METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("at", [4, 9, 40, 90])
def test_a_damaged_member_is_one_rejected_row_and_the_others_are_read(
    tmp_path: Path, method: int, at: int
) -> None:
    path = tmp_path / "a.zip"
    rows = "".join(f"{number},{number * 7919 % 1009}\n" for number in range(500))
    with zipfile.ZipFile(path, "w", method) as packed:
        packed.writestr("a.csv", "id,title\n1,a\n")
        packed.writestr("b.csv", f"id,title\n{rows}")
        packed.writestr("c.csv", "id,title\n3,c\n")
        start = packed.getinfo("b.csv").header_offset + 30 + len("b.csv")
    content = bytearray(path.read_bytes())
    content[start + at] ^= 0xFF
    read = Rows(write(path, bytes(content)))
    assert [product.id for product in read.products] == ["1", "3"]
    ((member, line, hides),) = [(row.member, row.line, row.hides) for row in read.rejected]
    assert (member, line, hides) == ("b.csv", 1, True)
    assert "damaged in its archive" in read.rejected[0].error.reason


def test_a_member_that_cannot_be_read_hides_its_products_and_a_bad_row_does_not(
    tmp_path: Path,
) -> None:
    members = {
        "a.csv": b"id,title,price\n1,a,cheap\n,b,5\n2,c,5,6,7\n",
        "b.json": b"nonsense",
        "c.jsonl": b'{"id": "3"}\n{"id": "4", "title": \n',
        "d.xml": b"<rss><item><id>5</id><title>a</title></item>",
    }
    rows = Rows(archive(tmp_path / "feeds.zip", members))
    assert [(row.member, row.line, row.record_id, row.hides) for row in rows.rejected] == [
        ("a.csv", 2, "1", False),
        ("a.csv", 3, "", True),
        ("a.csv", 4, "", True),
        ("b.json", 1, "", True),
        ("c.jsonl", 1, "3", False),
        ("c.jsonl", 2, "", True),
        ("d.xml", 1, "", True),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("name", ["feed.csv", "feed.jsonl"])
def test_unicode_is_read_in_any_of_its_encodings(tmp_path: Path, encoding: str, name: str) -> None:
    content = "id,title\n1,Café crème €\n2,日本語\n"
    if name.endswith("jsonl"):
        content = '{"id": "1", "title": "Café crème €"}\n{"id": "2", "title": "日本語"}\n'
    rows = Rows(write(tmp_path / name, content.encode(encoding)))
    assert [product.title for product in rows.products] == ["Café crème €", "日本語"]


def test_a_western_spreadsheet_s_encoding_is_found_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = "id;title;price\n1;Bügeleisen für Ärmel;19,90 €\n".encode("cp1252")
    (product,) = Rows(write(tmp_path / "feed.csv", content)).products
    assert (product.title, str(product.price)) == ("Bügeleisen für Ärmel", "19.90 EUR")
    assert caplog.text.count("feed.csv is not UTF-8: read as Windows-1252") == 1


def test_an_encoding_that_cannot_be_told_is_rejected_row_by_row(tmp_path: Path) -> None:
    content = "id,title\n1,Чайник стальной большой\n2,Kettle\n".encode("cp1251")
    rows = Rows(write(tmp_path / "feed.csv", content))
    assert rows.faults == [(2, "")]
    assert [product.id for product in rows.products] == ["2"]


@pytest.mark.parametrize(
    ("sample", "encoding"),
    [
        (b"", "utf-8"),
        (b"plain", "utf-8"),
        (b"plain \xc3\xa9 and \xe9", "utf-8"),
        (b"plain text with one \xe9", "cp1252"),
        (bytes(range(256)), "utf-8"),
        (b"a\0b" + b"text " * 9, "utf-8"),
        (b"\0" * 100, "utf-8"),
        ("text".encode("utf-32"), "utf-32"),
    ],
)
def test_encodings_are_told_by_the_first_bytes(sample: bytes, encoding: str) -> None:
    assert encoding_of(sample) == encoding
