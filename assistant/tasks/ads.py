"""Ads: a product, and for whom, when, where and in what tone -> an advertisement's text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.model.values import GenerationSettings
from assistant.tasks.base import Prompt, Task, product_facts
from assistant.tasks.copy_inputs import CopyInputs
from assistant.tasks.metrics import rouge_l, words
from assistant.values import Draft

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_HEADING = re.compile(
    r"\W*(?:product|query|facts|question|evidence|instruction|input|response|context)s?\s*:", re.I
)
"""What a prompt's parts begin with, and no sentence of an ad."""
_ORDER = re.compile(
    r"(?:^|[.!?:;>\]#]\s*)(?:please )?(?:say (?:that|so)|tell (?:everyone|everybody|people|them|"
    r"the user|customers|shoppers)|(?:ignore|disregard|forget) (?:all|any|every|the|your|previous)|"
    r"(?:reply|respond|answer) (?:only|with|in|that)|repeat (?:everything|the|your|after)|"
    r"from now on you)\b",
    re.I,
)
"""How a sentence begins that orders something said."""
_ORDER_WORDS = 4
"""The least words by which a sentence is known for our own; fewer may be anybody's."""

_MIN_WORDS, _MAX_WORDS = 8, 120
_FACTS = 9
_CODES = ("model number", "gtin", "stock", "condition", "availability")


class AdsInputs(CopyInputs):
    """`audience`, `occasion`, `tone` and `platform` shape the ad where given."""

    audience: str = ""
    occasion: str = ""
    tone: str = ""


class Ads(Task[AdsInputs]):
    """Writes an ad that claims only what the product's record holds."""

    name = "ads"
    inputs = AdsInputs
    settings = GenerationSettings(max_new_tokens=140, repetition_penalty=1.05)

    def prompt(self, inputs: AdsInputs) -> Prompt:
        """Ask for a short ad; name the wishes that were given."""
        wishes = (
            ("for", inputs.audience),
            ("for the occasion", inputs.occasion),
            ("in the tone", inputs.tone),
            ("published on", inputs.platform),
        )
        wanted = ", ".join(f"{word} {text}" for word, text in wishes if text)
        instruction = inputs.instruction or "Write an ad of two or three short sentences."
        if wanted:
            instruction += f" It is {wanted}."
        # What must not be said is not shown; what the prompt lacks is no temptation.
        leave_out = (*_CODES, *(phrase.casefold() for phrase in inputs.avoid))
        facts = product_facts(
            inputs.product.record,
            leave_out,
            about=" ".join(inputs.keep),
            most=_FACTS,
            description_words=40,
        )
        return Prompt(instruction, f"{inputs.context_lines()}{facts}")

    def parse(self, text: str, inputs: AdsInputs) -> Draft:
        """Join the lines to one paragraph; drop quotes, repetitions and an unfinished end.

        What repeats the prompt is dropped too: its headings and lines, its instruction.
        """
        prompt = self.prompt(inputs)
        told = {line.strip() for line in prompt.material.splitlines()}
        lines = (line for line in text.replace("**", "").splitlines() if line.strip() not in told)
        paragraph = " ".join(" ".join(lines).split()).strip(' "“”')
        orders = [words(part) for part in _SENTENCE.split(prompt.instruction)]
        sentences = [
            part
            for part in dict.fromkeys(_SENTENCE.split(paragraph))
            if not _HEADING.match(part) and not _repeats(words(part), orders)
        ]
        if len(sentences) > 1 and not sentences[-1].endswith((".", "!", "?")):
            sentences.pop()
        return Draft(" ".join(sentences))

    def score(self, draft: Draft, reference: str, inputs: AdsInputs) -> dict[str, float]:
        """ROUGE-L with the reference, and whether the ad's length is an ad's."""
        length = len(words(draft.text))
        return {
            "rouge_l": rouge_l(draft.text, reference),
            "length_ok": float(_MIN_WORDS <= length <= _MAX_WORDS),
        }

    def source(self, inputs: AdsInputs) -> Sequence[tuple[str, str]]:
        """The product's fields, and the wishes, which are not claims about it.

        What a field orders is no fact, and supports nothing.
        """
        wishes = (inputs.audience, inputs.occasion, inputs.platform)
        given = [("request", text) for text in (*inputs.context.values(), *wishes)]
        held = ((name, _without_orders(text)) for name, text in inputs.product.record.fields())
        return [(name, text) for name, text in (*held, *given) if text]


def _without_orders(text: str) -> str:
    """Leave out the sentences of a field that tell a reader what to say."""
    if not _ORDER.search(text):
        return text
    return " ".join(part for part in _SENTENCE.split(text) if not _ORDER.search(part))


def _repeats(said: Sequence[str], orders: Sequence[Sequence[str]]) -> bool:
    """Whether a sentence holds one of the instruction's, or begins as the instruction does."""
    text = f" {' '.join(said)} "
    known = [f" {' '.join(order)} " for order in orders if len(order) >= _ORDER_WORDS]
    first = f" {' '.join(orders[0][:_ORDER_WORDS])} " if orders else ""
    begins = len(said) >= _ORDER_WORDS and bool(first) and text.startswith(first)
    return begins or any(order in text for order in known)
