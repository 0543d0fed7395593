"""Conversations over a small shop: what each message is about, given those before it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.dialogue.follow import Dialogue, search_hits
from assistant.dialogue.state import DialogueState
from assistant.dialogue.step import Step
from assistant.errors import ProductNotFoundError
from assistant.values import Utterance
from retrieval.hybrid import HybridRetriever

Make = Callable[..., Dialogue]
WHITE, SAND, BLACK, LAMP, SMALL, LARGE = "HP-11", "HP-12", "HP-13", "LA-100", "BO-500", "BO-750"


def ids(step: Step) -> list[str]:
    return [hit.id for hit in step.products]


def after(make: Make, *messages: str) -> Step:
    """Follow a conversation to its last message."""
    state, step = DialogueState(), None
    for message in messages:
        step = make().follow(message, state)
        state = step.state
    assert step is not None
    return step


@pytest.mark.parametrize(
    ("messages", "products", "question"),
    [
        (["how heavy is HP-11?"], [WHITE], "how heavy is it?"),
        (["how heavy is AU-1012?"], [SAND], "how heavy is it?"),
        (["how heavy is the sand Tenora II?"], [SAND], "how heavy is it?"),
        (["how heavy is the Firefly desk lamp?"], [LAMP], "how heavy is it?"),
        (["how heavy is HP-11?", "what is its colour?"], [WHITE], "what is its colour?"),
        (["how heavy is HP-11?", "and the colour?"], [WHITE], "and the colour?"),
        (["how heavy is HP-11?", "and the sand one?"], [SAND], "how heavy is it?"),
        (["how heavy is HP-11?", "no, the black one"], [BLACK], "how heavy is it?"),
        (["is BO-750 waterproof?", "no, the 500 ml"], [SMALL], "is it waterproof?"),
        (["is BO-750 waterproof?", "what about the 0.5 l one?"], [SMALL], "is it waterproof?"),
        (["how heavy is HP-11?", "and the Firefly lamp?"], [LAMP], "how heavy is it?"),
        (["how heavy is HP-11?", "is the Firefly lamp green?"], [LAMP], "is it green?"),
        (["how heavy is HP-11?", "does it have a battery?"], [WHITE], "does it have a battery?"),
    ],
)
def test_what_a_message_is_about(
    dialogue: Make, messages: list[str], products: list[str], question: str
) -> None:
    step = after(dialogue, *messages)
    assert (ids(step), step.question) == (products, question)


@pytest.mark.parametrize(
    ("messages", "products"),
    [
        (["which is heavier, HP-11 or LA-100?"], [WHITE, LAMP]),
        (["is the Firefly lamp heavier than HP-12?"], [LAMP, SAND]),
        (["how heavy is LA-100?", "compare it with HP-11"], [LAMP, WHITE]),
        (
            ["how heavy is LA-100?", "how heavy is HP-11?", "compare it with the first"],
            [LAMP, WHITE],
        ),
        (["how heavy is LA-100?", "is it cheaper than BO-500?"], [LAMP, SMALL]),
        (["compare the white and the sand Tenora II"], [WHITE, SAND]),
        (["compare HP-11 and HP-12", "which one is cheaper?"], [WHITE, SAND]),
    ],
)
def test_what_a_comparison_is_of(dialogue: Make, messages: list[str], products: list[str]) -> None:
    step = after(dialogue, *messages)
    assert step.is_comparison
    assert sorted(ids(step)) == sorted(products)


def test_an_ambiguous_name_waits_for_a_choice(dialogue: Make) -> None:
    step = after(dialogue, "how heavy is the Tenora II?")
    assert (ids(step), {hit.id for hit in step.choices}) == ([], {WHITE, SAND, BLACK})
    order = [hit.id for hit in step.choices]
    for answer, chosen in (("2", order[1]), ("the last one", order[-1]), ("the sand one", SAND)):
        picked = dialogue().follow(answer, step.state)
        assert (ids(picked), picked.question) == ([chosen], "how heavy is it?")
        assert picked.state.choices == ()


def test_a_new_question_is_no_choice(dialogue: Make) -> None:
    step = after(dialogue, "how heavy is the Tenora II?", "how heavy is LA-100?")
    assert ids(step) == [LAMP]


def test_a_version_that_there_is_not_is_said(dialogue: Make) -> None:
    step = after(dialogue, "how heavy is HP-11?", "and the purple one?")
    assert step.missing == "purple"


def test_a_search_goes_on_with_its_conditions(dialogue: Make, shop: HybridRetriever) -> None:
    search = dialogue("search")
    first = search.follow("headphones under 200", DialogueState())
    assert first.search == "headphones under 200"
    listed = search.listed(first, search_hits(shop, first.search, 5))
    second = search.follow("what about under 100?", listed.state)
    assert second.search == "headphones under 100"
    assert [hit.id for hit in search_hits(shop, second.search, 1)] == [BLACK]
    third = dialogue().follow("is the first one waterproof?", listed.state)
    assert ids(third) == [listed.state.listed[0]]


def test_a_state_is_made_again_from_messages(dialogue: Make) -> None:
    told = [
        Utterance("user", "show me headphones"),
        Utterance(
            "assistant",
            "1. Aurivane Tenora II Wireless Headphones, Sand (189.00 EUR)\n"
            "2. Aurivane Tenora II Wireless Headphones, White (184.00 EUR)",
        ),
    ]
    state = dialogue("search").replay(told)
    assert state.listed == (SAND, WHITE)
    assert ids(dialogue().follow("how heavy is the second one?", state)) == [WHITE]
    named = [Utterance("user", "hi"), Utterance("assistant", "The HP-12 weighs 255 g.")]
    assert dialogue("chitchat").replay(named).products == (SAND,)
    assert dialogue().replay([]) == DialogueState()


def test_an_announced_code_that_no_product_bears_is_known_as_such(dialogue: Make) -> None:
    assert after(dialogue, "how heavy is item 99887766?").unknown == "99887766"
    assert after(dialogue, "how heavy is item HP-11?").unknown == ""


def test_a_pin_is_a_product_or_a_fault(dialogue: Make) -> None:
    step = dialogue().follow("how heavy is it?", DialogueState(), pinned=LAMP)
    assert (ids(step), step.is_certain) == ([LAMP], True)
    with pytest.raises(ProductNotFoundError, match="NO-1"):
        dialogue().follow("how heavy is it?", DialogueState(), pinned="NO-1")


@pytest.mark.parametrize("intent", ["chitchat", "search", "classify"])
def test_a_question_for_a_named_field_is_a_question(dialogue: Make, intent: str) -> None:
    step = dialogue(intent).follow("could you look up the colour of HP-11", DialogueState())
    assert (step.routed.intent, ids(step)) == ("answer", [WHITE])


def test_what_is_written_goes_on(dialogue: Make) -> None:
    ads = dialogue("ads")
    first = ads.follow("write a playful ad for HP-11", DialogueState())
    second = dialogue("chitchat").follow("make it shorter", first.state)
    assert (second.routed.intent, ids(second), second.is_rewritten) == ("ads", [WHITE], True)
    assert second.question == "write a playful ad for it; make it shorter"


def test_a_state_of_products_that_are_gone_leans_on_nothing(dialogue: Make) -> None:
    state = DialogueState(("GONE",), ("GONE",), ("GONE", "GONE-2"), choices=("GONE",))
    for message in ("is it waterproof?", "the second", "compare it with the first"):
        assert ids(dialogue().follow(message, state)) == []
