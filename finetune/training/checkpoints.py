"""Checkpoints: everything that the next step depends on, in one file that is whole or not there.

Adapter and AdamW's two moments are tensors of a safetensors file; step and the digest of data and
recipe are its metadata. No pickle.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from catalog_index.durable import fsync_path, storage_errors, work_directory
from catalog_index.errors import CatalogError
from finetune.errors import TrainingError

_FILE = "state.safetensors"
_PREFIX = "step-"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands. `digest` tells its data and settings from another run's."""

    step: int
    digest: str
    tokens: int = 0
    seconds: float = 0.0


def save(
    directory: Path,
    progress: Progress,
    named: dict[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
    keep: int,
) -> Path:
    """Write a checkpoint, then drop the oldest beyond `keep`.

    Raises:
        TrainingError: the disk is full or refuses; earlier checkpoints are intact.
    """
    from safetensors.torch import save_file

    tensors = {f"adapter.{name}": weight.detach().cpu() for name, weight in named.items()}
    for name, weight in named.items():
        for kind, moment in optimizer.state.get(weight, {}).items():
            tensors[f"optimizer.{kind}.{name}"] = torch.as_tensor(moment).detach().cpu()
    final = directory / f"{_PREFIX}{progress.step:07}"
    notes = {"format": "pt", "progress": json.dumps(asdict(progress))}
    try:
        with storage_errors(final), work_directory(final) as work:
            try:
                save_file({k: v.contiguous() for k, v in tensors.items()}, work / _FILE, notes)
            except Exception as error:
                if type(error).__name__ != "SafetensorError":
                    raise
                raise OSError(28 if "28" in str(error) else 5, str(error)) from error
            fsync_path(work / _FILE)
            if final.exists():
                shutil.rmtree(final)
            work.rename(final)
            fsync_path(directory)
    except CatalogError as error:
        kept = latest(directory)
        where = f"The last whole checkpoint is {kept.name}." if kept else "There is none before it."
        raise TrainingError(f"The checkpoint of step {progress.step}: {error} {where}") from error
    for old in _all(directory)[:-keep]:
        shutil.rmtree(old, ignore_errors=True)
    return final


def latest(directory: Path) -> Path | None:
    """Return the newest checkpoint; None where there is none."""
    found = _all(directory)
    return found[-1] if found else None


def load(
    checkpoint: Path,
    digest: str,
    named: dict[str, torch.nn.Parameter],
    optimizer: torch.optim.Optimizer,
) -> Progress:
    """Put a checkpoint's state back, in place.

    Raises:
        TrainingError: it is broken, or of another run.
    """
    from safetensors import safe_open

    try:
        with safe_open(checkpoint / _FILE, framework="pt") as opened:
            progress = Progress(**json.loads(opened.metadata()["progress"]))
            tensors = {key: opened.get_tensor(key) for key in opened.keys()}  # noqa: SIM118
    except Exception as error:
        raise TrainingError(
            f"The checkpoint {checkpoint} is broken ({error}); delete it to go on from the one "
            "before, or start afresh with --restart."
        ) from error
    if progress.digest != digest:
        raise TrainingError(
            f"The checkpoint {checkpoint} is of another run: data, base model or settings differ. "
            "Give the recipe another training.out, or start afresh with --restart."
        )
    states: dict[torch.nn.Parameter, dict[str, Any]] = {}
    with torch.no_grad():
        for name, weight in named.items():
            weight.copy_(tensors[f"adapter.{name}"])
            states[weight] = {
                key.split(".", 2)[1]: value
                for key, value in tensors.items()
                if key.startswith("optimizer.") and key.split(".", 2)[2] == name
            }
    for weight, state in states.items():
        optimizer.state[weight] = {
            kind: value if kind == "step" else value.to(weight.device)
            for kind, value in state.items()
        }
    return progress


def _all(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    return sorted(path for path in directory.glob(f"{_PREFIX}*") if (path / _FILE).is_file())
