"""Sessions of the log-in: random tokens of which only hashes are stored, and when they end.

Kept in the database, so that a restart of the page logs nobody out. Knows no password.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from assistant.access.passwords import hash_secret, new_secret
from assistant.access.users import Account
from assistant.store.database import Database


@dataclass(frozen=True, slots=True)
class Session:
    """Whose session it is; `fingerprint` is that of the password it was opened with."""

    user: str
    fingerprint: str


class Sessions:
    """The open sessions of one database. Safe to share between threads.

    Args:
        database: where they are kept.
        seconds: how long a session lasts, from its log-in on.
        clock: the time in seconds since 1970.
    """

    def __init__(
        self, database: Database, seconds: float, clock: Callable[[], float] = time.time
    ) -> None:
        self.seconds = seconds
        self._database = database
        self._clock = clock

    def begin(self, account: Account) -> str:
        """Open a session and return its token, which is stored nowhere; drops those that ended."""
        token, now = new_secret(), self._clock()
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE expires <= ?", (now,))
            connection.execute(
                "INSERT INTO sessions (token, user, fingerprint, created, expires)"
                " VALUES (?, ?, ?, ?, ?)",
                (hash_secret(token), account.name, account.fingerprint, now, now + self.seconds),
            )
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token, None where there is none or it has ended."""
        row = self._database.row(
            "SELECT user, fingerprint FROM sessions WHERE token = ? AND expires > ?",
            (hash_secret(token), self._clock()),
        )
        return Session(row["user"], row["fingerprint"]) if row else None

    def end(self, token: str) -> None:
        """Close a session, if there is one of the token."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM sessions WHERE token = ?", (hash_secret(token),))
