"""The desk in a real Chromium: conversations, pinned products, replies, feedback, hand-over."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.e2e.acts import ANSWER_SECONDS, LONG, ask, last_answer, open_page, send, wait_done, write

ITEM = "#le-conversations .le-item"


def test_a_reload_in_mid_stream_loses_nothing(page: Page, url: str) -> None:
    send(page, LONG)
    expect(page.locator("#le-stop")).to_be_visible(timeout=ANSWER_SECONDS)
    page.wait_for_url("**/#desk/*")
    page.reload()
    page.wait_for_selector("#le-message textarea")
    expect(page.locator("#le-chat .user.message")).to_have_text(LONG)
    expect(page.locator("#le-chat .bot.message")).to_contain_text(
        "Aurivane", timeout=ANSWER_SECONDS
    )
    wait_done(page)
    answer = last_answer(page)
    page.reload()
    expect(page.locator("#le-chat .bot.message")).to_have_text(answer, timeout=ANSWER_SECONDS)
    expect(page.locator("#le-records details.le-cited")).to_have_count(1)


def test_conversations_are_listed_searched_renamed_pinned_exported_deleted(page: Page) -> None:
    ask(page, "how heavy is HP-1003?")
    page.click("#le-clear")
    expect(page.locator("#le-chat .bot.message")).to_have_count(0)
    ask(page, "is HB-1023 waterproof?")
    write(page, "#le-search input, #le-search textarea", "heavy HP-1003")
    expect(page.locator(ITEM, has_text="waterproof")).to_have_count(0)
    page.locator(f"{ITEM} .le-go", has_text="how heavy is HP-1003").first.click()
    expect(page.locator("#le-chat .bot.message")).to_contain_text("200")
    write(page, "#le-search input, #le-search textarea", "")
    page.locator(".le-open summary").click()
    page.fill(".le-open .le-menu input", "Mrs Smith")
    page.keyboard.press("Enter")
    expect(page.locator(".le-open .le-go")).to_have_text("Mrs Smith")
    page.locator(".le-open summary").click()
    page.locator(".le-open button", has_text="Pin").click()
    expect(page.locator(".le-list h3").first).to_have_text(re.compile("pinned", re.I))
    for kind, suffix in (("Markdown", ".md"), ("JSON", ".json")):
        page.locator(".le-open summary").click()
        with page.expect_download() as saved:
            page.locator(".le-open button", has_text=f"Export as {kind}").click()
        assert saved.value.suggested_filename == f"Mrs-Smith{suffix}"
        content = Path(saved.value.path()).read_text(encoding="utf-8")
        assert "200" in content
        page.keyboard.press("Escape")
        page.locator("#le-chat").click()
    assert json.loads(content)["turns"][0]["answer"]["sources"]
    before = page.locator(ITEM).count()
    page.locator(".le-open summary").click()
    page.locator(".le-open button", has_text="Delete").click()
    expect(page.locator(".le-sure")).to_contain_text("Mrs Smith")
    page.locator(".le-sure button", has_text="Delete").click()
    expect(page.locator(ITEM)).to_have_count(before - 1)
    expect(page.locator("#le-chat .bot.message")).to_have_count(0)


def test_back_and_forward_go_through_conversations(page: Page) -> None:
    ask(page, "how heavy is HP-1001?")
    first = page.url
    page.click("#le-clear")
    expect(page.locator("#le-chat .bot.message")).to_have_count(0)
    ask(page, "is HB-1023 waterproof?")
    second = page.url
    assert first != second
    while page.url != first:
        page.go_back()
        page.wait_for_timeout(400)
    expect(page.locator("#le-chat .bot.message")).to_contain_text("255")
    while page.url != second:
        page.go_forward()
        page.wait_for_timeout(400)
    expect(page.locator("#le-chat .user.message")).to_have_text("is HB-1023 waterproof?")


def test_a_pinned_product_is_what_all_questions_are_about(page: Page) -> None:
    page.locator("#le-pin button").click()
    write(page, "#le-pin-words input, #le-pin-words textarea", "Tenora II wireless white")
    page.locator("#le-pin-found .le-pick", has_text="HP-1001").click(timeout=20_000)
    expect(page.locator("#le-pin")).to_contain_text("HP-1001")
    assert "255" in ask(page, "how heavy is it?")
    page.reload()
    expect(page.locator("#le-pin")).to_contain_text("HP-1001", timeout=20_000)
    page.locator("#le-pin button[aria-label^='Stop']").click()
    expect(page.locator("#le-pin")).not_to_contain_text("HP-1001")


def test_a_pasted_address_pins_its_product(page: Page) -> None:
    page.locator("#le-pin button").click()
    page.fill(
        "#le-pin-words input, #le-pin-words textarea", "https://shop.example/p/HP-1003?ref=mail"
    )
    page.keyboard.press("Enter")
    expect(page.locator("#le-pin")).to_contain_text("HP-1003", timeout=20_000)


def test_filters_are_chips_that_can_be_taken_away(page: Page) -> None:
    ask(page, "find me headphones under 100")
    chip = page.locator("#le-filters .le-filter")
    expect(chip).to_contain_text("under 100")
    chip.locator("button").click()
    expect(page.locator("#le-chat .user.message")).to_have_count(2, timeout=ANSWER_SECONDS)
    wait_done(page)
    expect(page.locator("#le-filters .le-filter")).to_have_count(0)


def test_a_suggested_follow_up_is_one_click_and_is_answered(page: Page) -> None:
    ask(page, "how heavy is HP-1001?")
    chip = page.locator("#le-follow .le-chip").first
    text = chip.inner_text()
    chip.click()
    expect(page.locator("#le-chat .user.message").last).to_have_text(text, timeout=ANSWER_SECONDS)
    wait_done(page)
    assert "does not say" not in last_answer(page)


def test_a_reply_in_a_tone_is_copied_as_plain_text(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "how heavy is HP-1001?")
    page.locator("#le-actions button", has_text="Copy").click()
    expect(page.locator("#le-actions")).to_contain_text("Copied")
    plain = page.evaluate("navigator.clipboard.readText()")
    assert "255" in plain
    assert not re.search(r"[\[\]*\\]", plain)
    page.locator("#le-actions button", has_text="tone").click()
    page.locator("#le-tone label", has_text="Friendly").click()
    expect(page.locator("#le-reply textarea")).to_have_value(re.compile("thanks.*255", re.S | re.I))
    page.locator("#le-copy-reply").click()
    page.wait_for_timeout(300)
    assert "255" in page.evaluate("navigator.clipboard.readText()")


def test_a_thumb_down_asks_why_and_keeps_the_correction(page: Page) -> None:
    ask(page, "how heavy is HP-1001?")
    page.locator("button[aria-label='Dislike'], button[title='Dislike']").last.click()
    page.locator("#le-tab-feedback label", has_text="Badly written").click(timeout=20_000)
    page.fill("#le-correction textarea", "It weighs 255 g without its cable.")
    page.click("#le-save-feedback")
    expect(page.locator("#le-tab-feedback")).to_contain_text("kept", timeout=20_000)
    page.click("#le-quality-button")
    said = page.locator("#le-feedback-list")
    expect(said).to_contain_text("It weighs 255 g without its cable.", timeout=20_000)
    expect(said).to_contain_text("Badly written")
    with page.expect_download() as saved:
        page.click("#le-export-corrections")
    row = json.loads(Path(saved.value.path()).read_text(encoding="utf-8").splitlines()[-1])
    assert row["output"] == "It weighs 255 g without its cable."


def test_hand_over_packs_the_conversation(page: Page) -> None:
    ask(page, "how heavy is HP-1001?")
    ask(page, "where is my order?")
    page.locator("#le-actions button", has_text="Hand over").click()
    package = page.locator("#le-package textarea")
    expect(package).to_have_value(
        re.compile("## Still open\n\n- where is my order"), timeout=20_000
    )


def test_keys_stop_begin_anew_search_and_jump(page: Page) -> None:
    send(page, LONG)
    expect(page.locator("#le-stop")).to_be_visible(timeout=ANSWER_SECONDS)
    page.keyboard.press("Escape")
    wait_done(page)
    assert "(stopped)" in last_answer(page) or "Stopped" in last_answer(page)
    ask(page, "how heavy is HP-1001?")
    page.keyboard.press("Alt+j")
    expect(page.locator("#source-2-1")).to_have_attribute("open", "")
    page.keyboard.press("Alt+k")
    expect(page.locator("#le-search input, #le-search textarea")).to_be_focused()
    page.keyboard.press("Alt+n")
    expect(page.locator("#le-chat .bot.message")).to_have_count(0)
    page.locator("#le-chat").click()
    page.keyboard.press("?")
    expect(page.locator("#le-keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#le-keys")).to_be_hidden()


def test_the_tour_has_three_steps(page: Page) -> None:
    page.locator("[data-le=tour]").click()
    for number in (1, 2, 3):
        expect(page.locator(".le-tour")).to_contain_text(f"{number} of 3")
        page.locator(".le-tour button").last.click()
    expect(page.locator(".le-tour")).to_have_count(0)


def test_two_people_ask_at_once_and_each_sees_their_own(page: Page, browser, url: str) -> None:
    other = browser.new_context().new_page()
    open_page(other, url)
    send(page, LONG)
    send(other, "how heavy is HP-1003?")
    expect(other.locator("#le-chat .bot.message")).to_contain_text("200", timeout=ANSWER_SECONDS)
    wait_done(page)
    assert "Aurivane" in last_answer(page)
    assert other.locator("#le-chat .user.message").count() == 1
    other.context.close()
