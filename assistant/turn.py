"""One turn, from the message to the checked answer, as a stream of events.

Route -> find -> render the task's instruction -> stream from the engine -> check the draft ->
answer with citations. Knows the engine, the retriever and the router by their interfaces; knows
no page and no command line.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from langchain_core.retrievers import BaseRetriever

from assistant import replies
from assistant.errors import AssistantError
from assistant.focus import resolve_focus, unknown_code
from assistant.grounding import grounded, quote, repair_answer, to_quote, with_heading
from assistant.intents import Intent
from assistant.parameters import read_parameters
from assistant.router import Route
from assistant.tasks import TASKS
from assistant.tasks.answer import ABSTENTION, abstains
from assistant.tasks.base import Task
from assistant.values import (
    Answer,
    Citation,
    Claim,
    Delta,
    Done,
    Draft,
    Event,
    Found,
    Routed,
    Timing,
    Turn,
)
from assistant.writing import TextEngine, check_copy, check_reply, write
from catalog_index.product import Product
from retrieval.evidence import EvidenceRanker
from retrieval.registry import search, understood
from retrieval.stems import stems
from retrieval.values import Evidence, Hit, Kind, Query

MAX_MESSAGE_CHARACTERS = 8_000
MIN_FIELD_SCORE, MIN_PASSAGE_SCORE = 0.34, 0.45
"""Below them a product's field or a passage does not bear on the question."""

STRONG_SCORE = 0.55
"""From here on a draft that says "the catalog does not say" is overruled by the evidence."""

PINNED_PASSAGE_WEIGHT = 0.7
"""What a shop page counts for where the message names a product by its code."""

MIN_SIMILARITY = 0.35
"""Below it a found product that shares no word with the message is not listed."""

_RELATIVE_EVIDENCE = 0.72
_MAX_EVIDENCE = 4
_COMPARED = 3
_PRODUCT_HITS, _PASSAGE_HITS, _LISTED = 6, 5, 5
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ud800-\udfff]")


class MessageError(AssistantError):
    """The message is empty, or too long to work on."""


class TurnRouter(Protocol):
    """What a turn needs of the router."""

    def route(self, text: str) -> Route:
        """Return the intent of one message."""
        ...


@dataclass(slots=True)
class _Work:
    """What is known of a turn so far; times are seconds from its start."""

    turn: Turn
    routed: Routed
    started: float
    stop: threading.Event
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    focus: Hit | None = None
    route_seconds: float = 0.0
    retrieve_seconds: float = 0.0
    first_token_seconds: float = 0.0

    def seconds(self) -> float:
        return time.monotonic() - self.started


