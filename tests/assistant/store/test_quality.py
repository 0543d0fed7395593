"""Figures over kept turns: what was answered, how fast, what was overruled, what stays open."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from assistant.store.conversations import Conversations
from assistant.store.database import Database
from assistant.store.quality import Quality
from assistant.ui.quality.coverage import Coverage, coverage
from catalog_index.index import CatalogIndex
from tests.fakes import HashEmbedder


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "x.sqlite3")


def said(database: Database, user: str, message: str, **answer: Any) -> None:
    kept = Conversations(database)
    turn = kept.begin_turn(user, kept.create(user).id, 1, message)
    seconds = answer.pop("seconds", 0.5)
    status = answer.pop("status", "done")
    held = {"intent": "answer", "routed": "answer", "timing": {"total": seconds}, **answer}
    kept.end_turn(turn, status, "text", held if status == "done" else None)


def test_the_overview_counts_answered_refused_failed_and_time(database: Database) -> None:
    for seconds in (1.0, 2.0, 3.0):
        said(database, "ann", "a?", seconds=seconds)
    said(database, "bob", "b?", abstained=True, seconds=0.1)
    said(database, "bob", "c?", status="failed")
    overview = Quality(database).overview(7)
    counts = (overview.turns, overview.answered, overview.refused, overview.failed, overview.users)
    assert counts == (5, 3, 1, 1, 2)
    assert overview.median == 1.5
    days = Quality(database).per_day(3)
    assert [day for day, _, _ in days][-1] == time.strftime("%Y-%m-%d", time.gmtime())
    assert days[-1][1:] == (5, 1)


def test_old_turns_and_those_under_way_are_not_counted(database: Database) -> None:
    said(database, "ann", "a?")
    kept = Conversations(database)
    kept.begin_turn("ann", kept.create("ann").id, 1, "under way")
    with database.transaction() as connection:
        connection.execute("UPDATE turns SET created = created - 864000 WHERE message = 'a?'")
    assert Quality(database).overview(7).turns == 0
    assert Quality(database).overview(30).turns == 1


def test_what_users_overruled_is_counted(database: Database) -> None:
    said(database, "ann", "a", routed="ads", intent="title")
    said(database, "bob", "b", routed="ads", intent="title")
    said(database, "bob", "c", routed="answer", intent="answer")
    [one] = Quality(database).overruled()
    assert (one.routed, one.chosen, one.count) == ("ads", "title", 2)


def test_open_questions_about_one_thing_are_one_group_whatever_the_product(
    database: Database,
) -> None:
    types = {"focused": {"record": {"product_type": "Boots"}}}
    for user, code in (("ann", "HB-1023"), ("bob", "HB-1024"), ("bob", "HP-1001")):
        message = f"what is the battery life of {code}?"
        said(database, user, message, abstained=True, **types)
    said(database, "ann", "does the kettle whistle loudly?", abstained=True)
    said(database, "ann", "how heavy is it?", abstained=False)
    first, second = Quality(database).open_questions(HashEmbedder().encode)
    assert (first.asked, first.people, first.types) == (3, 2, ("Boots",))
    assert "battery life" in first.example
    assert second.asked == 1


def test_the_records_that_lack_a_field_are_counted_by_type(index_dir: Path) -> None:
    with CatalogIndex(index_dir, HashEmbedder()) as index:
        covered = coverage(index)
    total = sum(covered.products.values())
    assert covered.lacking("what is the power of it?", ["no such type"]) is not None
    held = Coverage({"A": 10, "B": 5}, {"A": covered.fields[""].__class__({"weight": 4}),
                                        "B": covered.fields[""].__class__()})  # fmt: skip
    assert held.lacking("how heavy is it?", ["A"]) == ("weight", 6, 10)
    assert held.lacking("how heavy is it?", []) == ("weight", 11, 15)
    assert held.lacking("zxqv?", ["A"]) is None
    assert total >= 2
