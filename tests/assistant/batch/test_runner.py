"""Jobs: every row exactly once whatever happens, states, bad rows, and who sees what."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from assistant.batch import runner as runner_module
from assistant.batch.runner import RESTARTED, JobError
from assistant.batch.table import TableError
from assistant.errors import GenerationError, ModelUnavailableError
from assistant.store.database import Database, StoreError
from assistant.store.jobs import Job, Jobs, RowResult
from assistant.tasks.base import TaskInputError
from tests.assistant.batch.conftest import MakeRunner, queries, read_csv, wait_for, write_csv
from tests.fakes import ScriptedEngine

ME, OTHER = "mia", "otto"


def is_done(job: Job) -> bool:
    return job.state == "done"


class Door:
    """A turn at the model that opens a number of times."""

    def __init__(self, opened: int) -> None:
        self.left = threading.Semaphore(opened)

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.left.acquire(timeout=10)
        yield


def test_a_job_does_every_row_and_its_table_holds_input_and_output(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    runner = make_runner()
    job = runner.start(ME, queries(tmp_path / "q.csv", 25), "q.csv", "intent", {})
    done = wait_for(jobs, job, is_done)
    assert (done.total, done.done, done.failed, done.reason) == (25, 25, 0, "")
    table = read_csv(runner.results(ME, job.id))
    assert [row["id"] for row in table] == [f"P{n}" for n in range(25)]
    assert {row["label"] for row in table} == {"likely"}
    assert list(table[0]) == ["id", "query", "title", "output", "label", "grounded", "error"]
    assert jobs.seconds_a_row(job.id) > 0


def test_bad_rows_are_told_with_line_and_reason_and_the_others_are_done(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    file = tmp_path / "q.csv"
    file.write_text('title,query\nA,a\n,b\nC,c,too,many\nD,"d\n\nE,e\n', encoding="utf-8")
    runner = make_runner()
    job = runner.start(ME, file, "q.csv", "intent", {})
    done = wait_for(jobs, job, is_done)
    faults = {fault.line: fault.error for fault in jobs.failures(job.id, 10)}
    assert set(faults) == {3, 4, 5}
    assert "title" in faults[3] and "4 cells" in faults[4] and "quote" in faults[5]
    assert (done.done, done.failed, done.total) == (5, 3, 5)
    table = read_csv(runner.results(ME, job.id))
    assert [bool(row["error"]) for row in table] == [False, True, True, True, False]


def test_pause_keeps_what_is_done_and_resume_goes_on_after_it(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path, engine: ScriptedEngine
) -> None:
    door = Door(3)
    runner = make_runner(turn=door)
    job = runner.start(ME, queries(tmp_path / "q.csv", 8), "q.csv", "intent", {})
    wait_for(jobs, job, lambda now: now.done == 3)
    runner.pause(ME, job.id)
    for _ in range(10):
        door.left.release()
    time.sleep(0.2)
    paused = jobs.find(ME, job.id)
    assert paused is not None and (paused.state, paused.done) == ("paused", 3)
    assert len(read_csv(runner.results(ME, job.id))) == 3, "partial results can be had"
    runner.resume(ME, job.id)
    wait_for(jobs, job, is_done)
    assert len(engine.prompts) == 8, "no row is written twice"


def test_a_job_under_way_when_the_server_ended_is_paused_and_resumes(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    door = Door(2)
    first = make_runner(turn=door)
    job = first.start(ME, queries(tmp_path / "q.csv", 6), "q.csv", "intent", {})
    wait_for(jobs, job, lambda now: now.done == 2)
    second = make_runner()
    stopped = jobs.find(ME, job.id)
    assert stopped is not None and (stopped.state, stopped.reason) == ("paused", RESTARTED)
    second.resume(ME, job.id)
    wait_for(jobs, job, is_done)
    rows = read_csv(second.results(ME, job.id))
    door.left.release(9)
    assert [row["id"] for row in rows] == [f"P{n}" for n in range(6)]


CHILD = """
import sys, time
from contextlib import nullcontext
from pathlib import Path
from assistant.batch.runner import JobRunner
from assistant.store.database import Database, StoreError
from assistant.store.jobs import Jobs
from tests.fakes import ScriptedEngine
root = Path(sys.argv[1])
jobs = Jobs(Database(root / "db.sqlite3"))
engine = ScriptedEngine()
runner = JobRunner(jobs, root / "jobs", lambda: engine, nullcontext)
known = jobs.of_user("mia")
if known:
    runner.resume("mia", known[0].id)
