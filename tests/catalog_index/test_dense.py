"""Dense search under filters that let many records pass, all of them far from the query."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog_index.build import build_index
from catalog_index.filters import Filter
from catalog_index.index import CatalogIndex
from tests.fakes import KETTLE, LAMP, HashEmbedder, write_jsonl


@pytest.fixture
def crowd(tmp_path: Path, embedder: HashEmbedder, monkeypatch: pytest.MonkeyPatch) -> CatalogIndex:
    """Sixty kettles, forty lamps; what a search compares is cut down to their size."""
    monkeypatch.setattr("catalog_index.index.SCANNED", 5)
    monkeypatch.setattr("catalog_index.index._WIDEST", 20)
    kettles = [{**KETTLE, "id": f"K{n}", "title": f"Steel kettle {n}"} for n in range(60)]
    lamps = [{**LAMP, "id": f"L{n}", "title": f"Lamp {n}"} for n in range(40)]
    feed = write_jsonl(tmp_path / "feed.jsonl", [*kettles, *lamps])
    build_index([feed], tmp_path / "index", embedder=embedder)
    return CatalogIndex(tmp_path / "index", embedder)


LAMPS = [Filter("brand", "is", "brightley")]


def test_as_many_hits_come_as_pass_however_far_they_are(crowd: CatalogIndex) -> None:
    for k in (1, 10, 40):
        found = crowd.dense("steel kettle", k, filters=LAMPS)
        assert len(found) == k
        assert all(
            record.id[0] == "L" for record in crowd.records([key for key, _ in found]).values()
        )
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    exact = crowd.cosines(crowd.embed("steel kettle"), [key for key, _ in found])
    assert dict(found) == pytest.approx(exact)
    assert len(crowd.dense("steel kettle", 60, filters=LAMPS)) == 40


@pytest.mark.parametrize("k", [0, -1])
def test_fewer_than_one_hit_is_none(crowd: CatalogIndex, k: int) -> None:
    for filters in ([], LAMPS, [*LAMPS, Filter("brand", "is", "nobody")]):
        assert crowd.dense("steel kettle", k, filters=filters) == []
        assert crowd.dense("steel kettle", k, "product", filters) == []
        assert crowd.lexical("steel kettle", k, filters=filters) == []
        assert crowd.lexical("kettle", k, "product", filters) == []


def test_a_filter_that_cannot_be_asked_for_is_no_damage(crowd: CatalogIndex) -> None:
    with pytest.raises(ValueError, match="Expected Str"):
        crowd.lexical("kettle", 3, filters=[Filter("brand", "is", "\ud800")])
    with pytest.raises(ValueError, match="Expected Str"):
        crowd.words.count([Filter("brand", "is", "\ud800")])
