from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from catalog_index.embedding import Vectors
from catalog_index.errors import IndexCorruptError, IndexMismatchError
from catalog_index.vectors import VectorIndex, VectorWriter

N, DIMENSION = 300, 16


def unit_vectors(n: int, seed: int) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(n, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


VECTORS = unit_vectors(N, seed=1)
KEYS = [int(key) for key in np.random.default_rng(2).permutation(np.arange(1, 10 * N, 10))]


@pytest.fixture
def index(tmp_path: Path) -> VectorIndex:
    writer = VectorWriter(DIMENSION)
    writer.add(KEYS[:100], VECTORS[:100])
    writer.add(KEYS[100:], VECTORS[100:])
    writer.write(tmp_path / "vectors.faiss")
    return VectorIndex(tmp_path / "vectors.faiss")


def nearest(query: Vectors, k: int, within: set[int] | None = None) -> list[int]:
    order = np.argsort(-(VECTORS @ query), kind="stable")
    keys = [KEYS[row] for row in order]
    return [key for key in keys if within is None or key in within][:k]


def test_search_is_exact(index: VectorIndex) -> None:
    for query in unit_vectors(20, seed=3):
        hits = index.search(query, 10)
        assert [key for key, _ in hits] == nearest(query, 10)
        expected = [float(VECTORS[KEYS.index(key)] @ query) for key, _ in hits]
        assert [score for _, score in hits] == pytest.approx(expected, abs=1e-5)


def test_only_the_given_keys_are_searched(index: VectorIndex) -> None:
    query = unit_vectors(1, seed=4)[0]
    within = KEYS[::7]
    assert [key for key, _ in index.search(query, 5, within)] == nearest(query, 5, set(within))
    assert index.search(query, 5, []) == []


def test_asking_for_more_than_there_is_gives_all_and_no_filler(index: VectorIndex) -> None:
    query = unit_vectors(1, seed=5)[0]
    assert {key for key, _ in index.search(query, 10 * N)} == set(KEYS)
    assert len(index.search(query, 50, KEYS[:3])) == 3


def test_stored_vectors_come_back(index: VectorIndex) -> None:
    assert len(index) == N
    np.testing.assert_array_equal(index.vectors(KEYS[5:8]), VECTORS[5:8])


@pytest.mark.parametrize("shape", [(DIMENSION + 1,), (1, DIMENSION), (0,)])
def test_a_vector_of_another_dimension_is_a_mismatch(
    index: VectorIndex, shape: tuple[int, ...]
) -> None:
    with pytest.raises(IndexMismatchError, match="16 dimensions"):
        index.search(np.zeros(shape, dtype=np.float32), 3)


@pytest.mark.parametrize("content", [b"", b"garbage" * 50])
def test_a_file_that_holds_no_vectors_is_reported_as_damage(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vectors.faiss"
    path.write_bytes(content)
    with pytest.raises(IndexCorruptError, match="Build it again"):
        VectorIndex(path)
    with pytest.raises(IndexCorruptError):
        VectorIndex(tmp_path / "absent")
