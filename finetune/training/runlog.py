"""The log of a run: one JSON object a line, a plot of it, and how fast the machine could be.

Knows nothing of models.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

_PEAKS = {
    # Dense bf16 FLOP/s, from the makers' data sheets.
    "H200": 989e12,
    "H100": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "L40": 181e12,
    "L4": 121e12,
    "A10G": 70e12,
    "A10": 125e12,
    "RTX 4090": 165e12,
    "RTX 3090": 71e12,
}
_SIDE = 1024


class RunLog:
    """Appends to `log.jsonl` in a run's directory; lines after a resumed step are dropped."""

    def __init__(self, directory: Path, resumed_step: int) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.path = directory / "log.jsonl"
        kept = [line for line in read_log(directory) if line["step"] <= resumed_step]
        text = "".join(f"{json.dumps(line)}\n" for line in kept if resumed_step)
        self.path.write_text(text, encoding="utf-8")

    def add(self, **record: Any) -> None:
        """Append one record; it must hold `step`."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(record, ensure_ascii=False)}\n")


def read_log(directory: Path) -> list[dict[str, Any]]:
    """Return a run's records; a last line that a kill tore is left out."""
    path = directory / "log.jsonl"
    if not path.is_file():
        return []
    records = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            records.append(json.loads(line))
        except ValueError:
            continue
    return records


def plot_log(directory: Path) -> Path:
    """Draw a run's losses, learning rate and speed to `log.png`."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    records = read_log(directory)
    steps = [record for record in records if "loss" in record]
    judged = [record for record in records if "validation_loss" in record]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4), layout="constrained")
    left.plot(*_curve(steps, "loss"), color="#9db7b0", linewidth=0.8, label="training")
    left.plot(*_curve(judged, "validation_loss"), "o-", color="#0f5c4d", label="validation")
    left.set(xlabel="step", ylabel="loss, nats a completion token", title="Loss")
    left.legend(frameon=False)
    right.plot(*_curve(steps, "tokens_per_second"), color="#0f5c4d")
    right.set(xlabel="step", ylabel="tokens of pairs a second", title="Speed")
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    path = directory / "log.png"
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
    return path


def peak_flops(device: torch.device, dtype: torch.dtype) -> float | None:
    """Return the most FLOP/s that the device can do; None where nobody knows.

    A CUDA card's is its data sheet's; a processor's is measured with large matrix products.
    """
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
        return next((peak for part, peak in _PEAKS.items() if part in name), None)
    if device.type != "cpu":
        return None
    left, right = torch.randn(_SIDE, _SIDE).to(dtype), torch.randn(_SIDE, _SIDE).to(dtype)
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(4):
            left @ right
        best = min(best, (time.perf_counter() - start) / 4)
    return 2 * _SIDE**3 / best


def _curve(records: list[dict[str, Any]], key: str) -> tuple[list[int], list[float]]:
    found: list[Mapping[str, Any]] = [record for record in records if record.get(key) is not None]
    return [record["step"] for record in found], [record[key] for record in found]
