"""How often somebody may ask: requests of a user in a minute, and wrong passwords in a row.

Counted in memory. Knows no user but by name.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable

from assistant.errors import AssistantError

_MINUTE = 60.0
_FREE_TRIES = 5
_LONGEST_WAIT = 60.0
_MOST_NAMES = 10_000
Clock = Callable[[], float]


class LimitError(AssistantError):
    """Somebody asked too often; `retry_after` is in how many whole seconds they may ask again."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RateLimit:
    """At most so many requests of a user in any minute. Safe to share between threads.

    Args:
        per_minute: how many.
        clock: seconds from any start.
    """

    def __init__(self, per_minute: int, clock: Clock = time.monotonic) -> None:
        self.per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._asked: dict[str, deque[float]] = {}

    def count(self, name: str) -> None:
        """Count one request of a user.

        Raises:
            LimitError: it is one too many; it does not count.
        """
        with self._lock:
            now = self._clock()
            times = self._asked.setdefault(name, deque())
            while times and times[0] <= now - _MINUTE:
                times.popleft()
            if len(times) >= self.per_minute:
                wait = max(1, math.ceil(times[0] + _MINUTE - now))
                raise LimitError(
                    f"You have sent {self.per_minute} requests within a minute, which is the"
                    f" limit. Try again in {_seconds(wait)}.",
                    wait,
                )
            times.append(now)


class FailedLogins:
    """Makes whoever guesses passwords wait, longer with each try. Safe to share between threads.

    Five wrong passwords are free; then the wait doubles with each, up to a minute. A user's name
    and the address that the log-in comes from are counted apart.

    Args:
        clock: seconds from any start.
    """

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failed: dict[str, tuple[int, float]] = {}

    def attempt(self, *who: str) -> None:
        """Count a try as a failed one, before it is known: many at once gain nothing.

        Raises:
            LimitError: they must wait first.
        """
        with self._lock:
            wait = max(self._wait(one) for one in who)
            if wait > 0:
                seconds = max(1, math.ceil(wait))
                raise LimitError(
                    f"Too many failed log-ins. Try again in {_seconds(seconds)}.", seconds
                )
            for one in who:
                count, _ = self._failed.pop(one, (0, 0.0))
                self._failed[one] = (count + 1, self._clock())
            while len(self._failed) > _MOST_NAMES:
                del self._failed[next(iter(self._failed))]

    def succeeded(self, *who: str) -> None:
        """Forget the wrong passwords of whoever knew it in the end."""
        with self._lock:
            for one in who:
                self._failed.pop(one, None)

    def _wait(self, who: str) -> float:
        count, last = self._failed.get(who, (0, 0.0))
        if count < _FREE_TRIES:
            return 0.0
        return last + min(_LONGEST_WAIT, 2.0 ** (count - _FREE_TRIES)) - self._clock()


def _seconds(count: int) -> str:
    return "1 second" if count == 1 else f"{count} seconds"
