"""A turn from message to checked answer, over a small real index with a scripted engine."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence

import pytest

from assistant import replies
from assistant.dialogue.state import DialogueState
from assistant.errors import ProductNotFoundError
from assistant.tasks.answer import ABSTENTION
from assistant.turn import MAX_MESSAGE_CHARACTERS, Assistant, MessageError, clean_message
from assistant.values import Answer, Delta, Done, Event, Found, Routed, Turn
from retrieval.hybrid import HybridRetriever
from retrieval.values import Evidence, Hit
from tests.assistant.conftest import MakeAssistant
from tests.fakes import FixedRouter, ScriptedEngine

KETTLE, LAMP, SHOES = "KE-1001", "LA-2002", "SH-3003"


def kinds(events: Sequence[Event]) -> list[type]:
    """The events' types in order, deltas folded."""
    found = [type(event) for event in events]
    return [kind for n, kind in enumerate(found) if n == 0 or found[n - 1] is not kind]


def answer_of(events: Sequence[Event]) -> Answer:
    last = events[-1]
    assert isinstance(last, Done)
    return last.answer


def cited(answer: Answer) -> list[str]:
    assert all(citation.hit in answer.hits for citation in answer.citations)
    assert [citation.number for citation in answer.citations] == list(
        range(1, len(answer.citations) + 1)
    )
    return [citation.hit.id for citation in answer.citations]


