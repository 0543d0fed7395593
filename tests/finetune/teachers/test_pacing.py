"""Rate limits and waits, by a clock that is moved by hand."""

from __future__ import annotations

import random
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from finetune.teachers.pacing import Limiter, backoff, retry_after
from tests.finetune.teachers.conftest import FakeClock

GO = threading.Event()


def test_calls_keep_to_the_limit_a_minute(clock: FakeClock) -> None:
    limiter = Limiter(clock, requests_per_minute=60)
    start = clock.now()
    for _ in range(121):
        limiter.take(1, GO)
    assert clock.now() - start == pytest.approx(119, abs=1.01)


def test_idle_time_saves_up_no_more_than_a_second_of_calls(clock: FakeClock) -> None:
    limiter = Limiter(clock, requests_per_minute=600)
    limiter.take(1, GO)
    clock.time += 3600
    start = clock.now()
    for _ in range(60):
        limiter.take(1, GO)
    assert clock.now() - start == pytest.approx(5, abs=0.2)


def test_tokens_keep_to_their_limit_and_none_is_too_large(clock: FakeClock) -> None:
    limiter = Limiter(clock, tokens_per_minute=6000)
    start = clock.now()
    for _ in range(4):
        limiter.take(12_000, GO)  # twice the limit: two minutes each, waited for by the next
    assert clock.now() - start == pytest.approx(360, abs=1.5)


def test_a_held_limiter_lets_no_call_through(clock: FakeClock) -> None:
    limiter = Limiter(clock)
    limiter.hold(9)
    limiter.take(1, GO)
    assert clock.waits == [9]
    limiter.take(1, GO)
    assert clock.waits == [9]


def test_backoff_doubles_with_jitter_up_to_a_minute() -> None:
    chance = random.Random(1)
    for attempt, longest in ((1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (4000, 60)):
        waits = {backoff(attempt, chance) for _ in range(50)}
        assert len(waits) > 1
        assert longest / 2 <= min(waits) <= max(waits) <= longest


def test_retry_after_is_read_in_all_its_forms() -> None:
    assert retry_after({"retry-after": "7"}) == 7
    assert retry_after({"retry-after": "7", "retry-after-ms": "1500"}) == 1.5
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert retry_after({"retry-after": soon}) == pytest.approx(30, abs=2)
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None
