"""When the next call may be made: rate limits, the growing wait after a failure, Retry-After.

Knows no server. The clock is given, so that a test need not wait.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

_FIRST_WAIT_S = 1.0
_LONGEST_BACKOFF_S = 60.0
_BURST_S = 1.0
"""How much of a limit an idle caller saves up; servers count in windows as short as a second."""


class Clock:
    """Time that passes; a test puts its own in the place."""

    def now(self) -> float:
        """Return seconds since some fixed moment."""
        return time.monotonic()

    def sleep(self, seconds: float, stop: threading.Event) -> None:
        """Wait, but no longer than until `stop` is set."""
        stop.wait(seconds)


@dataclass
class Limiter:
    """A token bucket for calls and one for tokens, as the time from which each is free again.

    A call that asks for more than a bucket holds is let through and pays by the wait of the next
    (the generic cell rate algorithm, ITU-T I.371), so no call is too large for the limit.
    """

    clock: Clock
    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    _calls_free: float = field(default=float("-inf"), init=False)
    _tokens_free: float = field(default=float("-inf"), init=False)
    _held_until: float = field(default=float("-inf"), init=False)
    _guard: threading.Lock = field(default_factory=threading.Lock, init=False)

    def take(self, tokens: int, stop: threading.Event) -> None:
        """Wait until a call of so many tokens is within the limits; a set `stop` ends the wait."""
        with self._guard:
            now = self.clock.now()
            start = max(now, self._held_until)
            if self.requests_per_minute is not None:
                start = max(start, self._calls_free)
            if self.tokens_per_minute is not None:
                start = max(start, self._tokens_free)
            if self.requests_per_minute is not None:
                saved = max(self._calls_free, start - _BURST_S)
                self._calls_free = saved + 60.0 / self.requests_per_minute
            if self.tokens_per_minute is not None:
                saved = max(self._tokens_free, start - _BURST_S)
                self._tokens_free = saved + 60.0 * tokens / self.tokens_per_minute
        if start > now:
            self.clock.sleep(start - now, stop)

    def hold(self, seconds: float) -> None:
        """Let no call through for so long; for a server that asked for it."""
        with self._guard:
            self._held_until = max(self._held_until, self.clock.now() + seconds)


def backoff(attempt: int, chance: random.Random) -> float:
    """Return the seconds to wait after the `attempt`-th failure, from 1: doubling, with jitter."""
    longest = min(_LONGEST_BACKOFF_S, _FIRST_WAIT_S * 2.0 ** min(attempt - 1, 16))
    return longest * chance.uniform(0.5, 1.0)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the wait in seconds that a server asks for: RFC 9110, 10.2.3, or OpenAI's in ms."""
    for name, seconds in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * seconds)
        except (KeyError, ValueError):
            continue
    try:
        date = parsedate_to_datetime(headers["retry-after"])
        return max(0.0, date.timestamp() - time.time())
    except (KeyError, ValueError):
        return None