def test_events_come_in_order_and_the_answer_replaces_the_deltas(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it  is cordless.")
    events = list(make().stream(Turn("is KE-1001 cordless?")))
    assert kinds(events) == [Routed, Found, Delta, Done]
    assert "".join(e.text for e in events if isinstance(e, Delta)) == "Yes, it  is cordless."
    answer = answer_of(events)
    assert answer.text == "Yes, it is cordless."
    assert cited(answer) == [KETTLE]
    assert answer.citations[0].fields == ("cordless",)
    assert answer.grounded
    assert not answer.abstained
    assert answer.notes == ()
    found = events[1]
    assert isinstance(found, Found)
    assert found.focus is not None
    assert (found.focus.id, found.hits[0].id) == (KETTLE, KETTLE)
    times = answer.timing
    assert 0 < times.route <= times.retrieve <= times.first_token <= times.total


def test_the_prompt_holds_the_evidence_and_the_question_only(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.")
    make().ask(Turn("is KE-1001 cordless?"))
    [prompt] = engine.prompts
    assert "- cordless: yes" in prompt
    assert "is KE-1001 cordless?" in prompt
    for stranger in ("39.95", "Boils", "lamp", "refund"):
        assert stranger not in prompt


@pytest.mark.parametrize("adapter", [True, False])
@pytest.mark.parametrize(
    ("intent", "message"), [("answer", "is KE-1001 cordless?"), ("classify", "classify KE-1001")]
)
def test_the_adapter_is_used_or_left_out_as_asked(
    make: MakeAssistant, engine: ScriptedEngine, intent: str, message: str, adapter: bool
) -> None:
    engine.enqueue("Yes, it is cordless.")
    make(intent, adapter=adapter).ask(Turn(message))
    assert engine.adapters == [adapter]


def test_an_unsure_turn_asks_and_runs_nothing(make: MakeAssistant, engine: ScriptedEngine) -> None:
    events = list(make("title", unsure=True).stream(Turn("KE-1001 something")))
    assert kinds(events) == [Routed, Done]
    routed = events[0]
    assert isinstance(routed, Routed)
    assert routed.unsure
    assert routed.choices[0][0] == "title"
    text = answer_of(events).text
    assert text == replies.unsure(routed.choices)
    assert "improve a title" in text
    assert engine.prompts == []


@pytest.mark.parametrize(
    ("intent", "text", "abstained"),
    [("chitchat", replies.CHITCHAT, False), ("out_of_scope", replies.OUT_OF_SCOPE, True)],
)
def test_small_talk_and_out_of_scope_run_no_model(
    make: MakeAssistant, engine: ScriptedEngine, intent: str, text: str, abstained: bool
) -> None:
    events = list(make(intent).stream(Turn("hello KE-1001")))
    assert kinds(events) == [Routed, Done]
    answer = answer_of(events)
    assert (answer.text, answer.abstained, cited(answer)) == (text, abstained, [])
    assert engine.prompts == []


def test_an_overruled_intent_asks_no_router(make: MakeAssistant, engine: ScriptedEngine) -> None:
    assistant = make("answer", unsure=True)
    events = list(assistant.stream(Turn("running shoes", intent="search")))
    assert events[0] == Routed("search", 1.0, False, (), overruled=True)
    assert answer_of(events).intent == "search"
    assert engine.prompts == []


def test_a_pinned_product_is_what_the_turn_is_about(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("No, it is not waterproof.")
    answer = make().ask(Turn("is it waterproof?", product_id=SHOES, state=DialogueState((KETTLE,))))
    assert cited(answer) == [SHOES]
    assert answer.text == "No, it is not waterproof."
    assert answer.focus is not None
    assert answer.focus.id == SHOES


def test_a_pinned_product_that_does_not_exist_is_a_fault(make: MakeAssistant) -> None:
    with pytest.raises(ProductNotFoundError, match="NO-9"):
        make().ask(Turn("is the kettle cordless?", product_id="NO-9"))


def test_it_is_the_product_of_the_turn_before(make: MakeAssistant, engine: ScriptedEngine) -> None:
    engine.enqueue("It weighs 240 g.")
    answer = make().ask(Turn("what is its weight?", state=DialogueState((SHOES,))))
    assert (cited(answer), answer.text) == ([SHOES], "It weighs 240 g.")
    assert "240 g" in engine.prompts[0]


def test_without_evidence_it_abstains_with_the_nearest_fields_and_no_model(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    events = list(make().stream(Turn("how many ports has KE-1001?")))
    assert kinds(events) == [Routed, Found, Done]
    answer = answer_of(events)
    assert answer.abstained
    assert answer.text.startswith(f"{ABSTENTION} The record of Steel kettle 1.7 l does list: ")
    assert cited(answer) == [KETTLE]
    assert engine.prompts == []

    nothing = make().ask(Turn("who painted the ceiling of the chapel?"))
    assert nothing.abstained
    assert nothing.text.startswith(ABSTENTION)
    assert engine.prompts == []


@pytest.mark.parametrize(
    ("message", "draft", "text"),
    [
        ("is KE-1001 cordless?", "No, it is not cordless.", "Yes. Cordless: yes."),
        ("is KE-1001 cordless?", ABSTENTION, "Yes. Cordless: yes."),
        (
            "are the running shoes waterproof?",
            "Yes, they are waterproof.",
            "No. Waterproof: no.",
        ),
        ("what capacity has KE-1001?", "The capacity is 2.5 l.", "Capacity: 1.7 l."),
    ],
)
def test_a_failed_draft_gives_way_to_the_records_words(
    make: MakeAssistant, engine: ScriptedEngine, message: str, draft: str, text: str
) -> None:
    engine.enqueue(draft)
    answer = make().ask(Turn(message))
    assert answer.text == text
    assert answer.grounded
    assert not answer.abstained
    assert len(answer.citations) == 1
    [note] = answer.notes
    assert "failed the check" in note


def test_a_model_that_abstains_on_weak_evidence_is_believed(
    engine: ScriptedEngine, retriever: HybridRetriever
) -> None:
    class Doubtful:
        """Finds the one field, and is not sure of it."""

        def rank(self, question: str, hits: Sequence[Hit], limit: int) -> list[Evidence]:
            item = Evidence(KETTLE, "Steel kettle 1.7 l", "product", "capacity", "1.7 l", 0.4)
            return [item] if any(hit.id == KETTLE for hit in hits) else []

    engine.enqueue(ABSTENTION)
    assistant = Assistant(engine, retriever, FixedRouter("answer"), Doubtful())
    answer = assistant.ask(Turn("how much tea does KE-1001 make?"))
    assert answer.abstained
    assert answer.text.startswith(ABSTENTION)


def test_a_policy_question_cites_its_page(make: MakeAssistant, engine: ScriptedEngine) -> None:
    engine.enqueue("We refund within 5 working days.")
    answer = make().ask(Turn("how long until the refunds to the card?"))
    assert cited(answer) == ["returns.md#refunds"]
    assert answer.grounded
    assert "5" in answer.text


def test_stop_ends_the_compute_and_the_turn(make: MakeAssistant, engine: ScriptedEngine) -> None:
    engine.enqueue("No it is not cordless " + "at all " * 50)
    stop = threading.Event()
    stream = make().stream(Turn("is KE-1001 cordless?"), stop)
    events: list[Event] = []
    for event in stream:
        events.append(event)
        if sum(isinstance(e, Delta) for e in events) == 3:
            stop.set()
    assert kinds(events) == [Routed, Found, Delta, Done]
    answer = answer_of(events)
    assert answer.stopped
    assert answer.text == "No it is", "what was written stays, unchecked"
    assert answer.claims == ()
    assert (engine.written, engine.closed) == (3, 1)
    assert next(stream, None) is None


@pytest.mark.parametrize(
    ("intent", "message"), [("answer", "is KE-1001 cordless?"), ("title", "title for KE-1001")]
)
def test_a_turn_stopped_before_its_first_word_says_nothing(
    make: MakeAssistant, engine: ScriptedEngine, intent: str, message: str
) -> None:
    engine.enqueue("Yes, it is.")
    stop = threading.Event()
    stop.set()
    answer = answer_of(list(make(intent).stream(Turn(message), stop)))
    assert (answer.text, answer.stopped, answer.abstained) == ("", True, False)


def test_closing_the_stream_ends_the_compute(make: MakeAssistant, engine: ScriptedEngine) -> None:
    engine.enqueue("Yes " * 100)
    stream = make().stream(Turn("is KE-1001 cordless?"))
    while not isinstance(next(stream), Delta):
        pass
    assert engine.closed == 0
    stream.close()  # type: ignore[attr-defined]
    assert (engine.written, engine.closed) == (1, 1)


@pytest.mark.parametrize("message", ["", "  \n\t ", "\x00\x07\u200b\ufeff", "\ud800"])
def test_an_empty_message_is_refused(make: MakeAssistant, message: str) -> None:
    with pytest.raises(MessageError, match="empty"):
        make().ask(Turn(message))


def test_a_huge_message_is_refused_with_both_figures(make: MakeAssistant) -> None:
    with pytest.raises(MessageError, match=r"100,000 characters.*8,000"):
        make().ask(Turn("x" * 100_000))
    kept = "x" * MAX_MESSAGE_CHARACTERS
    assert clean_message(f" {kept}\n") == kept


def test_control_characters_are_cleaned_and_lines_kept(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    assert clean_message("a\x00b\r\nc\td\x85e\ud800\u2028f") == "a b\nc\td e  f"
    answer = make("chitchat").ask(Turn("\x1b[31mhello\x07"))
    assert answer.message == "[31mhello"


@pytest.mark.parametrize("intent", ["ads", "title", "classify", "intent"])
def test_authoring_without_a_product_asks_which(
    make: MakeAssistant, engine: ScriptedEngine, intent: str
) -> None:
    events = list(make(intent).stream(Turn("write something")))
    assert kinds(events) == [Routed, Found, Done]
    answer = answer_of(events)
    assert (answer.text, answer.abstained) == (replies.WHICH_PRODUCT, True)
    assert engine.prompts == []


def test_an_ad_loses_the_sentences_the_record_does_not_hold(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Pour tea fast. It holds 1.7 l. It costs 12 EUR.")
    answer = make("ads").ask(Turn("write a witty ad for KE-1001 for students"))
    assert answer.text == "Meet the Steel kettle 1.7 l. Pour tea fast. It holds 1.7 l."
    assert answer.grounded
    assert cited(answer) == [KETTLE]
    assert ["12 EUR" in note for note in answer.notes] == [True, False]
    assert "for students, in the tone witty" in engine.prompts[0]


def test_a_title_is_written_for_the_query_of_the_turn(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Title: Aldmere Steel kettle cordless")
    answer = make("title").ask(Turn('title for KE-1001 for "cordless kettle"'))
    assert answer.text == "Aldmere Steel kettle cordless"
    assert "Query: cordless kettle\n" in engine.prompts[0]


@pytest.mark.parametrize(
    ("intent", "message", "best"),
    [
        ("classify", "classify KE-1001: pots, kettles or pans", "kettles"),
        ("intent", 'would one who typed "tea" buy KE-1001?', "possible"),
    ],
)
def test_a_label_is_the_likeliest_one(
    make: MakeAssistant, engine: ScriptedEngine, intent: str, message: str, best: str
) -> None:
    engine.likelihoods = {best: -1.0, "pots": -2.0, "likely": -3.0}
    events = list(make(intent).stream(Turn(message)))
    assert kinds(events) == [Routed, Found, Delta, Done]
    answer = answer_of(events)
    assert (answer.text, answer.label) == (best, best)
    assert cited(answer) == [KETTLE]


def test_a_search_lists_only_what_matches(make: MakeAssistant, engine: ScriptedEngine) -> None:
    events = list(make("search").stream(Turn("running shoes")))
    assert kinds(events) == [Routed, Found, Done]
    answer = answer_of(events)
    assert len(answer.hits) == 3, "more was found than is listed"
    assert cited(answer) == [SHOES]
    assert "1. Running shoes (89.50 EUR)" in answer.text
    assert "2." not in answer.text
    assert answer.focus is not None
    assert answer.focus.id == SHOES

    none = make("search").ask(Turn("quantum violin strings"))
    assert (none.text, none.abstained, cited(none)) == (replies.NOTHING_FOUND, True, [])
    assert none.focus is None
    assert engine.prompts == []


JSON_KEYS = {
    *("message", "intent", "answer", "citations", "grounded", "abstained", "claims", "timing"),
    *("confidence", "label", "stopped", "notes", "model", "focus", "choices", "state"),
}


@pytest.mark.parametrize(
    ("intent", "message"),
    [
        ("answer", "is KE-1001 cordless?"),
        ("ads", "an ad for KE-1001"),
        ("classify", "classify KE-1001"),
        ("search", "running shoes"),
        ("chitchat", "hi"),
    ],
)
def test_an_answers_json_has_the_contracts_keys(
    make: MakeAssistant, engine: ScriptedEngine, intent: str, message: str
) -> None:
    engine.enqueue("Yes, it holds 1.7 l.")
    record = make(intent).ask(Turn(message)).to_json()
    assert (
        JSON_KEYS <= set(record) <= JSON_KEYS | {"parameters", "constraints", "variants", "table"}
    )
    assert json.loads(json.dumps(record)) == record
    assert all(isinstance(source, str) for source in record["citations"])
    for claim in record["claims"]:
        assert set(claim) == {"text", "verdict", "source", "field", "kind"}
    assert set(record["timing"]) == {"route", "retrieve", "first_token", "total"}
    assert (record["message"], record["intent"]) == (message, intent)


def test_turns_in_two_threads_do_not_mix(make: MakeAssistant, engine: ScriptedEngine) -> None:
    engine.when("cordless", "Yes, it is cordless.")
    engine.when("waterproof", "No, it is not waterproof.")
    assistant: Assistant = make()
    turns = {"is KE-1001 cordless?": KETTLE, "is SH-3003 waterproof?": SHOES}
    wrong: list[Answer] = []
    barrier = threading.Barrier(2)

    def work(message: str, product: str) -> None:
        barrier.wait()
        for _ in range(10):
            answer = assistant.ask(Turn(message))
            right = "Yes, it is cordless." if product == KETTLE else "No, it is not waterproof."
            if (answer.text, answer.message, cited(answer)) != (right, message, [product]):
                wrong.append(answer)

    threads = [threading.Thread(target=work, args=item) for item in turns.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(engine.prompts) == 20
