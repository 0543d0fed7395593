"""Jobs and their rows in the database: what each is to do, how far it is, what came of each row.

A row's result and the job's counts change in one transaction, so that they always agree. Whoever
asks for a job names its user; another user's job is not there. Knows no model and no table.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from assistant.store.database import Database

State = Literal["queued", "running", "paused", "done", "failed", "cancelled"]
ACTIVE: tuple[State, ...] = ("queued", "running")
"""States in which a job is worked on."""

_RECENT = 20
"""Rows by which the time that a row takes is told."""
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Job:
    """One table and what is made of it. `settings` hold for rows that do not say otherwise.

    `last` is the line on which the last finished row starts, 0 before the first; `done` counts
    finished rows, those that `failed` among them. `reason` says why it stopped, where it did.
    """

    id: str
    user: str
    task: str
    name: str
    total: int
    settings: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    state: State = "queued"
    reason: str = ""
    done: int = 0
    failed: int = 0
    last: int = 0
    created: float = field(default_factory=time.time)
    updated: float = field(default_factory=time.time)

    @property
    def is_active(self) -> bool:
        """Whether it is worked on, or will be without anyone's doing."""
        return self.state in ACTIVE


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of the row that starts on `line`; `error` is why nothing did. `seconds` it took."""

    line: int
    output: str = ""
    label: str = ""
    grounded: bool | None = None
    error: str = ""
    seconds: float = 0.0


class Jobs:
    """The jobs of all users.

    Args:
        database: where they are kept; every method raises `StoreError` where it fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, job: Job) -> None:
        """Keep a new job."""
        settings = json.dumps(dict(job.settings), ensure_ascii=False)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO jobs (id, user, task, settings, name, state, total, created, updated)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(job.id, job.user, job.task, settings, job.name, job.state, job.total),
                    *(job.created, job.updated),
                ),
            )

    def of_user(self, user: str) -> list[Job]:
        """Return a user's jobs, the newest first."""
        sql = "SELECT * FROM jobs WHERE user = ? ORDER BY created DESC, id"
        return [_job(row) for row in self._database.rows(sql, (user,))]

    def find(self, user: str, job_id: str) -> Job | None:
        """Return a user's job, None where they have none of this id."""
        row = self._database.row("SELECT * FROM jobs WHERE id = ? AND user = ?", (job_id, user))
        return _job(row) if row is not None else None

    def active(self) -> list[Job]:
        """Return the jobs of all users that are to be worked on, the oldest first."""
        sql = "SELECT * FROM jobs WHERE state IN ('queued', 'running') ORDER BY created, id"
        return [_job(row) for row in self._database.rows(sql)]

    def state_of(self, job_id: str) -> State | None:
        """Return a job's state, None where it was deleted."""
        row = self._database.row("SELECT state FROM jobs WHERE id = ?", (job_id,))
        return row["state"] if row is not None else None

    def move(self, job_id: str, before: Sequence[State], after: State, reason: str = "") -> bool:
        """Change a job's state where it is in one of those before; return whether it was."""
        marks = ", ".join("?" * len(before))
        with self._database.transaction() as connection:
            changed = connection.execute(
                f"UPDATE jobs SET state = ?, reason = ?, updated = ?"
                f" WHERE id = ? AND state IN ({marks})",
                (after, reason, time.time(), job_id, *before),
            )
            return changed.rowcount > 0

    def interrupted(self, reason: str) -> int:
        """Pause every job that a server left under way when it ended; return how many."""
        with self._database.transaction() as connection:
            changed = connection.execute(
                "UPDATE jobs SET state = 'paused', reason = ? WHERE state IN ('queued', 'running')",
                (reason,),
            )
            return changed.rowcount

    def record(self, job_id: str, result: RowResult) -> bool:
        """Keep a row's result; return False where the job is gone or has the row already."""
        grounded = None if result.grounded is None else int(result.grounded)
        with self._database.transaction() as connection:
            added = connection.execute(
                "INSERT OR IGNORE INTO job_rows SELECT id, ?, ?, ?, ?, ?, ? FROM jobs WHERE id = ?",
                (
                    *(result.line, result.output, result.label, grounded, result.error),
                    *(result.seconds, job_id),
                ),
            )
            if not added.rowcount:
                return False
            connection.execute(
                "UPDATE jobs SET done = done + 1, failed = failed + ?, last = max(last, ?),"
                " updated = ? WHERE id = ?",
                (int(bool(result.error)), result.line, time.time(), job_id),
            )
            return True

    def results(self, job_id: str) -> Iterator[RowResult]:
        """Yield the finished rows of a job in the order of the table."""
        line = 0
        sql = "SELECT * FROM job_rows WHERE job_id = ? AND line > ? ORDER BY line LIMIT ?"
        while rows := self._database.rows(sql, (job_id, line, _PAGE)):
            yield from map(_result, rows)
            line = rows[-1]["line"]

    def failures(self, job_id: str, most: int) -> list[RowResult]:
        """Return the first rows that failed."""
        sql = "SELECT * FROM job_rows WHERE job_id = ? AND error != '' ORDER BY line LIMIT ?"
        return [_result(row) for row in self._database.rows(sql, (job_id, most))]

    def seconds_a_row(self, job_id: str) -> float:
        """Return what a row took of late, waiting included; 0 before there is one."""
        row = self._database.row(
            "SELECT avg(seconds) AS seconds FROM (SELECT seconds FROM job_rows WHERE job_id = ?"
            " ORDER BY line DESC LIMIT ?)",
            (job_id, _RECENT),
        )
        return float(row["seconds"] or 0.0) if row is not None else 0.0

    def delete(self, job_id: str) -> None:
        """Forget a job and its rows."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM jobs WHERE id = ?", (job_id,))


def _job(row: Any) -> Job:
    values = {name: row[name] for name in row.keys()}  # noqa: SIM118  (a Row iterates its values)
    return Job(**{**values, "settings": MappingProxyType(json.loads(values["settings"]))})


def _result(row: Any) -> RowResult:
    return RowResult(
        line=row["line"],
        output=row["output"],
        label=row["label"],
        grounded=None if row["grounded"] is None else bool(row["grounded"]),
        error=row["error"],
        seconds=row["seconds"],
    )
