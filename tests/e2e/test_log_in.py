"""The log-in in a real Chromium, on the small shop with stand-ins for the model."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assistant.access.gate import Gate, LogIn
from assistant.access.sessions import Sessions
from assistant.access.users import UserFile
from assistant.store.database import Database
from catalog_index.build import build_index
from tests.assistant.programs.serving import open_service, running
from tests.fakes import HashEmbedder, ScriptedEngine, write_shop

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = tmp_path_factory.mktemp("guarded")
    build_index(write_shop(root / "shop"), root / "index", embedder=HashEmbedder())
    users = UserFile(root / "users.json")
    users.add("anna", "agent", PASSWORD)
    users.add("sam", "seller", PASSWORD)
    database = Database(root / "page.sqlite3")
    gate = Gate(LogIn(users, Sessions(database, 3600)))
    engine = ScriptedEngine()
    engine.enqueue("The capacity is 1.7 l.")
    with running(open_service(root / "index", engine), database, gate) as server:
        yield server.url


@pytest.fixture
def tab(browser: Any) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def log_in(tab: Page, password: str = PASSWORD, name: str = "anna") -> None:
    tab.get_by_label("Name").fill(name)
    tab.get_by_label("Password").fill(password)
    tab.keyboard.press("Enter")


def test_log_in_by_keyboard_then_the_page_then_log_out(tab: Page, guarded: str) -> None:
    tab.goto(f"{guarded}/?__theme=dark")
    expect(tab.get_by_label("Name")).to_be_focused()
    log_in(tab, "wrong password")
    expect(tab.get_by_role("alert")).to_contain_text("name or the password is wrong")
    expect(tab.get_by_label("Name")).to_have_value("anna")
    expect(tab.get_by_label("Password")).to_be_focused()
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    log_in(tab)
    expect(tab.locator("#le-rooms")).to_be_visible(timeout=30_000)
    assert tab.url.endswith("/?__theme=dark")
    tab.goto(f"{guarded}/logout")
    tab.get_by_role("button", name="Log out").click()
    expect(tab.get_by_label("Password")).to_be_visible()
    tab.goto(guarded)
    expect(tab.get_by_label("Password")).to_be_visible()


def test_a_session_that_ends_is_said_and_the_text_stays(tab: Page, guarded: str) -> None:
    tab.goto(guarded)
    log_in(tab)
    box = tab.locator("#le-message textarea")
    expect(box).to_be_visible(timeout=30_000)
    tab.wait_for_timeout(1500)
    tab.context.clear_cookies()
    box.fill("what is the capacity of KE-1001?")
    tab.keyboard.press("Enter")
    bar = tab.get_by_role("alert").filter(has_text="You are logged out")
    expect(bar).to_be_visible(timeout=15_000)
    with tab.context.expect_page() as opened:
        bar.get_by_role("link").click()
    log_in(opened.value)
    expect(opened.value.locator("#le-rooms")).to_be_visible(timeout=30_000)
    expect(bar).to_have_count(0)


def test_a_conversation_is_its_users_alone(browser: Any, guarded: str) -> None:
    anna, sam, again = (browser.new_context() for _ in range(3))
    mine = anna.new_page()
    mine.goto(guarded)
    log_in(mine)
    mine.locator("#le-message textarea").fill("what is the capacity of KE-1001?")
    mine.keyboard.press("Enter")
    expect(mine.locator("#le-chat .bot.message").last).to_contain_text("1.7 l", timeout=30_000)
    for context, name, count in ((sam, "sam", 0), (again, "anna", 1)):
        tab = context.new_page()
        tab.goto(guarded)
        log_in(tab, name=name)
        expect(tab.locator("#le-message textarea")).to_be_visible(timeout=30_000)
        tab.wait_for_timeout(2000)
        seen = tab.locator("body").get_by_text("capacity of KE-1001").count()
        assert bool(seen) is bool(count), name
    for context in (anna, sam, again):
        context.close()


def test_nothing_is_fetched_from_elsewhere(tab: Page, guarded: str) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(guarded)
    log_in(tab)
    expect(tab.locator("#le-rooms")).to_be_visible(timeout=30_000)
    tab.wait_for_timeout(1500)
    assert len(asked) > 20
    assert [url for url in asked if not url.startswith((guarded, "data:", "blob:"))] == []
    refused = tab.evaluate(
        "fetch('https://example.com/').then(() => 'sent', (error) => error.name)"
    )
    assert refused == "TypeError"
