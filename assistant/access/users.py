"""The user file: who may log in, in which role, with which password or key. JSON, hashes only.

Reads the file again when it has changed, so that a user who is removed while the page runs is out
at once. Knows no session and no request.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.access.passwords import (
    MAX_CHARACTERS,
    MIN_CHARACTERS,
    hash_password,
    hash_secret,
    is_password,
    is_stored_password,
    new_secret,
)
from assistant.access.values import LOCAL, ROLES, Role, User
from assistant.errors import AssistantError
from catalog_index.durable import replace_file

KEY_PREFIX = "le-"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_KEYS = {"name", "role", "password", "key"}
_NOBODY = "scrypt$15$8$3$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "="
"""What a name that nobody has is checked against, so that its log-in takes as long."""


class UsersError(AssistantError):
    """The user file cannot be read or written, or what is asked of it cannot be done."""


@dataclass(frozen=True, slots=True)
class Account:
    """One user of the file; `password` and `key` are hashes, `key` "" where there is none."""

    name: str
    role: Role
    password: str
    key: str = ""

    @property
    def user(self) -> User:
        """The user without secrets."""
        return User(self.name, self.role)

    @property
    def fingerprint(self) -> str:
        """A text that changes with the password: sessions of another one are over."""
        return hashlib.sha256(self.password.encode()).hexdigest()


class UserFile:
    """The users of one file. Safe to share between threads.

    Args:
        path: the file; it need not exist before the first user is added.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._stamp: tuple[int, int, int] | None = None
        self._accounts: Mapping[str, Account] = {}

    def accounts(self) -> Mapping[str, Account]:
        """Return all users by name, as the file has them now.

        Raises:
            UsersError: the file cannot be read, or holds what is no user; names every fault.
        """
        with self._lock:
            try:
                found = self.path.stat()
                stamp = (found.st_mtime_ns, found.st_size, found.st_ino)
                if stamp != self._stamp:
                    self._accounts = _read(self.path, self.path.read_bytes())
                    self._stamp = stamp
            except OSError as error:
                raise UsersError(
                    f"The user file {self.path} cannot be read ({error.strerror}). Make one with"
                    f" `llama-e users add {self.path} NAME --role admin`."
                ) from error
            return self._accounts

    def account(self, name: str) -> Account | None:
        """Return the user of a name, None where there is none; raises what `accounts` raises."""
        return self.accounts().get(name)

    def of_key(self, key: str) -> Account | None:
        """Return the user whose key this is, None where nobody's."""
        wanted = hash_secret(key)
        return next((one for one in self.accounts().values() if one.key == wanted), None)

    def of_password(self, name: str, password: str) -> Account | None:
        """Return the user of a name and a password, None where either is wrong.

        Takes about as long in each case: nobody learns from the time which names there are.
        """
        account = self.account(name)
        is_right = is_password(password[:MAX_CHARACTERS], account.password if account else _NOBODY)
        return account if account and is_right else None

    def add(self, name: str, role: Role, password: str) -> Account:
        """Add a user; makes the file if there is none.

        Raises:
            UsersError: the name is taken or none, the password too short, or the disk refuses.
        """
        known = dict(self.accounts()) if self.path.exists() else {}
        name = check_name(name)
        if name in known:
            raise UsersError(f"There is a user {name!r} already in {self.path}.")
        known[name] = Account(name, role, hash_password(check_password(password)))
        self._write(known)
        return known[name]

    def remove(self, name: str) -> None:
        """Remove a user; raises `UsersError` where there is none of the name."""
        known = dict(self.accounts())
        del known[self._known(name).name]
        self._write(known)

    def set_password(self, name: str, password: str) -> None:
        """Change a password, which ends the user's sessions; raises `UsersError` as `add` does."""
        account = self._known(name)
        self._change(replace(account, password=hash_password(check_password(password))))

    def new_key(self, name: str) -> str:
        """Make a key for the user's programs, in the place of an earlier one, and return it.

        It is stored hashed and cannot be shown again. Raises `UsersError` as `remove` does.
        """
        key = new_secret(KEY_PREFIX)
        self._change(replace(self._known(name), key=hash_secret(key)))
        return key

    def remove_key(self, name: str) -> None:
        """Take a user's key away; raises `UsersError` as `remove` does."""
        self._change(replace(self._known(name), key=""))

    def is_readable_by_others(self) -> bool:
        """Whether other users of the machine may read the file."""
        return os.name == "posix" and bool(self.path.stat().st_mode & 0o077)

    def _known(self, name: str) -> Account:
        account = self.account(name.strip().lower())
        if account is None:
            names = ", ".join(self.accounts()) or "none"
            raise UsersError(f"There is no user {name!r} in {self.path}. Users: {names}.")
        return account

    def _change(self, account: Account) -> None:
        self._write({**self.accounts(), account.name: account})

    def _write(self, accounts: Mapping[str, Account]) -> None:
        rows = [
            {"name": one.name, "role": one.role, "password": one.password}
            | ({"key": one.key} if one.key else {})
            for one in accounts.values()
        ]
        content = json.dumps({"users": rows}, indent=1, ensure_ascii=False) + "\n"
        # Nobody else may read the hashes, from the first moment on.
        before = os.umask(0o077)
        try:
            replace_file(self.path, content.encode())
        finally:
            os.umask(before)


