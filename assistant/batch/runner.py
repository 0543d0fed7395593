"""Works jobs off in the background: a row of each job in turn, each row kept as it ends.

A kill at any moment loses at most the row under way: what is kept names the last row, and work
goes on after it. Every row asks for its turn at the model, so that people come between rows.
Knows no page; the model and the turns come as functions.
"""

from __future__ import annotations

import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from assistant.batch.results import write_results
from assistant.batch.table import Row, TableError, check_table, job_line, read_rows
from assistant.copywriting import author
from assistant.errors import AssistantError, GenerationError, PromptTooLongError
from assistant.store.database import StoreError
from assistant.store.jobs import ACTIVE, Job, Jobs, RowResult, State
from assistant.tasks import TASKS
from assistant.tasks.base import TaskInputError
from assistant.writing import TextEngine
from catalog_index.errors import CatalogError, RowError

RESTARTED = "The server was stopped. All finished rows are kept; press Resume to go on."
TABLE, RESULTS = "table.csv", "results.csv"
_MOST_FAULTS = 10
"""Rows one after another on which the model failed, after which the job ends as failed."""
_PAUSE_SECONDS = 2.0
_NAME = 80

_SAMPLES: Mapping[str, Row] = {
    "ads": {"product": "A"},
    "title": {"product": "A", "query": "a"},
    "classify": {"product": "A", "labels": ["a"]},
    "intent": {"product": "A", "query": "a"},
    "answer": {"question": "a"},
}
"""The shortest line of each task: settings are checked with it."""

Turn = Callable[[], AbstractContextManager[None]]
_Rows = Iterator[tuple[int, Row | RowError]]


class JobError(AssistantError):
    """A job cannot be had, or cannot do what was asked of it."""


