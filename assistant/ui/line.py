"""The line before the model: who works, who waits, and how many are before each."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class Place:
    """One waiter's place. `wait` returns whether its turn has come."""

    _line: Line
    _ticket: int

    @property
    def ahead(self) -> int:
        """How many must still end before this one begins; 0 when it is its turn."""
        return self._line.ahead(self._ticket)

    def wait(self, seconds: float) -> bool:
        """Wait at most so long; return whether it is this one's turn."""
        return self._line.wait(self._ticket, seconds)


@dataclass(slots=True)
class Line:
    """First come, first served; at most `at_once` work at a time. Safe between threads.

    Who joins as `last` begins only while nobody else stands here: a batch gives way to people.
    """

    at_once: int = 2
    _tickets: list[int] = field(default_factory=list)
    _last: set[int] = field(default_factory=set)
    _next: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @contextmanager
    def join(self, *, last: bool = False) -> Iterator[Place]:
        """Stand in the line, and work once `Place.wait` says so; leaving lets the next one in."""
        with self._changed:
            ticket = self._next
            self._next += 1
            self._tickets.append(ticket)
            if last:
                self._last.add(ticket)
        try:
            yield Place(self, ticket)
        finally:
            with self._changed:
                self._tickets.remove(ticket)
                self._last.discard(ticket)
                self._changed.notify_all()

    def ahead(self, ticket: int) -> int:
        """Return how many must end before the holder of a ticket begins."""
        with self._changed:
            return self._ahead(ticket)

    def wait(self, ticket: int, seconds: float) -> bool:
        """Wait until a ticket's turn has come, at most so long; return whether it has."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._ahead(ticket), seconds)

    def _ahead(self, ticket: int) -> int:
        people = [one for one in self._tickets if one not in self._last]
        if ticket in self._last:
            lasts = [one for one in self._tickets if one in self._last]
            return len(people) + lasts.index(ticket)
        return max(0, people.index(ticket) - self.at_once + 1)
