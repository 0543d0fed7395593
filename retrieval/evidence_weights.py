"""The weights of the evidence's two models: what of all-MiniLM-L6-v2 they change.

Low-rank changes of the embedder's own matrices, in `data/evidence_*.safetensors`, joined with them
when a model is made: the reader's (and its head), and the matcher's.
Knows no tokenizer and no library that computes.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np

from catalog_index.embedding.weights import Tensors, read_tensors
from retrieval.errors import RetrievalError

READER_FILE = "evidence_reader.safetensors"
MATCHER_FILE = "evidence_matcher.safetensors"
WIDTH = 384


def shipped(name: str) -> Path:
    """Return the path of a file of weights that ships."""
    return Path(str(files("retrieval") / "data" / name))


def read_changes(path: Path) -> Tensors:
    """Return the low-rank pairs ("NAME.down", "NAME.up") and the head, if there is one.

    Raises:
        RetrievalError: the file is missing or damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        changes: Tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise RetrievalError(
            f"The evidence reader's weights at {path} cannot be read ({error})."
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


def changed_tensors(path: Path) -> Tensors:
    """Return the embedder's parameters with a file's changes (and its head), float32.

    Raises:
        CatalogError: the embedder's package is not installed.
        RetrievalError: the file is missing or damaged.
    """
    return merged(read_tensors(), read_changes(path))
