"""One turn on the page: the assistant's events to what is shown, from the line to the last word.

Holds nothing of a conversation; who watches a turn is `runs`' matter.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.dialogue.state import DialogueState
from assistant.errors import KNOWN_ERRORS
from assistant.turn import Assistant
from assistant.ui.cards import found_panel, literal
from assistant.ui.desk.transcript import Message, Past, messages_of, records_of
from assistant.ui.line import Line
from assistant.values import Answer, Done, Event, Found, Routed, Turn, Utterance

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_UPDATES = 0.08
_SECONDS_IN_LINE = 0.25


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked now, and what of before it may lean on.

    `forced` is the intent that the user chose, `product_id` the product that the conversation is
    pinned to; "" for none.
    """

    message: str
    past: tuple[Past, ...] = ()
    forced: str = ""
    product_id: str = ""

    def turn(self) -> Turn:
        """Return the turn as the assistant takes it."""
        told: list[Utterance] = []
        for earlier in self.past:
            told.append(Utterance("user", earlier.message))
            said = earlier.answer.text if earlier.answer else earlier.text
            told += [Utterance("assistant", said)] if said else []
        last = self.past[-1].answer if self.past else None
        return Turn(
            message=self.message,
            history=tuple(told),
            product_id=self.product_id or None,
            state=last.state if last else DialogueState(),
            intent=self.forced or None,
        )


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows; None leaves a part as it is.

    The last view has `ended`: the turn as it is kept, with its answer where there is one.
    """

    history: list[Message]
    panel: str | None = None
    routed: Routed | None = None
    ended: Past | None = None


def run_turn(
    open_assistant: Callable[[], Assistant],
    asked: Asked,
    *,
    media_root: Path | None,
    stop: threading.Event,
    line: Line | None = None,
) -> Iterator[View]:
    """Answer a message as a stream of views.

    Every fault becomes a message in the chat; nothing is raised.

    Args:
        open_assistant: gives the assistant; the first call may load the model.
        asked: the message, and what was said before.
        media_root: where local pictures are.
        stop: ends the answer when set.
        line: to stand in before the model works.
    """
    shown = [*messages_of(asked.past), *messages_of([Past(asked.message)])]
    shown.append({"role": "assistant", "content": ""})
    painter = _Painter(shown, asked, media_root)
    try:
        yield View(shown)
        with (line or Line()).join() as place:
            while not place.wait(_SECONDS_IN_LINE):
                if stop.is_set():
                    yield painter.fail("Stopped before it began.")
                    return
                if place.ahead != painter.ahead:
                    yield painter.waiting(place.ahead)
            for event in open_assistant().stream(asked.turn(), stop):
                view = painter.paint(event)
                if view is not None:
                    yield view
    except KNOWN_ERRORS as error:
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
    asked: Asked
    media_root: Path | None
    text: str = ""
    painted: float = 0.0
    routed: Routed | None = None
    ahead: int = 0

    def waiting(self, ahead: int) -> View:
        """Return the view of a turn that stands in the line."""
        self.ahead = ahead
        before = "one question is" if ahead == 1 else f"{ahead} questions are"
        self.shown[-1]["content"] = f"*In line: {before} before yours …*"
        return View(self.shown)

    def paint(self, event: Event) -> View | None:
        """Return what the page should show now, None where it may wait."""
        if isinstance(event, Routed):
            self.shown[-1]["content"], self.routed = "", event
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
        ended = Past(self.asked.message, text=f"⚠️ {reason}")
        return self._ended(ended)

    def _finish(self, answer: Answer) -> View:
        return self._ended(Past(self.asked.message, answer, routed=self.routed))

    def _ended(self, ended: Past) -> View:
        past = (*self.asked.past, ended)
        self.shown[-1]["content"] = messages_of(past)[-1]["content"]
        return View(self.shown, panel=records_of(past, self.media_root), ended=ended)
