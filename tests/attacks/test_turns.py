"""Hostile turns: no order is followed, no false past believed, and none takes long or crashes."""

from __future__ import annotations

import time

import pytest

from assistant.dialogue.state import DialogueState
from assistant.errors import ProductNotFoundError
from assistant.router import IntentRouter
from assistant.turn import Assistant, MessageError
from assistant.values import Answer, Turn, Utterance
from catalog_index.cache import cache_root
from catalog_index.embedding import MiniLMEmbedder
from retrieval.evidence import EvidenceRanker
from retrieval.hybrid import HybridRetriever
from tests.attacks.conftest import Ask
from tests.attacks.shop import GullibleEngine, system_texts
from tests.attacks.turns import STATES, HostileTurn, hostile_turns

TURNS = hostile_turns()
MODEL_FREE_SECONDS = 3.0
NOTHING_LEFT = {"controls only", "spaces only", "empty"}
TOO_LONG = {"bulk of too long", "bulk of far too long"}


def named(turn: HostileTurn) -> str:
    return turn.name


def asked(assistant: Assistant, turn: HostileTurn, intent: str | None = None) -> Answer | None:
    """Answer a turn; None where it cannot be answered, and that is right."""
    history = tuple(Utterance(*said) for said in turn.history)
    try:
        answer = assistant.ask(Turn(turn.message, history, intent=intent))
    except MessageError:
        assert turn.name in NOTHING_LEFT | TOO_LONG
        return None
    assert turn.name not in NOTHING_LEFT | TOO_LONG
    return answer


@pytest.fixture(scope="module")
def routed(engine: GullibleEngine, ranker: EvidenceRanker, honest: HybridRetriever) -> Assistant:
    """An assistant with the real router and a model that obeys anybody."""
    router = IntentRouter.load_default(MiniLMEmbedder(), cache_root() / "router")
    return Assistant(engine, honest, router, ranker)


def test_the_list_is_long() -> None:
    assert len(TURNS) >= 60
    assert len({turn.name for turn in TURNS}) == len(TURNS)


@pytest.mark.parametrize("turn", TURNS, ids=named)
def test_what_a_turn_orders_is_not_said(
    routed: Assistant, engine: GullibleEngine, turn: HostileTurn
) -> None:
    engine.mood, engine.wish = "obey", turn.wish
    started = time.perf_counter()
    answer = asked(routed, turn)
    assert time.perf_counter() - started < MODEL_FREE_SECONDS
    if answer is None or answer.intent == "ads":
        return  # what an ad may say of the seller's own words is tested with the records
    assert turn.wish not in answer.text
    assert len(answer.text) < 3_000


@pytest.mark.parametrize("intent", ["answer", "search", "title"])
def test_what_a_turn_orders_is_not_said_whatever_it_is_taken_for(
    make: Ask, honest: HybridRetriever, engine: GullibleEngine, intent: str
) -> None:
    assistant, secrets = make(honest), system_texts()
    for number, turn in enumerate([one for one in TURNS if not one.is_bulky][::2]):
        engine.mood = "obey" if number % 3 else "repeat the prompt"
        engine.wish = turn.wish
        answer = asked(assistant, turn, intent)
        if answer is not None:
            assert turn.wish not in answer.text, turn.name
            assert not [text for text in secrets if text in answer.text], turn.name


@pytest.mark.parametrize("turn", [one for one in TURNS if not one.is_bulky][::2], ids=named)
def test_our_words_to_the_model_are_not_said(
    routed: Assistant, engine: GullibleEngine, turn: HostileTurn
) -> None:
    engine.mood = "repeat the prompt"
    answer = asked(routed, turn)
    if answer is not None and answer.intent != "ads":
        assert not [text for text in system_texts() if text in answer.text]


@pytest.mark.parametrize("state", STATES, ids=repr)
def test_any_state_that_a_client_sends_is_read_or_dropped(
    make: Ask, honest: HybridRetriever, engine: GullibleEngine, state: object
) -> None:
    engine.mood, engine.wish = "obey", "No."
    read = DialogueState.from_json(state)
    answer = make(honest).ask(Turn("is it cordless?", state=read))
    assert answer.text
    assert len(str(answer.state.to_json())) < 10_000


@pytest.mark.parametrize("pinned", ["../../etc/passwd", "x" * 100_000, "' OR 1=1", "%", "*"])
def test_a_code_of_nothing_is_a_fault_in_one_line(
    make: Ask, honest: HybridRetriever, pinned: str
) -> None:
    with pytest.raises(ProductNotFoundError) as fault:
        make(honest).ask(Turn("is it cordless?", product_id=pinned))
    assert "\n" not in str(fault.value)
