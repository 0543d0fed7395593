"""The evidence reader's weights: what of all-MiniLM-L6-v2 they change, and its head.

Low-rank changes of the embedder's own matrices, in `data/evidence_reader.safetensors`; joined with
them when a reader is made. Knows no tokenizer and no library that computes.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from catalog_index.embedding.weights import Tensors, read_tensors
from retrieval.errors import RetrievalError

FILE = "evidence_reader.safetensors"
WIDTH = 384


def read_changes(path: Path | None = None) -> Tensors:
    """Return the low-rank pairs ("NAME.down", "NAME.up") and the head.

    Args:
        path: the file; None for the one that ships.

    Raises:
        RetrievalError: the file is missing or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        with as_file(files("retrieval") / "data" / FILE) as shipped:
            changes: Tensors = load_file(path or shipped)
    except (OSError, SafetensorError) as error:
        raise RetrievalError(
            f"The evidence reader's weights {path or FILE} cannot be read ({error})."
            " Install the package anew, or make them with `llama-e finetune evidence`."
        ) from error
    return changes


def merged(tensors: Tensors, changes: Tensors) -> Tensors:
    """Add each low-rank product to the matrix it changes; float32, all names kept.

    Args:
        tensors: the embedder's parameters.
        changes: what `read_changes` returns.
    """
    joined = {name: np.asarray(value, dtype=np.float32) for name, value in tensors.items()}
    for name, down in changes.items():
        if name.endswith(".down"):
            target = name.removesuffix(".down")
            up = changes[f"{target}.up"].astype(np.float32)
            joined[f"{target}.weight"] = joined[f"{target}.weight"] + up @ down.astype(np.float32)
        elif name.startswith("head."):
            joined[name] = down.astype(np.float32)
    return joined


def reader_tensors(path: Path | None = None) -> Tensors:
    """Return the reader's parameters by name, float32.

    Args:
        path: the file of its changes; None for the one that ships.

    Raises:
        CatalogError: the embedder's package is not installed.
        RetrievalError: the file is missing or damaged.
    """
    return merged(read_tensors(), read_changes(path))
