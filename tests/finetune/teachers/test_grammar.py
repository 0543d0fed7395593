from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

import pytest

from assistant.grounding import check_ad
from assistant.tasks import TASKS
from assistant.tasks.metrics import rouge_l, words
from catalog_index.demo.generator import generate_products
from finetune.checks import faults
from finetune.jobs import make_jobs
from finetune.pair import Pair
from finetune.seed_set import load_seeds
from finetune.shop import Shop
from finetune.situations.naming import name_of
from finetune.teachers.base import Job
from finetune.teachers.grammar import GrammarTeacher
from finetune.teachers.grammar.ads import MAX_WORDS, MIN_WORDS, shown_fields, write_ad
from finetune.teachers.grammar.facts import facts_of, wording
from finetune.teachers.grammar.families import FAMILIES, family_of
from finetune.teachers.grammar.paraphrase import paraphrase
from finetune.teachers.grammar.tones import TONE_ENDINGS, TONE_OPENINGS
from finetune.teachers.grammar.transfer import bound_words, transfers

_ENDS = re.compile(r"[.!?](?=\s|$)")
KETTLE = {
    "id": "k1",
    "title": "Brantwick Steamlet Electric Kettle, 1.7 l, Cream",
    "brand": "Brantwick",
    "product_type": "Kitchen > Appliances > Electric Kettles",
    "price": "49.00 EUR",
    "attributes": {"capacity": "1.7 l", "power": "2200 W", "waterproof": False, "cordless": True},
}


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    shop = Shop.of(list(generate_products())[::3])
    return list(GrammarTeacher(1).expand(make_jobs(load_seeds(), shop, 1500, 1)))


def ads_of(pairs: list[Pair]) -> list[Pair]:
    return [pair for pair in pairs if pair.task == "ads"]


def test_every_pair_is_sound(pairs: list[Pair]) -> None:
    seeds = {seed.id: seed for seed in load_seeds()}
    wrong = Counter(
        fault
        for pair in pairs
        for fault in faults(pair, seed=seeds.get(pair.seed), interleaved=bool(pair.seed))
    )
    assert wrong.total() <= len(pairs) * 0.005, wrong


def test_the_same_seed_makes_the_same_pairs() -> None:
    shop = Shop.of(list(generate_products())[::40])
    seeds = load_seeds()
    one, two = (list(GrammarTeacher(7).expand(make_jobs(seeds, shop, 60, 7))) for _ in range(2))
    assert one == two
    assert one != list(GrammarTeacher(8).expand(make_jobs(seeds, shop, 60, 7)))


def test_about_half_of_the_expansions_keep_the_task_s_own_words(pairs: list[Pair]) -> None:
    expanded = [pair for pair in pairs if pair.seed]
    own = sum(bool(pair.instruction) for pair in expanded)
    assert 0.4 < own / len(expanded) < 0.6


def test_a_product_alone_is_no_expansion_of_its_seed(pairs: list[Pair]) -> None:
    alone = [pair for pair in ads_of(pairs) if set(pair.inputs) == {"product"}]
    assert alone
    assert not any(pair.seed or pair.instruction for pair in alone)


def test_the_label_of_a_job_is_never_touched() -> None:
    seed = next(pair for pair in load_seeds() if pair.task == "classify")
    inputs = {"product": {"title": "Kettle"}, "labels": ["Kettles", "Lamps"]}
    job = Job("c", seed, inputs, answer="Lamps")
    (made,) = GrammarTeacher(1).expand([job])
    assert made.output == "Lamps"


def test_a_seed_bound_to_its_product_does_not_lend_its_instruction() -> None:
    seeds = {pair.id: pair for pair in load_seeds()}
    waterproof = {"product": KETTLE, "context": {"review": "Good."}}
    assert bound_words(seeds["ads-03"]) >= {"mother"}
    assert not transfers(seeds["ads-03"], waterproof)
    assert transfers(seeds["title-01"], {"query": "kettle", "product": KETTLE})


def test_ads_are_short_and_name_the_product(pairs: list[Pair]) -> None:
    lengths = [len(pair.output.split()) for pair in ads_of(pairs)]
    assert sum(MIN_WORDS <= length <= MAX_WORDS for length in lengths) > len(lengths) * 0.97
    for pair in ads_of(pairs):
        name = name_of(pair.inputs["product"])
        assert name is not None
        assert name.brand in pair.output or name.noun in pair.output.lower()


