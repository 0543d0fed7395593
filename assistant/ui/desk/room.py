"""The desk's layout and wiring, around `assistant.ui.desk.chat`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.dialogue.state import DialogueState
from assistant.intents import Intent
from assistant.turn import MAX_MESSAGE_CHARACTERS, Assistant, MessageError, clean_message
from assistant.ui.cards import EMPTY_PANEL, focus_badge, route_badge
from assistant.ui.context import Context
from assistant.ui.desk.chat import Finished, Message, StopSwitches, View, run_turn, until_user
from assistant.values import Routed

AUTOMATIC = "automatic"
_ALTERNATIVES = 3
_NO_ANSWER = (Intent.CHITCHAT, Intent.OUT_OF_SCOPE)
_SHOWN_OF_LONG = 200
_SHOWN_OF_TITLE = 48
_CHOICE = "choice:"

Update = Any
_NOTHING: tuple[Update, ...] = (gr.skip(),) * (8 + _ALTERNATIVES)


class DeskRoom:
    """The chat of one assistant.

    Args:
        context: what all rooms share.
        examples: messages that work on this index.
    """

    def __init__(self, context: Context, examples: list[str]) -> None:
        self._context = context
        self._assistant: Callable[[], Assistant] = lambda: context.service.assistant
        self._media_root = context.media_root()
        self._examples = examples
        self._stops = StopSwitches()

    def build(self, tab: gr.Tab, page: gr.Blocks) -> None:
        """Lay the room out, inside its tab, and wire its events."""
        with gr.Row(elem_id="le-main", equal_height=False):
            with gr.Column(scale=7, min_width=280):
                self._conversation()
            with gr.Column(scale=5, min_width=280):
                self._records = gr.HTML(EMPTY_PANEL, elem_id="le-records")
        self._past = gr.State(())
        self._forced = gr.State(None)
        self._offered = gr.State([])
        self._wire()

    def _conversation(self) -> None:
        self._chat = gr.Chatbot(
            elem_id="le-chat",
            label="Conversation",
            show_label=False,
            height="calc(100dvh - 252px)",
            min_height=280,
            editable="user",
            buttons=["copy"],
            allow_tags=False,
            latex_delimiters=[],
            sanitize_html=True,
            layout="bubble",
            placeholder=(
                "### What would you like to know?\nAsk about an item or a shop policy, find"
                " products, or have copy written for one."
            ),
            examples=[{"text": text} for text in self._examples],
        )
        with gr.Row(elem_id="le-instead"):
            self._route = gr.HTML(route_badge(None))
            self._instead = [
                gr.Button(visible=False, size="sm", elem_classes="le-alternative", min_width=0)
                for _ in range(_ALTERNATIVES)
            ]
        with gr.Row(elem_id="le-send-row"):
            self._box = gr.Textbox(
                elem_id="le-message",
                label="Message",
                show_label=False,
                placeholder="Ask about an item, a policy, or ask for an ad, a title, a category …",
                lines=1,
                max_lines=8,
                container=False,
                autofocus=True,
                scale=7,
            )
            self._send = gr.Button(
                "Send", variant="primary", elem_id="le-send", scale=1, min_width=90
            )
            self._stop = gr.Button(
                "Stop", variant="stop", elem_id="le-stop", scale=1, min_width=90, visible=False
            )
        with gr.Row(elem_id="le-tools"):
            self._intent = gr.Dropdown(
                choices=[("Intent: automatic", AUTOMATIC)]
                + [(f"Intent: {intent.label.lower()}", intent.value) for intent in Intent],
                value=AUTOMATIC,
                label="Intent of the next message",
                show_label=False,
                container=False,
                elem_id="le-intent",
                scale=0,
                min_width=210,
            )
            self._about = gr.HTML(focus_badge(None), elem_id="le-about")
            self._forget = gr.Button(
                "Forget product", size="sm", elem_id="le-forget", scale=0, min_width=120
            )
            self._clear = gr.Button(
                "New conversation", size="sm", elem_id="le-clear", scale=0, min_width=130
            )

    def _wire(self) -> None:
        shown = [
            self._chat,
            self._records,
            self._route,
            self._about,
            self._past,
            self._offered,
            *self._instead,
            self._send,
            self._stop,
        ]
        inputs = [self._chat, self._forced, self._past]

        def answer(event: Any) -> None:
            """Answer the history's last message once `event` has put it there."""
            event.then(
                self._respond, inputs, shown, show_progress="hidden", api_visibility="private"
            )

        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        asked = [self._chat, self._box, self._forced, self._intent]
        chosen = [self._chat, self._box, self._intent]
        answer(gr.on([self._box.submit, self._send.click], self._ask, chosen, asked, **quick))
        answer(self._chat.example_select(self._example, [self._intent], asked, **quick))
        answer(self._chat.retry(self._retry, [self._chat, self._intent], asked, **quick))
        answer(self._chat.edit(self._edit, [self._chat, self._intent], asked, **quick))
        for number, button in enumerate(self._instead):
            offered = [self._chat, self._offered, gr.State(number)]
            answer(button.click(self._do_instead, offered, asked, **quick))
        self._stop.click(self._stop_turn, None, None, **quick)
        self._forget.click(self._forget_focus, [self._past], [self._past, self._about], **quick)
        fresh = [self._box, *shown]
        self._clear.click(self._new, None, fresh, **quick)
        self._chat.clear(self._new, None, fresh, **quick)

    def _ask(
        self, history: list[Message], text: str, intent: str, request: gr.Request
    ) -> tuple[Update, ...]:
        if not text or not text.strip():
            gr.Info("Type a question or a request first.")
            return (gr.skip(),) * 4
        if self._stops.is_running(request.session_hash or ""):
            gr.Info("The answer before is still being written. Wait for it, or stop it.")
            return (gr.skip(),) * 4
        return _with_message(history, text), "", _forced(intent), AUTOMATIC

    def _example(self, intent: str, chosen: gr.SelectData) -> tuple[Update, ...]:
        message = {"role": "user", "content": chosen.value["text"]}
        return [message], "", _forced(intent), AUTOMATIC

    def _retry(self, history: list[Message], intent: str, at: gr.RetryData) -> tuple[Update, ...]:
        return until_user(history, _index(at.index)), gr.skip(), _forced(intent), AUTOMATIC

    def _edit(self, history: list[Message], intent: str, at: gr.EditData) -> tuple[Update, ...]:
        kept = until_user(history, _index(at.index))
        text = at.value if isinstance(at.value, str) else str(at.value)
        return _with_message(kept[:-1], text), gr.skip(), _forced(intent), AUTOMATIC

    def _do_instead(
        self, history: list[Message], offered: list[str], number: int
    ) -> tuple[Update, ...]:
        if number >= len(offered):
            return (gr.skip(),) * 4
        chosen = offered[number]
        if chosen.startswith(_CHOICE):
            message = chosen.removeprefix(_CHOICE).partition("|")[0]
            return _with_message(history, message), gr.skip(), None, gr.skip()
        return until_user(history, len(history) - 1), gr.skip(), chosen, gr.skip()

    def _respond(
        self,
        history: list[Message],
        forced: str | None,
        past: tuple[Finished, ...],
        request: gr.Request,
    ) -> Iterator[tuple[Update, ...]]:
        if not history or history[-1].get("role") != "user":
            yield _NOTHING
            return
        session = request.session_hash or ""
        stop = self._stops.begin(session)
        offered: list[str] = []
        try:
            for view in run_turn(
                self._assistant,
                history,
                past=past,
                forced=forced,
                media_root=self._media_root,
                stop=stop,
            ):
                if not self._stops.owns(session, stop):
                    # Gradio shows the last thing yielded once more when a stream ends.
                    yield _NOTHING
                    return
                if view.routed is not None:
                    offered = _alternatives(view.routed)
                if view.past and view.past[-1].choices:
                    chosen = view.past[-1].choices[:_ALTERNATIVES]
                    offered = [f"{_CHOICE}{message}|{label}" for label, message in chosen]
                yield self._updates(view, offered)
        finally:
            self._stops.end(session, stop)

    def _updates(self, view: View, offered: list[str]) -> tuple[Update, ...]:
        buttons: list[Update] = [gr.skip()] * _ALTERNATIVES
        if view.routed is not None:
            buttons = [gr.update(visible=False)] * _ALTERNATIVES
        if view.past is not None:
            buttons = [_offer(offered, number) for number in range(_ALTERNATIVES)]
        finished = view.past is not None
        return (
            view.history,
            gr.skip() if view.panel is None else view.panel,
            gr.skip() if view.routed is None else route_badge(view.routed),
            _about_badge(view.past) if view.past is not None else gr.skip(),
            view.past if finished else gr.skip(),
            offered if finished else gr.skip(),
            *buttons,
            gr.update(visible=finished),
            gr.update(visible=not finished),
        )

    def _forget_focus(self, past: tuple[Finished, ...]) -> tuple[Update, ...]:
        """Let the next message lean on nothing; what was said stays."""
        if not past:
            return gr.skip(), gr.skip()
        kept = (*past[:-1], replace(past[-1], focus=None, state=DialogueState(), choices=()))
        return kept, focus_badge(None)

    def _stop_turn(self, request: gr.Request) -> None:
        self._stops.stop(request.session_hash or "")

    def _new(self, request: gr.Request) -> tuple[Update, ...]:
        self._stops.discard(request.session_hash or "")
        hidden = [gr.update(visible=False)] * _ALTERNATIVES
        empty: tuple[Update, ...] = (
            "",
            [],
            EMPTY_PANEL,
            route_badge(None),
            focus_badge(None),
            (),
            [],
        )
        return *empty, *hidden, gr.update(visible=True), gr.update(visible=False)


