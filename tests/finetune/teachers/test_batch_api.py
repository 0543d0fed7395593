"""The Batch API against a real HTTP server: one file up, results down, into the same journal."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from finetune.errors import TeacherError
from finetune.teachers.batch_api import OpenAIBatchTeacher
from finetune.teachers.openai_server import OpenAITeacher
from finetune.teachers.settings import TeacherSettings
from tests.finetune.teachers.conftest import FakeClock
from tests.finetune.teachers.jobs import classify_job, title_jobs
from tests.finetune.teachers.server import TeacherServer

Settings = Callable[..., TeacherSettings]


def teacher_of(settings: TeacherSettings, clock: FakeClock) -> OpenAIBatchTeacher:
    return OpenAIBatchTeacher(settings, clock=clock, chance=random.Random(0))


def test_a_batch_brings_each_job_its_pair(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.batch_steps = 3
    teacher = teacher_of(settings(), clock)
    pairs = {pair.id: pair for pair in teacher.expand([*title_jobs(5), classify_job(5)])}
    assert len(pairs) == 6
    assert pairs["t2"].output == "All about item-2."
    assert pairs["c5"].output == "Lamps"
    lines = [json.loads(line) for line in server.files["file-0"].splitlines()]
    assert [line["custom_id"] for line in lines] == ["t0", "t1", "t2", "t3", "t4", "c5"]
    assert {(line["method"], line["url"]) for line in lines} == {("POST", "/v1/chat/completions")}
    assert clock.waits == [30.0] * 3
    report = teacher.report()
    assert (report.asked, report.answered) == (6, 6)
    assert report.spent.prompt_tokens == 600


def test_either_way_of_asking_goes_on_where_the_other_stopped(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    assert len(list(OpenAITeacher(settings(), clock=clock).expand(title_jobs(3)))) == 3
    assert len(list(teacher_of(settings(), clock).expand(title_jobs(6)))) == 6
    assert len(list(OpenAITeacher(settings(), clock=clock).expand(title_jobs(6)))) == 6
    assert server.asked.total() == 6


def test_what_a_batch_left_unanswered_goes_into_the_next(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.batch_fault = "expired"
    server.fault_of = {"item-1": "prose", "item-2": "500"}.get  # type: ignore[assignment]
    teacher = teacher_of(settings(), clock)
    assert {pair.id for pair in teacher.expand(title_jobs(8))} == {
        f"t{number}" for number in (0, 3, 4, 5, 6, 7)
    }
    report = teacher.report()
    assert report.given_up == {"no JSON answer": 1, "batch: HTTP 500": 1}
    assert report.retried == {"batch: batch_expired": 4, "no JSON answer": 2, "batch: HTTP 500": 2}
    assert len(server.batches) == 3


def test_a_created_batch_whose_reply_was_lost_is_found_by_its_file(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    chosen = settings()
    pairs = list(teacher_of(chosen, clock).expand(title_jobs(4)))
    lines = chosen.journal.read_text().splitlines(keepends=True)
    stages = [json.loads(line).get("stage") for line in lines]
    chosen.journal.write_text("".join(lines[: stages.index("uploaded") + 1]))
    again = list(teacher_of(chosen, clock).expand(title_jobs(4)))
    assert sorted(pair.id for pair in again) == sorted(pair.id for pair in pairs)
    assert len(server.batches) == 1


def forget_after_two_calls(journal: Path) -> None:
    """Leave of a journal what a kill after its second call leaves."""
    lines = journal.read_text().splitlines(keepends=True)
    calls = [number for number, line in enumerate(lines) if '"kind": "call"' in line]
    journal.write_text("".join(lines[: calls[1] + 1]))


def test_a_result_read_by_half_is_not_counted_twice(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    chosen = settings()
    list(teacher_of(chosen, clock).expand(title_jobs(4)))
    forget_after_two_calls(chosen.journal)
    teacher = teacher_of(chosen, clock)
    assert len(list(teacher.expand(title_jobs(4)))) == 4
    assert teacher.report().spent.prompt_tokens == 400
    assert len(server.batches) == 1


def test_failing_looks_at_the_batch_are_made_again(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.lookup_faults.extend(["500", "429"])
    assert len(list(teacher_of(settings(), clock).expand(title_jobs(2)))) == 2
    assert len(server.batches) == 1


def test_a_batch_that_fails_says_why_and_the_next_run_sends_another(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.batch_fault = "failed"
    with pytest.raises(TeacherError, match=r"not to my taste \(line 1\).*Run again"):
        list(teacher_of(settings(), clock).expand(title_jobs(2)))
    assert len(list(teacher_of(settings(), clock).expand(title_jobs(2)))) == 2
    assert len(server.batches) == 2


def test_a_refused_line_ends_the_run_after_the_others_are_kept(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.fault_of = {"item-1": "400"}.get  # type: ignore[assignment]
    with pytest.raises(TeacherError, match=r"HTTP 400.*no such setting"):
        list(teacher_of(settings(), clock).expand(title_jobs(3)))
    server.fault_of = lambda item: ""
    teacher = teacher_of(settings(), clock)
    assert len(list(teacher.expand(title_jobs(3)))) == 3
    assert teacher.report().resumed == 2


def cut_after(stage: str, settings: TeacherSettings) -> None:
    """Leave the journal as a kill just after a batch's stage does."""
    lines = settings.journal.read_text().splitlines(keepends=True)
    stages = [json.loads(line).get("stage") for line in lines]
    settings.journal.write_text("".join(lines[: stages.index(stage) + 1]))


