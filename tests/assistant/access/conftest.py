"""A user file, and a server that asks for a log-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from assistant.access.gate import Gate, LogIn
from assistant.access.sessions import Sessions
from assistant.access.users import UserFile
from assistant.access.values import Role
from assistant.store.database import Database
from tests.assistant.programs.serving import Running, open_service, running
from tests.fakes import ScriptedEngine

PASSWORDS = {"anna": "correct horse", "sam": "battery staple", "root": "admin of it all"}
ROLES: dict[str, Role] = {"anna": "agent", "sam": "seller", "root": "admin"}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Guarded:
    """A running server with a log-in, and how to be one of its users."""

    server: Running
    users: UserFile
    database: Database

    def client(self, **options: object) -> httpx.Client:
        return httpx.Client(base_url=self.server.url, timeout=20, **options)  # type: ignore[arg-type]

    @contextmanager
    def logged_in(self, name: str) -> Iterator[httpx.Client]:
        with self.client() as client:
            reply = client.post("/login", data={"name": name, "password": PASSWORDS[name]})
            assert reply.status_code == 303, reply.text
            yield client

    def with_key(self, name: str) -> httpx.Client:
        key = self.users.new_key(name)
        return self.client(headers={"authorization": f"Bearer {key}"})


@pytest.fixture(scope="session")
def user_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The content of a file of three users; hashing takes its time, so it is done once."""
    path = tmp_path_factory.mktemp("users") / "users.json"
    users = UserFile(path)
    for name, role in ROLES.items():
        users.add(name, role, PASSWORDS[name])
    return path.read_bytes()


@pytest.fixture
def users(user_file: bytes, tmp_path: Path) -> UserFile:
    path = tmp_path / "users.json"
    path.write_bytes(user_file)
    return UserFile(path)


@pytest.fixture(scope="module")
def guarded(
    index_dir: Path, user_file: bytes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Guarded]:
    root = tmp_path_factory.mktemp("guarded")
    (root / "users.json").write_bytes(user_file)
    users = UserFile(root / "users.json")
    database = Database(root / "page.sqlite3")
    gate = Gate(LogIn(users, Sessions(database, 3600)))
    service = open_service(index_dir, ScriptedEngine())
    with running(service, database, gate, host="0.0.0.0") as server:
        yield Guarded(server, users, database)
