"""Bodies of chat calls as servers send them, well or ill, and what is made of them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from finetune.teachers.prompts import Answer
from finetune.teachers.replies import Reply, read_body, read_text
from tests.finetune.teachers.jobs import title_job

TEXT = '{"instruction": "I", "response": "R"}'


def body(finish: str | None = "stop", **message: Any) -> dict[str, Any]:
    return {"choices": [{"message": message, "finish_reason": finish}]}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (body(content=TEXT), ""),
        (body(None, content=TEXT), ""),
        (body("length", content=TEXT), ""),  # whole in spite of its length
        (body("length", content=TEXT[:-3]), "too long"),
        (body("length", content=None), "too long"),
        (body("content_filter", content=TEXT), "refused"),
        (body(content=None, refusal="I will not."), "refused"),
        (body(content="I will not."), "no JSON answer"),
        (body(content=""), "no text"),
        (body(content=[{"type": "text"}]), "no text"),
        (body(), "no text"),
        ({"choices": []}, "no choices"),
        ({"choices": [None]}, "no choices"),
        ({"choices": [{"message": "text"}]}, "no choices"),
        ({"error": "overloaded"}, "no choices"),
        ([], "no choices"),
        (None, "no choices"),
    ],
)
def test_every_shape_of_body_is_an_answer_or_a_named_fault(given: Any, fault: str) -> None:
    expected = None if fault else Answer("I", "R")
    assert read_body(given).answer(title_job(1)) == (expected, fault)
    assert read_text(json.dumps(given)).answer(title_job(1)) == (expected, fault)


@pytest.mark.parametrize("text", ["", "<html>", '{"choices": [', "[" * 100_000, TEXT[:-1]])
def test_a_body_that_is_no_json_is_named_so(text: str) -> None:
    assert read_text(text) == Reply(text, fault="not JSON")


def test_the_servers_count_of_tokens_is_kept() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 4}
    assert read_body(body(content=TEXT) | {"usage": usage}).usage == usage
    assert read_body(body(content=TEXT) | {"usage": "many"}).usage is None
