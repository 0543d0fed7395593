"""A round on the stage: its columns, whether names are hidden, and the vote.

Knows no component: what it yields says what is to be shown.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

from assistant.stage.columns import Open, run
from assistant.stage.judge import judged
from assistant.stage.values import BAD, TIE, Column, System
from assistant.ui.line import Line

SECONDS_BETWEEN_VIEWS = 0.12
_LINE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Round:
    """One prompt's run. `choice` is the vote, "" before it; `ahead` who waits in the line."""

    id: str = ""
    prompt: str = ""
    columns: tuple[Column, ...] = ()
    is_blind: bool = False
    choice: str = ""
    ahead: int = 0

    @property
    def is_over(self) -> bool:
        """Whether every column has ended."""
        return bool(self.columns) and all(column.is_over for column in self.columns)

    @property
    def is_hidden(self) -> bool:
        """Whether the names must not be seen yet."""
        return self.is_blind and not self.choice

    @property
    def can_be_voted(self) -> bool:
        """Whether a vote may be given: over, hidden, and something to compare."""
        written = [column for column in self.columns if column.status == "done"]
        return self.is_over and self.is_hidden and len(written) == len(self.columns)

    def voted(self, choice: str) -> Round | None:
        """Return the round with a vote: "1" to "3", `TIE` or `BAD`; None where it may not be."""
        if not self.can_be_voted:
            return None
        keys = {str(n): column.system.key for n, column in enumerate(self.columns, start=1)}
        chosen = {**keys, TIE: TIE, BAD: BAD}.get(choice)
        return replace(self, choice=chosen) if chosen else None

    def revealed(self) -> Round:
        """Return the round with its names shown, where no vote can be given any more."""
        return replace(self, is_blind=False)


def play(
    prompt: str,
    systems: Sequence[System],
    *,
    is_blind: bool,
    line: Line,
    open_system: Open,
    stop: threading.Event,
) -> Iterator[Round]:
    """Wait for the model, run the systems, check what can be checked; yield a few views a second.

    Args:
        prompt: the same for all.
        systems: in the order chosen; a blind round shuffles them.
        is_blind: hide the names until a vote.
        line: before the model.
        open_system: see `columns.run`.
        stop: ends waiting and all columns.
    """
    ordered = list(systems)
    if is_blind:
        random.SystemRandom().shuffle(ordered)
    columns = tuple(Column(system) for system in ordered)
    now = Round(secrets.token_hex(8), prompt, columns, is_blind)
    with line.join() as place:
        yield replace(now, ahead=place.ahead)
        while not place.wait(_LINE_SECONDS):
            if stop.is_set():
                yield _ended(now)
                return
            yield replace(now, ahead=place.ahead)
        painted = 0.0
        with closing(run(ordered, prompt, open_system, stop)) as steps:
            for columns in steps:
                now = replace(now, columns=columns)
                # The end is shown once, when it is judged: a vote must not be painted over.
                if not now.is_over and time.monotonic() - painted >= SECONDS_BETWEEN_VIEWS:
                    painted = time.monotonic()
                    yield now
    yield replace(now, columns=judged(now.columns))


def _ended(now: Round) -> Round:
    return replace(now, columns=tuple(replace(column, status="stopped") for column in now.columns))
