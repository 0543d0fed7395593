"""What a teacher is told of a job, and which replies count as an answer to it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from finetune.teachers.base import Job
from finetune.teachers.prompts import Answer, Question, read_answer
from tests.finetune.teachers.jobs import ANSWER_SEED, classify_job, title_job

REPLY = {"instruction": "Say it anew", "response": "A lamp"}


def told(job: Job) -> tuple[str, str]:
    system, user = Question.of(job, "tiny").messages
    assert (system["role"], user["role"]) == ("system", "user")
    return system["content"], user["content"]


def test_a_writing_job_shows_seed_inputs_and_features_and_asks_for_both_parts() -> None:
    job = title_job(7)
    system, user = told(job)
    assert '{"instruction": "...", "response": "..."}' in system
    assert "facts of the new inputs only" in system
    assert "at most 150 characters" in system
    example = {
        "instruction": job.seed.instruction,
        "inputs": {key: job.seed.inputs[key] for key in ("query", "product")},
        "response": job.seed.output,
    }
    assert f"Example: {json.dumps(example)}" in user
    assert f"New inputs: {json.dumps(job.inputs)}" in user
    assert "brand (seller)" in user
    assert "query (customer)" in user


def test_the_platforms_limit_reaches_the_teacher() -> None:
    job = title_job(7)
    system, _ = told(replace(job, inputs={**job.inputs, "max_characters": 60}))
    assert "at most 60 characters" in system


def test_a_job_with_a_fixed_answer_asks_for_the_instruction_alone() -> None:
    system, user = told(classify_job(1))
    assert '{"instruction": "..."}' in system
    assert '"response": "..."' not in system
    assert "Write no response" in system
    assert "right answer" not in user  # or the instruction could give it away


def test_an_answer_job_learns_how_to_abstain_and_what_is_right() -> None:
    inputs = {"question": "Is it blue?", "evidence": ["material: steel"]}
    job = Job("a1", ANSWER_SEED, inputs, answer="The catalog does not say.")
    system, user = told(job)
    assert '"The catalog does not say"' in system
    assert "The catalog does not say." in user


def test_the_digest_follows_the_words_and_the_model() -> None:
    job = title_job(1)
    digest = Question.of(job, "tiny").digest
    assert Question.of(title_job(1), "tiny").digest == digest
    assert Question.of(job, "large").digest != digest
    assert Question.of(title_job(2), "tiny").digest != digest


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(REPLY),
        json.dumps(REPLY | {"notes": ["extra"], "score": 1}),
        f"Sure, here you are:\n```json\n{json.dumps(REPLY, indent=2)}\n```\nAnything else?",
        f"<think>{{so}} {json.dumps(REPLY | {'response': 'Draft'})}</think>{json.dumps(REPLY)}",
        json.dumps({"result": REPLY}),
        '{"instruction": " Say it anew ", "response": "A lamp\n"}',
    ],
)
def test_an_answer_is_found_whatever_stands_around_it(text: str) -> None:
    assert read_answer(text, title_job(1)) == Answer("Say it anew", "A lamp")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I would rather not.",
        '{"instruction": "Say it anew"}',
        '{"instruction": "", "response": "A lamp"}',
        '{"instruction": "Say it anew", "response": ["A lamp"]}',
        '{"instruction": "Say it anew", "response": "A la',
        '["instruction", "response"]',
        '{"instruction": "Say it anew", "response": "\\ud800"}',
        '{"a":' * 5000,
    ],
)
def test_a_reply_without_the_object_is_no_answer(text: str) -> None:
    assert read_answer(text, title_job(1)) is None


def test_a_fixed_answer_is_the_jobs_whatever_the_teacher_wrote() -> None:
    job = classify_job(1)
    answer = read_answer('{"instruction": "File it", "response": "Kettles"}', job)
    assert answer == Answer("File it")
    pair = Question.of(job, "tiny").pair(answer, "openai:tiny")
    assert (pair.output, pair.instruction, pair.seed) == ("Lamps", "File it", "classify-01")
