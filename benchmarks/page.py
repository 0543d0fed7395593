"""How fast the page is in a browser: paint, rooms, answers of one user and of four, memory.

`python -m benchmarks.page` starts the page on the demo shop with an empty data directory, drives
it in Chromium on the same machine, prints a Markdown table and keeps it in
`benchmarks/results/page.md`. Every figure is the median of five. Times are taken inside the
browser: of paint by the browser itself, of a room from the click to the frame that shows its
content, of an answer from the Enter key to the frame that shows its first word, and to the one
that shows it whole and checked.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.machine import machine, markdown_table, publish
from catalog_index.console import log
from tests.e2e.chromium import FLAGS, MISSING, find_chromium
from tests.e2e.server import served

RUNS = 5
USERS = 4
SECONDS = 120_000
CONTENT = {
    "studio": "#st-search :is(input, textarea)",
    "stage": "#le-stage-room .le-preset",
    "catalog": "#le-catalog-list .le-pick",
    "quality": "#le-quality .le-figures b",
    "desk": "#le-message textarea",
}
"""What a room is for, on its first screen; the desk last, since a page begins with it."""
QUESTIONS = (
    "how heavy is {id}?",
    "what does {id} cost?",
    "is {id} in stock?",
    "where is {id} made?",
    "how long is the warranty of {id}?",
)
PRODUCTS = ("HP-1001", "HB-1023", "RJ-1011", "KT-1027")
_PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
_SWITCH = """([room, content]) => new Promise((done) => {
  const begun = performance.now();
  const look = () => {
    const part = document.querySelector(content);
    const shown = part && part.offsetParent && document.querySelector(`#le-${room}`).offsetParent;
    if (!shown) return requestAnimationFrame(look);
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - begun)));
  };
  document.querySelector(`#le-${room}-button`).click();
  requestAnimationFrame(look);
})"""
_TIME_ANSWER = """() => {
  const times = (window.leTimes = {});
  const box = document.querySelector('#le-message textarea');
  box.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    const begun = performance.now();
    const look = () => {
      const now = performance.now() - begun;
      const said = [...document.querySelectorAll('#le-chat .bot.message')].pop();
      const text = said ? said.innerText.trim() : '';
      if (!times.first && text && !text.startsWith('In line')) times.first = now;
      const send = document.querySelector('#le-send');
      const over = document.querySelector('#le-actions button') && send && send.offsetParent;
      if (times.first && over) times.whole = now;
      else requestAnimationFrame(look);
    };
    look();
  }, {capture: true, once: true});
}"""


def main() -> None:
    """Measure, print and keep."""
    path = find_chromium()
    if path is None:
        raise SystemExit(MISSING)
    load = os.getloadavg()[0]
    with (
        tempfile.TemporaryDirectory() as kept,
        served(Path(kept)) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        _warm_up(browser, server.address)
        paints, first, again = _rooms(browser, server.address)
        log("rooms measured")
        alone = _answers(browser, server.address, 1)
        log("one user measured")
        together = _answers(browser, server.address, USERS)
        memory = psutil.Process(server.pid).memory_info().rss / 2**20
        browser.close()
    rows = {"first contentful paint": f"{statistics.median(paints) / 1000:.2f} s"}
    for room in sorted(CONTENT, key=list(CONTENT).index):
        rows[f"{room}: opened for the first time / again"] = (
            f"{_median(first[room])} / {_median(again[room])}"
            if room in first
            else f"- / {_median(again[room])}"
        )
    rows |= {
        "one user: first words / whole checked answer": _both(alone),
        f"{USERS} users at once, each: first words / whole checked answer": _both(together),
        "resident memory of the server, after all of it": f"{memory:.0f} MiB",
    }
    report = (
        f"`python -m benchmarks.page` on {machine()}; Chromium on the same machine; medians of"
        f" {RUNS} pages, {len(alone)} answers of one user and {len(together)} of {USERS}."
        f" Load average before it began: {load:.1f}.\n\n"
        + markdown_table(("what", "measured"), list(rows.items()))
    )
    publish("page", report, {**rows, "load average before": load})


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_context(viewport={"width": 1360, "height": 860}).new_page()
    page.goto(address)
    page.wait_for_selector("#le-message textarea")
    page.wait_for_selector("#le-conversations :is(.le-list, .le-hint)", state="attached")
    return page


def _warm_up(browser: Browser, address: str) -> None:
    """Load the model, and leave a conversation that the quality room counts."""
    page = _open(browser, address)
    _ask([page], [QUESTIONS[0].format(id=PRODUCTS[0])])
    page.context.close()


def _rooms(
    browser: Browser, address: str
) -> tuple[list[float], dict[str, list[float]], dict[str, list[float]]]:
    """Return paint times, and by room the times of the first visit and of later ones, in ms."""
    paints: list[float] = []
    first: dict[str, list[float]] = {}
    again: dict[str, list[float]] = {}
    for _ in range(RUNS):
        page = _open(browser, address)
        page.wait_for_function(_PAINT)
        paints.append(page.evaluate(_PAINT))
        page.wait_for_timeout(1500)
        for visit in (first, again):
            for room, content in CONTENT.items():
                took = page.evaluate(_SWITCH, [room, content])
                page.wait_for_timeout(800)
                kind = again if room == "desk" else visit
                kind.setdefault(room, []).append(took)
        page.context.close()
    return paints, first, again


def _answers(browser: Browser, address: str, users: int) -> list[tuple[float, float]]:
    """Return the times to the first words and to the whole of each answer, in ms."""
    pages = [_open(browser, address) for _ in range(users)]
    taken: list[tuple[float, float]] = []
    for number in range(RUNS):
        for page in pages:
            page.click("#le-clear")
            page.wait_for_function("!document.querySelector('#le-chat .message')")
            page.wait_for_timeout(500)
        questions = [
            QUESTIONS[(number + place) % len(QUESTIONS)].format(id=product)
            for place, product in enumerate(PRODUCTS[:users])
        ]
        taken += _ask(pages, questions)
    for page in pages:
        page.context.close()
    return taken


def _ask(pages: Sequence[Page], questions: Sequence[str]) -> list[tuple[float, float]]:
    """Send each page its question, as near to at once as keys can be pressed."""
    for page, question in zip(pages, questions, strict=True):
        page.evaluate(_TIME_ANSWER)
        page.fill("#le-message textarea", question)
    for page in pages:
        page.locator("#le-message textarea").press("Enter")
    taken = []
    for page in pages:
        page.wait_for_function("window.leTimes.whole", timeout=SECONDS)
        times: Any = page.evaluate("window.leTimes")
        taken.append((times["first"], times["whole"]))
    return taken


def _median(times: Sequence[float]) -> str:
    return f"{statistics.median(times):.0f} ms"


def _both(times: Sequence[tuple[float, float]]) -> str:
    first, whole = (statistics.median(one) / 1000 for one in zip(*times, strict=True))
    return f"{first:.2f} s / {whole:.2f} s"


if __name__ == "__main__":
    main()
