"""Texts, attributes, category paths, stock states and GTINs."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_index.parsing import (
    attribute_name,
    category_path,
    clean_text,
    feed_text,
    is_gtin,
    parse_attribute,
    parse_availability,
)
from catalog_index.product import AttributeValue, Quantity, render_value
from tests.catalog_index.strategies import ANY_TEXT, JSON_VALUE


@pytest.mark.parametrize(
    ("value", "parsed"),
    [
        ("Yes", True),
        ("n", False),
        ("1.2 kg", Quantity(1.2, "kg")),
        ("40", Quantity(40)),
        ("007", "007"),
        ("40%", Quantity(40, "%")),
        ('17"', Quantity(17, "in", '17"')),
        ("17 in", Quantity(17, "in")),
        ("12.5-inch", Quantity(12.5, "in", "12.5-inch")),
        ("500GB", Quantity(500, "GB")),
        ("500 gigabytes", Quantity(500, "GB", "500 gigabytes")),
        ("1,5 kilos", Quantity(1.5, "kg", "1,5 kilos")),
        ("10,000 mAh", Quantity(10000, "mAh", "10,000 mAh")),
        ("16 fl oz", Quantity(16, "fl oz")),
        ("16 ounces", Quantity(16, "oz", "16 ounces")),
        ("0,5 rolls", "0,5 rolls"),
        ("20 rolls", Quantity(20, "rolls")),
        ("64-bit", "64-bit"),
        ("3-pin", "3-pin"),
        ("1,5", "1,5"),
        ("30 x 20 cm", "30 x 20 cm"),
        ("<b>red</b> &amp; blue", "red & blue"),
        ("12345678901234567890 kg", "12345678901234567890 kg"),
        ("4006381333931", Quantity(4006381333931)),
        ("red, blue", "red, blue"),
        (["red", "", "blue"], ("red", "blue")),
        ({"value": 3, "unit": "m"}, Quantity(3, "m")),
        ({"value": 3, "unit": "Metres"}, Quantity(3, "m", "3 Metres")),
        ([{"name": "a"}], ("name a",)),
        (float("nan"), "nan"),
        (True, True),
        (None, ""),
    ],
)
def test_attribute_values_get_their_type(value: Any, parsed: AttributeValue) -> None:
    assert parse_attribute(value) == parsed
    assert type(parse_attribute(value)) is type(parsed)


@given(JSON_VALUE)
@example("9" * 400 + " kg")
@example({"value": 10**400})
def test_parse_attribute_never_raises_and_gives_clean_values(value: Any) -> None:
    parsed = parse_attribute(value)
    render_value(parsed).encode()
    if isinstance(parsed, Quantity):
        assert abs(parsed.value) < float("inf")


@given(ANY_TEXT)
def test_a_number_keeps_its_digits_when_written_again(text: str) -> None:
    parsed = parse_attribute(text)
    if isinstance(parsed, Quantity) and not parsed.unit:
        assert str(parsed) == clean_text(text)


@given(ANY_TEXT)
def test_clean_text_is_one_line_that_can_be_stored_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert cleaned == cleaned.strip()
    assert len(cleaned.splitlines()) <= 1
    assert clean_text(cleaned) == cleaned


def test_attribute_names_are_lower_case_words() -> None:
    assert attribute_name(" Battery_Life  (max)\n") == "battery life (max)"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (
            "<p>Steel body</p><ul><li>cordless</li><li>quiet</li></ul>",
            "Steel body. cordless. quiet",
        ),
        ("made of<br>steel<br/>Light", "made of steel. Light"),
        ("water<b>proof</b>", "waterproof"),
        ("fits <3 inches", "fits <3 inches"),
        ("a < b > c", "a < b > c"),
        ("Model <X200>", "Model <X200>"),
        ("AT&T, R&D &amp; Fish &notes", "AT&T, R&D & Fish &notes"),
        ("&lt;p&gt;escaped &amp;amp; twice&lt;/p&gt;", "escaped & twice"),
        ("<script>alert('<p>')</script>Lamp<style>p{}</style>", "Lamp"),
        ("Lamp<script>never closed", "Lamp"),
        ("<img src=x onerror='alert(1)'>Lamp", "Lamp"),
        ("<a title='a>b'>link</a>", "link"),
        ("<!-- no --><![CDATA[Lamp]]>", "Lamp"),
        ("&#60;script&#62;x&#60;/script&#62;Lamp", "Lamp"),
        ("CafÃ© au lait", "Café au lait"),
        ("itâ€™s 20Â°C", "it’s 20°C"),
        ("Café", "Café"),
        ("Ärger für Ångström – naïve “façade”", "Ärger für Ångström – naïve “façade”"),
        ("SÃO PAULO", "SÃO PAULO"),
        (["red", "", "blue"], "red, blue"),
    ],
)
def test_texts_lose_their_markup_and_mojibake_and_nothing_else(written: Any, read: str) -> None:
    assert feed_text(written) == read


@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "&lt;", "script", "<script>", "</script>", "<p ", "'", '"', "x "]
        )
    ).map("".join)
)
def test_no_known_tag_survives(written: str) -> None:
    assert "<script>" not in feed_text(written).replace("&lt;", "").lower()


@pytest.mark.parametrize(
    "piece", ["<a '", "<", "<script", "<!--", "&#60;", "<p>", "<?", "]]", "Ã©"]
)
def test_hostile_markup_takes_linear_time(piece: str) -> None:
    started = time.perf_counter()
    feed_text(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("Home>Kitchen > Kettles", "Home > Kitchen > Kettles"),
        ("Home › Kitchen", "Home > Kitchen"),
        ("Home | Kitchen|Kettles", "Home > Kitchen > Kettles"),
        ("Home / Kitchen / TV/Audio", "Home > Kitchen > TV/Audio"),
        ("Home/Kitchen/Kettles", "Home > Kitchen > Kettles"),
        ("Books > Sci-Fi/Fantasy", "Books > Sci-Fi/Fantasy"),
        ("TV/Audio", "TV/Audio"),
        ("24/7/365", "24/7/365"),
        (" > Kettles > ", "Kettles"),
        ("Home &gt; Kitchen", "Home > Kitchen"),
        (["", "A > B", "C"], "A > B"),
        (None, ""),
    ],
)
def test_category_paths_are_split(written: Any, path: str) -> None:
    assert category_path(written) == path


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("In stock", "in_stock"),
        ("https://schema.org/InStock", "in_stock"),
        (True, "in_stock"),
        ("sold out", "out_of_stock"),
        ("0", "out_of_stock"),
        ("Pre-order", "preorder"),
        ("on request", "on_request"),
        ("", ""),
    ],
)
def test_stock_states_are_google_s_words(written: Any, state: str) -> None:
    assert parse_availability(written) == state


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("4006381333931", True),
        ("04006381333931", True),
        ("036000291452", True),
        ("36000291452", True),
        ("96385074", True),
        ("978-3-16-148410-0", True),
        ("0-306-40615-2", True),
        ("097522980X", True),
        ("4006381333932", False),
        ("4006381333913", False),
        ("1234567", False),
        ("4.00638E+12", False),
        ("\u0664006381333931", False),
        ("", False),
    ],
)
def test_the_check_digit_of_a_gtin_is_tested(code: str, right: bool) -> None:
    assert is_gtin(code) is right
