"""How a teacher server is asked: where it is, how fast, how often, for how much.

Knows no server; the settings are checked when they are made, every fault of them at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from finetune.errors import TeacherError

URL = "LLAMA_E_TEACHER_URL"
MODEL = "LLAMA_E_TEACHER_MODEL"
KEY = "LLAMA_E_TEACHER_KEY"

_LIMITS = (
    "requests_per_minute",
    "tokens_per_minute",
    "timeout_s",
    "longest_wait_s",
    "spend_ceiling",
    "token_ceiling",
    "poll_s",
)
_RANGES: tuple[tuple[str, Callable[[float], bool], tuple[str, ...]], ...] = (
    (
        "at least 1",
        lambda value: value >= 1,
        ("concurrency", "max_attempts", "max_tokens", "batch_size"),
    ),
    ("above 0", lambda value: value > 0, _LIMITS),
    ("0 or more", lambda value: value >= 0, ("temperature", "price_prompt", "price_completion")),
)


@dataclass(frozen=True, slots=True)
class TeacherSettings:
    """Where and how to ask.

    Raises:
        TeacherError: a setting is missing or out of its range; the message names every one.
    """

    url: str
    """Base URL of an OpenAI-compatible server: "https://api.openai.com/v1"."""
    model: str
    """The model's name at that server."""
    journal: Path
    """JSONL file that keeps every answered call; a run that finds one goes on from it."""
    key: str = field(default="", repr=False)
    """The server's key; "" for a local server that wants none."""
    concurrency: int = 8
    """Calls in flight at once."""
    requests_per_minute: float | None = None
    """Most calls a minute; None sets no limit."""
    tokens_per_minute: float | None = None
    """Most tokens a minute, prompt and `max_tokens` together; None sets no limit."""
    timeout_s: float = 120.0
    """Longest silence of the server, and longest streamed answer, in seconds."""
    max_attempts: int = 5
    """Calls for one job before it is given up."""
    longest_wait_s: float = 300.0
    """A server that asks for a longer wait (Retry-After) ends the run instead, in seconds."""
    temperature: float | None = 0.7
    """Of the teacher's sampling; None leaves it to the server, as reasoning models want it."""
    max_tokens: int = 600
    """Longest answer, in tokens."""
    new_max_tokens: bool = False
    """Send the limit as `max_completion_tokens`; OpenAI's newer models refuse `max_tokens`."""
    json_mode: bool = False
    """Send `response_format`; not every local server takes it."""
    stream: bool = False
    """Have answers streamed, for servers or proxies that cut long silences."""
    price_prompt: float = 0.0
    """Price of a million prompt tokens, in any currency."""
    price_completion: float = 0.0
    """Price of a million completion tokens, in the same currency."""
    spend_ceiling: float | None = None
    """Most that the journal's calls may cost together, in the same currency."""
    token_ceiling: int | None = None
    """Most tokens of the journal's calls together, for a server that costs nothing."""
    poll_s: float = 30.0
    """Seconds between two looks at a batch (Batch API)."""
    batch_size: int = 10_000
    """Most jobs of one batch; OpenAI takes 50,000 and 200 MB."""

    def __post_init__(self) -> None:
        faults = [*self._missing(), *self._out_of_range()]
        if faults:
            raise TeacherError(f"The teacher cannot be asked: {'; '.join(faults)}.")

    @classmethod
    def from_environment(cls, journal: Path, **others: Any) -> TeacherSettings:
        """Take server, model and key from the environment, the rest from the arguments.

        Raises:
            TeacherError: a variable is missing or a setting is at fault; names every one.
        """
        where = {name: os.environ.get(name, "").strip() for name in (URL, MODEL, KEY)}
        return cls(where[URL], where[MODEL], journal, where[KEY], **others)

    def price(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return what a call costs."""
        cost = prompt_tokens * self.price_prompt + completion_tokens * self.price_completion
        return cost / 1_000_000

    def _missing(self) -> list[str]:
        faults = []
        if not self.url:
            faults.append(
                f"no server is given; set {URL} to its base address, as "
                "https://api.openai.com/v1 or http://localhost:8000/v1"
            )
        elif not self.url.startswith(("http://", "https://")):
            faults.append(f"{URL} is {self.url!r}, and must start with http:// or https://")
        if not self.model:
            faults.append(f"no model is given; set {MODEL} to its name at the server")
        return faults

    def _out_of_range(self) -> list[str]:
        faults = [
            f"{name} is {value}, and must be {rule}"
            for rule, holds, names in _RANGES
            for name in names
            if (value := getattr(self, name)) is not None and not holds(value)
        ]
        if self.spend_ceiling is not None and not (self.price_prompt or self.price_completion):
            faults.append("spend_ceiling needs price_prompt and price_completion to count with")
        return faults
