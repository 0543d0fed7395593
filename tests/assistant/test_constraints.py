"""What is asked of a text is checked, mended where rules can, and refused where it is not true."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.constraints import (
    check_constraints,
    count_words,
    invented,
    refusals,
    sources_of,
)
from assistant.copywriting import author
from assistant.tasks import TASKS
from assistant.tasks.base import TaskInputError
from tests.fakes import KETTLE, ScriptedEngine


def verdicts(task: str, text: str, **asked: Any) -> dict[str, bool | None]:
    line = {"product": KETTLE} | ({"query": "kettle"} if task == "title" else {}) | asked
    inputs = TASKS[task].read(line)
    sources = sources_of(inputs, TASKS[task].source(inputs))
    return {one.asked: one.met for one in check_constraints(inputs, text, sources)}


@pytest.mark.parametrize(
    ("text", "asked", "expected"),
    [
        ("One two three.", {"max_words": 3}, {"at most 3 words": True}),
        ("One two three four.", {"max_words": 3}, {"at most 3 words": False}),
        ("One - two.", {"min_words": 3}, {"at least 3 words": False}),
        ("One. Two!", {"min_sentences": 2, "max_sentences": 2}, {"2 sentences": True}),
        ("Abc", {"max_characters": 2}, {"at most 2 characters": False}),
        ("So cordless.", {"keep": ["cordless"]}, {"says “cordless”": True}),
        ("Only 39.95 EUR.", {"avoid": ["price"]}, {"does not say “price”": False}),
        ("For €20.", {"avoid": ["price"]}, {"does not say “price”": False}),
        ("By Aldmere.", {"avoid": ["brand"]}, {"does not say “brand”": False}),
        ("It holds 1.7 l.", {"keep": ["capacity"]}, {"says “capacity”": False}),
        ("Its capacity is 1.7 l.", {"keep": ["capacity"]}, {"says “capacity”": True}),
        ("Cheaper tea.", {"avoid": ["cheap"]}, {"does not say “cheap”": True}),
        ("Tea \u2615!", {"no_emoji": True, "avoid": ["!"]},
            {"no exclamation marks": False, "no emojis": False}),
        ("Tea.", {"tone": "playful"}, {"tone: playful": None}),
        ("Tea.", {"language": "German"}, {"in German": False}),
        ("Tea.", {"occasion": "Easter"}, {"names Easter": False}),
    ],
)  # fmt: skip
def test_an_ad_is_held_against_what_was_asked(
    text: str, asked: dict[str, Any], expected: dict[str, bool | None]
) -> None:
    assert verdicts("ads", text, **asked) == expected


@pytest.mark.parametrize(
    ("platform", "limit"),
    [("eBay", 80), ("Etsy", 140), ("Google Shopping", 150), ("Amazon", 75), ("shopify", 70)],
)
def test_a_platforms_limit_holds_for_titles(platform: str, limit: int) -> None:
    [(asked, met)] = verdicts("title", "x" * limit, platform=platform).items()
    assert (f"at most {limit} characters" in asked, met) == (True, True)
    [met] = verdicts("title", "x" * (limit + 1), platform=platform).values()
    assert met is False


@pytest.mark.parametrize(
    ("phrase", "reason"),
    [
        ("waterproof", "“waterproof” is not in the record"),
        ("free returns", "not in the record"),
        ("the lightest kettle", "not in the record"),
        ("2 l", "not in the record"),
        ("zorbital", "not in the record"),
        ("dishwasher safe", "does not hold"),
        ("cordless", ""),
        ("1.7 l", ""),
        ("treat yourself", ""),
        ("price", ""),
    ],
)
def test_words_that_are_not_true_are_refused(phrase: str, reason: str) -> None:
    product = {**KETTLE, "dishwasher safe": False}
    inputs = TASKS["ads"].read({"product": product, "keep": [phrase]})
    refused = refusals(inputs, sources_of(inputs, TASKS["ads"].source(inputs)))
    assert (reason in refused[phrase]) if reason else not refused


LONG = "Tea time is here. The Aldmere Steel kettle holds 1.7 l. Sip slowly. Take your time today."


@pytest.mark.parametrize(
    "asked",
    [
        {"max_words": 12},
        {"min_words": 20, "max_words": 30},
        {"max_characters": 60},
        {"min_sentences": 2, "max_sentences": 2},
        {"keep": ["cordless"], "max_words": 15},
        {"keep": ["price"]},
        {"avoid": ["brand"]},
        {"avoid": ["tea"]},
        {"occasion": "Black Friday", "max_words": 20},
        {"keep": ["treat yourself"], "avoid": ["!"]},
    ],
)
def test_an_ad_is_mended_until_it_does_what_was_asked(
    engine: ScriptedEngine, asked: dict[str, Any]
) -> None:
    engine.enqueue(LONG)
    result = author(engine, "ads", {"product": KETTLE, **asked})
    assert all(one["met"] is not False for one in result.get("constraints", [])), result
    assert result["grounded"] is True


def test_a_draft_that_fails_is_written_once_more_with_its_failure_told(
    engine: ScriptedEngine,
) -> None:
    engine.enqueue(
        "The Aldmere kettle is here, and it is all yours today.", "Aldmere: a cordless treat."
    )
    result = author(engine, "ads", {"product": KETTLE, "keep": ["cordless"]})
    assert "says “cordless”" in engine.prompts[1]
    assert result["output"].startswith("Aldmere: a cordless treat.")


def test_a_refused_word_is_shown_and_never_written(engine: ScriptedEngine) -> None:
    engine.enqueue("The Aldmere kettle is here for you.")
    result = author(engine, "ads", {"product": KETTLE, "keep": ["waterproof"]})
    [constraint] = result["constraints"]
    assert constraint["met"] is False
    assert "“waterproof” is not in the record, so it was not used" in constraint["detail"]
    assert "waterproof" not in result["output"]


def test_a_kept_word_is_put_into_a_title_and_an_avoided_one_left_out(
    engine: ScriptedEngine,
) -> None:
    engine.enqueue("Aldmere Steel kettle 1.7 l")
    line = {"product": KETTLE, "query": "kettle", "keep": ["cordless"], "avoid": ["steel"]}
    result = author(engine, "title", {**line, "max_characters": 40})
    assert "Cordless" in result["output"]
    assert "steel" not in result["output"].lower()
    assert len(result["output"]) <= 40
    assert result["grounded"] is True


@pytest.mark.parametrize("task", ["ads", "title"])
def test_versions_differ_and_are_true_each(engine: ScriptedEngine, task: str) -> None:
    engine.enqueue("The Aldmere Steel kettle holds 1.7 l." if task == "ads" else "Aldmere kettle")
    line = {"product": KETTLE, "variants": 3} | ({"query": "kettle"} if task == "title" else {})
    result = author(engine, task, line)
    texts = result["variants"]
    assert len(set(texts)) == len(texts) >= 2
    assert texts[0] == result["output"]
    assert len(texts) == 3 or "of 3 versions" in " ".join(result["notes"])


def test_a_prompt_without_limits_is_the_one_that_was_trained() -> None:
    plain = TASKS["ads"].prompt(TASKS["ads"].read({"product": KETTLE}))
    limited = TASKS["ads"].prompt(TASKS["ads"].read({"product": KETTLE, "max_words": 9}))
    assert plain.instruction == "Write an ad of two or three short sentences."
    assert plain == limited
    hidden = TASKS["ads"].prompt(TASKS["ads"].read({"product": KETTLE, "avoid": ["price"]}))
    assert "39.95" in plain.material
    assert "39.95" not in hidden.material


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"max_words": "many"}, "max_words: must be a whole number"),
        ({"variants": 6}, "variants: must be at most 5"),
        ({"min_words": 9, "max_words": 3}, "min_words is 9, more than max_words, 3"),
        ({"tone": 3}, "tone: must be text"),
        ({"colour": "red"}, "colour: is no key of this task"),
        ({"keep": [""]}, "keep.0: must not be empty"),
    ],
)
def test_faults_of_a_line_are_told_in_plain_words(line: dict[str, Any], told: str) -> None:
    with pytest.raises(TaskInputError) as caught:
        TASKS["ads"].read({"product": KETTLE, **line})
    assert told in str(caught.value)
    assert "Input should" not in str(caught.value)


def test_a_record_too_long_is_refused_and_a_long_one_is_cut(engine: ScriptedEngine) -> None:
    with pytest.raises(TaskInputError, match=r"product: has 300,0\d\d characters, more than"):
        TASKS["ads"].read({"product": {"title": "Mug", "description": "x" * 300_000}})
    engine.enqueue("The mug.")
    author(engine, "ads", {"product": {"title": "Mug", "description": "x" * 50_000}})
    assert len(engine.prompts[0]) < 5_000


def test_words_are_counted_as_a_word_processor_does() -> None:
    assert count_words("It's 1.7 l - and new!") == 5


@pytest.mark.parametrize(
    "text",
    [
        "Your 15 bags hold 15 in a tea bag.",
        "The tent comes in size 98 cm.",
        "It is made of 30 g of Mossdale Tea.",
        "It is made of 98 cm.",
    ],
)
def test_an_amount_where_none_belongs_is_invented(text: str) -> None:
    sources = [("T", name, value) for name, value in FACTS.items()]
    assert invented(text, sources)


@pytest.mark.parametrize(
    "text",
    [
        "The pack holds 15 bags, 30 g in all.",
        "The tent comes in size 42.",
        "It is made of 100% linen.",
        "The inner height is 98 cm.",
    ],
)
def test_an_amount_in_its_place_is_not_invented(text: str) -> None:
    assert not invented(text, [("T", name, value) for name, value in FACTS.items()])


FACTS = {"title": "Mossdale Tea tent pack", "bags": "15", "weight": "30 g", "size": "42",
         "inner height": "98 cm", "material": "100% linen",
         "description": "The pack holds 15 bags."}  # fmt: skip
