"""What a presenter does on the stage, in a real Chromium against the real model and demo shop."""

from __future__ import annotations

import csv
import io
import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

RUN_SECONDS = 90_000
FACT, PREMISE, UNANSWERED, AD = range(4)


@pytest.fixture
def stage(page: Page) -> Page:
    page.get_by_role("tab", name="Stage", exact=True).click()
    expect(page.locator(".le-preset").first).to_be_visible(timeout=RUN_SECONDS)
    return page


def wait_done(page: Page) -> None:
    expect(page.locator("#le-run")).to_be_visible(timeout=RUN_SECONDS)
    expect(page.locator("#le-halt")).to_be_hidden(timeout=RUN_SECONDS)


def demonstrate(page: Page, number: int) -> None:
    page.locator(".le-preset").nth(number).click()
    expect(page.locator(".le-col").first).to_be_visible(timeout=RUN_SECONDS)
    wait_done(page)


def column(page: Page, letter: str):
    return page.locator(f".le-col[aria-label^='{letter}:']")


def run(page: Page, prompt: str) -> None:
    page.fill("#le-prompt textarea", prompt)
    page.click("#le-run")


def pick(page: Page, label: str, choice: str) -> None:
    page.get_by_label(label).click()
    page.get_by_role("option", name=choice, exact=True).click()
    expect(page.get_by_role("option")).to_have_count(0)


def test_a_demonstration_is_one_click_and_tells_guess_from_record(stage: Page) -> None:
    demonstrate(stage, FACT)
    guess, whole = column(stage, "A"), column(stage, "B")
    expect(guess).to_contain_text("no catalog")
    expect(whole).to_contain_text("255 g")
    expect(whole.locator(".le-held").first).to_contain_text("255 g")
    expect(whole.locator(".le-card")).to_contain_text("HP-1001")
    expect(guess).to_contain_text("Checked afterwards against the record")
    for part in (guess, whole):
        assert re.search(r"Total\s+\d+\.\d\d s", part.inner_text())


def test_columns_stream_together(stage: Page) -> None:
    pick(stage, "System 2: model", "Base model")
    pick(stage, "System 2: grounding", "Model alone, no catalog")
    run(stage, "Tell me at length why people like to walk in the hills.")
    seen: list[tuple[int, int]] = []
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(seen) < 400:
        if not stage.locator("#le-halt").is_visible() and seen:
            break
        script = "parts => parts.map((part) => part.innerText.length)"
        lengths = stage.eval_on_selector_all(".le-out", script)
        if len(lengths) == 2:
            seen.append((lengths[0], lengths[1]))
        time.sleep(0.05)
    wait_done(stage)
    ends = [max(pair[at] for pair in seen) for at in (0, 1)]
    both = [pair for pair in seen if 0 < pair[0] < ends[0] and 0 < pair[1] < ends[1]]
    assert len(set(both)) >= 3, "both grow at the same time"


def test_stop_ends_every_column(stage: Page) -> None:
    pick(stage, "System 2: grounding", "Model alone, no catalog")
    run(stage, "Write a long story about a kettle that travels around the world.")
    expect(stage.locator(".le-col").nth(1).locator(".le-out")).to_contain_text(
        re.compile(r"\w+ \w+"), timeout=RUN_SECONDS
    )
    stage.click("#le-halt")
    wait_done(stage)
    expect(stage.locator(".le-state-stopped").first).to_be_visible()
    before = stage.locator("#le-board").inner_text()
    time.sleep(1)
    assert stage.locator("#le-board").inner_text() == before


def test_what_the_catalog_does_not_hold_is_abstained_from(stage: Page) -> None:
    demonstrate(stage, UNANSWERED)
    expect(column(stage, "B")).to_contain_text("Abstained: the catalog does not hold the answer.")


def test_three_columns_show_what_the_checks_take_out(stage: Page) -> None:
    demonstrate(stage, AD)
    expect(stage.locator(".le-col")).to_have_count(3)
    expect(column(stage, "B")).to_contain_text("catalog, checks off")
    expect(column(stage, "C")).to_contain_text(re.compile(r"Checked: (\d+) of \1 claims? holds?"))


