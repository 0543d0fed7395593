"""Events to what the chat shows: of a turn, its faults, a stop, and of who waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from assistant.dialogue.state import DialogueState
from assistant.errors import PromptTooLongError
from assistant.ui.cards import EMPTY_PANEL
from assistant.ui.desk import chat
from assistant.ui.desk.chat import Asked, View, run_turn
from assistant.ui.desk.transcript import Past, as_typed, messages_of, turn_of
from assistant.ui.line import Line
from assistant.values import Event, Turn
from catalog_index.errors import IndexCorruptError
from retrieval.errors import RetrieverContractError
from tests.assistant.conftest import MakeAssistant
from tests.fakes import ScriptedEngine

QUESTION = "is KE-1001 cordless?"


def views_of(assistant: Any, asked: Asked, **options: Any) -> list[View]:
    """Run a turn and return its views, each as it was when it was shown."""
    return [
        replace(view, history=[dict(message) for message in view.history])
        for view in stream_of(assistant, asked, **options)
    ]


def stream_of(assistant: Any, asked: Asked, **options: Any) -> Iterator[View]:
    defaults = {"media_root": None, "stop": threading.Event()}
    return run_turn(lambda: assistant, asked, **{**defaults, **options})


class Broken:
    """An assistant whose turn fails after some words."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def stream(self, turn: Turn, stop: threading.Event) -> Iterator[Event]:
        raise self.error
        yield


def test_a_turn_streams_into_the_history(
    make: MakeAssistant, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "SECONDS_BETWEEN_UPDATES", 0.0)
    engine.enqueue("Yes, it is <b>cordless</b>.")
    views = views_of(make(), Asked(QUESTION))
    texts = [view.history[-1]["content"] for view in views]
    assert texts[3:6] == ["Yes,", "Yes, it", "Yes, it is"]
    assert texts[-2] == "Yes, it is &lt;b&gt;cordless&lt;/b&gt;."
    assert texts[-1].endswith("[[1]](#source-1-1)")
    assert [view.ended is not None for view in views] == [False] * (len(views) - 1) + [True]
    assert views[1].routed is not None
    assert "Found" in (views[2].panel or "")
    assert 'id="source-1-1"' in (views[-1].panel or "")
    ended = views[-1].ended
    assert ended is not None
    assert ended.routed == views[1].routed
    assert ended.answer is not None
    assert ended.answer.focus is not None
    assert ended.answer.focus.id == "KE-1001"


def test_deltas_that_come_too_fast_wait_for_the_next_update(
    make: MakeAssistant, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "SECONDS_BETWEEN_UPDATES", 60.0)
    engine.enqueue("Yes, it is cordless.")
    assert len(views_of(make(), Asked(QUESTION))) <= 5


def test_an_answer_without_records_empties_the_panel(make: MakeAssistant) -> None:
    assert views_of(make("chitchat"), Asked("hello"))[-1].panel == EMPTY_PANEL


def test_what_was_said_the_state_and_the_pin_reach_the_turn(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.")
    first = views_of(make(), Asked(QUESTION))[-1].ended
    assert first is not None
    past = (Past("hi", text="⚠️ It failed."), first)
    turn = Asked("is it dimmable?", past, "answer", "LA-2002").turn()
    assert (turn.message, turn.intent, turn.product_id) == ("is it dimmable?", "answer", "LA-2002")
    assert turn.state is not None
    assert turn.state.products == ("KE-1001",)
    assert [(item.role, item.text) for item in turn.history[:3]] == [
        ("user", "hi"),
        ("assistant", "⚠️ It failed."),
        ("user", QUESTION),
    ]
    assert Asked("x", (Past("hi"),)).turn().state == DialogueState()


def test_the_second_question_numbers_its_sources_as_the_second_and_keeps_the_first(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.", "Yes, it is cordless.")
    first = views_of(make(), Asked(QUESTION))[-1].ended
    assert first is not None
    last = views_of(make(), Asked(QUESTION, (first,)))[-1]
    assert last.history[-1]["content"].endswith("(#source-2-1)")
    assert 'id="source-1-1"' in (last.panel or "")
    assert 'id="source-2-1"' in (last.panel or "")


@pytest.mark.parametrize(
    "error",
    [
        PromptTooLongError(900, 500),
        IndexCorruptError("The index is damaged."),
        RetrieverContractError("The retriever returned nonsense."),
    ],
)
def test_a_known_fault_is_a_message_in_the_chat(error: Exception) -> None:
    view = views_of(Broken(error), Asked(QUESTION))[-1]
    assert view.ended == Past(QUESTION, text=f"⚠️ {error}")
    assert view.history[-1] == {"role": "assistant", "content": f"⚠️ {error}"}


@pytest.mark.parametrize("error", [RuntimeError("secret detail"), KeyError("k"), ValueError()])
def test_an_unexpected_fault_is_a_message_and_a_log_entry(
    error: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_E_DEBUG", "1")
    text = views_of(Broken(error), Asked(QUESTION))[-1].history[-1]["content"]
    assert "Something went wrong" in text
    assert "llama-e doctor" in text
    assert "secret" not in text
    assert type(error).__name__ in caplog.text, "the traceback is in the log"


def test_a_stopped_turn_says_so(make: MakeAssistant, engine: ScriptedEngine) -> None:
    engine.enqueue("Yes, it is cordless. " * 50)
    stop = threading.Event()
    shown = ""
    for view in stream_of(make(), Asked(QUESTION), stop=stop):
        shown = view.history[-1]["content"]
        if shown:
            stop.set()
    assert shown.startswith("Yes, *(stopped)*")
    assert "Stopped before the end" in (view.panel or "")
    assert engine.written == 1


def test_who_waits_sees_how_many_are_before_and_may_give_up(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.")
    line, stop = Line(at_once=1), threading.Event()
    with line.join() as other, line.join():
        assert other.wait(0)
        stream = stream_of(make(), Asked(QUESTION), stop=stop, line=line)
        next(stream)
        assert "2 questions are before yours" in next(stream).history[-1]["content"]
        stop.set()
        assert [view.ended is not None for view in stream] == [True]
    assert views_of(make(), Asked(QUESTION), line=line)[-1].ended is not None
    assert engine.written > 0


def test_a_place_in_the_line_comes_free_when_who_had_it_fails() -> None:
    line = Line(at_once=1)
    views_of(Broken(RuntimeError()), Asked(QUESTION), line=line)
    with line.join() as place:
        assert place.wait(0)


@pytest.mark.parametrize("typed", ["HP_1001 *now*", "a [b](c) <d> & \\e", "www.x.y me@x.y a://b"])
def test_a_shown_message_can_be_edited_as_it_was_typed(typed: str) -> None:
    [message] = messages_of([Past(typed)])
    assert as_typed(message["content"]) == typed


def test_a_messages_place_names_its_turn() -> None:
    messages = [{"role": role} for role in ("user", "assistant", "user", "assistant")]
    assert [turn_of(index, messages) for index in range(4)] == [1, 1, 2, 2]


def test_a_batch_gives_way_to_people() -> None:
    line = Line(at_once=2)
    with line.join(last=True) as row, line.join() as person:
        assert person.wait(0)
        assert not row.wait(0)
        assert row.ahead == 1
    with line.join(last=True) as row, line.join(last=True) as other:
        assert row.wait(0)
        assert not other.wait(0)
