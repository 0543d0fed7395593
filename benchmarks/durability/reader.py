"""Searches an index while it is changed and its writers are killed, and judges every answer.

`python -m benchmarks.durability.reader DIR STATES` searches from several threads until a line
comes on standard input, then prints what it saw as JSON. An answer is torn if its records belong
to no single state.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from benchmarks.durability.history import WordsEmbedder, answers, content, state
from benchmarks.durability.worker import ROOT
from catalog_index.errors import CatalogError
from catalog_index.live import LiveIndex

THREADS = 2
_PAUSE_SECONDS = 0.002


@dataclass
class Seen:
    """What the threads saw: answers, those torn, errors by kind, generations, the last content."""

    answers: int = 0
    torn: int = 0
    typed: list[str] = field(default_factory=list)
    untyped: list[str] = field(default_factory=list)
    generations: set[str] = field(default_factory=set)
    last: frozenset[tuple[str, str]] = frozenset()


def search(live: LiveIndex, states: set[frozenset[tuple[str, str]]], seen: Seen) -> None:
    """Ask all that every record answers, once."""
    try:
        index = live.current()
        found = [content(index), *answers(index)]
    except CatalogError as error:
        seen.typed.append(str(error))
        return
    except BaseException as error:
        seen.untyped.append(repr(error))
        return
    seen.generations.add(index.generation.name)
    seen.answers += len(found)
    seen.torn += sum(each not in states or each != found[0] for each in found)
    seen.last = found[0]


def watch(directory: Path, last: int) -> None:
    """Search until a line comes on standard input; the index may be of any state up to `last`."""
    states = {state(number).content for number in range(1, last + 1)}
    told: list[str] = []
    live = LiveIndex(directory, WordsEmbedder(), told.append)
    print("ready", flush=True)
    over = threading.Event()
    each = [Seen() for _ in range(THREADS)]

    def work(seen: Seen) -> None:
        while not over.is_set():
            search(live, states, seen)
            time.sleep(_PAUSE_SECONDS)

    threads = [threading.Thread(target=work, args=(seen,)) for seen in each]
    for thread in threads:
        thread.start()
    wanted = state(int(sys.stdin.readline())).content
    over.set()
    for thread in threads:
        thread.join()
    newest = Seen()
    search(live, states, newest)
    print(
        json.dumps(
            {
                "answers": sum(seen.answers for seen in each),
                "torn": sum(seen.torn for seen in each),
                "typed": [error for seen in each for error in seen.typed],
                "untyped": [error for seen in each for error in seen.untyped],
                "generations": len(set().union(*(seen.generations for seen in each))),
                "told": told,
                "is_newest": newest.last == wanted,
            }
        )
    )


class Readers:
    """A process that searches all the while. Use as a context manager once an index is there.

    Args:
        directory: the index directory.
        last: the number of the last state that it may come to.
    """

    def __init__(self, directory: Path, last: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(directory), str(last)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError("The readers did not start.")

    def finish(self, wanted: int) -> dict[str, Any]:
        """End the searching; returns what was seen, and whether state `wanted` is served."""
        out, _ = self._process.communicate(f"{wanted}\n")
        seen: dict[str, Any] = json.loads(out)
        return seen

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))
