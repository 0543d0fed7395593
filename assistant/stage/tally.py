"""Votes counted: for each pair of systems, how often one was preferred, and how sure that is."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations

from assistant.stage.values import BAD, TIE
from assistant.store.votes import Vote
from catalog_index.spreadsheet import table_text

_Z = 1.959964
"""Of a 95% interval."""


@dataclass(frozen=True, slots=True)
class Duel:
    """Two systems that were shown together; `first` is the one with more wins."""

    first: str
    second: str
    wins: int = 0
    losses: int = 0
    ties: int = 0
    bad: int = 0

    @property
    def decided(self) -> int:
        """How many votes named one of the two."""
        return self.wins + self.losses

    @property
    def votes(self) -> int:
        """All votes, ties and both-bad ones too."""
        return self.decided + self.ties + self.bad

    @property
    def rate(self) -> float | None:
        """The share of the decided votes that `first` won; None where none was decided."""
        return self.wins / self.decided if self.decided else None


def wilson(wins: int, votes: int) -> tuple[float, float]:
    """Return the ends of a share's 95% interval (Wilson, JASA 22, 1927); all of [0, 1] for none."""
    if not votes:
        return 0.0, 1.0
    share, square = wins / votes, _Z * _Z
    middle = (share + square / (2 * votes)) / (1 + square / votes)
    half = _Z * math.sqrt(share * (1 - share) / votes + square / (4 * votes * votes))
    half /= 1 + square / votes
    return max(0.0, middle - half), min(1.0, middle + half)


def duels(votes: Sequence[Vote]) -> list[Duel]:
    """Count each pair of systems; the pair with most votes comes first.

    A vote for one of three says nothing of the other two.
    """
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for vote in votes:
        for one, two in combinations(sorted(set(vote.systems)), 2):
            count = counts.setdefault((one, two), {})
            if vote.choice in (one, two, TIE, BAD):
                count[vote.choice] = count.get(vote.choice, 0) + 1
    found = []
    for (one, two), count in counts.items():
        first, second = (one, two) if count.get(one, 0) >= count.get(two, 0) else (two, one)
        duel = Duel(
            first,
            second,
            count.get(first, 0),
            count.get(second, 0),
            count.get(TIE, 0),
            count.get(BAD, 0),
        )
        if duel.votes:
            found.append(duel)
    return sorted(found, key=lambda duel: (-duel.votes, duel.first, duel.second))


def to_json(votes: Sequence[Vote]) -> str:
    """Return the votes and their count as JSON text."""
    told = {
        "votes": [
            {
                "time": _time(vote),
                "user": vote.user,
                "prompt": vote.prompt,
                "choice": vote.choice,
                "columns": [dict(column) for column in vote.columns],
            }
            for vote in votes
        ],
        "pairs": [
            {
                "first": duel.first,
                "second": duel.second,
                "wins": duel.wins,
                "losses": duel.losses,
                "ties": duel.ties,
                "both_bad": duel.bad,
                "win_rate": duel.rate,
                "interval_95": wilson(duel.wins, duel.decided),
            }
            for duel in duels(votes)
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def to_csv(votes: Sequence[Vote]) -> str:
    """Return the votes as CSV text, a row a vote; no cell is taken for a formula."""
    most = max((len(vote.columns) for vote in votes), default=2)
    shown = [f"{part}_{n}" for n in range(1, most + 1) for part in ("system", "text", "seconds")]
    return table_text(["time", "user", "prompt", "choice", *shown], map(_row, votes))


def _row(vote: Vote) -> list[str]:
    row = [_time(vote), vote.user, vote.prompt, vote.choice]
    for column in vote.columns:
        row += [str(column["system"]), str(column["text"]), str(column["seconds"])]
    return row


def _time(vote: Vote) -> str:
    return datetime.fromtimestamp(vote.created, UTC).isoformat(timespec="seconds")
