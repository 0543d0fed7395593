"""The values of the stage: a system, what its column shows. They know no model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from assistant.values import Answer, Claim

Grounding = Literal["alone", "unchecked", "checked"]
GROUNDINGS: tuple[Grounding, ...] = get_args(Grounding)
Status = Literal["waiting", "loading", "writing", "done", "stopped", "failed"]
BASE, TUNED = "base", "llama-e"
"""The two models that need no directory: the untuned one, and the one with the loaded adapter."""
_NO_RATE_BELOW = 4


@dataclass(frozen=True, slots=True)
class System:
    """What a column runs. `model` is `BASE`, `TUNED` or an adapter's directory.

    `grounding` "alone" is the model on the prompt, without the catalog; "unchecked" the whole
    assistant without its checks; "checked" the whole assistant.
    """

    model: str
    grounding: Grounding

    @property
    def key(self) -> str:
        """The system's name in files: "llama-e/checked"."""
        return f"{self.model}/{self.grounding}"


@dataclass(slots=True)
class Work:
    """What a column's model did so far; seconds are of its own passes."""

    tokens: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    chose: bool = False
    _is_first: bool = True
    _later_tokens: int = 0
    _later_seconds: float = 0.0

    def begin_text(self) -> None:
        """Note that a text begins: its first pass reads the prompt."""
        self._is_first = True

    def add_pass(self, tokens: int, seconds: float) -> None:
        """Add one forward pass."""
        self.tokens += tokens
        self.seconds += seconds
        if not self._is_first:
            self._later_tokens += tokens
            self._later_seconds += seconds
        self._is_first = False

    @property
    def rate(self) -> float | None:
        """Tokens a second of writing, the reading of prompts left out; None for too few."""
        if self._later_tokens < _NO_RATE_BELOW or not self._later_seconds:
            return None
        return self._later_tokens / self._later_seconds


@dataclass(frozen=True, slots=True)
class Column:
    """What a column shows now.

    `seconds` and `first_token` are of the column's own compute, waiting and the other columns
    left out. `claims` are the assistant's own, or, where `judged_after`, of a check made
    afterwards against the record that another column found.
    """

    system: System
    status: Status = "waiting"
    text: str = ""
    seconds: float = 0.0
    first_token: float | None = None
    tokens: int = 0
    rate: float | None = None
    chose: bool = False
    waited: float = 0.0
    answer: Answer | None = None
    claims: tuple[Claim, ...] = ()
    judged_after: bool = False
    fault: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.status in ("done", "stopped", "failed")

    def to_json(self) -> dict[str, Any]:
        """Return what a vote keeps of the column."""
        return {
            "system": self.system.key,
            "text": self.text,
            "seconds": round(self.seconds, 3),
            "first_token": None if self.first_token is None else round(self.first_token, 3),
            "tokens": self.tokens,
            "abstained": bool(self.answer and self.answer.abstained),
            "claims": [{"text": claim.text, "verdict": claim.verdict} for claim in self.claims],
        }


TIE, BAD = "tie", "bad"
"""Votes that name no system: as good as each other, and none of them good."""
