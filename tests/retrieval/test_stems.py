from __future__ import annotations

import pytest

from retrieval.stems import all_stems, stems


@pytest.mark.parametrize(
    ("one", "other"), [("kettles", "KETTLE, boiled?"), ("Größe", "gr\u006f\u0308ße")]
)
def test_words_are_compared_by_their_beginning(one: str, other: str) -> None:
    assert stems(one) & stems(other)
    assert all_stems(one) & all_stems(other)


def test_function_words_count_only_where_all_words_do() -> None:
    assert stems("where is it made of steel") == {"made", "steel"}
    assert all_stems("made of steel") == {"made", "of", "steel"}


def test_a_question_and_its_answer_agree_on_what_a_letter_is() -> None:
    assert stems("straße") <= all_stems("STRAßE 5")
