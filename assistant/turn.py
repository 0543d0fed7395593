"""One turn, from the message to the checked answer, as a stream of events.

Follow the dialogue -> route -> find -> render the task's instruction -> stream from the engine ->
check the draft -> answer with citations. Knows the engine, the retriever and the router by their
interfaces; knows no page and no command line.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from assistant import replies
from assistant.answering import Answering
from assistant.authoring import author_turn
from assistant.dialogue.follow import LISTED, Dialogue, search_hits
from assistant.dialogue.routing import TurnRouter
from assistant.errors import AssistantError
from assistant.intents import Intent
from assistant.values import Answer, Citation, Done, Draft, Event, Found, Turn
from assistant.work import Work
from assistant.writing import TextEngine
from retrieval.asked_field import Ranker
from retrieval.registry import Retriever, understood
from retrieval.stems import stems

MAX_MESSAGE_CHARACTERS = 8_000
MIN_SIMILARITY = 0.35
"""Below it a found product that shares no word with the message is not listed."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ud800-\udfff]")

_LONG_GAP = re.compile(r"\s{9,}")
"""White space that says nothing and that patterns take quadratic time over."""


class MessageError(AssistantError):
    """The message is empty, or too long to work on."""


class Assistant:
    """Answers turns. One object serves all users; it holds no conversation.

    Args:
        engine: the model.
        retriever: any retriever that keeps `retrieval.documents`' contract.
        router: finds a message's intent.
        ranker: ranks a record's fields against a question.
        adapter: False runs the base model through the same path.
        verify: False leaves the checks of drafts and premises out, for comparison; what evidence
            is found, quoted or compared stays the same.
    """

    def __init__(
        self,
        engine: TextEngine,
        retriever: Retriever,
        router: TurnRouter,
        ranker: Ranker,
        *,
        adapter: bool = True,
        verify: bool = True,
    ) -> None:
        self.engine = engine
        self.retriever = retriever
        self._dialogue = Dialogue(retriever, router)
        self._answering = Answering(retriever, ranker)
        self._adapter = adapter
        self._verify = verify

    def warm_up(self) -> None:
        """Load what the first turn would wait for: the model, and what reads evidence."""
        self._answering.warm_up()
        self.engine.warm_up()

    def ask(self, turn: Turn) -> Answer:
        """Return the finished answer of a turn; raises what `stream` raises."""
        events = list(self.stream(turn))
        last = events[-1]
        assert isinstance(last, Done)
        return last.answer

    def stream(self, turn: Turn, stop: threading.Event | None = None) -> Iterator[Event]:
        """Yield `Routed`, `Found` where a search was made, `Delta`s and, last, `Done`.

        Args:
            turn: what is asked.
            stop: set it to end the answer; the compute ends with it.

        Raises:
            MessageError: the message is empty or longer than `MAX_MESSAGE_CHARACTERS`.
            AssistantError: the model failed, or `turn.product_id` is of no product.
            CatalogError: the index failed.
        """
        started = time.monotonic()
        turn = replace(turn, message=clean_message(turn.message))
        state = self._dialogue.replay(turn.history) if turn.state is None else turn.state
        step = self._dialogue.follow(
            turn.message, state, forced=turn.intent, pinned=turn.product_id
        )
        if step.routed.unsure and self._answering.is_answered_by_pages(turn.message):
            routed = replace(step.routed, intent=Intent.ANSWER.value, unsure=False)
            step = replace(step, routed=routed)
        work = Work(
            turn,
            step,
            self.engine,
            stop or threading.Event(),
            started,
            adapter=self._adapter,
            verify=self._verify,
            state=step.state,
        )
        work.route_seconds = work.retrieve_seconds = work.seconds()
        yield step.routed
        if step.routed.unsure:
            yield work.done(Draft(replies.unsure(step.routed.choices)))
        elif step.routed.intent == Intent.CHITCHAT:
            yield work.done(Draft(replies.CHITCHAT))
        elif step.routed.intent == Intent.OUT_OF_SCOPE:
            yield work.done(Draft(replies.out_of_scope(turn.message)), abstained=True)
        elif step.routed.intent == Intent.SEARCH:
            yield from self._search(work)
        elif step.routed.intent == Intent.ANSWER:
            yield from self._answering.answer(work)
        else:
            yield from author_turn(work)

    def _search(self, work: Work) -> Iterator[Event]:
        text = work.step.search or work.turn.message
        work.hits = tuple(search_hits(self.retriever, text))
        work.retrieve_seconds = work.seconds()
        yield Found(work.hits, (), None)
        asked = understood(self.retriever, text)
        wanted = stems(text)
        listed = [
            hit
            for hit in work.hits
            if hit.exact or wanted & stems(hit.title) or (hit.similarity or 0.0) >= MIN_SIMILARITY
        ][:LISTED]
        work.focus = listed[0] if listed else None
        work.state = self._dialogue.listed(work.step, listed).state
        cited = tuple(Citation(n, hit, hit.matched) for n, hit in enumerate(listed, start=1))
        draft = Draft(replies.result_list(listed, asked))
        yield work.done(draft, citations=cited, abstained=not listed)


def clean_message(message: str) -> str:
    """Drop control characters and outer white space.

    Raises:
        MessageError: nothing is left, or too much.
    """
    text = _CONTROL.sub(" ", message.replace("\r\n", "\n")).strip()
    text = _LONG_GAP.sub(lambda gap: "\n" if "\n" in gap[0] else " ", text)
    if not text:
        raise MessageError("The message is empty. Type a question or a request.")
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise MessageError(
            f"The message has {len(text):,} characters; at most {MAX_MESSAGE_CHARACTERS:,} can be"
            " read at once. Shorten it, or put product data into the index instead."
        )
    return text
