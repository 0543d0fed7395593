"""A page's server as its own process, over the demo shop and with a data directory of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 240
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it answers, and its process."""

    address: str
    pid: int


@contextmanager
def served(kept: Path) -> Iterator[Server]:
    """Start a server, wait until it answers, and end it afterwards.

    Args:
        kept: an empty directory, for its data and its log.

    Raises:
        RuntimeError: it ended, or did not answer in time; the end of its log is told.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address, log = f"http://127.0.0.1:{port}", kept / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve", "--no-browser", "--port", str(port)],
            stdout=out,
            stderr=out,
            cwd=_ROOT,
            env={**os.environ, "HF_HUB_OFFLINE": "1", "LLAMA_E_DATA": str(kept / "data")},
        )
    try:
        _wait(address, process, log)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError(f"the page did not start:\n{log.read_text()[-2000:]}")
