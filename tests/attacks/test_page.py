"""No HTML, link or picture of a record, a turn or a model reaches the page alive."""

from __future__ import annotations

import dataclasses
import html.parser
import re
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from assistant.ui import cards
from assistant.ui.desk import chips
from assistant.ui.desk.chat import Asked, View, run_turn
from assistant.ui.desk.transcript import Past, messages_of
from assistant.values import Answer, Citation, Claim, Turn
from catalog_index.parsing import clean_text
from retrieval.hybrid import HybridRetriever
from retrieval.registry import find_product, search
from retrieval.values import Hit, Query
from tests.attacks.conftest import Ask
from tests.attacks.records import REMOTE, hostile_records
from tests.attacks.shop import GullibleEngine
from tests.attacks.turns import hostile_turns

RECORDS = hostile_records()
TURNS = [turn for turn in hostile_turns() if not turn.is_bulky]
HTML_TAGS = {
    *("div", "span", "details", "summary", "img", "table", "tr", "th", "td", "p", "s", "h3"),
    *("b", "ul", "li", "header", "h1"),
}
HTML_ATTRIBUTES = {
    *("class", "id", "title", "src", "alt", "width", "height", "aria-hidden", "scope"),
    "aria-live",
}
MARKDOWN_TAGS = {
    *("p", "ol", "ul", "li", "em", "a", "br", "hr", "pre", "code"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
"""Lists, rules and set-off lines of a record's text are harmless; so is what we add ourselves."""
ALIVE = f"""<script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1))
<evil-widget onclick=alert(1)>x</evil-widget> ![p]({REMOTE}/p.png) {REMOTE} www.evil.example
a@evil.example <{REMOTE}> ![y][z] **bold** `code` $$x$$ | a | b |
| --- | --- |
[z]: {REMOTE}
~~~
&lt;b&gt; &#60;i&#62; # Big \u202eturned"""


class Seen(html.parser.HTMLParser):
    """The tags, attributes and addresses of a page, as a browser would find them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.add(f"comment {data[:20]}")

    def handle_decl(self, decl: str) -> None:
        self.tags.add(f"declaration {decl[:20]}")

    def unknown_decl(self, data: str) -> None:
        self.tags.add(f"declaration {data[:20]}")

    def handle_pi(self, data: str) -> None:
        self.tags.add(f"instruction {data[:20]}")


def check_html(page: str) -> Seen:
    """Check a string that is given to the page as HTML."""
    seen = Seen(page)
    assert seen.tags <= HTML_TAGS
    assert seen.attributes <= HTML_ATTRIBUTES
    assert not [one for one in seen.addresses if not one.startswith("data:image/")]
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", page)
    return seen


def check_markdown(text: str) -> Seen:
    """Check a string that is given to the chat as markdown, raw HTML allowed, links found."""
    rendered = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    seen = Seen(rendered.render(text))
    assert seen.tags <= MARKDOWN_TAGS, text
    assert seen.attributes <= {"href", "start"}, text
    assert all(re.fullmatch(r"#source-\d+-\d+", one) for one in seen.addresses), text
    assert "$" not in text.replace("\\$", "")
    assert not re.search(r"://|\bwww\.|(?<!\\)@", text, re.I), "an address is made a link"
    return seen


def hit_of(retriever: HybridRetriever, name: str) -> Hit:
    hit = find_product(retriever, clean_text(name))
    assert hit is not None
    return hit


def answer_on(hit: Hit, text: str, intent: str = "answer", **changes: object) -> Answer:
    """An answer every part of which holds a text."""
    answer = Answer(
        message=text,
        intent=intent,
        confidence=0.5,
        text=text,
        focus=hit,
        citations=(Citation(1, hit, (text, "price")),),
        hits=(hit,),
        claims=(Claim(text, "supported", text, text), Claim(text, "not_in_record")),
        notes=(text,),
        choices=(hit,),
        model=text,
    )
    return dataclasses.replace(answer, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.name)
def test_no_record_is_markup_on_the_page(
    hostile: HybridRetriever, tmp_path: Path, record: object
) -> None:
    hit = hit_of(hostile, record.id)  # type: ignore[attr-defined]
    told = f"{hit.title[:4_000]} {dict(hit.record.fields()).get('description', '')[:4_000]}"  # type: ignore[union-attr]
    answer = answer_on(hit, told)
    card = check_html(cards.record_card(hit, used=("capacity",), media_root=tmp_path))
    assert "49.00 EUR" in card.text
    assert "2.5 l" in card.text
    check_html(cards.panel(answer, 1, tmp_path))
    check_html(cards.focus_badge(hit))
    check_html(cards.verdict(dataclasses.replace(answer, grounded=False)))
    check_html(cards.earlier_panels([(told, "")]))
    check_markdown(cards.answer_markdown(answer, 1))


@pytest.mark.parametrize("intent", ["answer", "ads", "title", "classify", "search"])
@pytest.mark.parametrize("is_stopped", [False, True])
def test_what_a_model_writes_is_no_markup(
    hostile: HybridRetriever, intent: str, is_stopped: bool
) -> None:
    hit = hit_of(hostile, "HX-000")
    answer = answer_on(hit, f"1. {ALIVE}", intent, stopped=is_stopped)
    seen = check_markdown(cards.answer_markdown(answer, 3))
    for shown in ("<script>alert(1)</script>", "onerror=alert(1)", REMOTE, "www.evil.example"):
        assert shown in seen.text, "it is shown as the text that it is"
    check_html(cards.panel(answer, 3, None))


def test_policies_are_no_markup_on_the_page(hostile: HybridRetriever) -> None:
    hits = search(hostile, Query("parcels gift cards open links help terms", 30, "passage"))
    assert len(hits) > 5
    for hit in hits:
        check_html(cards.record_card(hit, number=1, anchor="source-1-1"))
        check_markdown(cards.answer_markdown(answer_on(hit, hit.title + " " + hit.title), 1))


def _views(
    make: Ask, retriever: HybridRetriever, intent: str, history: Sequence[tuple[str, str]]
) -> Iterator[View]:
    past = tuple(
        Past(text) if role == "user" else Past("<b>q</b>", text=text) for role, text in history[:-1]
    )
    yield from run_turn(
        lambda: make(retriever, intent),
        Asked(history[-1][1], past),
        media_root=None,
        stop=threading.Event(),
    )


@pytest.mark.parametrize("intent", ["answer", "search", "ads", "title"])
def test_no_turn_puts_markup_on_the_page(
    make: Ask, hostile: HybridRetriever, engine: GullibleEngine, intent: str
) -> None:
    engine.mood, engine.wish = "obey", ALIVE
    for turn in TURNS[::5]:
        history = [*turn.history, ("user", turn.message)]
        for view in _views(make, hostile, intent, history):
            assert view.history
            for message in view.history:
                check_markdown(message["content"])
            if view.panel is not None:
                check_html(view.panel)


def test_what_a_user_types_is_shown_as_typed_and_is_no_markup() -> None:
    [message] = messages_of([Past(ALIVE)])
    seen = check_markdown(message["content"])
    assert "<script>alert(1)</script>" in seen.text


def test_the_parts_around_the_chat_hold_no_markup(hostile: HybridRetriever) -> None:
    hit = hit_of(hostile, "HX-000")
    answer = answer_on(hit, ALIVE)
    for page in (
        chips.actions_html(answer),
        chips.follow_ups_html([ALIVE]),
        chips.alternatives_html(None, answer),
        chips.pinned_html(hit, None),
        chips.products_html([hit], None),
        chips.conditions_html(hostile, f"{ALIVE} under 50"),
    ):
        seen = Seen(page)
        assert seen.tags <= {"div", "button", "span", "small", "b", "img"}, page
        assert not {name for name in seen.attributes if name.startswith("on")}, page


def test_a_fault_on_the_page_is_no_markup(make: Ask, hostile: HybridRetriever) -> None:
    class Broken:
        def stream(self, turn: Turn, stop: object) -> Iterator[None]:
            from assistant.errors import ProductNotFoundError

            raise ProductNotFoundError(ALIVE)

    views = list(
        run_turn(
            Broken,  # type: ignore[arg-type,return-value]
            Asked("x"),
            media_root=None,
            stop=threading.Event(),
        )
    )
    check_markdown(views[-1].history[-1]["content"])


@pytest.mark.parametrize("link", [f"{REMOTE}/p.png", "../../../etc/passwd", "file:///etc/passwd",
                                  "data:text/html,x", "javascript:alert(1)", "\x00", "a" * 9_000,
                                  "//evil.example/p.png", "p.html"])  # fmt: skip
def test_no_picture_is_taken_from_elsewhere(
    hostile: HybridRetriever, tmp_path: Path, link: str
) -> None:
    (tmp_path / "p.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    hit = hit_of(hostile, "HX-000")
    pictured = dataclasses.replace(hit, record=dataclasses.replace(hit.record, image_link=link))
    assert check_html(cards.record_card(pictured, media_root=tmp_path)).addresses == []
