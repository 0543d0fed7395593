"""Titles: a shopper's query and a product -> a title that meets the query and stays true."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from assistant.model.values import GenerationSettings
from assistant.platforms import platform_of
from assistant.tasks.base import (
    Prompt,
    Task,
    first_line,
    product_facts,
)
from assistant.tasks.copy_inputs import CopyInputs
from assistant.tasks.metrics import holds, rouge_l, share, words
from assistant.tasks.title_rule import true_words
from assistant.values import Draft

MAX_CHARACTERS = 150
"""Google's limit for `title`: product data specification, "Title [title]"."""
_FACTS, _WORDS = 7, 30


class TitleInputs(CopyInputs):
    """The query whose words the title should hold where they are true of the product."""

    query: str
    max_characters: Annotated[int, Field(ge=20, le=500)] = MAX_CHARACTERS
    """The longest title; a platform that allows less overrules it."""

    @property
    def limit(self) -> int:
        """The longest title in characters: the platform's limit, or a shorter one asked for."""
        platform = platform_of(self.platform)
        theirs = platform.title if platform else 0
        is_own = "max_characters" in self.model_fields_set
        if not theirs:
            return self.max_characters
        return min(theirs, self.max_characters) if is_own else theirs


class Title(Task[TitleInputs]):
    """Rewrites a title so that shoppers who type the query find the product."""

    name = "title"
    inputs = TitleInputs
    settings = GenerationSettings(max_new_tokens=60)

    def prompt(self, inputs: TitleInputs) -> Prompt:
        """Ask for one line."""
        instruction = inputs.instruction or (
            "Rewrite the product's title for the query, with facts of the record only."
        )
        limit = f"At most {inputs.limit} characters."
        facts = product_facts(
            inputs.product.record,
            ("price", "stock", "availability", "condition", "gtin"),
            about=inputs.query,
            most=_FACTS,
            description_words=_WORDS if self._is_in_description(inputs) else 0,
        )
        material = f"Query: {inputs.query}\n{inputs.context_lines()}{facts}"
        return Prompt(f"{instruction} {limit}", material)

    @staticmethod
    def _is_in_description(inputs: TitleInputs) -> bool:
        """Whether the description holds a word of the query that no other field does."""
        record = inputs.product.record
        fields = ((name, text) for name, text in record.fields() if name != "description")
        missing = set(words(inputs.query)).difference(words(" ".join(map(" ".join, fields))))
        return bool(missing.intersection(words(record.description)))

    def parse(self, text: str, inputs: TitleInputs) -> Draft:
        """Take the first line, cut at a word to the limit; the old title where it is empty."""
        title = first_line(text).rstrip(".") or inputs.product.record.title
        return Draft(cut_title(title, inputs.limit))

    def score(self, draft: Draft, reference: str, inputs: TitleInputs) -> dict[str, float]:
        """ROUGE-L with the reference, true query words kept, length within the limit."""
        wanted = true_words(inputs.query, inputs.product.record)
        kept = sum(holds(draft.text, word) for word in wanted)
        return {
            "rouge_l": rouge_l(draft.text, reference),
            "query_coverage": share(kept, len(wanted)),
            "length_ok": float(0 < len(draft.text) <= inputs.limit),
        }

    def source(self, inputs: TitleInputs) -> Sequence[tuple[str, str]]:
        """The product's fields."""
        return list(inputs.product.record.fields())


def cut_title(title: str, limit: int) -> str:
    """Cut a title at a word to at most `limit` characters."""
    if len(title) <= limit:
        return title
    return title[: limit + 1].rsplit(" ", 1)[0].rstrip(" ,;-")[:limit]