def test_ads_claim_nothing_that_their_inputs_do_not_hold(pairs: list[Pair]) -> None:
    ads = ads_of(pairs)
    doubtful = 0
    for pair in ads:
        held = [("", name, text) for name, text in TASKS["ads"].source(pair.read())]
        claims = check_ad(pair.output, held)
        assert not any(claim.verdict == "contradicted" for claim in claims), pair.output
        doubtful += any(claim.verdict != "supported" for claim in claims)
    assert doubtful <= len(ads) * 0.02


def test_ads_differ_and_read_easily(pairs: list[Pair]) -> None:
    texts = [pair.output for pair in ads_of(pairs)]
    pairs_of_words: Counter[tuple[str, str]] = Counter()
    for text in texts:
        said = words(text)
        pairs_of_words.update(itertools.pairwise(said))
    assert len(set(texts)) == len(texts)
    assert len(pairs_of_words) / pairs_of_words.total() > 0.5
    assert sum(map(flesch, texts)) / len(texts) > 65


def flesch(text: str) -> float:
    """Flesch (1948), syllables counted as runs of vowels."""
    said = re.findall(r"[A-Za-z0-9'-]+", text)
    sentences = max(1, len(re.findall(r"[.!?](?:\s|\"|$)", text)))
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in said)
    return 206.835 - 1.015 * len(said) / sentences - 84.6 * syllables / len(said)


def test_no_article_noun_or_verb_is_wrong_in_plain_sight(pairs: list[Pair]) -> None:
    slips = re.compile(r"\b(?:a [aeio]\w|an [bcdfgjkpqtvwz][a-z]|(\w{3,}) \1\b|they (?:is|has)\b)")
    allowed = re.compile(r"\ba (?:one|once|euro)|\b(\d\S*) \1\b")
    for pair in ads_of(pairs):
        found = slips.search(pair.output)
        assert not found or allowed.search(pair.output), pair.output


def test_wishes_are_honoured() -> None:
    wishes: Mapping[str, Any] = {
        "product": KETTLE,
        "audience": "night owls",
        "context": {"promotion": "10 % off until Sunday", "stock": "Only 5 left"},
    }
    for number in range(20):
        ad = write_ad(wishes, random.Random(number))
        assert "night owls" in ad.lower()
        assert "10 % off until Sunday" in ad
        assert "5 left" in ad


def test_a_review_is_quoted_as_it_stands() -> None:
    inputs = {"product": KETTLE, "context": {"review": "It sings like a bird."}}
    for number in range(10):
        assert '"It sings like a bird,' in write_ad(inputs, random.Random(number))


def test_a_style_policy_forbids_exclamation_marks() -> None:
    for number in range(30):
        inputs = {
            "product": KETTLE,
            "tone": "bold",
            "context": {"style policy": "No exclamation marks."},
        }
        assert "!" not in write_ad(inputs, random.Random(number))
    bold = [write_ad({"product": KETTLE, "tone": "bold"}, random.Random(n)) for n in range(30)]
    assert sum("!" in ad for ad in bold) > 20


def test_a_false_attribute_is_never_praised() -> None:
    assert "waterproof" not in {fact.name for fact in facts_of(KETTLE, named(KETTLE))}
    for number in range(60):
        assert "waterproof" not in write_ad({"product": KETTLE}, random.Random(number)).lower()


@pytest.mark.parametrize(
    ("name", "value", "words_of_it"),
    [
        ("weight", "420 g", "420 g"),
        ("pockets", "1", "1 pocket"),
        ("made in", "Netherlands", "the Netherlands"),
        ("case material", "stainless steel", "a case of stainless steel"),
        ("machine washable", "", "washing machine"),
        ("usb charging port", "", "a USB charging port"),
        ("key ingredients", "shea butter, oat extract", "shea butter and oat extract"),
    ],
)
def test_a_fact_is_worded_with_its_value(name: str, value: str, words_of_it: str) -> None:
    fact = wording(name, value)
    assert fact is not None
    assert any(words_of_it in text for text in (*fact.verbs, *fact.nouns))


