"""Classification: a product and a list of labels -> the one that fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from assistant.model.values import GenerationSettings
from assistant.tasks.base import (
    ProductInput,
    Prompt,
    Task,
    TaskInputs,
    first_line,
    product_facts,
)
from assistant.tasks.metrics import word_f1
from assistant.values import Draft

_FACTS = 5
Label = Annotated[str, Field(min_length=1)]


class ClassifyInputs(TaskInputs):
    """The labels are the platform's taxonomy, in any order."""

    product: ProductInput
    labels: Annotated[tuple[Label, ...], Field(min_length=1)]


class Classify(Task[ClassifyInputs]):
    """Chooses among the given labels only."""

    name = "classify"
    inputs = ClassifyInputs
    settings = GenerationSettings(max_new_tokens=24)

    def prompt(self, inputs: ClassifyInputs) -> Prompt:
        """List the labels and ask for one."""
        instruction = inputs.instruction or "Choose the category that the product belongs to."
        leave_out = ("product type", "price", "stock", "availability", "condition", "gtin")
        facts = product_facts(inputs.product.record, leave_out, most=_FACTS)
        categories = f"Categories: {', '.join(inputs.labels)}"
        return Prompt(instruction, f"{categories}\n{inputs.context_lines()}{facts}")

    def labels(self, inputs: ClassifyInputs) -> Sequence[str]:
        """The given labels."""
        return inputs.labels

    def parse(self, text: str, inputs: ClassifyInputs) -> Draft:
        """Find the label in the model's line; None where it names none."""
        return _find_label(first_line(text), inputs.labels)

    def score(self, draft: Draft, reference: str, inputs: ClassifyInputs) -> dict[str, float]:
        """Accuracy; text that names no label counts as wrong and as unparseable."""
        return {
            "accuracy": float(draft.label == reference),
            "parseable": float(draft.label is not None),
        }

    def source(self, inputs: ClassifyInputs) -> Sequence[tuple[str, str]]:
        """The labels themselves: a label is a choice, not a claim."""
        return [("label", label) for label in inputs.labels]


def _find_label(text: str, labels: Sequence[str]) -> Draft:
    folded = text.casefold().strip(" .")
    for label in labels:
        if folded == label.casefold():
            return Draft(label, label)
    contained = [
        label
        for label in labels
        if re.search(rf"(?<!\w){re.escape(label.casefold())}(?!\w)", folded)
    ]
    if contained:
        best = max(contained, key=len)
        return Draft(best, best)
    scored = max(labels, key=lambda label: word_f1(folded, label))
    return Draft(scored, scored) if word_f1(folded, scored) > 0.6 else Draft(text)
