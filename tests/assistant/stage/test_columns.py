"""Columns in turn: a fair clock, a fault that stays in its column, a stop that ends all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from assistant.errors import AdapterError, GenerationError
from assistant.stage.columns import run
from assistant.stage.values import BASE, TUNED, Column, System, Work
from assistant.values import Answer, Claim, Delta, Done, Event

FAST, SLOW = System(TUNED, "alone"), System(BASE, "alone")
WHOLE = System(TUNED, "checked")


def writing(words: int, seconds: float, stop: threading.Event) -> Iterator[Event]:
    for number in range(words):
        if stop.is_set():
            return
        time.sleep(seconds)
        yield Delta(f"{number} ")


class Script:
    """Systems whose events a test wrote."""

    def __init__(self) -> None:
        self.closed: list[System] = []

    def open(
        self, system: System, prompt: str, work: Work, stop: threading.Event
    ) -> Iterator[Event]:
        return self._events(system, stop)

    def _events(self, system: System, stop: threading.Event) -> Iterator[Event]:
        try:
            yield from writing(12, 0.004 if system == FAST else 0.016, stop)
        finally:
            self.closed.append(system)


def last(views: Iterator[tuple[Column, ...]]) -> tuple[Column, ...]:
    return list(views)[-1]


def test_columns_stream_together_and_the_faster_one_ends_first() -> None:
    views = list(run([SLOW, FAST], "hello", Script().open, threading.Event()))
    both = [view for view in views if 0 < len(view[0].text) < 20 and 0 < len(view[1].text) < 20]
    assert both, "both columns stand half written at once"
    ends = [next(n for n, view in enumerate(views) if view[at].is_over) for at in (0, 1)]
    assert ends[1] < ends[0]
    slow, fast = views[-1]
    assert slow.text == fast.text
    assert fast.seconds < 0.8 * slow.seconds, "each is timed by its own steps"


def test_the_faster_one_is_ahead_all_the_way() -> None:
    ahead = []
    for slow, fast in run([SLOW, FAST], "hello", Script().open, threading.Event()):
        if slow.status == fast.status == "writing" and len(slow.text) > 4:
            ahead.append(len(fast.text) > len(slow.text))
    assert ahead
    assert all(ahead)


def test_an_adapter_that_cannot_be_loaded_is_a_sentence_in_its_column_alone() -> None:
    script = Script()

    def opening(system: System, prompt: str, work: Work, stop: threading.Event) -> Iterator[Event]:
        if system == SLOW:
            raise AdapterError("It does not fit.")
        return script.open(system, prompt, work, stop)

    broken, fine = last(run([SLOW, FAST], "hello", opening, threading.Event()))
    assert (broken.status, broken.fault) == ("failed", "It does not fit.")
    assert fine.status == "done"
    assert fine.text.endswith("11 ")


def test_a_fault_in_mid_text_keeps_what_was_written() -> None:
    def opening(*_: object) -> Iterator[Event]:
        yield Delta("so far")
        raise GenerationError("The memory ran out.")

    (column,) = last(run([FAST], "hello", opening, threading.Event()))
    assert (column.status, column.text) == ("failed", "so far")


def test_stop_ends_every_column() -> None:
    stop, script = threading.Event(), Script()
    views = run([SLOW, FAST], "hello", script.open, stop)
    for view in views:
        if all(column.text for column in view):
            stop.set()
            break
    columns = last(views)
    assert [column.status for column in columns] == ["stopped", "stopped"]
    assert sorted(script.closed, key=str) == sorted([SLOW, FAST], key=str)


def test_a_reader_that_goes_away_ends_the_work() -> None:
    script = Script()
    views = run([SLOW, FAST], "hello", script.open, threading.Event())
    for view in views:
        if all(column.text for column in view):
            break
    views.close()
    assert len(script.closed) == 2


def test_a_checked_answer_replaces_its_draft() -> None:
    claim = Claim("255 g", "supported", "HP-1001", "weight")
    answer = Answer("how heavy?", "answer", 0.9, "It weighs 255 g.", claims=(claim, claim))

    def opening(*_: object) -> Iterator[Event]:
        yield Delta("It weighs 2 kg")
        yield Done(answer)

    (column,) = last(run([WHOLE], "how heavy?", opening, threading.Event()))
    assert column.text == "It weighs 255 g."
    assert column.claims == (claim,)
    assert column.to_json()["claims"] == [{"text": "255 g", "verdict": "supported"}]


def test_loading_a_model_is_not_on_the_clock() -> None:
    def opening(system: System, prompt: str, work: Work, stop: threading.Event) -> Iterator[Event]:
        time.sleep(0.2)
        return writing(1, 0.0, stop)

    (column,) = last(run([FAST], "hello", opening, threading.Event()))
    assert column.seconds < 0.1


def test_what_a_system_waited_for_others_is_left_out() -> None:
    def opening(system: System, prompt: str, work: Work, stop: threading.Event) -> Iterator[Event]:
        def events() -> Iterator[Event]:
            time.sleep(0.2)
            work.waited += 0.2
            yield Delta("x")

        return events()

    (column,) = last(run([FAST], "hello", opening, threading.Event()))
    assert column.seconds == pytest.approx(0.0, abs=0.05)
    assert column.waited == pytest.approx(0.2)
