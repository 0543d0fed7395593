"""The real server: the examples of the docs, and no connection that leaves the machine."""

from __future__ import annotations

import inspect
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.programs.tools import Tools

WATCHED = """
import sys

log = open(sys.argv.pop(1), "a", buffering=1)

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        print(event, repr(arguments[-1]), file=log)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        print(event, repr(arguments[0]), file=log)

sys.addaudithook(watch)
import app
sys.exit(app.main(sys.argv[1:]))
"""
LOOPBACK = ("127.", "localhost", "::1", "0.0.0.0")
START_SECONDS = 200
ROOT = Path(__file__).parents[3]


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            if httpx.get(f"{url}/login").status_code < 500:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@dataclass(frozen=True)
class Watched:
    url: str
    log: Path


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """A real server over the demo shop, whose connections are noted from its start on."""
    root = tmp_path_factory.mktemp("watched")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log, url = root / "connections", f"http://127.0.0.1:{port}"
    command = [sys.executable, "-c", WATCHED, str(log), "serve", "--no-browser", "--port"]
    # What the tests set to keep libraries at home is taken away: nothing may depend on it.
    ours = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "GRADIO_ANALYTICS_ENABLED")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment["LLAMA_E_DATA"] = str(root / "data")
    with (root / "out").open("wb") as out:
        server = subprocess.Popen(
            [*command, str(port)], cwd=ROOT, env=environment, stdout=out, stderr=out
        )
    try:
        wait_for(url, server)
        yield Watched(url, log)
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(30)
    assert code == 0, (root / "out").read_text()


def examples() -> list[tuple[str, str, str]]:
    """The examples of the docs: language, text, and what they print."""
    text = (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")
    return re.findall(r"```(python|sh)\n(.*?)```\s*```text\n(.*?)```", text, re.S)


@pytest.mark.model
@pytest.mark.parametrize("number", range(len(examples())))
def test_an_example_of_the_docs_prints_what_the_docs_say(watched: Watched, number: int):
    language, text, printed = examples()[number]
    text = text.replace("http://127.0.0.1:7860", watched.url)
    if language == "sh":
        assert text.startswith("curl ")
        if shutil.which("curl") is None:
            pytest.skip("needs curl")
        command = ["sh", "-c", text]
    else:
        command = [sys.executable, "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.strip() == printed.strip(), done.stderr


@pytest.mark.model
def test_no_connection_leaves_the_machine(watched: Watched):
    url = watched.url
    assert httpx.get(url, headers={"accept": "text/html"}).status_code == 200
    message = {"role": "user", "content": "how heavy is HP-1001?"}
    turn = {"model": "llama-e", "messages": [message]}
    reply = httpx.post(f"{url}/v1/chat/completions", json=turn, timeout=120)
    assert "255" in reply.json()["choices"][0]["message"]["content"]
    data = {"data": ["HP-1001"]}
    assert httpx.post(f"{url}/gradio_api/run/get_product", json=data).status_code == 200
    lines = watched.log.read_text().splitlines()
    assert [line for line in lines if not is_loopback(line)] == []


def test_the_docs_name_every_function_and_argument():
    text = (ROOT / "docs" / "programs.md").read_text(encoding="utf-8")
    tools = [value for name, value in vars(Tools).items() if not name.startswith("_")]
    tools = [tool for tool in tools if tool.__name__ != "answer_turn"]
    assert len(tools) == 8
    for tool in tools:
        [row] = [line for line in text.splitlines() if line.startswith(f"| `{tool.__name__}`")]
        for argument in inspect.signature(tool).parameters:
            assert argument == "self" or argument in row, f"{tool.__name__}: {argument}"


def is_loopback(line: str) -> bool:
    """Whether a noted event is of an address of this machine, or of a socket that is a file."""
    target = line.partition(" ")[2].strip("('\"b")
    return not target or target.startswith((*LOOPBACK, "/", "None"))


def test_the_watch_sees_a_connection_that_would_leave(tmp_path: Path):
    log = tmp_path / "connections"
    script = WATCHED.partition("import app")[0] + (
        "import socket\n"
        "one = socket.socket()\n"
        "one.settimeout(0.2)\n"
        "try:\n    one.connect(('192.0.2.1', 9))\nexcept OSError:\n    pass\n"
    )
    subprocess.run([sys.executable, "-c", script, str(log)], check=True)
    assert [is_loopback(line) for line in log.read_text().splitlines()] == [False]
