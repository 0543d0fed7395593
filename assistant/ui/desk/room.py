"""The desk's layout and wiring: conversations, chat, records; what they do is in `turns`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from assistant.access.values import User
from assistant.intents import Intent
from assistant.store.conversations import Conversations
from assistant.store.feedback import Feedbacks
from assistant.suggestions import suggestions
from assistant.turn import MessageError
from assistant.ui.cards import EMPTY_PANEL, focus_badge, route_badge
from assistant.ui.context import KNOWN_ERRORS, Context, told
from assistant.ui.desk.aside import Aside
from assistant.ui.desk.chat import View
from assistant.ui.desk.chips import (
    actions_html,
    conditions_html,
    follow_ups_html,
    route_html,
    without_condition,
)
from assistant.ui.desk.pinning import Pinning
from assistant.ui.desk.runs import Watchers
from assistant.ui.desk.sidebar import Sidebar
from assistant.ui.desk.transcript import Message, as_typed, messages_of, records_of, turn_of
from assistant.ui.desk.turns import Opened, Turns
from assistant.ui.markup import QUICK, act_of, acting_html, addresses

AUTOMATIC = "automatic"
_PLACEHOLDER = (
    "### What would you like to know?\nAsk about an item or a shop policy, find products, or have"
    " copy written for one. Each answer stands on records that you can open."
)

Update = Any
Updates = dict[Any, Update]


class DeskRoom:
    """The chat of one assistant, and all that support staff need around it.

    Args:
        context: what all rooms share.
        examples: messages that work on this index.
    """

    def __init__(self, context: Context, examples: list[str]) -> None:
        self._context = context
        self._examples = examples
        self._store = Conversations(context.database)
        self._turns = Turns(context, self._store)
        self._feedback = Feedbacks(context.database)
        self._watchers = Watchers()

    def build(self, tab: gr.Tab, page: gr.Blocks) -> None:
        """Lay the room out, inside its tab, and wire its events."""
        self._current = gr.Textbox(
            "", elem_classes="le-off", elem_id="le-current", label="Conversation"
        )
        self._router = addresses("le-router")
        self._sidebar = Sidebar(self._context, self._store, self._turns)
        self._pinning = Pinning(self._context, self._store)
        self._aside = Aside(self._context, self._store, self._turns, self._feedback)
        with gr.Row(elem_id="le-main", equal_height=False):
            with gr.Column(scale=0, min_width=250, elem_id="le-side"):
                self._sidebar.build(self._current)
            with gr.Column(scale=7, min_width=280, elem_id="le-talk"):
                self._conversation()
            with gr.Column(scale=5, min_width=280, elem_id="le-aside"):
                self._records = self._aside.build(self._current)
        self._wire(page)

    def _conversation(self) -> None:
        with gr.Row(elem_id="le-context"):
            self._pinning.build_chip()
            self._about = gr.HTML(focus_badge(None), elem_id="le-about")
            self._forget = gr.Button(
                "Forget product", size="sm", elem_id="le-forget", scale=0, min_width=110
            )
        self._pinning.build_search(self._current)
        self._chat = gr.Chatbot(
            elem_id="le-chat",
            label="Conversation",
            show_label=False,
            height="calc(100dvh - 360px)",
            min_height=260,
            editable="user",
            buttons=[],
            feedback_options=("Like", "Dislike"),
            allow_tags=False,
            latex_delimiters=[],
            sanitize_html=True,
            layout="bubble",
            placeholder=_PLACEHOLDER,
            examples=[{"text": text} for text in self._examples],
        )
        self._route = acting_html(route_badge(None), elem_id="le-instead")
        self._actions = acting_html("", elem_id="le-actions")
        self._follow = acting_html("", elem_id="le-follow")
        self._filters = acting_html("", elem_id="le-filters")
        with gr.Row(elem_id="le-send-row"):
            self._box = gr.Textbox(
                elem_id="le-message",
                label="Message",
                show_label=False,
                placeholder="Ask about an item or a policy, or say what to write …",
                lines=1,
                max_lines=8,
                container=False,
                autofocus=True,
                scale=7,
            )
            self._send = gr.Button(
                "Send", variant="primary", elem_id="le-send", scale=1, min_width=84
            )
            self._stop = gr.Button(
                "Stop", variant="stop", elem_id="le-stop", scale=1, min_width=84, visible=False
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
                min_width=170,
            )
            gr.HTML(
                "<p class='le-hint'><kbd>Enter</kbd> sends, <kbd>Esc</kbd> stops,"
                " <kbd>Alt J</kbd> opens the sources</p>"
            )

    def _wire(self, page: gr.Blocks) -> None:
        self._all = [
            *(self._current, self._chat, self._records, self._route, self._about, self._actions),
            *(self._follow, self._filters, self._send, self._stop, self._box, self._intent),
            *(*self._pinning.outputs, *self._sidebar.outputs, *self._aside.outputs),
        ]

        def answered(event: Any) -> None:
            """Show the answer that a handler began."""
            event.then(self._watch, [self._current], self._all, **QUICK)

        def joined(event: Any) -> None:
            """Go on with an answer under way; the list of conversations is left as it is."""
            event.then(self._join, [self._current], self._all, **QUICK)

        quick: dict[str, Any] = {"outputs": self._all, **QUICK}
        typed = [self._box, self._current, self._intent, self._pinning.pinned]
        answered(gr.on([self._box.submit, self._send.click], self._ask, typed, **quick))
        offered = [self._current, self._pinning.pinned]
        answered(self._chat.example_select(self._example, typed[1:], **quick))
        answered(self._follow.click(self._act, offered, **quick))
        answered(self._filters.click(self._act, offered, **quick))
        answered(self._route.click(self._act, offered, **quick))
        shown = [self._chat, self._current, self._intent]
        answered(self._chat.retry(self._retry, shown, **quick))
        answered(self._chat.edit(self._edit, shown, **quick))
        self._chat.clear(self._new, None, **quick)
        self._stop.click(self._stop_turn, [self._current], None, **QUICK)
        self._forget.click(self._forget_focus, [self._current], **quick)
        self._chat.like(self._like, [self._chat, self._current], **quick)
        answered(self._router.click(self._open_address, [self._current], **quick))
        answered(
            page.load(
                self._open_hash,
                [self._current],
                self._all,
                js="(current) => [window.location.hash]",
                **QUICK,
            )
        )
        self._current.change(None, [self._current], None, js="(id) => window.leOpened(id)")
        self._sidebar.wire(self._open, self._all, joined)
        self._pinning.wire()
        self._aside.wire(self._actions)

    def _ask(self, text: str, current: str, intent: str, pin: str, request: gr.Request) -> Updates:
        if not text or not text.strip():
            gr.Info("Type a question or a request first.")
            return _unchanged(self._box)
        return self._begin(request, current, text, _forced(intent), pin)

    def _example(
        self, current: str, intent: str, pin: str, chosen: gr.SelectData, request: gr.Request
    ) -> Updates:
        return self._begin(request, current, chosen.value["text"], _forced(intent), pin)

    @told
    def _act(self, current: str, pin: str, event: gr.EventData, request: gr.Request) -> Updates:
        """Do what a chip says: send its text, overrule the intent, take a filter away."""
        user = self._context.enter(request, "desk")
        act = act_of(event)
        opened = self._turns.opened(user.name, current)
        if act.get("act") == "send":
            return self._begin(request, current, act["text"], "", pin)
        if act.get("act") == "instead" and opened.turns:
            return self._repeat(request, current, len(opened.turns), forced=act["intent"])
        if act.get("act") == "drop" and opened.state.query:
            retriever = self._context.service.retriever
            query = without_condition(retriever, opened.state.query, int(act["number"]))
            return self._begin(request, current, query or opened.state.query, Intent.SEARCH, pin)
        return _unchanged(self._box)

    def _begin(
        self, request: gr.Request, current: str, text: str, forced: str, pin: str
    ) -> Updates:
        def begin(user: User) -> str:
            return self._turns.send(user.name, current, text, forced=forced, pin=pin)

        return self._started(request, current, begin)

    def _repeat(self, request: gr.Request, current: str, number: int, **how: str) -> Updates:
        def begin(user: User) -> str:
            return self._turns.again(user.name, current, number, **how)

        return self._started(request, current, begin)

    @told
    def _started(self, request: gr.Request, current: str, begin: Callable[[User], str]) -> Updates:
        user = self._context.enter(request, "desk")
        try:
            self._context.gate.admit(user)
            now = begin(user)
        except (MessageError, *KNOWN_ERRORS) as error:
            gr.Warning(str(error))
            return _unchanged(self._box)
        updates = self._shown(user, self._turns.opened(user.name, now), panel=False)
        return {**updates, self._box: "", self._intent: AUTOMATIC}

    def _retry(
        self,
        history: list[Message],
        current: str,
        intent: str,
        at: gr.RetryData,
        request: gr.Request,
    ) -> Updates:
        number = turn_of(at.index, history)
        return self._repeat(request, current, number, forced=_forced(intent))

    def _edit(
        self,
        history: list[Message],
        current: str,
        intent: str,
        at: gr.EditData,
        request: gr.Request,
    ) -> Updates:
        number = turn_of(at.index, history)
        text = as_typed(at.value if isinstance(at.value, str) else str(at.value))
        if not text.strip():
            gr.Info("An empty message asks nothing; the conversation is as it was.")
            return self._open(current, request)
        return self._repeat(request, current, number, message=text, forced=_forced(intent))

    @told
    def _watch(self, current: str, request: gr.Request) -> Iterator[Updates]:
        """Show the turn under way, whoever began it, until it ends or the page leaves it."""
        user = self._context.enter(request, "desk")
        opened = self._turns.opened(user.name, current)
        view: View | None = None
        if opened.run is not None:
            with self._watchers.watching(request.session_hash or "", current) as is_shown:
                for view in opened.run.watch():
                    if not is_shown():
                        break
                    if view.ended is None:
                        yield self._viewed(view)
                if not is_shown():
                    # Gradio shows the last thing yielded once more when a stream ends.
                    yield _unchanged(self._box)
                    return
        opened = self._turns.opened(user.name, current)
        if not opened.turns:
            yield _unchanged(self._box)
            return
        updates = self._shown(user, opened)
        if opened.run is None and view is not None and opened.turns[-1].status == "running":
            updates[self._chat] = view.history  # it could not be kept, and says so
        yield updates

    def _viewed(self, view: View) -> Updates:
        return {
            self._chat: view.history,
            self._send: gr.update(visible=False),
            self._stop: gr.update(visible=True),
            self._actions: "",
            self._follow: "",
            self._records: gr.skip() if view.panel is None else view.panel,
            self._route: gr.skip() if view.routed is None else route_html(view.routed),
        }

    def _join(self, current: str, request: gr.Request) -> Iterator[Updates]:
        listed = self._sidebar.outputs
        for updates in self._watch(current, request):
            yield {part: value for part, value in updates.items() if part not in listed}

    def _open_address(self, current: str, event: gr.EventData, request: gr.Request) -> Updates:
        """Follow the browser's back and forward buttons."""
        wanted = _conversation_in(act_of(event).get("hash", ""))
        return _unchanged(self._box) if wanted == current else self._open(wanted, request)

    def _open_hash(self, address: str, request: gr.Request) -> Updates:
        return self._open(_conversation_in(address), request)

    @told
    def _open(self, conversation: str, request: gr.Request) -> Updates:
        user = self._context.enter(request, "desk")
        self._watchers.leave(request.session_hash or "")
        return self._shown(user, self._turns.opened(user.name, conversation))

    def _new(self, request: gr.Request) -> Updates:
        return self._open("", request)

    def _stop_turn(self, current: str, request: gr.Request) -> None:
        self._turns.stop(self._context.enter(request, "desk").name, current)

    @told
    def _forget_focus(self, current: str, request: gr.Request) -> Updates:
        """Let the next message lean on nothing; what was said stays."""
        user = self._context.enter(request, "desk")
        self._turns.forget(user.name, current)
        return self._shown(user, self._turns.opened(user.name, current))

    @told
    def _like(
        self, history: list[Message], current: str, said: gr.LikeData, request: gr.Request
    ) -> Updates:
        user = self._context.enter(request, "desk")
        opened = self._turns.opened(user.name, current)
        number = turn_of(said.index, history)
        if number > len(opened.turns):
            return _unchanged(self._box)
        turn = opened.turns[number - 1]
        if said.liked is None:
            self._feedback.take_back(user.name, turn.id)
        else:
            self._feedback.thumb(user.name, turn.id, bool(said.liked))
        if said.liked:
            gr.Info("Thank you. Noted.")
        return self._aside.feedback_for(turn if said.liked is False else None)

    def _shown(self, user: User, opened: Opened, *, panel: bool = True) -> Updates:
        """Return everything that the page shows of a conversation."""
        head, answer, state = opened.conversation, opened.answer, opened.state
        running = opened.run is not None
        media = self._context.media_root()
        past = opened.past[:-1] if running else opened.past
        history = messages_of(past)
        if running:
            history += [*messages_of(opened.past[-1:])[:1], {"role": "assistant", "content": ""}]
        feedback = [{True: "Like", False: "Dislike", None: None}[one.liked] for one in opened.turns]
        updates: Updates = {
            self._current: head.id if head else "",
            self._chat: gr.update(value=history, feedback_value=feedback),
            self._about: focus_badge(answer.focus if answer else None, state),
            self._route: route_html(opened.past[-1].routed if answer else None, answer),
            self._actions: actions_html(answer),
            self._follow: "",
            self._filters: "",
            self._send: gr.update(visible=not running),
            self._stop: gr.update(visible=running),
            **self._pinning.shown(head.product_id if head else None),
            **self._sidebar.shown(user, head.id if head else ""),
            **self._aside.shown(head, answer),
        }
        if panel and not running:
            updates[self._records] = records_of(past, media) if past else EMPTY_PANEL
        if answer is not None:
            asked = [turn.message for turn in opened.turns]
            updates[self._follow] = follow_ups_html(suggestions(answer, asked))
            if answer.intent == Intent.SEARCH:
                retriever = self._context.service.retriever
                updates[self._filters] = conditions_html(retriever, state.query)
        return updates


def _unchanged(component: Any) -> Updates:
    return {component: gr.skip()}


def _forced(intent: str) -> str:
    return "" if intent == AUTOMATIC else intent


def _conversation_in(address: str) -> str:
    room, _, conversation = address.lstrip("#/").partition("/")
    return conversation if room == "desk" else ""
