"""What the pictures show: days of work played on the page, then each room at its best.

A scene opens a room and leaves it as it is to be seen. Knows no camera.
"""

from __future__ import annotations

import csv
import io
import sqlite3
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.e2e.acts import ANSWER_SECONDS, ask, open_page, open_room, write

_WRITING = 180_000
_DAYS = 7
CONVERSATIONS = (
    ("is the Tenora II good for flights? HP-1001", "does HP-1001 fold?"),
    ("how long do I have to return shoes?",),
    ("what is the battery life of HB-1023?",),
    ("find me wireless headphones with noise cancelling under 200",),
    ("what is the battery life of HB-1011?", "is it waterproof?"),
    ("is KT-1027 dishwasher safe?", "how many litres does it hold?"),
    ("do you ship to Switzerland?",),
    ("which is heavier, HP-1001 or HP-1003?",),
    ("is SP-1018 waterproof?", "what does it cost?"),
    ("where is my order?",),
    ("how much of HP-1003 is recycled?",),
    ("write an ad for KT-1027 for Mother's Day, warm, 40 words",),
    ("how heavy is HP-1001?",),
)
NAMED = "Mrs Okafor, hiking boots"
MAIN = ("who pays for the return postage?", "is HP-1001 water resistant?", "how heavy is it?")
COMPARISON = ("since HP-1001 is waterproof, can I swim with it?", "compare it with HP-1003")
CHOICE = ("how much is the Riffle Air?",)
BATCHES = (
    ("spring-titles.csv", "Title", 12),
    ("outlet-categories.csv", "Category", 8),
)
PAUSED = ("autumn-intent.csv", "Purchase intent", 400)


def rehearse(page: Page, address: str, work: Path) -> None:
    """Play what a week leaves behind, so that lists and figures have something to show.

    Args:
        page: a browser's page.
        address: of the server.
        work: a directory for the tables that are uploaded.
    """
    open_page(page, address)
    expect(page.locator("#le-model")).to_contain_text("adapter", timeout=ANSWER_SECONDS)
    for turns in CONVERSATIONS:
        _converse(page, turns)
    _judge(page)
    _name_and_pin(page)
    for name, task, rows in BATCHES:
        _batch(page, _table(work / name, rows), task)
        expect(_job(page, name)).to_have_attribute("data-state", "done", timeout=_WRITING)
    name, task, rows = PAUSED
    _batch(page, _table(work / name, rows), task)
    job = _job(page, name)
    expect(job).to_contain_text("left", timeout=_WRITING)
    page.wait_for_timeout(6000)
    job.locator("[data-act=pause]").click()
    expect(job).to_have_attribute("data-state", "paused", timeout=_WRITING)


