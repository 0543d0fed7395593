"""Lets the disk fill up or fail at every call of a build, an update, a deletion.

The calls fail below Python, in the C library, so that SQLite's and tantivy's own writes do too.
After each trial: exit code 1 with one line that says what to do, the index as it was or, if the
failure came after the swap, as it should be, and nothing left that the next change does not sweep.
"""

from __future__ import annotations

import errno
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.durability.history import WordsEmbedder, change, disagreement, state, write_feeds
from benchmarks.durability.kills import leftovers
from benchmarks.durability.worker import Order, Outcome, Worker
from catalog_index.errors import CatalogError, IndexNotFoundError
from catalog_index.index import CatalogIndex
from catalog_index.verify import verify_index

FAULTS = (
    ("fail", errno.ENOSPC, "The disk is full"),
    ("fail", errno.EIO, "Check the disk"),
    ("fail once", errno.ENOSPC, "The disk is full"),
    ("fail once", errno.EIO, "Check the disk"),
)
"""What the disk does, with which error number, and what the message then says."""

SCENES = {"build": 0, "update": 1, "delete": 2, "document": 3}
"""The changes that meet a failing disk, and the number of each in the history."""


@dataclass
class Tally:
    """What the trials came to: how many of each sort, how they ended, and every fault."""

    trials: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class Scene:
    """One change to an index, to be tried again and again on a failing disk.

    Args:
        worker: makes the changes.
        directory: where to work.
        number: the number of the change in the history.
        tally: what is counted into.
    """

    def __init__(self, worker: Worker, directory: Path, number: int, tally: Tally) -> None:
        self._worker = worker
        self._number = number
        self._tally = tally
        self._base = directory / "base"
        self._tried = directory / "tried"
        self._work = directory / "feeds"
        directory.mkdir()
        for earlier in range(number):
            worker.run(Order(str(self._base), str(self._work), first=earlier))
        feeds = [str(path) for path in write_feeds(change(number), self._work)]
        out = str(self._tried)
        self._command: tuple[str, ...] = ("index", "update", out, *feeds)
        if change(number).verb == "build":
            self._command = ("index", "build", *feeds, "--out", out)
        if change(number).verb == "delete":
            self._command = ("index", "delete", out, *change(number).deleted)
        self.calls = self._run("count", 0, 0).calls

    def _run(self, disk: str, nth: int, error: int, **what: int) -> Outcome:
        shutil.rmtree(self._tried, ignore_errors=True)
        if self._number:
            shutil.copytree(self._base, self._tried)
        order = Order(
            str(self._tried),
            str(self._work),
            command=self._command,
            disk=disk,
            nth=nth,
            error=error,
            **what,
        )
        return self._worker.run(order)

    def fail(self, label: str, nth: int, fault: tuple[str, int, str]) -> None:
        """Make the change on a disk that fails at its nth call, and judge what is left."""
        disk, error, wanted = fault
        outcome = self._run(disk, nth, error)
        name = f"{label}, call {nth} of {self.calls}: {disk} with {errno.errorcode[error]}"
        self._judge(outcome, name, wanted)
        self._tally.trials[f"{label}, {errno.errorcode[error]}"] += 1

    def limit(self, label: str, size: int) -> None:
        """Make the change where no file may grow beyond a size in bytes."""
        outcome = self._run("", 0, 0, rlimit=size)
        self._judge(outcome, f"{label}, files of {size} bytes at most", "Check the disk")
        self._tally.trials[f"{label}, file size limit"] += 1

    def _judge(self, outcome: Outcome, name: str, wanted: str) -> None:
        for wrong in (*_said(outcome, wanted), self._left(outcome), self._goes_on()):
            if wrong:
                self._tally.faults.append(f"{name}: {wrong}")
        self._tally.endings["refused" if outcome.code else "done in spite of it"] += 1

    def _left(self, outcome: Outcome) -> str:
        """Say what is wrong with what the change left; "" if nothing."""
        states = [self._number + 1, self._number] if outcome.code else [self._number + 1]
        try:
            with CatalogIndex(self._tried, WordsEmbedder()) as index:
                found = [disagreement(index, state(number)) for number in states if number]
        except IndexNotFoundError:
            return "" if states[-1] == 0 else "the index is gone"
        except CatalogError as error:
            return f"it does not open: {error}"
        if all(found):
            return f"it holds neither what it did nor what it should: {found}"
        faults = [check.fault for check in verify_index(self._tried) if check.fault]
        return f"verify finds {faults}" if faults else ""

    def _goes_on(self) -> str:
        """Make the change again on a good disk; say what is wrong then."""
        number = self._number
        if change(number).verb == "delete":
            number += 1  # what was deleted in spite of the failure cannot be deleted again
        outcome = self._worker.run(Order(str(self._tried), str(self._work), first=number))
        if outcome.done != number + 1:
            return f"the next change fails: {outcome.fault}: {outcome.message}"
        left = list(leftovers(self._tried))
        beside = [p.name for p in self._tried.parent.iterdir() if p.name.startswith(".")]
        faults = [check.fault for check in verify_index(self._tried) if check.fault]
        return f"left {left + beside}, {faults}" if left or beside or faults else ""


def _said(outcome: Outcome, wanted: str) -> list[str]:
    """Return what is wrong with what the command said of a failing disk."""
    if outcome.signal:
        return [f"ended by signal {outcome.signal}"]
    if outcome.code not in (0, 1):
        return [f"exit code {outcome.code}"]
    if outcome.code == 0:
        return []
    lines = [line for line in outcome.said.splitlines() if line.startswith("llama-e: ")]
    if len(lines) != 1 or wanted not in lines[0]:
        return [f"said {lines}"]
    noise = [
        word for word in ("Traceback", "panicked at", "internal error") if word in outcome.said
    ]
    return [f"{noise} in what it said: {outcome.said[-600:]}"] if noise else []


def fail_disks(
    worker: Worker,
    directory: Path,
    tally: Tally,
    trials: int,
    *,
    told: Callable[[str], None] = lambda _: None,
    scenes: Sequence[str] = tuple(SCENES),
) -> None:
    """Try each scene with every fault, each at about `trials` calls spread over the change."""
    for label, number in ((label, SCENES[label]) for label in scenes):
        scene = Scene(worker, directory / label, number, tally)
        step = max(1.0, scene.calls / trials)
        for turn, fault in enumerate(FAULTS):
            # Each fault meets other calls, so that few trials still cover many.
            start = 1 + turn * step / len(FAULTS)
            places = {int(start + n * step) for n in range(int(scene.calls / step) + 1)}
            for nth in sorted(place for place in places if place <= scene.calls):
                scene.fail(label, nth, fault)
            told(f"{label}: {fault[0]} with {errno.errorcode[fault[1]]}")
        for size in (0, 100, 4096, 20_000)[:trials]:
            scene.limit(label, size)
