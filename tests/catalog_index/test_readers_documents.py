"""Shop documents other than Markdown: HTML, plain text and PDF."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_index.errors import FeedError
from catalog_index.readers import Limits
from tests.catalog_index.feeds import Rows, make_pdf, write

PAGE = """<!DOCTYPE html><html><head><title>Returns &amp; refunds</title>
<style>p { color: red }</style></head><body>
<h1>Returns</h1>
<p>You may return<br>within <b>30</b> days.</p>
<h2>Who pays?</h2><p>We do.</p>
<table><tr><th>Size</th><th>Chest</th></tr><tr><td>S</td><td>83 cm</td></tr>
<tr><td></td><td>90 cm</td></tr></table>
<table><tr><td>Material:</td><td>Wool</td></tr></table>
<h3>Abroad</h3><script>steal()</script><p>Ask us.</p>
</body></html>"""


def test_html_headings_hold_passages_and_scripts_are_dropped(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path / "returns.html", PAGE))
    assert rows.reader.name == "html"
    assert [(passage.title, passage.text) for passage in rows.passages] == [
        ("Returns & refunds: Returns", "You may return\nwithin 30 days."),
        (
            "Returns & refunds: Who pays?",
            "We do.\nSize: S; Chest: 83 cm\nChest: 90 cm\nMaterial: Wool",
        ),
        ("Returns & refunds: Who pays? > Abroad", "Ask us."),
    ]
    assert [row.line for row in rows.parsed] == [3, 5, 9]
    assert rows.passages[1].id == "returns.html#who-pays"


def test_a_page_without_title_is_named_by_its_only_h1_or_its_file(tmp_path: Path) -> None:
    (passage,) = Rows(write(tmp_path / "a.html", "<h1>Terms</h1><p>x")).passages
    assert (passage.document, passage.heading) == ("Terms", "")
    (one, two) = Rows(write(tmp_path / "a-b.html", "<h1>A</h1>x<h1>B</h1>y")).passages
    assert (one.document, one.heading, two.heading) == ("A b", "A", "B")


@pytest.mark.parametrize("piece", ["<td>", "<h2>", "<p", "<!--", "</h2>x", "<h1>x</h1>", "<tr>x"])
def test_hostile_html_is_read_in_bounded_time(tmp_path: Path, piece: str) -> None:
    Rows(write(tmp_path / "a.html", piece * (200_000 // len(piece))))


def test_html_over_the_limit_or_of_no_encoding_is_rejected(tmp_path: Path) -> None:
    path = write(tmp_path / "a.html", PAGE)
    assert Rows(path, limits=Limits(line=100)).faults == [(1, "")]
    assert Rows(write(path, "<p>é".encode() + b"\xe9")).faults == [(1, "")]


TEXT = """Shop terms
==========

SHIPPING
We ship to Germany
and Austria.

PAYMENT:

By card. WE NEVER ASK FOR YOUR PIN.

Returns
-------
Within 30 days.
"""


def test_underlined_and_capital_lines_are_headings_of_a_text(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path / "terms.txt", TEXT))
    assert rows.reader.name == "text"
    assert [(passage.title, passage.text) for passage in rows.passages] == [
        ("Shop terms: SHIPPING", "We ship to Germany\nand Austria."),
        ("Shop terms: PAYMENT", "By card. WE NEVER ASK FOR YOUR PIN."),
        ("Shop terms: Returns", "Within 30 days."),
    ]
    assert [row.line for row in rows.parsed] == [4, 8, 12]


def test_a_text_that_is_a_table_of_products_is_a_feed(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path / "google.txt", "id\ttitle\n1\tKettle\n"))
    assert rows.reader.name == "csv"
    assert rows.products[0].title == "Kettle"


def test_a_long_text_without_headings_is_cut_to_passages(tmp_path: Path) -> None:
    rows = Rows(write(tmp_path / "a.txt", "word " * 1_000 + "\n\n" + "more " * 10))
    assert sum(len(passage.text.split()) for passage in rows.passages) == 1_010
    assert max(len(passage.text.split()) for passage in rows.passages) <= 180


def test_a_pdf_s_large_and_capital_lines_are_headings_with_their_page(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    first = [("Kettle manual", 20), ("Safety", 14), ("Never open the lid while it boils.", 10)]
    first += [("Keep it dry, and away from chil-", 10), ("dren.", 10)]
    second = [("Put it on a flat surface.", 10), ("CLEANING", 10), ("Use vinegar.", 10)]
    rows = Rows(write(tmp_path / "manual.pdf", make_pdf(first, second, [])))
    assert rows.reader.name == "pdf"
    assert [(row.line, row.record.title, row.record.text) for row in rows.parsed] == [
        (
            1,
            "Kettle manual: Safety > page 1",
            "Never open the lid while it boils. Keep it dry, and away from children.",
        ),
        (2, "Kettle manual: Safety > page 2", "Put it on a flat surface."),
        (2, "Kettle manual: CLEANING > page 2", "Use vinegar."),
    ]
    assert rows.faults == [(3, "")]
    assert "scan" in rows.rejected[0].error.reason


def test_a_pdf_that_is_damaged_or_too_large_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    with pytest.raises(FeedError, match="damaged PDF"):
        Rows(write(tmp_path / "a.pdf", b"%PDF-1.4 nothing"))
    whole = write(tmp_path / "b.pdf", make_pdf([("Hello there.", 10)]))
    with pytest.raises(FeedError, match="larger than"):
        Rows(whole, limits=Limits(document=100))


def test_a_locked_pdf_is_named_as_such(tmp_path: Path) -> None:
    pypdf = pytest.importorskip("pypdf")
    plain = write(tmp_path / "plain.pdf", make_pdf([("Hello there.", 10)]))
    writer = pypdf.PdfWriter(plain)
    writer.encrypt("secret", algorithm="RC4-128")
    locked = tmp_path / "locked.pdf"
    writer.write(locked)
    with pytest.raises(FeedError, match="locked by a password"):
        Rows(locked)
