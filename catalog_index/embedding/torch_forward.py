"""MiniLM's forward pass in PyTorch, for machines without OpenVINO. Knows no tokenizer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_index.embedding.base import Precision, Vectors
from catalog_index.embedding.weights import Tensors, weights_directory


class TorchForward:
    """Token ids to unit vectors on the CPU; safe to share between threads.

    Args:
        precision: what the model computes in; pooling is always in float32.
        tensors: gives the model's parameters; those of the package unless given.
    """

    def __init__(
        self, precision: Precision = "f32", tensors: Callable[[], Tensors] | None = None
    ) -> None:
        model = read_model()
        if tensors is not None:
            _replace(model, tensors())
        self._model: Any = model.bfloat16() if precision == "bf16" else model

    def __call__(self, ids: NDArray[np.int64], mask: NDArray[np.int64]) -> Vectors:
        """Return unit vectors (B, 384) of token ids (B, T); the mask (B, T) is 0 at padding."""
        import torch

        kept = torch.from_numpy(mask)
        with torch.inference_mode():
            output = self._model(input_ids=torch.from_numpy(ids), attention_mask=kept)
            hidden = output.last_hidden_state.float()
            pooled = (hidden * kept[..., None]).sum(dim=1) / kept.sum(dim=1, keepdim=True)
            vectors: Vectors = torch.nn.functional.normalize(pooled, dim=1).numpy()
        return vectors


def computes_bf16() -> bool:
    """Whether PyTorch multiplies matrices in bfloat16 natively on this processor."""
    import torch

    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def read_model() -> Any:
    """Return the package's `transformers.BertModel` without a pooler, in float32."""
    from transformers import BertModel
    from transformers.utils import logging

    directory = str(weights_directory())
    verbosity, has_bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        return BertModel.from_pretrained(directory, add_pooling_layer=False).eval()
    finally:
        logging.set_verbosity(verbosity)
        if has_bar:
            logging.enable_progress_bar()


def _replace(model: Any, tensors: Tensors) -> None:
    """Put other parameters in the place of the model's."""
    import torch

    model.load_state_dict(
        {name: torch.tensor(value) for name, value in tensors.items()}, strict=False
    )
