"""What changed from one generation of an index to the next, record by record, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from catalog_index.generations import generation_directories
from catalog_index.manifest import MANIFEST, current_generation, read_manifest
from catalog_index.product import Passage, Product
from catalog_index.records import Record
from catalog_index.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Change:
    """One record that differs. `fields` are (name, text before, text after); "" where absent."""

    id: str
    title: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """Counts of all that differs, and the first so many of each sort.

    `before` and `after` are the generations' names; `since` and `made` when they were written
    (ISO 8601).
    """

    before: str
    after: str
    since: str
    made: str
    counts: dict[str, int]
    added: tuple[Change, ...]
    changed: tuple[Change, ...]
    removed: tuple[Change, ...]


def differences(directory: Path, most: int = 100) -> Differences | None:
    """Compare the current generation with the one before it, None where none is kept.

    Args:
        directory: the index directory.
        most: how many records of each sort are told one by one.

    Raises:
        CatalogError: a generation cannot be read.
    """
    current = current_generation(directory)
    earlier = [
        path
        for path in generation_directories(directory)
        if path.name < current.name and (path / MANIFEST).is_file()
    ]
    if not earlier:
        return None
    with _opened(earlier[-1]) as old, _opened(current) as new:
        before, after = old.digests(), new.digests()
        added = [after[name][0] for name in after if name not in before]
        removed = [before[name][0] for name in before if name not in after]
        changed = [
            (before[name][0], after[name][0])
            for name in after
            if name in before and before[name][1] != after[name][1]
        ]
        return Differences(
            before=old.generation.name,
            after=new.generation.name,
            since=old.manifest.created,
            made=new.manifest.created,
            counts={
                "added": len(added),
                "changed": len(changed),
                "removed": len(removed),
                "unchanged": len(after) - len(added) - len(changed),
            },
            added=_named(new, added[:most]),
            changed=_changed(old, new, changed[:most]),
            removed=_named(old, removed[:most]),
        )


@contextmanager
def _opened(generation: Path) -> Iterator[Snapshot]:
    snapshot = Snapshot(generation, read_manifest(generation))
    try:
        yield snapshot
    finally:
        snapshot.close()


def _named(snapshot: Snapshot, keys: list[int]) -> tuple[Change, ...]:
    records = snapshot.by_keys(keys)
    return tuple(Change(records[key].id, records[key].title) for key in keys if key in records)


def _changed(old: Snapshot, new: Snapshot, keys: list[tuple[int, int]]) -> tuple[Change, ...]:
    before = old.by_keys([key for key, _ in keys])
    after = new.by_keys([key for _, key in keys])
    found = []
    for was, now in keys:
        one, other = _fields(before[was]), _fields(after[now])
        names = dict.fromkeys((*one, *other))
        fields = tuple(
            (name, one.get(name, ""), other.get(name, ""))
            for name in names
            if one.get(name) != other.get(name)
        )
        found.append(Change(after[now].id, after[now].title, fields))
    return tuple(found)


def _fields(record: Record) -> dict[str, str]:
    if isinstance(record, Passage):
        return {"text": record.text}
    assert isinstance(record, Product)
    return {**dict(record.fields()), "link": record.link, "image link": record.image_link}
