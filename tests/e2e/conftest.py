"""A real server with the embedded model and the demo shop, and a real Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.acts import open_page
from tests.e2e.chromium import FLAGS, MISSING, find_chromium

START_SECONDS = 240
CHROMIUM = find_chromium()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=MISSING))


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running page."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = tmp_path_factory.mktemp("server")
    log = kept / "log"
    command = [sys.executable, "-m", "app", "serve", "--no-browser", "--port", str(port)]
    root = Path(__file__).parents[2]
    with log.open("w") as out:
        server = subprocess.Popen(
            command,
            stdout=out,
            stderr=out,
            cwd=root,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "LLAMA_E_DATA": str(kept / "data")},
        )
    try:
        yield _wait_for(f"http://127.0.0.1:{port}", server, log)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return address
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the page did not start:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, url):
    """A fresh session on the page; fails the test if anything left the machine or broke."""
    context = browser.new_context(viewport={"width": 1360, "height": 860})
    tab = context.new_page()
    outside: list[str] = []
    errors: list[str] = []
    tab.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((url, url.replace("http", "ws"), "data:", "blob:"))
            else outside.append(request.url)
        ),
    )
    tab.on("pageerror", lambda error: errors.append(str(error)))
    open_page(tab, url)
    yield tab
    context.close()
    assert not outside, f"the page asked another machine: {outside}"
    assert not errors, f"a script failed: {errors}"
