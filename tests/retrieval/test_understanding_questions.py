"""Questions to support hold words that a search would take for filters; none may be taken."""

from __future__ import annotations

import re

import pytest

from retrieval.understanding import understand
from tests.retrieval.understanding_shop import ShopVocabulary, asked_for

QUESTIONS = """
is the HB-1023 waterproof?
how long does the battery last
can I return it within 30 days
is it waterproof?
does it have bluetooth
do you deliver orders over 50 euros for free?
is shipping free over 50 EUR?
what is your return policy
do you have free shipping over 50 euros
do you have a discount for orders over 100 euros
are the headphones by Acme in stock?
is the red one in stock
when will the black dress be available
my headphones are not waterproof, can I get a refund?
the jacket is not waterproof
the jacket I bought is not waterproof
I bought the red dress but want to exchange it
does the kettle come in red?
do you have this in black?
do you have it in size M
which size should I take
what colours does it come in
can I get it in black
can I pay with apple pay
how much is the Acme kettle
what is the warranty on used laptops
how do I clean leather shoes without water
why is the red dress more expensive than the blue
is there a warranty on refurbished laptops
does the HB-1023 have noise cancelling
HB-1023 waterproof?
is HB-1023 under 50 euros
will it fit in a 50 cm space
can I use the headphones without bluetooth
where is my order of 50 euros
I want to return the red shoes
I want to know if the jacket is waterproof
tell me if the tent is under 5 kg
how heavy is it
are these made of leather
does it work without wifi
can I wash it at 30 degrees
is it cheaper than the Acme
what is the most expensive shipping option
hi, is this vegan?
Is the backpack large enough for a 15 inch laptop?
what is the difference between the red and the blue one
should I buy new or used
I have a question about the red shoes in stock
do you have a student discount on laptops under 1000 euros
my order under number 12345 has not arrived
the red shoes I ordered have not arrived
do you ship laptops over 2 kg to portugal
can the kettle be used without a lid
how many usb ports does it have, at least 4?
is available in stock shoes
what size of dress should I take if I am 180 cm tall
how much does a 2 kg parcel cost
can you tell me if the kettle is dishwasher safe
could you explain the difference between used and refurbished
it is not waterproof after all
the lamp does not turn on
they are not leather as described
I received a red one instead of black
we ordered two black chairs and got white
my laptop under warranty is broken
is there anything cheaper than 50 euros in shipping
does the price of 50 euros include tax
do I have to pay more than 20 euros for delivery
how do I wash a cotton dress without ruining it
who makes the Acme kettle
are the laptops refurbished or new
which one is in stock, the red or the blue?
would a size M fit me at 170 cm
how many hours does the battery last, over 30?
I am wondering whether the tent is under 3 kg
what happens if I return it after 30 days
what does without bluetooth mean
hello, does this have bluetooth or not?
the headphones I bought don't have bluetooth
has anyone tried this without sugar
is it ok in black for a wedding
why is it out of stock
can this be used in the dishwasher
when will it be in stock again
where was it made
let me know when the red dress is in stock
""".strip().splitlines()


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_filter_is_read_out_of_a_question(question: str) -> None:
    understood = understand(question, ShopVocabulary())
    assert asked_for(understood) == ""
    assert understood.preferences == ()
    assert understood.sort is None
    assert understood.question


def test_questions_are_many() -> None:
    assert len(QUESTIONS) >= 80


@pytest.mark.parametrize("question", QUESTIONS)
def test_question_keeps_its_words(question: str) -> None:
    words = understand(question, ShopVocabulary()).words
    assert {word for word in words.split() if word.isalpha()} <= set(re.findall(r"\w+", question))
    assert len(words.split()) >= len(re.findall(r"[\w'-]+", question)) - 2


def test_question_beside_a_search_takes_no_part_in_it() -> None:
    text = "Hi! I need headphones under 50 euros. Is delivery free over 20 euros?"
    understood = understand(text, ShopVocabulary())
    assert asked_for(understood) == "price<=50 EUR"
    assert understood.words == "headphones"
    assert understood.question


def test_description_after_a_search_is_part_of_it() -> None:
    text = "I am looking for a jacket. It is for my son, it must be waterproof."
    understood = understand(text, ShopVocabulary())
    assert asked_for(understood) == "waterproof"
    assert not understood.question
