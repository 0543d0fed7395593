from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import retrieval.evidence
from catalog_index.parsing import parse_product
from catalog_index.product import Passage, Product
from retrieval.evidence import EvidenceRanker
from retrieval.values import Hit
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder

LAPTOP = parse_product(
    {
        "id": "1",
        "title": "Laptop",
        "battery life": "14 h",
        "weight": "1.3 kg",
        "screen size": "14 in",
        "touchscreen": "no",
        "description": "A light companion. The keyboard glows in the dark.",
        "gtin": "4006381333931",
    }
)
TABLE = Passage("s.md#sizes", "Sizing", "Women", "Size: S; Chest: 83 cm\nSize: M; Chest: 89 cm")


@pytest.fixture
def ranker() -> EvidenceRanker:
    return EvidenceRanker(HashEmbedder())


def hits(*records: Product | Passage) -> list[Hit]:
    return [Hit(record, 1.0) for record in records]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("what is the battery life?", "battery life"),
        ("weight of this laptop", "weight"),
        ("does it have a touchscreen", "touchscreen"),
        ("which screen size is it", "screen size"),
        ("does the keyboard glow in the dark", "description"),
        ("what is its gtin", "gtin"),
    ],
)
def test_the_field_asked_for_comes_first(ranker: EvidenceRanker, question: str, field: str) -> None:
    (best, *rest) = ranker.rank(question, hits(LAPTOP), 10)
    assert best.field == field
    assert (best.source_id, best.source_title, best.kind) == ("1", "Laptop", "product")
    assert all(best.score >= item.score for item in rest)
    assert all(0 <= item.score <= 1 for item in [best, *rest])


def test_codes_are_no_evidence_unless_asked_for(ranker: EvidenceRanker) -> None:
    fields = {item.field for item in ranker.rank("how heavy is it", hits(LAPTOP), 99)}
    assert "gtin" not in fields
    assert "weight" in fields


def test_one_row_of_a_table_is_evidence_by_itself(ranker: EvidenceRanker) -> None:
    (best, *_) = ranker.rank("chest of size M", hits(TABLE), 5)
    assert best.text == "Size: M; Chest: 89 cm"
    assert (best.field, best.kind, best.source_id) == ("passage", "passage", "s.md#sizes")


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_the_limit_counts_over_all_records(ranker: EvidenceRanker, limit: int) -> None:
    records = [parse_product(row) for row in (KETTLE, LAMP, SHOES)]
    assert len(ranker.rank("price", hits(*records, TABLE), limit)) == limit


def test_nothing_asked_or_nothing_found_is_no_evidence(ranker: EvidenceRanker) -> None:
    assert ranker.rank("price", [], 5) == []
    assert ranker.rank("  ", hits(LAPTOP), 5) == []


def test_a_text_is_embedded_once() -> None:
    embedder = HashEmbedder()
    ranker = EvidenceRanker(embedder)
    ranker.rank("weight", hits(LAPTOP), 5)
    before = embedder.encoded
    ranker.rank("weight", hits(LAPTOP), 5)
    assert embedder.encoded == before


def test_the_cache_stays_bounded(monkeypatch: pytest.MonkeyPatch, ranker: EvidenceRanker) -> None:
    monkeypatch.setattr(retrieval.evidence, "MAX_CACHED_TEXTS", 30)
    for number in range(50):
        product = Product(str(number), f"Item {number}", attributes={"size": f"{number} units"})
        assert ranker.rank(f"size of {number}", hits(product), 5)
        assert len(ranker._vectors) <= 30


def test_a_record_of_thousands_of_fields_is_ranked(ranker: EvidenceRanker) -> None:
    many = {f"field {n}": f"value {n}" for n in range(5000)}
    product = Product("1", "Thing", attributes={**many, "battery life": "3 h"})
    (best, *_) = ranker.rank("battery life", hits(product), 3)
    assert best.text == "3 h"


def test_threads_get_the_same_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrieval.evidence, "MAX_CACHED_TEXTS", 8)
    ranker = EvidenceRanker(HashEmbedder())
    questions = ["battery life", "weight", "screen size", "touchscreen", "keyboard"] * 40
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda q: ranker.rank(q, hits(LAPTOP), 3), questions))
    alone = EvidenceRanker(HashEmbedder())
    assert answers == [alone.rank(question, hits(LAPTOP), 3) for question in questions]
