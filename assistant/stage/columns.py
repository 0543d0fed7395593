"""One prompt through several systems at once, on one machine, with a fair clock.

The columns take the model in turn: next is always the one that has had the least of it. So all
stream together, each a part of its own speed, and who ends first here would end first alone. A
column's time is what its own steps took. Knows systems as functions that yield events.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event as Switch

from assistant.errors import AssistantError
from assistant.stage.judge import distinct
from assistant.stage.values import Column, System, Work
from assistant.values import Answer, Delta, Done, Event
from catalog_index.errors import CatalogError
from retrieval.errors import RetrievalError

KNOWN_FAULTS = (AssistantError, CatalogError, RetrievalError)
Open = Callable[[System, str, Work, Switch], Iterator[Event]]
"""Begins a system on a prompt; may load a model first. Iterating does the work."""


def run(
    systems: Sequence[System], prompt: str, open_system: Open, stop: Switch
) -> Generator[tuple[Column, ...], None, None]:
    """Yield what the columns show after every step; the last is their end.

    A fault that is known ends its own column with a sentence, and no other.

    Args:
        systems: one a column, as shown from left to right.
        prompt: the same for all.
        open_system: begins one of them.
        stop: ends all of them when set.
    """
    players = [_Player(Column(system)) for system in systems]
    try:
        for player in players:
            player.column = replace(player.column, status="loading")
            yield _columns(players)
            player.open(open_system, prompt, stop)
        yield _columns(players)
        while waiting := [player for player in players if not player.column.is_over]:
            min(waiting, key=lambda player: player.column.seconds).step(stop)
            yield _columns(players)
    finally:
        for player in players:
            player.close()


@dataclass(slots=True)
class _Player:
    """One column under way."""

    column: Column
    work: Work = field(default_factory=Work)
    events: Iterator[Event] | None = None

    def open(self, open_system: Open, prompt: str, stop: Switch) -> None:
        """Begin; what loading takes is not on the clock."""
        try:
            self.events = open_system(self.column.system, prompt, self.work, stop)
            self.column = replace(self.column, status="writing")
        except KNOWN_FAULTS as error:
            self._fail(error)

    def step(self, stop: Switch) -> None:
        """Go on until the next event; a stopped one ends without a further step."""
        assert self.events is not None
        begun, waited = time.perf_counter(), self.work.waited
        answer: Answer | None = None
        try:
            event = next(self.events, None)
        except KNOWN_FAULTS as error:
            self._fail(error)
            return
        own = time.perf_counter() - begun - (self.work.waited - waited)
        now = replace(
            self.column,
            seconds=self.column.seconds + own,
            tokens=self.work.tokens,
            rate=self.work.rate,
            chose=self.work.chose,
            waited=self.work.waited,
        )
        if isinstance(event, Delta):
            first = now.seconds if now.first_token is None else now.first_token
            now = replace(now, text=now.text + event.text, first_token=first)
        elif isinstance(event, Done):
            answer = event.answer
            first = now.seconds if now.first_token is None else now.first_token
            now = replace(
                now,
                text=answer.text,
                answer=answer,
                claims=distinct(answer.claims),
                first_token=first,
            )
        if event is None or answer is not None:
            now = replace(now, status="stopped" if stop.is_set() else "done")
        self.column = now

    def close(self) -> None:
        """End the compute, wherever it is."""
        close = getattr(self.events, "close", None)
        if close is not None:
            with suppress(*KNOWN_FAULTS):
                close()

    def _fail(self, error: Exception) -> None:
        self.column = replace(self.column, status="failed", fault=str(error))


def _columns(players: Sequence[_Player]) -> tuple[Column, ...]:
    return tuple(player.column for player in players)
