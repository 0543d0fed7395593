"""The words of copy that can be checked, and those that need not be: `data/checkable.toml`."""

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

_FORMS = re.compile(
    r"[a-z]{2,}(?:ing|ed|ly|ful|fully|less|ness|ous|able|ible|ive|tion|ment|ity|ward|like|ies|ier|iest|ate|ify|ise|ize)"
)
"""How English words end that are no names."""


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


def is_ordinary(word: str) -> bool:
    """Whether a word that begins a sentence is an English word, and no name or code.

    A compound is where its parts are: "Hand-thrown". Words of the table's own lists are: what
    they claim is judged by `patterns`.
    """
    if re.search(r"\d", word) or not word[:1].isalpha():
        return False
    plain = re.sub(r"(?:n['’]t|['’](?:s|re|ll|ve|d|m))$", "", word)
    parts = re.findall(r"[a-z]+", plain.casefold())
    if len(parts) > 1 and parts[-1] == "free":
        return True  # `check_negations` judges it
    if plain.isupper() and len(plain) > 1:
        return all(_is_known(part) for part in parts)
    return all(_is_known(part) or bool(_FORMS.fullmatch(part)) for part in parts)


def _is_known(word: str) -> bool:
    known = _ordinary()
    ends = ("", "s", "es", "d", "r", "er", "y", "st", "est")
    return any(word.endswith(end) and word[: len(word) - len(end)] in known for end in ends)


@cache
def _ordinary() -> frozenset[str]:
    listed = [*WORDS, "harmless", "substances", "openings"]
    return frozenset(
        part for group in listed for term in table()[group] for part in re.findall("[a-z]+", term)
    )
