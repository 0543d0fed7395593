"""Jobs for the teachers' tests, one product each, named "item-N" in every text that is sent."""

from __future__ import annotations

from finetune.pair import Pair
from finetune.teachers.base import Job

TITLE_SEED = Pair(
    id="title-01",
    task="title",
    inputs={
        "instruction": "Fit the brand's product to what the shopper typed.",
        "query": "steel kettle",
        "product": {"title": "Kettle", "brand": "Aldmere", "attributes": {"material": "steel"}},
    },
    output="Aldmere steel kettle",
    source="expert",
)
CLASSIFY_SEED = Pair(
    id="classify-01",
    task="classify",
    inputs={
        "instruction": "File this listing.",
        "product": {"title": "Kettle", "brand": "Aldmere"},
        "labels": ["Kettles", "Lamps"],
    },
    output="Kettles",
    source="expert",
)
ANSWER_SEED = Pair(
    id="answer-01",
    task="answer",
    inputs={
        "instruction": "Answer the shopper.",
        "question": "Is it steel?",
        "evidence": ["material: steel"],
    },
    output="Yes, it is steel.",
    source="expert",
)


def title_job(number: int) -> Job:
    product = {"title": f"item-{number}", "brand": "Brightley", "attributes": {"power": "9 W"}}
    return Job(f"t{number}", TITLE_SEED, {"query": "desk lamp", "product": product})


def title_jobs(count: int) -> list[Job]:
    return [title_job(number) for number in range(count)]


def classify_job(number: int) -> Job:
    inputs = {"product": {"title": f"item-{number}"}, "labels": ["Kettles", "Lamps"]}
    return Job(f"c{number}", CLASSIFY_SEED, inputs, answer="Lamps")
