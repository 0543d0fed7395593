"""A conversation as the page shows it: messages for the chat, records beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

from assistant.store.answers import from_stored, routed_of
from assistant.store.conversations import StoredTurn
from assistant.ui.cards import (
    EMPTY_PANEL,
    answer_markdown,
    cited_cards,
    earlier_panels,
    literal,
    panel,
)
from assistant.values import Answer, Routed

Message = dict[str, Any]
INTERRUPTED = "⚠️ This answer was interrupted before its end. Ask again with the arrow below."
_ESCAPED = re.compile(r"\\([\\`\[\]*_~$#|/.@])")


@dataclass(frozen=True, slots=True)
class Past:
    """A turn as it was: `text` is what is shown where there is no answer."""

    message: str
    answer: Answer | None = None
    text: str = ""
    routed: Routed | None = None


def past_of(turns: Sequence[StoredTurn]) -> tuple[Past, ...]:
    """Return stored turns as the page goes on from them."""
    return tuple(_past(turn) for turn in turns)


def messages_of(past: Sequence[Past]) -> list[Message]:
    """Return the chat's messages; nobody's text is obeyed as markup."""
    messages: list[Message] = []
    for number, turn in enumerate(past, start=1):
        messages.append({"role": "user", "content": literal(turn.message)})
        if turn.answer is not None:
            messages.append({"role": "assistant", "content": answer_markdown(turn.answer, number)})
        elif turn.text:
            messages.append({"role": "assistant", "content": literal(turn.text)})
    return messages


def records_of(past: Sequence[Past], media_root: Path | None) -> str:
    """Return the records of the last turn, then, folded, those of the earlier ones."""
    last = past[-1].answer if past else None
    shown = panel(last, len(past), media_root) if last and last.hits else EMPTY_PANEL
    earlier = [
        (turn.message, cited_cards(turn.answer, number, media_root))
        for number, turn in enumerate(past[:-1], start=1)
        if turn.answer is not None
    ]
    return shown + earlier_panels(earlier)


def as_typed(shown: str) -> str:
    """Return what the user typed of a message that the chat shows; undoes `literal`."""
    return _ESCAPED.sub(r"\1", unescape(shown))


def turn_of(index: int | tuple[int, int], messages: Sequence[Message]) -> int:
    """Return the number, from 1, of the turn that a message of the chat belongs to."""
    message_index = index if isinstance(index, int) else index[0]
    asked = [one for one in messages[: message_index + 1] if one.get("role") == "user"]
    return max(1, len(asked))


def _past(turn: StoredTurn) -> Past:
    if turn.answer:
        return Past(turn.message, from_stored(turn.answer), routed=routed_of(turn.answer))
    return Past(turn.message, text=turn.text or INTERRUPTED)
