"""What the record says to a statement, and what a question takes for granted, as tables."""

from __future__ import annotations

import pytest

from assistant.grounding import is_yes_no, read_premise, stance
from retrieval.values import Evidence

VALUES = {("colour", "red"), ("colour", "blue"), ("material", "leather"), ("material", "steel")}


def known(field: str, text: str) -> bool:
    return (field, text) in VALUES


def held(name: str, text: str) -> Evidence:
    return Evidence("KE-1", "Steel kettle", "product", name, text, 0.9)


@pytest.mark.parametrize(
    ("statement", "field", "text", "verdict"),
    [
        ("it is waterproof", "waterproof", "yes", "supported"),
        ("it is waterproof", "waterproof", "no", "contradicted"),
        ("it is not waterproof", "waterproof", "no", "supported"),
        ("it isn't waterproof", "waterproof", "yes", "contradicted"),
        ("is it non-slip?", "non-slip", "no", "contradicted"),
        ("is it non slip?", "non-slip", "yes", "supported"),
        ("can it get wet without harm?", "waterproof", "yes", "supported"),
        ("yes or no, is it waterproof?", "waterproof", "yes", "supported"),
        ("does it come without a cable?", "cable included", "no", "supported"),
        ("it has a size of 43", "size", "XXL", "contradicted"),
        ("does it contain BPA?", "bpa-free", "yes", "contradicted"),
        ("is it BPA-free?", "bpa-free", "yes", "supported"),
        ("does it contain grain?", "grain-free", "no", "supported"),
        ("can it go in the oven at 200 °C?", "oven safe up to", "250 °C", "supported"),
        ("can it go in the oven at 300 °C?", "oven safe up to", "250 °C", "contradicted"),
        ("can I return it after 20 days?", "return window", "30 days", "supported"),
        ("can I return it after 40 days?", "return window", "30 days", "contradicted"),
        ("can it be up in 10 minutes?", "pitching time", "7 min", "open"),
        ("does it fit a head of 60 cm?", "size", "59 to 63 cm", "supported"),
        ("does it have a maximum load of 100 kg?", "maximum load", "110 kg", "contradicted"),
        ("is it louder than 80 dB?", "noise level", "84 dB", "supported"),
        ("isn't it water resistant?", "water resistant", "no", "contradicted"),
        ("is it wired?", "wireless", "yes", "contradicted"),
        ("is it corded?", "cordless", "no", "supported"),
        ("does it weigh 2 kg?", "weight", "2000 g", "supported"),
        ("does it weigh 2 kg?", "weight", "1.2 kg", "contradicted"),
        ("it weighs about 1 kg", "weight", "1.05 kg", "supported"),
        ("it weighs less than 2 kg", "weight", "1.2 kg", "supported"),
        ("it weighs more than 2 kg", "weight", "1.2 kg", "contradicted"),
        ("it weighs at least 1.2 kg", "weight", "1.2 kg", "supported"),
        ("does it last 20 hours?", "battery life", "52 h", "contradicted"),
        ("does it have 4 usb 2.0 ports?", "usb 2.0 ports", "4", "supported"),
        ("does it have 3 usb 2.0 ports?", "usb 2.0 ports", "4", "contradicted"),
        ("is it red?", "colour", "red", "supported"),
        ("is it red?", "colour", "white", "contradicted"),
        ("is it not red?", "colour", "white", "supported"),
        ("is it made of leather?", "material", "brushed steel", "contradicted"),
        ("is it made of steel?", "material", "brushed steel", "supported"),
        ("does it have a warranty?", "warranty", "24 months", "open"),
        ("can I wear it in the rain?", "water resistance", "splash-proof", "open"),
        ("is it in stock?", "availability", "in stock", "supported"),
        ("is it in stock?", "availability", "preorder", "contradicted"),
        ("is it sold out?", "availability", "out of stock", "supported"),
        ("is it sold out?", "availability", "in stock", "contradicted"),
        ("is it red?", "description", "A red lid.", "open"),
    ],
)
def test_what_a_field_says_to_a_statement(
    statement: str, field: str, text: str, verdict: str
) -> None:
    assert stance(statement, held(field, text), known) == verdict


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("is it waterproof?", True),
        ("so does it float", True),
        ("do you know if it floats?", True),
        ("it is waterproof, right?", True),
        ("it's red, isn't it?", True),
        ("how heavy is it?", False),
        ("can you tell me how heavy it is?", False),
        ("what is the weight?", False),
        ("tell me whether it floats", True),
    ],
)
def test_which_questions_want_a_yes_or_a_no(question: str, expected: bool) -> None:
    assert is_yes_no(question) is expected


@pytest.mark.parametrize(
    ("message", "premise", "question"),
    [
        ("since it is waterproof, can I swim with it?", "it is waterproof", "can I swim with it?"),
        ("Given that it weighs 5 kg, is it easy to carry?", "it weighs 5 kg", None),
        ("Can I take it in the shower since it's waterproof?", "it's waterproof", None),
        (
            "I know it has 16 GB of memory, how many slots are there?",
            "it has 16 GB of memory",
            None,
        ),
        ("It is waterproof. Can I swim with it?", "It is waterproof", "Can I swim with it?"),
        ("it is wireless, so how long does it last?", "it is wireless", "how long does it last?"),
        ("I heard it's vegan. What does it cost?", "it's vegan", "What does it cost?"),
        ("how long does the 20 hour battery take?", "it has a 20 hour battery", None),
        ("is it waterproof?", "", "is it waterproof?"),
        ("how heavy is it?", "", "how heavy is it?"),
        ("as far as you know, is it red?", "", "as far as you know, is it red?"),
    ],
)
def test_what_a_question_takes_for_granted(
    message: str, premise: str, question: str | None
) -> None:
    read = read_premise(message)
    assert read.premise.startswith(premise) if premise else not read.premise
    if question is not None:
        assert read.question == question
