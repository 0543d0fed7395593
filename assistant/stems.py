"""Words compared loosely: by their first five letters, function words left out."""

from __future__ import annotations

from catalog_index.store import query_tokens

_LETTERS = 5


def stems(text: str) -> set[str]:
    """Return the stems of a text's content words."""
    return {token[:_LETTERS] for token in query_tokens(text)}