def test_an_adapter_that_is_none_fails_in_its_own_column(stage: Page) -> None:
    box = stage.get_by_label("System 1: model")
    box.fill("/nowhere/an-adapter")
    box.press("Enter")
    run(stage, "how heavy is HP-1001?")
    expect(column(stage, "A")).to_contain_text("There is no directory", timeout=RUN_SECONDS)
    wait_done(stage)
    expect(column(stage, "B")).to_contain_text("255 g")


def test_a_blind_vote_by_key_reveals_counts_and_is_exported(stage: Page) -> None:
    stage.locator("#le-blind input").check()
    demonstrate(stage, FACT)
    expect(stage.locator(".le-ballot")).to_be_visible()
    hidden = stage.locator("#le-board").inner_html()
    assert "LLaMA" not in hidden
    assert "Base" not in hidden
    assert "Tokens" not in hidden
    letter = "1" if "255 g" in column(stage, "A").inner_text() else "2"
    stage.locator("#le-prompt textarea").press("0")
    expect(stage.locator(".le-ballot")).to_be_visible()
    stage.locator("#le-prompt textarea").blur()
    stage.locator("body").press(letter)
    expect(stage.locator(".le-thanks")).to_contain_text("LLaMA-E · catalog and checks")
    expect(stage.locator(".le-won")).to_contain_text("your choice")
    stage.get_by_role("tab", name="Votes").click()
    expect(stage.locator("#le-tally .le-duel").first).to_contain_text(
        "LLaMA-E · catalog and checks"
    )
    expect(stage.locator("#le-tally")).to_contain_text("95% interval")
    with stage.expect_download() as saved:
        stage.get_by_role("button", name="Save as CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text("utf-8"))))
    assert rows[-1]["choice"] == "llama-e/checked"
    with stage.expect_download() as saved:
        stage.get_by_role("button", name="Save as JSON").click()
    told = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert told["pairs"][0]["wins"] >= 1
    stage.get_by_role("button", name="Delete all votes").click()
    stage.get_by_role("button", name="Yes, delete them").click()
    expect(stage.locator("#le-tally")).to_contain_text("No votes yet")


def test_figures_are_drawn_from_the_result_files(stage: Page) -> None:
    stage.get_by_role("tab", name="Figures").click()
    expect(stage.locator(".le-chart").first).to_contain_text("What tuning changes")
    expect(stage.locator(".le-fill").first).to_be_visible()
    chart = stage.locator(".le-chart").first
    chart.locator("summary").click()
    expect(chart.locator("table")).to_contain_text("ROUGE-L")
    stage.get_by_label("Another report").fill("/nowhere/report")
    stage.get_by_role("button", name="Read report").click()
    expect(stage.locator("#le-report-figures")).to_contain_text("There is no /nowhere/report")


def test_the_projector_enlarges_and_escape_leaves_it(stage: Page) -> None:
    stage.set_viewport_size({"width": 1920, "height": 1080})
    demonstrate(stage, PREMISE)

    def size() -> float:
        script = "part => parseFloat(getComputedStyle(part).fontSize)"
        return float(stage.locator(".le-out").first.evaluate(script))

    before = size()
    stage.click("#le-projector")
    assert size() >= 1.5 * before
    expect(stage.locator(".le-header")).to_be_hidden()
    expect(stage.locator("#le-setup")).to_be_hidden()
    expect(stage.locator("#le-run")).to_be_visible()
    stage.keyboard.press("Escape")
    expect(stage.locator(".le-header")).to_be_visible()
    assert size() == before


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1920, 1080), (2560, 1440)])
def test_nothing_scrolls_sideways(stage: Page, width: int, height: int) -> None:
    stage.set_viewport_size({"width": width, "height": height})
    demonstrate(stage, FACT)
    for tab in ("Compare", "Votes", "Figures"):
        stage.get_by_role("tab", name=tab).click()
        time.sleep(0.3)
        assert stage.evaluate("document.documentElement.scrollWidth") <= width, tab
