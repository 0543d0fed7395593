"""Purchase intent (the paper's task): a shopper's query and a product -> how likely they buy it.

Not to be mixed up with the intent of a chat turn, which is `assistant.router`'s.
"""

from __future__ import annotations

import re
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
from assistant.values import Draft

_FACTS = 5
LABELS = ("likely", "possible", "unlikely")
_LABEL = re.compile(rf"\b(?P<not>not (?:very )?(?=likely))?(?P<label>{'|'.join(LABELS)})\b")


class IntentInputs(TaskInputs):
    """What the shopper typed, and the product they were shown."""

    query: str
    product: ProductInput


class PurchaseIntent(Task[IntentInputs]):
    """Speculates whether a shopper who typed the query would buy the product."""

    name = "intent"
    inputs = IntentInputs
    settings = GenerationSettings(max_new_tokens=8)

    def prompt(self, inputs: IntentInputs) -> Prompt:
        """Ask for one of the three labels."""
        instruction = inputs.instruction or (
            "A shopper typed the query and sees the product. Is it likely, possible or unlikely"
            " that they buy it?"
        )
        facts = product_facts(
            inputs.product.record,
            ("stock", "condition", "gtin", "model number"),
            about=inputs.query,
            most=_FACTS,
            description_words=25,
        )
        return Prompt(instruction, f"Query: {inputs.query}\n{inputs.context_lines()}{facts}")

    def labels(self, inputs: IntentInputs) -> Sequence[str]:
        """The three labels."""
        return LABELS

    def parse(self, text: str, inputs: IntentInputs) -> Draft:
        """Find the first of the labels in the model's line; None where it names none."""
        said = _LABEL.search(first_line(text).casefold())
        if said is None:
            return Draft(text.strip())
        label = "unlikely" if said["not"] else said["label"]
        return Draft(label, label)

    def score(self, draft: Draft, reference: str, inputs: IntentInputs) -> dict[str, float]:
        """Accuracy; text that names no label counts as wrong and as unparseable."""
        return {
            "accuracy": float(draft.label == reference),
            "parseable": float(draft.label is not None),
        }

    def source(self, inputs: IntentInputs) -> Sequence[tuple[str, str]]:
        """The labels themselves: a label is a speculation, not a claim."""
        return [("label", label) for label in LABELS]
