"""One server for all tests of programs, without a log-in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.store.database import Database
from tests.assistant.programs.serving import Running, open_service, running
from tests.fakes import ScriptedEngine


@pytest.fixture(scope="module")
def server(index_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    database = Database(tmp_path_factory.mktemp("data") / "page.sqlite3")
    with running(open_service(index_dir, ScriptedEngine()), database) as found:
        yield found
