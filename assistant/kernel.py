"""The router's head: kernel ridge regression, one output per label (+1 its own, -1 the rest).

Two texts are alike by a Gaussian kernel on their embeddings plus a linear one on their n-grams,
k(a, b) = exp(-|e_a - e_b|^2) + LEXICAL_SHARE * w_a . w_b. The Gaussian lets a label be many
separate topics, which out of scope is; the linear part folds into plain weights once fitted.
Closed form (Saunders et al. 1998), so the same utterances always give the same head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.linalg  # type: ignore[import-untyped]
from numpy.typing import NDArray

LEXICAL_SHARE = 0.25
RIDGE = 0.3

_BLOCK = 1024

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Head:
    """A fitted head over n utterances: `embeddings` (n, d), `duals` (n, labels).

    `lexical` is (bins, labels) and `bias` (labels,).
    """

    embeddings: Floats
    duals: Floats
    lexical: Floats
    bias: Floats

    def scores(self, embeddings: Floats, ngrams: Any) -> Floats:
        """Score texts, (m, d) and sparse (m, bins) -> (m, labels); near +1 is a clear member."""
        near = _gaussian(embeddings, self.embeddings)
        scores: Floats = near @ self.duals + ngrams @ self.lexical + self.bias
        return scores


def gram(embeddings: Floats, ngrams: Any) -> Floats:
    """Compare all utterances: unit (n, d) and sparse (n, bins) -> (n, n)."""
    kernel = np.empty((len(embeddings), len(embeddings)), dtype=np.float32)
    transposed = ngrams.T.tocsr()
    for start in range(0, len(kernel), _BLOCK):
        rows = slice(start, start + _BLOCK)
        kernel[rows] = _gaussian(embeddings[rows], embeddings)
        kernel[rows] += LEXICAL_SHARE * (ngrams[rows] @ transposed).toarray()
    return kernel


def fit_duals(kernel: Floats, gold: NDArray[np.int64], n_labels: int) -> tuple[Floats, Floats]:
    """Solve for duals (n, labels) and bias (labels,), given `gram`'s (n, n) and gold (n,)."""
    targets = np.where(gold[:, None] == np.arange(n_labels), 1.0, -1.0).astype(np.float32)
    bias = targets.mean(axis=0)
    ridged = kernel.copy()
    ridged[np.diag_indices_from(ridged)] += RIDGE
    duals = scipy.linalg.solve(ridged, targets - bias, assume_a="pos", overwrite_a=True)
    return duals.astype(np.float32), bias


def fit_head(
    kernel: Floats, embeddings: Floats, ngrams: Any, gold: NDArray[np.int64], n_labels: int
) -> Head:
    """Fit on n utterances: `gram` (n, n) of `embeddings` (n, d) and `ngrams` (n, bins)."""
    duals, bias = fit_duals(kernel, gold, n_labels)
    lexical = (LEXICAL_SHARE * (ngrams.T @ duals)).astype(np.float32)
    return Head(embeddings, duals, lexical, bias)


def _gaussian(left: Floats, right: Floats) -> Floats:
    """exp(-|a - b|^2) of unit vectors: (m, d), (n, d) -> (m, n)."""
    near: Floats = np.exp(2 * (left @ right.T) - 2)
    return near
