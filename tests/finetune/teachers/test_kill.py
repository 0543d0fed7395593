"""A run that is killed in the middle: nothing that was answered is asked or paid for again."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from finetune.teachers.batch_api import OpenAIBatchTeacher
from finetune.teachers.openai_server import OpenAITeacher
from finetune.teachers.settings import TeacherSettings
from tests.finetune.teachers.conftest import FakeClock
from tests.finetune.teachers.jobs import title_jobs
from tests.finetune.teachers.server import TeacherServer

ROOT = Path(__file__).parents[3]
JOBS = 60


@contextmanager
def running(server: TeacherServer, journal: Path, kind: str) -> Iterator[subprocess.Popen[str]]:
    """A child that expands the jobs; killed with SIGKILL at the end."""
    command = [sys.executable, "-m", "tests.finetune.teachers.expand_child"]
    child = subprocess.Popen(
        [*command, server.url, str(journal), str(JOBS), kind],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def journalled(path: Path) -> list[str]:
    """The ids of the jobs with an answer in a journal that may end in half a line."""
    whole = [line for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    records = [json.loads(line) for line in whole]
    return [record["job"] for record in records if "instruction" in record]


def test_a_killed_run_goes_on_without_asking_again(
    server: TeacherServer, settings: Callable[..., TeacherSettings], clock: FakeClock
) -> None:
    chosen = settings()
    server.hold_after = 20
    with running(server, chosen.journal, "chat") as child:
        # a thread asks its next job only when its last answer is kept: now 20 are, and 4 in flight
        server.until(lambda: server.asked.total() == 24 and server.answered.total() == 20)
        child.kill()
        assert child.stdout is not None
        yielded = child.stdout.read().split()
    kept = journalled(chosen.journal)
    assert len(kept) == 20
    assert set(yielded) <= set(kept)

    server.release()
    pairs = list(OpenAITeacher(chosen, clock=clock).expand(title_jobs(JOBS)))
    assert sorted(pair.id for pair in pairs) == sorted(f"t{n}" for n in range(JOBS))
    assert server.asked.total() == JOBS + chosen.concurrency
    assert {server.asked[f"item-{job_id[1:]}"] for job_id in kept} == {1}


def test_a_killed_batch_run_finds_its_batch_again(
    server: TeacherServer, settings: Callable[..., TeacherSettings], clock: FakeClock
) -> None:
    chosen = settings()
    server.batch_steps = 10**9  # never done while the child lives
    with running(server, chosen.journal, "batch"):
        server.until(lambda: any(batch["looks"] > 2 for batch in server.batches.values()))
    server.batch_steps = 1
    pairs = list(OpenAIBatchTeacher(chosen, clock=clock).expand(title_jobs(JOBS)))
    assert len({pair.id for pair in pairs}) == len(pairs) == JOBS
    assert len(server.batches) == 1
    assert set(server.asked.values()) == {1}
