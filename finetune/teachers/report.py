"""What a run of a teacher came to, as numbers: calls, answers, failures by reason, cost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from finetune.teachers.spending import Spent


@dataclass(frozen=True, slots=True)
class TeacherReport:
    """The counts of one teacher; during a run, those so far."""

    asked: int = 0
    """Calls made."""
    answered: int = 0
    """Jobs that they answered."""
    resumed: int = 0
    """Jobs whose answer the journal held already."""
    retried: Mapping[str, int] = field(default_factory=dict)
    """Calls made again, by what had happened to the one before."""
    given_up: Mapping[str, int] = field(default_factory=dict)
    """Jobs without an answer, by what happened to their last call; a later run asks them again."""
    spent: Spent = field(default_factory=Spent)
    """Of all calls in the journal, those of earlier runs too."""
    spent_before: Spent = field(default_factory=Spent)
    """Of earlier runs alone."""


class Tally:
    """Counts up to a report; safe for threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._retried: Counter[str] = Counter()
        self._given_up: Counter[str] = Counter()

    def count(self, name: str, by: int = 1) -> None:
        """Count "asked", "answered" or "resumed"."""
        with self._guard:
            self._counts[name] += by

    def retry(self, reason: str) -> None:
        """Count a call that is made again."""
        with self._guard:
            self._retried[reason] += 1

    def give_up(self, reason: str) -> None:
        """Count a job that stays without an answer."""
        with self._guard:
            self._given_up[reason] += 1

    def report(self, spent: Spent, before: Spent) -> TeacherReport:
        """Return the counts as they are now."""
        with self._guard:
            return TeacherReport(
                asked=self._counts["asked"],
                answered=self._counts["answered"],
                resumed=self._counts["resumed"],
                retried=dict(self._retried),
                given_up=dict(self._given_up),
                spent=spent,
                spent_before=before,
            )
