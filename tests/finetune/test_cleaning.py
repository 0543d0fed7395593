import random
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_index.embedding import Vectors
from finetune.cleaning import Cleaned, clean
from finetune.minhash import HASHES, NearIndex, resemblance, shingles, signature
from finetune.pair import Pair
from tests.fakes import HashEmbedder

SEED = Pair(
    "ads-01",
    "ads",
    {
        "product": {"id": "s", "title": "Corvane Shoes", "colour": "red"},
        "audience": "runners",
        "instruction": "Write a short ad for the shopper named below.",
    },
    "The Corvane Shoes are red and light, made for runners who like to run.",
    "expert",
)
NOUNS = ("kettle", "lamp", "towel", "drill", "tent", "sofa", "mug", "scarf", "chair", "bottle")


def ad(number: int, **changes: Any) -> Pair:
    noun = NOUNS[number % len(NOUNS)]
    inputs = {
        "product": {"id": f"p{number}", "title": f"Aldmere {noun.title()} M{number}"},
        "audience": "cooks",
        "instruction": f"Write an ad about the {noun} for the shopper.",
    }
    output = f"Here is a {noun} called M{number} for cooks who like their {noun} plain and good."
    return replace(Pair(f"ads-01/{number}", "ads", inputs, output, "grammar", "ads-01"), **changes)


def answer(number: int, question: str, evidence: str, output: str) -> Pair:
    inputs = {"question": question, "evidence": [evidence]}
    return Pair(f"q/{number}", "answer", inputs, output, "hetpqa")


def run(*pairs: Pair, **options: Any) -> Cleaned:
    return clean(pairs, seeds=[SEED], **options)


def reasons(cleaned: Cleaned) -> dict[str, int]:
    found: dict[str, int] = {}
    for (_, _, reason), count in cleaned.reasons.items():
        found[reason] = found.get(reason, 0) + count
    return found


def test_sound_and_different_pairs_are_kept_in_order() -> None:
    pairs = [ad(number) for number in range(10)]
    cleaned = run(*pairs)
    assert cleaned.kept == pairs
    assert not cleaned.reasons
    assert cleaned.read == {("ads", "grammar"): 10}


def test_faults_are_counted_by_task_source_and_reason_with_examples() -> None:
    broken = [ad(number, output=f"{ad(number).output} Now 3 kg.") for number in range(5)]
    cleaned = run(ad(7), *broken)
    assert cleaned.reasons == {("ads", "grammar", "number"): 5}
    assert cleaned.rejected == {("ads", "grammar"): 5}
    assert [found.pair for found in cleaned.examples["number"]] == broken[:3]
    assert cleaned.to_json()["examples"]["number"][0]["id"] == "ads-01/0"
    assert cleaned.kept == [ad(7)]


def test_expansion_must_interleave_objects_and_public_pairs_need_not() -> None:
    inputs = {"product": {"id": "p", "title": "Aldmere Mug"}}
    output = "The Aldmere Mug is what you need for a good cup of tea."
    bare = Pair("r/1", "ads", inputs, output, "retail")
    assert run(bare).kept == [bare]
    assert reasons(run(replace(bare, seed="ads-01"))) == {"objects": 1}


def test_pair_of_an_unknown_seed_goes() -> None:
    assert reasons(run(ad(1, seed="ads-99"))) == {"seed": 1}


def test_exact_and_near_duplicates_go_and_the_first_is_kept() -> None:
    evidence = "The battery lasts for 8 hours of music on one charge, and it charges by USB in two."
    one = answer(1, "How long does the battery last?", evidence, "It lasts 8 hours.")
    spaced = answer(2, "how long does the  battery last", evidence, "it lasts 8 hours!")
    worded = answer(3, "How long does the battery last?", evidence, "It lasts for 8 hours.")
    cleaned = run(one, spaced, worded)
    assert cleaned.kept == [one]
    assert [found.note for found in cleaned.examples["duplicate"]] == ["of q/1", "of q/1"]


LONG = (
    "This lamp has a heavy foot, a slim neck that turns to every side, and a shade of brass that"
    " keeps the light on the page. Its switch sits in the cable. Wipe it with a dry cloth, never"
    " with a wet one, and let the bulb cool down before you change it for another of the same kind."
)


def test_other_question_about_the_same_material_is_no_duplicate() -> None:
    silent = "The catalog does not say."
    one = answer(1, "How long is the cable?", LONG, silent)
    other = answer(2, "Who makes the bulb?", LONG, silent)
    said = answer(3, "How long is the cable?", LONG, "Its switch sits in the cable.")
    again = answer(4, "How long is its cable?", LONG, silent)
    assert run(one, other, said, again).kept == [one, other, said]


def classify(name: str, product: dict[str, str], labels: list[str], label: str) -> Pair:
    return Pair(name, "classify", {"product": product, "labels": labels}, label, "retail")


