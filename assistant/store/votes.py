"""Votes on the stage, kept in the index's file: who voted on what, and what each column showed.

Knows no stage and no win rates; `assistant.stage.tally` counts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.store.database import Database


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote as it is given: who, on which round, what was asked and shown, what was chosen.

    `choice` is the best system's key, "tie" or "bad"; `columns` stand as they were shown.
    """

    round: str
    user: str
    prompt: str
    choice: str
    columns: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote that is kept. `choice` is as in `Ballot`; `created` is a Unix time."""

    user: str
    prompt: str
    choice: str
    columns: tuple[Mapping[str, Any], ...]
    created: float

    @property
    def systems(self) -> tuple[str, ...]:
        """The keys of the systems, as shown from left to right."""
        return tuple(str(column["system"]) for column in self.columns)


class Votes:
    """The votes of one index.

    Args:
        database: the index's file.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, ballot: Ballot) -> bool:
        """Keep one vote; return False where the round had one already.

        Raises:
            StoreError: the file cannot be written.
        """
        shown = json.dumps([dict(column) for column in ballot.columns], ensure_ascii=False)
        row = (ballot.round, ballot.user, ballot.prompt, ballot.choice, shown, time.time())
        with self._database.transaction() as connection:
            written = connection.execute(
                "INSERT OR IGNORE INTO votes (round, user, prompt, choice, columns, created)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
        return written.rowcount == 1

    def all(self, user: str | None = None) -> list[Vote]:
        """Return the votes, oldest first; of one user where named.

        Raises:
            StoreError: the file cannot be read.
        """
        rows = self._database.rows(
            "SELECT * FROM votes WHERE ? IS NULL OR user = ? ORDER BY id", (user, user)
        )
        return [
            Vote(
                row["user"], row["prompt"], row["choice"], _columns(row["columns"]), row["created"]
            )
            for row in rows
        ]

    def reset(self) -> int:
        """Delete all votes; return how many there were.

        Raises:
            StoreError: the file cannot be written.
        """
        with self._database.transaction() as connection:
            return connection.execute("DELETE FROM votes").rowcount


def _columns(text: str) -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(text))
