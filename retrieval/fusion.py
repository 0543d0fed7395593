"""Scores by words and by meaning joined into one ranking. Knows no index and no query."""

from __future__ import annotations

from collections.abc import Mapping

DENSE_WEIGHT = 1.75
"""What a cosine of 1 is worth; the best score by words is worth 1."""


def fuse(lexical: Mapping[int, float], cosines: Mapping[int, float]) -> list[tuple[int, float]]:
    """Return (key, score) best first: words / best words + weight * cosine, divided to lie below 1.

    A convex combination of normalised scores (Bruch, Gai, Ingber, ACM TOIS 2023) rather than one
    of ranks: how much better the best is than the next counts. The weight was chosen by
    `benchmarks.search` on the development queries.

    Args:
        lexical: scores by words of the records that words found.
        cosines: cosines of query and record of all records to rank.
    """
    best = max(lexical.values(), default=0.0) or 1.0
    whole = 1.0 + DENSE_WEIGHT
    scores = {
        key: (lexical.get(key, 0.0) / best + DENSE_WEIGHT * cosine) / whole
        for key, cosine in cosines.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
