"""Trains the matcher: all-MiniLM-L6-v2 with LoRA, so that a question lies near what answers it.

Two losses on the cosines of a question with pieces of one record: a cross-entropy of each piece by
itself, which learns that none answers, and one over the pieces, which learns which does (InfoNCE,
van den Oord et al., 2018). Knows nothing of where the examples come from.
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
from finetune.evidence.training import Schedule, rate

LENGTHS = (12, 16, 24, 40, 64)
"""Tokens that a batch's pieces are padded to; longer pieces are cut."""

QUESTION_TOKENS = 24
PIECES = 8
"""Pieces of a question in a step, at most; fewer are filled up and not counted."""

_BATCH, _SMALL_BATCH, _LONG = 24, 12, 24
_MOST_RIGHT = 3
_SHARPNESS = 20.0
_ABSENT = -1.0
_START = (2.4, -6.0)
_SCALE_RATE = 2e-2


@dataclass(frozen=True, slots=True)
class Group:
    """Questions (B, Q), their pieces (B x PIECES, T), labels (B, PIECES): -1 is no piece."""

    questions: Tensor
    pieces: Tensor
    labels: Tensor


def groups(examples: Sequence[Example], seed: int) -> list[Group]:
    """Return the examples in batches of a few fixed shapes, in a random order."""
    rng = random.Random(seed)
    tokenizer = read_tokenizer()
    tokenizer.enable_truncation(LENGTHS[-1])
    waiting: dict[int, list[tuple[list[int], list[list[int]], list[float]]]] = {}
    made: list[Group] = []
    for example in rng.sample(list(examples), len(examples)):
        right = [one for one in example.pieces if one.label >= 0.5]
        wrong = [one for one in example.pieces if one.label < 0.5]
        chosen = rng.sample(right, min(_MOST_RIGHT, len(right)))
        chosen += rng.sample(wrong, min(PIECES - len(chosen), len(wrong)))
        tokens = [one.ids for one in tokenizer.encode_batch([one.text for one in chosen])]
        length = next(one for one in LENGTHS if max(map(len, tokens)) <= one)
        asked = tokenizer.encode(example.question).ids[:QUESTION_TOKENS]
        rows = waiting.setdefault(length, [])
        rows.append((asked, tokens, [one.label for one in chosen]))
        if len(rows) == (_BATCH if length <= _LONG else _SMALL_BATCH):
            made.append(_group(rows, length))
            rows.clear()
    return rng.sample(made, len(made))


def _group(rows: Sequence[tuple[list[int], list[list[int]], list[float]]], length: int) -> Group:
    questions = torch.zeros(len(rows), QUESTION_TOKENS, dtype=torch.long)
    pieces = torch.zeros(len(rows) * PIECES, length, dtype=torch.long)
    pieces[:, 0] = 1  # a piece that is none has one token, so that its mean exists
    labels = torch.full((len(rows), PIECES), _ABSENT)
    for row, (asked, tokens, found) in enumerate(rows):
        questions[row, : len(asked)] = torch.tensor(asked)
        for at, (piece, label) in enumerate(zip(tokens, found, strict=True)):
            pieces[row * PIECES + at, : len(piece)] = torch.tensor(piece)
            labels[row, at] = label
    return Group(questions, pieces, labels)


def train_matcher(
    examples: Sequence[Example],
    schedule: Schedule,
    out: Path,
    log: Callable[[str], None],
    *,
    start: Path | None = None,
    dtype: torch.dtype = torch.bfloat16,
) -> None:
    """Train a matcher and write it to `out` as safetensors.

    Args:
        examples: to learn from.
        schedule: how; its `tokens` are not used.
        out: the file.
        log: told the losses.
        start: a matcher's file to go on from.
        dtype: what the frozen weights compute in.
    """
    torch.manual_seed(schedule.seed)
    model = PairEncoder(dtype)
    if start is not None:
        model.start_from({**model.exported(), **load_file(start)})
    model.freeze_below(schedule.first_layer)
    scale, bias = (nn.Parameter(torch.tensor(value)) for value in _START)
    learned = [one for name, one in model.trained().items() if name.startswith("bert.")]
    optimizer = torch.optim.AdamW(
        [
            {"params": learned, "lr": schedule.learning_rate},
            {"params": [scale, bias], "lr": _SCALE_RATE},
        ],
        weight_decay=0.01,
    )
    steps = groups(examples, schedule.seed)
    scheduler = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: rate(step / max(1, len(steps)), schedule.warm_up)
    )
    started = time.monotonic()
    for number, group in enumerate(steps, start=1):
        cosines = _cosines(model, group)
        loss = _loss(cosines, group.labels, scale.exp(), bias)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        scheduler.step()
        optimizer.zero_grad(set_to_none=True)
        if number % 25 == 0:
            seconds = time.monotonic() - started
            log(f"step {number} of {len(steps)}, loss {loss.item():.4f}, {seconds:.0f} s")
    changes = {k: v for k, v in model.exported().items() if not k.startswith("head.")}
    beside = out.with_suffix(".part")
    save_file(changes, beside)
    beside.replace(out)


def _cosines(model: PairEncoder, group: Group) -> Tensor:
    """Return the cosine of each question and its pieces, (B, PIECES)."""
    questions = model.embed(group.questions)
    pieces = model.embed(group.pieces).view(len(questions), PIECES, -1)
    return torch.einsum("bd,bpd->bp", questions, pieces)


def _loss(cosines: Tensor, labels: Tensor, scale: Tensor, bias: Tensor) -> Tensor:
    held = labels >= 0.0
    alone = nn.functional.binary_cross_entropy_with_logits(
        (cosines * scale + bias)[held], labels[held]
    )
    right = (labels >= 0.5).float()
    answered = right.sum(dim=1) > 0
    if not bool(answered.any()):
        return 2 * alone
    shares = (cosines * _SHARPNESS).masked_fill(~held, -math.inf)[answered].log_softmax(dim=1)
    right = right[answered]
    among = -(shares.masked_fill(right == 0, 0.0) * right).sum(dim=1) / right.sum(dim=1)
    return 2 * alone + among.mean()
