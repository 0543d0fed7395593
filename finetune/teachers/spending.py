"""What calls cost, and the ceiling that they may not pass.

A call reserves the most that it could cost before it is made and gives back what it did not use,
so that calls in flight cannot pass the ceiling together. Knows no server.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from finetune.errors import TeacherError
from finetune.teachers.prompts import Messages
from finetune.teachers.settings import TeacherSettings

_FRAME = 16
"""Tokens that a chat template may add to one message."""
_BYTES_PER_TOKEN = 3
"""Fewer than most tokenizers need for text and JSON, so that an estimate is rather too high."""


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens and their price; of one call or of many."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    price: float = 0.0
    """In the settings' currency."""
    estimated: int = 0
    """Calls whose tokens are estimated, since the server did not count them."""

    @property
    def tokens(self) -> int:
        """Prompt and completion together."""
        return self.prompt_tokens + self.completion_tokens

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.price + other.price,
            self.estimated + other.estimated,
        )

    def __sub__(self, other: Spent) -> Spent:
        return Spent(
            self.prompt_tokens - other.prompt_tokens,
            self.completion_tokens - other.completion_tokens,
            self.price - other.price,
            self.estimated - other.estimated,
        )

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object; see `from_json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Spent:
        """Read it out of a journal's record."""
        return cls(**{name: record[name] for name in cls.__dataclass_fields__})


class Budget:
    """Counts what is spent and reserved; safe for threads."""

    def __init__(self, settings: TeacherSettings, spent: Spent) -> None:
        self._settings = settings
        self._spent = spent
        self._reserved = Spent()
        self._in_flight = 0
        self._changed = threading.Condition()

    @property
    def spent(self) -> Spent:
        """What was spent, calls of earlier runs in it."""
        with self._changed:
            return self._spent

    def most(self, messages: Messages) -> Spent:
        """Return the most that a call can cost: a tokenizer makes no more tokens than bytes."""
        prompt = sum(len(message["content"].encode()) + _FRAME for message in messages)
        return self._priced(prompt, self._settings.max_tokens)

    def cost(self, usage: Mapping[str, Any] | None, messages: Messages, text: str) -> Spent:
        """Return what a finished call cost: as the server counted, or else by its text."""
        counted = [(usage or {}).get(name) for name in ("prompt_tokens", "completion_tokens")]
        if all(isinstance(count, int) and count >= 0 for count in counted):
            return self._priced(int(counted[0] or 0), int(counted[1] or 0))
        return self._estimate(messages, len(text.encode(errors="replace")) // _BYTES_PER_TOKEN)

    def lost(self, messages: Messages) -> Spent:
        """Return what a call may have cost whose answer was lost on the way."""
        return self._estimate(messages, self._settings.max_tokens)

    def fits(self, most: Spent) -> bool:
        """Whether a call of this cost passes no ceiling, whatever is in flight."""
        with self._changed:
            return self._fits(most)

    def reserve(self, most: Spent) -> None:
        """Set aside what a call can cost; waits for calls in flight where they may leave room.

        Raises:
            TeacherError: the call could pass the ceiling.
        """
        with self._changed:
            while not self._fits(most):
                if not self._in_flight:
                    raise self.exhausted(most)
                self._changed.wait()
            self._reserved += most
            self._in_flight += 1

    def settle(self, most: Spent, cost: Spent) -> None:
        """Give back what was set aside and count what the call did cost."""
        with self._changed:
            self._reserved -= most
            self._in_flight -= 1
            self._spent += cost
            self._changed.notify_all()

    def count(self, cost: Spent) -> None:
        """Count what a call did cost for which nothing was set aside."""
        with self._changed:
            self._spent += cost

    def exhausted(self, most: Spent) -> TeacherError:
        """Return the error that says how much was spent and how to go on."""
        settings, spent = self._settings, self._spent
        if settings.spend_ceiling is not None and not self._within_price(most):
            what = f"{spent.price:.4f} of the {settings.spend_ceiling:g} of spend_ceiling is spent"
            need, name = f"{most.price:.4f}", "spend_ceiling"
        else:
            what = f"{spent.tokens} of {settings.token_ceiling} tokens (token_ceiling) are spent"
            need, name = f"{most.tokens} tokens", "token_ceiling"
        return TeacherError(
            f"The teacher may not be asked any more: {what}, and the next call could take {need}. "
            f"Raise {name} and run again; answers in {settings.journal} are not paid for twice."
        )

    def _fits(self, most: Spent) -> bool:
        ceiling = self._settings.token_ceiling
        taken = self._spent.tokens + self._reserved.tokens + most.tokens
        return self._within_price(most) and (ceiling is None or taken <= ceiling)

    def _within_price(self, most: Spent) -> bool:
        ceiling = self._settings.spend_ceiling
        return ceiling is None or (
            self._spent.price + self._reserved.price + most.price <= ceiling + 1e-12
        )

    def _estimate(self, messages: Messages, completion_tokens: int) -> Spent:
        told = sum(len(message["content"].encode()) for message in messages)
        known = self._priced(told // _BYTES_PER_TOKEN, completion_tokens)
        return known + Spent(estimated=1)

    def _priced(self, prompt_tokens: int, completion_tokens: int) -> Spent:
        price = self._settings.price(prompt_tokens, completion_tokens)
        return Spent(prompt_tokens, completion_tokens, price)
