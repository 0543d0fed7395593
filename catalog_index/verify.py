"""Proof that an index is whole: every hash, every record, and that its three parts agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from catalog_index.ann import needs_ann
from catalog_index.errors import CatalogError, IndexCorruptError
from catalog_index.lexical import LexicalSearcher
from catalog_index.manifest import (
    LEXICAL,
    Manifest,
    current_generation,
    listed_files,
    read_manifest,
    verify_files,
)
from catalog_index.product import Product
from catalog_index.records import normalise_code
from catalog_index.snapshot import Snapshot
from catalog_index.vectors import VectorSearch, ann_name, are_unit

_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked: what, and what was found wrong ("" if nothing)."""

    name: str
    fault: str = ""


def verify_index(directory: Path, told: Callable[[Check], None] = lambda _: None) -> list[Check]:
    """Check the current generation of an index; returns every check in order.

    Where the manifest or the hashes fail, what comes after is not looked at. A generation that was
    replaced meanwhile, and perhaps deleted, is no fault: the one in its place is checked.

    Args:
        directory: the index directory.
        told: called with each check once it is done.

    Raises:
        IndexNotFoundError: there is no index.
        IndexCorruptError: CURRENT names no generation.
    """
    while True:
        generation = current_generation(directory)
        checks = _verify(generation, told)
        if not any(check.fault for check in checks) or current_generation(directory) == generation:
            return checks


def _verify(generation: Path, told: Callable[[Check], None]) -> list[Check]:
    checks: list[Check] = []

    def done(name: str, check: Callable[[], None]) -> bool:
        fault = ""
        try:
            check()
        except CatalogError as error:
            fault = str(error)
        checks.append(Check(name, fault))
        told(checks[-1])
        return not fault

    found: list[Manifest] = []
    if not done("manifest", lambda: found.append(read_manifest(generation))):
        return checks
    manifest = found[0]
    done("no stray files", lambda: _no_strays(generation, manifest))
    if not done("hash of every file", lambda: verify_files(generation, manifest)):
        return checks
    opened: list[Snapshot] = []
    if not done("segments", lambda: opened.append(Snapshot(generation, manifest))):
        return checks
    snapshot = opened[0]
    try:
        done("records", lambda: _check_records(snapshot))
        done("vectors", lambda: _check_vectors(snapshot))
        done("identifiers", lambda: _check_identifiers(snapshot))
        done("records, words and vectors agree", lambda: _check_agreement(snapshot))
        done("counts", lambda: _check_counts(snapshot))
    finally:
        snapshot.close()
    return checks


def _fail(snapshot: Snapshot, what: str) -> IndexCorruptError:
    return IndexCorruptError(
        f"The index is damaged: {snapshot.generation}: {what}."
        " Build it again with `llama-e index build`."
    )


def _no_strays(generation: Path, manifest: Manifest) -> None:
    strays = [name for name, _ in listed_files(generation) if name not in manifest.files]
    if strays:
        raise IndexCorruptError(
            f"The index is damaged: {generation} holds files that its manifest does not list:"
            f" {', '.join(strays[:5])}. Build it again with `llama-e index build`."
        )


def _check_records(snapshot: Snapshot) -> None:
    for segment in snapshot.segments:
        segment.records.check()


def _check_vectors(snapshot: Snapshot) -> None:
    for segment in snapshot.segments:
        vectors = segment.vectors
        if len(vectors) > 1 and not np.all(np.diff(vectors.keys) > 0):
            raise _fail(snapshot, f"the keys of segment {segment.entry.name} do not ascend")
        for start in range(0, len(vectors), _CHUNK):
            if not np.all(are_unit(vectors.rows(slice(start, start + _CHUNK)))):
                raise _fail(snapshot, f"segment {segment.entry.name} holds vectors of no length 1")
        if not segment.entry.is_exact or needs_ann(len(vectors)):
            path = snapshot.generation / ann_name(segment.entry.name)
            VectorSearch(vectors, path, segment.entry.nprobe)


def _check_identifiers(snapshot: Snapshot) -> None:
    """Every live product must be found by each of its codes."""
    keys = snapshot.live_keys("product")
    for part in _parts(keys):
        for segment in snapshot.segments:
            here = [key for key in part if segment.holds(key)]
            wanted: dict[tuple[str, int], str] = {}
            for key, record in segment.records.by_keys(here).items():
                if not isinstance(record, Product):
                    raise _fail(snapshot, f"record {key} is no product")
                folded = map(normalise_code, record.identifiers())
                wanted |= {(code, key): record.id for code in folded if code}
            if not wanted:
                continue
            codes = sorted({code for code, _ in wanted})
            lost = wanted.keys() - segment.records.entered(codes, range(here[0], here[-1] + 1))
            if lost:
                first = min(lost)
                raise _fail(snapshot, f"{wanted[first]!r} is not found by its code {first[0]!r}")


def _check_agreement(snapshot: Snapshot) -> None:
    """Live records, the keys of vectors without the dead, and the keys of words are the same."""
    records = {*snapshot.live_keys("product"), *snapshot.live_keys("passage")}
    vectors = {
        key
        for segment in snapshot.segments
        for key in segment.vectors.keys.tolist()
        if snapshot.is_live(key)
    }
    words = set(LexicalSearcher(snapshot.generation / LEXICAL).all_keys())
    for name, keys in (("vectors", vectors), ("words", words)):
        if keys != records:
            lacking, more = len(records - keys), len(keys - records)
            raise _fail(snapshot, f"{lacking} records have no {name}, {more} {name} no record")


def _check_counts(snapshot: Snapshot) -> None:
    counts = snapshot.manifest.counts
    live = (len(snapshot.live_keys("product")), len(snapshot.live_keys("passage")))
    if live != (counts.products, counts.passages):
        raise _fail(snapshot, f"it holds {live[0]} products and {live[1]} passages, not {counts}")
    if not counts.adds_up:
        raise _fail(snapshot, f"the counts of the last change do not add up: {counts}")
    ids = [("product", i) for _, i in snapshot.ids("product")]
    ids += [("passage", i) for _, i in snapshot.ids("passage")]
    if len(set(ids)) != len(ids):
        raise _fail(snapshot, "two live records have one id")


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for at in range(0, len(keys), _CHUNK):
        yield keys[at : at + _CHUNK]
