"""The length of a title made by rule: never over the limit, never empty."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.tasks.title_rule import rewrite_title
from catalog_index.product import Product

ENDLESS = "Donaudampfschifffahrtsgesellschaft"
KETTLE = "Electric Kettle, 1.7 l, Steel"


def made(brand: str, title: str, query: str = "steel kettle", limit: int = 20) -> str:
    return rewrite_title(query, Product(id="x", title=title, brand=brand), limit)


@pytest.mark.parametrize("title", [KETTLE, "Very Long Brand Name Of A Company Electric Kettle"])
def test_a_brand_longer_than_the_limit_is_cut_at_a_word(title: str) -> None:
    assert made("Very Long Brand Name Of A Company", title) == "Very Long Brand Name"


def test_a_cut_brand_does_not_end_in_a_small_word() -> None:
    assert made("House of Tea and the Company", KETTLE, limit=16) == "House of Tea"
    assert made("House of Tea and the Company", KETTLE, limit=8) == "House"


@pytest.mark.parametrize("title", [KETTLE, f"{ENDLESS} {KETTLE}", f"{ENDLESS}, {KETTLE}"])
def test_a_brand_of_one_word_too_long_gives_way_to_the_words_that_fit(title: str) -> None:
    got = made(ENDLESS, title)
    assert len(got) <= 20
    assert {"Kettle", "Steel"} <= set(got.split())  # those of the query first


def test_a_first_word_too_long_gives_way_without_a_brand_too() -> None:
    assert made("", f"{ENDLESS} Tea Kettle") == "Tea Kettle"


def test_a_title_in_which_no_word_fits_is_cut_inside_its_first() -> None:
    assert made(ENDLESS, ENDLESS) == ENDLESS[:20]


WORDS = st.sampled_from(
    ("kettle", "steel", "1.7", "l", "(", "lid)", "&", "-", ",", "of", "ml,", "ß—", "(a b)", ENDLESS)
)
TEXTS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS, st.just("") | TEXTS, TEXTS, st.integers(1, 60), st.none() | st.integers(0, 9))
def test_no_title_is_longer_than_its_limit_nor_empty(
    title: str, brand: str, query: str, limit: int, seed: int | None
) -> None:
    attributes = {"colour": "grey", "capacity": "1.7 l", "big lid": True}
    product = Product(id="x", title=title, brand=brand, attributes=attributes)
    rng = None if seed is None else random.Random(seed)
    assert 0 < len(rewrite_title(query, product, limit, rng)) <= limit
