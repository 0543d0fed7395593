from __future__ import annotations

from pathlib import Path

import pytest

from catalog_index.build import build_index
from catalog_index.index import CatalogIndex
from tests.fakes import KETTLE, HashEmbedder, write_jsonl, write_shop


@pytest.fixture(scope="session")
def embedder() -> HashEmbedder:
    return HashEmbedder()


@pytest.fixture(scope="session")
def index_dir(tmp_path_factory: pytest.TempPathFactory, embedder: HashEmbedder) -> Path:
    """An index of the small shop and twenty more kettles."""
    root = tmp_path_factory.mktemp("retrieval")
    more = [
        {**KETTLE, "id": f"KE-2{n:03}", "gtin": f"40063813{n:05}", "mpn": f"AK-{n}X", "sku": ""}
        for n in range(20)
    ]
    feeds = [*write_shop(root / "shop"), write_jsonl(root / "more.jsonl", more)]
    build_index(feeds, root / "index", embedder=embedder)
    return root / "index"


@pytest.fixture(scope="session")
def index(index_dir: Path, embedder: HashEmbedder) -> CatalogIndex:
    return CatalogIndex(index_dir, embedder)
