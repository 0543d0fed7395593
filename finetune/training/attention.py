"""Attention along the paths of a packed row, as transformers' "documents" implementation.

The row's queries, keys and values are gathered into a few blocks, a line for each example: its
keys are the example's whole path, its queries the tokens that no line before it asked for. So no
example sees another, and no mask of (N, N) is made. On a processor the plain product of matrices
is taken, which is faster than the fused kernel at such lengths, its backward pass above all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

NAME = "documents"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of a row that attend together.

    Attributes:
        queries: (B, Q), places in the row; short lines repeat their last.
        keys: (B, K), places in the row, from an example's first token on.
        hidden: (B, Q, K), keys that a query does not see.
    """

    queries: torch.Tensor
    keys: torch.Tensor
    hidden: torch.Tensor

    def to(self, device: torch.device | str) -> Block:
        """Return the block on another device."""
        return Block(self.queries.to(device), self.keys.to(device), self.hidden.to(device))


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
    blocks: Sequence[Block] | None = None,
    scatter: torch.Tensor | None = None,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attend causally along each example's path.

    Args:
        module: the attention layer, which knows nothing that is needed here.
        query: (1, H, N, D).
        key: (1, KV, N, D).
        value: (1, KV, N, D).
        attention_mask: not used: the blocks say all.
        scaling: of the scores; None for 1 / sqrt(D).
        dropout: of the weights.
        blocks: see `PackedBatch`.
        scatter: see `PackedBatch`.

    Returns:
        (1, N, H, D), and no weights.
    """
    del module, attention_mask
    if blocks is None or scatter is None:
        raise ValueError("the 'documents' attention needs a packed batch's blocks and scatter")
    size = query.shape[-1]
    scale = size**-0.5 if scaling is None else scaling
    attended = []
    for block in blocks:
        lines = (_lines(query, block.queries), _lines(key, block.keys), _lines(value, block.keys))
        laid = _attended(*lines, block.hidden, scale=scale, dropout=dropout)
        attended.append(laid.permute(0, 2, 1, 3).reshape(-1, laid.shape[1], size))
    return torch.cat(attended).index_select(0, scatter)[None], None


def _lines(row: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
    """Gather a row into a block's lines, (1, H, N, D) -> (B, H, T, D)."""
    picked = row[0].index_select(1, places.reshape(-1))
    return picked.view(row.shape[1], *places.shape, row.shape[-1]).transpose(0, 1)


def _attended(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    hidden: torch.Tensor,
    *,
    scale: float,
    dropout: float,
) -> torch.Tensor:
    """Attend in a block, (B, H, Q, D), (B, KV, K, D) twice, (B, Q, K) -> (B, H, Q, D)."""
    count, heads, length, size = query.shape
    kv_heads, seen = key.shape[1:3]
    if query.device.type != "cpu":
        # No fused kernel takes both grouped heads and a mask: repeat what a group shares.
        key, value = (one.repeat_interleave(heads // kv_heads, 1) for one in (key, value))
        return functional.scaled_dot_product_attention(
            query, key, value, ~hidden[:, None], scale=scale, dropout_p=dropout
        )
    grouped = (query * scale).reshape(count, kv_heads, -1, size)
    scores = (grouped @ key.transpose(-1, -2)).view(count, heads, length, seen)
    mask = torch.zeros(hidden.shape, dtype=scores.dtype).masked_fill_(hidden, float("-inf"))
    weights = (scores + mask[:, None]).softmax(-1)
    if dropout:
        weights = functional.dropout(weights, dropout)
    attended = weights.view(count, kv_heads, -1, seen) @ value
    return attended.view(count, heads, length, size)
