"""The word lists of this package, which stand beside it as TOML. Knows not what is in them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return a table of this package, "facts" for facts.toml."""
    path = resources.files("finetune.teachers.grammar") / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))
