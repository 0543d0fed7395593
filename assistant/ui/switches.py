"""The stop switch of what the model does for each browser session; a newer request ends an older.

Knows no page and no model.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Switches:
    """One switch a session. Safe between threads."""

    _held: dict[str, threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, session: str) -> threading.Event:
        """Return a fresh switch, and set the one of the session's request before."""
        switch = threading.Event()
        with self._lock:
            before = self._held.get(session)
            self._held[session] = switch
        if before is not None:
            before.set()
        return switch

    def stop(self, session: str) -> None:
        """Set the session's switch, if something is under way."""
        with self._lock:
            switch = self._held.get(session)
        if switch is not None:
            switch.set()

    def discard(self, session: str) -> None:
        """Set the session's switch and let nothing more of it be shown."""
        with self._lock:
            switch = self._held.pop(session, None)
        if switch is not None:
            switch.set()

    def owns(self, session: str, switch: threading.Event) -> bool:
        """Whether no newer request took the switch's place."""
        with self._lock:
            return self._held.get(session) is switch

    def end(self, session: str, switch: threading.Event) -> None:
        """Forget a request that ended."""
        switch.set()
        with self._lock:
            if self._held.get(session) is switch:
                del self._held[session]
