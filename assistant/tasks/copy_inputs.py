"""What ads and titles share: the product, and what the seller asks of the text.

Every field but `product` may be left out, and then nothing is asked. `assistant.constraints`
checks a text against them.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from assistant.tasks.base import ProductInput, TaskInputs

MAX_VARIANTS = 5
_MAX_PHRASES = 8


def _listed(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Phrase = Annotated[str, Field(min_length=1, max_length=80)]
Phrases = Annotated[tuple[Phrase, ...], BeforeValidator(_listed), Field(max_length=_MAX_PHRASES)]
Words = Annotated[int, Field(ge=0, le=300)]
Sentences = Annotated[int, Field(ge=0, le=20)]

LIMITS = (
    *("min_words", "max_words", "min_sentences", "max_sentences", "max_characters"),
    *("keep", "avoid", "no_emoji", "language", "variants"),
)
"""The fields of `CopyInputs` that constrain the text."""


class CopyInputs(TaskInputs):
    """The limits of a text; 0, "" and an empty tuple set none.

    `keep` are words that the text must hold, `avoid` words that it must not; the name of one of
    the record's fields ("price") stands for what the field says. `variants` is how many texts are
    wanted, `language` one that is not English.
    """

    product: ProductInput
    platform: str = ""
    min_words: Words = 0
    max_words: Words = 0
    min_sentences: Sentences = 0
    max_sentences: Sentences = 0
    max_characters: Annotated[int, Field(ge=0, le=5000)] = 0
    keep: Phrases = ()
    avoid: Phrases = ()
    no_emoji: bool = False
    language: str = ""
    variants: Annotated[int, Field(ge=1, le=MAX_VARIANTS)] = 1

    @model_validator(mode="after")
    def _in_order(self) -> CopyInputs:
        for unit in ("words", "sentences"):
            low, high = getattr(self, f"min_{unit}"), getattr(self, f"max_{unit}")
            if high and low > high:
                raise ValueError(f"min_{unit} is {low}, more than max_{unit}, {high}")
        return self

    @property
    def limit(self) -> int:
        """The longest text in characters, 0 for no limit."""
        return self.max_characters

    @property
    def is_limited(self) -> bool:
        """Whether anything is asked of the text but what its prompt always says."""
        return any(getattr(self, name) != type(self).model_fields[name].default for name in LIMITS)
