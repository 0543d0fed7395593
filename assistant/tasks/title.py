"""Titles: a shopper's query and a product -> a title that meets the query and stays true."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model.values import GenerationSettings
from assistant.tasks.base import (
    ProductInput,
    Prompt,
    Task,
    TaskInputs,
    first_line,
    product_facts,
)
from assistant.tasks.metrics import rouge_l, share, words
from assistant.values import Draft

MAX_CHARACTERS = 150
"""Google's limit for `title`: product data specification, "Title [title]"."""


class TitleInputs(TaskInputs):
    """The query whose words the title should hold where they are true of the product."""

    query: str
    product: ProductInput


class Title(Task[TitleInputs]):
    """Rewrites a title so that shoppers who type the query find the product."""

    name = "title"
    inputs = TitleInputs
    settings = GenerationSettings(max_new_tokens=60)

    def prompt(self, inputs: TitleInputs) -> Prompt:
        """Ask for one line."""
        instruction = (
            "Rewrite the product title so that it matches the shopper's query. Keep the brand,"
            f" use only facts of the product, at most {MAX_CHARACTERS} characters."
            " Answer with the title alone."
        )
        facts = product_facts(inputs.product.record, ("title", "price", "stock", "availability"))
        title = inputs.product.record.title
        return Prompt(instruction, f"Query: {inputs.query}\nTitle: {title}\n{facts}")

    def parse(self, text: str, inputs: TitleInputs) -> Draft:
        """Take the first line, cut at a word to the limit; the old title where it is empty."""
        title = first_line(text).rstrip(".") or inputs.product.record.title
        if len(title) > MAX_CHARACTERS:
            title = title[: MAX_CHARACTERS + 1].rsplit(" ", 1)[0].rstrip(" ,;-")[:MAX_CHARACTERS]
        return Draft(title)

    def score(self, draft: Draft, reference: str, inputs: TitleInputs) -> dict[str, float]:
        """ROUGE-L with the reference, true query words kept, length within the limit."""
        fields = inputs.product.record.fields()
        held = {word for name, text in fields for word in words(name if text == "yes" else text)}
        true_words = [word for word in dict.fromkeys(words(inputs.query)) if word in held]
        kept = set(words(draft.text))
        return {
            "rouge_l": rouge_l(draft.text, reference),
            "query_coverage": share(sum(word in kept for word in true_words), len(true_words)),
            "length_ok": float(0 < len(draft.text) <= MAX_CHARACTERS),
        }

    def source(self, inputs: TitleInputs) -> Sequence[tuple[str, str]]:
        """The product's fields."""
        return list(inputs.product.record.fields())
