"""Where `llama-e serve` refuses to listen."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from assistant.access.door import is_loopback
from assistant.access.gate import Gate
from assistant.access.users import UserFile
from assistant.cli.options import OptionError
from assistant.cli.serve import check_access
from assistant.ui.server import ServeError, serve
from tests.assistant.programs.serving import open_service
from tests.commands import Run
from tests.fakes import ScriptedEngine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost"])
def test_these_addresses_are_this_machines_own(host: str):
    assert is_loopback(host)
    check_access(host, None, 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "shop.example", "localhost.x"])
def test_any_other_address_needs_a_log_in_or_two_words(host: str, users: UserFile):
    assert not is_loopback(host)
    for told in (0, 1):
        with pytest.raises(OptionError, match="--auth"):
            check_access(host, None, told)
    check_access(host, None, 2)
    check_access(host, users.path, 0)


def test_the_refusal_is_one_line_before_anything_is_loaded(run: Run, no_model: None):
    serve = ("serve", "--host", "0.0.0.0", "--port", free_port())
    assert "whoever reaches it is admin" in run(*serve).fault
    assert "second time" in run(*serve, "--without-auth").fault


def test_a_user_file_that_is_missing_or_empty_is_said(run: Run, tmp_path: Path, no_model: None):
    missing = tmp_path / "users.json"
    serve = ("serve", "--port", free_port(), "--auth", missing)
    assert "users add" in run(*serve).fault
    missing.write_text('{"users": []}')
    assert "holds nobody" in run(*serve).fault


@pytest.mark.parametrize(
    "options", [["--session-hours", "0"], ["--requests-per-minute", "-1"], ["--port", "0"]]
)
def test_an_option_that_makes_no_sense_is_wrong_usage(run: Run, options: list[str]):
    assert run("serve", *options).code == 2


def test_a_server_that_cannot_start_says_so(
    index_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("LLAMA_E_DATA", str(tmp_path))
    service = open_service(index_dir, ScriptedEngine())
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match="did not start"):
            serve(service, host="127.0.0.1", port=port, browser=False, gate=lambda _: Gate())
