"""What a search may ask of a record beside its words: a field's value, a flag, a span of numbers.

Plain values. `lexical` evaluates them; `retrieval` reads them out of a shopper's words. A field is
named as `Product.fields` names it: "price", "brand", "product type", "availability", "condition",
or an attribute ("waterproof", "battery life").
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

WORDS = "words"
"""The field of a filter that leaves out records whose title or product type has a word."""

_APART = re.compile(r"[\W_]+")
_KEPT = 1 << 16
_SHORT = 100
"""Characters up to which a folded text is kept: names and values return, prose does not."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition on a record.

    `op` "is" and "not" compare `value`: a text, folded by `fold`, or a boolean. "not" also keeps
    records that do not have the field. The field `WORDS` is the words of title and product type,
    for "not" only: "not" keeps records without the word (or, of several, without the phrase). The
    flag "on sale" is true of records with a sale price. A product type is any part of the path.
    "between" compares a number with `low` and `high`, both
    included; `unit` is then the currency of a price ("" for any; a price without a currency fits
    every one), or the canonical unit of a measured attribute as `units.Measure` has it.
    """

    field: str
    op: Literal["is", "not", "between"]
    value: str | bool = ""
    low: float = -math.inf
    high: float = math.inf
    unit: str = ""


class Vocabulary(Protocol):
    """What a catalog's fields hold, as far as understanding a query needs it. All texts folded."""

    def fields_with(self, value: str) -> dict[str, int]:
        """Return the fields that have this value in some record, and in how many records.

        A boolean attribute's name is such a value too, of the field "flag":
        `fields_with("waterproof")` is {"flag": 12} where twelve records say whether they are.
        """
        ...

    def has_number(self, field: str) -> bool:
        """Whether some record has this attribute as a number."""
        ...

    def frequency(self, word: str) -> int:
        """Return how many records have this word in title, brand or type, as it is written."""
        ...

    def nearest(self, word: str) -> str | None:
        """Return the known word that `word` is most likely a misspelling of, or None."""
        ...


def fold(text: str) -> str:
    """Fold a text for comparing: no case, accents or punctuation, one space between words."""
    return _kept(text) if len(text) <= _SHORT else _folded(text)


def _folded(text: str) -> str:
    letters = text.lower()
    if not text.isascii():
        plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _APART.sub(" ", letters).strip()


_kept = lru_cache(_KEPT)(_folded)
