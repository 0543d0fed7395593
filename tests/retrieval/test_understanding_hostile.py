"""Any text is understood in bounded time, without an error, and its words are never empty."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog_index.filters import fold
from retrieval.understanding import Understood, understand, without
from retrieval.understanding.reading import LOOKED_AT, MOST_LOOK_UPS
from tests.retrieval.understanding_shop import ShopVocabulary

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120)
_SAID = """
headphones jacket under over between 50 1.200,50 1k 20-40 € euros $ pounds kg gb cm by from not
without no except other than Acme Bolt red black size M in of made waterproof bluetooth with and or
, . ? - " ( ) is it do you have i want my budget cheapest stock used refurbished sale only free 17"
-case laptop and, what the to at least up
"""
SAID = st.lists(st.sampled_from(_SAID.split()), max_size=14).map(" ".join)


def check(text: str) -> Understood:
    """Understand a text and check what must hold of any."""
    vocabulary = ShopVocabulary()
    understood = understand(text, vocabulary)
    assert understood.text == text
    assert bool(understood.words) == bool(text)
    assert bool(understood.dense) == bool(text)
    assert vocabulary.asked <= MOST_LOOK_UPS * 2 + 20
    for item in (*understood.filters, *understood.preferences):
        assert 0 <= item.start < item.end <= min(len(text), LOOKED_AT)
        assert item.filter.low <= item.filter.high
        assert item.label
    for index in range(len(understood.filters)):
        for literally in (False, True):
            rest = without(understood, index, literally=literally)
            assert len(rest.filters) == len(understood.filters) - 1
            assert rest.words
    return understood


@given(ANY_TEXT)
@example("\x00\ud800under 50 euroſ")
@example("size ² shoes under 50² ½ €")
@example("under 5K")
@example("İßﬁ by Acme")
@settings(max_examples=150, deadline=None)
def test_any_text_is_understood(text: str) -> None:
    check(text)


@given(ANY_TEXT)
@example("0𝐀")
@settings(max_examples=150, deadline=None)
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(SAID)
@settings(max_examples=300, deadline=None)
def test_any_mix_of_known_words_is_understood(text: str) -> None:
    check(text)


@pytest.mark.parametrize(
    "text",
    [
        "headphones under 50 " * 5000,
        "a" * 100_000,
        "1" * 100_000,
        "1," * 50_000,
        "1 " * 50_000,
        "20-" * 30_000,
        "under " * 20_000,
        "not " * 25_000,
        "by " * 30_000,
        "acme or " * 12_000,
        "the a " * 17_000,
        "do you have " * 8_000,
        "what a b c " * 9_000,
        '"' * 100_000,
        "-" * 100_000,
        ".?" * 50_000,
        " " * 100_000,
        "\n" * 100_000,
        "\x00" * 100_000,
        "🎧" * 50_000,
        "\u202eunder 50 euros\u05d0 " * 5_000,
    ],
    ids=lambda text: repr(text[:16]),
)
def test_hundred_kilobytes_take_bounded_time(text: str) -> None:
    started = time.perf_counter()
    check(text)
    assert time.perf_counter() - started < 5


def test_only_the_head_of_a_long_text_is_read_for_phrases() -> None:
    understood = check("headphones " * 60 + "by Acme under 50 euros")
    assert understood.filters == ()
    assert understood.words.endswith("by Acme under 50 euros")
    cut = check("x" * (LOOKED_AT - 2) + " waterproof jacket")
    assert cut.words.endswith("waterproof jacket")
