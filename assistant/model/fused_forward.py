"""A LLaMA on a processor, as a `Forward`: the same arithmetic in a third of the time per token.

Answers one sequence at a time, which is all that a chat turn needs. Against the general way it
joins the projections that read the same input, keeps keys and values in one preallocated block,
and attends without the tiling that only pays for long queries. Optionally it keeps each weight a
second time as 8-bit integers (one scale an output row, arXiv 2208.07339) for passes of few rows,
where reading the weights is the whole cost; prompts always go through the full weights. The
8-bit kernel is fast in bf16 only: in fp32 it is slower than the full weights.

A LoRA adapter is folded into copies of the weights that it changes (W + BA, summed in fp32);
the base weights stay as they were, so switching it off gives exactly the base model.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

QUANTIZED_ROWS = 5
"""Passes of at most this many rows read the 8-bit weights; beyond, the full ones are as fast."""
_REFINED_LOGITS = 32
_PLAIN_ROWS = 128
"""Longest query that attends without tiling."""
_KNOWN_ROPES = {"default", "linear", "llama3"}


def can_fuse(model: Any) -> bool:
    """Whether a loaded model, perhaps with an adapter, is one that this module computes alike."""
    base = model.get_base_model() if hasattr(model, "peft_config") else model
    config = base.config
    rope = (getattr(config, "rope_parameters", None) or {}).get("rope_type", "default")
    return (
        type(base).__name__ == "LlamaForCausalLM"
        and base.device.type == "cpu"
        and config.hidden_act == "silu"
        and not config.attention_bias
        and not config.mlp_bias
        and rope in _KNOWN_ROPES
        and all(_is_foldable(module) for module in base.modules())
    )


def _is_foldable(module: Any) -> bool:
    """Whether a module is no adapter layer, or plain LoRA over a linear layer."""
    if not hasattr(module, "base_layer"):
        return True
    return (
        hasattr(module, "lora_A")
        and isinstance(module.base_layer, torch.nn.Linear)
        and not any(module.use_dora.values())
        and not any(module.lora_bias.values())
        and not module.merged
    )


class Weight:
    """One matrix (out, in), and perhaps its 8-bit twin."""

    def __init__(self, matrix: torch.Tensor, quantize: bool) -> None:
        self.matrix = matrix
        self._small: tuple[torch.Tensor, torch.Tensor] | None = None
        if quantize:
            full = matrix.float()
            # The kernel reads the scale in the matrix's own format: round it before dividing.
            scale = (full.abs().amax(1).clamp_min(1e-12) / 127).to(matrix.dtype)
            small = (full / scale.float()[:, None]).round().clamp(-128, 127).to(torch.int8)
            self._small = (small, scale)

    def is_small(self, rows: torch.Tensor) -> bool:
        """Whether `apply` would read the 8-bit weights for these rows, (T, in)."""
        return self._small is not None and rows.shape[0] <= QUANTIZED_ROWS

    def apply(self, rows: torch.Tensor) -> torch.Tensor:
        """Multiply, (T, in) -> (T, out)."""
        if self._small is not None and self.is_small(rows):
            small, scale = self._small
            product: torch.Tensor = torch.ops.aten._weight_int8pack_mm(rows, small, scale)
            return product
        return functional.linear(rows, self.matrix)


@dataclass(frozen=True, slots=True)
class _Layer:
    """One block's weights; `qkv` and `gate_up` are joined along their outputs."""

    norm: torch.Tensor
    qkv: Weight
    out: Weight
    mlp_norm: torch.Tensor
    gate_up: Weight
    down: Weight


class KeyValueCache:
    """Keys and values of one sequence, (layers, kv heads, capacity, head size) each."""

    def __init__(self, shape: tuple[int, int, int, int], dtype: torch.dtype) -> None:
        self.keys = torch.empty(shape, dtype=dtype)
        self.values = torch.empty(shape, dtype=dtype)
        self.length = 0

    def reserve(self, count: int) -> None:
        """Make room for `count` more tokens, at least doubling when it must grow."""
        layers, heads, capacity, size = self.keys.shape
        if self.length + count <= capacity:
            return
        shape = (layers, heads, max(2 * capacity, self.length + count), size)
        for name in ("keys", "values"):
            old: torch.Tensor = getattr(self, name)
            new = torch.empty(shape, dtype=old.dtype)
            new[:, :, : self.length] = old[:, :, : self.length]
            setattr(self, name, new)


