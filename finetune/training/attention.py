"""Attention inside the documents of a packed row, as transformers' "documents" implementation.

The row's queries, keys and values are gathered into a block of one document a line, causal
attention runs there, and the result is put back in the row: no document sees another, and no mask
of (N, N) is made. On a processor the plain product of matrices is taken, which is
faster than the fused kernel at such lengths, its backward pass above all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.nn import functional

NAME = "documents"


def register() -> None:
    """Make the implementation known to transformers under `NAME`."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, attend)


@contextmanager
def answering(model: Any) -> Iterator[None]:
    """Let a model in training answer for a while: by attention that knows caches and masks."""
    model.set_attn_implementation("sdpa")
    try:
        yield
    finally:
        model.set_attn_implementation(NAME)


def attend(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    scaling: float | None = None,
    dropout: float = 0.0,
    gather: torch.Tensor | None = None,
    scatter: torch.Tensor | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attend causally within documents.

    Args:
        module: the attention layer, which knows nothing that is needed here.
        query: (1, H, N, D).
        key: (1, KV, N, D).
        value: (1, KV, N, D).
        attention_mask: not used: the documents say all.
        scaling: of the scores; None for 1 / sqrt(D).
        dropout: of the weights.
        gather: see `PackedBatch`.
        scatter: see `PackedBatch`.

    Returns:
        (1, N, H, D), and no weights.
    """
    del module, attention_mask
    if gather is None or scatter is None:
        raise ValueError("the 'documents' attention needs a packed batch's gather and scatter")
    count, longest = gather.shape
    places = gather.reshape(-1)
    size = query.shape[-1]
    scale = size**-0.5 if scaling is None else scaling

    def lines(row: torch.Tensor) -> torch.Tensor:
        heads = row.shape[1]
        picked = row[0].index_select(1, places)
        return picked.view(heads, count, longest, size).transpose(0, 1)

    block = (lines(query), lines(key), lines(value))
    if query.device.type == "cpu":
        attended = _by_products(*block, scale, dropout)
    else:
        attended = functional.scaled_dot_product_attention(
            *block, is_causal=True, scale=scale, dropout_p=dropout, enable_gqa=True
        )
    flat = attended.permute(0, 2, 1, 3).reshape(count * longest, -1, size)
    return flat.index_select(0, scatter)[None], None


def _by_products(
    query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float, dropout: float
) -> torch.Tensor:
    """Attend by two matrix products, (B, H, T, D) and (B, KV, T, D) twice -> (B, H, T, D)."""
    count, heads, length, size = query.shape
    kv_heads = key.shape[1]
    grouped = (query * scale).reshape(count, kv_heads, -1, size)
    scores = (grouped @ key.transpose(-1, -2)).view(count, heads, length, length)
    future = torch.full((length, length), float("-inf"), dtype=scores.dtype).triu(1)
    weights = (scores + future).softmax(-1)
    if dropout:
        weights = functional.dropout(weights, dropout)
    attended = weights.view(count, kv_heads, -1, length) @ value
    return attended.view(count, heads, length, size)
