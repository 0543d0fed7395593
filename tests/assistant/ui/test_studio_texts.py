"""The studio's texts: pasted records, marked claims, checks after an edit, labels, kept tables."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from assistant.store.database import Database
from assistant.store.kept import KeptText, KeptTexts
from assistant.tasks import TASKS
from assistant.ui.studio.forms import NAMES, PLATFORMS, TaskForm, platforms_for
from assistant.ui.studio.kept import kept_list, kept_table
from assistant.ui.studio.marking import dropped, marked
from assistant.ui.studio.proof_cards import count_line, draft_card, label_card, proof_card
from assistant.ui.studio.proofs import Proof, recheck
from assistant.ui.studio.records import PASTED, RecordError, read_record
from assistant.values import Claim
from tests.fakes import KETTLE

HOSTILE = "<img src=x onerror=alert(1)>"


def test_lines_of_name_and_value_make_a_record() -> None:
    product = read_record("Steel kettle 1.7 l\nBrand: Aldmere\ncapacity = 1.7 l\nand more\n")
    assert (product.title, product.brand, product.id) == ("Steel kettle 1.7 l", "Aldmere", PASTED)
    assert "1.7 l" in dict(product.fields())["capacity"]


def test_json_makes_a_record_and_keeps_its_id() -> None:
    product = read_record('{"id": "K1", "name": "Kettle", "price": "39 EUR", "cordless": true}')
    assert (product.id, product.title, str(product.price)) == ("K1", "Kettle", "39.00 EUR")
    assert dict(product.fields())["cordless"] == "yes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("  ", "Paste a record"),
        ('{"title": ', "is none"),
        ('[{"title": "a"}, {"title": "b"}]', "one JSON object"),
        ("brand: Aldmere", "no title"),
        ("title: Kettle\nprice: cheap", "price"),
        ("x" * 200_001, "characters"),
    ],
)
def test_what_is_no_record_gets_a_sentence(text: str, said: str) -> None:
    with pytest.raises(RecordError, match=said):
        read_record(text)


def test_claims_are_marked_where_they_stand_and_a_failed_one_wins() -> None:
    claims = [
        Claim("1.7 l", "supported", "K", "capacity"),
        Claim("7", "not_in_record"),
        Claim("steel kettle", "contradicted"),
        Claim("kettle", "supported"),
    ]
    html = marked("A steel kettle of 1.7 l, 7 cups", claims)
    assert '<mark class="st-contradicted"' in html and html.count("<mark") == 3
    assert 'title="in the record: capacity">1.7 l</mark>' in html
    assert re.sub(r"<[^>]+>", "", html) == "A steel kettle of 1.7 l, 7 cups"


def test_overlapping_claims_mark_the_longer_words_once_in_the_classes_asked_for() -> None:
    claims = [Claim("5.4", "supported"), Claim("Bluetooth 5.4", "supported")]
    html = marked("Bluetooth 5.4 inside", claims, css=lambda claim: f"x-{claim.verdict}")
    assert html.count("<mark") == 1
    assert html.startswith('<mark class="x-supported"') and ">Bluetooth 5.4</mark>" in html


def test_added_and_dropped_words_are_marked_as_runs() -> None:
    assert dropped("Red wool, long", "Red scarf") == "Red <del>wool, long</del>"
    assert marked("Red cotton wool scarf", [], "Red scarf") == ("Red <ins>cotton wool</ins> scarf")


def test_every_text_of_others_is_escaped() -> None:
    hostile = Proof(HOSTILE, (Claim(HOSTILE, "supported", "", HOSTILE),), (), (HOSTILE,))
    kept = KeptText(HOSTILE, HOSTILE, "ads", HOSTILE, platform=HOSTILE)
    for html in (
        proof_card(1, hostile),
        draft_card(1, HOSTILE, "writing"),
        label_card([(HOSTILE, 1.0)], "Category"),
        kept_list([kept]),
    ):
        assert "<img" not in html and "&lt;img" in html


def test_an_edited_text_is_checked_as_a_written_one_is() -> None:
    task = TASKS["ads"]
    inputs = task.read({"product": KETTLE, "platform": "SMS", "avoid": ["cheap"]})
    true = recheck(task, inputs, "Aldmere steel kettle of 1.7 l.")
    assert true.is_grounded and true.edited and true.limit == 160 and not true.is_too_long
    false = recheck(task, inputs, "A cheap glass kettle of 2.5 l." + " Buy it." * 40)
    assert not false.is_grounded and false.is_too_long
    unmet = {one.name for one in false.constraints if one.met is False}
    assert {"avoid", "platform"} <= unmet
    assert "check the marked words" in proof_card(1, false)
    assert 'data-limit="160"' in proof_card(1, false)


def test_a_title_is_shown_beside_the_records_own() -> None:
    task = TASKS["title"]
    inputs = task.read({"product": KETTLE, "query": "cordless kettle"})
    html = proof_card(1, recheck(task, inputs, "Aldmere Steel kettle, Cordless"))
    assert "<del>" in html and "<ins>" in html
    same = proof_card(1, recheck(task, inputs, KETTLE["title"]))
    assert "own title" in same and "<ins>" not in same


def test_the_length_is_counted_against_the_limit() -> None:
    assert "5 of 80 characters · 1 word<" in count_line("Scarf", 80)
    over = count_line("A red scarf", 10)
    assert "st-over" in over and "too long" in over and "3 words" in over
    assert "11 characters" in count_line("A red scarf", 0)


def test_a_forms_values_become_an_input_line_that_fits_its_task() -> None:
    import gradio as gr

    form = TaskForm("t")
    with gr.Blocks():
        form.build("ads")
    names = list(form._fields)
    values = dict.fromkeys(names) | {
        "platform": "SMS",
        "tone": "warm",
        "query": "not of this task",
        "max_words": 30,
        "keep": "capacity, brand",
        "avoid": "cheap",
        "without": ["Emojis", "Exclamation marks"],
    }
    line = form.line("ads", [values[name] for name in names])
    assert line == {
        "platform": "SMS",
        "tone": "warm",
        "max_words": 30,
        "keep": ["capacity", "brand"],
        "avoid": ["cheap", "!"],
        "no_emoji": True,
    }
    TASKS["ads"].read({**line, "product": KETTLE})
    assert form.line("classify", [{"labels": "a\n b \n"}.get(name) for name in names]) == {
        "labels": ["a", "b"]
    }
    assert len(form.show("title")) == len(form.shown)


def test_platforms_with_a_limit_come_first_and_all_are_known() -> None:
    from assistant.platforms import platform_of

    assert all(platform_of(name) for name in PLATFORMS)
    assert ("Amazon · 75 characters", "Amazon") in platforms_for("title")
    assert all("characters" in label for label, _ in platforms_for("title")[1:])
    assert platforms_for("ads")[1] == ("X (Twitter) · 280 characters", "Twitter")
    assert set(NAMES) == set(TASKS)


def test_kept_texts_are_each_users_own_and_kept_once(tmp_path: Path) -> None:
    kept = KeptTexts(Database(tmp_path / "db.sqlite3"))
    text = KeptText("K1", "Kettle", "ads", "Boils fast.", edited=True)
    assert kept.keep("mia", text)
    assert not kept.keep("mia", text), "the very same text is kept already"
    assert kept.keep("otto", text)
    [mine] = kept.of_user("mia")
    kept.delete("otto", mine.id)
    assert [one.text for one in kept.of_user("mia")] == ["Boils fast."], "not theirs to delete"
    kept.delete("mia", mine.id)
    assert kept.of_user("mia") == []


def test_the_table_of_kept_texts_holds_no_formula() -> None:
    table = kept_table([KeptText("=1+1", "@x", "ads", "-2 cups", edited=False)])
    [row] = csv.DictReader(io.StringIO(table.removeprefix("\ufeff")))
    assert (row["product_id"], row["text"], row["edited"]) == ("'=1+1", "'-2 cups", "no")
