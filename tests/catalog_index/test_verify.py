from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import catalog_index.records
import catalog_index.verify
from catalog_index.build import BuildReport, build_index, update_index
from catalog_index.errors import IndexNotFoundError
from catalog_index.index import CatalogIndex
from catalog_index.lexical import LexicalWriter
from catalog_index.manifest import (
    DEAD,
    LEXICAL,
    Manifest,
    current_generation,
    file_entry,
    listed_files,
    read_manifest,
    write_manifest,
)
from catalog_index.records import RecordFile
from catalog_index.verify import Check, verify_index
from tests.fakes import KETTLE, HashEmbedder, write_jsonl


def faults(directory: Path) -> dict[str, str]:
    return {check.name: check.fault for check in verify_index(directory) if check.fault}


def vouch(generation: Path, **changes: object) -> None:
    """Write a manifest whose hashes fit, whatever the files hold now."""
    files = {name: file_entry(path) for name, path in listed_files(generation)}
    manifest = read_unchecked(generation)
    write_manifest(generation, manifest.model_copy(update={"files": files, **changes}))


def read_unchecked(generation: Path) -> Manifest:
    return Manifest.model_validate_json((generation / "manifest.json").read_bytes())


def test_a_whole_index_passes_every_check_again_and_again(
    built: BuildReport, embedder: HashEmbedder
) -> None:
    told: list[Check] = []
    for _ in range(2):
        checks = verify_index(built.directory, told.append)
        assert not any(check.fault for check in checks)
        with CatalogIndex(built.directory, embedder) as index:
            assert index.lexical("kettle", 1)  # opening it leaves no stray file
    assert len(checks) == 9
    assert told == checks + checks


def test_an_index_with_an_approximate_part_and_dead_keys_passes(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_index.ann.EXACT_LIMIT", 30)
    rows = [{**KETTLE, "id": f"K{n}", "title": f"Kettle {n}"} for n in range(60)]
    out = tmp_path / "index"
    build_index([write_jsonl(tmp_path / "f.jsonl", rows)], out, embedder=embedder)
    row = {**KETTLE, "id": "K3", "title": "New"}
    update_index(out, [write_jsonl(tmp_path / "g.jsonl", [row])], embedder=embedder)
    manifest = read_manifest(current_generation(out))
    assert [entry.is_exact for entry in manifest.segments] == [False, True]
    assert manifest.dead == 1
    assert not faults(out)
    (current_generation(out) / "ann-0001.faiss").unlink()
    assert "ann-0001.faiss" in faults(out)["manifest"]


def sql(statement: str) -> Callable[[Path], None]:
    def change(generation: Path) -> None:
        connection = sqlite3.connect(generation / "records-0001.sqlite")
        connection.execute(statement)
        connection.commit()
        connection.close()

    return change


def shorten_a_vector(generation: Path) -> None:
    path = generation / "vectors-0001.f16"
    vectors = np.fromfile(path, dtype="<f2")
    vectors[:384] /= 2
    vectors.tofile(path)


def swap_keys(generation: Path) -> None:
    path = generation / "keys-0001.i64"
    keys = np.fromfile(path, dtype="<i8")
    keys[[0, 1]] = keys[[1, 0]]
    keys.tofile(path)


def other_key(generation: Path) -> None:
    path = generation / "keys-0001.i64"
    keys = np.fromfile(path, dtype="<i8")
    keys[-1] += 1
    keys.tofile(path)


def forget_words(generation: Path) -> None:
    (generation / LEXICAL).rename(generation / "before")
    writer = LexicalWriter(generation / LEXICAL, generation / "before")
    writer.delete([2])
    writer.finish()
    for path in (generation / "before").iterdir():
        path.unlink()
    (generation / "before").rmdir()


DISAGREEMENTS = {
    "a record altered": (sql("UPDATE record SET content = content || ' '"), "records"),
    "a record gone": (sql("DELETE FROM record WHERE key = 2"), "records, words and vectors agree"),
    "a code gone": (sql("DELETE FROM identifier WHERE code = 'ke1001'"), "identifiers"),
    "a vector too short": (shorten_a_vector, "vectors"),
    "keys out of order": (swap_keys, "vectors"),
    "another key": (other_key, "records, words and vectors agree"),
    "words of a record gone": (forget_words, "records, words and vectors agree"),
}


@pytest.mark.parametrize("name", DISAGREEMENTS)
def test_parts_that_disagree_are_found_though_every_hash_fits(
    built: BuildReport, name: str
) -> None:
    change, check = DISAGREEMENTS[name]
    generation = current_generation(built.directory)
    change(generation)
    vouch(generation)
    found = faults(built.directory)
    assert check in found
    assert "hash of every file" not in found
    assert all("\n" not in fault and str(generation) in fault for fault in found.values())


def test_a_key_wrongly_dead_and_wrong_counts_are_found(built: BuildReport) -> None:
    generation = current_generation(built.directory)
    np.asarray([1], dtype="<i8").tofile(generation / DEAD)
    vouch(generation, dead=1)
    assert {"counts", "records, words and vectors agree"} <= set(faults(built.directory))


def test_a_file_that_no_manifest_lists_is_found(built: BuildReport) -> None:
    (current_generation(built.directory) / "stray").touch()
    assert "stray" in faults(built.directory)["no stray files"]


def test_a_generation_replaced_while_it_is_verified_is_no_fault(
    tmp_path: Path, built: BuildReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, pending = catalog_index.verify.verify_files, [True]
    feed = write_jsonl(tmp_path / "f.jsonl", [KETTLE])

    def replaced_meanwhile(generation: Path, manifest: Manifest) -> None:
        if pending:
            pending.clear()
            for _ in range(2):
                build_index([feed], built.directory, embedder=HashEmbedder())
        real(generation, manifest)

    monkeypatch.setattr("catalog_index.verify.verify_files", replaced_meanwhile)
    assert not faults(built.directory)
    assert not pending


def test_where_there_is_no_index_there_is_nothing_to_verify(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError):
        verify_index(tmp_path)


@pytest.mark.parametrize("code", ["ke1001", "4006381333931", "ak17s"])
def test_a_lost_code_is_found_whichever_it_is(built: BuildReport, code: str) -> None:
    generation = current_generation(built.directory)
    sql(f"DELETE FROM identifier WHERE code = '{code}'")(generation)
    vouch(generation)
    fault = faults(built.directory)["identifiers"]
    assert "'KE-1001'" in fault and repr(code) in fault


def test_codes_that_very_many_products_bear_are_looked_up_once(
    tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog_index.verify._CHUNK", 100)
    rows = [{**KETTLE, "id": f"{'-' * n}K", "title": f"Kettle {n}"} for n in range(1, 500)]
    out = tmp_path / "index"
    build_index([write_jsonl(tmp_path / "f.jsonl", rows)], out, embedder=embedder)
    real, asked = catalog_index.records.RecordFile.entered, []

    def counted(file: RecordFile, codes: list[str], keys: range) -> set[tuple[str, int]]:
        found = real(file, codes, keys)
        asked.append((len(codes), len(found)))
        return found

    monkeypatch.setattr("catalog_index.records.RecordFile.entered", counted)
    assert not faults(out)
    assert len(asked) == 5
    assert sum(found for _, found in asked) == 499 * 3  # id, GTIN and model number
    with CatalogIndex(out, embedder) as index:
        assert len(index.lookup(["K"])) == 200
