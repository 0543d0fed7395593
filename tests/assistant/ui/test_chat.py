"""Events to page updates: what the chat shows of a turn, of its faults and of a stop."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from assistant.dialogue.state import DialogueState
from assistant.errors import PromptTooLongError
from assistant.ui.cards import EMPTY_PANEL
from assistant.ui.desk import chat
from assistant.ui.desk.chat import (
    Finished,
    Message,
    StopSwitches,
    View,
    message_text,
    run_turn,
    until_user,
)
from assistant.values import Event, Turn
from catalog_index.errors import IndexCorruptError
from retrieval.errors import RetrieverContractError
from retrieval.registry import find_product
from tests.assistant.conftest import MakeAssistant
from tests.fakes import ScriptedEngine

QUESTION: Message = {"role": "user", "content": "is KE-1001 cordless?"}


def views_of(assistant: Any, history: list[Message], **options: Any) -> list[View]:
    """Run a turn and return its views, each as it was when it was shown."""
    return [copy.copy(view) for view in stream_of(assistant, history, **options)]


def stream_of(assistant: Any, history: list[Message], **options: Any) -> Iterator[View]:
    defaults = {"past": (), "forced": None, "media_root": None, "stop": threading.Event()}
    return run_turn(lambda: assistant, history, **{**defaults, **options})


class Broken:
    """An assistant whose turn fails after some words."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def stream(self, turn: Turn, stop: threading.Event) -> Iterator[Event]:
        raise self.error
        yield


class Listening(Broken):
    """An assistant that keeps the turn it was asked."""

    def __init__(self) -> None:
        self.turn: Turn | None = None

    def stream(self, turn: Turn, stop: threading.Event) -> Iterator[Event]:
        self.turn = turn
        return iter(())


def test_a_turn_streams_into_the_history(
    make: MakeAssistant, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "SECONDS_BETWEEN_UPDATES", 0.0)
    engine.enqueue("Yes, it is <b>cordless</b>.")
    history = [QUESTION]
    texts, views = [], []
    for view in stream_of(make(), history):
        texts.append(view.history[-1]["content"])
        views.append(view)
    assert texts[3:6] == ["Yes,", "Yes, it", "Yes, it is"]
    assert texts[-2] == "Yes, it is &lt;b&gt;cordless&lt;/b&gt;."
    assert texts[-1].endswith("[[1]](#source-1-1)")
    assert [view.past is not None for view in views] == [False] * (len(views) - 1) + [True]
    assert views[1].routed is not None
    assert "Found" in (views[2].panel or "")
    assert 'id="source-1-1"' in (views[-1].panel or "")
    [kept] = views[-1].past or ()
    assert kept.focus is not None
    assert kept.focus.id == "KE-1001"
    assert history == [QUESTION], "the caller's history is left as it was"


def test_deltas_that_come_too_fast_wait_for_the_next_update(
    make: MakeAssistant, engine: ScriptedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "SECONDS_BETWEEN_UPDATES", 60.0)
    engine.enqueue("Yes, it is cordless.")
    assert len(views_of(make(), [QUESTION])) <= 5


def test_an_answer_without_records_empties_the_panel(make: MakeAssistant) -> None:
    last = views_of(make("chitchat"), [{"role": "user", "content": "hello"}])[-1]
    assert last.panel == EMPTY_PANEL
    [kept] = last.past or ()
    assert (kept.question, kept.focus, kept.cited) == ("hello", None, "")


def test_focus_history_and_overruled_intent_reach_the_turn(make: MakeAssistant) -> None:
    listening = Listening()
    lamp = find_product(make().retriever, "LA-2002")
    history: list[Message] = [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [{"type": "text", "text": "hello"}]},
        {"content": "of no one"},
        {"role": "user", "content": [{"type": "text", "text": "is it"}, {"text": "dimmable?"}]},
    ]
    views_of(
        listening,
        history,
        forced="answer",
        past=[Finished("hi", lamp, state=DialogueState(("LA-2002",))), Finished()],
    )
    turn = listening.turn
    assert turn is not None
    assert (turn.message, turn.intent) == ("is it\ndimmable?", "answer")
    assert turn.state == DialogueState(("LA-2002",))
    assert [(item.role, item.text) for item in turn.history] == [
        ("user", "hi"),
        ("assistant", "hello"),
        ("assistant", "of no one"),
    ]