def test_label_decides_whether_like_inputs_are_duplicates() -> None:
    product = {"id": "p", "title": "Aldmere reading lamp of brass", "description": LONG}
    one = classify("c/1", product, ["Lamps", "Pots"], "Lamps")
    other = classify("c/2", product, ["Lamps", "Brass"], "Brass")
    again = classify("c/3", product, ["Lamps", "Mugs"], "Lamps")
    assert run(one, other, again).kept == [one, other]


def test_id_and_order_of_labels_make_no_other_pair() -> None:
    one = classify("c/1", {"id": "p1", "title": "Mug"}, ["Mugs", "Pots"], "Mugs")
    other = classify("c/2", {"id": "p2", "title": "Mug"}, ["Pots", "Mugs"], "Mugs")
    assert run(one, other).kept == [one]


def test_pairs_that_share_question_product_or_output_with_an_evaluation_pair_go() -> None:
    held_out = answer(0, "Is it loud?", "noise: 60 dB", "It makes 60 dB.")
    asked = answer(1, "is it  LOUD", "fan: quiet", "The fan is quiet.")
    shown = Pair("e/1", "classify", {"product": "Aldmere Lamp M1", "labels": ["a", "b"]}, "a")
    said = Pair("e/2", "intent", {"query": "red mug", "product": "Mug X"}, "likely")
    query = Pair("i/1", "intent", {"query": "Red mug!", "product": "Mug Y"}, "likely", "icecat")
    other = replace(query, id="i/2", output="unlikely")
    cleaned = run(asked, ad(1), ad(2), query, other, evaluation=[held_out, shown, said])
    assert cleaned.kept == [ad(2), other]
    assert reasons(cleaned) == {"overlap": 3}


def test_instruction_like_no_seed_of_its_task_has_drifted() -> None:
    strange = "Sorry, I cannot help with that request today."
    drifted = ad(2, inputs={**ad(2).inputs, "instruction": strange})
    plain = ad(3, inputs={k: v for k, v in ad(3).inputs.items() if k != "instruction"})
    cleaned = run(ad(1), drifted, plain, embedder=HashEmbedder())
    assert cleaned.kept == [ad(1), plain]
    assert reasons(cleaned) == {"drift": 1}
    assert run(ad(1), drifted, plain).kept == [ad(1), drifted, plain]


def test_a_distinct_instruction_is_embedded_once() -> None:
    class Counting(HashEmbedder):
        def encode(self, texts: Any) -> Vectors:
            assert len(set(texts)) == len(texts)
            return super().encode(texts)

    embedder = Counting()
    instruction = "Write an ad about this for the shopper."
    pairs = [ad(n, inputs={**ad(n).inputs, "instruction": instruction}) for n in range(2100)]
    run(*pairs, embedder=embedder)
    assert embedder.encoded == 2


def test_progress_reaches_the_number_read() -> None:
    done: list[int] = []
    run(*(ad(number) for number in range(30)), progress=done.append)
    assert sum(done) == 30


WORDS = st.lists(st.sampled_from([f"w{number}" for number in range(40)]), min_size=3, max_size=60)


def grams(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(words, words[1:], words[2:], strict=False))


@settings(deadline=None)
@given(WORDS, st.integers(0, 59), st.integers(0, 3))
def test_signatures_estimate_the_jaccard_similarity_of_word_trigrams(
    words: list[str], at: int, changes: int
) -> None:
    other = [
        f"x{place}" if at <= place < at + changes else word for place, word in enumerate(words)
    ]
    one, two = (signature(shingles([" ".join(said)])) for said in (words, other))
    ours, theirs = grams(words), grams(other)
    truth = len(ours & theirs) / len(ours | theirs)
    assert resemblance(one, two[None])[0] == pytest.approx(truth, abs=0.3)
    assert truth < 1 or (one == two).all()


def test_index_finds_what_is_alike_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    index = NearIndex()
    base = [rng.integers(0, 2**32, 100, dtype=np.uint64) for _ in range(300)]
    for hashes in base:
        index.add(signature(hashes))
    found = 0
    for number, hashes in enumerate(base):
        near = hashes.copy()
        near[:10] = rng.integers(0, 2**32, 10, dtype=np.uint64)  # Jaccard 90 / 110
        hits = index.near(signature(near), 0.7)
        assert set(hits) <= {number}
        found += hits == [number]
    assert found >= 280
    assert signature(base[0]).shape == (HASHES,)


def test_thousands_of_pairs_are_cleaned_in_seconds() -> None:
    chance = random.Random(0)
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = []
    for number in range(2000):
        said = " ".join("".join(chance.choices(letters, k=5)) for _ in range(30))
        pairs.append(ad(number, output=f"{said}."))
    start = time.process_time()
    assert len(run(*pairs).kept) == 2000
    assert 2000 / (time.process_time() - start) > 400
