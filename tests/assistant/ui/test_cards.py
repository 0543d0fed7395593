"""Records as HTML: nothing of a record is markup, and only a feed's own pictures are shown."""

from __future__ import annotations

import base64
import dataclasses
import html.parser
import os
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from assistant.model.values import ModelInfo
from assistant.ui import cards
from assistant.values import Answer, Citation, Claim, Routed
from catalog_index.product import Money, Passage, Product
from retrieval.values import Hit

NASTY = ["<script>alert(1)</script>", "\"><img src=x onerror='alert(1)'>", "' onmouseover='x"]
TAGS = {"div", "span", "details", "summary", "img", "table", "tr", "th", "td", "p", "s", "h3", "b"}
TAGS |= {"ul", "li", "header", "h1", "nav", "button"}
ATTRIBUTES = {"class", "id", "title", "src", "alt", "width", "height", "aria-hidden", "scope"}
ATTRIBUTES |= {"aria-live", "aria-label", "aria-keyshortcuts", "type", "data-le"}


class Markup(html.parser.HTMLParser):
    """The tags and attributes of a page, as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.sources: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.sources += [value or "" for name, value in attrs if name == "src"]

    def handle_data(self, data: str) -> None:
        self.text += data


def nasty_product(text: str) -> Product:
    """A product whose every field holds markup."""
    values = {
        field.name: text
        for field in dataclasses.fields(Product)
        if field.type in (str, "str") and field.name != "image_link"
    }
    return Product(
        **values,  # type: ignore[arg-type]
        price=Money(Decimal(2), text),
        sale_price=Money(Decimal(1), text),
        gtin=(text,),
        image_link=text,
        attributes=MappingProxyType({text: text, "list": (text, text)}),
    )


def nasty_answer(text: str, intent: str = "answer", grounded: bool = False) -> Answer:
    hit = Hit(nasty_product(text), 1.0, 0.5, matched=(text,))
    page = Hit(Passage(text, text, text, text), 1.0)
    return Answer(
        message=text,
        intent=intent,
        confidence=0.5,
        text=text,
        focus=hit,
        citations=(Citation(1, hit, (text, "price")), Citation(2, page, (text,))),
        hits=(hit, page, dataclasses.replace(hit, record=Product("other", text))),
        claims=(Claim(text, "supported", text, text), Claim(text, "not_in_record")),
        grounded=grounded,
        notes=(text,),
        model=text,
    )


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("grounded", [True, False])
def test_no_text_of_a_record_is_markup(tmp_path: Path, text: str, grounded: bool) -> None:
    answer = nasty_answer(text, grounded=grounded)
    hit = answer.hits[0]
    info = ModelInfo(text, text, text, text, 1, "chat", 512, text)
    pages = [
        cards.panel(answer, 1, tmp_path),
        cards.found_panel(answer.hits, tmp_path),
        cards.record_card(hit, anchor=text, number=1, used=(text,), media_root=tmp_path),
        cards.verdict(answer),
        cards.focus_badge(hit),
        cards.header(info, 1, 2, text),
    ]
    for page in pages:
        found = Markup(page)
        assert found.tags <= TAGS
        assert found.attributes <= ATTRIBUTES
        assert found.sources == []
        assert text in found.text, "it is shown as the text that it is"


def test_an_answer_in_markdown_holds_no_markup_but_its_citations() -> None:
    text = "See [here](http://evil) ![x](http://evil/p.png) <img src=http://evil> `c` [1]."
    answer = dataclasses.replace(nasty_answer(text), text=text)
    shown = cards.answer_markdown(answer, 3)
    assert shown == (
        "See \\[here\\](http:\\//evil) !\\[x\\](http:\\//evil/p.png)"
        " &lt;img src=http:\\//evil&gt; \\`c\\` \\[1\\]. [[1]](#source-3-1) [[2]](#source-3-2)"
    )
    stopped = dataclasses.replace(answer, text="So far", stopped=True, citations=())
    assert cards.answer_markdown(stopped, 1) == "So far *(stopped)*"
    backslash = dataclasses.replace(answer, text="\\[x](y)", citations=())
    assert cards.answer_markdown(backslash, 1) == "\\\\\\[x\\](y)"


def test_a_result_list_links_each_line_to_its_record() -> None:
    hits = [Hit(Product(str(n), f"[T{n}](http://evil)"), 1.0) for n in (1, 2)]
    answer = Answer(
        message="m",
        intent="search",
        confidence=1.0,
        text="Found:\n\n1. [T1](http://evil)\n2. T2\n3. no hit",
        citations=tuple(Citation(n, hit, ()) for n, hit in enumerate(hits, start=1)),
    )
    assert cards.answer_markdown(answer, 2).splitlines() == [
        "Found:",
        "",
        "1. \\[T1\\](http:\\//evil) [[1]](#source-2-1)",
        "2. T2 [[2]](#source-2-2)",
        "3. no hit",
    ]


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A feed's directory with a picture in it, and one outside."""
    root = tmp_path / "feed"
    (root / "pictures").mkdir(parents=True)
    (root / "pictures" / "a.png").write_bytes(b"png")
    (tmp_path / "outside.png").write_bytes(b"secret")
    (root / "out.png").symlink_to(tmp_path / "outside.png")
    (root / "loop.png").symlink_to(root / "loop.png")
    (root / "notes.txt").write_bytes(b"text")
    (root / "dir.png").mkdir()
    os.mkfifo(root / "pipe.png")
    (root / "huge.png").write_bytes(b"x" * 200_001)
    return root


