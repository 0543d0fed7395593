"""Kills a process at each step, at each call, and at random times of every kind of change.

After each kill the index must open, prove whole, and hold exactly what it held before or after
the change, with every change that was acknowledged; the next change must work, and nothing that
was left by the kill may stay after it.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.durability.history import VERBS, WordsEmbedder, change, disagreement, state
from benchmarks.durability.worker import Order, Outcome, Worker
from catalog_index.commit import STEPS
from catalog_index.errors import CatalogError, IndexNotFoundError
from catalog_index.index import CatalogIndex
from catalog_index.manifest import CURRENT, GENERATIONS, LOCK, MANIFEST, REJECTED
from catalog_index.verify import verify_index

SIGKILL = 9


@dataclass
class Tally:
    """What the kills came to: how many of each sort, and every fault found."""

    kills: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    lost: int = 0
    untyped: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All kills."""
        return self.kills.total()


class Victim:
    """One index directory whose writers are killed, and the state that it is known to be in.

    Args:
        worker: makes the changes.
        directory: where the index and the feeds go.
        tally: what is counted into.
    """

    def __init__(self, worker: Worker, directory: Path, tally: Tally) -> None:
        self._worker = worker
        self._directory = directory
        self.out = directory / "index"
        self.tally = tally
        self.at = 0

    def order(self, **what: object) -> Order:
        """Return an order to make the next change."""
        values = {"out": str(self.out), "work": str(self._directory / "feeds"), "first": self.at}
        return Order(**{**values, **what})  # type: ignore[arg-type]

    def strike(self, label: str, **what: object) -> None:
        """Kill a process in the next change (or changes), check, and make the next change whole."""
        order = self.order(**what)
        outcome = self._worker.run(order)
        if outcome.signal == SIGKILL:
            self.tally.kills[label] += 1
        else:
            self.tally.missed += 1
        self._judge(outcome, label, self.at + order.count)
        self.advance(f"the change after {label}")

    def advance(self, label: str = "a change") -> None:
        """Make the next change without a kill."""
        outcome = self._worker.run(self.order())
        if outcome.done != self.at + 1:
            self._fault(label, f"failed: {outcome}")
        self._judge(outcome, label, self.at + 1)
        if litter := list(leftovers(self.out)):
            self._fault(label, f"left {litter}")

    def _fault(self, label: str, what: str) -> None:
        self.tally.faults.append(f"{label}, {change(self.at).verb} (state {self.at}): {what}")

    def _judge(self, outcome: Outcome, label: str, last: int) -> None:
        """Check the index, and find out in which state it is."""
        if not outcome.is_typed:
            self.tally.untyped += 1
            self._fault(label, f"{outcome.fault}: {outcome.message}")
        least = max(self.at, outcome.done)
        last = min(last, least + 1)
        try:
            wrong = self._wrong(least, last)
        except CatalogError as error:
            wrong = f"it does not open: {error}"
        except Exception as error:
            self.tally.untyped += 1
            wrong = f"untyped: {error!r}"
        if wrong:
            self._fault(label, wrong)
            if outcome.done > self.at:
                self.tally.lost += 1

    def _wrong(self, least: int, last: int) -> str:
        """Say what is wrong with an index that should be in one of these states; "" if nothing."""
        if not (self.out / CURRENT).exists():
            try:
                CatalogIndex(self.out, WordsEmbedder())
            except IndexNotFoundError:
                return "" if least == 0 else "the index is gone"
            return "an index without CURRENT opens"
        if faults := [check.fault for check in verify_index(self.out) if check.fault]:
            return f"verify finds {faults}"
        found = []
        with CatalogIndex(self.out, WordsEmbedder()) as index:
            for number in range(max(1, least), last + 1):
                found.append(disagreement(index, state(number)))
                if not found[-1]:
                    self.at = number
                    return ""
        return f"it is in none of the states {least} to {last}: {found}"


def leftovers(out: Path) -> Iterator[str]:
    """Yield what does not belong in an index directory after a change."""
    for path in out.iterdir():
        if path.name not in (CURRENT, GENERATIONS, LOCK, REJECTED):
            yield path.name
    generations = sorted((out / GENERATIONS).iterdir())
    for path in generations:
        if not (path / MANIFEST).is_file():
            yield f"unfinished {path.name}"
    if len(generations) > 2 or generations[-1].name != (out / CURRENT).read_text():
        yield f"{len(generations)} generations, the last is not current or more than two"


def kill_first_builds(
    worker: Worker, directory: Path, tally: Tally, calls: int, told: Callable[[str], None]
) -> None:
    """Kill first builds: after each step, and at `calls` calls spread over the build."""
    plans: list[dict[str, object]] = [{"step": step} for step in STEPS]
    if calls:
        count = _calls(worker, directory / "counted")
        plans += [{"disk": "kill", "nth": nth} for nth in _spread(count, calls)]
    for number, plan in enumerate(plans):
        victim = Victim(worker, directory / f"first{number}", tally)
        (directory / f"first{number}").mkdir()
        victim.strike(_label(plan), **plan)
        told(f"first build {number + 1} of {len(plans)}")
        shutil.rmtree(directory / f"first{number}")


def _calls(worker: Worker, directory: Path) -> int:
    directory.mkdir()
    order = Order(str(directory / "index"), str(directory / "feeds"), disk="count")
    return worker.run(order).calls


def _spread(count: int, wanted: int) -> list[int]:
    step = max(1.0, count / wanted)
    return sorted({min(count, 1 + int(number * step)) for number in range(min(wanted, count))})


def _label(plan: dict[str, object]) -> str:
    if plan.get("step"):
        return f"after step {plan['step']}"
    return "inside a call" if plan.get("disk") else "at a random time"


def kill_changes(
    victim: Victim, rounds: int, dice: random.Random, told: Callable[[str], None], *, calls: bool
) -> None:
    """Kill every kind of change: per round after one step, inside one call, at a random time.

    Args:
        victim: an index that was built.
        rounds: how many kills of each sort.
        dice: chooses calls and times.
        told: told how far it is.
        calls: whether the disk can end a process.
    """
    for number in range(rounds):
        if change(victim.at).verb == "collect":
            victim.advance()
        victim.strike(f"after step {STEPS[number % len(STEPS)]}", step=STEPS[number % len(STEPS)])
        if calls:
            nth = 1 + dice.randrange(230 if change(victim.at).verb != "collect" else 20)
            victim.strike("inside a call", disk="kill", nth=nth)
        victim.strike("at a random time", count=len(VERBS), after=dice.uniform(0.005, 1.2))
        told(f"round {number + 1} of {rounds}")
