"""A round from the line to the vote: shuffled when blind, stopped while waiting, voted once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.stage.values import BAD, BASE, TIE, TUNED, Column, System, Work
from assistant.ui.line import Line
from assistant.ui.stage.rounds import Round, play
from assistant.values import Delta, Event

SYSTEMS = (System(BASE, "alone"), System(TUNED, "alone"), System(TUNED, "checked"))


def opening(system: System, prompt: str, work: Work, stop: threading.Event) -> Iterator[Event]:
    yield Delta(f"{system.key} on {prompt}")


def played(systems: tuple[System, ...] = SYSTEMS[:2], *, is_blind: bool = False) -> list[Round]:
    return list(
        play(
            "hello",
            systems,
            is_blind=is_blind,
            line=Line(),
            open_system=opening,
            stop=threading.Event(),
        )
    )


def test_a_round_runs_every_system_in_the_order_chosen() -> None:
    last = played(SYSTEMS)[-1]
    assert last.is_over
    assert [column.system for column in last.columns] == list(SYSTEMS)
    assert all(column.text.endswith("on hello") for column in last.columns)
    assert not last.can_be_voted, "names were shown"


def test_a_blind_round_comes_in_every_order() -> None:
    orders = {
        tuple(column.system for column in played(is_blind=True)[-1].columns) for _ in range(40)
    }
    assert len(orders) == 2
    ids = {played(is_blind=True)[-1].id for _ in range(5)}
    assert len(ids) == 5


def test_who_waits_is_told_their_place_and_can_leave_the_line() -> None:
    line, stop = Line(at_once=1), threading.Event()
    with line.join() as before:
        assert before.wait(0.1)
        views = play(
            "hello", SYSTEMS[:2], is_blind=False, line=line, open_system=opening, stop=stop
        )
        assert next(views).ahead == 1
        assert not next(views).is_over
        stop.set()
        last = list(views)[-1]
    assert [column.status for column in last.columns] == ["stopped", "stopped"]


def blind(*statuses: str) -> Round:
    columns = tuple(
        Column(system, status, "x")  # type: ignore[arg-type]
        for system, status in zip(SYSTEMS, statuses, strict=False)
    )
    return Round("a", "hello", columns, is_blind=True)


@pytest.mark.parametrize(
    ("choice", "kept"),
    [("1", SYSTEMS[0].key), ("2", SYSTEMS[1].key), (TIE, TIE), (BAD, BAD)],
)
def test_a_vote_names_the_system_behind_the_letter(choice: str, kept: str) -> None:
    voted = blind("done", "done").voted(choice)
    assert voted is not None
    assert voted.choice == kept
    assert not voted.is_hidden
    assert voted.voted("1") is None, "a round has one vote"


@pytest.mark.parametrize("choice", ["0", "3", "-1", "", "base/alone", "²"])
def test_a_choice_that_is_none_is_no_vote(choice: str) -> None:
    assert blind("done", "done").voted(choice) is None


@pytest.mark.parametrize("statuses", [("done", "failed"), ("done", "writing"), ("stopped", "done")])
def test_a_round_that_is_not_whole_cannot_be_voted_on(statuses: tuple[str, str]) -> None:
    assert blind(*statuses).voted("1") is None


def test_an_open_round_cannot_be_voted_on() -> None:
    assert replace(blind("done", "done"), is_blind=False).voted("1") is None
