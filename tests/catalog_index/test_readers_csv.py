from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from catalog_index.errors import FeedError
from catalog_index.product import Money, Quantity

Read = Callable[..., Any]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(read: Read, delimiter: str) -> None:
    rows = [["id", "title", "price"], ["1", "Kettle", "39.95 EUR"]]
    (product,) = read("feed.csv", "\n".join(delimiter.join(row) for row in rows)).records
    assert (product.id, product.title) == ("1", "Kettle")
    assert product.price == Money(Decimal("39.95"), "EUR")


def test_google_headers_are_known_in_any_spelling(read: Read) -> None:
    content = '"ID","Title","g:Product Type","Image Link","Battery_Life"\n1,a,b > c,x.png,20 h\n'
    (product,) = read("feed.csv", "\ufeff" + content).records
    assert (product.product_type, product.image_link) == ("b > c", "x.png")
    assert dict(product.attributes) == {"battery life": Quantity(20, "h")}


def test_quoted_cells_may_hold_newlines_delimiters_and_quotes(read: Read) -> None:
    content = 'id,title,description\r\n1,"a ""b"", c","one\r\ntwo"\r\n2,d,\r\n'
    rows = read("feed.csv", content)
    assert rows.records[0].title == 'a "b", c'
    assert rows.records[0].description == "one two"
    assert [row.line for row in rows.parsed] == [2, 4]


def test_a_row_with_too_many_cells_is_rejected(read: Read) -> None:
    rows = read("feed.csv", "id,title\n1,a,b\n2,c\n")
    assert rows.faults == [(2, "")]
    assert "3 cells for 2 columns" in rows.rejected[0].error.reason
    assert [product.id for product in rows.records] == ["2"]


def test_missing_cells_at_the_end_are_empty(read: Read) -> None:
    assert read("feed.csv", "id,title,price\n1,a\n").records[0].price is None


def test_blank_rows_are_no_rows(read: Read) -> None:
    rows = read("feed.csv", "id,title\n\n,\n1,a\n\n")
    assert (len(rows.records), rows.faults) == (1, [])


@pytest.mark.parametrize(
    "bad", ['2,"never closed,x', '2,"never closed', '"2,"x",y', '2,"a" b "c,d']
)
def test_a_quote_that_is_never_closed_swallows_no_other_row(read: Read, bad: str) -> None:
    others = [f'{number},"title ""{number}""","a\nb"' for number in range(3, 200)]
    rows = read("feed.csv", "\n".join(["id,title,description", "1,a,b", bad, *others]))
    kept = [product.id for product in rows.records]
    assert kept[0] == "1"
    assert kept[-197:] == [str(number) for number in range(3, 200)]
    assert all(fault[0] == 3 for fault in rows.faults)


def test_inch_marks_are_text_where_no_cell_is_quoted(read: Read) -> None:
    rows = read("feed.tsv", 'id\ttitle\n1\t17" monitor\n2\t"Best" chair\n')
    assert [product.title for product in rows.records] == ['17" monitor', "Best chair"]


def test_nul_bytes_bad_text_and_giant_cells_stop_no_reader(read: Read) -> None:
    content = b"id,title\n1,a\x00b\n2,caf\xe9\n3," + b"x" * (1 << 21) + b"\n4,d\n5,\xc3\xa9\n"
    rows = read("feed.csv", content)
    assert [(product.id, product.title) for product in rows.records] == [
        *(("1", "a b"), ("4", "d"), ("5", "é")),
    ]
    assert rows.faults == [(3, ""), (4, "")]


def test_a_bad_value_names_its_column_and_line(read: Read) -> None:
    rows = read("feed.csv", 'id,title,price\n1,"a\nb",1 EUR\n2,c,free\n,d,\n')
    assert rows.faults == [(4, "price"), (5, "id")]


def test_a_header_without_id_and_title_is_refused(read: Read) -> None:
    with pytest.raises(FeedError, match="no known format"):
        read("feed.csv", "sku,name\n1,a\n")
    with pytest.raises(FeedError, match="no column id or title"):
        read("feed.csv", "sku,name\n1,a\n", "csv")


def test_cells_that_a_spreadsheet_would_run_stay_text(read: Read) -> None:
    formula = '=HYPERLINK(""http://x"",""a"")'
    content = f'id,title,price,note\n=1+1,"{formula}",1 EUR,@SUM(A1)\n2,b,=2*3,\n'
    rows = read("feed.csv", content)
    (product,) = rows.records
    assert (product.id, product.title) == ("=1+1", '=HYPERLINK("http://x","a")')
    assert product.attributes["note"] == "@SUM(A1)"
    assert rows.faults == [(3, "price")]


def test_a_header_alone_is_a_feed_without_rows(read: Read) -> None:
    rows = read("feed.csv", "id,title\n")
    assert (rows.records, rows.rejected) == ([], [])


def test_columns_of_one_name_make_a_list(read: Read) -> None:
    content = "id,title,colour,colour,g:product_highlight,product_highlight\n1,a,red,red,x,y\n"
    (product,) = read("feed.csv", content).records
    assert dict(product.attributes) == {"colour": "red", "highlights": ("x", "y")}


def test_two_columns_that_both_claim_to_be_the_price_are_refused(read: Read) -> None:
    with pytest.raises(FeedError, match="two columns price"):
        read("feed.csv", "id,title,price,Price\n1,a,1 EUR,2 EUR\n")


def test_ids_with_path_characters_are_text_like_any_other(read: Read) -> None:
    ids = ["../../etc/passwd", "C:\\x", "a/b", "..", "%2e%2e%2f"]
    rows = read("feed.csv", "id,title\n" + "".join(f"{one},a\n" for one in ids))
    assert [product.id for product in rows.records] == ids


def test_a_description_of_50_kb_is_kept_whole(read: Read) -> None:
    (product,) = read("feed.csv", f"id,title,description\n1,a,{'word ' * 10_000}\n").records
    assert len(product.description) == 49_999


def test_rows_that_all_open_a_quote_take_little_time(read: Read) -> None:
    started = time.perf_counter()
    rows = read("feed.csv", "id,title\n" + '1,"a\n2,""b""\n' * 5_000)
    assert len(rows.records) + len(rows.rejected) > 5_000
    assert time.perf_counter() - started < 10


def test_excel_s_note_of_its_delimiter_is_no_header(read: Read) -> None:
    rows = read("feed.csv", "sep=;\r\nid;title\r\n1;a, b\r\n")
    assert [(row.line, row.record.title) for row in rows.parsed] == [(3, "a, b")]
