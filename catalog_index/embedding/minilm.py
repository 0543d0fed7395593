"""Text to vectors with all-MiniLM-L6-v2: tokens, batches, and which library computes them.

Mean pooling over the last hidden state and L2 normalisation, as the model's card prescribes
(sentence-transformers/all-MiniLM-L6-v2); the same vectors as the sentence-transformers library
gives, without its seconds of start-up. OpenVINO computes them where it is installed, else PyTorch;
what each costs is measured by `python -m benchmarks.embedding`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import openvino_forward, torch_forward
from catalog_index.embedding.base import Precision, Vectors
from catalog_index.embedding.openvino_forward import OpenVinoForward
from catalog_index.embedding.torch_forward import TorchForward
from catalog_index.embedding.weights import (
    MAX_TOKENS,
    Tensors,
    installed_version,
    read_tensors,
    read_tokenizer,
)

__all__ = ["BULK", "MAX_TOKENS", "MiniLMEmbedder"]

BULK = 64
"""From how many texts on a call may compute in bfloat16, where the processor does so itself."""

_TOKENS_PER_BATCH = 1536
"""Small enough for what a layer makes of a batch to stay in the processor's cache."""

Library = Literal["openvino", "torch"]
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], Vectors]
"""Token ids (B, T) and a mask (B, T) that is 0 at padding -> unit vectors (B, 384)."""


class MiniLMEmbedder:
    """all-MiniLM-L6-v2 on the CPU; the weights are read on first use.

    A query is embedded in fp32. A bulk of texts is embedded in bfloat16 on a processor with
    instructions for it, at a cosine of more than 0.999 to fp32: measured on such a processor by
    `pytest tests/catalog_index/test_embedding.py`. `revision` names the version of the package
    that holds the weights; it does not name the library, whose vectors are the same.

    Args:
        progress: called with the number of texts each batch has finished.
        library: what computes; OpenVINO where it is installed unless given.
        bulk: from how many texts on a call may compute in bfloat16.
        tensors: gives the model's parameters; those of the package unless given.
    """

    id = "sentence-transformers/all-MiniLM-L6-v2"
    dimension = 384

    def __init__(
        self,
        progress: Callable[[int], None] | None = None,
        library: Library | None = None,
        *,
        bulk: int = BULK,
        tensors: Callable[[], Tensors] | None = None,
    ) -> None:
        self.revision = installed_version()
        self._progress = progress or (lambda _: None)
        self._library = library
        self._bulk = bulk
        self._tensors = tensors
        self._lock = threading.Lock()
        self._tokenizer: Any = None
        self._query_forward: Forward | None = None
        self._bulk_forward: Forward | None = None

    @property
    def library(self) -> Library:
        """What computes the vectors on this machine."""
        if self._library is None:
            self._library = "openvino" if is_installed("openvino") else "torch"
        return self._library

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, longest batches last; see `Embedder.encode`.

        Raises:
            CatalogError: the model's weights are not installed.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        forward = self._ready(is_bulk=len(texts) >= self._bulk)
        token_ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]
        for rows in batches([len(ids) for ids in token_ids]):
            vectors[rows] = forward(*padded([token_ids[row] for row in rows]))
            self._progress(len(rows))
        return vectors

    def _ready(self, is_bulk: bool) -> Forward:
        """Return the forward pass for queries or for a bulk, made on first use."""
        with self._lock:
            if self._tokenizer is None:
                self._tokenizer = read_tokenizer()
            if is_bulk:
                self._bulk_forward = self._bulk_forward or self._make_bulk_forward()
                return self._bulk_forward
            self._query_forward = self._query_forward or self._make_query_forward()
            return self._query_forward

    def _make_query_forward(self) -> Forward:
        """A query is so little work that a second thread costs more in waiting than it computes."""
        if self.library == "openvino":
            return OpenVinoForward(self._graph(), "f32", threads=1)
        return TorchForward("f32", self._tensors)

    def _make_bulk_forward(self) -> Forward:
        if self.library == "openvino":
            precision: Precision = "bf16" if openvino_forward.computes_bf16() else "f32"
            return OpenVinoForward(self._graph(), precision)
        if torch_forward.computes_bf16():
            return TorchForward("bf16", self._tensors)
        self._query_forward = self._query_forward or self._make_query_forward()
        return self._query_forward

    def _graph(self) -> Any:
        return openvino_forward.build_graph((self._tensors or read_tensors)())


def is_installed(library: str) -> bool:
    """Whether a Python package can be imported; loads nothing."""
    try:
        return find_spec(library) is not None
    except ValueError:  # it stands in sys.modules without a spec
        return False


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group row numbers by length so that padding is small and a batch fits the token budget."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[row] > _TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(row)
    yield batch


def padded(token_ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return ids and mask, both (B, T), T the length of the last and longest."""
    ids = np.zeros((len(token_ids), len(token_ids[-1])), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, tokens in enumerate(token_ids):
        ids[row, : len(tokens)] = tokens
        mask[row, : len(tokens)] = 1
    return ids, mask
