"""What calls may cost: the rate limit, both ceilings, and tokens that the server does not count."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from finetune.errors import TeacherError
from finetune.teachers.openai_server import OpenAITeacher
from finetune.teachers.settings import TeacherSettings
from tests.finetune.teachers.conftest import FakeClock
from tests.finetune.teachers.jobs import title_jobs
from tests.finetune.teachers.server import TeacherServer

Settings = Callable[..., TeacherSettings]


def teacher_of(settings: TeacherSettings, clock: FakeClock) -> OpenAITeacher:
    return OpenAITeacher(settings, clock=clock, chance=random.Random(0))


def test_calls_keep_to_the_rate_limit(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    start = clock.now()
    chosen = settings(concurrency=1, requests_per_minute=6)
    list(teacher_of(chosen, clock).expand(title_jobs(7)))
    assert clock.now() - start == pytest.approx(60, abs=1.1)


def test_the_spend_ceiling_is_never_passed_and_a_raised_one_goes_on(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.usage = {"prompt_tokens": 1000, "completion_tokens": 300}  # 0.004 a call
    teacher = teacher_of(settings(spend_ceiling=0.1), clock)
    pairs = []
    with pytest.raises(TeacherError, match=r"of the 0.1 of spend_ceiling is spent.*run again"):
        pairs.extend(teacher.expand(title_jobs(40)))
    spent = teacher.report().spent.price
    assert 0.09 <= spent <= 0.1
    assert spent == pytest.approx(server.asked.total() * 0.004)

    with pytest.raises(TeacherError, match="spend_ceiling is spent"):
        list(teacher_of(settings(spend_ceiling=0.1), clock).expand(title_jobs(40)))
    assert server.asked.total() * 0.004 == pytest.approx(spent)  # the journal remembers

    whole = teacher_of(settings(spend_ceiling=1.0), clock)
    assert len(list(whole.expand(title_jobs(40)))) == 40
    assert server.asked.total() == 40
    assert whole.report().spent.price == pytest.approx(0.16)


def test_the_token_ceiling_holds_for_a_server_that_costs_nothing(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.usage = {"prompt_tokens": 1000, "completion_tokens": 500}
    free = settings(price_prompt=0.0, price_completion=0.0, token_ceiling=20_000)
    teacher = teacher_of(free, clock)
    pairs = []
    with pytest.raises(TeacherError, match="of 20000 tokens"):
        for pair in teacher.expand(title_jobs(40)):
            pairs.append(pair)
    assert 15_000 <= teacher.report().spent.tokens <= 20_000
    assert len(pairs) == server.answered.total()  # what was in flight is yielded too


def test_tokens_are_estimated_where_the_server_counts_none(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.usage = None
    teacher = teacher_of(settings(), clock)
    list(teacher.expand(title_jobs(1)))
    spent = teacher.report().spent
    told = sum(len(message["content"]) for message in server.bodies[0]["messages"])
    assert spent.estimated == 1
    assert told / 5 <= spent.prompt_tokens <= told
    assert spent.completion_tokens > 10
    assert spent.price > 0
