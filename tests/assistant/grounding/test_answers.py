"""The check of a draft against the evidence, as tables of what passes and what does not."""

from __future__ import annotations

import pytest

from assistant.grounding import (
    check_answer,
    check_names,
    check_numbers,
    grounded,
    keep_supported,
    numbers,
    repair_answer,
)
from assistant.tasks.answer import ABSTENTION
from assistant.values import Claim
from retrieval.values import Evidence


def field(name: str, text: str, score: float = 0.9, title: str = "Steel kettle") -> Evidence:
    return Evidence("KE-1", title, "product", name, text, score)


PASSAGE = Evidence(
    "r.md#refunds", "Returns: Refunds", "passage", "passage", "We refund within 5 working days.", 1
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("runs 20 hours", [("20 hours", 20, "h")]),
        ("runs 20h", [("20h", 20, "h")]),
        ("2.5 kg and 30 cm", [("2.5 kg", 2.5, "kg"), ("30 cm", 30, "cm")]),
        ("2,5kg", [("2,5kg", 2.5, "kg")]),
        ("1,200 pieces", [("1,200 pieces", 1200, "piece")]),
        ("1,234,567.5", [("1,234,567.5", 1234567.5, "")]),
        ("1.234,50 EUR", [("1.234,50 EUR", 1234.5, "eur")]),
        ("€39.95 for two", [("€39.95", 39.95, "eur")]),
        ("$ 5 off", [("$ 5", 5, "usd")]),
        ("39,95 €", [("39,95 €", 39.95, "eur")]),
        ("£7", [("£7", 7, "gbp")]),
        ("5 dollars, 10%", [("5 dollars", 5, "usd"), ("10%", 10, "%")]),
        ('24" wide', [('24"', 24, "in")]),
        ("40 °C or 104 °F", [("40 °C", 40, "°c"), ("104 °F", 104, "°f")]),
        ("14 in stock", [("14", 14, "")]),
        ("3 colours", [("3", 3, "")]),
        ("a 30-day trial", [("30", 30, "")]),
        ("sizes 40,41,42", [("40,41,42", 40, ""), ("40,41,42", 41, ""), ("40,41,42", 42, "")]),
        ("costs 5.", [("5", 5, "")]),
        ("HB-1023, AK-17/S, A4 and x264", []),
        ("HB-1023 weighs 2 g", [("2 g", 2, "g")]),
        ("none at all", []),
    ],
)
def test_numbers_are_read_with_their_units(text: str, found: list[tuple[str, float, str]]) -> None:
    assert [(n.text, n.value, n.unit) for n in numbers(text)] == found


@pytest.mark.parametrize(
    ("said", "held", "supported"),
    [
        ("20 hours", "20 h", True),
        ("20 hours", "20", False),
        ("20", "20 h", True),
        ("20.0 h", "20 h", True),
        ("1,200 g", "1200 grams", True),
        ("€39.95", "39.95 EUR", True),
        ("39.95 EUR", "39.95 USD", False),
        ("20 minutes", "20 h", False),
        ("40 °C", "40 °F", False),
        ("21 hours", "20 h", False),
        ("1.2 kg", "12 kg", False),
        ("0.5 TB", "500 GB", True),
        ('17"', "43.2 cm", True),
        ("2 lb", "0.907 kg", True),
        ("2 lb", "1 kg", False),
        ("1 kg", "1200 g", False),
        ("500 ml", "16.9 fl oz", True),
        ("2 years", "24 months", True),
        ("5 kg", "HB-5 kg", False),
        ("5", "no number", False),
    ],
)
def test_a_number_needs_the_same_number_with_no_other_unit(
    said: str, held: str, supported: bool
) -> None:
    [claim] = check_numbers(f"It says {said}.", [("KE-1", "field", held)])
    if supported:
        assert (claim.verdict, claim.source_id, claim.field) == ("supported", "KE-1", "field")
    else:
        assert (claim.verdict, claim.source_id) == ("not_in_record", "")


def test_the_source_whose_unit_agrees_is_named() -> None:
    sources = [("A", "charging time", "2 h"), ("A", "weight", "2 kg")]
    [claim] = check_numbers("It weighs 2 kg.", sources)
    assert claim == Claim("2 kg", "supported", "A", "weight", "number")


BOOLEAN_YES, BOOLEAN_NO = field("waterproof", "yes"), field("waterproof", "no")