def test_the_second_question_numbers_its_sources_as_the_second(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.")
    last = views_of(make(), [QUESTION, {"role": "assistant", "content": "x"}, QUESTION])[-1]
    assert last.history[-1]["content"].endswith("(#source-2-1)")


@pytest.mark.parametrize(
    "error",
    [
        PromptTooLongError(900, 500),
        IndexCorruptError("The index is damaged."),
        RetrieverContractError("The retriever returned nonsense."),
    ],
)
def test_a_known_fault_is_a_message_in_the_chat(error: Exception) -> None:
    view = views_of(Broken(error), [QUESTION])[-1]
    assert view.past == (Finished("is KE-1001 cordless?"),)
    assert view.history == [QUESTION, {"role": "assistant", "content": f"⚠️ {error}"}]


@pytest.mark.parametrize("error", [RuntimeError("secret detail"), KeyError("k"), ValueError()])
def test_an_unexpected_fault_is_a_message_and_a_log_entry(
    error: Exception, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_E_DEBUG", "1")
    view = views_of(Broken(error), [QUESTION])[-1]
    text = view.history[-1]["content"]
    assert "Something went wrong" in text
    assert "llama-e doctor" in text
    assert "secret" not in text
    assert "a turn failed" in caplog.text
    assert type(error).__name__ in caplog.text, "the traceback is in the log"


def test_a_message_that_is_refused_is_explained(make: MakeAssistant) -> None:
    view = views_of(make(), [{"role": "user", "content": "x" * 100_000}])[-1]
    assert "100,000 characters" in view.history[-1]["content"]
    view = views_of(make(), [{"role": "user", "content": None}])[-1]
    assert "empty" in view.history[-1]["content"]


@pytest.mark.parametrize("history", [[], [QUESTION, {"role": "assistant", "content": "x"}]])
def test_without_a_question_nothing_is_asked(history: list[Message]) -> None:
    before = (Finished(),) * (len(history) // 4)
    assert views_of(Broken(AssertionError()), history) == [View(history, past=before)]


def test_a_stopped_turn_says_so(make: MakeAssistant, engine: ScriptedEngine) -> None:
    engine.enqueue("Yes, it is cordless. " * 50)
    stop = threading.Event()
    shown = ""
    for view in stream_of(make(), [QUESTION], stop=stop):
        shown = view.history[-1]["content"]
        if shown:
            stop.set()
    assert shown.startswith("Yes, *(stopped)*")
    assert "Stopped before the end" in (view.panel or "")
    assert engine.written == 1


def test_a_browser_that_leaves_ends_the_compute(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes " * 100)
    stream = stream_of(make(), [QUESTION])
    while not next(stream).history[-1]["content"]:
        pass
    stream.close()  # type: ignore[attr-defined]
    assert (engine.written, engine.closed) == (1, 1)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("hi", "hi"),
        ([{"type": "text", "text": "hi"}], "hi"),
        ([{"text": "a"}, {"path": "x.png"}, "stray", {"text": "b"}], "a\n\nb"),
        ({"text": "hi"}, "hi"),
        ([], ""),
        (None, ""),
        (7, ""),
    ],
)
def test_a_messages_text_in_every_shape(content: Any, text: str) -> None:
    assert message_text({"role": "user", "content": content}) == text
    assert message_text({"role": "user"}) == ""


def test_the_history_up_to_the_users_message() -> None:
    roles = ["user", "assistant", "user", "assistant"]
    history = [{"role": role, "content": str(n)} for n, role in enumerate(roles)]
    kept = {index: len(until_user(history, index)) for index in range(5)}
    assert kept == {0: 1, 1: 1, 2: 3, 3: 3, 4: 3}
    assert until_user(history[1:2], 0) == []
    assert until_user([], 0) == []
    assert len(history) == 4


def test_a_new_turn_stops_the_one_before_it_in_its_session_only() -> None:
    stops = StopSwitches()
    first, other = stops.begin("a"), stops.begin("b")
    second = stops.begin("a")
    assert [first.is_set(), second.is_set(), other.is_set()] == [True, False, False]
    stops.stop("a")
    assert [second.is_set(), other.is_set()] == [True, False]
    stops.stop("nobody")


def test_an_earlier_answers_records_stay_and_its_product_is_remembered_until_it_is_cut_off(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.", "Yes, it is cordless.")
    first = views_of(make(), [QUESTION])[-1]
    history = [*first.history, QUESTION]
    second = views_of(make(), history, past=first.past or ())[-1]
    assert 'id="source-1-1"' in (second.panel or "")
    assert 'id="source-2-1"' in (second.panel or "")
    again = views_of(Listening(), [QUESTION], past=second.past or ())
    assert again[-1].past is None, "a turn that never ended keeps nothing"
    listening = Listening()
    views_of(listening, [QUESTION], past=second.past or ())
    assert listening.turn is not None
    assert listening.turn.state == DialogueState(), "no turn came before the first"


def test_a_discarded_turn_is_no_longer_shown() -> None:
    stops = StopSwitches()
    event = stops.begin("a")
    assert stops.owns("a", event)
    stops.discard("a")
    assert event.is_set()
    assert not stops.owns("a", event)


def test_a_turn_that_ended_late_does_not_end_its_follower() -> None:
    stops = StopSwitches()
    first = stops.begin("a")
    second = stops.begin("a")
    stops.end("a", first)
    assert stops.is_running("a")
    assert not second.is_set()
    stops.end("a", second)
    assert second.is_set(), "whoever still holds the switch sees the end"
    assert not stops.is_running("a")
