"""What the kept turns say of the assistant's work: refusals, latency, the router, open questions.

Reads turns and feedback; knows no page, no model and no catalog. Times are seconds.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.store.database import Database

_DAY = 86_400.0
_MOST_OPEN = 2_000
_ALIKE = 0.62
"""Cosine from which on two open questions are about one thing."""
_CODE = re.compile(r"\b(?=\w*\d)[\w-]{3,}\b")


@dataclass(frozen=True, slots=True)
class Overview:
    """The turns of a span of time; times are of whole answers, in seconds.

    `failed` are those that failed or were stopped.
    """

    turns: int
    answered: int
    refused: int
    failed: int
    users: int
    median: float
    p95: float


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """Questions about one thing that the catalog did not answer.

    `asked` counts them, `people` who asked, `example` is the one nearest to all, `types` are the
    types of the products that they were asked of.
    """

    example: str
    asked: int
    people: int
    messages: tuple[str, ...]
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Overruled:
    """How often users put another intent in place of the router's."""

    routed: str
    chosen: str
    count: int


class Quality:
    """Figures over one database's turns.

    Args:
        database: where they are kept.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def overview(self, days: float) -> Overview:
        """Count the turns of the last so many days."""
        rows = self._database.rows(
            "SELECT status, abstained, seconds, user FROM turns WHERE created > ?"
            " AND status != 'running'",
            (time.time() - days * _DAY,),
        )
        taken = sorted(row["seconds"] for row in rows if row["status"] == "done")
        refused = sum(bool(row["abstained"]) for row in rows)
        failed = sum(row["status"] in ("failed", "stopped") for row in rows)
        return Overview(
            turns=len(rows),
            answered=len(rows) - refused - failed,
            refused=refused,
            failed=failed,
            users=len({row["user"] for row in rows}),
            median=statistics.median(taken) if taken else 0.0,
            p95=taken[int(0.95 * (len(taken) - 1))] if taken else 0.0,
        )

    def per_day(self, days: int) -> list[tuple[str, int, int]]:
        """Return (day, turns, refused) of each of the last so many days, the oldest first."""
        rows = self._database.rows(
            "SELECT date(created, 'unixepoch') AS day, count(*) AS turns, sum(abstained) AS refused"
            " FROM turns WHERE created > ? AND status != 'running' GROUP BY day",
            (time.time() - days * _DAY,),
        )
        held = {row["day"]: (row["turns"], row["refused"]) for row in rows}
        names = [
            time.strftime("%Y-%m-%d", time.gmtime(time.time() - back * _DAY))
            for back in range(days - 1, -1, -1)
        ]
        return [(name, *held.get(name, (0, 0))) for name in names]

    def overruled(self) -> list[Overruled]:
        """Return the intents that users put in place of the router's, the most frequent first."""
        rows = self._database.rows(
            "SELECT routed, intent, count(*) AS number FROM turns"
            " WHERE routed != '' AND routed != intent GROUP BY routed, intent"
            " ORDER BY number DESC, routed, intent"
        )
        return [Overruled(row["routed"], row["intent"], row["number"]) for row in rows]

    def intents(self) -> list[tuple[str, int, int]]:
        """Return (intent, turns, refused) of all turns."""
        rows = self._database.rows(
            "SELECT intent, count(*) AS turns, sum(abstained) AS refused FROM turns"
            " WHERE intent != '' GROUP BY intent ORDER BY turns DESC"
        )
        return [(row["intent"], row["turns"], row["refused"]) for row in rows]

    def open_questions(
        self, embed: Callable[[Sequence[str]], NDArray[np.float32]], most: int = 12
    ) -> list[OpenQuestions]:
        """Group the questions that the catalog did not answer by what they are about.

        Args:
            embed: texts -> unit vectors, (n, dimension).
            most: how many groups, the largest first.
        """
        rows = self._database.rows(
            "SELECT message, user, json_extract(answer, '$.focused.record.product_type') AS type"
            " FROM turns WHERE abstained AND intent = 'answer'"
            " AND coalesce(json_array_length(answer, '$.offered'), 0) = 0"
            " ORDER BY created DESC LIMIT ?",
            (_MOST_OPEN,),
        )
        if not rows:
            return []
        # Of one thing, whichever product: its code says nothing of what is asked.
        asked = [_CODE.sub("it", row["message"]) for row in rows]
        vectors = embed(asked)
        groups = [
            OpenQuestions(
                example=rows[places[_middle(vectors[places])]]["message"],
                asked=len(places),
                people=len({rows[place]["user"] for place in places}),
                messages=tuple(dict.fromkeys(rows[place]["message"] for place in places)),
                types=tuple(dict.fromkeys(rows[at]["type"] for at in places if rows[at]["type"])),
            )
            for places in _groups(vectors)
        ]
        return sorted(groups, key=lambda group: -group.asked)[:most]


def _groups(vectors: NDArray[np.float32]) -> list[list[int]]:
    """Put each vector to the first group whose mean is near enough, else into one of its own."""
    groups: list[list[int]] = []
    sums, means = np.zeros_like(vectors), np.zeros_like(vectors)
    for place, vector in enumerate(vectors):
        near = means[: len(groups)] @ vector
        best = int(near.argmax()) if groups else 0
        if not groups or near[best] < _ALIKE:
            best = len(groups)
            groups.append([])
        groups[best].append(place)
        sums[best] += vector
        means[best] = sums[best] / np.linalg.norm(sums[best])
    return groups


def _middle(vectors: NDArray[np.float32]) -> int:
    return int((vectors @ vectors.mean(axis=0)).argmax())
