"""A small shop whose products have siblings and variants, and a dialogue over it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assistant.dialogue.follow import Dialogue
from catalog_index.build import build_index
from retrieval.hybrid import HybridRetriever, open_retriever
from tests.fakes import FixedRouter, HashEmbedder, write_jsonl

ROWS: list[dict[str, Any]] = [
    {
        "id": f"HP-{number}",
        "title": f"Aurivane Tenora II Wireless Headphones, {colour.title()}",
        "brand": "Aurivane",
        "product_type": "Audio > Headphones",
        "item_group_id": "HP-G",
        "price": price,
        "mpn": f"AU-10{number}",
        "attributes": {"colour": colour, "weight": "255 g", "battery life": f"{number} h"},
    }
    for number, colour, price in (
        (11, "white", "184.00 EUR"),
        (12, "sand", "189.00 EUR"),
        (13, "black", "79.00 EUR"),
    )
] + [
    {
        "id": "LA-100",
        "title": "Brightley Firefly Desk Lamp",
        "brand": "Brightley",
        "product_type": "Lighting > Desk Lamps",
        "price": "59.00 EUR",
        "attributes": {"weight": "1.4 kg", "colour": "green"},
    },
    {
        "id": "BO-500",
        "title": "Hydra Steel Bottle 500 ml",
        "brand": "Hydra",
        "product_type": "Kitchen > Bottles",
        "price": "19.00 EUR",
        "attributes": {"capacity": "500 ml", "waterproof": True},
    },
    {
        "id": "BO-750",
        "title": "Hydra Steel Bottle 750 ml",
        "brand": "Hydra",
        "product_type": "Kitchen > Bottles",
        "price": "24.00 EUR",
        "attributes": {"capacity": "750 ml", "waterproof": True},
    },
]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> HybridRetriever:
    root = tmp_path_factory.mktemp("dialogue")
    feed = write_jsonl(root / "feed.jsonl", ROWS)
    build_index([feed], root / "index", embedder=HashEmbedder())
    return open_retriever(root / "index", HashEmbedder(), {})


@pytest.fixture
def dialogue(shop: HybridRetriever) -> Callable[..., Dialogue]:
    """Make a dialogue whose router takes every message for one intent."""
    return lambda intent="answer", unsure=False: Dialogue(shop, FixedRouter(intent, unsure=unsure))
