"""A question and a piece of a record, read together -> how surely the piece answers, as a logit.

A cross-encoder: the embedder's own model with a few changed weights (`retrieval.evidence_weights`),
computed by OpenVINO where it is installed, else by PyTorch. Read on first use; fetches nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding import openvino_forward
from catalog_index.embedding.base import Vectors
from catalog_index.embedding.minilm import Library, is_installed, padded
from catalog_index.embedding.openvino_forward import OpenVinoForward
from catalog_index.embedding.weights import Tensors, read_tokenizer
from retrieval.evidence_weights import READER_FILE, changed_tensors, shipped

MAX_TOKENS = 96
"""Of question and piece together."""

_MAX_QUESTION = 300
_PER_BATCH = 24
Forward = Callable[[NDArray[np.int64], NDArray[np.int64]], Vectors]


class EvidenceReader:
    """The shipped reader; safe to share between threads.

    Args:
        library: what computes; OpenVINO where it is installed unless given.
        changes: the file of its weights; the shipped one unless given.
    """

    def __init__(self, library: Library | None = None, changes: Path | None = None) -> None:
        self._library = library
        self._changes = changes or shipped(READER_FILE)
        self._lock = threading.Lock()
        self._tokenizer: Any = None
        self._forward: Forward | None = None

    def logits(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return one logit a text, shape (len(texts),).

        Args:
            question: without the product's names.
            texts: pieces as `retrieval.evidence_pieces.read_as` words them.

        Raises:
            CatalogError: the embedding model's package is not installed.
        """
        found = np.zeros(len(texts), dtype=np.float32)
        if not texts:
            return found
        forward = self._ready()
        pairs = [(question[:_MAX_QUESTION], text) for text in texts]
        token_ids = [encoding.ids for encoding in self._tokenizer.encode_batch_fast(pairs)]
        order = sorted(range(len(texts)), key=lambda row: len(token_ids[row]))
        for start in range(0, len(order), _PER_BATCH):
            rows = order[start : start + _PER_BATCH]
            found[rows] = forward(*padded([token_ids[row] for row in rows]))[:, 0]
        return found

    def _ready(self) -> Forward:
        with self._lock:
            if self._forward is None:
                tokenizer = read_tokenizer()
                tokenizer.enable_truncation(MAX_TOKENS)
                self._tokenizer = tokenizer
                self._forward = _make_forward(self._library, self._changes)
            return self._forward


def _make_forward(library: Library | None, changes: Path) -> Forward:
    tensors = changed_tensors(changes)
    if (library or ("openvino" if is_installed("openvino") else "torch")) == "openvino":
        precision: Any = "bf16" if openvino_forward.computes_bf16() else "f32"
        return OpenVinoForward(openvino_forward.build_pair_graph(tensors), precision, threads=1)
    return TorchPairForward(tensors)


class TorchPairForward:
    """The reader in PyTorch, for machines without OpenVINO.

    Args:
        parameters: what `retrieval.evidence_weights.changed_tensors` returns.
    """

    def __init__(self, parameters: Tensors) -> None:
        import torch

        from catalog_index.embedding.torch_forward import read_model

        tensors = {name: torch.from_numpy(value) for name, value in parameters.items()}
        self._model: Any = read_model()
        self._model.load_state_dict(
            {name: value for name, value in tensors.items() if not name.startswith("head.")},
            strict=False,
        )
        self._head = {name: value for name, value in tensors.items() if name.startswith("head.")}

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """Return logits (B, 1) of token ids (B, T); the mask (B, T) is 0 at padding."""
        import torch

        kept = torch.from_numpy(mask)
        linear = torch.nn.functional.linear
        with torch.inference_mode():
            output = self._model(input_ids=torch.from_numpy(ids), attention_mask=kept)
            hidden = output.last_hidden_state
            mean = (hidden * kept[..., None]).sum(dim=1) / kept.sum(dim=1, keepdim=True)
            joined = torch.cat([hidden[:, 0], mean], dim=1)
            head = self._head
            wide = linear(joined, head["head.hidden.weight"], head["head.hidden.bias"]).tanh()
            logits: Vectors = linear(wide, head["head.out.weight"], head["head.out.bias"]).numpy()
        return logits
