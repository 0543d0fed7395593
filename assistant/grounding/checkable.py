"""The words of copy that can be checked, from `assistant/data/checkable.toml`, as patterns."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from assistant.values import ClaimKind

WORDS: dict[str, ClaimKind] = {
    "colours": "value",
    "materials": "value",
    "features": "value",
    "promises": "promise",
}
PATTERNS: dict[str, ClaimKind] = {
    "promise_patterns": "promise",
    "superlative_patterns": "superlative",
    "comparison_patterns": "comparison",
}


@cache
def table() -> dict[str, list[str]]:
    """Return the table as the file holds it: group -> words or patterns."""
    path = resources.files("assistant") / "data" / "checkable.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def patterns() -> tuple[tuple[ClaimKind, re.Pattern[str]], ...]:
    """Return (kind, pattern) pairs that find checkable words, longer phrases before shorter."""
    found: list[tuple[ClaimKind, re.Pattern[str]]] = []
    for group, kind in PATTERNS.items():
        joined = "|".join(f"(?:{pattern})" for pattern in table()[group])
        found.append((kind, re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.I)))
    for kind in ("promise", "value"):
        groups = [group for group, of in WORDS.items() if of == kind]
        terms = sorted({term for group in groups for term in table()[group]}, key=len, reverse=True)
        joined = "|".join(re.escape(term).replace(r"\ ", r"[\s-]") for term in terms)
        found.append((WORDS[groups[0]], re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.I)))
    return tuple(found)
