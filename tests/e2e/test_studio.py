"""What a seller does in the studio, in a real Chromium: write, edit, keep, and work off a feed."""

from __future__ import annotations

import csv
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

WRITING = 90_000
ROWS = 5_000


def open_studio(page: Page) -> None:
    page.wait_for_timeout(500)  # the rooms that the user's role opens are being shown
    page.get_by_role("tab", name="Studio").click()
    page.wait_for_selector("#st-search :is(input, textarea)")


def pick(page: Page, text: str) -> None:
    page.locator("#st-search :is(input, textarea)").press_sequentially(text, delay=10)
    page.locator("#st-results button", has_text="HP-1001").click()
    expect(page.locator("#st-chosen .le-card")).to_contain_text("HP-1001")


def choose(page: Page, task: str) -> None:
    page.locator("#st-task label", has_text=task).click()
    page.wait_for_timeout(300)


def write(page: Page) -> None:
    page.click("#st-write")
    wait_written(page)


def wait_written(page: Page) -> None:
    expect(page.locator("#st-status")).to_contain_text("Done in", timeout=WRITING)
    expect(page.locator("#st-write")).to_be_visible()


def test_three_ads_are_written_checked_edited_and_kept(page: Page) -> None:
    open_studio(page)
    pick(page, "HP-1001")
    page.click("#st-write")
    expect(page.locator(".st-draft").first).to_be_visible(timeout=WRITING)
    wait_written(page)
    expect(page.locator("#st-versions .st-version:visible")).to_have_count(3)
    texts = page.locator("#st-versions .st-text").all_inner_texts()
    assert len(set(texts)) == 3, "the versions differ"
    assert page.locator("#st-versions mark.st-supported").count() > 0
    page.locator("#st-edit-1 > button").click()
    box = page.locator("#st-text-1 textarea")
    mine = f"Tenora II weighs 17 kg. {uuid.uuid4().hex}"
    box.fill(mine)
    expect(page.locator("#st-count-1")).to_contain_text(f"{len(mine)} characters · 6 words")
    box.blur()
    proof = page.locator("#st-proof-1")
    expect(proof).to_contain_text("edited")
    expect(proof.locator("mark:not(.st-supported)").first).to_contain_text("17")
    expect(proof).to_contain_text("check the marked words")
    page.click("#st-keep-1")
    expect(page.locator("#st-keep-1")).to_contain_text("Kept")
    page.get_by_role("tab", name="Kept texts").click()
    card = page.locator(".st-kept li", has_text=mine)
    expect(card).to_contain_text("edited by you")
    with page.expect_download() as saved:
        page.click("#st-kept-save")
    rows = read_csv(saved.value.path())
    assert [row["edited"] for row in rows if row["text"] == mine] == ["yes"]
    card.locator("button").click()
    expect(card).to_have_count(0)


def test_a_title_stands_beside_the_one_before_and_keeps_the_platforms_limit(page: Page) -> None:
    open_studio(page)
    pick(page, "HP-1001")
    choose(page, "Title")
    page.fill("#st-one-query :is(input, textarea)", "wireless headphones with long battery")
    page.locator("#st-one-platform input").click()
    page.get_by_role("option", name="eBay · 80 characters").click()
    write(page)
    expect(page.locator("#st-versions .st-diff").first).to_contain_text("Before")
    assert page.locator("#st-versions ins, #st-versions del").count() > 0
    for text in page.locator(".st-count:visible").all_inner_texts():
        length = re.match(r"(\d+) of 80 characters", text)
        assert length is not None and int(length[1]) <= 80, text
    expect(page.locator("#st-proof-1 .st-asked")).to_contain_text("eBay")


def test_a_changed_setting_is_written_anew_unless_a_version_was_edited(page: Page) -> None:
    open_studio(page)
    pick(page, "HP-1001")
    choose(page, "Title")
    write(page)
    page.locator("#st-one-platform input").click()
    page.get_by_role("option", name="Shopify").click()
    expect(page.locator("#st-count-1")).to_contain_text("of 70 characters", timeout=WRITING)
    wait_written(page)
    page.locator("#st-edit-1 > button").click()
    page.fill("#st-text-1 textarea", "My own words")
    page.locator("#st-one-platform input").click()
    page.get_by_role("option", name="Etsy").click()
    expect(page.locator("#st-status")).to_contain_text("replace the versions you edited")
    assert page.input_value("#st-text-1 textarea") == "My own words"


def test_category_intent_and_answer(page: Page) -> None:
    open_studio(page)
    pick(page, "HP-1001")
    choose(page, "Category")
    page.fill("#st-one-labels textarea", "Headphones\nHiking boots\nKettles")
    write(page)
    expect(page.locator(".st-label")).to_have_text("Headphones")
    expect(page.locator(".st-labels li")).to_have_count(3)
    choose(page, "Purchase intent")
    write_button = page.locator("#st-write")
    write_button.click()
    expect(page.locator("#st-status")).to_contain_text("Write what the shopper types")
    page.fill("#st-one-query :is(input, textarea)", "over-ear headphones")
    write(page)
    expect(page.locator(".st-labels li")).to_have_count(3)
    choose(page, "Answer")
    page.fill("#st-one-question :is(input, textarea)", "How heavy is it?")
    write(page)
    expect(page.locator("#st-proof-1 .st-text")).to_contain_text("255")
    expect(page.locator("#st-result")).to_contain_text("weight")


