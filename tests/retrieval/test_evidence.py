from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

import retrieval.evidence_vectors
from catalog_index.embedding import MiniLMEmbedder
from catalog_index.parsing import parse_product
from catalog_index.product import Passage, Product
from retrieval.evidence import ANSWERS_FIELD, ANSWERS_PASSAGE, EvidenceRanker
from retrieval.evidence_reader import EvidenceReader
from retrieval.evidence_vectors import matcher
from retrieval.values import Evidence, Hit
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


SIZES = Passage(
    "s.md#helmets",
    "Sizing",
    "Helmets",
    "Size: S; Head: 51 to 54 cm\nSize: M; Head: 55 to 58 cm\nSize: L; Head: 59 to 63 cm",
)
READER = EvidenceReader()
MATCHER = matcher()
RANKER = EvidenceRanker(MiniLMEmbedder(), READER, MATCHER)


@pytest.fixture
def ranker() -> EvidenceRanker:
    return RANKER


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
    ranker = EvidenceRanker(embedder, READER, MATCHER)
    ranker.rank("weight", hits(LAPTOP), 5)
    before = embedder.encoded
    ranker.rank("weight", hits(LAPTOP), 5)
    assert embedder.encoded == before


def test_the_cache_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    ranker = EvidenceRanker(HashEmbedder(), READER, MATCHER)
    monkeypatch.setattr(retrieval.evidence_vectors, "MAX_CACHED_TEXTS", 30)
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
    monkeypatch.setattr(retrieval.evidence_vectors, "MAX_CACHED_TEXTS", 8)
    ranker = EvidenceRanker(HashEmbedder(), READER, MATCHER)
    questions = ["battery life", "weight", "screen size", "touchscreen", "keyboard"] * 40
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda q: ranker.rank(q, hits(LAPTOP), 3), questions))
    alone = EvidenceRanker(HashEmbedder(), READER, MATCHER)
    assert answers == [alone.rank(question, hits(LAPTOP), 3) for question in questions]


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("how heavy is it", "weight"),
        ("how long does it run on one charge", "battery life"),
        ("can I tap on the screen", "touchscreen"),
        ("weigth?", "weight"),
        ("wat is the baterry life", "battery life"),
        ("barcode please", "gtin"),
        ("which EAN does it have", "gtin"),
    ],
)
def test_a_field_asked_for_in_other_words_answers(
    ranker: EvidenceRanker, question: str, field: str
) -> None:
    best = ranker.rank(question, hits(LAPTOP), 1)[0]
    assert (best.field, best.score >= ANSWERS_FIELD) == (field, True)


@pytest.mark.parametrize(
    "question",
    ["how loud is it", "what is the warranty", "does it have a fingerprint reader", "is it vegan",
     "which country is it made in", "what is the package weight"],
)  # fmt: skip
def test_a_record_that_does_not_say_gives_no_answer(ranker: EvidenceRanker, question: str) -> None:
    best = ranker.rank(question, hits(LAPTOP), 1)[0]
    assert best.score < ANSWERS_FIELD, best


def test_fields_that_share_a_word_are_told_apart(ranker: EvidenceRanker) -> None:
    record = Product(
        "9",
        "Monitor",
        attributes={
            "display resolution": "1920 x 1080",
            "maximum resolution": "2560 x 1440",
            "package weight": "6 kg",
            "weight": "4 kg",
            "cable length": "1.5 m",
            "width": "54 cm",
        },
    )
    for name in record.attributes:
        assert ranker.rank(f"what is the {name}?", hits(record), 1)[0].field == name


def test_the_product_named_in_a_question_is_not_what_is_asked(ranker: EvidenceRanker) -> None:
    shown = Product(
        "KB-77",
        "Corvane Weightless Kettle 1.7 l",
        brand="Corvane",
        attributes={"weight": "900 g", "power": "2200 W", "capacity": "1.7 l"},
    )
    for name in ("KB-77", "the Corvane Weightless Kettle 1.7 l", "Corvane Weightless Kettle", "it"):
        best = ranker.rank(f"how many watts does {name} have?", hits(shown), 1)[0]
        assert (best.field, best.score >= ANSWERS_FIELD) == ("power", True)


def test_the_row_whose_span_holds_the_number_comes_first(ranker: EvidenceRanker) -> None:
    best = ranker.rank("my head is 56 cm, which size do I need?", hits(SIZES), 3)[0]
    assert best.text.startswith("Size: M")
    assert best.score >= ANSWERS_PASSAGE


def test_an_opinion_never_outranks_the_record(ranker: EvidenceRanker) -> None:
    record = Product(
        "5",
        "Speaker",
        attributes={
            "customer reviews": "Yes, it is waterproof! I took it in the shower. Sounds great.",
            "waterproof": False,
            "weight": "500 g",
        },
    )
    ranked = ranker.rank("is it waterproof?", hits(record), 9)
    assert (ranked[0].field, ranked[0].is_opinion) == ("waterproof", False)
    said = next(item for item in ranked if item.is_opinion)
    assert said.score < ranked[0].score


@pytest.mark.parametrize(
    ("field", "is_opinion"),
    [
        ("review", True), ("customer_reviews", True), ("Q&A", True), ("community answer 2", True),
        ("questions and answers", True), ("answer", True), ("passage", False), ("weight", False),
        ("automatic answering", False), ("preview", False),
    ],
)  # fmt: skip
def test_what_buyers_say_is_an_opinion(field: str, is_opinion: bool) -> None:
    assert Evidence("1", "x", "product", field, "y", 0.5).is_opinion is is_opinion


def test_a_long_description_is_ranked_within_bounds(ranker: EvidenceRanker) -> None:
    filler = "This sentence says nothing of use to anyone at all. " * 1000
    record = Product("6", "Lamp", description=f"{filler}The lamp is 40 cm tall. {filler}")
    best = ranker.rank("how tall is the lamp?", hits(record), 1)[0]
    assert "40 cm" in best.text
    endless = Product("7", "Lamp", description="x" * 50_000)
    assert ranker.rank("how tall is the lamp?" * 400, hits(endless), 1)


def test_the_two_libraries_read_alike() -> None:
    texts = ["weight: 420 g", "battery life: 14 h", "You can return it within 30 days."]
    torch_logits = EvidenceReader("torch").logits("how heavy is it", texts)
    assert READER.logits("how heavy is it", texts) == pytest.approx(torch_logits, abs=0.35)
    assert torch_logits.argmax() == 0
