"""Conversations and their turns, each a user's own. Knows no page and no model.

Every call takes the user's name; what belongs to another is as if it were not there.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.store.database import Database, StoreError

Status = Literal["running", "done", "stopped", "failed"]
MAX_TITLE = 80
LISTED = 300
_UNTITLED = "New conversation"


class NoConversationError(StoreError):
    """The conversation is not there, or another user's."""

    def __init__(self) -> None:
        super().__init__("This conversation is not there any more. Begin a new one.")


@dataclass(frozen=True, slots=True)
class Conversation:
    """The head of a conversation. Times are seconds since 1970; `turns` counts its turns."""

    id: str
    title: str
    pinned: bool = False
    product_id: str = ""
    created: float = 0.0
    updated: float = 0.0
    turns: int = 0


@dataclass(frozen=True, slots=True)
class StoredTurn:
    """A message and what came of it; `answer` is what `assistant.store.answers` made of it."""

    id: int
    number: int
    message: str
    status: Status
    text: str = ""
    answer: Mapping[str, Any] = field(default_factory=dict)
    created: float = 0.0
    liked: bool | None = None
    correction: str = ""
    reasons: tuple[str, ...] = ()


class Conversations:
    """The conversations in one database.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def listed(self, user: str, search: str = "") -> list[Conversation]:
        """Return a user's conversations, pinned ones first, then the last used.

        Args:
            user: whose.
            search: words that must stand, all of them, in the title, a message or an answer.
        """
        where, values = ["c.user = ?"], [user]
        for word in search.split()[:8]:
            like = f"%{_escaped(word)}%"
            where.append(
                "(c.title LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM turns t WHERE"
                " t.conversation_id = c.id AND (t.message LIKE ? ESCAPE '\\' OR t.text LIKE ?"
                " ESCAPE '\\')))"
            )
            values += [like] * 3
        rows = self._database.rows(
            "SELECT c.*, (SELECT count(*) FROM turns t WHERE t.conversation_id = c.id) AS turns"
            f" FROM conversations c WHERE {' AND '.join(where)}"
            f" ORDER BY c.pinned DESC, c.updated DESC LIMIT {LISTED}",
            values,
        )
        return [_conversation(row) for row in rows]

    def find(self, user: str, conversation: str) -> Conversation | None:
        """Return a user's conversation, None where they have none of this id."""
        row = self._database.row(
            "SELECT c.*, (SELECT count(*) FROM turns t WHERE t.conversation_id = c.id) AS turns"
            " FROM conversations c WHERE c.id = ? AND c.user = ?",
            (conversation, user),
        )
        return _conversation(row) if row else None

    def create(self, user: str, product_id: str = "") -> Conversation:
        """Begin a conversation."""
        now, name = time.time(), secrets.token_urlsafe(9)
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO conversations (id, user, title, product_id, created, updated)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (name, user, _UNTITLED, product_id, now, now),
            )
        return Conversation(name, _UNTITLED, product_id=product_id, created=now, updated=now)

    def rename(self, user: str, conversation: str, title: str) -> None:
        """Give a conversation a title of the user's own; an empty one changes nothing.

        Raises:
            NoConversationError: the user has none of this id.
        """
        wanted = " ".join(title.split())[:MAX_TITLE]
        if wanted:
            self._change(user, conversation, "title = ?, named = 1", wanted)

    def pin(self, user: str, conversation: str, pinned: bool) -> None:
        """Keep a conversation at the top of the list, or no longer; raises what `rename` does."""
        self._change(user, conversation, "pinned = ?", int(pinned))

    def set_product(self, user: str, conversation: str, product_id: str) -> None:
        """Say which product all its turns are about, "" for none; raises what `rename` does."""
        self._change(user, conversation, "product_id = ?", product_id)

    def delete(self, user: str, conversation: str) -> None:
        """Delete a conversation and its turns; raises what `rename` does."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "DELETE FROM conversations WHERE id = ? AND user = ?", (conversation, user)
            )
            if not done.rowcount:
                raise NoConversationError

    def turns(self, user: str, conversation: str) -> list[StoredTurn]:
        """Return a conversation's turns in their order; none where the user has no such one."""
        rows = self._database.rows(
            "SELECT t.*, f.liked, f.correction, f.reasons FROM turns t"
            " JOIN conversations c ON c.id = t.conversation_id"
            " LEFT JOIN feedback f ON f.turn_id = t.id"
            " WHERE c.id = ? AND c.user = ? ORDER BY t.number",
            (conversation, user),
        )
        return [_turn(row) for row in rows]

    def begin_turn(self, user: str, conversation: str, number: int, message: str) -> int:
        """Keep a message before it is answered; returns the turn's id.

        Turns from `number` on are replaced: a retried or edited message takes what followed along.

        Raises:
            NoConversationError: the user has no such conversation.
        """
        now = time.time()
        with self._database.transaction() as connection:
            head = connection.execute(
                "SELECT named FROM conversations WHERE id = ? AND user = ?", (conversation, user)
            ).fetchone()
            if head is None:
                raise NoConversationError
            connection.execute(
                "DELETE FROM turns WHERE conversation_id = ? AND number >= ?",
                (conversation, number),
            )
            done = connection.execute(
                "INSERT INTO turns (conversation_id, number, user, message, status, created)"
                " VALUES (?, ?, ?, ?, 'running', ?)",
                (conversation, number, user, message, now),
            )
            title = " ".join(message.split())[:MAX_TITLE]
            is_titled = head["named"] or number > 1
            connection.execute(
                "UPDATE conversations SET updated = ?, title = CASE WHEN ? THEN title ELSE ? END"
                " WHERE id = ?",
                (now, is_titled, title, conversation),
            )
        assert done.lastrowid is not None
        return done.lastrowid

    def interrupted(self) -> None:
        """Mark what an earlier server left under way; to be called before any turn begins."""
        with self._database.transaction() as connection:
            connection.execute("UPDATE turns SET status = 'failed' WHERE status = 'running'")

    def end_turn(
        self, turn: int, status: Status, text: str, answer: Mapping[str, Any] | None = None
    ) -> None:
        """Keep what came of a turn; one that was replaced or deleted meanwhile stays gone."""
        held = answer or {}
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE turns SET status = ?, text = ?, answer = ?, intent = ?, abstained = ?,"
                " routed = ?, seconds = ? WHERE id = ?",
                (
                    status,
                    text,
                    json.dumps(held, ensure_ascii=False),
                    held.get("intent", ""),
                    int(bool(held.get("abstained"))),
                    held.get("routed", ""),
                    held.get("timing", {}).get("total", 0.0),
                    turn,
                ),
            )

    def _change(self, user: str, conversation: str, change: str, value: object) -> None:
        with self._database.transaction() as connection:
            done = connection.execute(
                f"UPDATE conversations SET {change} WHERE id = ? AND user = ?",
                (value, conversation, user),
            )
            if not done.rowcount:
                raise NoConversationError


def _conversation(row: sqlite3.Row) -> Conversation:
    return Conversation(
        row["id"],
        row["title"],
        bool(row["pinned"]),
        row["product_id"],
        row["created"],
        row["updated"],
        row["turns"],
    )


def _turn(row: sqlite3.Row) -> StoredTurn:
    return StoredTurn(
        row["id"],
        row["number"],
        row["message"],
        row["status"],
        row["text"],
        json.loads(row["answer"]),
        row["created"],
        None if row["liked"] is None else bool(row["liked"]),
        row["correction"] or "",
        tuple(json.loads(row["reasons"] or "[]")),
    )


def _escaped(word: str) -> str:
    return word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
