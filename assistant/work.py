"""A turn under way: what is known of it so far, and how it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.dialogue.state import DialogueState
from assistant.dialogue.step import Step
from assistant.grounding import grounded
from assistant.model.values import GenerationSettings
from assistant.tasks.base import Task
from assistant.values import (
    Answer,
    Citation,
    Claim,
    Constraint,
    Delta,
    Done,
    Draft,
    Event,
    Routed,
    Table,
    Timing,
    Turn,
)
from assistant.writing import TextEngine, finish, write
from retrieval.values import Evidence, Hit


@dataclass(slots=True)
class Work:
    """What is known of a turn so far; times are seconds from its start."""

    turn: Turn
    step: Step
    engine: TextEngine
    stop: threading.Event
    started: float
    adapter: bool = True
    verify: bool = True
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    focus: Hit | None = None
    state: DialogueState = field(default_factory=DialogueState)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    route_seconds: float = 0.0
    retrieve_seconds: float = 0.0
    first_token_seconds: float = 0.0

    @property
    def routed(self) -> Routed:
        """The intent of the turn."""
        return self.step.routed

    def seconds(self) -> float:
        """Return the time since the turn began."""
        return time.monotonic() - self.started

    def write(
        self, task: Task[Any], inputs: Any, settings: GenerationSettings | None = None
    ) -> Generator[Event, None, Draft]:
        """Let the model write, as deltas; the return is the draft."""
        writing = write(
            self.engine, task, inputs, stop=self.stop, adapter=self.adapter, settings=settings
        )
        try:
            while True:
                delta = next(writing)
                self.first_token_seconds = self.first_token_seconds or self.seconds()
                yield Delta(delta)
        except StopIteration as finished:
            draft: Draft = finished.value
            # Nothing was written yet: an empty draft would read as "the catalog does not say".
            return draft if self.first_token_seconds or not self.stop.is_set() else Draft("")
        finally:
            writing.close()

    def rewrite(
        self, task: Task[Any], inputs: Any, settings: GenerationSettings | None = None
    ) -> Draft:
        """Let the model write without showing it as it is made."""
        writing = write(
            self.engine, task, inputs, stop=self.stop, adapter=self.adapter, settings=settings
        )
        return finish(writing)[1]

    def done(
        self,
        draft: Draft,
        *,
        citations: tuple[Citation, ...] = (),
        claims: Sequence[Claim] = (),
        notes: Sequence[str] = (),
        choices: Sequence[Hit] = (),
        table: Table | None = None,
        variants: Sequence[str] = (),
        constraints: Sequence[Constraint] = (),
        abstained: bool = False,
    ) -> Done:
        """Return the event of the finished turn."""
        total = self.seconds()
        return Done(
            Answer(
                message=self.turn.message,
                intent=self.routed.intent,
                confidence=self.routed.confidence,
                text=draft.text,
                label=draft.label,
                focus=self.focus,
                citations=citations,
                hits=self.hits,
                evidence=self.evidence,
                claims=tuple(claims),
                grounded=grounded(claims),
                abstained=abstained,
                stopped=self.stop.is_set(),
                model=str(self.engine.describe()),
                notes=tuple(notes),
                choices=tuple(choices),
                table=table,
                parameters=self.parameters,
                variants=tuple(variants),
                constraints=tuple(constraints),
                state=self.state,
                timing=Timing(
                    route=self.route_seconds,
                    retrieve=self.retrieve_seconds,
                    first_token=self.first_token_seconds or total,
                    total=total,
                ),
            )
        )


def cite(used: Sequence[Evidence], hits: Sequence[Hit]) -> tuple[Citation, ...]:
    """Number the records that pieces of evidence come from, each with the fields used."""
    fields: dict[tuple[str, str], list[str]] = {}
    for item in used:
        fields.setdefault((item.kind, item.source_id), []).append(item.field)
    known = {(hit.kind, hit.id): hit for hit in hits}
    return tuple(
        Citation(number, known[key], tuple(dict.fromkeys(names)))
        for number, (key, names) in enumerate(
            ((key, names) for key, names in fields.items() if key in known), start=1
        )
    )
