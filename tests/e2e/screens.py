"""Photographs the running page into `docs/screens/`: `python -m tests.e2e.screens [ADDRESS]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.chromium import FLAGS, find_chromium

SCREENS = Path(__file__).parents[2] / "docs" / "screens"
WIDE, NARROW = {"width": 1360, "height": 820}, {"width": 390, "height": 844}
SCENES = {
    "chat": ("who pays for the return postage?", "how heavy is HP-1001?", "is it water resistant?"),
    "compare": ("since HP-1001 is waterproof, can I swim with it?", "compare it with HP-1003"),
    "choose": ("how much is the Riffle Air?",),
}
SECONDS = 60_000


def main() -> None:
    address = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7860"
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        for scheme in ("light", "dark"):
            photograph(browser, f"{address}/?__theme={scheme}", scheme)
        browser.close()


def photograph(browser: Browser, address: str, scheme: str) -> None:
    for size, view in (("", WIDE), ("-phone", NARROW)):
        page = browser.new_page(viewport=view, color_scheme=scheme)
        page.goto(address)
        page.wait_for_selector("#le-message textarea")
        expect(page.locator("#le-model")).to_contain_text("adapter", timeout=SECONDS)
        page.screenshot(path=SCREENS / f"empty-{scheme}{size}.png")
        for name, turns in SCENES.items() if not size else [("chat", SCENES["chat"])]:
            play(page, turns)
            page.screenshot(path=SCREENS / f"{name}-{scheme}{size}.png", full_page=bool(size))
            page.click("#le-clear")
            page.wait_for_timeout(900)
        page.close()


def play(page: Page, turns: Sequence[str]) -> None:
    """Ask one thing after another, and open the last source."""
    for number, text in enumerate(turns, start=1):
        page.fill("#le-message textarea", text)
        page.keyboard.press("Enter")
        answers = page.locator("#le-chat .bot.message")
        expect(answers).to_have_count(number, timeout=SECONDS)
        expect(page.locator("#le-stop")).to_be_hidden(timeout=SECONDS)
        expect(page.locator("#le-send")).to_be_visible(timeout=SECONDS)
    sources = page.locator("#le-chat a[href*='#source-']")
    if sources.count():
        sources.last.click()
    page.wait_for_timeout(900)


if __name__ == "__main__":
    main()
