"""Any causal model of transformers, with or without a PEFT adapter, as a `Forward`.

The general way: every architecture and device that transformers serves. `fused_forward` is the
fast way for LLaMAs on a processor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch


class HubForward:
    """Drives a `PreTrainedModel` or `PeftModel` through its own forward and cache."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._has_adapter = hasattr(model, "peft_config")

    @contextmanager
    def adapter(self, on: bool) -> Iterator[None]:
        """Run the block with the adapter on, or exactly as the base model."""
        if on or not self._has_adapter:
            yield
            return
        with self._model.disable_adapter():
            yield

    def new_cache(self, capacity: int) -> Any:
        """Return an empty cache; it grows by itself."""
        del capacity
        from transformers import DynamicCache

        return DynamicCache(config=self._model.config)

    def step(
        self,
        ids: Sequence[int],
        cache: Any,
        keep: int,
        positions: torch.Tensor | None = None,
        mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Append tokens and return the last `keep` logits, shape (keep, V)."""
        device = self._model.device
        extra: dict[str, Any] = {}
        if positions is not None:
            extra["position_ids"] = positions[None].to(device)
        if mask is not None:
            dtype = self._model.dtype
            bias = torch.zeros(mask.shape, dtype=dtype).masked_fill(~mask, torch.finfo(dtype).min)
            extra["attention_mask"] = bias[None, None].to(device)
        output = self._model(
            input_ids=torch.tensor([list(ids)], device=device),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=keep,
            **extra,
        )
        logits: torch.Tensor = output.logits[0]
        return logits

    def rewind(self, cache: Any, count: int) -> None:
        """Forget the cache's last `count` tokens."""
        if count:
            cache.crop(-count)
