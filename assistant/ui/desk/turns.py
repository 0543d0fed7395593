"""What sending, retrying, editing and overruling do: the store, the runs, the next view.

Knows who asks only by name and shows nothing itself; `room` turns its values into updates.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from assistant.dialogue.state import DialogueState
from assistant.errors import AssistantError
from assistant.store.answers import to_stored
from assistant.store.conversations import Conversation, Conversations, Status, StoredTurn
from assistant.turn import MAX_MESSAGE_CHARACTERS, MessageError, clean_message
from assistant.ui.context import Context
from assistant.ui.desk.chat import Asked, View, run_turn
from assistant.ui.desk.runs import Run, Runs
from assistant.ui.desk.transcript import Past, past_of
from assistant.values import Answer

_SHOWN_OF_LONG = 200


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation as it is now; `run` is its turn under way."""

    conversation: Conversation | None
    turns: tuple[StoredTurn, ...] = ()
    past: tuple[Past, ...] = ()
    run: Run | None = None

    @property
    def answer(self) -> Answer | None:
        """The last answer; None while one is written, or where the last turn failed."""
        return self.past[-1].answer if self.past and self.run is None else None

    @property
    def state(self) -> DialogueState:
        """What the next message may lean on."""
        last = self.past[-1].answer if self.past else None
        return last.state if last else DialogueState()


class BusyError(AssistantError):
    """An answer is being written in the conversation."""

    def __init__(self) -> None:
        super().__init__(
            "The answer before is still being written. Wait for it, or stop it with Esc."
        )


class Turns:
    """The turns of all users' conversations.

    Args:
        context: what all rooms share.
        conversations: where they are kept.
    """

    def __init__(self, context: Context, conversations: Conversations) -> None:
        self._context = context
        self._conversations = conversations
        self._runs = Runs()
        self._beginning = threading.Lock()
        conversations.interrupted()

    def opened(self, user: str, conversation: str) -> Opened:
        """Return a conversation of the user's; one that they have not is an empty one."""
        head = self._conversations.find(user, conversation) if conversation else None
        if head is None:
            return Opened(None)
        # In this order: a turn that ends in between is then seen as ended and kept.
        run = self._runs.of(conversation)
        turns = tuple(self._conversations.turns(user, conversation))
        if run is not None and turns and turns[-1].status != "running":
            run = None
        return Opened(head, turns, past_of(turns), run)

    def send(
        self, user: str, conversation: str, message: str, *, forced: str = "", pin: str = ""
    ) -> str:
        """Begin a turn after all others; returns the conversation's id, a new one where needed.

        Raises:
            StoreError: the message cannot be kept.
            MessageError: it is empty.
            BusyError: an answer is being written in the conversation.
        """
        if len(message) <= MAX_MESSAGE_CHARACTERS:
            message = clean_message(message)
        with self._beginning:
            head = self._conversations.find(user, conversation) if conversation else None
            head = head or self._conversations.create(user, pin)
            self._begin(user, head, head.turns + 1, message, forced)
        return head.id

    def again(
        self, user: str, conversation: str, number: int, *, message: str = "", forced: str = ""
    ) -> str:
        """Answer a turn once more, its message changed or not; what followed it is dropped.

        Raises:
            StoreError: the message cannot be kept.
            BusyError: an answer is being written in the conversation.
        """
        with self._beginning:
            opened = self.opened(user, conversation)
            if opened.conversation is None or not 1 <= number <= len(opened.turns):
                return conversation
            asked = message or opened.turns[number - 1].message
            self._begin(user, opened.conversation, number, asked, forced)
        return conversation

    def stop(self, user: str, conversation: str) -> None:
        """Stop the answer that is being written in a conversation of the user's."""
        if self._conversations.find(user, conversation) is not None:
            self._runs.stop(conversation)

    def forget(self, user: str, conversation: str) -> None:
        """Let the next message lean on nothing; what was said stays."""
        opened = self.opened(user, conversation)
        if opened.turns and opened.turns[-1].answer:
            last = opened.turns[-1]
            held = {**last.answer, "state": {}, "offered": []}
            self._conversations.end_turn(last.id, last.status, last.text, held)

    def delete(self, user: str, conversation: str) -> None:
        """Stop and delete a conversation; raises `StoreError` where the user has none."""
        self.stop(user, conversation)
        self._conversations.delete(user, conversation)

    def _begin(self, user: str, head: Conversation, number: int, message: str, forced: str) -> None:
        if self._runs.of(head.id) is not None:
            raise BusyError
        turns = self._conversations.turns(user, head.id)
        past = past_of(turns[: number - 1])
        try:
            asked = Asked(clean_message(message), past, forced, head.product_id)
        except MessageError as error:
            if len(message) <= MAX_MESSAGE_CHARACTERS:
                raise
            # A pasted file is answered at once, and only its beginning is kept.
            begun = f"{message[:_SHOWN_OF_LONG]} ..."
            turn = self._conversations.begin_turn(user, head.id, number, begun)
            self._conversations.end_turn(turn, "failed", f"⚠️ {error}")
            return
        before = turns[number - 1 : number]
        is_overruled = forced and before and before[0].message == asked.message
        chosen = str(before[0].answer.get("routed", "")) if is_overruled else ""
        turn = self._conversations.begin_turn(user, head.id, number, asked.message)
        self._runs.start(head.id, partial(self._views, asked), partial(self._keep, turn, chosen))

    def _views(self, asked: Asked, stop: threading.Event) -> Iterator[View]:
        context = self._context
        return run_turn(
            lambda: context.service.assistant,
            asked,
            media_root=context.media_root(),
            stop=stop,
            line=context.line,
        )

    def _keep(self, turn: int, chosen: str, view: View) -> None:
        ended = view.ended
        assert ended is not None
        if ended.answer is None:
            self._conversations.end_turn(turn, "failed", ended.text)
            return
        status: Status = "stopped" if ended.answer.stopped else "done"
        kept = to_stored(ended.answer, ended.routed, chosen)
        self._conversations.end_turn(turn, status, ended.answer.text, kept)