def age(database: Path) -> None:
    """Spread the conversations over the last days; the server must be one of our own."""
    with sqlite3.connect(database) as connection:
        names = connection.execute(
            "SELECT id FROM conversations WHERE pinned = 0 ORDER BY created DESC"
        ).fetchall()
        for place, (name,) in enumerate(names):
            back = 86_400.0 * (place * _DAYS // len(names)) + 600.0 * place
            for table, key in (("conversations", "id"), ("turns", "conversation_id")):
                connection.execute(
                    f"UPDATE {table} SET created = created - ? WHERE {key} = ?", (back, name)
                )
            connection.execute(
                "UPDATE conversations SET updated = updated - ? WHERE id = ?", (back, name)
            )
    connection.close()


def _judge(page: Page) -> None:
    """Like one answer; dislike another, and say what it should have said."""
    page.locator("#le-conversations .le-go", has_text="do you ship to").first.click()
    expect(page.locator("#le-chat .user.message")).to_contain_text("Switzerland")
    page.wait_for_timeout(900)
    page.locator("button[aria-label='Like'], button[title='Like']").last.click()
    page.wait_for_timeout(1500)
    page.locator("#le-conversations .le-go", has_text="how heavy is HP-1001").first.click()
    expect(page.locator("#le-chat .bot.message")).to_contain_text("255", timeout=ANSWER_SECONDS)
    page.locator("button[aria-label='Dislike'], button[title='Dislike']").last.click()
    page.locator("#le-tab-feedback label", has_text="Badly written").click(timeout=20_000)
    page.fill("#le-correction textarea", "The Tenora II weighs 255 g, without its cable.")
    page.click("#le-save-feedback")
    expect(page.locator("#le-tab-feedback")).to_contain_text("kept", timeout=20_000)


def _name_and_pin(page: Page) -> None:
    page.locator("#le-conversations .le-go", has_text="HB-1011").first.click()
    expect(page.locator("#le-chat .user.message").first).to_contain_text("HB-1011")
    page.locator(".le-open summary").click()
    page.fill(".le-open .le-menu input", NAMED)
    page.keyboard.press("Enter")
    expect(page.locator(".le-open .le-go")).to_have_text(NAMED)
    page.locator(".le-open summary").click()
    page.locator(".le-open button", has_text="Pin").click()
    page.wait_for_timeout(400)


def _table(path: Path, rows: int) -> Path:
    kinds = ("Steel kettle", "Linen apron", "Walking boots", "Desk lamp")
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(["id", "title", "brand", "color", "query", "labels"])
    for number in range(1, rows):
        kind = kinds[number % len(kinds)]
        labels = "Kettles|Aprons|Boots|Lamps"
        color = ("black", "sand", "green")[number % 3]
        brand = ("Aldmere", "Norrvik")[number % 2]
        row = [f"SP-{2000 + number}", f"{brand} {kind}", brand, color, kind.lower(), labels]
        writer.writerow(row)
    writer.writerow(["SP-2999", "", "Aldmere", "black", "kettle", "Kettles|Lamps"])
    path.write_text(told.getvalue(), encoding="utf-8")
    return path


def _batch(page: Page, table: Path, task: str) -> None:
    open_room(page, "studio")
    page.get_by_role("tab", name="A whole feed").click()
    page.locator("#st-feed-task label", has_text=task).click()
    page.set_input_files("#st-upload input[type=file]", table)
    expect(page.locator("#st-upload")).to_contain_text(table.stem, timeout=20_000)
    page.click("#st-start")
    expect(_job(page, table.name)).to_be_visible(timeout=20_000)


def _job(page: Page, name: str) -> Locator:
    return page.locator(".st-job", has_text=name).first


def desk_empty(page: Page) -> None:
    """An open desk, before the first message."""
    open_room(page, "desk")
    page.click("#le-clear")
    expect(page.locator("#le-chat .message")).to_have_count(0)


def _converse(page: Page, turns: tuple[str, ...]) -> None:
    desk_empty(page)
    for turn in turns:
        ask(page, turn)


def desk(page: Page) -> None:
    """A conversation, and the record that its last answer stands on."""
    _converse(page, MAIN)
    page.locator("#le-chat a[href*='#source-']").last.click()
    page.wait_for_timeout(900)
    page.locator("#le-records details[open]").last.evaluate(
        "card => { const box = card.closest('#le-records');"
        " const top = (part) => part.getBoundingClientRect().top;"
        " box.scrollTop += top(card) - top(box) - 4; }"
    )


def desk_comparison(page: Page) -> None:
    """A false premise put right, then two records side by side."""
    _converse(page, COMPARISON)
    page.wait_for_timeout(900)
    page.locator("#le-chat .bot.message table").last.evaluate(
        "table => { const box = table.closest('.bubble-wrap');"
        " box.scrollTop += table.getBoundingClientRect().top - box.getBoundingClientRect().top"
        " - 90; }"
    )


def desk_choice(page: Page) -> None:
    """A name that fits several products."""
    _converse(page, CHOICE)


def studio(page: Page) -> None:
    """Three versions of an ad, checked."""
    open_room(page, "studio")
    page.get_by_role("tab", name="One product").click()
    if page.locator("#st-change").is_visible():
        page.click("#st-change")
    write(page, "#st-search :is(input, textarea)", "Tenora II wireless headphones")
    page.locator("#st-results button", has_text="HP-1001").click(timeout=20_000)
    expect(page.locator("#st-chosen .le-card")).to_contain_text("HP-1001")
    page.click("#st-write")
    expect(page.locator("#st-status")).to_contain_text("Done in", timeout=_WRITING)
    expect(page.locator("#st-versions .st-version:visible")).to_have_count(3)


def studio_batches(page: Page) -> None:
    """Batches: one paused, two done, a bad row listed."""
    open_room(page, "studio")
    page.get_by_role("tab", name="A whole feed").click()
    expect(page.locator(".st-job").first).to_be_visible(timeout=20_000)
    page.locator(".st-job details summary").first.click()


def stage(page: Page) -> None:
    """The base model's guess beside the checked answer."""
    open_room(page, "stage")
    page.get_by_role("tab", name="Compare").click()
    page.locator(".le-preset").first.click()
    expect(page.locator(".le-col").first).to_be_visible(timeout=ANSWER_SECONDS)
    expect(page.locator("#le-run")).to_be_visible(timeout=ANSWER_SECONDS)
    expect(page.locator("#le-halt")).to_be_hidden(timeout=ANSWER_SECONDS)


def stage_figures(page: Page) -> None:
    """The results of the benchmarks as bars."""
    open_room(page, "stage")
    page.get_by_role("tab", name="Figures").click()
    expect(page.locator(".le-fill").first).to_be_visible(timeout=20_000)


def catalog(page: Page) -> None:
    """A search, and a record of what it found."""
    open_room(page, "catalog")
    write(page, "#le-catalog-words :is(input, textarea)", "waterproof hiking boots under 200")
    found = page.locator("#le-catalog-list .le-pick")
    page.wait_for_timeout(1500)
    found.first.click(timeout=20_000)
    expect(page.locator("#le-catalog-record table").first).to_be_visible(timeout=20_000)


def quality(page: Page) -> None:
    """A week's figures, open questions and feedback."""
    open_room(page, "quality")
    expect(page.locator(".le-open-question").first).to_be_visible(timeout=ANSWER_SECONDS)


SCENES: dict[str, Callable[[Page], None]] = {
    "desk-empty": desk_empty,
    "desk": desk,
    "desk-comparison": desk_comparison,
    "studio": studio,
    "studio-batches": studio_batches,
    "stage": stage,
    "stage-figures": stage_figures,
    "catalog": catalog,
    "quality": quality,
    "desk-choice": desk_choice,
}


IN_VIEW = {"studio": "#st-versions", "stage": "#le-board"}
"""What a narrow window shows of a scene that is longer than it."""


def settled(page: Page, name: str, *, is_narrow: bool) -> None:
    """Wait until movements have come to rest, with nothing focused or pointed at."""
    page.mouse.move(2, 2)
    page.evaluate("document.activeElement && document.activeElement.blur(); scrollTo(0, 0)")
    if is_narrow and name in IN_VIEW:
        page.locator(IN_VIEW[name]).evaluate("part => part.scrollIntoView()")
    page.wait_for_timeout(900)
