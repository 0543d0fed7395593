"""The generations that an index directory keeps, and which of them may go.

The one before the current stays, to compare with and to go back to; hard links make it cheap
where an update changed little. Knows nothing of what a generation holds.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from catalog_index.durable import exclusive_lock, sweep_beside
from catalog_index.errors import IndexNotFoundError
from catalog_index.manifest import (
    CURRENT,
    GENERATIONS,
    LOCK,
    MANIFEST,
    REJECTED,
    current_generation,
)

_DIGITS = 6
PREVIOUS_KEPT = 1
"""How many generations before the current one a build or update leaves."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What `collect_garbage` removed: names of generations, and the bytes they alone held."""

    removed: tuple[str, ...]
    freed: int


def generation_directories(out: Path) -> list[Path]:
    """Return every generation's directory, oldest first, unfinished ones too."""
    directory = out / GENERATIONS
    return (
        sorted(path for path in directory.iterdir() if path.is_dir()) if directory.is_dir() else []
    )


def new_name(out: Path) -> str:
    """Return a name for a new generation, which sorts after those that are there."""
    numbers = (path.name.partition("-")[0] for path in generation_directories(out))
    last = max(
        (int(number) for number in numbers if len(number) == _DIGITS and number.isdigit()),
        default=0,
    )
    return f"{last + 1:0{_DIGITS}d}-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"


def clean_generations(out: Path, previous: int) -> Swept:
    """Delete unfinished generations, and all but the current and `previous` ones before it.

    The caller holds the lock of `out`, so whatever is unfinished was left by a killed build.
    """
    current = current_generation(out)
    finished = [path for path in generation_directories(out) if (path / MANIFEST).is_file()]
    before = [path for path in finished if path.name < current.name]
    kept = {current, *(before[-previous:] if previous else ())}
    removed = [path for path in generation_directories(out) if path not in kept]
    freed = sum(_own_bytes(path) for path in removed)
    for path in removed:
        _remove(path)
    for name in (CURRENT, REJECTED):
        sweep_beside(out / name)
    return Swept(tuple(path.name for path in removed), freed)


def drop_never_current(out: Path, but: Path) -> None:
    """Delete the generations that killed changes left, before `but` becomes the current one.

    One that was finished but never swapped in would else pass for the one before the current.
    The caller holds the lock of `out`.
    """
    last = ""
    with suppress(IndexNotFoundError):
        last = current_generation(out).name
    for path in generation_directories(out):
        if path.name > last and path != but:
            _remove(path)


def _remove(generation: Path) -> None:
    """Delete a generation, its manifest first: what a kill leaves of it is not taken for whole."""
    with suppress(OSError):
        (generation / MANIFEST).unlink()
    shutil.rmtree(generation, ignore_errors=True)


def collect_garbage(out: Path, previous: int = 0) -> Swept:
    """Delete what no reader that opens the index now needs.

    Readers that have a deleted generation open go on until they close it.

    Args:
        out: the index directory.
        previous: how many generations before the current one to keep.

    Raises:
        IndexNotFoundError: there is no index at `out`.
        IndexCorruptError: CURRENT names no generation; nothing is deleted then.
        IndexLockedError: a build is writing to `out`.
    """
    current_generation(out)
    with exclusive_lock(out / LOCK):
        return clean_generations(out, previous)


def _own_bytes(generation: Path) -> int:
    """Return the bytes of a generation's files that no other generation shares."""
    total = 0
    for path in generation.rglob("*"):
        with suppress(OSError):
            found = path.stat()
            total += found.st_size if path.is_file() and found.st_nlink == 1 else 0
    return total