else:
    runner.start("mia", root / "q.csv", "q.csv", "intent", {})
print("started", flush=True)
while jobs.of_user("mia")[0].state != "done":
    time.sleep(0.005)
"""


def test_kill_at_any_moment_keeps_every_row_exactly_once(tmp_path: Path) -> None:
    count = 3000
    queries(tmp_path / "q.csv", count)
    root = Path(__file__).parents[3]
    waits = [0.0, 0.01, 0.05, 0.15, 60.0]
    seen = []
    for wait in waits:
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, str(tmp_path)],
            cwd=root,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"started\n"
        try:
            child.wait(timeout=wait)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            child.wait()
        jobs = Jobs(Database(tmp_path / "db.sqlite3"))
        [job] = jobs.of_user("mia")
        lines = [result.line for result in jobs.results(job.id)]
        assert lines == list(range(2, len(lines) + 2)), "no row is missing or twice"
        assert job.done == len(lines), "the counts agree with the rows"
        seen.append(job.done)
    assert job.state == "done" and job.done == count
    assert any(0 < done < count for done in seen), f"it was killed in the middle: {seen}"


def test_the_model_missing_fails_the_job_and_not_its_rows(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path, engine: ScriptedEngine
) -> None:
    is_there = False

    def open_engine() -> ScriptedEngine:
        if not is_there:
            raise ModelUnavailableError("There is no model. Install one.")
        return engine

    runner = make_runner(open_engine=open_engine)
    job = runner.start(ME, queries(tmp_path / "q.csv", 3), "q.csv", "intent", {})
    failed = wait_for(jobs, job, lambda now: now.state == "failed")
    assert (failed.reason, failed.done) == ("There is no model. Install one.", 0)
    is_there = True
    runner.resume(ME, job.id)
    assert wait_for(jobs, job, is_done).failed == 0


class BrokenStore:
    """Refuses new rows, new jobs and changes of state while it is broken."""

    WRITES = ("INSERT ON job_rows", "INSERT ON jobs", "UPDATE OF state ON jobs")

    def __init__(self, database: Database) -> None:
        self._database = database

    def __enter__(self) -> None:
        with self._database.transaction() as connection:
            for n, write in enumerate(self.WRITES):
                connection.execute(
                    f"CREATE TRIGGER broken_{n} BEFORE {write} BEGIN DELETE FROM nowhere; END"
                )

    def __exit__(self, *_: object) -> None:
        with self._database.transaction() as connection:
            for n in range(len(self.WRITES)):
                connection.execute(f"DROP TRIGGER broken_{n}")


def test_a_row_that_could_not_be_kept_is_worked_on_again(
    make_runner: MakeRunner,
    jobs: Jobs,
    tmp_path: Path,
    engine: ScriptedEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runner_module, "_PAUSE_SECONDS", 0.01)
    door = Door(2)
    runner = make_runner(turn=door)
    job = runner.start(ME, queries(tmp_path / "q.csv", 6), "q.csv", "intent", {})
    wait_for(jobs, job, lambda now: now.done == 2)
    with BrokenStore(Database(tmp_path / "data" / "db.sqlite3")):
        door.left.release()
        wait_for(jobs, job, lambda _: len(engine.prompts) == 3)
        time.sleep(0.1)
    kept = jobs.find(ME, job.id)
    assert kept is not None and (kept.state, kept.done) == ("running", 2), "nothing could be kept"
    for _ in range(9):
        door.left.release()
    done = wait_for(jobs, job, is_done)
    assert [result.line for result in jobs.results(job.id)] == [2, 3, 4, 5, 6, 7]
    assert (done.done, done.failed) == (6, 0)


def test_a_job_that_cannot_be_kept_leaves_no_copy_of_its_table(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    runner = make_runner()
    table = queries(tmp_path / "q.csv", 2)
    with BrokenStore(Database(tmp_path / "data" / "db.sqlite3")), pytest.raises(StoreError):
        runner.start(ME, table, "q.csv", "intent", {})
    assert jobs.of_user(ME) == []
    assert not list((tmp_path / "data").glob("jobs/*"))


class FaultyEngine(ScriptedEngine):
    """Fails on every prompt that holds a word; on all of them where it is empty."""

    fault: Exception = GenerationError("The model failed.")

    def score_labels(self, messages: Any, labels: Any, adapter: bool = True, *, stop: Any = None):
        if "kettle" in str(messages):
            raise self.fault
        return super().score_labels(messages, labels, adapter, stop=stop)


def test_a_model_that_fails_on_row_after_row_ends_the_job(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    runner = make_runner(open_engine=FaultyEngine)
    job = runner.start(ME, queries(tmp_path / "q.csv", 50), "q.csv", "intent", {})
    failed = wait_for(jobs, job, lambda now: now.state == "failed")
    assert failed.done == failed.failed == 9
    assert failed.reason == "The model failed."


def test_a_fault_of_ours_spoils_one_row_and_names_itself(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    engine = FaultyEngine()
    engine.fault = KeyError("x")
    rows = [{"query": "kettle", "title": "A"}, {"query": "lamp", "title": "B"}]
    runner = make_runner(open_engine=lambda: engine)
    job = runner.start(ME, write_csv(tmp_path / "q.csv", rows), "q.csv", "intent", {})
    assert wait_for(jobs, job, is_done).failed == 1
    assert "KeyError" in jobs.failures(job.id, 5)[0].error


def test_two_jobs_take_turns(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path, engine: ScriptedEngine
) -> None:
    door = Door(0)
    runner = make_runner(turn=door)
    long = runner.start(ME, queries(tmp_path / "a.csv", 200), "a.csv", "intent", {})
    short = runner.start(OTHER, queries(tmp_path / "b.csv", 3), "b.csv", "intent", {})
    for _ in range(20):
        door.left.release()
    done = wait_for(jobs, short, is_done)
    waiting = jobs.find(ME, long.id)
    assert done.done == 3
    assert waiting is not None and waiting.done < 30, "the short one did not wait for the long"
    runner.cancel(ME, long.id)
    for _ in range(3):
        door.left.release()


def test_another_users_job_is_not_there(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    runner = make_runner()
    job = runner.start(ME, queries(tmp_path / "q.csv", 2), "q.csv", "intent", {})
    wait_for(jobs, job, is_done)
    assert jobs.of_user(OTHER) == []
    for act in (runner.pause, runner.resume, runner.cancel, runner.delete, runner.results):
        with pytest.raises(JobError, match="no longer there"):
            act(OTHER, job.id)
    assert jobs.find(ME, job.id) is not None


def test_delete_leaves_nothing_even_of_a_running_job(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    door = Door(1)
    runner = make_runner(turn=door)
    job = runner.start(ME, queries(tmp_path / "q.csv", 5), "q.csv", "intent", {})
    wait_for(jobs, job, lambda now: now.done == 1)
    runner.delete(ME, job.id)
    for _ in range(5):
        door.left.release()
    assert not (tmp_path / "data" / "jobs" / job.id).exists()
    time.sleep(0.1)
    assert jobs.of_user(ME) == [] and list(jobs.results(job.id)) == []
    assert not jobs.record(job.id, RowResult(9)), "a late row of a deleted job is not kept"


def test_a_cancelled_job_stays_so(make_runner: MakeRunner, jobs: Jobs, tmp_path: Path) -> None:
    runner = make_runner(turn=Door(1))
    job = runner.start(ME, queries(tmp_path / "q.csv", 5), "q.csv", "intent", {})
    runner.cancel(ME, job.id)
    with pytest.raises(JobError, match="cancelled"):
        runner.resume(ME, job.id)


def test_an_unfit_table_or_setting_starts_nothing(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    runner = make_runner()
    table = queries(tmp_path / "q.csv", 2)
    with pytest.raises(TaskInputError, match="min_words"):
        runner.start(ME, table, "q.csv", "ads", {"min_words": 9, "max_words": 3})
    with pytest.raises(TableError, match="labels"):
        runner.start(ME, table, "q.csv", "classify", {})
    assert jobs.of_user(ME) == []
    assert not list((tmp_path / "data").glob("jobs/*"))


def test_no_cell_of_the_results_is_a_formula(
    make_runner: MakeRunner, jobs: Jobs, tmp_path: Path
) -> None:
    rows = [{"title": "=cmd|' /C calc'!A1", "query": "@SUM(1)", "=note": "+1"}]
    runner = make_runner()
    job = runner.start(ME, write_csv(tmp_path / "q.csv", rows), "=q.csv", "intent", {})
    wait_for(jobs, job, is_done)
    [row] = read_csv(runner.results(ME, job.id))
    assert row["'=note"] == "'+1"
    assert all(not cell.startswith(("=", "+", "@", "-")) for cell in [*row, *row.values()])
