"""A job runner over a real database and a scripted model."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from assistant.batch.runner import JobRunner
from assistant.store.database import Database
from assistant.store.jobs import Job, Jobs
from tests.fakes import ScriptedEngine

MakeRunner = Callable[..., JobRunner]


@pytest.fixture
def engine() -> ScriptedEngine:
    engine = ScriptedEngine()
    engine.likelihoods = {"likely": -1.0}
    return engine


@pytest.fixture
def jobs(tmp_path: Path) -> Jobs:
    return Jobs(Database(tmp_path / "data" / "db.sqlite3"))


@pytest.fixture
def make_runner(jobs: Jobs, engine: ScriptedEngine, tmp_path: Path) -> Iterator[MakeRunner]:
    """Make runners over one database, as servers one after another do; ended with the test."""
    made: list[JobRunner] = []

    def make(open_engine: Any = None, turn: Any = None) -> JobRunner:
        runner = JobRunner(
            jobs, tmp_path / "data" / "jobs", open_engine or (lambda: engine), turn or nullcontext
        )
        made.append(runner)
        return runner

    yield make
    for runner in made:
        runner.close()


def write_csv(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def queries(path: Path, count: int) -> Path:
    """Write a table of the task `intent`."""
    rows = [{"id": f"P{n}", "query": f"kettle {n}", "title": f"Kettle {n}"} for n in range(count)]
    return write_csv(path, rows)


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def wait_for(jobs: Jobs, job: Job, ready: Callable[[Job], bool], seconds: float = 20.0) -> Job:
    """Wait until a job is as wished, and return it so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        now = jobs.find(job.user, job.id)
        assert now is not None
        if ready(now):
            return now
        time.sleep(0.01)
    raise AssertionError(f"the job stayed as {now}")