@pytest.mark.parametrize(
    ("text", "evidence", "verdict"),
    [
        ("Yes, it is waterproof.", BOOLEAN_YES, "supported"),
        ("yes", BOOLEAN_YES, "supported"),
        ("No, it is not waterproof.", BOOLEAN_NO, "supported"),
        ("Yes, it is waterproof.", BOOLEAN_NO, "contradicted"),
        ("No.", BOOLEAN_YES, "contradicted"),
        ("Nope, waterproof it is not.", BOOLEAN_YES, "contradicted"),
        ("It is not waterproof: the record says so.", BOOLEAN_NO, "supported"),
        ("It is waterproof.", BOOLEAN_YES, "not_in_record"),
        (ABSTENTION, BOOLEAN_YES, "contradicted"),
        (ABSTENTION, BOOLEAN_NO, "contradicted"),
        ("No information on that.", BOOLEAN_NO, "contradicted"),
    ],
)
def test_yes_and_no_against_a_boolean_field(text: str, evidence: Evidence, verdict: str) -> None:
    claims = check_answer(text, [evidence], "is it waterproof?")
    assert grounded(claims) is (verdict == "supported")
    assert verdict in {claim.verdict for claim in claims if claim.field == "waterproof"}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("The capacity is 1.7 l.", True),
        ("It holds 1.7 litres of capacity.", True),
        ("The kettle has a capacity.", False),
        ("The capacity is 2 l.", False),
        ("The capacity is 1.7 kg.", False),
        ("The capacity is 1.7 l and it weighs 3 kg.", False),
        (ABSTENTION, False),
    ],
)
def test_the_value_of_a_short_field_must_be_said(text: str, passes: bool) -> None:
    claims = check_answer(text, [field("capacity", "1.7 l")], "what capacity has it?")
    assert grounded(claims) is passes, claims


def test_a_value_in_words_must_be_said() -> None:
    evidence = [field("material", "brushed steel")]
    assert grounded(check_answer("The material is brushed steel.", evidence, "what material?"))
    [claim] = check_answer("The material is steel.", evidence, "what material?")
    assert claim == Claim("material", "not_in_record", "KE-1", "material", "value")


def test_the_value_of_another_field_than_the_best_does_not_answer() -> None:
    evidence = [field("internal memory", "4"), field("maximum internal memory", "8")]
    claims = check_answer("It has a maximum of 8 GB.", evidence, "how much memory does it have?")
    assert "internal memory" in {claim.text for claim in claims if claim.verdict != "supported"}


def test_a_number_of_the_question_is_no_evidence() -> None:
    evidence = [field("dishwasher safe at", "60 °C")]
    question = "may the kettle go in at 70 degrees?"
    assert grounded(check_answer("Dishwasher safe at 60 °C.", evidence, question))
    assert not grounded(check_answer("Dishwasher safe at 70.", evidence, question))
    assert not grounded(check_answer("Dishwasher safe at 60 °C and 70.", evidence, question))


def test_a_yes_that_no_boolean_field_decides_is_not_believed() -> None:
    evidence = [field("description", "Shoes may be sent back within 30 days.")]
    claims = check_answer("Yes, within 30 days.", evidence, "can I return shoes?")
    assert Claim("Yes", "not_in_record", kind="boolean") in claims


def test_what_a_product_is_not_supports_no_title() -> None:
    sources = [
        ("S-1", "waterproof", "no"),
        ("S-1", "upper", "leatherette"),
        ("S-1", "type", "shoe"),
    ]
    claims = check_names("Waterproof leather shoes", sources)
    assert [claim.text for claim in claims] == ["waterproof", "leather"]


def test_the_number_in_a_title_is_no_answer_to_another_question() -> None:
    evidence = [field("weight", "950 g", title="Steel kettle 1.7 l")]
    assert not grounded(check_answer("The kettle is 1.7 l.", evidence, "what is the weight?"))


def test_an_abstention_against_evidence_that_answers_is_contradicted() -> None:
    for evidence in (PASSAGE, field("description", "It boils water in 3 minutes.")):
        claims = check_answer(ABSTENTION, [evidence], "when do I get my refund?")
        assert [claim.verdict for claim in claims] == ["contradicted"]


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("We refund within 5 working days.", True),
        ("Within 5 working days.", True),
        ("We refund within 6 working days.", False),
        ("Refunds are paid in gold by friendly elves within 5 days.", False),
        ("You get a refund.", False),  # nothing but the question's own words
    ],
)
def test_a_draft_must_use_the_words_of_its_passage(text: str, passes: bool) -> None:
    claims = check_answer(text, [PASSAGE], "when do you refund? do I get a refund?")
    assert grounded(claims) is passes, claims


