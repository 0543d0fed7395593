"""Other names of the same thing: the general table, a shop's file, and its faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.understanding import (
    SynonymFileError,
    general_synonyms,
    read_synonyms,
    understand,
)
from retrieval.understanding.synonyms import parse_synonyms
from tests.retrieval.understanding_shop import ShopVocabulary


@pytest.mark.parametrize(
    ("query", "phrase", "other"),
    [
        ("laptop under 500", "laptop", "notebook"),
        ("notebooks", "notebooks", "laptop"),
        ("tv stand", "tv", "television"),
        ("red trainers", "trainers", "sneakers"),
        ("hoover bags", "hoover", "vacuum cleaner"),
        ("cell phone", "cell phone", "smartphone"),
        ("refrigerator", "refrigerator", "fridge"),
        ("hard drives", "hard drives", "hdd"),
        ("usb stick 64gb", "usb stick", "flash drive"),
        ("phone cover", "phone cover", "phone case"),
        ("couch", "couch", "sofa"),
        ("hdmi lead", "hdmi lead", "hdmi cable"),
        ("gray rug", "gray", "grey"),
        ("batteries for external battery", "external battery", "power bank"),
    ],
)
def test_general_table_gives_other_names(query: str, phrase: str, other: str) -> None:
    assert other in understand(query, ShopVocabulary()).expansions[phrase]


@pytest.mark.parametrize("query", ["hdmi cable", "tripod", "HB-1023", "desk", ""])
def test_words_without_other_names_are_left_alone(query: str) -> None:
    assert understand(query, ShopVocabulary()).expansions == {}


def test_general_table_has_many_groups_and_no_phrase_is_its_own_synonym() -> None:
    table = general_synonyms()
    assert len(table.others) >= 500
    assert all(phrase not in names and names for phrase, names in table.others.items())


def test_no_expansion_for_what_a_filter_took() -> None:
    understood = understand("tablet -case", ShopVocabulary())
    assert "case" not in understood.expansions


def test_shop_file_goes_one_way_or_both(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    path.write_text(
        "# ours\n\nHB, Halden Brew  # a brand\nmoka => espresso maker, coffee pot\n", "utf-8-sig"
    )
    synonyms = read_synonyms(path)
    assert synonyms.expand(["hb", "kettle"]) == {"hb": ("halden brew",)}
    assert synonyms.expand(["halden", "brew"]) == {"halden brew": ("hb",)}
    assert synonyms.expand(["moka"]) == {"moka": ("espresso maker", "coffee pot")}
    assert synonyms.expand(["coffee", "pot"]) == {}
    joined = general_synonyms().joined(parse_synonyms(["laptop, schlepptop"], "x"))
    assert joined.others["laptop"][0] == "schlepptop"
    assert "notebook" in joined.others["laptop"]
    understood = understand("moka", ShopVocabulary(), synonyms)
    assert understood.expansions == {"moka": ("espresso maker", "coffee pot")}


def test_all_faults_of_a_file_are_reported_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "synonyms.txt"
    lines = ["laptop, notebook", "lonely", "a, , b", "x => ", "a => b => c", "q, q"]
    path.write_text("\n".join([*lines, "one two three four five, six"]), "utf-8")
    with pytest.raises(SynonymFileError) as caught:
        read_synonyms(path)
    message = str(caught.value)
    assert "6 faulty lines" in message
    for line in (2, 3, 4, 5, 6, 7):
        assert f"line {line}:" in message
    assert "line 1:" not in message
    assert str(path) in message


def test_file_that_cannot_be_read_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SynonymFileError, match="cannot read synonym file"):
        read_synonyms(tmp_path / "none.txt")
    latin = tmp_path / "latin.txt"
    latin.write_bytes("café, cafe bar".encode("latin-1"))
    with pytest.raises(SynonymFileError, match="not UTF-8"):
        read_synonyms(latin)
    large = tmp_path / "large.txt"
    large.write_bytes(b"#" * (4 * 2**20 + 1))
    with pytest.raises(SynonymFileError, match="larger than 4 MiB"):
        read_synonyms(large)
    with pytest.raises(SynonymFileError, match="cannot read synonym file"):
        read_synonyms(tmp_path)
