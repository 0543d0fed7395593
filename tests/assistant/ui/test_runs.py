"""A turn goes on whoever watches: late, twice, or nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from assistant.ui.desk.chat import View
from assistant.ui.desk.runs import Runs, Watchers
from assistant.ui.desk.transcript import Past


def said(text: str, ended: bool = False) -> View:
    return View([{"role": "user", "content": text}], ended=Past(text) if ended else None)


class Turn:
    """A turn that shows its next view when it is let."""

    def __init__(self) -> None:
        self.go = threading.Semaphore(0)
        self.kept: list[str] = []
        self.stop: threading.Event | None = None

    def views(self, stop: threading.Event) -> Iterator[View]:
        self.stop = stop
        yield said("a")
        self.go.acquire(timeout=10)
        yield said("b")
        self.go.acquire(timeout=10)
        yield said("c", ended=True)

    def keep(self, view: View) -> None:
        assert view.ended is not None
        self.kept.append(view.ended.message)


def texts(views: Iterator[View]) -> list[str]:
    return [view.history[0]["content"] for view in views]


def test_who_comes_late_sees_where_the_turn_is_and_its_end() -> None:
    runs, turn = Runs(), Turn()
    run = runs.start("x", turn.views, turn.keep)
    first = run.watch()
    assert next(first).history[0]["content"] == "a"
    turn.go.release()
    assert next(first).history[0]["content"] == "b"
    late = run.watch()
    assert next(late).history[0]["content"] == "b"
    turn.go.release()
    assert texts(first) == texts(late) == ["c"]
    assert runs.of("x") is None


def test_a_turn_that_nobody_watches_is_kept() -> None:
    runs, turn = Runs(), Turn()
    run = runs.start("x", turn.views, turn.keep)
    turn.go.release(2)
    assert texts(run.watch())[-1] == "c"
    assert turn.kept == ["c"]


def test_stop_and_a_new_turn_end_the_one_before_in_that_conversation_only() -> None:
    runs, one, two, other = Runs(), Turn(), Turn(), Turn()
    first = runs.start("x", one.views, one.keep)
    elsewhere = runs.start("y", other.views, other.keep)
    second = runs.start("x", two.views, two.keep)
    assert first.stop.is_set()
    assert not second.stop.is_set()
    one.go.release(2)
    texts(first.watch())
    assert runs.of("x") is second, "the end of the first is not that of the second"
    runs.stop("x")
    assert second.stop.is_set()
    assert not elsewhere.stop.is_set()
    two.go.release(2)
    other.go.release(2)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_turn_that_breaks_is_no_longer_under_way() -> None:
    def views(stop: threading.Event) -> Iterator[View]:
        yield said("a")
        raise SystemExit

    runs = Runs()
    run = runs.start("x", views, lambda view: None)
    assert set(texts(run.watch())) <= {"a"}
    assert run.ended
    assert runs.of("x") is None


def test_a_page_lets_go_of_one_conversation_before_it_shows_another() -> None:
    watchers = Watchers()
    with watchers.watching("page", "x") as first:
        assert first()
        with watchers.watching("page", "y") as second:
            assert second()
            assert not first()
        gone: list[bool] = []
    with watchers.watching("page", "x") as first:
        leaving = threading.Thread(
            target=lambda: (watchers.leave("page"), gone.append(not first()))
        )
        leaving.start()
        leaving.join(0.1)
        assert gone == [], "it waits for what is on its way"
    leaving.join(5)
    assert gone == [True]
