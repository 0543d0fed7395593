"""all-MiniLM-L6-v2 as a cross-encoder in PyTorch: frozen, with LoRA and a small head to train.

The reader's input is "[CLS] question [SEP] piece [SEP]"; its output one logit. Knows no data.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from catalog_index.embedding.torch_forward import read_model
from retrieval.evidence_weights import WIDTH

RANK, ALPHA = 16, 32.0
_TARGETS = ("query", "key", "value", "dense")


class LoRALinear(nn.Module):
    """y = x W^T + b + (alpha / rank) x A^T B^T (Hu et al., 2021); only A and B are trained."""

    def __init__(self, linear: nn.Linear, rank: int, alpha: float) -> None:
        super().__init__()
        self.linear = linear
        self.scale = alpha / rank
        self.down = nn.Parameter(torch.empty(rank, linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))
        nn.init.kaiming_uniform_(self.down, a=math.sqrt(5))

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out)."""
        low = nn.functional.linear(x, self.down.to(x.dtype))
        added = nn.functional.linear(low, self.up.to(x.dtype))
        result: Tensor = self.linear(x) + self.scale * added
        return result


class PairEncoder(nn.Module):
    """Token ids of question and piece -> one logit.

    Args:
        dtype: what the frozen weights are kept in; what is trained is float32.
    """

    def __init__(self, dtype: torch.dtype = torch.float32, rank: int = RANK) -> None:
        super().__init__()
        self.bert: Any = read_model().to(dtype)
        for parameter in self.bert.parameters():
            parameter.requires_grad = False
        for name, module in list(self.bert.named_modules()):
            if isinstance(module, nn.Linear) and name.rpartition(".")[2] in _TARGETS:
                parent = self.bert.get_submodule(name.rpartition(".")[0])
                setattr(parent, name.rpartition(".")[2], LoRALinear(module, rank, ALPHA))
        self.hidden = nn.Linear(2 * WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, 1)

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(B, T), (B, T) -> (B,): first token and mean of all, one hidden layer, one logit."""
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        kept = mask[..., None].float()
        mean = (hidden * kept).sum(1) / kept.sum(1)
        joined = torch.cat([hidden[:, 0], mean], dim=1)
        logits: Tensor = self.out(torch.tanh(self.hidden(joined)))[:, 0]
        return logits

    def embed(self, ids: Tensor) -> Tensor:
        """Return unit vectors of token ids that are 0 at padding: (B, T) -> (B, 384)."""
        mask = (ids > 0).long()
        hidden = self.bert(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        kept = mask[..., None].float()
        return nn.functional.normalize((hidden * kept).sum(1) / kept.sum(1), dim=1)

    def trained(self) -> dict[str, Tensor]:
        """Return what training changes, by name."""
        return {name: one for name, one in self.named_parameters() if one.requires_grad}

    def start_from(self, changes: Mapping[str, Any]) -> None:
        """Take over what an earlier training changed, as `exported` gives it."""
        with torch.no_grad():
            for name, module in self.bert.named_modules():
                if isinstance(module, LoRALinear):
                    module.down.copy_(_tensor(changes[f"{name}.down"]))
                    module.up.copy_(_tensor(changes[f"{name}.up"]) / module.scale)
            for name in ("hidden", "out"):
                layer: nn.Linear = getattr(self, name)
                layer.weight.copy_(_tensor(changes[f"head.{name}.weight"]))
                layer.bias.copy_(_tensor(changes[f"head.{name}.bias"]))

    def freeze_below(self, layer: int) -> None:
        """Keep the layers below one as they are: what is learned stands above them."""
        for name, parameter in self.bert.named_parameters():
            if name.startswith(tuple(f"encoder.layer.{at}." for at in range(layer))):
                parameter.requires_grad = False

    def exported(self) -> Mapping[str, Any]:
        """Return LoRA and head as float16 arrays, named as `retrieval.evidence_weights` reads."""
        arrays: dict[str, Any] = {}
        for name, module in self.bert.named_modules():
            if isinstance(module, LoRALinear):
                arrays[f"{name}.down"] = _half(module.down)
                arrays[f"{name}.up"] = _half(module.up * module.scale)
        for name in ("hidden", "out"):
            layer: nn.Linear = getattr(self, name)
            arrays[f"head.{name}.weight"] = _half(layer.weight)
            arrays[f"head.{name}.bias"] = _half(layer.bias)
        return arrays


def _tensor(array: Any) -> Tensor:
    return torch.from_numpy(np.asarray(array, dtype=np.float32))


def _half(tensor: Tensor) -> Any:
    return np.ascontiguousarray(tensor.detach().float().numpy().astype(np.float16))
