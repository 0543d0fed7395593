"""When a session ends: by time, by logging out, by another password, with its user."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assistant.access.gate import Gate, LogIn, LogInError
from assistant.access.limits import FailedLogins, LimitError, RateLimit
from assistant.access.sessions import Sessions
from assistant.access.users import UserFile
from assistant.access.values import LOCAL, User
from assistant.store.database import Database
from tests.assistant.access.conftest import Clock

HOUR = 3600.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(users: UserFile, tmp_path: Path, clock: Clock) -> Gate:
    sessions = Sessions(Database(tmp_path / "page.sqlite3"), 12 * HOUR, clock)
    return Gate(LogIn(users, sessions, FailedLogins(clock)))


def log_in(gate: Gate) -> str:
    return gate.log_in("Anna ", "correct horse", "10.0.0.1")


def test_a_session_ends_by_itself(gate: Gate, clock: Clock):
    token = log_in(gate)
    clock.now += 12 * HOUR - 1
    assert gate.identify(token=token) == User("anna", "agent")
    clock.now += 1
    assert gate.identify(token=token) is None


def test_a_restart_logs_nobody_out(gate: Gate, users: UserFile, tmp_path: Path, clock: Clock):
    token = log_in(gate)
    sessions = Sessions(Database(tmp_path / "page.sqlite3"), 12 * HOUR, clock)
    assert Gate(LogIn(users, sessions)).identify(token=token) is not None


def test_the_database_holds_no_token(gate: Gate, tmp_path: Path):
    token = log_in(gate)
    with sqlite3.connect(tmp_path / "page.sqlite3") as connection:
        assert token not in "\n".join(connection.iterdump())


def test_logging_out_ends_this_session_only(gate: Gate):
    first, second = log_in(gate), log_in(gate)
    gate.log_out(first)
    assert gate.identify(token=first) is None
    assert gate.identify(token=second) is not None


def test_another_password_ends_all_sessions(gate: Gate, users: UserFile):
    token = log_in(gate)
    users.set_password("anna", "quite another one")
    assert gate.identify(token=token) is None


def test_a_removed_user_is_out_at_once(gate: Gate, users: UserFile):
    token = log_in(gate)
    users.remove("anna")
    assert gate.identify(token=token) is None
    with pytest.raises(LogInError):
        gate.user_of("anna")


def test_a_changed_role_holds_at_once(gate: Gate, users: UserFile):
    token = log_in(gate)
    users.path.write_text(users.path.read_text().replace('"agent"', '"seller"'))
    assert gate.identify(token=token) == User("anna", "seller")


@pytest.mark.parametrize("token", ["", "guessed", "' OR 1=1 --"])
def test_a_token_that_was_never_given_is_nobodys(gate: Gate, token: str):
    log_in(gate)
    assert gate.identify(token=token) is None


def test_a_wrong_name_and_a_wrong_password_are_told_alike(gate: Gate):
    said = []
    for name in ("anna", "nobody"):
        with pytest.raises(LogInError) as caught:
            gate.log_in(name, "wrong password", "10.0.0.1")
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_guessing_is_slowed_down_and_waiting_helps(gate: Gate, clock: Clock):
    for _ in range(5):
        with pytest.raises(LogInError):
            gate.log_in("anna", "wrong password", "10.0.0.1")
    with pytest.raises(LimitError, match="Try again in") as caught:
        log_in(gate)
    clock.now += caught.value.retry_after
    assert gate.identify(token=log_in(gate)) is not None
    log_in(gate)  # the count begins anew


def test_the_wait_grows_with_each_guess_to_a_minute(clock: Clock):
    failed = FailedLogins(clock)
    waits = []
    for _ in range(20):
        while True:
            try:
                failed.attempt("anna")
                break
            except LimitError as error:
                waits.append(error.retry_after)
                clock.now += error.retry_after
    assert waits[:6] == [1, 2, 4, 8, 16, 32]
    assert set(waits[6:]) == {60}


def test_a_name_is_guarded_from_many_addresses_and_an_address_for_many_names(clock: Clock):
    failed = FailedLogins(clock)
    for number in range(5):
        failed.attempt("user anna", f"address {number}")
        failed.attempt(f"user {number}", "address x")
    for who in (("user anna", "address new"), ("user new", "address x")):
        with pytest.raises(LimitError):
            failed.attempt(*who)
    failed.attempt("user new", "address new")


def test_the_limit_is_of_each_user_and_of_any_minute(clock: Clock):
    limit = RateLimit(3, clock)
    for _ in range(3):
        limit.count("anna")
        clock.now += 10
    with pytest.raises(LimitError, match="3 requests within a minute") as caught:
        limit.count("anna")
    assert caught.value.retry_after == 30
    limit.count("sam")
    clock.now += 30
    limit.count("anna")


def test_without_a_log_in_everyone_is_the_local_admin():
    gate = Gate()
    assert gate.is_open
    assert gate.identify() == LOCAL == gate.user_of(None)
    assert gate.identify(key="any") == LOCAL
    gate.admit(LOCAL)
