"""What a person does at the desk, as steps of a browser test."""

from __future__ import annotations

from playwright.sync_api import Page, expect

ANSWER_SECONDS = 90_000
LONG = "write five versions of a long enthusiastic ad for HP-1001 for students"
"""Takes long enough to be stopped, left or interrupted."""


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#le-message textarea")
    page.wait_for_selector("#le-conversations :is(.le-list, .le-hint)", state="attached")


def send(page: Page, text: str) -> None:
    page.fill("#le-message textarea", text)
    page.keyboard.press("Enter")


def wait_done(page: Page) -> None:
    expect(page.locator("#le-send")).to_be_visible(timeout=ANSWER_SECONDS)
    expect(page.locator("#le-stop")).to_be_hidden(timeout=ANSWER_SECONDS)


def ask(page: Page, text: str) -> str:
    before = page.locator("#le-chat .bot.message").count()
    send(page, text)
    expect(page.locator("#le-chat .bot.message")).to_have_count(before + 1, timeout=ANSWER_SECONDS)
    wait_done(page)
    return last_answer(page)


def last_answer(page: Page) -> str:
    return page.locator("#le-chat .bot.message").last.inner_text().strip()


def open_room(page: Page, room: str) -> None:
    page.click(f"#le-{room}-button")
    expect(page.locator(f"#le-{room}")).to_be_visible()


def write(page: Page, where: str, text: str) -> None:
    """Type a text key by key in place of what is there; the page listens to keys."""
    page.locator(where).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)
