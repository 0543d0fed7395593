"""Whether a seed's instruction still makes sense for another product.

An instruction may speak of guitars, of the spout's length or of sixty characters; it can only be
said anew where the new inputs hold that too. Words of the trade (shopper, review, record, price,
label) bind it to nothing. The words stand in `transfer.toml`; `briefs` has what to say instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from finetune.pair import Pair
from finetune.situations.wishes import TONES
from finetune.teachers.grammar.tables import table

_WORD = re.compile(r"[a-z]+|\d+")
_LETTERS = 5
_DECIDES = re.compile(
    r"\b(?:reviews?|reviewers?|profile|histor\w+|viewed|occasions?|promotions?|campaigns?|channel"
    r"|stock|delivery|return reason|timing)\b"
)
"""What an instruction lets decide; a new context holds none that does, but for an ad."""
_BOUND, _LOOSE, _TRADE = (
    frozenset(table("transfer")[name].split()) for name in ("bound", "loose", "trade")
)


def transfers(seed: Pair, inputs: Mapping[str, Any]) -> bool:
    """Whether what a seed's instruction speaks of is in the new inputs as well."""
    if seed.task != "ads" and _DECIDES.search(seed.instruction.lower()):
        return False
    bound = bound_words(seed)
    if not bound:
        return True
    held = {word[:_LETTERS] for word in _WORD.findall(str(inputs).lower())}
    if {word[:_LETTERS] for word in bound} - held:
        return False
    return all(not seed.inputs.get(name) or inputs.get(name) for name in ("audience", "occasion"))


def bound_words(seed: Pair) -> frozenset[str]:
    """Return the words that bind a seed's instruction to what its inputs hold."""
    rest = {name: value for name, value in seed.inputs.items() if name != "instruction"}
    return _bound(seed.instruction.lower(), str(rest).lower())


@lru_cache(maxsize=4096)
def _bound(instruction: str, material: str) -> frozenset[str]:
    said = set(_WORD.findall(instruction))
    held = {word for word in _WORD.findall(material) if len(word) > 3}
    own = {word for word in said & held if len(word) > 3} - _LOOSE - _TRADE
    tones = {word for names in TONES.values() for name in names for word in name.split()}
    numbers = {word for word in said if word.isdigit()}
    return frozenset((said & _BOUND) | own | (said & tones & held) | numbers)
