"""Turns under way: each runs in a thread of its own and is kept, whoever watches or leaves.

A page that is reloaded or opened elsewhere goes on watching where the turn is by then.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from assistant.store.database import StoreError
from assistant.ui.cards import literal
from assistant.ui.desk.chat import View

_SECONDS_BETWEEN_LOOKS = 0.5


@dataclass(slots=True)
class Run:
    """A turn of one conversation under way."""

    conversation: str
    stop: threading.Event = field(default_factory=threading.Event)
    view: View | None = None
    version: int = 0
    ended: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def publish(self, view: View) -> None:
        """Show a view to all who watch."""
        copied = replace(view, history=[dict(message) for message in view.history])
        before = self.view
        if before is not None:
            # Who comes late or looks seldom misses no part that came with an earlier view.
            copied = replace(
                copied,
                panel=copied.panel if copied.panel is not None else before.panel,
                routed=copied.routed or before.routed,
            )
        with self.changed:
            self.view, self.version = copied, self.version + 1
            self.changed.notify_all()

    def end(self) -> None:
        """Say that nothing more comes."""
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def watch(self) -> Iterator[View]:
        """Yield the newest view whenever there is one, until the turn has ended."""
        seen = 0
        while True:
            with self.changed:
                if self.version == seen and not self.ended:
                    self.changed.wait(_SECONDS_BETWEEN_LOOKS)
                view, version, ended = self.view, self.version, self.ended
            if view is not None and version > seen:
                seen = version
                yield view
            elif ended:
                return


class Watchers:
    """Which page watches which conversation: a page shows one, and lets go of the one before."""

    def __init__(self) -> None:
        self._watching: dict[str, tuple[str, threading.Event]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def watching(self, session: str, conversation: str) -> Iterator[Callable[[], bool]]:
        """Give a function that says whether the page still shows the conversation."""
        mine = (conversation, threading.Event())
        with self._lock:
            self._watching[session] = mine
        try:
            yield lambda: self._watching.get(session) is mine
        finally:
            mine[1].set()
            with self._lock:
                if self._watching.get(session) is mine:
                    del self._watching[session]

    def leave(self, session: str) -> None:
        """Let a page show another conversation, once nothing of the one before is on its way."""
        with self._lock:
            before = self._watching.pop(session, None)
        if before is not None:
            before[1].wait(_SECONDS_BETWEEN_LOOKS)


class Runs:
    """The turns under way of all conversations, at most one of each."""

    def __init__(self) -> None:
        self._runs: dict[str, Run] = {}
        self._lock = threading.Lock()

    def start(
        self,
        conversation: str,
        views: Callable[[threading.Event], Iterator[View]],
        keep: Callable[[View], None],
    ) -> Run:
        """Begin a turn; one that still runs in the conversation is stopped.

        Args:
            conversation: where.
            views: makes the turn's views; takes the event that stops it.
            keep: takes the last view before it is shown.
        """
        run = Run(conversation)
        with self._lock:
            before = self._runs.get(conversation)
            self._runs[conversation] = run
        if before is not None:
            before.stop.set()
        threading.Thread(target=self._work, args=(run, views, keep), daemon=True).start()
        return run

    def of(self, conversation: str) -> Run | None:
        """Return the turn under way in a conversation."""
        with self._lock:
            return self._runs.get(conversation)

    def stop(self, conversation: str) -> None:
        """Stop the turn under way in a conversation, if there is one."""
        run = self.of(conversation)
        if run is not None:
            run.stop.set()

    def _work(
        self,
        run: Run,
        views: Callable[[threading.Event], Iterator[View]],
        keep: Callable[[View], None],
    ) -> None:
        try:
            for view in views(run.stop):
                run.publish(_kept(view, keep) if view.ended is not None else view)
        finally:
            with self._lock:
                if self._runs.get(run.conversation) is run:
                    del self._runs[run.conversation]
            run.end()


def _kept(view: View, keep: Callable[[View], None]) -> View:
    """Keep a turn that ended; where that fails, say so under its answer."""
    try:
        keep(view)
    except StoreError as error:
        told = {"role": "assistant", "content": literal(f"⚠️ Not kept: {error}")}
        return replace(view, history=[*view.history, told])
    return view
