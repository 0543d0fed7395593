"""Every room: it opens fast, fits its window, can be used by all; catalog and quality at work."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant.access.gate import Gate
from assistant.store.database import Database
from catalog_index.build import build_index
from tests.assistant.programs.serving import open_service, running
from tests.attacks.records import hostile_records
from tests.e2e.acts import ask, open_page, open_room
from tests.fakes import HashEmbedder, ScriptedEngine, write_shop

ROOMS = ("desk", "studio", "stage", "catalog", "quality")
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
FIRST_PAINT_SECONDS, SWITCH_SECONDS = 1.5, 0.3
BUSY = 3.0
"""Times as slow as the goals at most: a test machine does other things too. `benchmarks.page`
measures them."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    """A page over an index of its own, which a test may change."""
    build_index(write_shop(tmp_path / "shop"), tmp_path / "index", embedder=HashEmbedder())
    service = open_service(tmp_path / "index", ScriptedEngine())
    with running(service, Database(tmp_path / "page.sqlite3"), Gate()) as server:
        yield server.url


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options=WCAG).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node['failureSummary'][:300]}"
        for one in found
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_room_can_be_used_by_all(browser: Any, url: str, scheme: str) -> None:
    page = browser.new_page(viewport={"width": 1360, "height": 860}, color_scheme=scheme)
    open_page(page, f"{url}/?__theme={scheme}")
    ask(page, "how heavy is HP-1001?")
    told = {}
    for room in ROOMS:
        open_room(page, room)
        page.wait_for_timeout(1200)
        told[room] = faults(page)
    page.close()
    assert told == {room: [] for room in ROOMS}


@pytest.mark.parametrize("width", [390, 1360, 2560])
def test_no_room_needs_sideways_scrolling(browser: Any, url: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    open_page(page, url)
    for room in ROOMS:
        if page.locator(f"#le-{room}-button").is_visible():
            open_room(page, room)
        else:
            page.goto(f"{url}/#{room}")
            page.reload()
            expect(page.locator(f"#le-{room}")).to_be_visible(timeout=20_000)
        page.wait_for_timeout(700)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, room
    page.close()


def test_first_paint_and_tabs_are_quick(page: Page, url: str) -> None:
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert paint / 1000 < FIRST_PAINT_SECONDS * BUSY
    for _ in range(2):
        for room in ROOMS:
            begun = time.monotonic()
            open_room(page, room)
            took = time.monotonic() - begun
    assert took < SWITCH_SECONDS * BUSY


def test_back_returns_to_the_room_before(page: Page) -> None:
    for room in ("studio", "catalog"):
        open_room(page, room)
    page.go_back()
    expect(page.locator("#le-studio")).to_be_visible()
    page.go_back()
    expect(page.locator("#le-desk")).to_be_visible()


def test_a_product_is_browsed_searched_and_opened(page: Page) -> None:
    open_room(page, "catalog")
    listed = page.locator("#le-catalog-list .le-pick")
    expect(listed).to_have_count(12, timeout=20_000)
    first = listed.first.inner_text()
    page.locator("#le-catalog-list button[aria-label='Next page']").click()
    expect(listed.first).not_to_have_text(first)
    page.locator("#le-catalog-words input, #le-catalog-words textarea").press_sequentially(
        "HP-1003"
    )
    expect(listed.first).to_contain_text("HP-1003", timeout=20_000)
    listed.first.click()
    record = page.locator("#le-catalog-record")
    expect(record).to_contain_text("56 h", timeout=20_000)


def test_a_feed_is_uploaded_built_and_its_changes_and_refusals_are_shown(
    browser: Any, shop: str, tmp_path: Path
) -> None:
    page = browser.new_page()
    open_page(page, shop)
    open_room(page, "catalog")
    expect(page.locator("#le-catalog-list")).to_contain_text("Steel kettle", timeout=20_000)
    feed = tmp_path / "more.csv"
    feed.write_text(
        "id,title,price\nKE-1001,Steel kettle 1.9 l,41.00 EUR\n"
        "NEW-1,Copper jug,9.00 EUR\n,No id,1\n"
    )
    page.locator("#le-feed input[type=file]").set_input_files(feed)
    expect(page.locator("#le-feed")).to_contain_text("more", timeout=20_000)
    page.click("#le-build")
    told = page.locator("#le-build-progress")
    expect(told).to_contain_text("1 added, 1 changed", timeout=60_000)
    expect(told).to_contain_text("1 refused")
    expect(page.locator("#le-catalog-list")).to_contain_text("Copper jug", timeout=20_000)
    page.get_by_text("What changed since the generation before").click()
    expect(page.locator(".le-change").first).to_contain_text("1.9 l", timeout=20_000)
    page.get_by_text("Rows that were refused").click()
    expect(page.locator("#le-rejects")).to_contain_text("more.csv", timeout=20_000)
    page.close()


def test_a_broken_feed_leaves_the_catalog_as_it_was_and_says_why(
    browser: Any, shop: str, tmp_path: Path
) -> None:
    page = browser.new_page()
    open_page(page, shop)
    open_room(page, "catalog")
    feed = tmp_path / "broken.csv"
    feed.write_bytes(b"\x00\xff\xfe garbage \x00" * 400)
    page.locator("#le-feed input[type=file]").set_input_files(feed)
    expect(page.locator("#le-feed")).to_contain_text("broken", timeout=20_000)
    page.click("#le-build")
    fault = page.locator("#le-build-progress [role=alert]")
    expect(fault).to_contain_text("broken.csv", timeout=60_000)
    expect(page.locator("#le-catalog-list")).to_contain_text("Steel kettle")
    expect(page.locator("#le-build")).to_be_enabled()
    page.close()


def test_a_hostile_record_is_harmless_in_every_room(browser: Any, tmp_path: Path) -> None:
    feed = tmp_path / "hostile.jsonl"
    records = hostile_records()
    feed.write_text("".join(f"{json.dumps(record.row)}\n" for record in records), encoding="utf-8")
    build_index([feed], tmp_path / "index", embedder=HashEmbedder())
    engine = ScriptedEngine()
    engine.enqueue(*["<img src=x onerror=\"document.title='owned'\"> [x](javascript:alert(1))"] * 9)
    service = open_service(tmp_path / "index", engine)
    with running(service, Database(tmp_path / "page.sqlite3"), Gate()) as server:
        page = browser.new_page()
        outside: list[str] = []
        page.on("dialog", lambda dialog: outside.append(dialog.message))
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith((server.url, "data:", "blob:"))
                else outside.append(sent.url)
            ),
        )
        open_page(page, server.url)
        for record in records[:3]:
            ask(page, f"what is the capacity of {record.id}?")
        open_room(page, "catalog")
        page.wait_for_timeout(1500)
        for number in range(3):
            page.locator("#le-catalog-list .le-pick").nth(number).click()
            page.wait_for_timeout(500)
        open_room(page, "quality")
        page.wait_for_timeout(1500)
        assert page.title() == "LLaMA-E"
        assert outside == []
        page.close()


def test_what_the_catalog_does_not_say_is_counted_with_the_records_that_lack_it(
    page: Page,
) -> None:
    ask(page, "what is the battery life of HB-1023?")
    open_room(page, "quality")
    question = page.locator("#le-open-questions .le-open-question").first
    expect(question).to_contain_text("battery life", timeout=60_000)
    expect(question).to_contain_text("such records lack")
