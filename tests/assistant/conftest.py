"""What the assistant's tests stand on: a small real index, and `llama-e` without any model."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import service as service_module
from assistant.router import IntentRouter
from assistant.turn import Assistant
from catalog_index.build import build_index
from retrieval.evidence import EvidenceRanker
from retrieval.hybrid import HybridRetriever, open_retriever
from tests.commands import Run, runner
from tests.fakes import FixedRouter, HashEmbedder, ScriptedEngine, write_shop

MakeAssistant = Callable[..., Assistant]


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the small shop; read only."""
    root = tmp_path_factory.mktemp("assistant")
    build_index(write_shop(root / "shop"), root / "index", embedder=HashEmbedder())
    return root / "index"


@pytest.fixture(scope="session")
def retriever(index_dir: Path) -> HybridRetriever:
    return open_retriever(index_dir, HashEmbedder(), {})


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture
def make(engine: ScriptedEngine, retriever: HybridRetriever) -> MakeAssistant:
    """Make an assistant that takes every turn for one intent."""

    def assistant(intent: str = "answer", *, unsure: bool = False, adapter: bool = True):
        router = FixedRouter(intent, unsure=unsure)
        ranker = EvidenceRanker(HashEmbedder())
        return Assistant(engine, retriever, router, ranker, adapter=adapter)

    return assistant


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    engine: ScriptedEngine,
) -> Run:
    """Run `llama-e` with stand-ins for embedder, router and model."""
    from assistant.model.engine import Engine

    monkeypatch.setenv("LLAMA_E_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(service_module, "MiniLMEmbedder", HashEmbedder)
    monkeypatch.setattr(IntentRouter, "load_default", lambda *_: FixedRouter("answer"))
    monkeypatch.setattr(Engine, "load", lambda **_: engine)

    return runner(capsys)


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    from assistant.model.engine import Engine

    def refuse(**_: Any) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(Engine, "load", refuse)