def with_picture(link: str) -> Product:
    return Product("P", "Product", image_link=link)


@pytest.mark.parametrize("link", ["pictures/a.png", "./pictures/../pictures/a.png"])
def test_a_picture_of_the_feed_is_shown(media: Path, link: str) -> None:
    source = cards.picture_source(with_picture(link), media)
    assert source == "data:image/png;base64," + base64.b64encode(b"png").decode()
    card = cards.record_card(Hit(with_picture(link), 1.0), media_root=media)
    assert Markup(card).sources == [source]


@pytest.mark.parametrize(
    "link",
    [
        "",
        "../outside.png",
        "pictures/../../outside.png",
        "{outside}",
        "out.png",
        "loop.png",
        "missing.png",
        "notes.txt",
        "dir.png",
        "pipe.png",
        "huge.png",
        "http://example.org/a.png",
        "file://{outside}",
        "data:image/png;base64,AAAA",
        "a\x00.png",
        "x" * 5000 + ".png",
    ],
)
def test_nothing_else_is_read_as_a_picture(media: Path, link: str) -> None:
    product = with_picture(link.format(outside=media.parent / "outside.png"))
    assert cards.picture_source(product, media) == ""
    assert cards.picture_source(product, None) == ""


def answer_with(intent: str = "answer", **changes: object) -> Answer:
    return Answer("m", intent, 1.0, "text", **changes)  # type: ignore[arg-type]


GOOD = (Claim("9 W", "supported", "LA-1", "power"),)
BAD = (Claim("8 W", "not_in_record"),)


@pytest.mark.parametrize(
    ("answer", "css", "text"),
    [
        (answer_with(claims=GOOD), "le-good", "Checked against the record."),
        (answer_with(claims=GOOD, notes=("Left out.",)), "le-note", "Left out."),
        (answer_with(), "le-note", "No number or yes/no to check"),
        (answer_with(claims=BAD, grounded=False), "le-warn", "A claim is not in the record."),
        (answer_with(stopped=True, claims=GOOD), "le-warn", "Stopped before the end; not checked."),
        (answer_with(abstained=True), "le-note", "The catalog does not hold the answer."),
        (answer_with("ads", claims=GOOD), "le-good", "Checked against the record."),
    ],
)
def test_the_verdict_says_what_the_check_found(answer: Answer, css: str, text: str) -> None:
    shown = cards.verdict(answer)
    assert f'class="le-verdict {css}"' in shown
    assert text in shown


