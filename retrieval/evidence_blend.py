"""Joins what the models and the signs say of a piece into one chance in [0, 1].

A logistic regression for fields and one for sentences; the weights stand in
`data/evidence_blend.json` and were fitted on questions that trained nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from retrieval.evidence_signs import SIGNS

FEATURES = (
    "reader",
    "reader_lead",
    "match",
    "match_lead",
    "cosine",
    "cosine_lead",
    *SIGNS,
)
"""The columns of what is joined, in order; a lead is over the best of a piece's rivals."""

_MOST = 30.0


@dataclass(frozen=True, slots=True)
class Blend:
    """Weights of `FEATURES` and a constant, for fields and for sentences."""

    field: tuple[float, ...]
    sentence: tuple[float, ...]

    def chances(
        self, features: NDArray[np.float64], is_sentence: Sequence[bool]
    ) -> NDArray[np.float64]:
        """Return the chance of each piece: (n, features) -> (n,)."""
        weights = np.array([self.sentence if one else self.field for one in is_sentence])
        logits = (features * weights[:, :-1]).sum(axis=1) + weights[:, -1]
        chances: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(logits, -_MOST, _MOST)))
        return chances


@cache
def shipped_blend() -> Blend:
    """Return the weights that ship."""
    text = (files("retrieval") / "data" / "evidence_blend.json").read_text(encoding="utf-8")
    read = json.loads(text)
    return Blend(
        *(
            (*(float(read[kind].get(name, 0.0)) for name in FEATURES), float(read[kind]["bias"]))
            for kind in ("field", "sentence")
        )
    )
