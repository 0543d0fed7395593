"""What happens when someone sends, stops, retries, edits or overrules: events to page updates.

Holds nothing of a conversation but the stop switch of a running turn; history, focus and
records live in the browser's session.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.dialogue.state import DialogueState
from assistant.errors import AssistantError
from assistant.turn import Assistant
from assistant.ui.cards import (
    EMPTY_PANEL,
    answer_markdown,
    cited_cards,
    earlier_panels,
    found_panel,
    literal,
    panel,
)
from assistant.values import Answer, Done, Event, Found, Role, Routed, Turn, Utterance
from catalog_index.errors import CatalogError
from retrieval.errors import RetrievalError
from retrieval.values import Hit

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_UPDATES = 0.08
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finished:
    """What the page keeps of an answered turn.

    `state` is what the next one may lean on, `choices` the (label, message) of each product that
    it asks the user to choose from.
    """

    question: str = ""
    focus: Hit | None = None
    cited: str = ""
    state: DialogueState = field(default_factory=DialogueState)
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows; None leaves a part as it is. `past` comes with the last view."""

    history: list[Message]
    panel: str | None = None
    routed: Routed | None = None
    past: tuple[Finished, ...] | None = None


@dataclass(slots=True)
class StopSwitches:
    """The stop switch of each browser session's running turn."""

    _events: dict[str, threading.Event] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, session: str) -> threading.Event:
        """Return a fresh switch for a session; a turn that still runs in it is stopped."""
        event = threading.Event()
        with self._lock:
            before = self._events.get(session)
            self._events[session] = event
        if before is not None:
            before.set()
        return event

    def stop(self, session: str) -> None:
        """Stop the session's running turn, if there is one."""
        with self._lock:
            event = self._events.get(session)
        if event is not None:
            event.set()

    def discard(self, session: str) -> None:
        """Stop the session's running turn and let nothing more of it be shown."""
        with self._lock:
            event = self._events.pop(session, None)
        if event is not None:
            event.set()

    def owns(self, session: str, event: threading.Event) -> bool:
        """Whether the session's turn with this switch is still the one to show."""
        with self._lock:
            return self._events.get(session) is event

    def is_running(self, session: str) -> bool:
        """Whether a turn of the session is under way."""
        with self._lock:
            return session in self._events

    def end(self, session: str, event: threading.Event) -> None:
        """Forget a turn that ended."""
        event.set()
        with self._lock:
            if self._events.get(session) is event:
                del self._events[session]


def run_turn(
    open_assistant: Callable[[], Assistant],
    history: Sequence[Message],
    *,
    past: Sequence[Finished],
    forced: str | None,
    media_root: Path | None,
    stop: threading.Event,
) -> Iterator[View]:
    """Answer the history's last message, which is the user's, as a stream of views.

    Every fault becomes a message in the chat; nothing is raised.

    Args:
        open_assistant: gives the assistant; the first call may load the model.
        history: the conversation as the page has it.
        past: what is kept of the turns before, one entry a user message; more are ignored.
        forced: the intent that the user chose, if any.
        media_root: where local pictures are.
        stop: ends the answer when set.
    """
    shown = [dict(message) for message in history]
    number = sum(message.get("role") == "user" for message in shown)
    before = [*past, *[Finished()] * number][: max(0, number - 1)]
    if not shown or shown[-1].get("role") != "user":
        yield View(shown, past=tuple(before))
        return
    turn = Turn(
        message=message_text(shown[-1]),
        history=tuple(Utterance(_role(message), message_text(message)) for message in shown[:-1]),
        state=before[-1].state if before else DialogueState(),
        intent=forced,
    )
    shown.append({"role": "assistant", "content": ""})
    painter = _Painter(shown, tuple(before), turn.message, media_root)
    try:
        yield View(shown)
        for event in open_assistant().stream(turn, stop):
            view = painter.paint(event)
            if view is not None:
                yield view
    except (AssistantError, CatalogError, RetrievalError) as error:
        yield painter.fail(str(error))
    except Exception as error:
        level = logging.ERROR if os.environ.get("LLAMA_E_DEBUG") else logging.DEBUG
        logger.log(level, "a turn failed", exc_info=error)
        yield painter.fail(
            f"Something went wrong inside the assistant ({type(error).__name__}). Try again; if it"
            " happens again, run `llama-e doctor`."
        )


@dataclass(slots=True)
class _Painter:
    """Turns a turn's events into views of one history; small deltas wait for the next."""

    shown: list[Message]
    before: tuple[Finished, ...]
    question: str
    media_root: Path | None
    text: str = ""
    painted: float = 0.0

    def paint(self, event: Event) -> View | None:
        """Return what the page should show now, None where it may wait."""
        if isinstance(event, Routed):
            return View(self.shown, routed=event)
        if isinstance(event, Found):
            return View(self.shown, panel=found_panel(event.hits, self.media_root))
        if isinstance(event, Done):
            return self._finish(event.answer)
        self.text += event.text
        self.shown[-1]["content"] = literal(self.text)
        if time.monotonic() - self.painted < SECONDS_BETWEEN_UPDATES:
            return None
        self.painted = time.monotonic()
        return View(self.shown)

    def fail(self, reason: str) -> View:
        """Return the view of a turn that ended with a fault."""
        self.shown[-1]["content"] = f"⚠️ {literal(reason)}"
        return View(self.shown, past=(*self.before, Finished(self.question)))

    def _finish(self, answer: Answer) -> View:
        number = len(self.before) + 1
        self.shown[-1]["content"] = answer_markdown(answer, number)
        records = panel(answer, number, self.media_root) if answer.hits else EMPTY_PANEL
        earlier = earlier_panels([(turn.question, turn.cited) for turn in self.before])
        cards = cited_cards(answer, number, self.media_root)
        choices = tuple(
            (f"{place}. {hit.title}", str(place))
            for place, hit in enumerate(answer.choices, start=1)
        )
        kept = Finished(self.question, answer.focus, cards, answer.state, choices)
        return View(self.shown, panel=records + earlier, past=(*self.before, kept))


def _role(message: Message) -> Role:
    return "user" if message.get("role") == "user" else "assistant"


def message_text(message: Message) -> str:
    """Return a history message's text: a string from API clients, parts from the browser."""
    content = message.get("content", "")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return "\n".join(str(part.get("text", "")) for part in parts if isinstance(part, dict)).strip()


def until_user(history: Sequence[Message], index: int) -> list[Message]:
    """Return the history up to and with the user message at or before `index`."""
    kept = list(history[: index + 1])
    while kept and kept[-1].get("role") != "user":
        kept.pop()
    return kept
