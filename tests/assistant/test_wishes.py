"""What a request asks of a text, as a table: lengths, words to keep and to avoid, versions."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.wishes import read_wishes


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        ("an ad for KE-1", {}),
        ("playful, 40 words", {"min_words": 30, "max_words": 40}),
        ("under 50 words", {"max_words": 49}),
        ("at most forty-five words", {"max_words": 45}),
        ("no more than 20 words", {"max_words": 20}),
        ("20 words or less", {"max_words": 20}),
        ("at least 30 words", {"min_words": 30}),
        ("between 20 and 30 words", {"min_words": 20, "max_words": 30}),
        ("a 15-word ad", {"min_words": 12, "max_words": 15}),
        ("in two sentences", {"min_sentences": 2, "max_sentences": 2}),
        ("under 60 characters", {"max_characters": 59}),
        ("a short ad", {"max_words": 25}),
        ("mention free returns", {"keep": ("free returns",)}),
        ("put 'noise cancelling' in it", {"keep": ("noise cancelling",)}),
        ("must include cordless and 1.7 l", {"keep": ("cordless", "1.7 l")}),
        ("use the words “a b” and “c”", {"keep": ("a b", "c")}),
        ("Include: steel, sip. Avoid: cheap", {"keep": ("steel", "sip"), "avoid": ("cheap",)}),
        ("promise next-day delivery", {"keep": ("next-day delivery",)}),
        ("include a call to action", {"keep": ("order yours today",)}),
        ('include "PFAS-free" and a call to action', {"keep": ("PFAS-free", "order yours today")}),
        ('include "a b", "c" and the price', {"keep": ("a b", "c", "price")}),
        ('include "a b" and a playful tone', {"keep": ("a b",)}),
        ('include "a b" and make it short', {"keep": ("a b",), "max_words": 25}),
        ("don't say cheap or budget", {"avoid": ("cheap", "budget")}),
        ("without the word luxury", {"avoid": ("luxury",)}),
        ("without the price", {"avoid": ("price",)}),
        ("but not 'cheap'", {"avoid": ("cheap",)}),
        ("avoid exclamation marks", {"avoid": ("!",)}),
        ("no emojis", {"no_emoji": True}),
        ("three versions of it", {"variants": 3}),
        ("give me 3 options", {"variants": 3}),
        ("a couple of variants", {"variants": 2}),
        ("nine versions", {"variants": 5}),
        ("write it in German", {"language": "German"}),
        ("keep it under 30 words", {"max_words": 29}),
    ],
)  # fmt: skip
def test_what_one_message_asks(request_: str, line: dict[str, Any]) -> None:
    assert read_wishes(request_).line() == line


@pytest.mark.parametrize(
    ("request_", "line"),
    [
        ("an ad, 40 words; 20 words", {"min_words": 15, "max_words": 20}),
        ("an ad, at most 40 words; make it shorter", {"max_words": 28}),
        ("an ad; shorter; even shorter", {"max_words": 13}),
        ("an ad, at most 20 words; longer", {"min_words": 30, "max_words": 60}),
        ("an ad without the price; mention the price", {"keep": ("price",)}),
        ("an ad that mentions the price; without the price", {"avoid": ("price",)}),
        ("three versions of an ad; just one", {}),
    ],
)
def test_later_words_overrule_earlier_ones(request_: str, line: dict[str, Any]) -> None:
    assert read_wishes(request_).line() == line


def test_another_one_counts_as_a_new_attempt_only_where_a_request_goes_on() -> None:
    assert read_wishes("write an ad again").attempt == 0
    assert read_wishes("write an ad; another one; again").attempt == 2


def test_more_versions_than_are_made_are_remembered() -> None:
    assert read_wishes("ten versions").too_many == 10
