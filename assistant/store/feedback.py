"""What staff said of answers: thumbs, reasons, corrections; and corrections as training rows.

A row is a pair as `llama-e finetune` reads them: task, inputs, output.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evidence_use import fact
from assistant.store.database import Database, StoreError
from retrieval.values import Evidence

REASONS = (
    "Wrong fact",
    "Wrong product",
    "Should have answered",
    "Missed the question",
    "Badly written",
)
MAX_CORRECTION = 2_000


class FeedbackError(StoreError):
    """The feedback cannot be kept as it is."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one user said of one turn."""

    turn_id: int
    user: str
    liked: bool
    reasons: tuple[str, ...]
    correction: str
    message: str
    text: str
    created: float


class Feedbacks:
    """The feedback in one database.

    Args:
        database: where it is kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def give(
        self,
        user: str,
        turn_id: int,
        liked: bool,
        reasons: Sequence[str] = (),
        correction: str = "",
    ) -> None:
        """Keep what a user says of a turn of theirs, in place of what they said before.

        Raises:
            FeedbackError: the turn is not theirs, or the correction is too long.
        """
        said = correction.strip()
        if len(said) > MAX_CORRECTION:
            raise FeedbackError(
                f"The correction has {len(said):,} characters; at most {MAX_CORRECTION:,} are"
                " kept. Shorten it."
            )
        with self._database.transaction() as connection:
            _check_own(connection, user, turn_id)
            chosen = [reason for reason in reasons if reason in REASONS]
            connection.execute(
                "INSERT OR REPLACE INTO feedback VALUES (?, ?, ?, ?, ?, ?)",
                (turn_id, user, int(liked), json.dumps(chosen), said, time.time()),
            )

    def thumb(self, user: str, turn_id: int, liked: bool) -> None:
        """Keep a thumb; reasons and a correction that were given before stay.

        Raises:
            FeedbackError: the turn is not theirs.
        """
        with self._database.transaction() as connection:
            _check_own(connection, user, turn_id)
            connection.execute(
                "INSERT INTO feedback VALUES (?, ?, ?, '[]', '', ?)"
                " ON CONFLICT (turn_id) DO UPDATE SET liked = excluded.liked",
                (turn_id, user, int(liked), time.time()),
            )

    def take_back(self, user: str, turn_id: int) -> None:
        """Forget a user's thumb; what they wrote of the turn stays."""
        with self._database.transaction() as connection:
            connection.execute(
                "DELETE FROM feedback WHERE turn_id = ? AND user = ? AND correction = ''",
                (turn_id, user),
            )

    def latest(self, most: int = 100) -> list[Feedback]:
        """Return what was said last, of all users."""
        rows = self._database.rows(
            "SELECT f.*, t.message, t.text FROM feedback f JOIN turns t ON t.id = f.turn_id"
            " ORDER BY f.created DESC LIMIT ?",
            (most,),
        )
        return [
            Feedback(
                row["turn_id"],
                row["user"],
                bool(row["liked"]),
                tuple(json.loads(row["reasons"])),
                row["correction"],
                row["message"],
                row["text"],
                row["created"],
            )
            for row in rows
        ]

    def counts(self) -> dict[str, int]:
        """Return how many answers were liked, disliked, corrected, and each reason's count."""
        row = self._database.row(
            "SELECT coalesce(sum(liked), 0) AS liked, coalesce(sum(1 - liked), 0) AS disliked,"
            " coalesce(sum(correction != ''), 0) AS corrected FROM feedback"
        )
        assert row is not None
        counted = dict(row)
        for held in self._database.rows(
            "SELECT value AS reason, count(*) AS number FROM feedback, json_each(reasons)"
            " GROUP BY value ORDER BY number DESC"
        ):
            counted[held["reason"]] = held["number"]
        return counted

    def training_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the corrected answers to questions as pairs of the task `answer`.

        The correction is the output, the evidence that the answer had its input; a correction of
        an answer that had no evidence teaches nothing about it and is left out.
        """
        for row in self._database.rows(
            "SELECT f.turn_id, f.correction, t.message, t.answer FROM feedback f"
            " JOIN turns t ON t.id = f.turn_id WHERE f.correction != '' ORDER BY f.turn_id"
        ):
            stored = json.loads(row["answer"])
            evidence = [fact(Evidence(**item)) for item in stored.get("evidence", ())]
            if stored.get("intent") == "answer" and evidence:
                yield {
                    "id": f"correction-{row['turn_id']}",
                    "task": "answer",
                    "inputs": {"question": row["message"], "evidence": evidence},
                    "output": row["correction"],
                    "source": "corrections",
                }


def _check_own(connection: sqlite3.Connection, user: str, turn_id: int) -> None:
    own = connection.execute("SELECT 1 FROM turns WHERE id = ? AND user = ?", (turn_id, user))
    if own.fetchone() is None:
        raise FeedbackError("This answer is not there any more; nothing was kept.")
