"""What a person does on the page, in a real Chromium against the real model and demo shop."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.e2e.acts import ANSWER_SECONDS, LONG, ask, last_answer, send, wait_done

RECORD_LENGTHS = """() => {
  window.lengths = [];
  new MutationObserver(() => {
    const said = [...document.querySelectorAll('#le-chat .bot.message')].pop();
    if (said) window.lengths.push(said.innerText.length);
  }).observe(document.querySelector('#le-chat'), {childList: true, subtree: true,
    characterData: true});
}"""


def test_tokens_arrive_before_the_end_and_stop_ends_the_answer(page: Page) -> None:
    page.evaluate(RECORD_LENGTHS)
    send(page, LONG)
    expect(page.locator("#le-stop")).to_be_visible(timeout=ANSWER_SECONDS)
    page.wait_for_function("new Set(window.lengths).size >= 4", timeout=ANSWER_SECONDS)
    lengths = page.evaluate("window.lengths")
    assert lengths == sorted(lengths), "the text grows"
    page.click("#le-stop")
    wait_done(page)
    stopped = last_answer(page)
    assert "(stopped)" in stopped
    time.sleep(1.5)
    assert last_answer(page) == stopped, "nothing arrives after stop"


def test_a_citation_opens_the_record_with_the_field_marked(page: Page) -> None:
    answer = ask(page, "how heavy is HP-1001?")
    assert "255" in answer
    card = page.locator("#le-records details.le-cited").first
    expect(card).to_contain_text("HP-1001")
    assert card.get_attribute("open") is None
    page.locator("#le-chat a[href*='#source-']").first.click()
    expect(card).to_have_attribute("open", "")
    expect(card.locator("tr.le-used")).to_contain_text("weight")
    assert card.locator("img").evaluate("image => image.naturalWidth") > 0
    assert len(page.context.pages) == 1, "no new tab"


def test_the_intent_is_shown_and_can_be_overruled(page: Page) -> None:
    ask(page, "how heavy is HP-1001?")
    expect(page.locator(".le-route")).to_contain_text("Answer a question")
    page.locator("#le-instead button", has_text="Instead").first.click()
    expect(page.locator(".le-route")).to_contain_text("chosen by you", timeout=ANSWER_SECONDS)
    wait_done(page)
    assert page.locator("#le-chat .bot.message").count() == 1


def test_it_means_the_product_of_the_turn_before(page: Page) -> None:
    ask(page, "how heavy is HP-1001?")
    expect(page.locator(".le-focus")).to_contain_text("Tenora II")
    answer = ask(page, "is it water resistant?")
    assert re.match(r"(?i)no", answer), answer


def test_retry_edit_and_new_conversation(page: Page) -> None:
    first = ask(page, "how heavy is HP-1001?")
    page.locator("button[aria-label='Retry'], button[title='Retry']").last.click()
    expect(page.locator("#le-stop")).to_be_visible(timeout=ANSWER_SECONDS)
    expect(page.locator("#le-chat .bot.message")).to_have_text(first, timeout=ANSWER_SECONDS)
    wait_done(page)
    page.locator("button[aria-label='Edit'], button[title='Edit']").last.click()
    page.locator("#le-chat textarea").fill("where is HP-1001 made?")
    page.locator("button[aria-label='Submit'], button[title='Submit']").last.click()
    expect(page.locator("#le-chat .bot.message").last).to_contain_text(
        "Malaysia", timeout=ANSWER_SECONDS
    )
    wait_done(page)
    page.click("#le-clear")
    expect(page.locator("#le-chat .bot.message")).to_have_count(0)
    expect(page.locator("#le-records")).to_contain_text("Ask about an item")


def test_what_the_catalog_does_not_hold_is_said_so(page: Page) -> None:
    answer = ask(page, "what is the battery life of HB-1023?")
    assert "catalog does not say" in answer


def test_model_and_adapter_are_named(page: Page) -> None:
    expect(page.locator("#le-model")).to_contain_text("SmolLM2-135M-Instruct", timeout=60_000)
    expect(page.locator("#le-model")).to_contain_text("adapter llama-e-135m")


def test_an_example_is_one_click(page: Page) -> None:
    page.locator("#le-chat button.example").first.click()
    expect(page.locator("#le-chat .bot.message")).to_have_count(1, timeout=ANSWER_SECONDS)
    wait_done(page)
    assert last_answer(page)


def test_a_number_of_an_earlier_answer_still_opens_its_record(page: Page) -> None:
    ask(page, "how heavy is HP-1001?")
    ask(page, "is HB-1023 waterproof?")
    page.locator("#le-chat a[href*='#source-1-1']").click()
    card = page.locator("#source-1-1")
    expect(card).to_be_visible()
    expect(card).to_have_attribute("open", "")
    expect(card).to_contain_text("HP-1001")


def test_a_new_conversation_ends_the_running_answer_for_good(page: Page) -> None:
    send(page, LONG)
    expect(page.locator("#le-stop")).to_be_visible(timeout=ANSWER_SECONDS)
    page.wait_for_timeout(700)
    page.click("#le-clear")
    expect(page.locator("#le-chat .message")).to_have_count(0)
    page.wait_for_timeout(2500)
    assert page.locator("#le-chat .message").count() == 0, "nothing comes back"
    expect(page.locator("#le-send")).to_be_visible()
    assert "255" in ask(page, "how heavy is HP-1001?")


def test_an_empty_message_sends_nothing(page: Page) -> None:
    send(page, "   ")
    page.wait_for_timeout(500)
    assert page.locator("#le-chat .message").count() == 0


def test_a_huge_message_gets_one_clear_line(page: Page) -> None:
    page.fill("#le-message textarea", "x" * 100_000)
    page.click("#le-send")
    expect(page.locator("#le-chat .bot.message")).to_contain_text(
        "100,000 characters", timeout=ANSWER_SECONDS
    )
    wait_done(page)


def test_markup_in_a_message_stays_text(page: Page) -> None:
    ask(page, "<img src=x onerror=\"document.title='owned'\"> \x07 what is <b>HP-1001</b> made of")
    assert page.title() != "owned"


def test_a_second_message_waits_for_the_first_answer(page: Page) -> None:
    send(page, LONG)
    expect(page.locator("#le-stop")).to_be_visible(timeout=ANSWER_SECONDS)
    send(page, "hello")
    page.wait_for_timeout(300)
    assert page.input_value("#le-message textarea") == "hello", "the text is kept"
    page.click("#le-stop")
    wait_done(page)
    assert page.locator("#le-chat .user.message").count() == 1


def test_a_phone_needs_no_sideways_scrolling(browser, url) -> None:
    for scheme in ("light", "dark"):
        tab = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
        tab.goto(url)
        tab.wait_for_selector("#le-message textarea")
        ask(tab, "how heavy is HP-1001?")
        width = tab.evaluate("document.documentElement.scrollWidth")
        assert width <= 390, f"{scheme}: the page is {width} px wide"
        tab.close()


def test_everything_can_be_reached_by_keyboard(page: Page) -> None:
    page.locator("#le-message textarea").focus()
    page.keyboard.type("how heavy is HP-1001?")
    page.keyboard.press("Enter")
    expect(page.locator("#le-records details.le-cited")).to_have_count(1, timeout=ANSWER_SECONDS)
    wait_done(page)
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('details.le-cited') !== null"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#le-records details.le-cited")).to_have_attribute("open", "")
