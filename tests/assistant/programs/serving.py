"""The whole web server in a thread, over the small shop with stand-ins for model and router."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from assistant.access.gate import Gate
from assistant.service import Service, Settings
from assistant.store.database import Database
from assistant.ui.context import Context
from assistant.ui.server import build_app
from retrieval.hybrid import open_retriever
from tests.fakes import FixedRouter, HashEmbedder, ScriptedEngine


@dataclass(frozen=True)
class Running:
    url: str
    engine: ScriptedEngine
    service: Service


def open_service(index_dir: Path, engine: ScriptedEngine, intent: str = "answer") -> Service:
    """A real service whose parts are open already: no model is loaded."""
    service = Service(Settings(index=index_dir))
    embedder = HashEmbedder()
    vars(service).update(
        embedder=embedder,
        engine=engine,
        router=FixedRouter(intent),
        retriever=open_retriever(index_dir, embedder, {}),
    )
    return service


@contextmanager
def running(
    service: Service, database: Database, gate: Gate | None = None, host: str = "127.0.0.1"
) -> Iterator[Running]:
    """Serve on a free port until the context is left."""
    app = build_app(Context(service, database, gate or Gate()), host)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        config = uvicorn.Config(app, log_level="critical", ws="none", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert thread.is_alive() and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.01)
        try:
            engine = service.engine
            assert isinstance(engine, ScriptedEngine)
            yield Running(f"http://127.0.0.1:{port}", engine, service)
        finally:
            server.should_exit = True
            thread.join(10)
