"""Question sets over an index, the same for the same seed.

Each kind has its own chance, so that asking for more of one changes no other.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Mapping, Sequence

from benchmarks.answers import absent, dialogues, lookups, pairs, policies, typos
from benchmarks.answers.desk import Desk, Question
from benchmarks.answers.items import FOLLOW_UP, KINDS, Item
from benchmarks.answers.shelf import Shelf

MAKERS: Mapping[str, Callable[[Desk], Question | None]] = {
    "text": lookups.text_value,
    "number": lookups.number_value,
    "boolean": lookups.boolean,
    "confirmation": lookups.confirmation,
    "price": lookups.price,
    "availability": lookups.availability,
    "brand": lookups.brand,
    "comparison": pairs.comparison,
    "paraphrase": lookups.paraphrase,
    "typo": typos.typo,
    "policy": policies.policy,
    "unanswerable": absent.unanswerable,
    "false premise": absent.false_premise,
    FOLLOW_UP: dialogues.follow_up,
}
_DRAWS = 150
"""How many draws for each wanted item at most; a catalog may not have so many of a kind."""


def make_set(
    shelf: Shelf, per_kind: int, seed: int = 0, kinds: Sequence[str] = KINDS, name: str = ""
) -> list[Item]:
    """Return up to `per_kind` different items of each kind, by kind."""
    items: list[Item] = []
    for kind in kinds:
        chance = random.Random(zlib.crc32(f"{seed}/{kind}".encode()))
        desk = Desk(shelf, chance)
        asked: dict[str, Question] = {}
        for _ in range(_DRAWS * per_kind):
            if len(asked) == per_kind:
                break
            question = MAKERS[kind](desk)
            if question is not None:
                key = f"{question.history} {question.product_id} {question.message}"
                asked.setdefault(key, question)
        for number, question in enumerate(asked.values()):
            items.append(
                Item(
                    f"{name}{'/' if name else ''}{kind}/{number:04}",
                    kind,
                    question.variety,
                    question.message,
                    question.gold,
                    question.history,
                    question.product_id,
                )
            )
    return items
