"""Which device and number format the model runs in, and a sentence that says why.

A CUDA card runs bf16. A processor runs bf16 where it computes in it and a short measurement says
that it pays; the measurement is kept in the cache, one for each processor and torch version.
Knows nothing of models.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from assistant.errors import ModelUnavailableError
from catalog_index.cache import cache_root

DtypeName = Literal["bfloat16", "float16", "float32"]
_SHORT = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}
_BF16_FLAGS = {"avx512_bf16", "amx_bf16", "bf16", "avx_ne_convert"}


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """A device in torch's words ("cuda", "cpu", "mps"), a number format, and the reason."""

    device: str
    dtype: DtypeName
    reason: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this machine has. `cuda` is the first card's name; None where there is none."""

    cuda: str | None
    cuda_bf16: bool
    mps: bool
    cpu: str
    cpu_bf16: bool


def choose_device(
    device: str | None = None,
    dtype: str | None = None,
    machine: Capabilities | None = None,
    bf16_speedup: Callable[[], float] | None = None,
) -> DeviceChoice:
    """Choose device and number format.

    Args:
        device: "cuda", "cuda:N", "mps" or "cpu"; None for `LLAMA_E_DEVICE`, else the best.
        dtype: "bfloat16", "float16" or "float32" (or bf16, fp16, fp32); None for
            `LLAMA_E_DTYPE`, else the best.
        machine: what the machine has; None looks.
        bf16_speedup: returns how many times faster the processor computes in bf16 than in fp32;
            None measures, or reads the kept measurement.

    Raises:
        ModelUnavailableError: the device or format is unknown, or this machine lacks the device.
    """
    machine = machine or inspect_machine()
    device = device or os.environ.get("LLAMA_E_DEVICE") or None
    wanted = _dtype_name(dtype or os.environ.get("LLAMA_E_DTYPE") or None)
    kind = (device or "").split(":")[0]
    if kind not in ("", "cuda", "mps", "cpu"):
        raise ModelUnavailableError(f"Device {device!r} is not known; use cuda, mps or cpu.")
    if (kind == "cuda" and machine.cuda is None) or (kind == "mps" and not machine.mps):
        raise ModelUnavailableError(
            f"Device {device!r} was asked for, but torch finds none here; use --device cpu, or "
            "install a torch build for it."
        )
    kind = kind or ("cuda" if machine.cuda else "mps" if machine.mps else "cpu")
    if kind == "cuda":
        best: DtypeName = "bfloat16" if machine.cuda_bf16 else "float16"
        why = f"{machine.cuda}: a CUDA card"
    elif kind == "mps":
        best, why = "float32", "an Apple GPU, in fp32 for exact results"
    elif wanted:
        best, why = wanted, machine.cpu
    elif not machine.cpu_bf16:
        best, why = "float32", f"{machine.cpu}: no GPU, and this processor has no bf16 arithmetic"
    else:
        speedup = (bf16_speedup or (lambda: _measured_speedup(machine.cpu)))()
        best = "bfloat16" if speedup > 1 else "float32"
        verb = "which pays" if speedup > 1 else "which does not pay"
        why = f"{machine.cpu}: no GPU; bf16 measured {speedup:.1f} times as fast as fp32, {verb}"
    if wanted or device:
        why += "; as asked for"
    return DeviceChoice(device or kind, wanted or best, why)


def inspect_machine() -> Capabilities:
    """Look at the machine through torch and the operating system."""
    import torch

    has_cuda = torch.cuda.is_available()
    return Capabilities(
        cuda=torch.cuda.get_device_name() if has_cuda else None,
        cuda_bf16=has_cuda and torch.cuda.is_bf16_supported(including_emulation=False),
        mps=torch.backends.mps.is_available(),
        cpu=processor_name(),
        cpu_bf16=bool(_BF16_FLAGS & set(_cpuinfo("flags", "Features").split())),
    )


def processor_name() -> str:
    """Return the processor's model as the operating system names it."""
    return _cpuinfo("model name") or platform.processor() or platform.machine()


def _cpuinfo(*keys: str) -> str:
    """Return the first value of one of the keys in Linux's cpuinfo, "" elsewhere."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() in keys:
                return value.strip()
    return ""


def _dtype_name(text: str | None) -> DtypeName | None:
    if text is None:
        return None
    full = _SHORT.get(text, text)
    for name in get_args(DtypeName):
        if name == full:
            found: DtypeName = name
            return found
    raise ModelUnavailableError(
        f"Number format {text!r} is not known; use {', '.join(get_args(DtypeName))}."
    )


def _measured_speedup(cpu: str) -> float:
    """Return the kept measurement for this processor, or measure and keep it."""
    import torch

    path = cache_root() / "bf16.json"
    key = f"{cpu} / {torch.get_num_threads()} threads / torch {torch.__version__}"
    kept: dict[str, float] = {}
    with suppress(OSError, ValueError):
        kept = dict(json.loads(path.read_text(encoding="utf-8")))
        return float(kept[key]) if key in kept else _measure_and_keep(path, key, kept)
    return _measure_and_keep(path, key, kept)


def _measure_and_keep(path: Path, key: str, kept: dict[str, float]) -> float:
    speedup = measure_bf16_speedup()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}-{os.getpid()}")
        beside.write_text(json.dumps({**kept, key: speedup}, indent=1), encoding="utf-8")
        beside.replace(path)
    return speedup


def measure_bf16_speedup(seconds: float = 1.0) -> float:
    """Time the two products a LLaMA is made of, one row and many rows, in fp32 and in bf16.

    Args:
        seconds: about how long to measure in all.

    Returns:
        The geometric mean of the two ratios fp32 time / bf16 time.
    """
    import torch

    product = 1.0
    with torch.inference_mode():
        matrix = torch.randn(4096, 576)
        for count in (1, 256):
            best = []
            for dtype in (torch.float32, torch.bfloat16):
                rows, weight = torch.randn(count, 576).to(dtype), matrix.to(dtype).t()
                torch.mm(rows, weight)
                shortest, until = float("inf"), time.perf_counter() + seconds / 4
                while time.perf_counter() < until:
                    start = time.perf_counter()
                    torch.mm(rows, weight)
                    shortest = min(shortest, time.perf_counter() - start)
                best.append(shortest)
            product *= best[0] / best[1]
    return float(product**0.5)
