"""Two rankings of the same records joined into one. Knows no index and no query."""

from __future__ import annotations

from collections.abc import Sequence

RRF_CONSTANT = 60
DENSE_WEIGHT = 0.6
"""What a place in the dense ranking is worth; one in the lexical ranking is worth 1."""

Ranking = Sequence[tuple[int, float]]


def fuse(lexical: Ranking, dense: Ranking) -> list[tuple[int, float]]:
    """Fuse two rankings of (key, score): weight / (60 + rank) summed, best first.

    Reciprocal rank fusion (Cormack, Clarke, Buettcher, SIGIR 2009) with its constant; the weight
    of dense search was chosen by `benchmarks.search` on the development queries. Ties keep the
    order of the first ranking that has the key.
    """
    scores: dict[int, float] = {}
    for ranking, weight in ((lexical, 1.0), (dense, DENSE_WEIGHT)):
        for rank, (key, _) in enumerate(ranking, start=1):
            scores[key] = scores.get(key, 0.0) + weight / (RRF_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: -item[1])
