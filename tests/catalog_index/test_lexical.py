from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_index.errors import IndexCorruptError
from catalog_index.filters import WORDS, Filter
from catalog_index.lexical import LexicalSearcher, LexicalWriter, Words, query_tokens
from catalog_index.lexical.fields import record_fields
from catalog_index.lexical.schema import number_term
from catalog_index.lexical.vocabulary import IndexVocabulary
from catalog_index.parsing import parse_product
from catalog_index.product import Passage, Product
from catalog_index.units import find_measures, measure_token
from tests.catalog_index.shelf import Shelf
from tests.fakes import KETTLE, LAMP, SHOES

PASSAGE = Passage("care.md#kettles", "Care", "Kettles", "Descale a kettle with vinegar.")


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    products = [parse_product(row) for row in (KETTLE, LAMP, SHOES)]
    return Shelf(tmp_path / "lexical", [*products, PASSAGE])


def test_a_record_s_own_words_outweigh_those_of_its_attributes(tmp_path: Path) -> None:
    shelf = Shelf(
        tmp_path / "l",
        [
            Product("attribute", "Tray of steel", attributes={"suits": "kettle"}),
            Product("title", "Kettle of steel"),
            Product("none", "Spoon of steel"),
        ],
    )
    assert shelf.found("kettle") == ["title", "attribute"]
    hits = shelf.searcher.search(Words("kettle"), 10)
    assert hits[0][1] > hits[1][1] > 0


def test_a_long_table_of_attributes_does_not_push_a_record_down(tmp_path: Path) -> None:
    table = {f"property {n}": f"value {n}" for n in range(80)}
    shelf = Shelf(
        tmp_path / "l",
        [
            Product("mention", "Tray", description="A tray that a kettle can stand on when hot"),
            Product("rich", "Kettle", attributes=table),
        ],
    )
    assert shelf.found("kettle") == ["rich", "mention"]


def test_what_a_product_is_said_not_to_be_does_not_find_it(tmp_path: Path) -> None:
    shelf = Shelf(
        tmp_path / "l",
        [
            Product("no", "Lamp one", attributes={"dimmable": False}),
            Product("yes", "Lamp two", attributes={"dimmable": True}),
        ],
    )
    assert shelf.found("dimmable") == ["yes"]


def test_more_of_the_query_s_words_rank_higher(shelf: Shelf) -> None:
    assert shelf.found("light shoes for long runs")[0] == "SH-3003"
    assert shelf.found("light for reading")[0] == "LA-2002"


def test_words_match_by_stem_accent_case_and_attribute(shelf: Shelf) -> None:
    for text in ("KETTLES", "kéttle", "ke\u0301ttle"):
        assert set(shelf.found(text)) == {"KE-1001", "care.md#kettles"}
    assert shelf.found("dimmable")[0] == "LA-2002"


def test_a_sharp_s_is_found_as_it_is_written(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "l", [Product("1", "Straßenlampe")])
    assert shelf.found("straßenlampe") == ["1"]


def test_function_words_alone_are_still_searched(shelf: Shelf) -> None:
    assert query_tokens("what is the kettle") == ["kettle"]
    assert query_tokens("for the") == ["for", "the"]
    assert "LA-2002" in shelf.found("with")


@pytest.mark.parametrize(
    "text",
    [
        '"',
        '"kettle',
        'kettle" OR "lamp',
        "kettle AND",
        "NEAR(kettle lamp)",
        "NOT kettle",
        "title:kettle",
        "{title} : kettle",
        "kettle*",
        "^kettle",
        "-kettle +lamp",
        "kettle; DROP TABLE record; --",
        "(((",
        "%_",
        "\x00kettle\x00",
        "水壶 kettle",
        "🫖 kettle",
        "_",
        "\\",
        "kettle " * 14_000,
        "x" * 100_000,
    ],
)
def test_query_syntax_is_plain_words(shelf: Shelf, text: str) -> None:
    hits = shelf.found(text)
    assert ("KE-1001" in hits) == ("kettle" in text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=80))
def test_any_text_is_a_query(shelf: Shelf, text: str) -> None:
    assert len(shelf.found(text, k=2)) <= 2


def test_long_queries_are_cut_to_64_words() -> None:
    assert len(query_tokens(" ".join(f"word{n}" for n in range(1000)))) == 64


def test_a_measure_finds_the_same_amount_in_another_unit(tmp_path: Path) -> None:
    shelf = Shelf(
        tmp_path / "l",
        [
            Product("small", "Drive of 250 GB"),
            Product("same", "Drive of 500 GB"),
            Product("large", "Drive of 2 TB"),
        ],
    )
    (half,) = find_measures("0.5 TB")
    assert shelf.found(Words("drive", measures=(measure_token(half),)))[0] == "same"


def test_a_synonym_finds_less_than_the_word_itself(tmp_path: Path) -> None:
    shelf = Shelf(
        tmp_path / "l",
        [Product("n", "Notebook of steel"), Product("l", "Laptop of steel"), Product("c", "Case")],
    )
    assert shelf.found(Words("laptop", {"laptop": ("notebook",)})) == ["l", "n"]
    assert shelf.found(Words("box", {"box": ("flash drive", "case")})) == ["c"]