@pytest.mark.parametrize(
    ("name", "value"),
    [("lock", "none"), ("usb-a ports", "0"), ("ph value", "8.5"), ("wireless range", "10")],
)
def test_values_that_say_nothing_are_left_alone(name: str, value: str) -> None:
    assert wording(name, value) is None


@pytest.mark.parametrize(
    ("record", "key"),
    [
        (KETTLE, "appliance"),
        ({"title": "Houndsley Dog Bed", "product_type": "Pets > Dog Beds"}, "pet"),
        ({"title": "Inkstead Notebook A5", "product_type": "Paper > Notebooks"}, "paper"),
        (
            {
                "title": "Hexa Book 14 Notebook",
                "product_type": "Notebook",
                "attributes": {"processor family": "Core"},
            },
            "computer",
        ),
        ({"title": "Zorbal Gadget"}, "any"),
    ],
)
def test_a_product_is_spoken_of_as_its_family_is(record: dict[str, Any], key: str) -> None:
    record = {"brand": "", **record}
    assert family_of(record, named(record)).key == key


def test_each_family_has_plenty_to_say() -> None:
    assert len(FAMILIES) >= 30
    for family in FAMILIES:
        assert len(family.scenes) >= 5
        assert min(len(family.openings), len(family.endings)) >= 23


def test_what_is_said_of_a_family_claims_nothing() -> None:
    held = [("", "title", "Thing")]
    lines = [line for family in FAMILIES for line in (*family.openings, *family.endings)]
    lines += [
        line
        for table in (TONE_OPENINGS, TONE_ENDINGS)
        for texts in table.values()
        for line in texts
    ]
    for line in lines:
        said = line.replace("{obj}", "it")
        assert not check_ad(said, held), said
        assert len(_ENDS.findall(said)) == 1, said


def test_an_ad_has_at_most_three_sentences(pairs: list[Pair]) -> None:
    for pair in ads_of(pairs):
        name = name_of(pair.inputs["product"])
        assert name is not None
        assert len(_ENDS.findall(pair.output.replace(name.full, "it"))) <= 3, pair.output


def test_an_ad_states_a_fact_and_only_such_as_the_prompt_shows() -> None:
    attributes = {f"{name} material": "oak" for name in "abcdefghi"} | {"colour": "teal"}
    product = {**KETTLE, "attributes": attributes}
    assert "colour" not in shown_fields({"product": product})
    assert write_ad({"product": product}, random.Random(1)) == ""
    shown = {**KETTLE, "attributes": {"colour": "teal"}}
    for number in range(20):
        assert "teal" in write_ad({"product": shown}, random.Random(number))


def test_a_serious_tone_takes_its_own_sentences_alone() -> None:
    own = {*TONE_OPENINGS["formal"], *TONE_ENDINGS["formal"]}
    for number in range(30):
        ad = write_ad({"product": KETTLE, "tone": "serious"}, random.Random(number))
        said = re.split(r"(?<=[.!?]) ", ad)
        assert all(
            text in own or any(said in text for said in ("Steamlet", "It ", "it ", "You ", "49.00"))
            for text in said
        ), ad


def test_nothing_is_written_of_a_spare_part() -> None:
    part = {**KETTLE, "title": "Brantwick Kettle spare part"}
    assert write_ad({"product": part}, random.Random(1)) == ""


def test_a_product_without_a_name_gets_no_ad() -> None:
    assert (
        write_ad(
            {"product": {"title": "Brantwick, Original", "brand": "Brantwick"}}, random.Random(1)
        )
        == ""
    )


def test_a_paraphrase_keeps_numbers_and_quotations_and_mostly_differs() -> None:
    rng = random.Random(6)
    alike = []
    for seed in load_seeds():
        said = paraphrase(seed.instruction, rng)
        assert said != seed.instruction
        assert set(re.findall(r"\d+", seed.instruction)) <= set(re.findall(r"\d+", said))
        assert set(re.findall(r'"[^"]+"', seed.instruction)) <= set(re.findall(r'"[^"]+"', said))
        for feature in ("purchase history", "browsing history", "title policy", "review"):
            assert (feature in seed.instruction.lower()) <= (feature in said.lower())
        alike.append(rouge_l(said, seed.instruction))
    assert sum(score < 0.7 for score in alike) > len(alike) * 0.6


def named(record: Mapping[str, Any]) -> Any:
    name = name_of(record)
    assert name is not None
    return name