def test_a_hostile_record_is_shown_as_text(page: Page) -> None:
    open_studio(page)
    page.get_by_role("button", name="Paste a record instead").click()
    page.fill("#st-paste textarea", "brand: X")
    page.click("#st-use")
    expect(page.locator("#st-paste-fault")).to_contain_text("no title")
    page.fill(
        "#st-paste textarea",
        "title: Kettle &lt;img src=x onerror=\"document.title='owned'\"&gt;\nbrand: <b>Aldmere</b>",
    )
    page.click("#st-use")
    expect(page.locator("#st-chosen .le-card")).to_contain_text("Kettle")
    choose(page, "Title")
    write(page)
    assert page.title() != "owned"
    assert page.locator("#st-one img[src='x']").count() == 0


def test_an_unfit_feed_gets_one_clear_sentence(page: Page, tmp_path: Path) -> None:
    open_studio(page)
    page.get_by_role("tab", name="A whole feed").click()
    page.click("#st-start")
    expect(page.locator("#st-feed-status")).to_contain_text("Choose a CSV table first")
    with page.expect_download() as saved:
        page.click("#st-template")
    assert "query" in read_csv(saved.value.path())[0]
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0")
    page.set_input_files("#st-upload input[type=file]", broken)
    expect(page.locator("#st-upload")).to_contain_text("broken")
    page.click("#st-start")
    expect(page.locator("#st-feed-status")).to_contain_text("not text")


def test_the_studio_fits_a_phone(browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(url)
    page.wait_for_selector("#le-message textarea")
    open_studio(page)
    pick(page, "HP-1001")
    choose(page, "Title")
    write(page)
    for tab in ("A whole feed", "Kept texts", "One product"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, tab
    page.close()


@contextmanager
def served(model: Path, data: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server of its own, with a model that is small enough for thousands of rows."""
    command = [sys.executable, "-m", "app", "serve", "--no-browser", "--port", str(port)]
    with (data.parent / "log").open("ab") as log:
        server = subprocess.Popen(
            [*command, "--base-model", str(model)],
            cwd=Path(__file__).parents[2],
            stdout=log,
            stderr=log,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "LLAMA_E_DATA": str(data)},
        )
    try:
        deadline = time.monotonic() + 120
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}", timeout=2).close()
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < deadline, "no server"
                time.sleep(0.3)
        yield server
    finally:
        server.kill()
        server.wait()


@pytest.mark.timeout(240)
def test_5000_rows_stopped_by_a_kill_and_resumed_are_each_there_once(
    browser, tmp_path: Path
) -> None:
    from tests.tiny import save_tiny_llama

    model = save_tiny_llama(tmp_path / "tiny", context=2048)
    feed = tmp_path / "feed.csv"
    with feed.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "query", "title"])
        writer.writerows([f"P{n}", "kettle", f"Kettle {n}"] for n in range(ROWS))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    card = ".st-job >> nth=0"
    with served(model, tmp_path / "data", port) as server:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        open_studio(page)
        page.get_by_role("tab", name="A whole feed").click()
        page.locator("#st-feed-task label", has_text="Purchase intent").click()
        page.set_input_files("#st-upload input[type=file]", feed)
        expect(page.locator("#st-upload")).to_contain_text("feed")
        page.click("#st-start")
        expect(page.locator(card)).to_contain_text("of 5,000 rows", timeout=30_000)
        expect(page.locator(card)).to_contain_text(re.compile(r"rows a second.*left"))
        page.locator("[data-act=pause]").click()
        expect(page.locator(card)).to_have_attribute("data-state", "paused")
        page.locator("[data-act=resume]").click()
        expect(page.locator(card)).to_have_attribute("data-state", "running")
        with page.expect_download() as saved:
            page.locator("[data-act=download]").click()
        partial = read_csv(saved.value.path())
        server.send_signal(signal.SIGKILL)
        page.close()
    assert 0 < len(partial) < ROWS, "it was stopped in the middle"
    with served(model, tmp_path / "data", port):
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        open_studio(page)
        page.get_by_role("tab", name="A whole feed").click()
        expect(page.locator(card)).to_have_attribute("data-state", "paused", timeout=30_000)
        expect(page.locator(card)).to_contain_text("press Resume to go on")
        page.locator("[data-act=resume]").click()
        expect(page.locator(card)).to_have_attribute("data-state", "done", timeout=150_000)
        with page.expect_download() as saved:
            page.locator("[data-act=download]").click()
        whole = read_csv(saved.value.path())
        page.close()
    assert [row["id"] for row in whole] == [f"P{n}" for n in range(ROWS)]
    assert all(row["label"] for row in whole) and not any(row["error"] for row in whole)
    assert whole[: len(partial)] == partial, "what was done is not done again"


def read_csv(path: Path) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
