"""Stand-ins that several test packages share: embedder, engine and router, and a small feed."""

from __future__ import annotations

import json
import re
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from catalog_index.embedding import Vectors


class HashEmbedder:
    """A bag of words hashed into 384 dimensions, of length 1; texts that share words are near."""

    id = "hashed-words"
    revision = "1"
    dimension = 384

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                vectors[row, zlib.crc32(word.encode()) % self.dimension] += 1.0
            vectors[row, 0] += 0.01
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


KETTLE = {
    "id": "KE-1001",
    "title": "Steel kettle 1.7 l",
    "description": "Boils water fast. The lid opens with one hand.",
    "brand": "Aldmere",
    "product_type": "Kitchen > Kettles",
    "price": "39.95 EUR",
    "availability": "in_stock",
    "gtin": "04006381333931",
    "mpn": "AK-17/S",
    "capacity": "1.7 l",
    "cordless": True,
}
LAMP = {
    "id": "LA-2002",
    "title": "Desk lamp with dimmer",
    "description": "Warm light for reading at night.",
    "brand": "Brightley",
    "price": "59.00 EUR",
    "sku": "77-lamp-01",
    "power": "9 W",
    "dimmable": True,
}
SHOES = {
    "id": "SH-3003",
    "title": "Running shoes",
    "description": "Light shoes with a soft sole for long runs.",
    "brand": "Corvane",
    "price": "89.50 EUR",
    "weight": "240 g",
    "waterproof": False,
}
RETURNS = """# Returns

You may send goods back within 30 days.

## Refunds

We refund to the card that paid, within 5 working days.

## Return windows

| Category | Window |
| --- | --- |
| Furniture | 14 days |
| Clothing | 60 days |
"""


def write_jsonl(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_shop(directory: Path) -> list[Path]:
    """Write a feed of three products and one document; returns their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    document = directory / "returns.md"
    document.write_text(RETURNS, encoding="utf-8")
    return [write_jsonl(directory / "products.jsonl", [KETTLE, LAMP, SHOES]), document]


class ScriptedEngine:
    """A `TextEngine` that writes what a test enqueued, a word at a time; records its prompts."""

    def __init__(self) -> None:
        self.prompts: list[str] = []
        self.adapters: list[bool] = []
        self.likelihoods: dict[str, float] = {}
        self.written = 0
        self.closed = 0
        self._texts: list[str] = []
        self._last = ""
        self._replies: dict[str, str] = {}

    def enqueue(self, *texts: str) -> None:
        """Set what the next answers say, in order."""
        self._texts += texts

    def when(self, word: str, text: str) -> None:
        """Set what is said to every prompt that holds `word`."""
        self._replies[word] = text

    def stream(
        self,
        messages: Sequence[Mapping[str, str]],
        settings: Any,
        stop: threading.Event | None = None,
        adapter: bool = True,
    ) -> Iterator[str]:
        prompt = self._record(messages, adapter)
        text = next((said for word, said in self._replies.items() if word in prompt), None)
        if text is None and self._texts:
            self._last = self._texts.pop(0)  # and says it again when asked once more
        return self._write(self._last if text is None else text, stop)

    def _write(self, text: str, stop: threading.Event | None) -> Iterator[str]:
        try:
            for piece in re.findall(r"\s*\S+", text):
                if stop is not None and stop.is_set():
                    return
                self.written += 1
                yield piece
        finally:
            self.closed += 1

    def score_labels(
        self,
        messages: Sequence[Mapping[str, str]],
        labels: Sequence[str],
        adapter: bool = True,
        *,
        stop: threading.Event | None = None,
    ) -> list[float]:
        self._record(messages, adapter)
        return [self.likelihoods.get(label, -10.0) for label in labels]

    def _record(self, messages: Sequence[Mapping[str, str]], adapter: bool) -> str:
        prompt = "\n".join(message["content"] for message in messages)
        self.prompts.append(prompt)
        self.adapters.append(adapter)
        return prompt

    def count_tokens(self, messages: Sequence[Mapping[str, str]]) -> int:
        return sum(len(message["content"].split()) for message in messages)

    def warm_up(self) -> None:
        pass

    def describe(self) -> Any:
        from assistant.model.values import ModelInfo

        return ModelInfo("scripted", None, "cpu", "float32", 1, "chat", 512, "a test")


class FixedRouter:
    """Routes every message to one intent."""

    def __init__(self, intent: str, *, unsure: bool = False) -> None:
        self.intent = intent
        self.unsure = unsure
        self.asked: list[str] = []

    def route(self, text: str) -> Any:
        from assistant.router import Route

        self.asked.append(text)
        others = (("search", 0.2), ("ads", 0.1))
        return Route(text, self.intent, 0.6 if self.unsure else 0.9, self.unsure, others)
