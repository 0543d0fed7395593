"""Pruning: at most a budget of pairs, balanced over tasks and, inside a task, over what it holds.

Quotas are given out evenly and level by level: tasks by their shares, then sources, combinations
of objects, product types, and openings of output and instruction. Whatever is rarer than its part
is kept whole and leaves the rest to the others, so nothing rare is lost to what is plentiful.
Knows no text beyond its first words.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.tasks import TASKS
from assistant.tasks.metrics import words
from finetune.pair import Pair

_OPENING = 2


@dataclass(frozen=True, slots=True)
class Pruned:
    """The pairs kept, in the order they came in, and what could not be had as asked."""

    kept: tuple[Pair, ...]
    notes: tuple[str, ...] = ()


_LEVELS: tuple[Callable[[Pair], Hashable], ...] = (
    lambda pair: pair.source,
    lambda pair: pair.objects(),
    lambda pair: pair.product_type,
    lambda pair: _opening(pair.output),
    lambda pair: _opening(pair.instruction),
)


def prune(
    pairs: Sequence[Pair],
    budget: int,
    *,
    shares: Mapping[str, float] | None = None,
    unanswerable: float = 0.0,
    seed: int = 0,
) -> Pruned:
    """Keep at most `budget` pairs; the same arguments give the same pairs.

    Args:
        pairs: what there is.
        budget: most pairs in all.
        shares: task -> share of the budget, in [0, 1]; tasks not named share the rest alike. What
            a task is too small to fill goes to the others.
        unanswerable: least share of unanswerable pairs among the answers, in [0, 1]; answerable
            ones are given up where there are too few.
        seed: of the draw among pairs that are alike in all that is balanced.
    """
    chance = random.Random(seed)
    held = {task: [at for at, pair in enumerate(pairs) if pair.task == task] for task in TASKS}
    silent = [at for at in held["answer"] if pairs[at].unanswerable]
    spoken = [at for at in held["answer"] if not pairs[at].unanswerable]
    sizes = {task: len(numbers) for task, numbers in held.items()}
    sizes["answer"] = min(sizes["answer"], _most_answers(len(silent), unanswerable))
    weights = _weights(shares or {})
    quotas = _quotas(budget, sizes, weights)
    chosen: list[int] = []
    for task, quota in quotas.items():
        if task == "answer":
            most = _silent_quota(quota, len(silent), len(spoken), unanswerable)
            chosen += _choose(pairs, silent, most, chance)
            chosen += _choose(pairs, spoken, quota - most, chance)
        else:
            chosen += _choose(pairs, held[task], quota, chance)
    kept = tuple(pairs[at] for at in sorted(chosen))
    notes = [*_short(budget, quotas, weights)]
    if sizes["answer"] < len(held["answer"]):
        notes.append(
            f"answer: {len(silent):,} pairs are unanswerable, so at most {sizes['answer']:,} of"
            f" {len(held['answer']):,} can be kept with a share of {unanswerable:.0%}"
        )
    return Pruned(kept, tuple(notes))


def _weights(shares: Mapping[str, float]) -> dict[str, float]:
    rest = [task for task in TASKS if task not in shares]
    left = max(0.0, 1 - sum(shares.values())) / max(1, len(rest))
    return {task: shares.get(task, left) for task in TASKS}


def _most_answers(silent: int, unanswerable: float) -> int:
    """Return how many answers there can be if the unanswerable are to be that share of them."""
    return math.floor(silent / unanswerable + 1e-9) if unanswerable > 0 else 2**63


def _silent_quota(quota: int, silent: int, spoken: int, unanswerable: float) -> int:
    """Return how many unanswerable pairs to keep: their own share, but no less than asked."""
    own = round(quota * silent / max(1, silent + spoken))
    least = math.ceil(quota * unanswerable - 1e-9)
    return min(silent, max(own, least, quota - spoken))


def _short(budget: int, quotas: Mapping[str, int], weights: Mapping[str, float]) -> list[str]:
    wanted = {task: round(budget * weight) for task, weight in weights.items()}
    return [
        f"{task}: {quotas[task]:,} pairs could be kept, not {wanted[task]:,}"
        for task in quotas
        if quotas[task] < wanted[task] - 1
    ]


def _quotas(total: int, sizes: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, int]:
    """Give out a total by weight, no more to any than its size; what one leaves the others get."""
    quotas = dict.fromkeys(sizes, 0)
    open_ = {name for name in sizes if sizes[name] and weights[name] > 0}
    left = float(min(total, sum(sizes[name] for name in open_)))
    while open_:
        whole = sum(weights[name] for name in open_)
        full = {name for name in open_ if sizes[name] <= left * weights[name] / whole}
        if not full:
            break
        for name in full:
            quotas[name] = sizes[name]
            left -= sizes[name]
        open_ -= full
    whole = sum(weights[name] for name in open_)
    edges = [0.0]
    order = [name for name in sizes if name in open_]
    for name in order:
        edges.append(edges[-1] + left * weights[name] / whole)
    for name, (start, end) in zip(order, pairwise(edges), strict=True):
        quotas[name] = round(end) - round(start)
    return quotas


def _choose(
    pairs: Sequence[Pair], numbers: Sequence[int], quota: int, chance: random.Random, level: int = 0
) -> list[int]:
    """Draw `quota` of the pairs evenly over the groups of this level, and so on below."""
    if quota >= len(numbers):
        return list(numbers)
    if quota <= 0:
        return []
    if level == len(_LEVELS):
        return chance.sample(numbers, quota)
    groups: dict[Hashable, list[int]] = {}
    for at in numbers:
        groups.setdefault(_LEVELS[level](pairs[at]), []).append(at)
    held = list(groups.values())
    chance.shuffle(held)
    chosen: list[int] = []
    for group, part in zip(held, even_parts(quota, [len(group) for group in held]), strict=True):
        chosen += _choose(pairs, group, part, chance, level + 1)
    return chosen


def even_parts(total: int, sizes: Sequence[int]) -> list[int]:
    """Give out a total evenly, no more to any than its size; first come those that get one more."""
    parts = [0] * len(sizes)
    left = min(total, sum(sizes))
    order = sorted(range(len(sizes)), key=lambda at: (sizes[at], -at))
    for done, at in enumerate(order):
        parts[at] = min(sizes[at], left // (len(order) - done))
        left -= parts[at]
    return parts


def _opening(text: str) -> tuple[str, ...]:
    return tuple(words(text)[:_OPENING])
