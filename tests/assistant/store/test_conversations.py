"""Conversations and feedback are kept, each user's their own, and survive whatever happens."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from assistant.handover import handover, to_json, to_markdown
from assistant.store.answers import from_stored, routed_of, to_stored
from assistant.store.conversations import Conversations, NoConversationError
from assistant.store.database import Database, StoreError, data_dir
from assistant.store.feedback import FeedbackError, Feedbacks
from assistant.values import Routed, Turn
from finetune.pair import read_pairs
from tests.assistant.conftest import MakeAssistant
from tests.fakes import ScriptedEngine


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "deep" / "x.sqlite3")


@pytest.fixture
def kept(database: Database) -> Conversations:
    return Conversations(database)


def said(kept: Conversations, user: str, *messages: str) -> str:
    head = kept.create(user)
    for number, message in enumerate(messages, start=1):
        kept.end_turn(kept.begin_turn(user, head.id, number, message), "done", f"to {message}")
    return head.id


def test_a_conversation_is_there_after_a_restart(database: Database) -> None:
    one = said(Conversations(database), "ann", "is it blue?", "and red?")
    again = Conversations(Database(database.path))
    assert [head.title for head in again.listed("ann")] == ["is it blue?"]
    assert [turn.text for turn in again.turns("ann", one)] == ["to is it blue?", "to and red?"]


def test_another_users_conversation_is_as_if_it_were_not_there(kept: Conversations) -> None:
    one = said(kept, "ann", "secret")
    assert kept.listed("bob") == []
    assert kept.listed("bob", "secret") == []
    assert kept.find("bob", one) is None
    assert kept.turns("bob", one) == []
    for change in (
        lambda: kept.rename("bob", one, "mine"),
        lambda: kept.pin("bob", one, True),
        lambda: kept.delete("bob", one),
        lambda: kept.begin_turn("bob", one, 1, "x"),
        lambda: kept.set_product("bob", one, "P"),
    ):
        with pytest.raises(NoConversationError):
            change()
    assert kept.find("ann", one) is not None


def test_the_list_is_pinned_first_then_newest_and_searched_by_all_words(
    kept: Conversations,
) -> None:
    first, second, third = (said(kept, "ann", text) for text in ("a kettle", "a lamp", "100% _x"))
    kept.pin("ann", first, True)
    assert [head.id for head in kept.listed("ann")] == [first, third, second]
    assert [head.id for head in kept.listed("ann", "LAMP to")] == [second]
    assert [head.id for head in kept.listed("ann", "100%")] == [third]
    assert [head.id for head in kept.listed("ann", "_")] == [third], "no wildcard"
    assert kept.listed("ann", "lamp kettle") == []


def test_a_title_of_ones_own_stays(kept: Conversations) -> None:
    one = said(kept, "ann", "first")
    kept.rename("ann", one, "  Mrs   Smith ")
    kept.rename("ann", one, "   ")
    kept.begin_turn("ann", one, 1, "asked anew")
    assert [head.title for head in kept.listed("ann")] == ["Mrs Smith"]


def test_an_earlier_message_asked_again_takes_what_followed_along(kept: Conversations) -> None:
    one = said(kept, "ann", "a", "b", "c")
    late = kept.turns("ann", one)[2].id
    kept.begin_turn("ann", one, 2, "B")
    kept.end_turn(late, "done", "too late")
    turns = kept.turns("ann", one)
    assert [(turn.message, turn.status) for turn in turns] == [("a", "done"), ("B", "running")]


def test_an_answer_is_the_same_after_it_was_stored(
    make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.")
    answer = make().ask(Turn("is KE-1001 cordless?"))
    routed = Routed("answer", 0.9, False, (("search", 0.1),))
    stored = json.loads(json.dumps(to_stored(answer, routed)))
    again = from_stored(stored)
    assert again.to_json() == answer.to_json()
    assert again.citations[0].hit.record == answer.citations[0].hit.record
    assert again.evidence == answer.evidence
    assert routed_of(stored).choices == routed.choices


def test_a_conversation_as_a_file(
    kept: Conversations, make: MakeAssistant, engine: ScriptedEngine
) -> None:
    engine.enqueue("Yes, it is cordless.")
    answer = make().ask(Turn("is KE-1001 cordless?"))
    head = kept.create("ann")
    turn = kept.begin_turn("ann", head.id, 1, "is KE-1001 cordless?")
    kept.end_turn(turn, "done", answer.text, to_stored(answer))
    kept.end_turn(kept.begin_turn("ann", head.id, 2, "my order?"), "failed", "⚠️ No.")
    found, turns = kept.find("ann", head.id), kept.turns("ann", head.id)
    assert found is not None
    markdown = to_markdown(found, turns)
    assert "Sources: [1] Steel kettle 1.7 l [KE-1001] (cordless)" in markdown
    assert [one["message"] for one in json.loads(to_json(found, turns))["turns"]] == [
        "is KE-1001 cordless?",
        "my order?",
    ]
    package = handover(found, turns, "ann")
    still_open = package[package.index("## Still open") : package.index("## Products")]
    assert "my order?" in still_open
    assert "cordless" not in still_open
    assert "- Steel kettle 1.7 l [KE-1001]" in package


def test_feedback_is_of_the_users_own_turns(kept: Conversations, database: Database) -> None:
    one = said(kept, "ann", "a")
    turn = kept.turns("ann", one)[0].id
    feedback = Feedbacks(database)
    with pytest.raises(FeedbackError):
        feedback.give("bob", turn, True)
    with pytest.raises(FeedbackError, match="Shorten"):
        feedback.give("ann", turn, False, [], "x" * 2_001)
    feedback.give("ann", turn, False, ["Wrong fact", "made up"], " It is red. ")
    [held] = feedback.latest()
    assert (held.reasons, held.correction) == (("Wrong fact",), "It is red.")
    assert feedback.counts() == {"liked": 0, "disliked": 1, "corrected": 1, "Wrong fact": 1}
    feedback.thumb("ann", turn, True)
    feedback.take_back("ann", turn)
    [held] = feedback.latest()
    assert held.correction == "It is red.", "a thumb takes nothing that was written"
    with pytest.raises(FeedbackError):
        feedback.thumb("bob", turn, True)
    feedback.give("ann", turn, True)
    feedback.take_back("ann", turn)
    assert feedback.latest() == []


def test_what_ends_after_its_turn_was_deleted_ends_nobody_elses(kept: Conversations) -> None:
    one = kept.create("ann")
    late = kept.begin_turn("ann", one.id, 1, "mine")
    kept.delete("ann", one.id)
    other = kept.create("bob")
    kept.begin_turn("bob", other.id, 1, "his")
    kept.end_turn(late, "done", "for ann")
    [turn] = kept.turns("bob", other.id)
    assert (turn.status, turn.text) == ("running", "")


def test_what_an_earlier_server_left_under_way_has_failed(kept: Conversations) -> None:
    one = kept.create("ann")
    kept.begin_turn("ann", one.id, 1, "cut off")
    kept.interrupted()
    [turn] = kept.turns("ann", one.id)
    assert turn.status == "failed"


def test_a_correction_becomes_a_row_that_training_reads(
    kept: Conversations,
    database: Database,
    make: MakeAssistant,
    engine: ScriptedEngine,
    tmp_path: Path,
) -> None:
    engine.enqueue("Yes, it is cordless.")
    answer = make().ask(Turn("is KE-1001 cordless?"))
    head = kept.create("ann")
    turn = kept.begin_turn("ann", head.id, 1, answer.message)
    kept.end_turn(turn, "done", answer.text, to_stored(answer))
    Feedbacks(database).give("ann", turn, False, [], "Yes, it lifts off its base.")
    path = tmp_path / "pairs.jsonl"
    rows = list(Feedbacks(database).training_rows())
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    [pair] = read_pairs(path)
    assert pair.output == "Yes, it lifts off its base."
    assert "cordless: yes" in pair.prompt().material


def test_a_file_of_a_newer_version_or_no_database_is_refused(tmp_path: Path) -> None:
    database = Database(tmp_path / "a")
    with database.transaction() as connection:
        connection.execute("INSERT INTO migrations VALUES ('999_later.sql', 0)")
    with pytest.raises(StoreError, match="newer"):
        Database(tmp_path / "a")
    (tmp_path / "b").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StoreError, match="cannot be used"):
        Database(tmp_path / "b")
    (tmp_path / "c").write_text("a file")
    with pytest.raises(StoreError):
        Database(tmp_path / "c" / "d")


def test_a_failed_transaction_leaves_nothing(database: Database, kept: Conversations) -> None:
    one = said(kept, "ann", "a")
    with pytest.raises(sqlite3.IntegrityError), database.transaction() as connection:
        connection.execute("DELETE FROM turns")
        connection.execute("INSERT INTO conversations (id) VALUES (?)", (one,))
    assert len(kept.turns("ann", one)) == 1


def test_each_index_has_a_directory_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_E_DATA", str(tmp_path))
    here, there = data_dir(tmp_path / "a" / "index"), data_dir(tmp_path / "b" / "index")
    assert here != there
    assert here.parent == tmp_path
