from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from catalog_index.demo.generator import generate_products
from catalog_index.embedding import MiniLMEmbedder
from catalog_index.embedding.weights import read_tokenizer
from finetune.evidence.calibration import choose_threshold, fit_blend, measure, scores_of
from finetune.evidence.catalog import Questioner
from finetune.evidence.encoder import PairEncoder
from finetune.evidence.examples import Example, Labelled, is_held_out, split
from finetune.evidence.labelled import plain_attribute, read_labelled
from finetune.evidence.matching import PIECES, groups, train_matcher
from finetune.evidence.policies import policy_examples, rules
from finetune.evidence.training import Schedule, batches, save, train
from finetune.evidence.wording import garbled
from finetune.shop import Shop
from retrieval.evidence_blend import FEATURES
from retrieval.evidence_pieces import Piece
from retrieval.evidence_reader import EvidenceReader
from retrieval.evidence_vectors import KeptVectors, matcher

PQA = Path(__file__).parents[3] / "shared" / "data" / "pqa"
PRODUCTS = list(generate_products())[::12]


@pytest.fixture(scope="module")
def questions() -> list[Example]:
    return list(Questioner(Shop.of(PRODUCTS), random.Random(1)).examples(PRODUCTS, 3))


def test_questions_are_answered_or_not_and_the_same_on_every_run(questions: list[Example]) -> None:
    again = Questioner(Shop.of(PRODUCTS), random.Random(1)).examples(PRODUCTS, 3)
    assert list(again) == questions
    answered = sum(example.is_answered for example in questions) / len(questions)
    assert 0.5 < answered < 0.8
    assert len({example.question for example in questions}) > 0.8 * len(questions)


def test_what_answers_is_the_field_asked_for(questions: list[Example]) -> None:
    for example in questions:
        right = [one.piece.field for one in example.pieces if one.label == 1.0]
        assert len(right) <= 1
        wrong = [one.piece.field for one in example.pieces if one.label == 0.0]
        assert not set(right) & set(wrong)


def test_no_name_of_the_product_is_in_a_question(questions: list[Example]) -> None:
    codes = {product.id.lower() for product in PRODUCTS}
    for example in questions:
        assert not codes & set(example.question.lower().split())


def test_a_group_is_on_one_side_of_the_split(questions: list[Example]) -> None:
    learned, held = split(questions)
    assert learned
    assert held
    assert not {one.group for one in learned} & {one.group for one in held}
    shares = [is_held_out(f"group {n}", 0.25) for n in range(2000)]
    assert 0.2 < sum(shares) / 2000 < 0.3


def test_policy_questions_are_never_countered_by_their_own_topic() -> None:
    topics = {rule.text: rule.topic for rule in rules()}
    for example in policy_examples(random.Random(2), 1):
        about = topics[example.group.removeprefix("rule ")]
        for one in example.pieces:
            assert (topics[one.piece.text] == about) == (one.label == 1.0)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('item_weight:  { value:8.0, unit:"ounces" }', ("item weight", "8.0, ounces")),
        ("batteries_included:  { value:false }", ("batteries included", "no")),
        ('brand: { value:"CHANEL" }', ("brand", "CHANEL")),
        ("plain", ("plain", "")),
    ],
)
def test_nested_attributes_become_plain_text(written: str, read: tuple[str, str]) -> None:
    assert plain_attribute(written) == read


@pytest.mark.skipif(not PQA.is_dir(), reason="the labelled product questions are not here")
def test_labelled_questions_keep_their_labels() -> None:
    examples = list(read_labelled(PQA))
    assert {example.source for example in examples} == {"semipqa", "hetpqa", "epqa"}
    assert len({example.group for example in examples}) == len(examples)
    assert 0.85 < sum(example.is_answered for example in examples) / len(examples) < 0.97


def test_a_mistyped_question_differs_by_one_slip() -> None:
    rng = random.Random(3)
    for _ in range(50):
        assert abs(len(garbled("battery life", rng)) - len("battery life")) <= 1
    assert garbled("a b?", rng) == "a b?"


def pairs(count: int) -> list[Example]:
    pieces = (Labelled(Piece("weight", "2 kg"), 1.0), Labelled(Piece("colour", "red"), 0.0))
    return [Example(f"how heavy is it {n % 7}", pieces, "catalog", f"g{n}") for n in range(count)]


