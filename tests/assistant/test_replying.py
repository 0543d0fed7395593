"""What is offered to be asked next, and an answer as a reply in a tone."""

from __future__ import annotations

import dataclasses

import pytest

from assistant.reply_tone import TONES, reply
from assistant.suggestions import suggestions
from assistant.values import Answer, Citation
from retrieval.hybrid import HybridRetriever
from retrieval.registry import find_product


def answer_on(retriever: HybridRetriever, text: str, *fields: str, **changes: object) -> Answer:
    hit = find_product(retriever, "KE-1001")
    assert hit is not None
    answer = Answer("q", "answer", 1.0, text, focus=hit, citations=(Citation(1, hit, fields),))
    return dataclasses.replace(answer, **changes)  # type: ignore[arg-type]


def test_only_what_the_record_holds_and_was_not_told_is_suggested(
    retriever: HybridRetriever,
) -> None:
    answer = answer_on(retriever, "Yes.", "cordless")
    offered = suggestions(answer)
    assert offered == ["How much is it?", "Is it in stock?", "Write a short ad for it"]
    more = suggestions(answer, [text.upper() for text in offered])
    assert more == ["What is its capacity?"]
    assert "Is it cordless?" in suggestions(answer_on(retriever, "1.7 l", "capacity"), offered)


def test_a_question_that_waits_for_a_choice_and_a_stopped_answer_suggest_nothing(
    retriever: HybridRetriever,
) -> None:
    answer = answer_on(retriever, "Which?")
    assert suggestions(dataclasses.replace(answer, stopped=True)) == []
    assert answer.focus is not None
    assert suggestions(dataclasses.replace(answer, choices=(answer.focus,))) == []


def test_a_list_is_compared_only_where_there_are_two(retriever: HybridRetriever) -> None:
    one = answer_on(retriever, "1. A", intent="search")
    assert suggestions(one) == ["Is the first one in stock?"]
    both = dataclasses.replace(one, citations=one.citations * 2)
    assert suggestions(both)[0] == "Compare the first and the second"


@pytest.mark.parametrize("tone", TONES)
def test_every_tone_keeps_the_facts(retriever: HybridRetriever, tone: str) -> None:
    answer = answer_on(retriever, "It is 1.7 l and it does not leak.")
    told = reply(answer, tone)  # type: ignore[arg-type]
    assert "1.7 l" in told
    assert "does not leak" in told or "doesn't leak" in told


def test_a_shopper_reads_nothing_of_catalogs_codes_and_marks(retriever: HybridRetriever) -> None:
    absent = answer_on(retriever, "The catalog does not say. It lists: weight.", abstained=True)
    assert "catalog" not in reply(absent, "formal")
    assert "check with a colleague" in reply(absent)
    listed = answer_on(retriever, "1. Kettle [KE-1001]\n2. Lamp [LA-2002]", intent="search")
    assert reply(listed) == "1. Kettle\n2. Lamp"


def test_brief_is_the_first_sentence_and_an_ad_is_itself(retriever: HybridRetriever) -> None:
    text = "Yes, it is cordless. It lifts off. Its base is small."
    assert reply(answer_on(retriever, text), "brief") == "Yes, it is cordless."
    assert reply(answer_on(retriever, text, intent="ads"), "formal") == text
