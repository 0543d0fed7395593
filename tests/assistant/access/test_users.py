"""The user file, and the commands that keep it."""

from __future__ import annotations

import io
import json
import os
import stat
from pathlib import Path

import pytest

from assistant.access.users import UserFile, UsersError
from tests.commands import Run


def test_a_password_is_right_or_wrong(users: UserFile):
    assert users.of_password("anna", "correct horse") is not None
    assert users.of_password("anna", "correct horses") is None
    assert users.of_password("anna", "") is None
    assert users.of_password("sam", "correct horse") is None
    assert users.of_password("nobody", "correct horse") is None


def test_neither_password_nor_key_stands_in_the_file(users: UserFile):
    key = users.new_key("sam")
    content = users.path.read_text()
    assert "battery" not in content
    assert key not in content
    assert users.of_key(key) == users.account("sam")
    assert users.of_key(f"{key}x") is None
    assert users.of_key("") is None


def test_equal_passwords_are_stored_as_different_texts(users: UserFile):
    first = users.account("anna")
    users.set_password("sam", "correct horse")
    second = users.account("sam")
    assert first and second and first.password != second.password


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")
def test_the_file_is_its_owners_alone(users: UserFile):
    users.new_key("sam")
    assert stat.S_IMODE(users.path.stat().st_mode) == 0o600
    assert not users.is_readable_by_others()
    users.path.chmod(0o644)
    assert users.is_readable_by_others()


def test_a_new_key_ends_the_one_before(users: UserFile):
    old, new = users.new_key("sam"), users.new_key("sam")
    assert users.of_key(old) is None
    assert users.of_key(new) is not None
    users.remove_key("sam")
    assert users.of_key(new) is None


def test_a_change_by_another_process_is_seen(users: UserFile):
    assert users.account("anna") is not None
    UserFile(users.path).remove("anna")
    assert users.account("anna") is None


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path):
    path = tmp_path / "users.json"
    rows = [
        {"name": "a b", "role": "agent", "password": "x"},
        {"name": "bob", "role": "boss", "password": "x"},
        {"name": "eve", "role": "admin", "password": "secret words"},
        {"name": "local", "role": "admin", "password": "x"},
    ]
    path.write_text(json.dumps({"users": rows}))
    with pytest.raises(UsersError) as caught:
        UserFile(path).accounts()
    for number in (1, 2, 3, 4):
        assert f"user {number}:" in str(caught.value)
    assert "secret words" not in str(caught.value)


@pytest.mark.parametrize("content", ["", "[]", "{", '{"users": {}}', '{"users": [1]}'])
def test_a_broken_file_lets_nobody_in(tmp_path: Path, content: str):
    path = tmp_path / "users.json"
    path.write_text(content)
    with pytest.raises(UsersError, match="users"):
        UserFile(path).of_password("anna", "correct horse")


def type_in(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_users_are_added_listed_and_removed(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "users.json"
    type_in(monkeypatch, "correct horse\n")
    assert run("users", "add", file, "Anna", "--role", "seller").code == 0
    assert run("users", "list", file, "--json").lines == [
        {"name": "anna", "role": "seller", "has_key": False}
    ]
    key = run("users", "key", file, "anna").out.strip()
    assert UserFile(file).of_key(key) is not None
    assert run("users", "list", file, "--json").one["has_key"] is True
    type_in(monkeypatch, "another password\n")
    assert run("users", "password", file, "anna").code == 0
    assert UserFile(file).of_password("anna", "another password") is not None
    assert run("users", "key", file, "anna", "--remove").code == 0
    assert UserFile(file).of_key(key) is None
    assert run("users", "remove", file, "anna").code == 0
    assert run("users", "list", file).out == ""


@pytest.mark.parametrize(
    "refused",
    [
        ("anna", "short\n", "8 to 200"),
        ("anna", "", "no password"),
        ("no spaces", "correct horse\n", "cannot be a user's name"),
        ("local", "correct horse\n", "without log-in"),
    ],
)
def test_what_cannot_be_a_user_is_refused_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: tuple[str, str, str]
):
    name, typed, said = refused
    type_in(monkeypatch, typed)
    assert said in run("users", "add", tmp_path / "users.json", name).fault
    assert not (tmp_path / "users.json").exists()


def test_a_name_is_given_once_and_a_stranger_is_named(
    run: Run, users: UserFile, monkeypatch: pytest.MonkeyPatch
):
    type_in(monkeypatch, "correct horse\n")
    assert "already" in run("users", "add", users.path, "anna").fault
    for action in ("remove", "key", "password"):
        assert "no user 'bob'" in run("users", action, users.path, "bob").fault
