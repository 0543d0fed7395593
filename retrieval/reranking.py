"""The optional last step of a search: a cross-encoder reads query and record together.

Any sequence-classification model of a local directory: one output, whose sigmoid is the score, or
several, of which the last class is "relevant". It is read by transformers; nothing is fetched. A
threshold is applied to its scores and not before, so that what it would have found good is never
dropped by another measure.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from catalog_index.product import Passage, Product
from retrieval.documents import record_text
from retrieval.errors import RetrieverOptionError

DEPTH = 20
_MAX_TOKENS = 256
_BATCH = 16


@runtime_checkable
class Reranker(Protocol):
    """Whatever scores texts against a query in [0, 1], higher is better."""

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score a text."""
        ...


@dataclass(frozen=True, slots=True)
class Reranking:
    """How the best hits are read anew: by whom, how many, and the score below which one goes."""

    reranker: Reranker
    depth: int = DEPTH
    least: float = 0.0

    def order(
        self, query: str, records: Mapping[int, Product | Passage]
    ) -> list[tuple[int, float]]:
        """Return (key, score) of the records that pass the threshold, best first.

        Args:
            query: the user's words.
            records: the hits to read, by key, in the order found; ties keep it.
        """
        if not records:
            return []
        scores = self.reranker.score(query, [record_text(record) for record in records.values()])
        pairs = [pair for pair in zip(records, scores, strict=True) if pair[1] >= self.least]
        return sorted(pairs, key=lambda pair: -pair[1])


class CrossEncoder:
    """A sequence-classification model; the weights are read on first use.

    Raises:
        RetrieverOptionError: the directory holds no such model.
    """

    def __init__(self, directory: Path) -> None:
        if not (directory / "config.json").is_file():
            raise RetrieverOptionError(
                f"The option rerank={str(directory)!r} names no model: it has no config.json."
                " Give the directory of a sequence-classification model."
            )
        self._directory = directory
        self._lock = threading.Lock()
        self._tokenizer: Any = None
        self._model: Any = None

    def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """Return one score in [0, 1] a text; see `Reranker.score`."""
        import torch

        self._load()
        scores: list[float] = []
        for at in range(0, len(texts), _BATCH):
            batch = list(texts[at : at + _BATCH])
            inputs = self._tokenizer(
                [query] * len(batch),
                batch,
                padding=True,
                truncation="longest_first",
                max_length=_MAX_TOKENS,
                return_tensors="pt",
            )
            with torch.inference_mode():
                logits = self._model(**inputs).logits.float()  # (B, classes)
            if logits.shape[1] == 1:
                scores += torch.sigmoid(logits[:, 0]).tolist()
            else:
                scores += torch.softmax(logits, dim=1)[:, -1].tolist()
        return scores

    def _load(self) -> None:
        with self._lock:
            if self._model is not None:
                return
            from transformers import AutoModelForSequenceClassification, AutoTokenizer

            options: dict[str, Any] = {"local_files_only": True}
            try:
                tokenizer = AutoTokenizer.from_pretrained(self._directory, **options)
                model = AutoModelForSequenceClassification.from_pretrained(
                    self._directory, **options
                )
            except (OSError, ValueError, KeyError) as error:
                reason = " ".join(str(error).split())
                raise RetrieverOptionError(
                    f"The model at {self._directory} cannot be read ({reason})."
                    " Give the directory of a sequence-classification model."
                ) from error
            self._tokenizer, self._model = tokenizer, model.eval()
