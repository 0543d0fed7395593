"""Statistics of people's verdicts: win rates, intervals, the sign test, and how far judges agree.

Knows names of verdicts and nothing of what was judged.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

_Z = 1.959964


@dataclass(frozen=True, slots=True)
class Votes:
    """Rows by their verdict."""

    left: int
    right: int
    ties: int

    @property
    def rows(self) -> int:
        """All of them."""
        return self.left + self.right + self.ties

    @property
    def win_rate(self) -> float:
        """Share that left wins, a tie counting half; NaN without rows."""
        return (self.left + self.ties / 2) / self.rows if self.rows else math.nan

    def interval(self) -> tuple[float, float]:
        """Return the 95% interval of the win rate (Wilson 1927, a tie half a success)."""
        return wilson(self.left + self.ties / 2, self.rows)

    def p(self) -> float:
        """Return the two-sided p of the sign test; ties say nothing."""
        return sign_test(self.left, self.right)

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as plain JSON values."""
        low, high = self.interval()
        return {
            "left": self.left,
            "right": self.right,
            "ties": self.ties,
            "win_rate": json_number(self.win_rate),
            "interval": [round(low, 4), round(high, 4)],
            "p": round(self.p(), 5),
        }


def wilson(successes: float, count: int) -> tuple[float, float]:
    """Return the ends of the 95% interval of a share (Wilson 1927); (0, 1) for no trials."""
    if not count:
        return 0.0, 1.0
    share, square = successes / count, _Z * _Z / count
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * math.sqrt(share * (1 - share) / count + square / (4 * count))
    return max(0.0, middle - half), min(1.0, middle + half)


def sign_test(wins: int, losses: int) -> float:
    """Return the exact two-sided p of wins and losses being as likely; 1 where there are none."""
    count = wins + losses
    tail = sum(math.comb(count, number) for number in range(min(wins, losses) + 1))
    return min(1.0, float(2 * tail / 2**count))


def cohen_kappa(one: Sequence[str], other: Sequence[str]) -> float:
    """Return Cohen's kappa (1960) of two judges' verdicts on the same rows; NaN: undefined."""
    count = len(one)
    if not count:
        return math.nan
    agreed = sum(ours == theirs for ours, theirs in zip(one, other, strict=True)) / count
    ours, theirs = Counter(one), Counter(other)
    expected = sum(ours[name] * theirs[name] for name in ours) / count**2
    return (agreed - expected) / (1 - expected) if expected < 1 else math.nan


def fleiss_kappa(rows: Sequence[Sequence[str]]) -> float:
    """Return Fleiss' kappa (1971); every row holds one verdict of each judge; NaN: undefined."""
    if not rows:
        return math.nan
    judges = len(rows[0])
    total = Counter(verdict for row in rows for verdict in row)
    agreed = sum(agreeing(row) for row in rows) / len(rows)
    expected = sum((number / (len(rows) * judges)) ** 2 for number in total.values())
    return (agreed - expected) / (1 - expected) if expected < 1 else math.nan


def agreeing(row: Sequence[str]) -> float:
    """Return the share of pairs of a row's verdicts that agree; at least two verdicts."""
    pairs = list(combinations(row, 2))
    return sum(one == other for one, other in pairs) / len(pairs)


def json_number(value: float) -> float | None:
    """Return a number for JSON, which has no NaN."""
    return None if math.isnan(value) else round(value, 4)
