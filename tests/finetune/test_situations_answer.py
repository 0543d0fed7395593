"""Questions on catalog records: the evidence alone decides whether and what is answered."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

import finetune
from assistant.grounding import numbers
from assistant.tasks.answer import abstains
from catalog_index.demo.generator import generate_products
from catalog_index.product import Product, Quantity
from finetune.pair import Pair, read_pairs
from finetune.shop import Shop
from finetune.situations import answer
from finetune.situations.base import Situation
from finetune.situations.evidence import MOST_LINES, Field, lines_with, lines_without
from finetune.situations.flags import flag_of, known_flags
from finetune.situations.names import spoken
from finetune.situations.speech import Subject, subject_of
from finetune.situations.topics import Asked, topic_of
from finetune.situations.unanswered import flag_rival

SEEDS = Path(finetune.__file__).parent / "seeds" / "answer.jsonl"
IT = Subject("it", "it", "kettle", False)
THEY = Subject("they", "they", "boots", True)
SPEAKER = Product(
    id="s",
    title="Hallmoor Peat Bluetooth Speaker, Teal",
    brand="Hallmoor",
    description="Peat brings music to the garden. It weighs 420 g.",
    product_type="Electronics > Audio > Bluetooth Speakers",
    attributes={
        "weight": Quantity(420, "g"),
        "width": Quantity(12, "cm"),
        "battery life": Quantity(10, "h"),
        "charging time": Quantity(3, "h"),
        "waterproof": False,
        "stereo pairing": True,
        "colour": "teal",
    },
)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop.of(generate_products())


@pytest.fixture(scope="module")
def made(shop: Shop) -> list[Situation]:
    rng = random.Random(2)
    seeds = list(read_pairs(SEEDS))
    found = [answer.situate(rng.choice(seeds), rng.choice(shop.products), shop, rng)
             for _ in range(2000)]  # fmt: skip
    return [situation for situation in found if situation is not None]


def evidence(situation: Situation) -> list[str]:
    return list(situation.inputs["evidence"])


def test_a_third_is_unanswerable(made: list[Situation]) -> None:
    share = sum(abstains(situation.answer) for situation in made) / len(made)
    assert 0.25 < share < 0.38
    said = [situation.answer for situation in made if abstains(situation.answer)]
    assert all(text.startswith("The catalog does not say ") for text in said)


def test_the_same_questions_are_answered_and_not(made: list[Situation]) -> None:
    answered: set[str] = set()
    not_answered: set[str] = set()
    for situation in made:
        question = situation.inputs["question"].lower().rstrip("?")
        (not_answered if abstains(situation.answer) else answered).add(question)
    assert len(answered & not_answered) > 40


def test_every_number_of_an_answer_is_in_evidence_or_question(made: list[Situation]) -> None:
    for situation in made:
        known = " ".join([*evidence(situation), situation.inputs["question"]])
        held = {number.value for number in numbers(known)}
        assert {number.value for number in numbers(situation.answer)} <= held, situation


def test_an_answer_has_its_line(made: list[Situation]) -> None:
    for situation in made:
        if abstains(situation.answer) or situation.answer.startswith(("Yes", "No")):
            continue
        lines = " ".join(evidence(situation)).lower()
        words = set(re.findall(r"[a-z0-9]+", situation.answer.lower()))
        assert any(word in lines for word in words), situation


def test_evidence_is_short_and_fits_the_task(made: list[Situation]) -> None:
    for situation in made:
        assert 1 <= len(evidence(situation)) <= MOST_LINES
        assert len(set(evidence(situation))) == len(evidence(situation))
        Pair("x", "answer", situation.inputs, situation.answer).prompt()


def test_sentences_are_whole(made: list[Situation]) -> None:
    for situation in made:
        for text in (situation.answer, situation.inputs["question"]):
            assert not re.search(r"[{}\[\]]|haves|  ", text), text
            assert not re.search(r"\b[Aa] [aeio][a-z]", text), text
        assert re.match(r"[A-Z0-9]", situation.answer)
        assert situation.answer.endswith(".")
        assert len(situation.answer.split()) <= 45


def test_evidence_for_the_unanswerable_lacks_the_field(made: list[Situation]) -> None:
    checks = {
        r"(how much|what) (it|they) weighs?|how heavy (it|they) ": r"^weight",
        r"how long the battery lasts": r"^battery life",
        r"whether (it is|they are) waterproof": r"^waterproof|^protection rating",
        r"what colour (it is|they are)": r"^colour",
    }
    seen = 0
    for situation in made:
        for said, field in checks.items():
            named = re.search(r"record found is for| for (?:the )?[A-Z]", situation.answer)
            if re.search(said, situation.answer) and not named:
                seen += 1
                assert not any(re.search(field, line) for line in evidence(situation)), situation
    assert seen > 10


def test_another_products_record_gives_no_answer(made: list[Situation]) -> None:
    others = [one for one in made if "The record found is for" in one.answer]
    assert len(others) > 20
    for situation in others:
        assert evidence(situation)[0].startswith("title: ")
        asked = situation.answer.split("The record found")[0]
        assert abstains(asked)


def test_a_false_premise_is_put_right_first(shop: Shop) -> None:
    rng = random.Random(4)
    seed = next(read_pairs(SEEDS))
    corrected = []
    for _ in range(1500):
        situation = answer.situate(seed, SPEAKER, shop, rng)
        assert situation is not None
        said = situation.answer
        if "waterproof: no" in evidence(situation) and "waterproof" in said and not abstains(said):
            corrected.append(situation.answer)
    assert corrected
    assert all("not waterproof" in text for text in corrected)
    assert any(text.startswith("It is not waterproof") for text in corrected)


def test_yes_and_no_follow_the_record(shop: Shop) -> None:
    rng = random.Random(6)
    seed = next(read_pairs(SEEDS))
    for _ in range(800):
        situation = answer.situate(seed, SPEAKER, shop, rng)
        assert situation is not None
        if re.search(r"\bstereo pairing\.$", situation.answer) and not abstains(situation.answer):
            assert situation.answer.startswith(("Yes, it has", "Yes, the"))


def test_comparisons_are_right() -> None:
    rng = random.Random(8)
    field = topic_of("capacity", "1.7 l")
    asked = Asked(field, "capacity", "1.7 l")
    verdicts = set()
    for _ in range(300):
        pair = asked.compared(IT, rng)
        if pair is None:
            continue
        wanted = float(re.search(r"(\d+(?:\.\d+)?) ?l", pair[0])[1])  # type: ignore[index]
        assert pair[1].startswith("Yes" if wanted <= 1.7 else "No"), pair
        assert "1.7 l" in pair[1]
        verdicts.add(pair[1][:2])
    assert verdicts == {"Ye", "No"}


def test_wanted_lines_are_never_cut(shop: Shop) -> None:
    rng = random.Random(9)
    for product in shop.products[:200]:
        name = next(iter(product.attributes))
        field = Field(name, "anything at all")
        for _ in range(5):
            assert field.line in lines_with(product, [field], "", rng)


def test_description_and_title_do_not_give_away_what_is_missing() -> None:
    rng = random.Random(10)
    topic = topic_of("weight", "420 g")
    for _ in range(200):
        lines, _near = lines_without(SPEAKER, topic.rival, topic.words, topic.near, rng)
        assert not any("weigh" in line for line in lines)
        lines, _near = lines_without(SPEAKER, "colou?r", "teal", "", rng)
        assert not any("Teal" in line for line in lines)


def test_near_fields_stand_beside_what_is_missing() -> None:
    rng = random.Random(12)
    topic = topic_of("battery life", "10 h")
    near = [lines_without(SPEAKER, topic.rival, topic.words, topic.near, rng)[1]
            for _ in range(200)]  # fmt: skip
    assert sum(any(field.name == "charging time" for field in found) for found in near) > 60


def test_plural_products_take_plural_verbs() -> None:
    rng = random.Random(13)
    weight = Asked(topic_of("weight", "420 g"), "weight", "420 g")
    said = {weight.answer(THEY, rng) for _ in range(30)}
    assert "They weigh 420 g." in said
    assert not any("They weighs" in text for text in said)
    assert flag_of("waterproof").says(False, THEY, rng) == "They are not waterproof."
    assert flag_of("timer").says(True, IT, rng) == "It has a timer."
    assert flag_of("lid included").says(False, IT, rng) == "The lid is not included."


def test_they_is_them_where_it_is_no_subject() -> None:
    assert THEY.fill("How do I wash {it}?") == "How do I wash them?"
    assert (
        THEY.fill("Can I rely on {it}, [is] {it} tight?") == "Can I rely on them, are they tight?"
    )
    assert THEY.fill("How heavy [is] {it}?") == "How heavy are they?"
    assert THEY.fill("what colour {pro} [is]") == "what colour they are"


def test_every_flag_of_the_lexicon_speaks() -> None:
    rng = random.Random(14)
    for flag in known_flags():
        for subject in (IT, THEY):
            for _ in range(12):
                texts = [flag.ask(subject, rng)[0], flag.premise(subject, rng),
                         flag.says(True, subject, rng), flag.says(False, subject, rng),
                         flag.lacks(subject, rng)]  # fmt: skip
                assert not any(re.search(r"[{}\[\]]", text) for text in texts), texts


def test_water_fields_rival_each_other() -> None:
    rival = flag_rival("waterproof")
    assert re.search(rival, "protection rating")
    assert re.search(rival, "water column")
    assert not re.search(rival, "weight")


def test_a_bare_number_gets_no_unit() -> None:
    rng = random.Random(15)
    weight = Asked(topic_of("weight", "340"), "weight", "340")
    assert all(not re.search(r"340 ?(g|kg|lb)", weight.answer(IT, rng)) for _ in range(20))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("usb 2 0 ports quantity", "USB 2.0 ports"),
        ("wi fi", "Wi-Fi"),
        ("product colour", "colour"),
        ("connector s", "connectors"),
        ("battery life", "battery life"),
    ],
)
def test_names_are_spoken_as_people_say_them(name: str, said: str) -> None:
    assert spoken(name) == said


def test_products_are_called_in_several_ways(shop: Shop) -> None:
    rng = random.Random(16)
    asked = {subject_of(SPEAKER, rng).asked for _ in range(200)}
    assert {"it", "this"} < asked
    assert any("speaker" in name for name in asked)
    assert any("Hallmoor" in name for name in asked)


def test_records_with_too_few_fields_are_left_out(shop: Shop) -> None:
    bare = Product(id="b", title="Bare", attributes={"colour": "red"})
    assert answer.situate(next(read_pairs(SEEDS)), bare, shop, random.Random(1)) is None
