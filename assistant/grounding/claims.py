"""A draft's claims taken together: whether all hold, and the sentences that are left where not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.values import Claim

_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def keep_supported(text: str, claims: Sequence[Claim]) -> str:
    """Return the text without the sentences that hold a failed claim; may be empty."""
    failed = [claim.text for claim in claims if claim.verdict != "supported"]
    kept = [
        sentence
        for sentence in _SENTENCE.split(text)
        if not any(_states(sentence, words_) for words_ in failed)
    ]
    return " ".join(kept)


def grounded(claims: Sequence[Claim]) -> bool:
    """Whether no claim failed."""
    return all(claim.verdict == "supported" for claim in claims)


def _states(sentence: str, claim: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(claim)}(?!\w|[.,]\d)", sentence) is not None
