"""Pairs -> token ids: a prompt, whose tokens are no target, and a completion, whose tokens are.

The prompt comes from the pair's task and the engine's own renderer, and the completion ends with
the end token, as the engine expects of an answer. Knows nothing of batches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from assistant.model.prompt import disarm, encode_text, render_prompt
from assistant.model.values import PromptFormat
from assistant.tasks import TASKS
from finetune.errors import DatasetError
from finetune.pair import Pair


@dataclass(frozen=True, slots=True)
class Example:
    """One pair as token ids; `completion` holds the end token."""

    prompt: list[int]
    completion: list[int]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.completion)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A dataset's examples, and the ids of pairs that were longer than allowed."""

    examples: list[Example]
    pairs: list[Pair]
    """The pair of each example."""
    too_long: list[str]

    @property
    def tokens(self) -> int:
        """Prompts and completions together."""
        return sum(map(len, self.examples))


def encode_pair(tokenizer: Any, pair: Pair, form: PromptFormat) -> Example:
    """Encode one pair; prompt and completion are tokenized in one, as `Engine.score_labels` does.

    Raises:
        DatasetError: the inputs do not fit the task, the output is none of the labels, or the
            tokenizer has no end token.
    """
    end = tokenizer.eos_token_id
    if end is None:
        raise DatasetError("The tokenizer has no end token, so a model would never learn to stop.")
    labels = TASKS[pair.task].labels(pair.read())
    if labels and pair.output not in labels:
        raise DatasetError(
            f"Pair {pair.id}: its output {pair.output!r} is none of its labels: "
            f"{', '.join(labels)}."
        )
    text = render_prompt(tokenizer, pair.prompt().messages(), form)
    prompt = encode_text(tokenizer, text, form)
    output = disarm(tokenizer, pair.output)
    whole = encode_text(tokenizer, text + output, form)
    if whole[: len(prompt)] == prompt and len(whole) > len(prompt):
        completion = whole[len(prompt) :]
    else:
        completion = tokenizer(output, add_special_tokens=False)["input_ids"]
    if not completion:
        raise DatasetError(f"Pair {pair.id}: its output has no token.")
    return Example(prompt, [*completion, end])


def encode_pairs(
    tokenizer: Any, pairs: Iterable[Pair], form: PromptFormat, max_tokens: int
) -> Encoded:
    """Encode a dataset, leaving out pairs of more than `max_tokens`.

    A pair is never cut: without the end of its completion it would teach not to stop.

    Raises:
        DatasetError: a pair is at fault, there is none, or all are too long.
    """
    examples, kept, too_long = [], [], []
    for pair in pairs:
        example = encode_pair(tokenizer, pair, form)
        if len(example) > max_tokens:
            too_long.append(pair.id)
        else:
            examples.append(example)
            kept.append(pair)
    if not examples:
        raise DatasetError(
            f"No pair is left to train on: {len(too_long)} are longer than {max_tokens} tokens. "
            "Raise batch.max_tokens or shorten the records."
        )
    return Encoded(examples, kept, too_long)
