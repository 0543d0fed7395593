"""Answers: a question and the evidence for it -> one or two sentences that say no more."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.model.values import GenerationSettings
from assistant.tasks.base import Prompt, Task, TaskInputs
from assistant.tasks.metrics import rouge_l, word_f1
from assistant.values import Draft

ABSTENTION = "The catalog does not say."
_ABSTENTIONS = (
    *("does not say", "doesn't say", "not specified", "no information", "not stated"),
    *("not listed", "not mentioned", "not given", "does not list", "does not specify"),
)
_NO_EVIDENCE = "(nothing was found)"


class AnswerInputs(TaskInputs):
    """The evidence is a list of texts: fields as "name: value", or passages."""

    question: str
    evidence: tuple[str, ...] = ()


class AnswerQuestion(Task[AnswerInputs]):
    """Answers from the evidence alone, or says that the catalog does not say."""

    name = "answer"
    inputs = AnswerInputs
    settings = GenerationSettings(max_new_tokens=96)

    def settled(self, inputs: AnswerInputs) -> Draft | None:
        """Abstain where there is no evidence."""
        return None if any(inputs.evidence) else Draft(ABSTENTION)

    def prompt(self, inputs: AnswerInputs) -> Prompt:
        """List the facts, then ask."""
        facts = "\n".join(f"- {text}" for text in inputs.evidence) or _NO_EVIDENCE
        instruction = inputs.instruction or (
            "Answer the question in one sentence from the facts. If they do not say, say that."
        )
        material = f"Facts:\n{facts}\n{inputs.context_lines()}Question: {inputs.question}"
        return Prompt(instruction, material)

    def parse(self, text: str, inputs: AnswerInputs) -> Draft:
        """Fold white space; an empty output is an abstention."""
        return Draft(" ".join(text.split()) or ABSTENTION)

    def score(self, draft: Draft, reference: str, inputs: AnswerInputs) -> dict[str, float]:
        """ROUGE-L and word F1 with the reference; whether both or neither abstain."""
        return {
            "rouge_l": rouge_l(draft.text, reference),
            "word_f1": word_f1(draft.text, reference),
            "abstention_agrees": float(abstains(draft.text) == abstains(reference)),
        }

    def source(self, inputs: AnswerInputs) -> Sequence[tuple[str, str]]:
        """The evidence."""
        return [("evidence", text) for text in inputs.evidence]


def abstains(text: str) -> bool:
    """Whether an answer says that the catalog does not hold what was asked."""
    folded = text.casefold()
    return any(phrase in folded for phrase in _ABSTENTIONS)
