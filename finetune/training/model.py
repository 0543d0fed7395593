"""A causal model with LoRA that turns a packed batch into the loss of its completions.

Logits are computed for completion tokens only: the vocabulary is large, and prompts are much
longer than completions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MethodType
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from finetune.errors import TrainingError
from finetune.training import attention
from finetune.training.packing import PackedBatch


class CompletionLoss(nn.Module):
    """Wraps a `PeftModel` around a decoder with a language-model head.

    Args:
        tuned: the model; its base must have `model` (the decoder) and `lm_head`.
    """

    def __init__(self, tuned: Any) -> None:
        super().__init__()
        self.tuned = tuned

    def forward(self, batch: PackedBatch) -> torch.Tensor:
        """Return the summed cross-entropy of the batch's completion tokens, in nats, ()."""
        base = self.tuned.get_base_model()
        output = base.model(
            input_ids=batch.input_ids,
            position_ids=batch.position_ids,
            use_cache=False,
            blocks=batch.blocks,
            scatter=batch.scatter,
        )
        hidden = output.last_hidden_state[0].index_select(0, batch.predict)
        logits = base.lm_head(hidden).float()
        return functional.cross_entropy(logits, batch.targets, ignore_index=-100, reduction="sum")


def attach_lora(
    model: Any, targets: Sequence[str], *, rank: int, alpha: int, dropout: float = 0.0, seed: int
) -> Any:
    """Return a `PeftModel` around `model` with fresh LoRA matrices, B zero.

    Raises:
        TrainingError: no layer bears a target's name, or the model is none that can be trained.
    """
    from peft import LoraConfig, TaskType, get_peft_model

    if not hasattr(model, "lm_head") or not hasattr(model, "model"):
        raise TrainingError(
            f"A {type(model).__name__} cannot be trained: it has no decoder under `model` with an "
            "`lm_head`. Use a LLaMA or another decoder of that make."
        )
    linear = {n.rpartition(".")[2] for n, m in model.named_modules() if isinstance(m, nn.Linear)}
    if strangers := [name for name in targets if name not in linear]:
        raise TrainingError(
            f"lora.targets names {', '.join(strangers)}, and the base model has no such layer; "
            f"it has: {', '.join(sorted(linear - {'lm_head'}))}."
        )
    attention.register()
    model.set_attn_implementation(attention.NAME)
    torch.manual_seed(seed)
    config = LoraConfig(
        r=rank,
        lora_alpha=alpha,
        lora_dropout=dropout,
        target_modules=list(targets),
        task_type=TaskType.CAUSAL_LM,
    )
    tuned = get_peft_model(model, config)
    _join_products(tuned)
    return tuned


def _join_products(tuned: Any) -> None:
    """Let each LoRA layer compute x W' + (x A') (s B)' in one product that adds.

    PEFT's own forward makes four passes over activations in fp32. The matrices stay PEFT's, in
    fp32; only the arithmetic is the base weights' format.
    """
    for module in tuned.modules():
        if hasattr(module, "lora_A") and isinstance(module.base_layer, nn.Linear):
            module.forward = MethodType(_joined_forward, module)


def _joined_forward(layer: Any, rows: torch.Tensor) -> torch.Tensor:
    """Apply one LoRA layer, (..., in) -> (..., out)."""
    plain: torch.Tensor = layer.base_layer(rows)
    if layer.disable_adapters:
        return plain
    [name] = layer.active_adapters
    first = layer.lora_A[name].weight.to(rows.dtype)
    second = (layer.lora_B[name].weight * layer.scaling[name]).to(rows.dtype)
    inner = layer.lora_dropout[name](rows).reshape(-1, rows.shape[-1]) @ first.t()
    return torch.addmm(plain.view(-1, plain.shape[-1]), inner, second.t()).view(plain.shape)


def trainable(model: nn.Module) -> list[nn.Parameter]:
    """Return the parameters that training changes."""
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def flops_of(model: nn.Module) -> Callable[[int, int], int]:
    """Return a function: tokens of a row and its targets -> FLOPs of training on it.

    Forward 2 and backward to the inputs 2 a weight (arXiv 2001.08361, appendix; no gradient of
    frozen weights), the head for targets only. LoRA's own (under 2%) and attention's products
    (about 3% at a few hundred tokens) are left out.

    Args:
        model: the base model.
    """
    config: Any = model.config
    body = sum(
        module.weight.numel()
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear) and "lora_" not in name and "lm_head" not in name
    )
    head = config.vocab_size * config.hidden_size
    return lambda tokens, targets: 4 * (body * tokens + head * targets)
