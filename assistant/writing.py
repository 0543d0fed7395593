"""One task done by the model: render, write or choose, parse, check.

The chat, `llama-e author` and batches all come through here. A task with labels is decided by
the labels' likelihood, so its output is always a legal label.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from typing import Any, Protocol

from assistant.errors import GenerationStopped
from assistant.grounding import (
    IsValue,
    check_ad,
    check_answer,
    check_title,
    grounded,
    keep_supported,
    repair_answer,
)
from assistant.model.values import GenerationSettings, Message, ModelInfo
from assistant.tasks.base import Task
from assistant.tasks.metrics import holds
from assistant.tasks.title import TitleInputs
from assistant.tasks.title_rule import rewrite_title, true_words
from assistant.values import Claim, Draft
from retrieval.values import Evidence


class TextEngine(Protocol):
    """What writing needs of the model."""

    def stream(
        self,
        messages: Sequence[Message],
        settings: GenerationSettings,
        stop: threading.Event | None = None,
        adapter: bool = True,
    ) -> Iterator[str]:
        """Yield the answer's text as it is made; closing the iterator ends the compute."""
        ...

    def score_labels(
        self,
        messages: Sequence[Message],
        labels: Sequence[str],
        adapter: bool = True,
        *,
        stop: threading.Event | None = None,
    ) -> list[float]:
        """Return each label's log-likelihood as the whole answer.

        Raises:
            GenerationStopped: `stop` was set before the end.
        """
        ...

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return the length in tokens of the prompt that these messages become."""
        ...

    def describe(self) -> ModelInfo:
        """Return what is loaded."""
        ...

    def warm_up(self) -> None:
        """Do the work that only the first answer needs."""
        ...


def write(
    engine: TextEngine,
    task: Task[Any],
    inputs: Any,
    *,
    stop: threading.Event | None = None,
    adapter: bool = True,
    settings: GenerationSettings | None = None,
) -> Generator[str, None, Draft]:
    """Yield the text of a task's output as it is made; the generator's return is the draft.

    Args:
        engine: the model.
        task: one of `TASKS`.
        inputs: what `task.read` made of an input line.
        stop: set it to end the writing; what was written so far is parsed.
        adapter: False leaves the adapter out.
        settings: how to decode; the task's own unless given.
    """
    settled = task.settled(inputs)
    if settled is not None:
        yield settled.text
        return settled
    messages = task.prompt(inputs).messages()
    if labels := task.labels(inputs):
        try:
            scores = engine.score_labels(messages, labels, adapter=adapter, stop=stop)
        except GenerationStopped:
            return Draft("")
        best = labels[max(range(len(labels)), key=scores.__getitem__)]
        yield best
        return Draft(best, best)
    text = ""
    for delta in engine.stream(messages, settings or task.settings, stop, adapter=adapter):
        text += delta
        yield delta
    return task.parse(text, inputs)


def finish(writing: Generator[str, None, Draft]) -> tuple[str, Draft]:
    """Let `write` write to its end; return the text as the model wrote it, and the draft."""
    deltas: list[str] = []
    while True:
        try:
            deltas.append(next(writing))
        except StopIteration as finished:
            return "".join(deltas), finished.value


def check_copy(
    task: Task[Any], inputs: Any, draft: Draft, source_id: str, fallback: str
) -> tuple[Draft, list[Claim], list[str]]:
    """Check an ad's or title's claims against its product; mend what fails.

    An ad loses the sentences that fail; a title gives way to one made by rule.

    Returns:
        The draft that may be shown, its claims, and notes on what of the model's was mended.
    """
    if task.labels(inputs):
        return draft, [], []
    sources = [(source_id, field, text) for field, text in task.source(inputs)]
    if isinstance(inputs, TitleInputs):
        return _check_title(inputs, draft, sources)
    claims = check_ad(draft.text, sources)
    if grounded(claims) and draft.text:
        return draft, claims, []
    absent = ", ".join(claim.text for claim in claims if claim.verdict == "not_in_record")
    wrong = ", ".join(claim.text for claim in claims if claim.verdict == "contradicted")
    kept = keep_supported(draft.text, claims)
    reasons = [f"the record does not hold it: {absent}"] if absent else []
    reasons += [f"the record says otherwise: {wrong}"] if wrong else []
    note = f"Left out, since {'; '.join(reasons)}."
    if not kept:
        failed = ", ".join(filter(None, (absent, wrong)))
        why = f" ({failed})" if failed else ""
        instead = "this is the record's own title" if fallback else "this is made of its record"
        note = f"Nothing of the draft passed the check{why}; {instead}."
    text = kept or fallback
    return replace(draft, text=text), check_ad(text, sources), [note]


def _check_title(
    inputs: TitleInputs, draft: Draft, sources: Sequence[tuple[str, str, str]]
) -> tuple[Draft, list[Claim], list[str]]:
    """Check a title; one that fails, or leaves a true word of the query out, is made by rule."""
    claims = check_title(draft.text, sources)
    record = inputs.product.record
    wanted = true_words(inputs.query, record)
    missing = [word for word in wanted if not holds(draft.text, word)]
    brand = record.brand if record.brand.casefold() in record.title.casefold() else ""
    if brand and brand.casefold() not in draft.text.casefold():
        missing.insert(0, brand)
    segments = [part.strip().casefold() for part in draft.text.split(",")]
    twice = sorted({part for part in segments if segments.count(part) > 1})
    if grounded(claims) and not missing and not twice:
        return draft, claims, []
    failed = [claim.text for claim in claims if claim.verdict != "supported"]
    reasons = [f"not in the record: {', '.join(failed)}"] if failed else []
    reasons += [f"left out: {', '.join(missing)}"] if missing else []
    reasons += [f"said twice: {', '.join(twice)}"] if twice else []
    text = rewrite_title(inputs.query, record, inputs.limit)
    note = f"The model's title failed the check ({'; '.join(reasons)}); this one is made by rule."
    return replace(draft, text=text), check_title(text, sources), [note]


def check_reply(
    draft: Draft,
    used: Sequence[Evidence],
    question: str,
    *,
    is_value: IsValue | None = None,
    name_source: bool = False,
) -> tuple[Draft, list[Claim], list[str]]:
    """Check an answer against the evidence it was given; a failed one gives way to the record.

    Returns:
        The draft that may be shown, its claims, and notes for the user.
    """
    claims = check_answer(draft.text, used, question, is_value)
    if grounded(claims) or not used:
        return draft, claims, []
    failed = ", ".join(claim.text for claim in claims if claim.verdict != "supported")
    best = used[0]
    text = repair_answer(best, question, is_value=is_value, name_source=name_source)
    note = f"The model's draft failed the check ({failed}); these are the record's own words."
    return replace(draft, text=text), check_answer(text, used, question, is_value), [note]


def task_check(task: Task[Any], inputs: Any, draft: Draft) -> tuple[Draft, list[Claim], list[str]]:
    """Check a draft outside a chat, where the input line is all the evidence there is."""
    if task.name == "answer":
        evidence = [Evidence("", "", "passage", "passage", text, 1.0) for text in inputs.evidence]
        return draft, check_answer(draft.text, evidence, inputs.question), []
    record = inputs.product.record
    return check_copy(task, inputs, draft, record.id, record.title)