class Assistant:
    """Answers turns. One object serves all users; it holds no conversation.

    Args:
        engine: the model.
        retriever: any retriever that keeps `retrieval.documents`' contract.
        router: finds a message's intent.
        ranker: ranks a record's fields against a question.
        adapter: False runs the base model through the same path.
    """

    def __init__(
        self,
        engine: TextEngine,
        retriever: BaseRetriever,
        router: TurnRouter,
        ranker: EvidenceRanker,
        *,
        adapter: bool = True,
    ) -> None:
        self.engine = engine
        self.retriever = retriever
        self._router = router
        self._ranker = ranker
        self._adapter = adapter

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
            AssistantError: the model failed.
            CatalogError: the index failed.
        """
        started = time.monotonic()
        turn = replace(turn, message=clean_message(turn.message))
        routed = self._route(turn)
        work = _Work(turn, routed, started, stop or threading.Event())
        work.route_seconds = work.retrieve_seconds = work.seconds()
        yield routed
        if routed.unsure:
            yield self._done(work, Draft(replies.unsure(routed.choices)))
        elif routed.intent == Intent.CHITCHAT:
            yield self._done(work, Draft(replies.CHITCHAT))
        elif routed.intent == Intent.OUT_OF_SCOPE:
            yield self._done(work, Draft(replies.OUT_OF_SCOPE), abstained=True)
        elif routed.intent == Intent.SEARCH:
            yield from self._search(work)
        elif routed.intent == Intent.ANSWER:
            yield from self._answer(work)
        else:
            yield from self._author(work)

    def _route(self, turn: Turn) -> Routed:
        if turn.intent:
            return Routed(Intent(turn.intent).value, 1.0, False, (), overruled=True)
        route = self._router.route(turn.message)
        best = (str(route.intent), route.confidence)
        others = tuple((str(name), share) for name, share in route.alternatives)
        choices = (best, *others)[:3] if route.unsure else others[:4]
        return Routed(*best, route.unsure, choices)

    def _find(self, work: _Work, *, passages: bool) -> Found:
        """Search for the turn's products (and passages) and settle what it is about."""
        message = work.turn.message
        products = search(self.retriever, Query(message, _PRODUCT_HITS, "product"))
        pages = search(self.retriever, Query(message, _PASSAGE_HITS, "passage")) if passages else []
        work.focus = resolve_focus(work.turn, products, self.retriever)
        if work.focus is not None:
            others = (hit for hit in products if hit.id != work.focus.id)
            products = [work.focus, *others][:_PRODUCT_HITS]
        work.hits = (*products, *pages)
        if passages:
            work.evidence = self._rank(work, pages)
        work.retrieve_seconds = work.seconds()
        return Found(work.hits, work.evidence, work.focus)

    def _search(self, work: _Work) -> Iterator[Event]:
        message = work.turn.message
        work.hits = tuple(
            search(self.retriever, Query(message, _PRODUCT_HITS, "product", understand=True))
        )
        work.retrieve_seconds = work.seconds()
        yield Found(work.hits, (), None)
        asked = understood(self.retriever, message)
        wanted = stems(message)
        listed = [
            hit
            for hit in work.hits
            if hit.exact or wanted & stems(hit.title) or (hit.similarity or 0.0) >= MIN_SIMILARITY
        ][:_LISTED]
        work.focus = listed[0] if listed else None
        cited = tuple(Citation(n, hit, hit.matched) for n, hit in enumerate(listed, start=1))
        draft = Draft(replies.result_list(listed, asked))
        yield self._done(work, draft, citations=cited, abstained=not listed)

    def _answer(self, work: _Work) -> Iterator[Event]:
        found = self._find(work, passages=True)
        yield found
        if unknown := unknown_code(work.turn, found.hits, found.focus):
            yield self._done(work, Draft(replies.no_such_product(unknown)), abstained=True)
            return
        named = [hit for hit in found.hits if hit.exact][:_COMPARED]
        if len(named) > 1 and not work.turn.product_id:
            yield self._answer_each(work, named)
            return
        ranked = work.evidence
        if not ranked or not _bears(ranked[0]):
            yield self._abstain(work, ranked)
            return
        floor = _RELATIVE_EVIDENCE * ranked[0].score
        used = [item for item in ranked[:_MAX_EVIDENCE] if item.score >= floor and _bears(item)]
        work.evidence = tuple(used)
        if told := to_quote(used, work.turn.message):
            # Shop rules hold under conditions, and a small model inverts or mixes them.
            text = quote(told, name_source=not _is_certain(work))
            claims = [Claim(item.text, "supported", item.source_id, item.field) for item in told]
            yield self._done(work, Draft(text), citations=_cite(told, work.hits), claims=claims)
            return
        task = TASKS["answer"]
        facts = [_fact(item) for item in used]
        inputs = task.read({"question": work.turn.message, "evidence": facts})
        draft = yield from self._write(work, task, inputs)
        claims = list[Claim]()
        notes = list[str]()
        if not work.stop.is_set():
            if abstains(draft.text) and used[0].score < STRONG_SCORE:
                yield self._abstain(work, ranked)
                return
            draft, claims, notes = check_reply(
                draft, used, work.turn.message, name_source=not _is_certain(work)
            )
        cited = _cite(used if not notes else used[:1], work.hits)
        yield self._done(work, draft, citations=cited, claims=claims, notes=notes)

    def _answer_each(self, work: _Work, named: Sequence[Hit]) -> Done:
        """Answer for each of several products that the message names by code, from its record."""
        lines, used = [], []
        for hit in named:
            best = self._ranker.rank(work.turn.message, [hit], 1)
            if best and _bears(best[0]):
                used.append(best[0])
                lines.append(f"- {hit.title} ({hit.id}): {repair_answer(best[0])}")
            else:
                lines.append(f"- {hit.title} ({hit.id}): {ABSTENTION}")
        claims = [Claim(item.text, "supported", item.source_id, item.field) for item in used]
        work.evidence = tuple(used)
        cited = _cite(used, named)
        return self._done(
            work, Draft("\n".join(lines)), citations=cited, claims=claims, abstained=not used
        )

    def _rank(self, work: _Work, pages: Sequence[Hit]) -> tuple[Evidence, ...]:
        """Rank the focus's fields and the pages' sentences against the message."""
        focus = work.focus
        about = [*([focus] if focus else []), *pages]
        ranked = self._ranker.rank(work.turn.message, about, 3 * _MAX_EVIDENCE)
        if focus is not None and _is_certain(work):
            ranked = [
                item
                if item.kind == "product"
                else replace(item, score=PINNED_PASSAGE_WEIGHT * item.score)
                for item in ranked
            ]
        return tuple(sorted(ranked, key=lambda item: -item.score))

    def _abstain(self, work: _Work, nearest: Sequence[Evidence]) -> Done:
        text = replies.abstention(nearest, work.focus)
        cited = (Citation(1, work.focus, ()),) if work.focus else ()
        return self._done(work, Draft(text), citations=cited, abstained=True)

    def _author(self, work: _Work) -> Iterator[Event]:
        yield self._find(work, passages=False)
        if work.focus is None or not isinstance(work.focus.record, Product):
            yield self._done(work, Draft(replies.WHICH_PRODUCT), abstained=True)
            return
        task, record = TASKS[work.routed.intent], work.focus.record
        line = read_parameters(task.name, work.turn.message, record, work.hits)
        inputs = task.read(line)
        draft = yield from self._write(work, task, inputs)
        claims: list[Claim] = []
        notes: list[str] = []
        if not work.stop.is_set():
            draft, claims, notes = check_copy(task, inputs, draft, record.id, record.title)
        cited = (Citation(1, work.focus, tuple(claim.field for claim in claims if claim.field)),)
        yield self._done(work, draft, citations=cited, claims=claims, notes=notes)

    def _write(self, work: _Work, task: Task[Any], inputs: Any) -> Generator[Event, None, Draft]:
        writing = write(self.engine, task, inputs, stop=work.stop, adapter=self._adapter)
        try:
            while True:
                delta = next(writing)
                work.first_token_seconds = work.first_token_seconds or work.seconds()
                yield Delta(delta)
        except StopIteration as finished:
            draft: Draft = finished.value
            # Nothing was written yet: an empty draft would read as "the catalog does not say".
            return draft if work.first_token_seconds or not work.stop.is_set() else Draft("")
        finally:
            writing.close()

    def _done(
        self,
        work: _Work,
        draft: Draft,
        *,
        citations: tuple[Citation, ...] = (),
        claims: Sequence[Claim] = (),
        notes: Sequence[str] = (),
        abstained: bool = False,
    ) -> Done:
        total = work.seconds()
        return Done(
            Answer(
                message=work.turn.message,
                intent=work.routed.intent,
                confidence=work.routed.confidence,
                text=draft.text,
                label=draft.label,
                focus=work.focus,
                citations=citations,
                hits=work.hits,
                evidence=work.evidence,
                claims=tuple(claims),
                grounded=grounded(claims),
                abstained=abstained,
                stopped=work.stop.is_set(),
                model=str(self.engine.describe()),
                notes=tuple(notes),
                timing=Timing(
                    route=work.route_seconds,
                    retrieve=work.retrieve_seconds,
                    first_token=work.first_token_seconds or total,
                    total=total,
                ),
            )
        )


