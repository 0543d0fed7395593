"""An adapter's files: written whole, with names that mean the same on every machine; merged.

Knows nothing of training.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import torch

from assistant.model.base_model import EMBEDDED_NAME
from catalog_index.durable import fsync_path, storage_errors, work_directory
from finetune.errors import TrainingError

WEIGHTS = "adapter_model.safetensors"


def save_adapter(tuned: Any, out: Path, base_model: str | None) -> Path:
    """Write the adapter in PEFT's layout, its weights as bf16.

    Args:
        tuned: a `PeftModel`.
        out: the adapter's directory; one that is there is replaced.
        base_model: as the recipe names it; None for the embedded model.

    Raises:
        TrainingError: the adapter is empty, or has no effect.
        StorageError: the disk refuses.
    """
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    weights = get_peft_model_state_dict(tuned)
    if not weights or not any(bool(w.any()) for name, w in weights.items() if "lora_B" in name):
        raise TrainingError(
            "The adapter has no effect: its B matrices are all zero. Train for more than 0 steps."
        )
    halved = {n: w.detach().to("cpu", torch.bfloat16).contiguous() for n, w in weights.items()}
    with storage_errors(out), work_directory(out) as work:
        tuned.peft_config["default"].save_pretrained(str(work))
        config_path = work / "adapter_config.json"
        config = json.loads(config_path.read_text(encoding="utf-8"))
        config["base_model_name_or_path"] = base_model or EMBEDDED_NAME
        config["target_modules"] = sorted(config["target_modules"])
        config["inference_mode"] = True
        config_path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
        save_file(halved, work / WEIGHTS, {"format": "pt"})
        fsync_path(work / WEIGHTS)
        if out.exists():
            shutil.rmtree(out)
        work.rename(out)
        fsync_path(out.parent)
    return out


def load_into(tuned: Any, adapter: Path) -> None:
    """Put an adapter's weights into a model's fresh LoRA layers.

    Raises:
        TrainingError: it cannot be read, or is not of this shape.
    """
    from peft import get_peft_model_state_dict, set_peft_model_state_dict
    from safetensors.torch import load_file

    path = adapter / WEIGHTS
    try:
        weights = load_file(path)
    except Exception as error:
        raise TrainingError(f"The adapter {adapter} cannot be read: {error}.") from error
    fresh = get_peft_model_state_dict(tuned)
    wrong = [
        name
        for name in fresh.keys() | weights.keys()
        if name not in fresh or name not in weights or fresh[name].shape != weights[name].shape
    ]
    if wrong:
        raise TrainingError(
            f"The adapter {adapter} has another shape than the recipe's lora part or is of another "
            f"base model: {len(wrong)} weights differ, {min(wrong)} among them."
        )
    set_peft_model_state_dict(tuned, weights)


def merge_adapter(base_model: str | None, adapter: Path, out: Path) -> Path:
    """Write base model and adapter as one model in transformers' layout, tokenizer included.

    The sum is made in fp32 and stored as bf16.

    Raises:
        ModelUnavailableError, AdapterError: base model or adapter cannot be had.
        TrainingError: `out` is in the way.
        StorageError: the disk refuses.
    """
    from assistant.model.device import DeviceChoice
    from assistant.model.loading import load_model

    if out.exists():
        raise TrainingError(f"{out} exists already; name another directory.")
    choice = DeviceChoice("cpu", "float32", "merging")
    loaded = load_model(base_model, str(adapter), choice, copies=2.2)
    merged = loaded.model.merge_and_unload().to(torch.bfloat16)
    with storage_errors(out), work_directory(out) as work:
        merged.save_pretrained(str(work))
        loaded.tokenizer.save_pretrained(str(work))
        work.rename(out)
    return out
