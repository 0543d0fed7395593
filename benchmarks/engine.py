"""How fast the engine answers, against transformers' own `generate` in the same run.

Run `python -m benchmarks.engine`. One turn is 412 prompt tokens and exactly 40 new ones (end
tokens are ignored), greedy; the prompt holds a record and asks for what it says, as grounded
turns do. The ways take turns, so that other load on the machine strikes all alike. With an
adapter means rank 16 on q, k, v, o with random weights: its speed is that of a trained one.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.machine import RESULTS, machine

PROMPT_TOKENS, NEW_TOKENS = 412, 40
RECORD = """title: Acme TrailRunner 3 waterproof hiking boots for men
brand: Acme
price: 129.99 USD
material: full-grain leather with a breathable membrane
sole: rubber lug outsole, 5 mm
weight: 1.2 kg per pair
care: brush off dirt, wash by hand with cold water, dry away from heat
warranty: 24 months against faults of material and stitching
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="turns a way (median is shown)")
    rounds = parser.parse_args().rounds
    if rounds < 5:
        parser.error("--rounds must be at least 5")
    from assistant.model.engine import Engine

    engine = Engine.load()
    seconds_to_load, resident = load_measured()
    prompt = make_prompt(engine)
    info = engine.describe()
    with tempfile.TemporaryDirectory() as folder:
        save_random_adapter(Path(folder))
        tuned = Engine.load(adapter=folder)
        ways = {
            **ways_of("", Engine.load(fast=False), engine, prompt),
            **ways_of(", adapter", Engine.load(adapter=folder, fast=False), tuned, prompt),
        }
        times = measure(ways, rounds)
    result = {
        "machine": machine(),
        "model": str(info),
        "device": info.device,
        "dtype": info.dtype,
        "prompt_tokens": PROMPT_TOKENS,
        "new_tokens": NEW_TOKENS,
        "rounds": rounds,
        "load_average_at_end": os.getloadavg()[0],
        "seconds_to_load": round(seconds_to_load, 2),
        "resident_mib": round(resident / 2**20),
        "ways": {name: summary(runs) for name, runs in times.items()},
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "engine.json").write_text(json.dumps(result, indent=1) + "\n")
    table = render(result)
    (RESULTS / "engine.md").write_text(table)
    print(table)


def load_measured() -> tuple[float, int]:
    """Load and warm up in a program of its own; return seconds to load and resident bytes."""
    code = (
        "import psutil, time, assistant.model.engine as e; begun = time.perf_counter();"
        "engine = e.Engine.load(); seconds = time.perf_counter() - begun; engine.warm_up();"
        "print(seconds, psutil.Process().memory_info().rss)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    seconds, resident = done.stdout.split()
    return float(seconds), int(resident)


def make_prompt(engine: Any) -> list[int]:
    text = f"Answer from the records.\n\n{RECORD * 4}\nHow do I care for the boots?"
    ids = engine._encode([{"role": "user", "content": text}])
    # Cut in the middle, so that both the template's ends stay.
    half = PROMPT_TOKENS // 2
    return ids[:half] + ids[-(PROMPT_TOKENS - half) :]


def save_random_adapter(folder: Path) -> None:
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    from assistant.model.base_model import embedded_model

    torch.manual_seed(0)
    names = ["q_proj", "k_proj", "v_proj", "o_proj"]
    config = LoraConfig(r=16, lora_alpha=32, target_modules=names, task_type="CAUSAL_LM")
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(embedded_model()), config)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.002)
    model.save_pretrained(folder)


def ways_of(
    suffix: str, plain: Any, ours: Any, prompt: list[int]
) -> dict[str, Callable[[], tuple[float, float]]]:
    """Return named functions that run a turn and return (first token, whole turn) in seconds."""
    import torch

    from assistant.model.decoding import generate
    from assistant.model.values import GenerationSettings

    model = plain._forward._model

    def hub(**extra: Any) -> tuple[float, float]:
        ids = torch.tensor([prompt])
        whole = {"do_sample": False, "min_new_tokens": NEW_TOKENS, "max_new_tokens": NEW_TOKENS}
        begun = time.perf_counter()
        model.generate(ids, attention_mask=torch.ones_like(ids), **whole, **extra)
        return float("nan"), time.perf_counter() - begun

    def own(prompt_lookup: bool) -> tuple[float, float]:
        settings = GenerationSettings(NEW_TOKENS, prompt_lookup=prompt_lookup)
        begun = time.perf_counter()
        first = 0.0
        with torch.inference_mode(), ours._forward.adapter(True):
            for _ in generate(ours._forward, prompt, settings, frozenset(), lambda: False):
                first = first or time.perf_counter() - begun
        return first, time.perf_counter() - begun

    return {
        f"transformers generate{suffix}": hub,
        f"transformers generate, prompt lookup 8{suffix}": lambda: hub(prompt_lookup_num_tokens=8),
        f"engine without prompt lookup{suffix}": lambda: own(False),
        f"engine{suffix}": lambda: own(True),
    }


def measure(
    ways: dict[str, Callable[[], tuple[float, float]]], rounds: int
) -> dict[str, list[tuple[float, float]]]:
    for way in ways.values():
        way()
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            times[name].append(way())
    return times


def summary(runs: list[tuple[float, float]]) -> dict[str, float | None]:
    first = statistics.median(run[0] for run in runs)
    total = statistics.median(run[1] for run in runs)
    known = not math.isnan(first)
    return {
        "first_token_s": round(first, 3) if known else None,
        "turn_s": round(total, 3),
        "fastest_turn_s": round(min(run[1] for run in runs), 3),
        "decode_tokens_per_s": round((NEW_TOKENS - 1) / (total - first), 1) if known else None,
    }


def render(result: dict[str, Any]) -> str:
    lines = [
        f"{result['model']}, {result['dtype']} on {result['machine']}. A turn of "
        f"{PROMPT_TOKENS} prompt and {NEW_TOKENS} new tokens, medians of {result['rounds']} "
        f"interleaved rounds; load average {result['load_average_at_end']:.1f}. Loading "
        f"{result['seconds_to_load']} s, {result['resident_mib']} MiB resident with all libraries. "
        "`python -m benchmarks.engine`.",
        "",
        "| way | first token, s | decode, tokens/s | turn, s | fastest turn, s | times as fast |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, row in result["ways"].items():
        suffix = ", adapter" if name.endswith(", adapter") else ""
        base = result["ways"][f"transformers generate{suffix}"]["turn_s"]
        first, decode = row["first_token_s"] or "", row["decode_tokens_per_s"] or ""
        lines.append(
            f"| {name} | {first} | {decode} | {row['turn_s']} | {row['fastest_turn_s']} "
            f"| {base / row['turn_s']:.2f} |"
        )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