def check_name(name: str) -> str:
    """Return a user's name as it is stored; raises `UsersError` where it cannot be one."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise UsersError(
            f"{name!r} cannot be a user's name. Use 1 to 40 letters a-z, digits and . _ @ -,"
            " beginning with a letter or digit."
        )
    if name == LOCAL.name:
        raise UsersError(f"The name {name!r} is that of a page without log-in. Choose another.")
    return name


def check_password(password: str) -> str:
    """Return a password that may be set; raises `UsersError` where it is too short or long."""
    if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS:
        raise UsersError(
            f"The password has {len(password)} characters. Choose one of {MIN_CHARACTERS} to"
            f" {MAX_CHARACTERS}; a few words make a good one."
        )
    return password


def _read(path: Path, content: bytes) -> dict[str, Account]:
    try:
        held = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise UsersError(f"The user file {path} is not JSON: {error}.") from error
    rows = held.get("users") if isinstance(held, dict) else None
    if not isinstance(rows, list):
        raise UsersError(f'The user file {path} has no list under the key "users".')
    accounts: dict[str, Account] = {}
    faults: list[str] = []
    for number, row in enumerate(rows, start=1):
        fault = _fault(row)
        if fault or row["name"] in accounts:
            faults.append(f"user {number}: {fault or 'the name is there twice'}")
            continue
        accounts[row["name"]] = Account(row["name"], row["role"], row["password"], _key(row))
    if faults:
        raise UsersError(f"The user file {path} has faults: {'; '.join(faults)}.")
    return accounts


def _fault(row: Any) -> str:
    """Say what is wrong with an entry of the file, "" where nothing is."""
    if not isinstance(row, dict):
        return "is not an object"
    if unknown := sorted(set(row) - _KEYS):
        return f"has an unknown key {unknown[0]!r}"
    try:
        if check_name(str(row.get("name", ""))) != row.get("name"):
            return "the name has capitals or spaces"
    except UsersError as error:
        return str(error)
    if row.get("role") not in ROLES:
        return f"the role is not one of {', '.join(ROLES)}"
    if not is_stored_password(row.get("password")):
        return "the password is no hash; set it with `llama-e users password`"
    if row.get("key") is not None and not _HASH.fullmatch(str(row["key"])):
        return "the key is no hash; make one with `llama-e users key`"
    return ""


def _key(row: Mapping[str, Any]) -> str:
    return str(row.get("key") or "")
