from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog_index import ann
from catalog_index.ann import build_ann, number_of_lists
from catalog_index.embedding import Vectors
from catalog_index.errors import IndexCorruptError, IndexMismatchError
from catalog_index.vectors import VectorFile, VectorSearch, VectorWriter, file_names, text_digests

N, DIMENSION = 300, 16


def unit_vectors(n: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


VECTORS = unit_vectors(N, seed=1)
KEYS = list(range(5, 5 + 3 * N, 3))
TEXTS = text_digests([f"text {n}" for n in range(N)])


@pytest.fixture
def file(tmp_path: Path) -> VectorFile:
    writer = VectorWriter(tmp_path, "0001", DIMENSION)
    writer.add(KEYS[:100], TEXTS[:100], VECTORS[:100])
    writer.add([], TEXTS[:0], VECTORS[:0])
    writer.add(KEYS[100:], TEXTS[100:], VECTORS[100:])
    writer.close()
    assert (writer.count, writer.first_key, writer.last_key) == (N, KEYS[0], KEYS[-1])
    return VectorFile(tmp_path, "0001", DIMENSION)


def nearest(query: Vectors, k: int) -> list[int]:
    return [KEYS[row] for row in np.argsort(-(VECTORS @ query), kind="stable")[:k]]


def test_search_of_few_is_exact(file: VectorFile) -> None:
    search = VectorSearch(file, None, 0)
    for query in unit_vectors(20, seed=3):
        hits = search.nearest(query, 10)
        assert [key for key, _ in hits] == nearest(query, 10)
        expected = [float(VECTORS[KEYS.index(key)] @ query) for key, _ in hits]
        assert [score for _, score in hits] == pytest.approx(expected, abs=1e-3)


def test_an_approximate_index_finds_what_a_scan_finds(
    file: VectorFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ann, "RECALL_WANTED", 1.0)
    queries = unit_vectors(20, seed=4)
    report = build_ann(file, tmp_path / "ann.faiss", queries)
    assert report.type == f"IVF{number_of_lists(N)},SQ8"
    assert report.recall == 1.0
    search = VectorSearch(file, tmp_path / "ann.faiss", report.nprobe)
    for query in queries:
        hits = search.nearest(query, 10)
        assert [key for key, _ in hits] == nearest(query, 10)
        assert [score for _, score in hits] == sorted((s for _, s in hits), reverse=True)


def test_fewer_lists_are_looked_into_where_less_recall_is_wanted(
    file: VectorFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = unit_vectors(20, seed=4)
    probes = []
    for wanted in (0.3, 1.0):
        monkeypatch.setattr(ann, "RECALL_WANTED", wanted)
        report = build_ann(file, tmp_path / "ann.faiss", queries)
        assert report.recall >= wanted
        probes.append(report.nprobe)
    assert probes[0] < probes[1]


def test_asking_for_more_than_there_is_gives_all_and_no_filler(file: VectorFile) -> None:
    query = unit_vectors(1, seed=5)[0]
    assert {key for key, _ in VectorSearch(file, None, 0).nearest(query, 10 * N)} == set(KEYS)


def test_rows_are_found_by_key(file: VectorFile) -> None:
    positions = file.positions([KEYS[7], 6, -1, 10**9, KEYS[5], KEYS[5]])
    assert positions.tolist() == [5, 7]
    assert file.rows(positions) == pytest.approx(VECTORS[[5, 7]], abs=1e-3)
    assert file.positions([]).tolist() == []


def test_digests_tell_texts_apart() -> None:
    digests = text_digests(["a", "b", "a"])
    assert digests[0] == digests[2] != digests[1]
    assert len(text_digests([])) == 0


@pytest.mark.parametrize("shape", [(DIMENSION + 1,), (1, DIMENSION), (0,)])
def test_a_vector_of_another_dimension_is_a_mismatch(
    file: VectorFile, shape: tuple[int, ...]
) -> None:
    with pytest.raises(IndexMismatchError, match="16 dimensions"):
        VectorSearch(file, None, 0).nearest(np.zeros(shape, dtype=np.float32), 3)


def test_keys_must_ascend(tmp_path: Path) -> None:
    writer = VectorWriter(tmp_path, "0002", DIMENSION)
    writer.add([4], TEXTS[:1], VECTORS[:1])
    for keys in ([4], [6, 6], [3]):
        with pytest.raises(ValueError, match="ascend"):
            writer.add(keys, TEXTS[: len(keys)], VECTORS[: len(keys)])
    with pytest.raises(ValueError, match="shape"):
        writer.add([9], TEXTS[:1], VECTORS[:2])
    writer.close()


@pytest.mark.parametrize("name", file_names("0001"))
def test_files_of_different_lengths_are_damage(file: VectorFile, tmp_path: Path, name: str) -> None:
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(IndexCorruptError, match="Build it again"):
        VectorFile(tmp_path, "0001", DIMENSION)
    (tmp_path / name).unlink()
    with pytest.raises(IndexCorruptError, match="cannot be read"):
        VectorFile(tmp_path, "0001", DIMENSION)


@pytest.mark.parametrize("content", [b"", b"garbage" * 50])
def test_an_approximate_index_that_is_none_is_damage(
    file: VectorFile, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "ann.faiss").write_bytes(content)
    with pytest.raises(IndexCorruptError, match="Build it again"):
        VectorSearch(file, tmp_path / "ann.faiss", 1)


def test_an_approximate_index_of_other_vectors_is_damage(file: VectorFile, tmp_path: Path) -> None:
    build_ann(file, tmp_path / "ann.faiss", unit_vectors(5, seed=6))
    writer = VectorWriter(tmp_path, "0003", DIMENSION)
    writer.add(KEYS[:7], TEXTS[:7], VECTORS[:7])
    writer.close()
    with pytest.raises(IndexCorruptError, match="holds 300 vectors"):
        VectorSearch(VectorFile(tmp_path, "0003", DIMENSION), tmp_path / "ann.faiss", 1)