@pytest.mark.parametrize("intent", ["classify", "intent", "search", "chitchat", "out_of_scope"])
def test_what_claims_nothing_has_no_verdict(intent: str) -> None:
    assert cards.verdict(answer_with(intent)) == ""


def test_each_claim_is_shown_with_the_field_that_decided() -> None:
    shown = cards.verdict(answer_with(claims=GOOD + BAD, grounded=False))
    assert '<li class="le-supported">9 W<span>power</span></li>' in shown
    assert '<li class="le-not_in_record">8 W<span>not in record</span></li>' in shown


def test_a_panel_has_the_cited_records_first_and_each_once() -> None:
    lamp, mug = (Hit(Product(name, f"T-{name}", brand="B"), 1.0) for name in ("lamp", "mug"))
    answer = answer_with(citations=(Citation(1, mug, ("brand",)),), hits=(lamp, mug), claims=GOOD)
    shown = cards.panel(answer, 4, None)
    order = ["le-verdict", "This answer stands on", 'id="source-4-1"', "T-mug", "Also found"]
    places = [shown.index(part) for part in [*order, "T-lamp"]]
    assert places == sorted(places)
    assert shown.count("T-mug") == 1
    assert 'class="le-used"><th scope="row">brand' in shown.split("Also found")[0]
    assert "le-used" not in shown.split("Also found")[1]
    assert cards.panel(answer_with(), 1, None) == cards.EMPTY_PANEL
    assert cards.found_panel([], None) == cards.EMPTY_PANEL


def test_a_card_shows_the_price_paid_and_how_it_was_found() -> None:
    product = Product(
        "P",
        "T",
        price=Money(Decimal(20), "EUR"),
        sale_price=Money(Decimal(15), "EUR"),
        availability="in_stock",
    )
    shown = cards.record_card(Hit(product, 1.0, 0.876))
    assert "<span class='le-price'>15.00 EUR</span><s class='le-old'>20.00 EUR</s>" in shown
    assert '<span class="le-stock le-in_stock">in stock</span>' in shown
    assert ">88%<" in shown
    assert ">exact<" in cards.record_card(Hit(product, 1.0, 0.876, exact=True))
    assert "le-score" not in cards.record_card(Hit(product, 1.0))
    assert ">0%<" in cards.record_card(Hit(product, 1.0, -0.2))


@pytest.mark.parametrize(
    ("routed", "text"),
    [
        (Routed("ads", 0.83, False, ()), "Intent: <b>Write an ad</b> · 83%"),
        (Routed("ads", 1.0, False, (), True), "Intent: <b>Write an ad</b> · chosen by you"),
        (Routed("ads", 0.4, True, ()), "Intent: <b>unsure</b> · nearest: Write an ad, 40%"),
        (None, 'aria-live="polite"></div>'),
    ],
)
def test_the_route_badge_tells_sure_unsure_and_overruled(routed: Routed | None, text: str) -> None:
    assert text in cards.route_badge(routed)


def test_the_head_names_model_and_adapter() -> None:
    info = ModelInfo("SmolLM2", "shop-1", "cuda", "bfloat16", 1, "chat", 512, "")
    assert "SmolLM2 · adapter shop-1 · cuda bfloat16" in cards.header(info, 1234, 5, "Demo")
    bare = dataclasses.replace(info, adapter=None)
    assert "SmolLM2 · base model, no adapter" in cards.header(bare, 1, 5, "Demo")
    assert "loading the model ..." in cards.header(None, 1234, 5, "Demo")
    assert "Demo: 1,234 products, 5 policy passages" in cards.header(None, 1234, 5, "Demo")
    assert "About: <b>T</b>" in cards.focus_badge(Hit(Product("P", "T"), 1.0))
    assert "About" not in cards.focus_badge(None)
