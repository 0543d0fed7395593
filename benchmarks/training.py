"""Training speed: `llama-e finetune train` against a bare forward+backward+step loop.

Both train a LoRA of the same shape on the embedded model. The bare loop takes full batches of
random tokens, (8, 256), through PEFT's model with transformers' own loss, as the shortest script
would; ours takes real pairs of the demo shop, packed. Rounds alternate; tokens of padding are not
counted, and of what pairs in a row begin with alike only what is computed, once; "pairs" counts it
with every pair. Run: python -m benchmarks.training
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from typing import Any

import torch

from assistant.model.base_model import resolve_base
from assistant.model.device import choose_device
from benchmarks.machine import machine, markdown_table, publish
from finetune.expansion import read_products
from finetune.jobs import make_jobs
from finetune.seed_set import load_seeds
from finetune.shop import Shop
from finetune.teachers.grammar import GrammarTeacher
from finetune.training.examples import encode_pairs
from finetune.training.model import CompletionLoss, attach_lora, trainable
from finetune.training.packing import pack, plan_epoch

TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
ATTENTION = TARGETS[:4]
OURS, PAIRS = "llama-e finetune", "pairs"
ROWS, LENGTH = 8, 256
TOKENS = ROWS * LENGTH
Tokens = tuple[int, int]
"""Tokens that were computed, and tokens of the pairs."""


def bare(targets: tuple[str, ...], dtype: torch.dtype) -> Any:
    """Return a function that does one step of the bare loop and says how many tokens it took."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(str(resolve_base(None)), dtype=dtype)
    model = get_peft_model(model, LoraConfig(r=8, lora_alpha=16, target_modules=list(targets)))
    optimizer = torch.optim.AdamW(trainable(model), lr=1e-4)
    ids = torch.randint(0, model.config.vocab_size, (ROWS, LENGTH))

    def step() -> Tokens:
        model(input_ids=ids, labels=ids, use_cache=False).loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return TOKENS, TOKENS

    return step


def ours(targets: tuple[str, ...], dtype: torch.dtype) -> Any:
    """Return the same for this project's training, on packed pairs."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = str(resolve_base(None))
    jobs = make_jobs(load_seeds(None), Shop.of(read_products(())), 600, 0)
    pairs = list(GrammarTeacher(0).expand(jobs))
    examples = encode_pairs(AutoTokenizer.from_pretrained(folder), pairs, "chat", 512).examples
    rows = plan_epoch(examples, TOKENS, 0)
    model = CompletionLoss(
        attach_lora(
            AutoModelForCausalLM.from_pretrained(folder, dtype=dtype),
            targets,
            rank=8,
            alpha=16,
            seed=0,
        )
    )
    optimizer = torch.optim.AdamW(trainable(model), lr=1e-4)
    chance = random.Random(0)

    def step() -> Tokens:
        row = [examples[number] for number in chance.choice(rows)]
        batch = pack(row, 0)
        (model(batch) / batch.completion_tokens).backward()
        torch.nn.utils.clip_grad_norm_(trainable(model), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return batch.tokens, sum(map(len, row))

    return step


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6)
    args = parser.parse_args()
    dtype = getattr(torch, choose_device("cpu").dtype)
    lines = []
    figures: dict[str, Any] = {"machine": machine()}
    for name, targets in (("attention", ATTENTION), ("every linear layer", TARGETS)):
        steps = {"bare loop": bare(targets, dtype), OURS: ours(targets, dtype)}
        speeds: dict[str, list[float]] = {side: [] for side in (*steps, PAIRS)}
        for number in range(args.rounds + 1):
            for side, step in steps.items():
                start = time.perf_counter()
                done = [step(), step()]
                seconds = time.perf_counter() - start
                if number:  # the first round warms up
                    speeds[side].append(sum(computed for computed, _ in done) / seconds)
                    if side == OURS:
                        speeds[PAIRS].append(sum(whole for _, whole in done) / seconds)
        median = {side: statistics.median(values) for side, values in speeds.items()}
        ratio = median[OURS] / median["bare loop"]
        figures[name] = {**median, "ratio": ratio}
        lines.append((name, *(f"{value:,.0f}" for value in median.values()), f"{ratio:.2f}"))
    table = markdown_table(
        (
            "LoRA of rank 8 on",
            "bare loop, tokens/s",
            f"{OURS}, tokens/s",
            "the same, pairs",
            "ratio",
        ),
        lines,
    )
    text = f"SmolLM2-135M-Instruct, {dtype}, on {machine()}. Medians of {args.rounds} alternating"
    text += " rounds. The bare loop takes logits and loss of every token, as a plain script does;"
    text += f" ours of completions only. `python -m benchmarks.training`\n\n{table}"
    publish("training", text, figures)


if __name__ == "__main__":
    main()
