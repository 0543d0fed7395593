"""What an embedder is. Knows no model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

Precision = Literal["f32", "bf16"]
"""What a model multiplies matrices in."""


class Embedder(Protocol):
    """Whatever turns texts into unit vectors.

    `id` and `revision` are written into an index's manifest: vectors of two embedders are not
    comparable.
    """

    id: str
    revision: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return float32 vectors of length 1, shape (len(texts), dimension)."""
        ...