def test_a_phrase_must_occur_as_it_is(tmp_path: Path) -> None:
    shelf = Shelf(
        tmp_path / "l", [Product("a", "Solar charger"), Product("b", "Charger, solar cells")]
    )
    assert set(shelf.found("solar charger")) == {"a", "b"}
    assert shelf.found(Words("solar charger", phrases=("solar charger",))) == ["a"]


KE, LA, SH, CARE = "KE-1001", "LA-2002", "SH-3003", "care.md#kettles"


@pytest.mark.parametrize(
    ("condition", "passing"),
    [
        (Filter("kind", "is", "passage"), [CARE]),
        (Filter("kind", "not", "passage"), [KE, LA, SH]),
        (Filter("brand", "is", "aldmere"), [KE]),
        (Filter("brand", "not", "aldmere"), [LA, SH, CARE]),
        (Filter("product type", "is", "kettles"), [KE]),
        (Filter("product type", "is", "kitchen"), [KE]),
        (Filter("availability", "is", "in stock"), [KE]),
        (Filter("dimmable", "is", True), [LA]),
        (Filter("waterproof", "is", True), []),
        (Filter("waterproof", "is", False), [SH]),
        (Filter("waterproof", "not", True), [KE, LA, SH, CARE]),
        (Filter("price", "between", high=59.0), [KE, LA]),
        (Filter("price", "between", low=59.0), [LA, SH]),
        (Filter("price", "between", low=40.0, high=60.0, unit="EUR"), [LA]),
        (Filter("price", "between", low=40.0, high=60.0, unit="USD"), [LA]),
        (Filter("price", "between"), [KE, LA, SH]),
        (Filter("power", "between", low=5, high=9, unit="W"), [LA]),
        (Filter("power", "between", low=9.5, unit="W"), []),
        (Filter("weight", "between", high=240), [SH]),
        (Filter(WORDS, "not", "kettles"), [LA, SH]),
        (Filter(WORDS, "not", "desk lamp"), [KE, SH, CARE]),
        (Filter(WORDS, "not", "lamp desk"), [KE, LA, SH, CARE]),
        (Filter("no such field", "is", "x"), []),
        (Filter('brand"=) OR [', "between", low=0), []),
    ],
)
def test_filters_let_pass_what_they_say(
    shelf: Shelf, condition: Filter, passing: list[str]
) -> None:
    assert shelf.passing(condition) == passing
    assert shelf.searcher.count([condition]) == len(passing)
    assert shelf.searcher.passing([1, 2, 3, 4], [condition]) == {
        key for key, record in shelf.records.items() if record.id in passing
    }
    everything = Words("kettle lamp shoes descale")
    assert set(shelf.found(everything, condition)) == set(passing)


def test_a_filter_does_not_change_a_score(shelf: Shelf) -> None:
    (free,) = shelf.searcher.search(Words("dimmer"), 5)
    limits = [Filter("price", "between", high=99.0), Filter("dimmable", "is", True)]
    assert shelf.searcher.search(Words("dimmer"), 5, limits) == [free]


@given(st.lists(st.floats(allow_nan=False), min_size=2, max_size=2))
def test_number_terms_sort_as_their_numbers_do(pair: list[float]) -> None:
    low, high = sorted(pair)
    assert number_term("weight", low) <= number_term("weight", high)
    assert (low == high) == (number_term("weight", low) == number_term("weight", high))


def test_the_vocabulary_knows_values_numbers_and_misspelt_words(shelf: Shelf) -> None:
    words = IndexVocabulary(shelf.searcher)
    assert words.fields_with("aldmere") == {"brand": 1}
    assert words.fields_with("dimmable") == {"flag": 1}
    assert words.fields_with("nothing") == {}
    assert words.fields_with("product") == {}
    assert words.has_number("power")
    assert not words.has_number("pow")
    assert words.frequency("kettle") == 1
    assert words.frequency("kettles") == 1
    assert words.nearest("kettel") == "kettle"
    assert words.nearest("zzzzzz") is None


def test_a_changed_copy_leaves_its_base_as_it_was(shelf: Shelf, tmp_path: Path) -> None:
    base = tmp_path / "lexical"
    before = {path.name: path.read_bytes() for path in base.iterdir()}
    writer = LexicalWriter(tmp_path / "next", base)
    writer.delete([1, 99])
    writer.add([(5, record_fields(Product("new", "Copper kettle")))])
    writer.finish()
    after = LexicalSearcher(tmp_path / "next")
    assert after.all_keys() == [2, 3, 4, 5]
    assert len(after) == 4
    assert {path.name: path.read_bytes() for path in base.iterdir()} == before
    assert set(shelf.found("kettle")) == {KE, CARE}


def test_a_removed_index_goes_on_answering_those_who_opened_it(
    shelf: Shelf, tmp_path: Path
) -> None:
    for path in (tmp_path / "lexical").iterdir():
        path.unlink()
    assert set(shelf.found("kettle")) == {KE, CARE}


@pytest.mark.parametrize("name", ["absent", "empty", "damaged"])
def test_what_is_no_lexical_index_is_reported_as_damage(
    shelf: Shelf, tmp_path: Path, name: str
) -> None:
    directory = tmp_path / name
    if name != "absent":
        directory.mkdir()
    if name == "damaged":
        for path in (tmp_path / "lexical").iterdir():
            (directory / path.name).write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(IndexCorruptError, match="Build it again"):
        LexicalSearcher(directory).search(Words("kettle"), 3)
