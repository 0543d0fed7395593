"""The values of a turn, from the message to the checked answer. Frozen; they know no storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

from assistant.dialogue.state import DialogueState
from retrieval.values import Evidence, Hit

Role = Literal["user", "assistant"]
Verdict = Literal["supported", "contradicted", "not_in_record"]
ClaimKind = Literal[
    "number", "price", "date", "boolean", "value", "name", "comparison", "superlative", "promise",
    "words",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Utterance:
    """One earlier message of the conversation."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What the user asks now, and what it may lean on.

    `product_id` pins the product that the turn is about; `state` is what the turn before left,
    made again from `history` where it is not given; `intent` overrules the router; `parameters`
    overrule what an authoring turn's words say of its task ("tone", "max_words").
    """

    message: str
    history: tuple[Utterance, ...] = ()
    product_id: str | None = None
    state: DialogueState | None = None
    intent: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable statement of a draft and what the evidence says of it.

    `text` is the words as they stand in the draft, `source_id` and `field` name the evidence that
    decided, where there is one; `kind` is what sort of statement it is.
    """

    text: str
    verdict: Verdict
    source_id: str = ""
    field: str = ""
    kind: ClaimKind = "words"


@dataclass(frozen=True, slots=True)
class Constraint:
    """Something asked of a text, and whether the text does it.

    `name` is the parameter that asks ("max_words"), `asked` says it in words, `detail` what was
    found ("38 words"). `met` is None where nothing can check it, such as a tone.
    """

    name: str
    asked: str
    met: bool | None
    detail: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the constraint as plain JSON values."""
        return {"name": self.name, "asked": self.asked, "met": self.met, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Draft:
    """What a task made of the model's output: the text to show and its label if it has one."""

    text: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A source as the answer numbers it, from 1."""

    number: int
    hit: Hit
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Products side by side: a column each, a row (field, text of each) a field."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]

    def lines(self) -> list[str]:
        """Write the table as text, a line a field."""
        return [f"{name}: {' | '.join(values)}" for name, values in self.rows]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the start of the turn."""

    route: float
    retrieve: float
    first_token: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """A finished turn.

    `grounded` says that no claim failed the check; `abstained` that the catalog does not hold the
    answer and the text says so; `stopped` that the user cut it short. `hits` is everything that
    was found, `citations` what the answer stands on. `choices` are products of which the user is
    asked to name one, `table` compares products, `parameters` are what an authoring turn was read
    to ask for, `variants` all its texts where several were wanted, `constraints` what was asked of
    the text, and `state` is what the next turn may lean on.
    """

    message: str
    intent: str
    confidence: float
    text: str
    label: str | None = None
    focus: Hit | None = None
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    claims: tuple[Claim, ...] = ()
    grounded: bool = True
    abstained: bool = False
    stopped: bool = False
    model: str = ""
    notes: tuple[str, ...] = ()
    choices: tuple[Hit, ...] = ()
    table: Table | None = None
    parameters: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    variants: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    state: DialogueState = field(default_factory=DialogueState)
    timing: Timing = Timing(0.0, 0.0, 0.0, 0.0)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as `llama-e ask --json` prints it."""
        return {
            "message": self.message,
            "intent": self.intent,
            "confidence": round(self.confidence, 4),
            "answer": self.text,
            "label": self.label,
            "citations": [citation.hit.id for citation in self.citations],
            "grounded": self.grounded,
            "abstained": self.abstained,
            "stopped": self.stopped,
            "claims": [
                {
                    "text": claim.text,
                    "verdict": claim.verdict,
                    "source": claim.source_id,
                    "field": claim.field,
                    "kind": claim.kind,
                }
                for claim in self.claims
            ],
            "notes": list(self.notes),
            "focus": self.focus.id if self.focus else None,
            "choices": [hit.id for hit in self.choices],
            **self._extras(),
            "state": self.state.to_json(),
            "model": self.model,
            "timing": {name: round(getattr(self.timing, name), 3) for name in Timing.__slots__},
        }

    def _extras(self) -> dict[str, Any]:
        """Return the parts that only some turns have."""
        extras: dict[str, Any] = {}
        if self.table:
            rows = {name: list(values) for name, values in self.table.rows}
            extras["table"] = {"columns": list(self.table.columns), "rows": rows}
        if self.parameters:
            extras["parameters"] = dict(self.parameters)
        if self.variants:
            extras["variants"] = list(self.variants)
        if self.constraints:
            extras["constraints"] = [constraint.to_json() for constraint in self.constraints]
        return extras


@dataclass(frozen=True, slots=True)
class Routed:
    """Event: the turn's intent is known. `unsure` asks the user to choose one of `choices`."""

    intent: str
    confidence: float
    unsure: bool
    choices: tuple[tuple[str, float], ...]
    overruled: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Event: the search is done; `focus` is the product that the turn is about, if one."""

    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    focus: Hit | None


@dataclass(frozen=True, slots=True)
class Delta:
    """Event: more text of the draft, to be appended."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """Event: the checked answer. Its text replaces the deltas."""

    answer: Answer


Event = Routed | Found | Delta | Done
