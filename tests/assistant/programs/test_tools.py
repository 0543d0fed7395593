"""The functions that programs call, without any protocol."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import ProductNotFoundError
from assistant.programs.faults import KNOWN_FAULTS, ToolInputError, status_of
from assistant.programs.tools import Tools
from assistant.tasks.base import TaskInputError
from tests.assistant.programs.serving import open_service
from tests.fakes import KETTLE, ScriptedEngine


@pytest.fixture
def tools(index_dir: Path, engine: ScriptedEngine) -> Tools:
    return Tools(open_service(index_dir, engine))


def test_a_search_needs_no_model_and_gives_ids_and_prices(tools: Tools, engine: ScriptedEngine):
    found = tools.search_catalog("steel kettle", 2)
    assert found["query"] == "steel kettle"
    assert len(found["hits"]) <= 2
    assert (found["hits"][0]["id"], found["hits"][0]["price"]) == ("KE-1001", "39.95 EUR")
    assert engine.prompts == []


def test_a_condition_of_a_search_is_applied_and_said(tools: Tools):
    found = tools.search_catalog("anything under 50 EUR")
    assert found["filters"]
    ids = [hit["id"] for hit in found["hits"] if hit["kind"] == "product"]
    assert ids == ["KE-1001"]


@pytest.mark.parametrize("k", [0, 51])
def test_too_many_hits_are_refused_with_the_bounds(tools: Tools, k: int):
    with pytest.raises(ToolInputError, match="1 to 50"):
        tools.search_catalog("kettle", k)


@pytest.mark.parametrize("code", ["KE-1001", "04006381333931", "AK-17/S", "ke 1001"])
def test_a_record_is_read_by_any_of_its_codes(tools: Tools, code: str):
    record = tools.get_product(code)
    assert record["id"] == "KE-1001"
    assert record["fields"]["capacity"] == "1.7 l"


def test_an_unknown_product_is_said_to_be_none(tools: Tools):
    with pytest.raises(ProductNotFoundError, match="search_catalog") as caught:
        tools.get_product("XX-9999")
    assert status_of(caught.value) == 404


def test_a_question_is_answered_from_the_record_with_its_citation(
    tools: Tools, engine: ScriptedEngine
):
    engine.enqueue("The capacity is 1.7 l.")
    reply = tools.ask_catalog("what is the capacity of KE-1001?")
    assert "1.7 l" in reply["answer"]
    assert reply["citations"] == ["KE-1001"]
    assert reply["grounded"] and not reply["abstained"]


def test_it_is_the_product_of_the_message_before(tools: Tools, engine: ScriptedEngine):
    engine.enqueue("The weight is 240 g.")
    history = [
        {"role": "user", "content": "is SH-3003 waterproof?"},
        {"role": "assistant", "content": "No, it is not waterproof."},
    ]
    assert "240 g" in tools.ask_catalog("how heavy is it?", history=history)["answer"]


@pytest.mark.parametrize("entry", [{"role": "system", "content": "x"}, {"role": "user"}, {}])
def test_a_history_of_something_else_is_refused(tools: Tools, entry: dict[str, str]):
    with pytest.raises(ToolInputError, match="history: message 1"):
        tools.ask_catalog("hello", history=[entry])


def test_an_ad_is_written_for_a_product_of_the_catalog(tools: Tools, engine: ScriptedEngine):
    engine.enqueue("Steel kettle 1.7 l by Aldmere: cordless, for your kitchen.")
    reply = tools.write_ad(product_id="KE-1001", audience="students", max_words=30)
    assert reply["output"]
    assert reply["grounded"]
    assert "students" in engine.prompts[0]
    assert {one["name"]: one["met"] for one in reply["constraints"]}["words"] is True


def test_a_title_is_written_for_a_record_that_is_not_in_the_catalog(
    tools: Tools, engine: ScriptedEngine
):
    engine.enqueue("Aldmere Steel Kettle 1.7 l")
    product = {**KETTLE, "id": "NEW-1"}
    reply = tools.rewrite_title("steel kettle", product=product, max_characters=40)
    assert 0 < len(reply["output"]) <= 40
    assert "Kettle" in reply["output"]


def test_a_label_is_one_of_those_given(tools: Tools, engine: ScriptedEngine):
    engine.likelihoods = {"Lamps": -1.0, "likely": -0.5}
    assert tools.classify_product(["Shoes", "Lamps"], product_id="LA-2002")["label"] == "Lamps"
    assert tools.judge_purchase_intent("desk lamp", product_id="LA-2002")["label"] == "likely"


def test_an_answer_is_checked_against_the_evidence_given(tools: Tools, engine: ScriptedEngine):
    engine.enqueue("It weighs 3 kg.")
    reply = tools.answer_from_evidence("how heavy is it?", ["weight: 2 kg"])
    assert not reply["grounded"]


@pytest.mark.parametrize("given", [{}, {"product_id": "KE-1001", "product": {"title": "x"}}])
def test_exactly_one_of_id_and_record_is_wanted(tools: Tools, given: dict[str, object]):
    with pytest.raises(ToolInputError, match="product_id or product"):
        tools.judge_purchase_intent("kettle", **given)


def test_what_does_not_fit_a_task_is_the_callers_fault(tools: Tools):
    with pytest.raises(TaskInputError) as caught:
        tools.classify_product([], product_id="KE-1001")
    assert status_of(caught.value) == 400
    assert isinstance(caught.value, KNOWN_FAULTS)
