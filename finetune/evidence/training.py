"""Trains the evidence reader on labelled pairs; the loop, its batches and its checkpoints.

Each step takes pairs of one length class, so that little is padding. Knows nothing of where
the examples come from.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.numpy import load_file, save_file
from torch import Tensor, nn

from catalog_index.embedding.weights import read_tokenizer
from finetune.evidence.encoder import PairEncoder
from finetune.evidence.examples import Example

LENGTHS = (14, 18, 22, 26, 32, 40, 56, 96)
"""Tokens that a batch's pairs are padded to; longer pairs are cut."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn.

    Args:
        learning_rate: the highest, reached after `warm_up` of the steps; then a cosine to 0.
        tokens: padded tokens in a step.
        first_layer: layers below it are not changed (further).
        seed: of order and initial weights.
    """

    learning_rate: float = 1.5e-3
    tokens: int = 2048
    warm_up: float = 0.06
    first_layer: int = 2
    seed: int = 7


@dataclass(frozen=True, slots=True)
class Batch:
    """Ids and mask (B, T), labels (B,)."""

    ids: Tensor
    mask: Tensor
    labels: Tensor


def batches(examples: Sequence[Example], schedule: Schedule) -> list[Batch]:
    """Return the pairs of the examples in batches of a few fixed shapes, in a random order.

    A shape that a processor has not met costs it time anew. What does not fill a last batch of a
    length is left out.
    """
    rng = random.Random(schedule.seed)
    tokenizer = read_tokenizer()
    tokenizer.enable_truncation(LENGTHS[-1])
    pairs = [(one.question, piece) for one in examples for piece in one.pieces]
    rng.shuffle(pairs)
    encoded = tokenizer.encode_batch([(question, piece.text) for question, piece in pairs])
    waiting: dict[int, list[tuple[list[int], float]]] = {length: [] for length in LENGTHS}
    made: list[Batch] = []
    for (_, piece), encoding in zip(pairs, encoded, strict=True):
        length = next(one for one in LENGTHS if len(encoding.ids) <= one)
        waiting[length].append((encoding.ids, piece.label))
        if len(waiting[length]) == schedule.tokens // length:
            made.append(_batch(waiting[length], length))
            waiting[length] = []
    return rng.sample(made, len(made))


def _batch(rows: Sequence[tuple[list[int], float]], length: int) -> Batch:
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros_like(ids)
    for row, (tokens, _) in enumerate(rows):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    return Batch(ids, mask, torch.tensor([label for _, label in rows]))


def train(
    examples: Sequence[Example],
    schedule: Schedule,
    out: Path,
    log: Callable[[str], None],
    *,
    start: Path | None = None,
    dtype: torch.dtype = torch.bfloat16,
) -> PairEncoder:
    """Train a reader and write it to `out` as safetensors, now and then and at the end.

    Args:
        examples: to learn from.
        schedule: how.
        out: the file.
        log: told the loss.
        start: a reader's file to go on from.
        dtype: what the frozen weights compute in.
    """
    torch.manual_seed(schedule.seed)
    model = PairEncoder(dtype)
    if start is not None:
        model.start_from(load_file(start))
    model.freeze_below(schedule.first_layer)
    steps = batches(examples, schedule)
    parameters = list(model.trained().values())
    optimizer = torch.optim.AdamW(parameters, lr=schedule.learning_rate, weight_decay=0.01)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate(step / len(steps), schedule.warm_up)
    )
    model.train()
    started, recent = time.monotonic(), 0.0
    for number, batch in enumerate(steps, start=1):
        logits = model(batch.ids, batch.mask)
        loss = nn.functional.binary_cross_entropy_with_logits(logits, batch.labels)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad(set_to_none=True)
        recent = 0.98 * recent + 0.02 * loss.item() if recent else loss.item()
        if number % 25 == 0:
            seconds = time.monotonic() - started
            log(f"step {number} of {len(steps)}, loss {recent:.4f}, {seconds:.0f} s")
        if number % 100 == 0:
            save(model, out)
    save(model, out)
    return model.eval()


def save(model: PairEncoder, out: Path) -> None:
    """Write a reader's trained part to a safetensors file, whole or not at all."""
    beside = out.with_suffix(".part")
    save_file(dict(model.exported()), beside)
    beside.replace(out)


def rate(done: float, warm_up: float) -> float:
    """Return the share of the highest learning rate when a share of the steps is done."""
    if done < warm_up:
        return done / warm_up
    return 0.5 * (1 + math.cos(math.pi * min(1.0, (done - warm_up) / (1 - warm_up))))
