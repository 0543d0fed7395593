import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from finetune.checks import FAULTS, faults
from finetune.pair import Pair
from finetune.seed_set import load_seeds

KETTLE = {
    "id": "K-1",
    "title": "Aldmere Kettle 1.7 l",
    "brand": "Aldmere",
    "product_type": "Kitchen > Kettles",
    "price": "39.95 EUR",
    "attributes": {"capacity": "1.7 l", "cordless": True, "waterproof": False, "colour": "red"},
}
AD = "Boil water in a moment with the red Aldmere Kettle. It holds 1.7 l and costs 39.95 EUR."


def make(task: str, output: str, **inputs: Any) -> Pair:
    return Pair("p-1", task, inputs, output, "test")


def ad(output: str = AD, **inputs: Any) -> Pair:
    return make("ads", output, product=KETTLE, **inputs)


def title(output: str, query: str = "cordless kettle", **inputs: Any) -> Pair:
    return make("title", output, query=query, product=KETTLE, **inputs)


def answer(output: str, question: str, *evidence: str, **inputs: Any) -> Pair:
    return make("answer", output, question=question, evidence=list(evidence), **inputs)


def test_sound_pairs_have_no_faults() -> None:
    assert faults(ad()) == []
    assert faults(title("Aldmere Cordless Kettle 1.7 l with Colour Red")) == []
    assert faults(make("classify", "Kettles", product=KETTLE, labels=["Kettles", "Pots"])) == []
    assert faults(make("intent", "likely", query="kettle", product=KETTLE)) == []
    assert faults(answer("It holds 1.7 l.", "How much does it hold?", "capacity: 1.7 l")) == []


@pytest.mark.parametrize(
    "pair",
    [
        make("title", "Kettle", product=KETTLE),
        make("ads", AD, product=KETTLE, colour="red"),
        make("poem", "Kettle"),
        answer("It holds 1.7 l.", "  ", "capacity: 1.7 l"),
        title("Kettle", query="?!"),
    ],
)
def test_inputs_that_do_not_fit_the_task(pair: Pair) -> None:
    assert faults(pair) == ["inputs"]


def test_output_without_a_word_is_empty() -> None:
    assert faults(ad(" ... ")) == ["empty"]


def test_label_must_be_one_of_those_given_letter_for_letter() -> None:
    assert faults(make("classify", "kettles", product=KETTLE, labels=["Kettles"])) == ["label"]
    assert faults(make("intent", "likely.", query="kettle", product=KETTLE)) == ["label"]


@pytest.mark.parametrize("stated", ["It holds 2 l.", "It holds 1.7 kg.", "It runs for 1700 hours."])
def test_number_or_unit_that_the_inputs_do_not_hold(stated: str) -> None:
    assert faults(answer(stated, "How much does it hold?", "capacity: 1.7 l")) == ["number"]
    assert "number" in faults(ad(f"{AD} {stated}"))


def test_number_may_come_from_question_context_words_or_codes() -> None:
    assert faults(answer("No, not 2 l but 1.7 l.", "Does it hold 2 l?", "capacity: 1.7 l")) == []
    assert faults(ad(f"{AD} Save 10 % now.", context={"promotion": "10 % off"})) == []
    assert faults(answer("There are 2 lids.", "How many lids?", "It comes with two lids.")) == []
    assert faults(answer("Yes, the iPhone 5.", "Does it fit?", "for iphone5 only")) == []
    assert faults(answer("It is 200 cm long.", "How long?", "size: 140x200 cm")) == []
    assert faults(answer("It weighs 5 kg.", "How heavy?", "fits: iphone5")) == ["number"]


def test_title_word_must_be_true_of_the_record_even_if_the_query_holds_it() -> None:
    assert faults(title("Aldmere Steel Kettle", query="steel kettle")) == ["word"]
    assert faults(title("Aldmere Waterproof Kettle", query="waterproof kettle")) == ["word"]


@pytest.mark.parametrize("claim", ["It is dishwasher safe.", "It is waterproof.", "By Brightley."])
def test_ad_may_not_claim_a_feature_or_name_that_the_record_does_not_hold(claim: str) -> None:
    assert faults(ad(f"{AD} {claim}")) == ["word"]


def test_ad_may_praise_and_quote() -> None:
    quoted = f'"Boils in a flash." Your words, not ours. {AD} A calm start to the day!'
    assert faults(ad(quoted, context={"review": "Boils in a flash."})) == []


def test_title_may_spell_a_word_of_the_record_the_other_way() -> None:
    product = {**KETTLE, "title": "Grey Aldmere Kettle", "description": "In gray aluminum."}
    assert faults(make("title", "Gray Aldmere Aluminium", query="kettle", product=product)) == []


