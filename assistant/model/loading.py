"""Files -> a model in memory with its tokenizer and adapter, or one clear error.

Looks at the memory at hand before it loads. Knows nothing of prompts or generating.
"""

from __future__ import annotations

import errno
import json
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import torch

from assistant.errors import AdapterError, ModelMemoryError, ModelUnavailableError
from assistant.model.base_model import EMBEDDED_NAME, download, resolve_base, without_bars
from assistant.model.device import DeviceChoice

_ADAPTER_CONFIG = "adapter_config.json"
_ADAPTER_WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
_OVERHEAD = 300 << 20


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory. `model` is a `PreTrainedModel`, or a `PeftModel` around one."""

    model: Any
    tokenizer: Any
    base_name: str
    adapter_name: str | None


def load_model(
    base_model: str | None, adapter: str | None, choice: DeviceChoice, copies: float
) -> LoadedModel:
    """Load a base model and, if named, an adapter onto it.

    Args:
        base_model: see `resolve_base`.
        adapter: a PEFT adapter's directory or hub id; None for the base model alone.
        choice: device and number format.
        copies: how many times its own size the model will come to take.

    Raises:
        ModelUnavailableError, AdapterError, ModelMemoryError: see their own words.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = resolve_base(base_model)
    adapter_folder = _resolve_adapter(adapter) if adapter is not None else None
    name = base_model.rstrip("/").rsplit("/", 1)[-1] if base_model else EMBEDDED_NAME
    dtype = getattr(torch, choice.dtype)
    check_memory(folder, name, dtype, choice.device, copies)
    with memory_faults(f"loading {name}"):
        try:
            tokenizer = AutoTokenizer.from_pretrained(str(folder))
            with without_bars():
                model = AutoModelForCausalLM.from_pretrained(str(folder), dtype=dtype)
        except (OSError, ValueError, KeyError, ImportError) as error:
            raise ModelUnavailableError(
                f"The base model in {folder} cannot be loaded ({_first_line(error)}); "
                "check that its files are whole."
            ) from error
        except Exception as error:
            if type(error).__name__ != "SafetensorError":
                raise
            raise ModelUnavailableError(
                f"The weights in {folder} are broken ({_first_line(error)}); delete that "
                "directory and start again."
            ) from error
        if adapter_folder is not None:
            model = _attach(model, adapter_folder, name)
        model = model.to(choice.device).eval()
    adapter_name = Path(adapter).name if adapter is not None else None
    return LoadedModel(model, tokenizer, name, adapter_name)


def check_memory(folder: Path, name: str, dtype: torch.dtype, device: str, copies: float) -> None:
    """Compare what the model will need with what is free.

    Raises:
        ModelMemoryError: it will not fit; the message gives both figures.
    """
    need = int(count_parameters(folder) * dtype.itemsize * copies) + _OVERHEAD
    if device.startswith("cuda"):
        free = torch.cuda.mem_get_info(device)[0]
    else:
        free = psutil.virtual_memory().available
    if need > free:
        raise ModelMemoryError(
            f"{name} needs about {need / 2**30:.1f} GiB on {device} and {free / 2**30:.1f} GiB "
            "are free; close other programs, or choose a smaller model with --base-model."
        )


def count_parameters(folder: Path) -> int:
    """Count the numbers in a directory's safetensors files by their headers alone."""
    total = 0
    for path in folder.glob("*.safetensors"):
        try:
            with path.open("rb") as stream:
                (length,) = struct.unpack("<Q", stream.read(8))
                header = json.loads(stream.read(min(length, path.stat().st_size)))
        except (OSError, ValueError, struct.error):
            continue
        for key, entry in header.items():
            if key != "__metadata__":
                count = 1
                for extent in entry["shape"]:
                    count *= extent
                total += count
    return total


@contextmanager
def memory_faults(doing: str) -> Iterator[None]:
    """Turn every way in which torch says "no memory" into a `ModelMemoryError`."""
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError, RuntimeError, OSError) as error:
        if not _is_memory_fault(error):
            raise
        raise ModelMemoryError(
            f"The memory ran out while {doing}; close other programs, shorten the conversation, "
            "or choose a smaller model with --base-model."
        ) from error


def _is_memory_fault(error: BaseException) -> bool:
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    text = str(error).lower()
    return any(
        sign in text
        for sign in ("can't allocate memory", "out of memory", "not enough memory", "bad_alloc")
    )


def _resolve_adapter(adapter: str) -> Path:
    """Return an adapter's directory with configuration and weights in it."""
    path = Path(adapter).expanduser()
    if not path.is_dir():
        is_hub_id = adapter.count("/") == 1 and not adapter.startswith((".", "~", "/"))
        if not is_hub_id:
            raise AdapterError(
                f"There is no adapter at {adapter!r}: no such directory; check --adapter."
            )
        try:
            path = download(adapter, (_ADAPTER_CONFIG, *_ADAPTER_WEIGHTS), "adapter")
        except ModelUnavailableError as error:
            raise AdapterError(str(error)) from error
    weights = [path / name for name in _ADAPTER_WEIGHTS if (path / name).is_file()]
    missing = [] if (path / _ADAPTER_CONFIG).is_file() else [_ADAPTER_CONFIG]
    if not weights or weights[0].stat().st_size == 0:
        missing.append(_ADAPTER_WEIGHTS[0])
    if missing:
        found = ", ".join(sorted(item.name for item in path.iterdir())[:8]) or "nothing"
        raise AdapterError(
            f"{path} is no whole adapter: {' and '.join(missing)} missing or empty (it holds: "
            f"{found}). Point --adapter at a directory that PEFT saved."
        )
    return path


def _attach(model: Any, folder: Path, base_name: str) -> Any:
    """Put an adapter on a model, and make sure that every weight of it landed and matters."""
    from peft import PeftConfig, PeftModel
    from safetensors import SafetensorError

    trained_on = ""
    try:
        with warnings.catch_warnings():
            # PEFT reads a name that transformers has since changed: nothing that a user can mend.
            warnings.filterwarnings("ignore", ".*is_gradient_checkpointing", FutureWarning)
            config = PeftConfig.from_pretrained(str(folder))
            trained_on = config.base_model_name_or_path or ""
            attached = PeftModel.from_pretrained(model, str(folder), config=config)
            result = attached.load_adapter(
                str(folder), adapter_name=attached.active_adapter, is_trainable=False
            )
    except (RuntimeError, ValueError, KeyError, TypeError, OSError, SafetensorError) as error:
        if _is_memory_fault(error):
            raise
        made_for = f" It was made for {trained_on!r}." if trained_on else ""
        raise AdapterError(
            f"The adapter {folder} does not fit the base model {base_name}: "
            f"{_first_line(error)}{made_for} Use the base model that it was trained on."
        ) from error
    strangers = list(result.unexpected_keys)
    missing = [key for key in result.missing_keys if "lora_" in key]
    matrices = [weight for key, weight in attached.named_parameters() if "lora_B" in key]
    if strangers or missing:
        raise AdapterError(
            f"The adapter {folder} does not fit the base model {base_name}: "
            f"{len(strangers)} of its weights have no place there and {len(missing)} places stay "
            f"empty (first: {(strangers + missing)[0]}). Use the base model it was trained on."
        )
    if matrices and not any(bool(weight.any()) for weight in matrices):
        raise AdapterError(
            f"The adapter {folder} has no effect: all its lora_B weights are zero, so it was "
            "saved before training or saved empty. Train it again."
        )
    return attached


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines[0] if len(lines) < 2 else f"{lines[0]} {lines[1]}") if lines else repr(error)
