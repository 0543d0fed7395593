"""A shop with hostile records beside honest ones, and assistants whose model obeys anybody."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.turn import Assistant
from catalog_index.build import build_index
from retrieval.evidence import EvidenceRanker
from retrieval.hybrid import HybridRetriever, open_retriever
from retrieval.registry import search
from retrieval.values import Query
from tests.attacks.records import hostile_records
from tests.attacks.shop import GullibleEngine, write_policies
from tests.fakes import FixedRouter, HashEmbedder, write_jsonl, write_shop

Ask = Callable[..., Assistant]


@pytest.fixture(scope="session")
def hostile_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the small shop, every hostile record and the hostile policies; read only."""
    root = tmp_path_factory.mktemp("attacks")
    rows = [record.row for record in hostile_records()]
    feeds = [
        *write_shop(root / "shop"),
        write_jsonl(root / "hostile.jsonl", rows),
        write_policies(root / "policies"),
    ]
    build_index(feeds, root / "index", embedder=HashEmbedder())
    return root / "index"


@pytest.fixture(scope="session")
def honest_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the small shop alone; read only."""
    root = tmp_path_factory.mktemp("honest")
    build_index(write_shop(root / "shop"), root / "index", embedder=HashEmbedder())
    return root / "index"


@pytest.fixture(scope="session")
def hostile(hostile_index: Path) -> HybridRetriever:
    return open_retriever(hostile_index, HashEmbedder(), {})


@pytest.fixture(scope="session")
def honest(honest_index: Path) -> HybridRetriever:
    return open_retriever(honest_index, HashEmbedder(), {})


@pytest.fixture(scope="session")
def ranker(honest: HybridRetriever) -> EvidenceRanker:
    """The real ranker, its weights loaded."""
    ranker = EvidenceRanker(HashEmbedder())
    ranker.rank("is it cordless?", search(honest, Query("kettle")), 1)
    return ranker


@pytest.fixture(scope="session")
def engine() -> GullibleEngine:
    return GullibleEngine()


@pytest.fixture(scope="session")
def make(engine: GullibleEngine, ranker: EvidenceRanker) -> Ask:
    """Make an assistant over a retriever that takes every turn for one intent."""

    def assistant(retriever: HybridRetriever, intent: str = "answer") -> Assistant:
        return Assistant(engine, retriever, FixedRouter(intent), ranker)

    return assistant
