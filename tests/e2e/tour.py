"""The recording of the README: an answer and its record, an ad in three versions, the stage.

Frames are taken as fast as the browser gives them and keep their own time, divided by `SPEED`.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageChops
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.acts import ANSWER_SECONDS, open_page

VIEW = {"width": 1280, "height": 800}
WIDTH = 960
SPEED = 2.0
LONGEST_STILL = 0.9
"""Seconds of the recording that an unchanged page is shown at most."""
_SHORTEST = 0.06
_POINTER = """() => {
  const dot = document.createElement('div');
  dot.id = 'le-pointer';
  dot.style.cssText = 'position:fixed;z-index:9999;width:22px;height:22px;margin:-11px;left:50%;'
    + 'top:60%;border-radius:50%;background:#f59e0b99;border:2px solid #b45309;'
    + 'pointer-events:none;transition:left .35s,top .35s';
  document.body.append(dot);
}"""
_POINT = """([x, y]) => {
  const dot = document.getElementById('le-pointer');
  dot.style.left = `${x}px`; dot.style.top = `${y}px`;
}"""


@dataclass(slots=True)
class Film:
    """Frames and the seconds that each is shown."""

    page: Page
    frames: list[Image.Image] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    last: float = 0.0

    def take(self) -> None:
        """Take a frame; one like the last only makes that last longer."""
        now = time.monotonic()
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        picture = picture.resize(
            (WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS
        )
        if self.frames:
            self.seconds[-1] += now - self.last
        self.last = now
        if self.frames and ImageChops.difference(picture, self.frames[-1]).getbbox() is None:
            return
        self.frames.append(picture)
        self.seconds.append(0.0)

    def still(self, seconds: float) -> None:
        """Film for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.take()
            self.page.wait_for_timeout(40)

    def until(self, done: Callable[[], bool], most: float = 90.0) -> None:
        """Film until something is so."""
        end = time.monotonic() + most
        while not done() and time.monotonic() < end:
            self.take()
        self.take()

    def click(self, where: Locator) -> None:
        """Move the pointer to a part of the page, and click it."""
        where.scroll_into_view_if_needed()
        box = where.bounding_box()
        assert box is not None
        self.page.evaluate(_POINT, [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2])
        self.still(0.6)
        where.click()
        self.take()

    def type(self, where: Locator, text: str) -> None:
        """Type a text, a word at a time."""
        self.click(where)
        for word in text.split(" "):
            self.page.keyboard.type(f"{word} ")
            self.take()

    def save(self, path: Path) -> None:
        """Write the film as a GIF; colours are chosen once, so that frames differ in little."""
        whole = Image.new("RGB", (WIDTH, sum(one.height for one in self.frames[:: self._step()])))
        top = 0
        for one in self.frames[:: self._step()]:
            whole.paste(one, (0, top))
            top += one.height
        palette = whole.quantize(192, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        flat = [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in self.frames]
        shown = [min(one / SPEED, LONGEST_STILL) for one in self.seconds]
        shown[-1] = 2.0
        durations = [round(1000 * max(_SHORTEST, one)) for one in shown]
        flat[0].save(
            path,
            save_all=True,
            append_images=flat[1:],
            duration=durations,
            loop=0,
            optimize=False,
            disposal=1,
        )
        print(f"{path}: {len(flat)} frames, {sum(durations) / 1000:.1f} s")

    def _step(self) -> int:
        return max(1, len(self.frames) // 24)


def record(browser: Browser, address: str, path: Path) -> None:
    """Play the tour on a page and write it.

    Args:
        browser: a running Chromium.
        address: of the page.
        path: of the GIF.
    """
    page = browser.new_page(viewport=VIEW, color_scheme="light")
    open_page(page, f"{address}/?__theme=light")
    expect(page.locator("#le-model")).to_contain_text("adapter", timeout=ANSWER_SECONDS)
    page.evaluate(_POINTER)
    film = Film(page)
    film.still(0.8)
    _at_the_desk(film)
    _in_the_studio(film)
    _on_the_stage(film)
    page.close()
    film.save(path)


def _ask(film: Film, text: str, number: int) -> None:
    page = film.page
    film.type(page.locator("#le-message textarea"), text)
    page.keyboard.press("Enter")
    _finish(film, lambda: page.locator("#le-chat .bot.message").count() >= number)


def _finish(film: Film, begun: Callable[[], bool]) -> None:
    page = film.page
    film.until(lambda: begun() and page.locator("#le-actions button").count() > 0)
    film.until(lambda: page.locator("#le-send").is_visible())
    film.still(1.0)


def _at_the_desk(film: Film) -> None:
    _ask(film, "how heavy is HP-1001?", 1)
    film.click(film.page.locator("#le-chat a[href*='#source-']").last)
    film.still(2.2)
    _ask(film, "is it water resistant?", 2)


def _in_the_studio(film: Film) -> None:
    page = film.page
    film.click(page.locator("#le-studio-button"))
    film.still(0.8)
    film.type(page.locator("#st-search :is(input, textarea)"), "Tenora II headphones")
    found = page.locator("#st-results button", has_text="HP-1001").first
    film.until(found.is_visible, 20.0)
    film.click(found)
    film.until(page.locator("#st-chosen .le-card").is_visible, 20.0)
    film.click(page.locator("#st-write"))
    film.until(lambda: "Done in" in page.locator("#st-status").inner_text())
    film.still(2.6)


def _on_the_stage(film: Film) -> None:
    page = film.page
    film.click(page.locator("#le-stage-button"))
    preset = page.locator(".le-preset").first
    film.until(preset.is_visible, 20.0)
    film.click(preset)
    page.locator("#le-prompt-row").evaluate("part => part.scrollIntoView({behavior: 'smooth'})")
    film.until(lambda: page.locator("#le-halt").is_visible(), 20.0)
    film.until(lambda: page.locator("#le-run").is_visible())
    film.still(1.5)
