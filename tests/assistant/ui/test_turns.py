"""Sending, asking again and overruling, with everything kept; two at once and faults too."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.access.gate import Gate
from assistant.store.conversations import Conversations
from assistant.store.database import Database
from assistant.store.quality import Quality
from assistant.turn import MessageError
from assistant.ui.context import Context
from assistant.ui.desk.turns import BusyError, Turns
from tests.assistant.programs.serving import open_service
from tests.fakes import ScriptedEngine


@pytest.fixture
def turns(index_dir: Path, engine: ScriptedEngine, tmp_path: Path) -> Iterator[Turns]:
    database = Database(tmp_path / "x.sqlite3")
    context = Context(open_service(index_dir, engine), database, Gate())
    yield Turns(context, Conversations(database))


def wait(turns: Turns, conversation: str) -> None:
    deadline = time.monotonic() + 20
    while turns.opened("ann", conversation).run is not None and time.monotonic() < deadline:
        time.sleep(0.01)


def test_a_message_is_answered_and_kept_with_what_it_stands_on(
    turns: Turns, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.")
    one = turns.send("ann", "", "is KE-1001 cordless?")
    wait(turns, one)
    opened = turns.opened("ann", one)
    assert [turn.status for turn in opened.turns] == ["done"]
    assert opened.answer is not None
    assert opened.answer.citations[0].hit.id == "KE-1001"
    assert opened.state.products == ("KE-1001",)
    assert turns.opened("bob", one).conversation is None
    turns.forget("ann", one)
    assert turns.opened("ann", one).state.products == ()


def test_of_two_sent_at_once_one_waits_and_neither_is_lost(
    turns: Turns, engine: ScriptedEngine
) -> None:
    one = turns.send("ann", "", "hello")
    wait(turns, one)
    engine.enqueue("Yes, it is cordless. " * 200)
    said: list[str] = []

    def send(text: str) -> None:
        try:
            turns.send("ann", one, text)
            said.append(text)
        except BusyError:
            pass

    threads = [threading.Thread(target=send, args=(f"is KE-1001 cordless {n}?",)) for n in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    turns.stop("ann", one)
    wait(turns, one)
    kept = [turn.message for turn in turns.opened("ann", one).turns]
    assert kept == ["hello", *said]


def test_a_message_of_nothing_begins_no_conversation(turns: Turns) -> None:
    with pytest.raises(MessageError):
        turns.send("ann", "", "\x07")
    assert turns._conversations.listed("ann") == []


def test_a_pasted_file_is_answered_at_once_and_only_begun(turns: Turns) -> None:
    one = turns.send("ann", "", "x" * 100_000)
    [turn] = turns.opened("ann", one).turns
    assert "100,000 characters" in turn.text
    assert len(turn.message) < 300


def test_an_overruled_intent_is_counted_an_edited_message_is_not(
    turns: Turns, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes.", "Yes.", "Yes.")
    one = turns.send("ann", "", "is KE-1001 cordless?")
    wait(turns, one)
    quality = Quality(turns._context.database)
    turns.again("ann", one, 1, message="find kettles", forced="search")
    wait(turns, one)
    assert quality.overruled() == []
    turns.again("ann", one, 1, forced="chitchat")
    wait(turns, one)
    [found] = quality.overruled()
    assert (found.routed, found.chosen) == ("search", "chitchat")


def test_an_answer_that_cannot_be_kept_is_shown_and_says_so(
    turns: Turns, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.store.database import StoreError

    def refuse(*_: object) -> None:
        raise StoreError("The disk is full.")

    engine.enqueue("Yes, it is cordless.")
    monkeypatch.setattr(turns._conversations, "end_turn", refuse)
    one = turns.send("ann", "", "is KE-1001 cordless?")
    run = turns.opened("ann", one).run
    assert run is not None
    *_, last = run.watch()
    assert "cordless" in last.history[-2]["content"]
    assert "Not kept: The disk is full" in last.history[-1]["content"]