def clean_message(message: str) -> str:
    """Drop control characters and outer white space.

    Raises:
        MessageError: nothing is left, or too much.
    """
    text = _CONTROL.sub(" ", message.replace("\r\n", "\n")).strip()
    if not text:
        raise MessageError("The message is empty. Type a question or a request.")
    if len(text) > MAX_MESSAGE_CHARACTERS:
        raise MessageError(
            f"The message has {len(text):,} characters; at most {MAX_MESSAGE_CHARACTERS:,} can be"
            " read at once. Shorten it, or put product data into the index instead."
        )
    return text


def _is_certain(work: _Work) -> bool:
    """Whether the turn names its product by a code or a pin, not by some words."""
    return work.focus is not None and (work.focus.exact or bool(work.turn.product_id))


def _bears(item: Evidence) -> bool:
    """Whether a piece of evidence bears on the question at all."""
    return item.score >= (MIN_FIELD_SCORE if item.kind == "product" else MIN_PASSAGE_SCORE)


def _fact(item: Evidence) -> str:
    """Write a piece of evidence as a line of the prompt."""
    if item.field in ("passage", "description"):
        return with_heading(item)
    return f"{item.field}: {item.text}"


def _cite(used: Sequence[Evidence], hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Number the records that the evidence comes from, in the evidence's order."""
    by_source = {(hit.kind, hit.id): hit for hit in hits}
    fields: dict[tuple[Kind, str], list[str]] = {}
    for item in used:
        fields.setdefault((item.kind, item.source_id), []).append(item.field)
    return tuple(
        Citation(number, by_source[source], tuple(dict.fromkeys(names)))
        for number, (source, names) in enumerate(fields.items(), start=1)
    )
