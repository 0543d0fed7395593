"""Proves from the list of a change's calls that a loss of power cannot tear it.

A kill leaves what was written; a loss of power only what was flushed. So when CURRENT is replaced,
every file that the new generation needs must have been flushed after it was last written, every
directory after it last got an entry, and the index directory after that.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from catalog_index.manifest import CURRENT, LOCK, REJECTED

_NOT_NEEDED = {LOCK, REJECTED, f".{REJECTED}"}


def unflushed(calls: Iterable[str], out: Path) -> list[str]:
    """Return what a loss of power might take from a change, as sentences; empty where nothing.

    Args:
        calls: lines of `failing_disk.c`: what, path and, of a rename, the new path, by tabs.
        out: the index directory.
    """
    files: set[Path] = set()
    directories: set[Path] = set()
    faults: list[str] = []
    swaps = 0
    for line in calls:
        what, name, other = line.rstrip("\n").split("\t")
        path = Path(name)
        if out.parent not in path.parents and path != out.parent:
            continue
        match what:
            case "write":
                files.add(path)
            case "flush":
                files.discard(path)
                directories.discard(path)
            case "create" | "link":
                directories.add(path.parent)
            case "delete":
                files.discard(path)
                directories.discard(path)
            case "rename":
                if path in files:
                    faults.append(f"{path.name} was renamed before it was flushed")
                directories.add(path.parent)
                if Path(other) == out / CURRENT:
                    swaps += 1
                    faults += _left(files, directories - {out}, out)
    if swaps != 1:
        faults.append(f"CURRENT was replaced {swaps} times")
    if out in directories:
        faults.append("the index directory was not flushed in the end")
    return faults


def _left(files: set[Path], directories: set[Path], out: Path) -> list[str]:
    inside = [path for path in files if out in path.parents]
    needed = [path for path in inside if path.name not in _NOT_NEEDED]
    return [f"{path.relative_to(out)} was not flushed before the swap" for path in needed] + [
        f"entries of {path.name} were not flushed before the swap"
        for path in directories
        if out in path.parents or path == out.parent
    ]
