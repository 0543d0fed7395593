"""The short form of `benchmarks.crash`: damaged files; and damage that a change would hide."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.durability.damage import run_trials
from catalog_index.build import BuildReport, build_index, update_index
from catalog_index.errors import CatalogError, IndexCorruptError
from catalog_index.generations import collect_garbage
from catalog_index.index import CatalogIndex
from catalog_index.manifest import CURRENT, DEAD, GENERATIONS, current_generation
from catalog_index.verify import verify_index
from tests.commands import runner
from tests.fakes import KETTLE, LAMP, HashEmbedder, write_jsonl


@pytest.mark.parametrize("is_hashed", [True, False])
def test_a_damaged_file_gives_right_answers_or_a_typed_error(
    tmp_path: Path, is_hashed: bool
) -> None:
    tally = run_trials(tmp_path / "trials", is_hashed=is_hashed, offsets=2, every=11)
    assert not tally.faults
    assert tally.trials > 20
    assert tally.outcomes["typed"] > 15
    if is_hashed:
        assert not tally.unseen_at_opening


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.unlink()  # the file may be another generation's too
    path.write_bytes(content)


def many(tmp_path: Path, count: int) -> Path:
    rows = [{**KETTLE, "id": f"K{n}", "title": f"Kettle {n}"} for n in range(count)]
    return write_jsonl(tmp_path / "many.jsonl", rows)


@pytest.fixture
def unhashed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that is too large to be hashed when it is opened."""
    monkeypatch.setattr("catalog_index.index.HASHED_AT_OPEN", 0)
    monkeypatch.setattr("catalog_index.build.HASHED_AT_OPEN", 0)


@pytest.mark.usefixtures("unhashed")
@pytest.mark.parametrize("name", ["keys-0001.i64", DEAD])
def test_wrong_keys_are_noticed_when_an_index_of_any_size_is_opened(
    tmp_path: Path, embedder: HashEmbedder, name: str
) -> None:
    out = tmp_path / "index"
    build_index([many(tmp_path, 20)], out, embedder=embedder)
    row = {**KETTLE, "id": "K3", "title": "New"}
    update_index(out, [write_jsonl(tmp_path / "new.jsonl", [row])], embedder=embedder)
    flip(current_generation(out) / name, 0)
    with pytest.raises(IndexCorruptError, match=name):
        CatalogIndex(out, embedder)


@pytest.mark.usefixtures("unhashed")
@pytest.mark.parametrize("name", ["vectors-0001.f16", "records-0001.sqlite", "lexical"])
def test_an_update_does_not_give_damaged_files_that_it_rewrites_a_new_hash(
    tmp_path: Path, embedder: HashEmbedder, name: str
) -> None:
    out = tmp_path / "index"
    build_index([many(tmp_path, 4)], out, embedder=embedder)
    generation = current_generation(out)
    path = generation / name
    if name == "lexical":
        path = next(path.glob("*.fieldnorm"))
    flip(path, path.stat().st_size - 6 if name != "vectors-0001.f16" else 0)
    feed = tmp_path / "feed.jsonl"
    write_jsonl(feed, [{**KETTLE, "id": f"N{n}", "title": f"New {n}"} for n in range(9)])
    try:
        update_index(out, [feed], embedder=embedder)
    except CatalogError:
        assert current_generation(out) == generation
    assert any(check.fault for check in verify_index(out))


def test_a_damaged_vector_is_not_taken_over_by_a_build(
    tmp_path: Path, embedder: HashEmbedder
) -> None:
    out = tmp_path / "index"
    feed = many(tmp_path, 5)
    build_index([feed], out, embedder=embedder)
    flip(current_generation(out) / "vectors-0001.f16", 0)
    again = HashEmbedder()
    build_index([feed], out, embedder=again)
    assert again.encoded == 5
    assert not any(check.fault for check in verify_index(out))


def test_copies_of_damaged_files_are_refused_where_links_cannot_be(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    out = tmp_path / "index"
    build_index([many(tmp_path, 20)], out, embedder=embedder)
    generation = current_generation(out)
    flip(generation / "vectors-0001.f16", 0)
    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr("catalog_index.build.HASHED_AT_OPEN", 0)
    row = {**LAMP, "title": "New lamp"}
    with pytest.raises(IndexCorruptError, match=r"vectors-0001\.f16"):
        update_index(out, [write_jsonl(tmp_path / "new.jsonl", [row])], embedder=embedder)
    assert current_generation(out) == generation


@pytest.mark.parametrize("what", ["deleted", "a directory", "of another time"])
def test_a_damaged_pointer_is_one_line_and_gc_deletes_nothing(
    built: BuildReport, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    pointer = built.directory / CURRENT
    pointer.unlink()
    if what == "a directory":
        pointer.mkdir()
    elif what == "of another time":
        pointer.write_text("000001-20200101T000000-abcdef")
    for action in ("verify", "info", "gc"):
        assert "\n" not in runner(capsys)("index", action, built.directory).fault
    with pytest.raises(CatalogError):
        collect_garbage(built.directory)
    assert len(list((built.directory / GENERATIONS).iterdir())) == 1


def test_a_manifest_of_another_generation_is_refused(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    first = current_generation(built.directory)
    feed = write_jsonl(tmp_path / "new.jsonl", [{**KETTLE, "title": "Other"}])
    update_index(built.directory, [feed], embedder=embedder)
    shutil.copyfile(first / "manifest.json", current_generation(built.directory) / "manifest.json")
    with pytest.raises(IndexCorruptError):
        CatalogIndex(built.directory, embedder)


DAMAGES: list[Callable[[Path], None]] = [
    lambda path: os.truncate(path, 8),
    lambda path: flip(path, 8),
]


@pytest.mark.parametrize("damage", DAMAGES, ids=["cut", "flipped"])
def test_verify_tells_a_damage_in_one_line_and_exits_1(
    built: BuildReport, capsys: pytest.CaptureFixture[str], damage: Callable[[Path], None]
) -> None:
    damage(current_generation(built.directory) / "texts-0001.u64")
    result = runner(capsys)("index", "verify", built.directory)
    assert result.code == 1
    (line,) = result.err.splitlines()
    assert "texts-0001.u64" in line
    assert "Build it again" in line
