"""What a chat call brought: the server's JSON body -> the model's text -> an answer or a fault.

Bodies of any shape are read, since servers that call themselves compatible send all sorts. Knows
no server and no cost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from finetune.teachers.base import Job
from finetune.teachers.prompts import Answer, read_answer

BROKEN_BODIES = frozenset({"not JSON", "no choices"})
"""Faults of the server, and not of what the model wrote."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered."""

    text: str
    """The model's text, or the whole body where that cannot be read."""
    usage: Mapping[str, Any] | None = None
    """The server's count of tokens; None where it gave none."""
    fault: str = ""
    """Of `BROKEN_BODIES`, or "no text", "too long", "refused"; "" for a whole answer."""

    def answer(self, job: Job) -> tuple[Answer | None, str]:
        """Return the answer to a job, or None and why there is none."""
        if self.fault not in {"", "too long"}:
            return None, self.fault
        answer = read_answer(self.text, job)
        return answer, "" if answer else self.fault or "no JSON answer"


def read_text(body: str) -> Reply:
    """Read a body as it came."""
    try:
        return read_body(json.loads(body))
    except (ValueError, RecursionError):
        return Reply(body, fault="not JSON")


def read_body(body: object) -> Reply:
    """Read the JSON of a body: an object with `choices`, as the chat completions API has it."""
    whole = body if isinstance(body, Mapping) else {}
    given = whole.get("usage")
    usage = given if isinstance(given, Mapping) else None
    try:
        choice = whole["choices"][0]
        message = choice["message"]
        text, refusal = message.get("content"), message.get("refusal")
        finish = choice.get("finish_reason")
    except (LookupError, TypeError, AttributeError):
        return Reply(json.dumps(body), usage, "no choices")
    written = text if isinstance(text, str) else ""
    if finish == "content_filter" or (refusal and not written):
        return Reply(written, usage, "refused")
    if finish == "length":
        return Reply(written, usage, "too long")
    return Reply(written, usage, "" if written.strip() else "no text")
