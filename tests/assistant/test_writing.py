"""`author`: one input line in, one output line out, for each of the five tasks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from assistant.copywriting import author
from assistant.tasks import TASKS
from assistant.tasks.base import TaskInputError
from assistant.writing import write
from tests.fakes import KETTLE, ScriptedEngine


@pytest.mark.parametrize(
    ("task", "line", "text"),
    [
        ("ads", {"product": KETTLE}, "Boils water fast. It holds 1.7 l."),
        ("title", {"query": "steel kettle", "product": KETTLE}, "Aldmere Steel kettle 1.7 l"),
        ("answer", {"question": "How big?", "evidence": ["capacity: 1.7 l"]}, "Capacity: 1.7 l."),
    ],
)
def test_a_written_task(engine: ScriptedEngine, task: str, line: dict[str, Any], text: str) -> None:
    engine.enqueue(text)
    output = author(engine, task, line)
    assert output.pop("claims") == [{"text": "1.7 l", "verdict": "supported"}]
    assert output == {"output": text, "grounded": True}
    messages = TASKS[task].prompt(TASKS[task].read(line)).messages()
    assert engine.prompts == ["\n".join(message["content"] for message in messages)]


@pytest.mark.parametrize(
    ("task", "line", "likelihoods", "label"),
    [
        (
            "classify",
            {"product": KETTLE, "labels": ["Pots", "Kettles", "Pans"]},
            {"Kettles": -0.1, "Pots": -5.0},
            "Kettles",
        ),
        ("classify", {"product": "x", "labels": ["Only"]}, {}, "Only"),
        (
            "intent",
            {"query": "tea", "product": KETTLE},
            {"likely": -3, "possible": -2, "unlikely": -1},
            "unlikely",
        ),
    ],
)
def test_a_label_task_chooses_the_likeliest_label(
    engine: ScriptedEngine,
    task: str,
    line: dict[str, Any],
    likelihoods: dict[str, float],
    label: str,
) -> None:
    engine.likelihoods = likelihoods
    assert author(engine, task, line) == {
        "output": label,
        "label": label,
        "grounded": True,
        "claims": [],
    }
    assert engine.written == 0, "nothing is generated"


def test_an_id_is_repeated_and_kept_from_the_task(engine: ScriptedEngine) -> None:
    engine.enqueue("Fine.", "Fine.")
    assert author(engine, "ads", {"id": 7, "product": "mug"})["id"] == 7
    assert "id" not in author(engine, "ads", {"product": "mug"})


@pytest.mark.parametrize(
    ("task", "text", "output"),
    [
        ("ads", "Holds 1.7 l. Only 9 EUR!", "Holds 1.7 l."),
        ("ads", "Only 9 EUR!", "Steel kettle 1.7 l"),
        ("title", "Steel kettle 2 l", "Aldmere Steel kettle 1.7 l"),
    ],
)
def test_copy_loses_the_claims_that_its_record_does_not_hold(
    engine: ScriptedEngine, task: str, text: str, output: str
) -> None:
    engine.enqueue(text)
    line = {"product": KETTLE} | ({"query": "kettle"} if task == "title" else {})
    result = author(engine, task, line)
    assert result["output"] == output
    assert result["grounded"] is True
    [note] = result["notes"]
    assert ("9 EUR" if task == "ads" else "2 l") in note


def test_an_answer_that_fails_is_marked_and_left_as_it_is(engine: ScriptedEngine) -> None:
    engine.enqueue("Capacity: 2 l.")
    line = {"question": "How big?", "evidence": ["capacity: 1.7 l"]}
    result = author(engine, "answer", line)
    assert (result["output"], result["grounded"]) == ("Capacity: 2 l.", False)
    assert {"text": "2 l", "verdict": "not_in_record"} in result["claims"]


def test_the_adapter_is_left_out_on_request(engine: ScriptedEngine) -> None:
    engine.enqueue("Fine.")
    author(engine, "ads", {"product": "mug"}, adapter=False)
    author(engine, "intent", {"query": "mug", "product": "mug"}, adapter=False)
    assert engine.adapters == [False, False]


def test_faults_are_named(engine: ScriptedEngine) -> None:
    with pytest.raises(TaskInputError, match=r"no task 'poem'.*ads, title"):
        author(engine, "poem", {})
    with pytest.raises(TaskInputError, match="product"):
        author(engine, "ads", {"id": 1})
    assert engine.prompts == []


def test_an_output_line_is_json(engine: ScriptedEngine) -> None:
    engine.enqueue("Only 9 EUR!")
    result = author(engine, "ads", {"id": "a", "product": KETTLE})
    assert json.loads(json.dumps(result)) == result


def test_closing_the_writing_closes_the_engines_stream(engine: ScriptedEngine) -> None:
    engine.enqueue("one two three")
    task = TASKS["ads"]
    writing = write(engine, task, task.read({"product": "mug"}))
    assert next(writing) == "one"
    writing.close()
    assert (engine.written, engine.closed) == (1, 1)


def test_a_title_without_a_true_word_of_the_query_is_made_by_rule(engine: ScriptedEngine) -> None:
    engine.enqueue("Aldmere kettle")
    result = author(engine, "title", {"query": "steel kettle", "product": KETTLE})
    assert result["output"] == "Aldmere Steel kettle 1.7 l"
    assert "left out: steel" in result["notes"][0]


def test_a_title_that_says_a_thing_twice_is_made_by_rule(engine: ScriptedEngine) -> None:
    engine.enqueue("Aldmere steel kettle, 1.7 l, 1.7 l")
    result = author(engine, "title", {"query": "steel kettle", "product": KETTLE})
    assert result["output"] == "Aldmere Steel kettle 1.7 l"
    assert "said twice: 1.7 l" in result["notes"][0]
