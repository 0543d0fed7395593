"""Sharding over processes: of the frozen base each holds a share, of the LoRA matrices all.

The base is what does not fit one card, and LoRA is under a hundredth of it. So torch's FSDP2 splits
the base by decoder layers, gathered when their turn comes, while adapter, gradients and optimizer
are those of one process, and checkpoints too. `accelerate launch` says whether to shard, in the
environment; accelerate's own sharding is not used, since it leaves processors unsharded without a
word and does not sum the gradients of what it leaves whole. Knows nothing of the loop.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from finetune.errors import TrainingError
from finetune.training.model import CompletionLoss, trainable

_CONFIG = "finetune/recipes/accelerate/fsdp.yaml"
_SUPPORTED = (
    # Key of accelerate's config, its variable in the environment, its default, what it must be.
    ("fsdp_version", "FSDP_VERSION", "1", "2"),
    ("fsdp_offload_params", "FSDP_OFFLOAD_PARAMS", "false", "false"),
    ("fsdp_activation_checkpointing", "FSDP_ACTIVATION_CHECKPOINTING", "false", "false"),
    ("mixed_precision", "ACCELERATE_MIXED_PRECISION", "no", "no"),
)


def asked_for() -> bool:
    """Return whether `accelerate launch` was told to shard.

    Raises:
        TrainingError: it was, and in a way that is not supported.
    """
    if _said("ACCELERATE_USE_DEEPSPEED", "false") == "true":
        raise TrainingError(
            "DeepSpeed is not supported. To spread a model over processes, as its ZeRO-3 does, "
            f"launch with {_CONFIG}."
        )
    if _said("ACCELERATE_USE_FSDP", "false") != "true":
        return False
    faults = [
        f"{key} is {given}, make it {right}"
        for key, name, otherwise, right in _SUPPORTED
        if (given := _said(name, otherwise)) != right
    ]
    if faults:
        raise TrainingError(
            f"Training cannot shard as accelerate was told: {'; '.join(faults)}. See {_CONFIG}; "
            "the recipe's training.precision and training.gradient_checkpointing say the rest."
        )
    return True


def shard(model: CompletionLoss, device: torch.device, processes: int) -> None:
    """Leave this process its share of the base, in place, and the LoRA matrices whole.

    Must be called in every process, before the optimizer is made.

    Args:
        model: the same in every process; on any device.
        device: where to train.
        processes: how many there are.

    Raises:
        TrainingError: the model has no list of decoder layers.
    """
    from torch.distributed import broadcast
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    decoder = model.tuned.get_base_model().model
    if not hasattr(decoder, "layers"):
        raise TrainingError(
            f"A {type(decoder).__name__} cannot be sharded: it has no `layers`. Train it with "
            "finetune/recipes/accelerate/many-processes.yaml."
        )
    whole = trainable(model)
    for weight in whole:
        weight.data = weight.data.to(device)
        broadcast(weight.data, 0)
    options: dict[str, Any] = {
        "mesh": init_device_mesh(device.type, (processes,)),
        "ignored_params": set(whole),
    }
    again = _said("FSDP_RESHARD_AFTER_FORWARD", "true") != "false"
    for layer in decoder.layers:
        fully_shard(layer, reshard_after_forward=again, **options)
    # Embedding, last norm and head, which may share their weights, are gathered for a whole step.
    fully_shard(model, **options)


def average_gradients(weights: Sequence[nn.Parameter]) -> None:
    """Make the gradients of whole weights, in place, the mean over all processes."""
    from torch.distributed import all_reduce, get_world_size

    gradients = [weight.grad for weight in weights if weight.grad is not None]
    laid = torch.cat([gradient.flatten() for gradient in gradients])
    all_reduce(laid)
    laid /= get_world_size()
    parts = torch.split_with_sizes(laid, [gradient.numel() for gradient in gradients])
    for gradient, part in zip(gradients, parts, strict=True):
        gradient.copy_(part.view_as(gradient))


def _said(name: str, otherwise: str) -> str:
    return os.environ.get(name, otherwise).lower()
