"""The table of `understanding_queries.txt`: what is read out of a query, and what is not."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from retrieval.understanding import understand
from tests.retrieval.understanding_shop import ShopVocabulary, asked_for, preferred

TABLE = Path(__file__).with_name("understanding_queries.txt").read_text("utf-8").splitlines()
ROWS = [line.split(" -> ") for line in TABLE if " -> " in line and not line.startswith("#")]


@pytest.mark.parametrize(("query", "expected"), ROWS, ids=[query for query, _ in ROWS])
def test_query_is_understood_as_the_table_says(query: str, expected: str) -> None:
    words, filters, preferences = [*(part.strip() for part in expected.split(" | ")), "", ""][:3]
    understood = understand(query, ShopVocabulary())
    assert asked_for(understood) == filters
    assert understood.words == words
    assert preferred(understood) == preferences


def test_table_is_as_long_as_it_was() -> None:
    assert len(ROWS) >= 330
    assert len({query for query, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("query", [query for query, _ in ROWS])
def test_filters_come_from_words_of_the_query(query: str) -> None:
    understood = understand(query, ShopVocabulary())
    for item in (*understood.filters, *understood.preferences):
        assert 0 <= item.start < item.end <= len(query)
        assert query[item.start : item.end].strip() == query[item.start : item.end]
        assert item.label
    spans = sorted((item.start, item.end) for item in understood.filters)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


@pytest.mark.parametrize("query", [query for query, _ in ROWS])
def test_understanding_is_the_same_every_time(query: str) -> None:
    assert understand(query, ShopVocabulary()) == understand(query, ShopVocabulary())
