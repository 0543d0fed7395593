"""Texts that sellers kept: each user's own, with the product and the task that they are of."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from assistant.store.database import Database


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that a user kept; `edited` says that it is not as the model wrote it."""

    product_id: str
    product_title: str
    task: str
    text: str
    edited: bool = False
    platform: str = ""
    created: float = field(default_factory=time.time)
    id: int = 0


class KeptTexts:
    """The kept texts of all users; every method is of one user's.

    Args:
        database: where they are kept; every method raises `StoreError` where it fails.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, user: str, kept: KeptText) -> bool:
        """Keep a text; return False where the very same is kept already."""
        same = (user, kept.product_id, kept.task, kept.text)
        with self._database.transaction() as connection:
            held = connection.execute(
                "SELECT 1 FROM kept_texts WHERE user = ? AND product_id = ? AND task = ?"
                " AND text = ?",
                same,
            ).fetchone()
            if held:
                return False
            connection.execute(
                "INSERT INTO kept_texts (user, product_id, task, text, product_title, edited,"
                " platform, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*same, kept.product_title, int(kept.edited), kept.platform, kept.created),
            )
            return True

    def of_user(self, user: str) -> list[KeptText]:
        """Return what a user kept, the newest first."""
        rows = self._database.rows(
            "SELECT * FROM kept_texts WHERE user = ? ORDER BY id DESC", (user,)
        )
        return [_kept(row) for row in rows]

    def delete(self, user: str, kept_id: int) -> None:
        """Forget one of a user's texts."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM kept_texts WHERE id = ? AND user = ?", (kept_id, user))


def _kept(row: Any) -> KeptText:
    names = ("id", "product_id", "product_title", "task", "text", "platform", "created")
    return KeptText(**{name: row[name] for name in names}, edited=bool(row["edited"]))
