"""Judged rankings: nDCG@10 of a ranker over people's judgements, and its latency.

nDCG@10 has the gain 2^grade - 1 and the discount log2(rank + 1) (Burges et al., ICML 2005), and is
the mean over the queries that have a relevant product. Two figures, since most products of a
catalog are unjudged for a query: an unjudged hit counts 0, or unjudged hits are dropped before the
first ten are taken.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path

import numpy as np

Judgements = Mapping[str, Mapping[str, int]]
Ranker = Callable[..., list[str]]
"""Called with a text and, if wanted, `k`; returns ids, best first."""


def ndcg_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int = 10) -> float:
    """Return nDCG@k of a ranking of ids; ids without a grade gain nothing."""
    gained = _discounted([grades.get(item, 0) for item in ranked[:k]])
    best = _discounted(sorted(grades.values(), reverse=True)[:k])
    return gained / best if best else 0.0


def _discounted(grades: Sequence[int]) -> float:
    gains = ((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
    return float(sum(gains))


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Return grades by query and product id, of the queries that have a relevant product."""
    judgements: dict[str, dict[str, int]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        judgements.setdefault(row["query"], {})[row["doc_id"]] = row["grade"]
    return {query: grades for query, grades in judgements.items() if any(grades.values())}


def judge(rank: Ranker, judgements: Judgements) -> tuple[float, float]:
    """Return mean nDCG@10 with unjudged hits counted 0, and with judged hits only."""
    whole, judged = [], []
    for query, grades in judgements.items():
        ranked = rank(query)
        whole.append(ndcg_at_k(ranked, grades))
        judged.append(ndcg_at_k([item for item in ranked if item in grades], grades))
    return float(np.mean(whole)), float(np.mean(judged))


def latencies(find: Callable[[str], object], queries: Sequence[str], count: int) -> list[float]:
    """Return milliseconds of each search, one after another, after a warm-up."""
    for text in queries[:5]:
        find(text)
    taken = []
    for text in islice(cycle(queries), count):
        started = time.perf_counter()
        find(text)
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def percentile(taken: Sequence[float], q: int) -> float:
    """Return a percentile of some milliseconds."""
    return float(np.percentile(taken, q))