class FusedForward:
    """The weights of a `LlamaForCausalLM`, rearranged; see the module's text.

    Args:
        model: a model that `can_fuse` accepts; it may be dropped afterwards.
        quantize: keep 8-bit twins for passes of few rows.
    """

    def __init__(self, model: Any, quantize: bool) -> None:
        has_adapter = hasattr(model, "peft_config")
        base = model.get_base_model() if has_adapter else model
        config = base.config
        self._heads: int = config.num_attention_heads
        self._kv_heads: int = config.num_key_value_heads
        self._size: int = config.head_dim
        self._eps: float = config.rms_norm_eps
        self._dtype: torch.dtype = base.dtype
        self._embedding = base.model.embed_tokens.weight.detach()
        self._norm = base.model.norm.weight.detach().float()
        self._head = Weight(base.lm_head.weight.detach(), quantize)
        positions = torch.arange(config.max_position_embeddings)[None]
        cos, sin = base.model.rotary_emb(torch.empty(0, dtype=torch.float32), positions)
        self._cos = cos[0, :, None].to(self._dtype)
        half = self._size // 2
        signed = torch.cat((-sin[0, :, :half], sin[0, :, half:]), -1)
        self._sin = signed[:, None].to(self._dtype)
        self._layers: dict[bool, list[_Layer]] = {False: [], True: []}
        for block in base.model.layers:
            plain = _fuse_layer(block, quantize, None)
            self._layers[False].append(plain)
            self._layers[True].append(_fuse_layer(block, quantize, plain))
        self._active = self._layers[True]

    @contextmanager
    def adapter(self, on: bool) -> Iterator[None]:
        """Run the block with the adapter folded in, or exactly as the base model."""
        self._active = self._layers[on]
        yield

    def new_cache(self, capacity: int) -> KeyValueCache:
        """Return an empty cache for `capacity` tokens; it grows when they are more."""
        shape = (len(self._active), self._kv_heads, capacity, self._size)
        return KeyValueCache(shape, self._dtype)

    def rewind(self, cache: KeyValueCache, count: int) -> None:
        """Forget the cache's last `count` tokens."""
        cache.length -= count

    def step(
        self,
        ids: Sequence[int],
        cache: KeyValueCache,
        keep: int,
        positions: torch.Tensor | None = None,
        mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Append tokens and return the last `keep` logits, shape (keep, V)."""
        count, start = len(ids), cache.length
        cache.reserve(count)
        if positions is None:
            positions = torch.arange(start, start + count)
        rope = (self._cos[positions], self._sin[positions])
        if mask is None and count > 1 and start > 0:
            mask = torch.ones(count, start + count, dtype=torch.bool).tril(start)
        # The residual stream and the logits stay in fp32: bf16 logits tie, and a tie is a coin.
        hidden = self._embedding[torch.tensor(ids)].float()
        width = hidden.shape[-1:]
        for number, layer in enumerate(self._active):
            rows = functional.rms_norm(hidden, width, layer.norm, self._eps).to(self._dtype)
            attended = self._attend(layer.qkv.apply(rows), number, cache, rope, mask)
            hidden = hidden + layer.out.apply(attended)
            rows = functional.rms_norm(hidden, width, layer.mlp_norm, self._eps).to(self._dtype)
            gate, up = layer.gate_up.apply(rows).chunk(2, -1)
            hidden = hidden + layer.down.apply(functional.silu(gate) * up)
        cache.length += count
        last = functional.rms_norm(hidden[-keep:], width, self._norm, self._eps)
        return self._logits(last)

    def _logits(self, last: torch.Tensor) -> torch.Tensor:
        """Return fp32 logits, (T, hidden) -> (T, V).

        Few rows go through the 8-bit weights, and the likeliest tokens' logits are then computed
        anew in fp32, so that rounding decides neither an argmax nor the head of a distribution.
        """
        if not self._head.is_small(last):
            return functional.linear(last, self._head.matrix.float())
        logits = self._head.apply(last.to(self._dtype)).float()
        best = logits.topk(min(_REFINED_LOGITS, logits.shape[-1])).indices
        rows = self._head.matrix[best].float()
        return logits.scatter_(1, best, torch.einsum("tkh,th->tk", rows, last))

    def _attend(
        self,
        qkv: torch.Tensor,
        number: int,
        cache: KeyValueCache,
        rope: tuple[torch.Tensor, torch.Tensor],
        mask: torch.Tensor | None,
    ) -> torch.Tensor:
        """Rotate, store and attend: (T, (H + 2 KV) * D) -> (T, H * D)."""
        count, end = qkv.shape[0], cache.length + qkv.shape[0]
        cos, sin = rope
        heads, kv_heads, size = self._heads, self._kv_heads, self._size
        qkv = qkv.view(count, heads + 2 * kv_heads, size)
        queries_keys = qkv[:, : heads + kv_heads]
        rotated = queries_keys * cos + queries_keys.roll(size // 2, -1) * sin
        cache.keys[number, :, cache.length : end] = rotated[:, heads:].transpose(0, 1)
        cache.values[number, :, cache.length : end] = qkv[:, heads + kv_heads :].transpose(0, 1)
        keys, values = cache.keys[number, :, :end], cache.values[number, :, :end]
        queries = rotated[:, :heads].transpose(0, 1)
        if count > _PLAIN_ROWS:
            attended = functional.scaled_dot_product_attention(
                queries[None],
                keys[None],
                values[None],
                attn_mask=mask,
                is_causal=mask is None,
                enable_gqa=heads != kv_heads,
            )[0]
            return attended.transpose(0, 1).reshape(count, heads * size)
        grouped = queries.reshape(kv_heads, -1, size)
        scores = torch.bmm(grouped, keys.transpose(1, 2)).float() * size**-0.5
        if count > 1:
            if mask is None:
                mask = torch.ones(count, end, dtype=torch.bool).tril()
            scores = scores.view(heads, count, end).masked_fill(~mask, float("-inf"))
        weights = scores.softmax(-1).view(kv_heads, -1, end).to(values.dtype)
        attended = torch.bmm(weights, values).view(heads, count, size)
        return attended.transpose(0, 1).reshape(count, heads * size)


def _fuse_layer(block: Any, quantize: bool, plain: _Layer | None) -> _Layer:
    """Build a layer's weights: the base's, or with the adapter where `plain` is given.

    What the adapter leaves alone is shared with `plain`, so that it costs no memory.
    """
    attention, mlp = block.self_attn, block.mlp
    groups = {
        "qkv": (attention.q_proj, attention.k_proj, attention.v_proj),
        "out": (attention.o_proj,),
        "gate_up": (mlp.gate_proj, mlp.up_proj),
        "down": (mlp.down_proj,),
    }
    weights: dict[str, Weight] = {}
    for name, modules in groups.items():
        if plain is not None and not any(hasattr(module, "lora_A") for module in modules):
            weights[name] = getattr(plain, name)
            continue
        parts = [_matrix(module, plain is not None) for module in modules]
        weights[name] = Weight(parts[0] if len(parts) == 1 else torch.cat(parts), quantize)
    return _Layer(
        norm=block.input_layernorm.weight.detach().float(),
        mlp_norm=block.post_attention_layernorm.weight.detach().float(),
        **weights,
    )


def _matrix(module: Any, with_adapter: bool) -> torch.Tensor:
    """Return a linear layer's matrix (out, in), the active adapters folded in if asked."""
    if not hasattr(module, "lora_A"):
        matrix: torch.Tensor = module.weight.detach()
        return matrix
    base: torch.Tensor = module.base_layer.weight.detach()
    if not with_adapter:
        return base
    total = base.float()
    for name in module.active_adapters:
        if name in module.lora_A:
            first = module.lora_A[name].weight.detach().float()
            second = module.lora_B[name].weight.detach().float()
            total = total + second @ first * module.scaling[name]
    return total.to(base.dtype)
