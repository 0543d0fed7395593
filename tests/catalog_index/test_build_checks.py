from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from catalog_index.build import BuildReport, build_index, update_index
from catalog_index.embedding import Vectors
from catalog_index.errors import CatalogError
from catalog_index.manifest import (
    CURRENT,
)
from catalog_index.records import RecordWriter, Stored
from tests.fakes import KETTLE, LAMP, HashEmbedder, write_jsonl


class BrokenEmbedder(HashEmbedder):
    """Makes right vectors but for one text."""

    def __init__(self, vector: float, width: int = 384) -> None:
        super().__init__()
        self._vector, self._width = vector, width

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = super().encode(texts)[:, : self._width]
        vectors[[text.startswith(LAMP["title"]) for text in texts]] = self._vector
        return vectors


@pytest.mark.parametrize("vector", [float("nan"), 0.0, float("inf"), 0.5])
def test_vectors_that_are_not_of_length_1_are_not_stored(
    tmp_path: Path, shop: list[Path], vector: float
) -> None:
    with pytest.raises(CatalogError, match=r"embedder hashed-words .* 1 of 6 vectors") as caught:
        build_index(shop, tmp_path / "index", embedder=BrokenEmbedder(vector))
    assert LAMP["title"] in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "index").exists()


def test_vectors_of_another_shape_name_the_embedder(tmp_path: Path, shop: list[Path]) -> None:
    with pytest.raises(CatalogError, match=r"hashed-words .*\(6, 380\), not \(6, 384\)"):
        build_index(shop, tmp_path / "index", embedder=BrokenEmbedder(0.5, 380))


def test_rows_that_a_fault_of_the_program_drops_are_noticed(
    tmp_path: Path, built: BuildReport, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = RecordWriter.put

    def lossy(writer: RecordWriter, stored: Stored) -> bool:
        return stored.id == "K3" or real(writer, stored)

    monkeypatch.setattr(RecordWriter, "put", lossy)
    rows = [{**KETTLE, "id": f"K{n}", "title": f"Kettle {n}"} for n in range(9)]
    feed = write_jsonl(tmp_path / "f.jsonl", [*rows, rows[0]])
    before = (built.directory / CURRENT).read_text()
    for change in (build_index, lambda *a, **b: update_index(a[1], a[0], **b)):
        with pytest.raises(CatalogError, match="lost rows: 10 were read, but 8 kept"):
            change([feed], built.directory, embedder=embedder)
    assert (built.directory / CURRENT).read_text() == before