@pytest.mark.parametrize("max_attempts", [1, 3])
def test_a_batch_that_the_server_lost_is_told_and_asked_again(
    server: TeacherServer,
    settings: Settings,
    clock: FakeClock,
    capsys: pytest.CaptureFixture[str],
    max_attempts: int,
) -> None:
    chosen = settings(max_attempts=max_attempts)
    list(teacher_of(chosen, clock).expand(title_jobs(4)))
    cut_after("created", chosen)
    del server.batches["batch-0"]
    teacher = teacher_of(chosen, clock)
    assert len(list(teacher.expand(title_jobs(4)))) == 4
    said = capsys.readouterr().err
    assert said.count("no longer has the batch batch-0") == 1
    assert len(said.splitlines()) == 1
    assert teacher.report().retried == {"batch: lost": 4}
    spent = teacher.report().spent
    assert spent.prompt_tokens > 400 and spent.estimated == 4  # it may have been paid for
    again = teacher_of(chosen, clock)
    assert len(list(again.expand(title_jobs(4)))) == 4
    assert again.report().asked == 0


def test_what_was_read_of_a_lost_batch_is_kept(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    chosen = settings()
    list(teacher_of(chosen, clock).expand(title_jobs(4)))
    forget_after_two_calls(chosen.journal)
    server.batches.clear()
    teacher = teacher_of(chosen, clock)
    assert len(list(teacher.expand(title_jobs(4)))) == 4
    assert (teacher.report().resumed, teacher.report().asked) == (2, 2)


@pytest.mark.parametrize("lost", ["file-0", "output-batch-0"])
def test_a_lost_file_of_a_batch_is_told_and_its_jobs_asked_again(
    server: TeacherServer,
    settings: Settings,
    clock: FakeClock,
    capsys: pytest.CaptureFixture[str],
    lost: str,
) -> None:
    chosen = settings()
    list(teacher_of(chosen, clock).expand(title_jobs(3)))
    if lost == "file-0":
        cut_after("uploaded", chosen)
        server.batches.clear()
    else:
        cut_after("created", chosen)
    del server.files[lost]
    teacher = teacher_of(chosen, clock)
    assert len(list(teacher.expand(title_jobs(3)))) == 3
    assert f"no longer has the file {lost}" in capsys.readouterr().err
    assert teacher.report().retried == {"batch: lost": 3}
    assert teacher.report().spent.estimated == (0 if lost == "file-0" else 3)


class Forgetful(dict[str, Any]):
    """The batches of a server that keeps none."""

    def __setitem__(self, name: str, batch: object) -> None:
        """Drop it."""


def test_a_server_that_loses_every_batch_is_not_asked_without_end(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.batches = Forgetful()
    teacher = teacher_of(settings(max_attempts=3), clock)
    assert list(teacher.expand(title_jobs(2))) == []
    assert teacher.report().given_up == {"batch: lost": 2}
    assert teacher.report().asked == 6


def test_a_batch_that_is_not_yet_everywhere_is_waited_for(
    server: TeacherServer, settings: Settings
) -> None:
    class Waiting(FakeClock):
        def sleep(self, seconds: float, stop: threading.Event) -> None:
            super().sleep(seconds, stop)
            server.batches.update(away)

    chosen, clock = settings(), Waiting()
    away: dict[str, Any] = {}
    list(teacher_of(chosen, clock).expand(title_jobs(2)))
    cut_after("created", chosen)
    away["batch-0"] = server.batches.pop("batch-0")
    assert len(list(teacher_of(chosen, clock).expand(title_jobs(2)))) == 2
    assert list(server.batches) == ["batch-0"]


def test_a_wrong_address_does_not_make_the_batch_forgotten(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    chosen = settings()
    list(teacher_of(chosen, clock).expand(title_jobs(2)))
    cut_after("created", chosen)
    with pytest.raises(TeacherError, match=r"HTTP 404: check LLAMA_E_TEACHER_URL"):
        list(teacher_of(settings(url=f"{server.url}/v2"), clock).expand(title_jobs(2)))
    teacher = teacher_of(chosen, clock)
    assert len(list(teacher.expand(title_jobs(2)))) == 2
    assert (teacher.report().asked, len(server.batches)) == (0, 1)


def test_a_batch_holds_no_more_than_the_ceiling_allows(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    server.usage = {"prompt_tokens": 500, "completion_tokens": 300}
    teacher = teacher_of(settings(token_ceiling=15_000), clock)
    pairs = []
    with pytest.raises(TeacherError, match="token_ceiling"):
        for pair in teacher.expand(title_jobs(30)):
            pairs.append(pair)
    assert 11_000 <= teacher.report().spent.tokens <= 15_000
    assert len(pairs) * 800 == teacher.report().spent.tokens
    assert len(server.batches) > 1


def test_batches_keep_to_their_size(
    server: TeacherServer, settings: Settings, clock: FakeClock
) -> None:
    assert len(list(teacher_of(settings(batch_size=4), clock).expand(title_jobs(10)))) == 10
    sizes = [
        len(server.files[batch["input_file_id"]].splitlines()) for batch in server.batches.values()
    ]
    assert sizes == [4, 4, 2]
