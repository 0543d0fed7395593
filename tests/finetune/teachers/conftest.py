"""What the tests of teachers share: a server, settings that point at it, jobs, and a clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from finetune.teachers.pacing import Clock
from finetune.teachers.settings import TeacherSettings
from tests.finetune.teachers.server import TeacherServer


class FakeClock(Clock):
    """Time that passes by waiting alone, at once."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.waits: list[float] = []
        self.stop = threading.Event()
        """The event that would have ended the last wait."""
        self._guard = threading.Lock()

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        with self._guard:
            self.stop = stop
            self.waits.append(seconds)
            self.time += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def server() -> Iterator[TeacherServer]:
    with TeacherServer() as running:
        yield running


@pytest.fixture
def settings(server: TeacherServer, tmp_path: Path) -> Callable[..., TeacherSettings]:
    """Make settings that point at the server."""
    whole = TeacherSettings(
        url=server.url,
        model="tiny",
        journal=tmp_path / "journal.jsonl",
        key="sk-secret",
        concurrency=4,
        timeout_s=10.0,
        max_attempts=3,
        price_prompt=1.0,
        price_completion=10.0,
    )

    def make(**changes: Any) -> TeacherSettings:
        return replace(whole, **changes)

    return make
