"""The teacher against a real HTTP server: answers, faults, resuming."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from finetune.errors import TeacherError
from finetune.teachers.openai_server import OpenAITeacher
from finetune.teachers.settings import TeacherSettings
from tests.finetune.teachers.conftest import FakeClock
from tests.finetune.teachers.jobs import classify_job, title_job, title_jobs
from tests.finetune.teachers.server import TeacherServer

Settings = Callable[..., TeacherSettings]


def teacher_of(settings: TeacherSettings, clock: FakeClock) -> OpenAITeacher:
    return OpenAITeacher(settings, clock=clock, chance=random.Random(0))


def test_each_job_becomes_its_pair(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    teacher = teacher_of(settings(), clock)
    pairs = {pair.id: pair for pair in teacher.expand([*title_jobs(10), classify_job(10)])}
    assert len(pairs) == 11
    assert pairs["t3"].instruction == "Say item-3 anew"
    assert pairs["t3"].output == "All about item-3."
    assert pairs["t3"].source == teacher.name == "openai:tiny"
    assert pairs["t3"].seed == "title-01"
    assert pairs["c10"].output == "Lamps"
    report = teacher.report()
    assert (report.asked, report.answered, report.resumed) == (11, 11, 0)
    assert not report.retried
    assert not report.given_up
    assert (report.spent.prompt_tokens, report.spent.completion_tokens) == (1100, 220)
    assert report.spent.price == pytest.approx(11 * (100 * 1 + 20 * 10) / 1e6)
    assert set(server.keys) == {"Bearer sk-secret"}


def test_the_call_is_made_as_the_settings_say(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    list(teacher_of(settings(temperature=0.3, max_tokens=99), clock).expand(title_jobs(1)))
    new = settings(temperature=None, new_max_tokens=True, json_mode=True)
    list(teacher_of(new, clock).expand([title_job(1)]))
    first, second = server.bodies
    assert (first["model"], first["temperature"], first["max_tokens"]) == ("tiny", 0.3, 99)
    assert first.keys() == {"model", "messages", "temperature", "max_tokens"}
    assert second.keys() == {"model", "messages", "max_completion_tokens", "response_format"}
    assert second["response_format"] == {"type": "json_object"}


def test_calls_run_side_by_side_up_to_the_limit(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    together = threading.Barrier(4, timeout=20)

    def write(item: str) -> str:
        together.wait()  # passes only when four calls are in flight at once
        return json.dumps({"instruction": "I", "response": "R"})

    server.write = write
    assert len(list(teacher_of(settings(), clock).expand(title_jobs(12)))) == 12
    assert server.most_at_once == 4


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("408", "HTTP 408"),
        ("409", "HTTP 409"),
        ("429", "HTTP 429"),
        ("500", "HTTP 500"),
        ("503", "HTTP 503"),
        ("html", "not JSON"),
        ("bad json", "not JSON"),
        ("no choices", "no choices"),
        ("prose", "no JSON answer"),
        ("cut", "connection"),
    ],
)
def test_a_passing_fault_is_asked_again(
    fault: str, reason: str, server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.faults.append(fault)
    teacher = teacher_of(settings(), clock)
    assert len(list(teacher.expand(title_jobs(3)))) == 3
    report = teacher.report()
    assert (report.asked, report.answered) == (4, 3)
    assert report.retried == {reason: 1}
    assert not report.given_up


@pytest.mark.parametrize("stream", [False, True])
def test_a_silent_server_is_timed_out_and_asked_again(
    stream: bool, server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.faults.append("hang")
    teacher = teacher_of(settings(timeout_s=1.0, stream=stream), clock)
    assert len(list(teacher.expand(title_jobs(1)))) == 1
    assert teacher.report().retried == {"timeout": 1}
    assert teacher.report().spent.estimated == 1  # the lost call may be on the bill
    assert list(teacher.expand([])) == []
    assert teacher.report().spent_before.estimated == 1


def test_streamed_answers_are_put_together(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    teacher = teacher_of(settings(stream=True), clock)
    pairs = list(teacher.expand(title_jobs(3)))
    assert {pair.output for pair in pairs} == {f"All about item-{n}." for n in range(3)}
    assert teacher.report().spent.prompt_tokens == 300
    assert server.bodies[0]["stream_options"] == {"include_usage": True}


def test_a_stream_cut_before_its_finish_is_no_answer_even_if_its_text_is_whole(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.faults.append("cut")
    teacher = teacher_of(settings(stream=True), clock)
    assert len(list(teacher.expand(title_jobs(1)))) == 1
    assert teacher.report().retried == {"cut stream": 1}
    assert server.asked["item-0"] == 2


def test_retry_after_is_kept_to(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.faults.append("429:7")
    start = clock.now()
    assert len(list(teacher_of(settings(concurrency=1), clock).expand(title_jobs(1)))) == 1
    assert clock.waits[0] == 7
    assert 7 <= clock.now() - start < 8


def test_too_long_a_retry_after_ends_the_run(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.faults.append("429:86400")
    with pytest.raises(TeacherError, match="asks to wait 86400 s"):
        list(teacher_of(settings(), clock).expand(title_jobs(1)))


def test_waits_grow_from_try_to_try(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.faults.extend(["500"] * 4)
    list(teacher_of(settings(max_attempts=5), clock).expand(title_jobs(1)))
    assert [0.5 <= wait / 2**n <= 1 for n, wait in enumerate(clock.waits)] == [True] * 4


@pytest.mark.parametrize("status", ["400", "401", "403", "404", "422"])
def test_a_refusal_ends_the_run_at_once_in_one_line(
    status: str, server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.fault_of = lambda item: status
    with pytest.raises(TeacherError, match=f"HTTP {status}") as told:
        list(teacher_of(settings(), clock).expand(title_jobs(50)))
    assert "\n" not in str(told.value)
    assert "sk-secret" not in str(told.value)  # which the server repeats
    assert server.asked.total() <= 4
    assert not clock.waits


def test_an_account_without_credit_is_not_waited_for(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.fault_of = lambda item: "no quota"
    with pytest.raises(TeacherError, match="no quota left"):
        list(teacher_of(settings(), clock).expand(title_jobs(9)))
    assert not clock.waits


def test_a_job_is_given_up_after_its_last_try_and_the_others_go_on(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.fault_of = {"item-1": "prose", "item-2": "500"}.get  # type: ignore[assignment]
    teacher = teacher_of(settings(), clock)
    assert {pair.id for pair in teacher.expand(title_jobs(6))} == {"t0", "t3", "t4", "t5"}
    report = teacher.report()
    assert report.given_up == {"no JSON answer": 1, "HTTP 500": 1}
    assert report.retried == {"no JSON answer": 2, "HTTP 500": 2}
    assert server.asked["item-1"] == server.asked["item-2"] == 3
    assert report.spent.prompt_tokens == 700  # replies that were no use are paid for too


def test_a_proxy_that_shows_its_own_page_counts_as_a_server_that_is_gone(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.fault_of = lambda item: "html"
    with pytest.raises(TeacherError, match=r"cannot be reached: \d jobs in a row.*Please wait"):
        list(teacher_of(settings(), clock).expand(title_jobs(50)))


def test_a_server_that_is_gone_ends_the_run(settings: Settings, clock: FakeClock) -> None:
    teacher = teacher_of(settings(url="http://127.0.0.1:9/v1", concurrency=2), clock)
    with pytest.raises(TeacherError, match=r"cannot be reached: \d jobs in a row"):
        list(teacher.expand(title_jobs(500)))
    assert teacher.report().given_up["connection"] <= 4
    assert teacher.report().spent.tokens == 0  # what never arrived is not on the bill


def test_what_was_answered_is_not_asked_again(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    first = {pair.id: pair for pair in teacher_of(settings(), clock).expand(title_jobs(5))}
    teacher = teacher_of(settings(), clock)
    again = {pair.id: pair for pair in teacher.expand(title_jobs(8))}
    assert server.asked.total() == 8
    assert first.items() <= again.items()
    assert len(again) == 8
    report = teacher.report()
    assert (report.asked, report.answered, report.resumed) == (3, 3, 5)
    assert (report.spent_before.prompt_tokens, report.spent.prompt_tokens) == (500, 800)


def test_another_model_or_other_inputs_are_asked_anew(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    list(teacher_of(settings(), clock).expand([title_job(0)]))
    list(teacher_of(settings(model="large"), clock).expand([title_job(0)]))
    assert server.asked["item-0"] == 2


def test_an_answer_is_journalled_before_its_pair_is_yielded(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    chosen = settings()
    for pair in teacher_of(chosen, clock).expand(title_jobs(6)):
        kept = [json.loads(line) for line in chosen.journal.read_text().splitlines()]
        assert pair.id in {record.get("job") for record in kept}
    assert "sk-secret" not in chosen.journal.read_text()


def test_a_caller_who_stops_early_loses_no_call_in_flight(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    pairs = teacher_of(settings(), clock).expand(title_jobs(50))
    assert len(list(islice(pairs, 3))) == 3
    pairs.close()
    asked = server.asked.total()
    assert asked < 50
    teacher = teacher_of(settings(), clock)
    assert len(list(teacher.expand(title_jobs(50)))) == 50
    assert teacher.report().resumed == asked
    assert server.asked.total() == 50


def test_a_caller_who_stops_early_pays_for_no_further_call(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.hold_after = 3
    # the limit only makes the run wait, by which the clock gets to know its stop
    pairs = teacher_of(settings(requests_per_minute=60), clock).expand(title_jobs(50))
    assert len(list(islice(pairs, 3))) == 3
    server.until(lambda: server.asked.total() == 7)
    closing = threading.Thread(target=pairs.close)
    closing.start()
    assert clock.stop.wait(20)
    server.release()
    closing.join()
    assert server.asked.total() == 7


def test_jobs_are_taken_only_as_they_are_needed(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    taken = []
    jobs = (taken.append(number) or title_job(number) for number in range(1000))  # type: ignore[func-returns-value]
    pairs = teacher_of(settings(), clock).expand(jobs)
    next(pairs)
    pairs.close()
    assert len(taken) <= 20


def test_a_second_run_on_the_same_journal_is_refused(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    first = teacher_of(settings(), clock).expand(title_jobs(50))
    next(first)
    with pytest.raises(TeacherError, match="Another run is writing"):
        list(teacher_of(settings(), clock).expand(title_jobs(1)))
    first.close()


def test_a_missing_package_is_told_with_its_remedy(
    settings: Settings, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(TeacherError, match="pip install openai"):
        list(teacher_of(settings(), clock).expand(title_jobs(1)))


def test_importing_the_teachers_loads_nothing_heavy() -> None:
    program = (
        "import sys, finetune.teachers.openai_server, finetune.teachers.batch_api\n"
        "print([name for name in ('openai', 'httpx2', 'torch', 'transformers') "
        "if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
