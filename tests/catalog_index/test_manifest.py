from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog_index.build import BuildReport
from catalog_index.errors import IndexCorruptError, IndexMismatchError, IndexNotFoundError
from catalog_index.index import CatalogIndex
from catalog_index.manifest import (
    CURRENT,
    DEAD,
    LEXICAL,
    MANIFEST,
    SCHEMA_VERSION,
    current_generation,
    read_manifest,
    verify_files,
)
from tests.fakes import HashEmbedder

FILES = ["records-0001.sqlite", "vectors-0001.f16", "keys-0001.i64", "lexical/meta.json"]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def cut_to_nothing(path: Path) -> None:
    path.write_bytes(b"")


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def delete(path: Path) -> None:
    path.unlink()


def replace_by_directory(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = [cut_short, cut_to_nothing, flip_a_bit, delete, replace_by_directory]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("name", [MANIFEST, *FILES])
def test_a_damaged_file_is_named_in_one_line(
    built: BuildReport, embedder: HashEmbedder, name: str, damage: Callable[[Path], None]
) -> None:
    path = current_generation(built.directory) / name
    damage(path)
    with pytest.raises(IndexCorruptError) as caught:
        CatalogIndex(built.directory, embedder)
    message = str(caught.value)
    assert str(path) in message
    assert "Build it again" in message
    assert "\n" not in message


@pytest.mark.parametrize("name", FILES)
def test_only_verifying_reads_the_files_whole(built: BuildReport, name: str) -> None:
    generation = current_generation(built.directory)
    verify_files(generation, read_manifest(generation))
    flip_a_bit(generation / name)
    manifest = read_manifest(generation)
    with pytest.raises(IndexCorruptError, match=rf"{name} does not match its hash"):
        verify_files(generation, manifest)
    (generation / name).unlink()
    with pytest.raises(IndexCorruptError, match=rf"{name} cannot be read"):
        verify_files(generation, manifest)


def test_a_large_index_is_opened_without_being_read_whole(
    built: BuildReport, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the files were hashed")

    manifest = read_manifest(current_generation(built.directory))
    size = sum(entry.size for entry in manifest.files.values())
    monkeypatch.setattr("catalog_index.index.verify_files", refuse)
    monkeypatch.setattr("catalog_index.index.HASHED_AT_OPEN", size)
    assert len(CatalogIndex(built.directory, embedder)) == 6
    monkeypatch.setattr("catalog_index.index.HASHED_AT_OPEN", size + 1)
    with pytest.raises(AssertionError, match="hashed"):
        CatalogIndex(built.directory, embedder)


def test_a_file_cut_short_is_reported_with_both_sizes(
    built: BuildReport, embedder: HashEmbedder
) -> None:
    path = current_generation(built.directory) / FILES[1]
    size = path.stat().st_size
    cut_short(path)
    with pytest.raises(IndexCorruptError, match=f"has {size - 7} bytes, not {size}"):
        CatalogIndex(built.directory, embedder)


def test_any_flipped_bit_of_the_manifest_is_noticed(
    built: BuildReport, embedder: HashEmbedder
) -> None:
    path = current_generation(built.directory) / MANIFEST
    whole = path.read_bytes()
    manifest = read_manifest(path.parent)
    for at in range(0, len(whole), 5):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        try:
            assert read_manifest(path.parent) == manifest
        except IndexCorruptError:
            continue


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n",
        b"nowhere",
        b"../..",
        b".",
        b"..",
        b"/",
        b"a/b",
        b"\x00",
        b"\xff\xfe",
        b"x" * 9999,
    ],
)
def test_a_pointer_that_names_no_generation_is_damage(
    built: BuildReport, embedder: HashEmbedder, content: bytes
) -> None:
    (built.directory / CURRENT).write_bytes(content)
    with pytest.raises(IndexCorruptError) as caught:
        CatalogIndex(built.directory, embedder)
    assert len(str(caught.value)) < 1000


def test_a_pointer_may_not_lead_out_of_the_index(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder
) -> None:
    generation = current_generation(built.directory)
    generation.rename(tmp_path / "elsewhere")
    (built.directory / CURRENT).write_text("../../elsewhere")
    with pytest.raises(IndexCorruptError):
        CatalogIndex(built.directory, embedder)


def test_no_index_says_how_to_build_one(tmp_path: Path, embedder: HashEmbedder) -> None:
    (tmp_path / "file").touch()
    for directory in (tmp_path, tmp_path / "absent", tmp_path / "file"):
        with pytest.raises(IndexNotFoundError, match="llama-e index build"):
            CatalogIndex(directory, embedder)


@pytest.mark.parametrize("version", [SCHEMA_VERSION + 1, 0, "next"])
def test_another_schema_is_a_mismatch(
    built: BuildReport, embedder: HashEmbedder, version: int | str
) -> None:
    path = current_generation(built.directory) / MANIFEST
    path.write_text(json.dumps({"schema_version": version, "new": "entry"}))
    with pytest.raises(IndexMismatchError, match="schema"):
        CatalogIndex(built.directory, embedder)


@pytest.mark.parametrize(
    ("name", "value"), [("id", "another"), ("revision", "2"), ("dimension", 512)]
)
def test_vectors_of_another_embedder_are_refused(
    built: BuildReport, embedder: HashEmbedder, name: str, value: str | int
) -> None:
    setattr(embedder, name, value)
    with pytest.raises(IndexMismatchError, match=str(value)):
        CatalogIndex(built.directory, embedder)


def test_a_manifest_says_what_was_built(built: BuildReport) -> None:
    manifest = read_manifest(current_generation(built.directory))
    assert manifest.counts == built.counts
    assert manifest.feeds == ("products.jsonl", "returns.md")
    assert {*FILES, DEAD} <= set(manifest.files)
    assert any(name.startswith(f"{LEXICAL}/") for name in manifest.files)
    (segment,) = manifest.segments
    assert (segment.count, segment.vector_index, manifest.next_key) == (6, "Flat", 7)
    assert manifest.media_root.endswith("shop")