def test_training_learns_and_what_it_writes_reads_the_same(tmp_path: Path) -> None:
    out = tmp_path / "reader.safetensors"
    schedule = Schedule(learning_rate=2e-3, tokens=140, first_layer=4)
    model = train(pairs(60), schedule, out, lambda _: None, dtype=torch.float32)
    texts = ["weight: 2 kg", "colour: red"]
    ids = [
        one.ids for one in read_tokenizer().encode_batch([("how heavy is it", t) for t in texts])
    ]
    with torch.inference_mode():
        trained = [model(torch.tensor([row]), torch.ones(1, len(row))).item() for row in ids]
    assert trained[0] - trained[1] > 1.0
    for library in ("openvino", "torch"):
        reader = EvidenceReader(library, out)  # type: ignore[arg-type]
        assert reader.logits("how heavy is it", texts) == pytest.approx(trained, abs=0.15)


def test_training_goes_on_from_a_file(tmp_path: Path) -> None:
    first, second = PairEncoder(), PairEncoder()
    with torch.no_grad():
        for parameter in first.trained().values():
            parameter.normal_(0.0, 0.02)
    save(first, tmp_path / "a.safetensors")
    second.start_from(load_file(tmp_path / "a.safetensors"))
    save(second, tmp_path / "b.safetensors")
    one, other = load_file(tmp_path / "a.safetensors"), load_file(tmp_path / "b.safetensors")
    assert one.keys() == other.keys()
    assert all(np.allclose(one[name], other[name], atol=1e-3) for name in one)


def test_batches_have_few_shapes_and_keep_labels(questions: list[Example]) -> None:
    made = batches(questions, Schedule(tokens=512))
    assert len({batch.ids.shape for batch in made}) <= 8
    assert all(batch.ids.numel() <= 512 for batch in made)
    assert sum(float(batch.labels.sum()) for batch in made) > 0


def test_the_matcher_learns_and_what_it_writes_matches(tmp_path: Path) -> None:
    out = tmp_path / "matcher.safetensors"
    pieces = (Labelled(Piece("zorp", "2 kg"), 1.0), Labelled(Piece("weight", "3 kg"), 0.0))
    examples = [Example("how heavy is it", pieces, "catalog", f"g{n}") for n in range(240)]
    untaught = KeptVectors(MiniLMEmbedder()).cosines(
        "how heavy is it", ["zorp: 2 kg", "weight: 3 kg"]
    )
    assert untaught[0] < untaught[1]
    schedule = Schedule(learning_rate=3e-3, first_layer=4)
    train_matcher(examples, schedule, out, lambda _: None, dtype=torch.float32)
    for library in ("openvino", "torch"):
        taught = KeptVectors(matcher(out, library))  # type: ignore[arg-type]
        near, far = taught.cosines("how heavy is it", ["zorp: 2 kg", "weight: 3 kg"])
        assert near > far


def test_groups_fill_up_missing_pieces_and_count_none_of_them() -> None:
    (group,) = groups(pairs(24), 1)
    assert group.labels.shape == (24, PIECES)
    assert (group.labels >= 0).sum() == 48
    assert group.pieces.shape[0] == 24 * PIECES


def test_the_blend_finds_the_sign_that_tells() -> None:
    rng = np.random.default_rng(1)
    examples, features = [], []
    for number in range(80):
        is_there = number % 4 != 0
        pieces = tuple(
            Labelled(Piece(field, "x"), float(is_there and at == 0))
            for at, field in enumerate(("weight", "width", "description"))
        )
        matrix = rng.normal(0, 0.1, (3, len(FEATURES)))
        matrix[:, 0] += [4.0 * one.label - 2.0 for one in pieces]
        examples.append(Example("q", pieces, "catalog", f"g{number}"))
        features.append(matrix)
    examples.append(Example("q", (Labelled(Piece("description", "y"), 1.0),), "epqa", "last"))
    features.append(np.array([[2.0] + [0.0] * (len(FEATURES) - 1)]))
    blend = fit_blend(examples, features, {"catalog": 1.0})
    scores = scores_of(blend, examples, features)
    threshold = choose_threshold(examples, scores)
    found = measure(examples, scores, threshold)
    assert (found.right, found.refused) == (1.0, 1.0)
    assert found.average_precision > 0.99
    json.dumps(blend.field)
