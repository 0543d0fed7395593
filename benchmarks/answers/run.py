"""Runs question sets through systems and gathers the figures."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from benchmarks.answers.items import FOLLOW_UP, KINDS, REFUSABLE, Item, Reply
from benchmarks.answers.judging import Verdict, judge
from benchmarks.answers.systems import Answers
from benchmarks.ranking import percentile

_BEAT = 30.0
"""Seconds between two lines of progress."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One item answered and judged. `seconds` is the turn's wall clock."""

    item: Item
    reply: Reply
    verdict: Verdict
    seconds: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of one group of items; times in seconds."""

    count: int
    right: float
    declined: float
    contradicting: float
    asked_back: float
    found: float
    first_p50: float
    total_p50: float
    total_p95: float


def answer_all(answers: Answers, items: Sequence[Item], say: TextIO = sys.stderr) -> list[Judged]:
    """Answer and judge every item; a failure of the system is an empty answer."""
    judged: list[Judged] = []
    answers(items[0].line())
    beat = started = time.monotonic()
    for item in items:
        begun = time.monotonic()
        try:
            reply = answers(item.line())
        except Exception as error:
            reply = Reply(f"({type(error).__name__}: {error})")
        judged.append(Judged(item, reply, judge(item, reply), time.monotonic() - begun))
        if time.monotonic() - beat > _BEAT:
            beat = time.monotonic()
            right = sum(one.verdict.right for one in judged)
            print(
                f"{len(judged)}/{len(items)} answered, {right} right, {beat - started:.0f} s",
                file=say,
                flush=True,
            )
    return judged


def figures(judged: Sequence[Judged]) -> Figures:
    """Return the shares of a group; it has one item at least."""
    verdicts = [one.verdict for one in judged]
    totals = [one.reply.timing.get("total", one.seconds) for one in judged]
    firsts = [
        one.reply.timing.get("first_token", total)
        for one, total in zip(judged, totals, strict=True)
    ]
    return Figures(
        len(judged),
        _share([one.right for one in verdicts]),
        _share([one.declined for one in verdicts]),
        _share([bool(one.contradicts) for one in verdicts]),
        _share([one.asked_back for one in verdicts]),
        _share([one.found for one in verdicts]),
        statistics.median(firsts),
        statistics.median(totals),
        percentile(totals, 95),
    )


def groups(judged: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """Yield (name, items) by kind, then answerable, refusable, follow-ups and all."""
    for kind in KINDS:
        if one := [entry for entry in judged if entry.item.kind == kind]:
            yield kind, one
    answerable = [entry for entry in judged if entry.item.kind not in (*REFUSABLE, FOLLOW_UP)]
    refusable = [entry for entry in judged if entry.item.kind in REFUSABLE]
    for name, part in (
        ("**answerable**", answerable),
        ("**to refuse or correct**", refusable),
        ("**all**", list(judged)),
    ):
        if part:
            yield name, part


def write_failures(path: Path, system: str, judged: Sequence[Judged]) -> None:
    """Append what was not right, or contradicts, as JSON lines: item, answer, reason."""
    with path.open("a", encoding="utf-8") as file:
        for one in judged:
            if one.verdict.right and not one.verdict.contradicts:
                continue
            row = {
                "system": system,
                **one.item.to_json(),
                "answer": one.reply.answer,
                "citations": list(one.reply.citations),
                "abstained": one.reply.abstained,
                "intent": one.reply.intent,
                "why": one.verdict.why,
                "contradicts": one.verdict.contradicts,
                "found": one.verdict.found,
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags)