def test_lengths() -> None:
    assert faults(title("Aldmere Cordless Kettle 1.7 l", max_characters=20)) == ["length"]
    assert faults(ad("Red Aldmere Kettle, 39.95 EUR.")) == ["length"]
    long = " ".join(f"word{letter}x" for letter in map(chr, range(200, 330)) if letter.isalpha())
    assert "length" in faults(answer(long, "What is it?", long))
    assert faults(ad(instruction="Ad, please")) == ["length"]
    assert "length" in faults(ad(instruction="Write and " * 41))


@pytest.mark.parametrize(
    "text",
    [
        "Der Wasserkocher ist schnell und leicht, für die Küche und das Büro mit einem Deckel.",
        "Это очень хороший чайник для вашей кухни и офиса, красный.",
        "The kettleâ€™s lid opens with one hand, and it boils the water fast.",
        "The kettle boils fast\x07 and its lid opens with one hand, every day.",
        "The kettle boils fast \ufffd and its lid opens with one hand, every day.",
    ],
)
def test_language_must_be_whole_english(text: str) -> None:
    assert "language" in faults(ad(text))
    assert "language" in faults(ad(instruction=text))


def test_broken_material_is_a_fault_and_accents_and_units_are_none() -> None:
    assert faults(ad(context={"review": "TrÃ¨s bon"})) == ["language"]
    named = "The Casa del Sol mug from Los Altos, made con amore, is for you and your tea."
    assert faults(answer(named, "What is it?", named)) == []
    assert faults(answer("Yes, 90 °C in a café crème tone.", "Hot?", "90 °C, café crème")) == []


@pytest.mark.parametrize(
    "text",
    [
        "A very very very good kettle for all of your tea in the morning.",
        "The Aldmere Kettle is is red and it boils water fast for you.",
        "It boils your water fast. The Aldmere Kettle is red. It boils your water fast.",
    ],
)
def test_stutter_is_repetition(text: str) -> None:
    assert faults(ad(text)) == ["repetition"]


def test_title_stuffed_with_a_word_is_repetition() -> None:
    assert faults(title("Kettle, Red Kettle, Aldmere Kettle")) == ["repetition"]


def test_objects_are_asked_for_only_where_pairs_must_interleave() -> None:
    assert faults(ad(), interleaved=True) == ["objects"]
    assert faults(ad(audience="tea drinkers"), interleaved=True) == []
    assert faults(ad()) == []


def test_yes_against_the_field_that_the_question_names() -> None:
    asked = "Is it waterproof?"
    assert faults(answer("Yes, it is.", asked, "waterproof: no")) == ["yes_no"]
    assert faults(answer("No, it is not.", asked, "colour: red", "waterproof: yes")) == ["yes_no"]
    assert faults(answer("No, it is not.", asked, "waterproof: no")) == []
    assert faults(answer("Yes, I need one.", "Do I need batteries?", "batteries: no")) == []
    for either in ("Yes, it is.", "No, it is not."):
        assert faults(answer(either, asked, "waterproof: no", "Waterproof: yes")) == []


def test_instruction_must_keep_its_seeds_numbers_and_quotations() -> None:
    seed = title(
        "Aldmere Kettle", instruction='Write "NEW" first, within 70 characters, 2 colours.'
    )
    kept = title("Aldmere Kettle", instruction="Two colours, 70 characters, “new” up front.")
    assert faults(kept, seed=seed) == []
    for lost in ("Two colours in 70 characters.", 'Put "new" first, two colours.'):
        assert faults(title("Aldmere Kettle", instruction=lost), seed=seed) == ["feature"]


def test_number_of_the_seeds_own_inputs_is_not_missed_where_the_pair_has_another() -> None:
    seed = title("Aldmere Kettle", instruction="At most 70 characters, please.", max_characters=70)
    own = "At most 90 characters, please."
    assert faults(title("Aldmere Kettle", instruction=own, max_characters=90), seed=seed) == []
    same = title("Aldmere Kettle", instruction="Make it short, please.", max_characters=70)
    assert faults(same, seed=seed) == ["feature"]


def test_codes_come_in_the_order_of_the_vocabulary() -> None:
    found = faults(ad("Der die das und ist nicht 5 5 5 mit"), interleaved=True)
    assert found == [code for code in FAULTS if code in found]
    assert len(found) > 2


@settings(deadline=None)
@given(st.text(), st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_any_text_is_judged_without_a_crash(
    output: str, instruction: str, question: str, evidence: list[str]
) -> None:
    for pair in (
        answer(output, question, *evidence, instruction=instruction),
        title(output, question, instruction=instruction),
    ):
        assert set(faults(pair, seed=pair, interleaved=True)) <= set(FAULTS)


def test_a_thousand_pairs_take_less_than_a_second() -> None:
    pairs = load_seeds(None)
    start = time.process_time()
    for _ in range(2):
        for pair in pairs:
            faults(pair, seed=pair, interleaved=True)
    assert 2 * len(pairs) / (time.process_time() - start) > 1000