def test_without_evidence_no_number_stands() -> None:
    assert not grounded(check_answer("Nothing for 5.", [], "what for 5?"))
    assert not grounded(check_answer("It has 6.", [], "what for 5?"))
    assert check_answer(ABSTENTION, [], "") == []


@pytest.mark.parametrize(
    ("text", "failed", "kept"),
    [
        ("It holds 1.7 l. It costs 12 EUR. Buy it!", ["12 EUR"], "It holds 1.7 l. Buy it!"),
        ("Lasts 50 hours. Weighs 5 kg.", ["5 kg"], "Lasts 50 hours."),
        ("Lasts 50 hours. Has 5 parts.", ["5"], "Lasts 50 hours."),
        ("Lasts 5.5 hours. Has 5, no more.", ["5"], "Lasts 5.5 hours."),
        ("Lasts 15 hours. Has 5.", ["5"], "Lasts 15 hours."),
        ("Only 3 left.", ["3"], ""),
        ("All true.", [], "All true."),
    ],
)
def test_only_the_failing_sentences_are_dropped(text: str, failed: list[str], kept: str) -> None:
    claims = [Claim(words, "not_in_record") for words in failed]
    assert keep_supported(text, [*claims, Claim("50 hours", "supported")]) == kept


@pytest.mark.parametrize(
    ("evidence", "name_source", "text"),
    [
        (BOOLEAN_YES, False, "Yes. Waterproof: yes."),
        (BOOLEAN_NO, False, "No. Waterproof: no."),
        (BOOLEAN_NO, True, "No. Waterproof: no (Steel kettle)."),
        (field("capacity", "1.7 l"), False, "Capacity: 1.7 l."),
        (field("capacity", "1.7 l"), True, "Capacity: 1.7 l (Steel kettle)."),
        (field("description", "It boils."), True, "It boils."),
    ],
)
def test_a_repaired_answer_is_made_of_the_records_words(
    evidence: Evidence, name_source: bool, text: str
) -> None:
    assert repair_answer(evidence, name_source=name_source) == text
    assert grounded(check_answer(text, [evidence], "is it?"))


def test_a_repaired_answer_from_a_passage_is_its_sentence() -> None:
    text = repair_answer(PASSAGE, name_source=True)
    assert text.endswith("We refund within 5 working days.")
    assert grounded(check_answer(text, [PASSAGE], "when do you pay?"))


def test_grounded_means_that_no_claim_failed() -> None:
    assert grounded([])
    assert grounded([Claim("x", "supported")])
    for verdict in ("contradicted", "not_in_record"):
        assert not grounded([Claim("x", "supported"), Claim("y", verdict)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Yes, it is made of steel.", {"supported"}),
        ("No, it is made of steel.", {"contradicted"}),
        ("Yes, it is.", {"not_in_record"}),
    ],
)
def test_a_yes_or_no_on_a_value_must_say_the_value(text: str, verdicts: set[str]) -> None:
    claims = check_answer(text, [field("material", "steel")], "is it made of steel?")
    assert {claim.verdict for claim in claims} == verdicts


def test_another_amount_of_the_deciding_field_contradicts_it() -> None:
    claims = check_answer("It weighs 3 kg.", [field("weight", "950 g")], "how heavy is it?")
    assert ("3 kg", "contradicted", "weight") in {(c.text, c.verdict, c.field) for c in claims}


@pytest.mark.parametrize(
    ("said", "held", "supported"),
    [
        ("released on 3 May 2024", "2024-05-03", True),
        ("released on May 3rd", "2024-05-03", True),
        ("released 03.05.2024", "3 May 2024", True),
        ("released on 4 May 2024", "2024-05-03", False),
        ("released on 3 May 2023", "2024-05-03", False),
    ],
)
def test_a_date_is_compared_as_a_date(said: str, held: str, supported: bool) -> None:
    [claim] = check_numbers(said, [("A", "release date", held)])
    assert (claim.verdict == "supported", claim.kind) == (supported, "date")


@pytest.mark.parametrize(
    ("text", "passes"),
    [("Yes, it weighs 950 g.", False), ("No, it weighs 950 g.", True), ("It weighs 950 g.", True)],
)
def test_a_yes_to_a_wrong_amount_is_contradicted(text: str, passes: bool) -> None:
    claims = check_answer(text, [field("weight", "950 g")], "does it weigh 2 kg?")
    assert grounded(claims) is passes, claims


def test_a_titles_function_words_claim_nothing() -> None:
    sources = [("K", "title", "Kettle lid")]
    assert check_names("Kettle with a lid", sources) == []
