"""What a fact is good for, as ads put it after the fact: ", so the charger can stay at home".

The tails stand in `tails.toml`; knows no products.
"""

from __future__ import annotations

import re
from functools import lru_cache

from finetune.teachers.grammar.tables import table


@lru_cache(maxsize=4096)
def tails_of(name: str) -> tuple[str, ...]:
    """Return what may follow a fact of this name; nothing for one that no line fits."""
    return next((tails for pattern, tails in _RULES if pattern.fullmatch(name)), ())


def _rules() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    rules = []
    for line in table("tails")["rules"].strip().splitlines():
        head, _, body = line.partition(" :: ")
        rules.append((re.compile(head), tuple(text.strip() for text in body.split(" | "))))
    return tuple(rules)


_RULES = _rules()