class JobRunner:
    """Starts, works off, pauses and deletes jobs. One object a server; safe between threads.

    Jobs that an earlier server left under way are paused when it is made.

    Args:
        jobs: where jobs are kept.
        directory: where their tables are kept, a directory each.
        open_engine: gives the model; the first call may load it.
        turn: waits for a row's turn at the model, and gives it back at its end.
    """

    def __init__(
        self, jobs: Jobs, directory: Path, open_engine: Callable[[], TextEngine], turn: Turn
    ) -> None:
        self._jobs = jobs
        self._directory = directory
        self._open_engine = open_engine
        self._turn = turn
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._open: dict[str, _Rows] = {}
        self._ended: dict[str, float] = {}
        self._faults: dict[str, int] = {}
        jobs.interrupted(RESTARTED)

    def start(
        self, user: str, upload: Path, name: str, task: str, settings: Mapping[str, Any]
    ) -> Job:
        """Take a table over and begin to work on it.

        Args:
            user: whose job it is.
            upload: the table; it is copied.
            name: what the user calls the file.
            task: one of `TASKS`.
            settings: inputs for the rows that do not give them.

        Raises:
            TableError: the table does not fit the task, or cannot be copied.
            TaskInputError: a setting does not fit the task.
            StoreError: the job cannot be kept.
        """
        if task not in TASKS:
            raise TaskInputError(f"There is no task {task!r}. Tasks: {', '.join(TASKS)}.")
        TASKS[task].read({**_SAMPLES[task], **settings})
        job_id = uuid.uuid4().hex
        folder = self._directory / job_id
        try:
            sheet = check_table(upload, task, settings)
            job = Job(job_id, user, task, name[-_NAME:], sheet.rows, dict(settings))
            folder.mkdir(parents=True, mode=0o700)
            shutil.copyfile(upload, folder / TABLE)
            self._jobs.add(job)
        except (OSError, StoreError) as error:
            shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, StoreError):
                raise
            raise TableError(
                f"The table cannot be copied: {error.strerror or error}. Make room, or mend the"
                " permissions of the data directory."
            ) from error
        self._work_on()
        return job

    def pause(self, user: str, job_id: str) -> None:
        """Stop after the row under way; `resume` goes on from there. Raises `JobError`."""
        self._move(user, job_id, ACTIVE, "paused")

    def resume(self, user: str, job_id: str) -> None:
        """Go on with a paused or failed job after its last finished row. Raises `JobError`."""
        self._move(user, job_id, ("paused", "failed"), "queued")
        self._work_on()

    def cancel(self, user: str, job_id: str) -> None:
        """End a job for good; what is finished stays. Raises `JobError`."""
        self._move(user, job_id, (*ACTIVE, "paused", "failed"), "cancelled")

    def delete(self, user: str, job_id: str) -> None:
        """Forget a job, its table and its results; one under way ends. Raises `JobError`."""
        job = self._own(user, job_id)
        self._jobs.delete(job.id)
        shutil.rmtree(self._directory / job.id, ignore_errors=True)

    def results(self, user: str, job_id: str) -> Path:
        """Write what is finished as CSV and return the file.

        Raises:
            JobError: the user has no such job.
            TableError: its table is gone or damaged.
            StorageError: the disk refuses.
        """
        job = self._own(user, job_id)
        out = self._directory / job.id / RESULTS
        write_results(self._directory / job.id / TABLE, self._jobs.results(job.id), out)
        return out

    def close(self, seconds: float = 30.0) -> None:
        """Stop working after the row under way; jobs stay as they are."""
        self._closing.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def _own(self, user: str, job_id: str) -> Job:
        job = self._jobs.find(user, job_id)
        if job is None:
            raise JobError("This batch is no longer there. Reload the page.")
        return job

    def _move(self, user: str, job_id: str, before: tuple[State, ...], after: State) -> None:
        job = self._own(user, job_id)
        if not self._jobs.move(job.id, before, after) and job.state != after:
            raise JobError(f"This batch is {job.state}, so it cannot become {after}.")

    def _work_on(self) -> None:
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()
        self._wake.set()

    def _work(self) -> None:
        while not self._closing.is_set():
            self._wake.clear()
            try:
                jobs = self._jobs.active()
            except StoreError:
                self._wake.wait(_PAUSE_SECONDS)
                continue
            self._forget_all_but({job.id for job in jobs})
            if not jobs:
                self._wake.wait()
            for job in jobs:
                if not self._closing.is_set():
                    self._guarded(job)

    def _forget_all_but(self, active: set[str]) -> None:
        for kept in (self._open, self._ended, self._faults):
            for job_id in set(kept) - active:
                del kept[job_id]

    def _guarded(self, job: Job) -> None:
        """Do a job's next row; a fault that is not the row's ends the job as failed."""
        try:
            self._one_row(job)
        except (AssistantError, CatalogError) as error:
            self._fail(job, str(error))
        except OSError as error:
            self._fail(job, f"The table cannot be read: {error.strerror or error}.")
        except Exception as error:
            self._fail(job, f"Something went wrong ({type(error).__name__}). Resume to try again.")

    def _fail(self, job: Job, reason: str) -> None:
        for held in (self._open, self._ended, self._faults):
            held.pop(job.id, None)  # what could not be kept of it is read again
        with suppress(StoreError):
            self._jobs.move(job.id, ACTIVE, "failed", reason)
            return
        self._wake.wait(_PAUSE_SECONDS)  # the store fails too: it may be mended by then

    def _one_row(self, job: Job) -> None:
        if job.id not in self._open:
            rows = read_rows(self._directory / job.id / TABLE)
            self._open[job.id] = (row for row in rows if row[0] > job.last)
            self._ended[job.id] = time.monotonic()
            self._jobs.move(job.id, ("queued",), "running")
        line, row = next(self._open[job.id], (0, {}))
        if not line:
            self._jobs.move(job.id, ACTIVE, "done")
            return
        if isinstance(row, RowError):
            result = RowResult(line, error=str(row))
        else:
            engine = self._open_engine()
            with self._turn():
                if self._closing.is_set() or self._jobs.state_of(job.id) not in ACTIVE:
                    del self._open[job.id]  # it was paused meanwhile: the row is not begun
                    return
                result = self._written(engine, job, line, row)
        now = time.monotonic()
        seconds, self._ended[job.id] = now - self._ended[job.id], now
        self._jobs.record(
            job.id,
            RowResult(line, result.output, result.label, result.grounded, result.error, seconds),
        )

    def _written(self, engine: TextEngine, job: Job, line: int, row: Row) -> RowResult:
        """Return what the model makes of a row, or why it makes nothing of it.

        Raises:
            AssistantError: no row could be written, or ten in a row were not.
        """
        try:
            output = author(engine, job.task, job_line(job.task, row, job.settings))
        except (TaskInputError, PromptTooLongError) as error:
            return RowResult(line, error=str(error))
        except GenerationError as error:
            self._faults[job.id] = self._faults.get(job.id, 0) + 1
            if self._faults[job.id] >= _MOST_FAULTS:
                raise
            return RowResult(line, error=str(error))
        except AssistantError:
            raise
        except Exception as error:
            return RowResult(line, error=f"The row cannot be worked on ({type(error).__name__}).")
        self._faults.pop(job.id, None)
        return RowResult(line, output["output"], output.get("label") or "", output["grounded"])
