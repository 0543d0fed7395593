"""A conversation as a file: an export for the archive, and a package for the colleague who goes on.

Knows stored turns only.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence

from assistant.store.conversations import Conversation, StoredTurn

_NOT_HERE = ("out_of_scope",)


def to_json(conversation: Conversation, turns: Sequence[StoredTurn]) -> str:
    """Return the whole conversation as a JSON document, with evidence and verdicts."""
    return json.dumps(
        {
            "id": conversation.id,
            "title": conversation.title,
            "product_id": conversation.product_id,
            "created": _when(conversation.created),
            "turns": [
                {
                    "number": turn.number,
                    "asked": _when(turn.created),
                    "message": turn.message,
                    "status": turn.status,
                    "text": turn.text,
                    "liked": turn.liked,
                    "correction": turn.correction,
                    "answer": turn.answer or None,
                }
                for turn in turns
            ],
        },
        ensure_ascii=False,
        indent=2,
    )


def to_markdown(conversation: Conversation, turns: Sequence[StoredTurn]) -> str:
    """Return the conversation as Markdown: who said what, and what it stands on."""
    head = f"# {conversation.title}\n\n{_when(conversation.created)}, {_counted(len(turns))}\n"
    return head + "".join(f"\n{part}\n" for part in _spoken(turns))


def handover(conversation: Conversation, turns: Sequence[StoredTurn], agent: str) -> str:
    """Pack a conversation for a colleague: what is still open first, then what was said.

    Args:
        conversation: its head.
        turns: all of it.
        agent: who hands it over.
    """
    open_turns = [turn for turn in turns if _is_open(turn)]
    doubtful = [
        (turn, claim)
        for turn in turns
        for claim in turn.answer.get("claims", ())
        if claim["verdict"] != "supported"
    ]
    parts = [
        f"# Handed over: {conversation.title}",
        f"By {agent}, {_when(time.time())}.",
        "## Still open\n\n"
        + ("\n".join(f"- {turn.message}" for turn in open_turns) or "Nothing was left unanswered."),
        "## Products\n\n"
        + ("\n".join(_products(conversation, turns)) or "No product was looked at."),
    ]
    if doubtful:
        lines = (f"- “{claim['text']}” (turn {turn.number})" for turn, claim in doubtful)
        parts.append("## To be checked\n\n" + "\n".join(lines))
    parts.append("## What was said")
    return "\n\n".join([*parts, *_spoken(turns)]) + "\n"


def _is_open(turn: StoredTurn) -> bool:
    kept = turn.answer
    return not kept or bool(kept.get("abstained")) or kept.get("intent") in _NOT_HERE


def _products(conversation: Conversation, turns: Sequence[StoredTurn]) -> Iterator[str]:
    named: dict[str, str] = {}
    for turn in turns:
        held = [turn.answer.get("focused"), *turn.answer.get("sources", ())]
        for one in held:
            if one and one["kind"] == "product":
                named[one["record"]["id"]] = one["record"]["title"]
    if conversation.product_id:
        named.setdefault(conversation.product_id, "pinned")
    yield from (f"- {title} [{code}]" for code, title in named.items())


def _spoken(turns: Sequence[StoredTurn]) -> Iterator[str]:
    for turn in turns:
        yield f"**Asked:** {_quoted(turn.message)}"
        yield f"**Answered:** {_quoted(turn.text or '(not answered)')}"
        sources = [_source(one) for one in turn.answer.get("sources", ())]
        if sources:
            yield "Sources: " + "; ".join(sources)
        if turn.correction:
            yield f"**Corrected:** {_quoted(turn.correction)}"


def _source(source: dict[str, object]) -> str:
    record = source["record"]
    assert isinstance(record, dict)
    title = record.get("title") or f"{record.get('document')}: {record.get('heading')}"
    fields = source["fields"]
    assert isinstance(fields, list)
    used = f" ({', '.join(fields)})" if fields else ""
    return f"[{source['number']}] {title} [{record['id']}]{used}"


def _quoted(text: str) -> str:
    return text.replace("\n", "\n> ")


def _counted(turns: int) -> str:
    return "1 turn" if turns == 1 else f"{turns} turns"


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))