def _with_message(history: list[Message], text: str) -> list[Message]:
    """Add a user's message; one that is too long is answered at once, and only begun."""
    if len(text) <= MAX_MESSAGE_CHARACTERS:
        return [*history, {"role": "user", "content": text}]
    begun = {"role": "user", "content": f"{text[:_SHOWN_OF_LONG]} ..."}
    try:
        clean_message(text)
    except MessageError as error:
        return [*history, begun, {"role": "assistant", "content": f"⚠️ {error}"}]
    return [*history, {"role": "user", "content": text}]


def _forced(intent: str) -> str | None:
    return None if intent == AUTOMATIC else intent


def _alternatives(routed: Routed) -> list[str]:
    """Return the intents worth offering as buttons: those the router thought of next."""
    if routed.overruled:
        return []
    names = [name for name, _ in routed.choices]
    if not routed.unsure:
        names = [name for name in names if name not in (*_NO_ANSWER, routed.intent)][
            : _ALTERNATIVES - 1
        ]
    return names[:_ALTERNATIVES]


def _about_badge(past: tuple[Finished, ...]) -> str:
    """Render what the last turn left for the next one to lean on."""
    if not past:
        return focus_badge(None)
    state = past[-1].state
    focus = next(
        (turn.focus for turn in reversed(past) if turn.focus and turn.focus.id in state.products),
        None,
    )
    return focus_badge(focus, state)


def _offer(offered: list[str], number: int) -> Update:
    if number >= len(offered):
        return gr.update(visible=False)
    if offered[number].startswith(_CHOICE):
        return gr.update(visible=True, value=offered[number].partition("|")[2][:_SHOWN_OF_TITLE])
    return gr.update(visible=True, value=f"Instead: {Intent(offered[number]).label.lower()}")


def _index(index: int | tuple[int, int]) -> int:
    return index if isinstance(index, int) else index[0]
