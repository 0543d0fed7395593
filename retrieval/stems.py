"""Words compared loosely: by their first five letters. Knows no records and no questions."""

from __future__ import annotations

import re
import unicodedata

from catalog_index.lexical.fields import query_tokens

_LETTERS = 5
_WORD = re.compile(r"\w+")


def stems(text: str) -> set[str]:
    """Return the stems of a query's words that carry meaning, of its first 64 at most."""
    return {token[:_LETTERS] for token in query_tokens(text)}


def all_stems(text: str) -> set[str]:
    """Return the stems of all words, function words too: they tell "made in" from "made of"."""
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    return {word[:_LETTERS] for word in words}
