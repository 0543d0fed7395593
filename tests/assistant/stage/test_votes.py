"""Votes kept and counted: pairs, Wilson's interval, exports that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from assistant.stage.tally import duels, to_csv, to_json, wilson
from assistant.stage.values import BAD, BASE, TIE, TUNED, Column, System
from assistant.store.database import Database
from assistant.store.votes import Ballot, Vote, Votes

GUESS, WHOLE, OPEN = System(BASE, "alone"), System(TUNED, "checked"), System(TUNED, "unchecked")


def vote(choice: str, *systems: System) -> Vote:
    columns = tuple({"system": one.key, "text": "x", "seconds": 0.1} for one in systems)
    return Vote("ann", "how heavy?", choice, columns, 1_700_000_000.0)


@pytest.fixture
def votes(tmp_path: Path) -> Votes:
    return Votes(Database(tmp_path / "data.sqlite3"))


def ballot(number: int, user: str = "ann", choice: str = WHOLE.key) -> Ballot:
    columns = (Column(GUESS, "done", "=1+1"), Column(WHOLE, "done", "255 g"))
    shown = tuple(column.to_json() for column in columns)
    return Ballot(f"round-{number}", user, "how heavy?", choice, shown)


def test_a_vote_is_there_after_a_restart(tmp_path: Path) -> None:
    Votes(Database(tmp_path / "data.sqlite3")).add(ballot(1))
    (kept,) = Votes(Database(tmp_path / "data.sqlite3")).all()
    assert (kept.user, kept.prompt, kept.choice) == ("ann", "how heavy?", WHOLE.key)
    assert kept.systems == (GUESS.key, WHOLE.key)


def test_a_round_has_one_vote_however_often_it_is_sent(votes: Votes) -> None:
    assert votes.add(ballot(1))
    assert not votes.add(ballot(1, choice=GUESS.key))
    assert [one.choice for one in votes.all()] == [WHOLE.key]


def test_a_users_votes_are_theirs_and_a_reset_takes_all(votes: Votes) -> None:
    votes.add(ballot(1, "ann"))
    votes.add(ballot(2, "bob"))
    assert [one.user for one in votes.all("bob")] == ["bob"]
    assert votes.reset() == 2
    assert votes.all() == []


@pytest.mark.parametrize(
    ("wins", "count", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (1, 1, 0.2065, 1.0), (0, 0, 0.0, 1.0)],
)
def test_wilsons_interval_is_the_published_one(
    wins: int, count: int, low: float, high: float
) -> None:
    assert wilson(wins, count) == pytest.approx((low, high), abs=5e-4)


def test_a_pair_counts_wins_ties_and_both_bad_apart() -> None:
    given = [WHOLE.key, WHOLE.key, GUESS.key, TIE, BAD]
    (duel,) = duels([vote(choice, GUESS, WHOLE) for choice in given])
    assert (duel.first, duel.second) == (WHOLE.key, GUESS.key)
    assert (duel.wins, duel.losses, duel.ties, duel.bad) == (2, 1, 1, 1)
    assert duel.rate == pytest.approx(2 / 3)
    assert duel.votes == 5


def test_the_order_of_the_columns_does_not_matter() -> None:
    (duel,) = duels([vote(WHOLE.key, GUESS, WHOLE), vote(WHOLE.key, WHOLE, GUESS)])
    assert duel.wins == 2


def test_the_best_of_three_beats_both_and_says_nothing_of_the_others() -> None:
    found = duels([vote(WHOLE.key, GUESS, OPEN, WHOLE)])
    assert {(duel.first, duel.second) for duel in found} == {
        (WHOLE.key, GUESS.key),
        (WHOLE.key, OPEN.key),
    }
    assert all((duel.wins, duel.losses) == (1, 0) for duel in found)


def test_no_cell_of_an_export_is_taken_for_a_formula(votes: Votes) -> None:
    votes.add(ballot(1))
    (row,) = csv.DictReader(io.StringIO(to_csv(votes.all())))
    assert row["text_1"] == "'=1+1"
    assert row["choice"] == WHOLE.key


def test_the_json_export_holds_votes_and_their_count(votes: Votes) -> None:
    votes.add(ballot(1))
    told = json.loads(to_json(votes.all()))
    assert told["votes"][0]["columns"][0]["text"] == "=1+1"
    assert told["pairs"][0]["win_rate"] == 1.0
    assert told["pairs"][0]["interval_95"][0] == pytest.approx(0.2065, abs=1e-3)
