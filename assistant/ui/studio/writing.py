"""Does a task for the studio and reports as it goes: drafts while they are written, then proofs.

The model works in a thread of its own, so that the page can be told a few times a second; leaving
the iterator stops it. Knows no page.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.copywriting import Copy, finish_copy, further_copies, reordered, sampled
from assistant.evidence_use import bears, fact, fitting
from assistant.model.values import GenerationSettings
from assistant.tasks import TASKS
from assistant.tasks.base import Task
from assistant.tasks.copy_inputs import CopyInputs
from assistant.ui.studio.proofs import Proof, proof_of
from assistant.values import Draft
from assistant.writing import TextEngine, check_reply, write
from catalog_index.product import Product
from retrieval.asked_field import Ranker
from retrieval.values import Evidence, Hit

_SEEDS = 8
"""How far the seeds of two attempts at the same request lie apart."""
_BETWEEN = 0.2
_MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the writing is: the draft of each version begun; the proofs come at the end."""

    drafts: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()
    notes: tuple[str, ...] = ()
    is_done: bool = False


@dataclass(slots=True)
class _Desk:
    """What the thread that writes and the one that reports share."""

    drafts: list[str] = field(default_factory=list)
    proofs: list[Proof] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fault: BaseException | None = None
    changed: threading.Event = field(default_factory=threading.Event)

    def progress(self, *, is_done: bool = False) -> Progress:
        return Progress(tuple(self.drafts), tuple(self.proofs), tuple(self.notes), is_done)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer about a product, checked, with the fields that it stands on."""

    proof: Proof
    used: tuple[Evidence, ...] = ()


def write_versions(
    engine: TextEngine, task: Task[Any], inputs: CopyInputs, stop: threading.Event, attempt: int = 0
) -> Iterator[Progress]:
    """Yield how far the versions of an ad or a title are; the last has `is_done`, unless stopped.

    Args:
        engine: the model.
        task: ads or title.
        inputs: the product, and what is asked of the text; `variants` says how many versions.
        stop: ends the writing when set.
        attempt: how often the same was asked for before; others differ.

    Raises:
        AssistantError: the model failed.
    """
    desk = _Desk()

    def work() -> None:
        try:
            _write_all(engine, task, inputs, (desk, stop, attempt * _SEEDS))
        except BaseException as error:  # told where the page waits for it
            desk.fault = error
        finally:
            desk.changed.set()

    thread = threading.Thread(target=work, name="studio", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(_BETWEEN)
            yield desk.progress()
    finally:
        if thread.is_alive():
            stop.set()
        thread.join()
    if desk.fault is not None:
        raise desk.fault
    if not stop.is_set():
        yield desk.progress(is_done=True)


def _write_all(
    engine: TextEngine,
    task: Task[Any],
    inputs: CopyInputs,
    shared: tuple[_Desk, threading.Event, int],
) -> None:
    """Write the first version, then the others."""
    desk, stop, seed = shared

    def written(told: Any, settings: GenerationSettings) -> Draft:
        writing = write(engine, task, told, stop=stop, settings=settings)
        while True:
            try:
                desk.drafts[-1] += next(writing)
            except StopIteration as finished:
                draft: Draft = finished.value
                return draft

    def rewrite(told: Any, settings: GenerationSettings) -> Draft:
        if desk.proofs:
            desk.drafts.append("")
        else:
            desk.drafts[-1] = ""
        return written(told, settings)

    desk.drafts.append("")
    draft = written(reordered(inputs, seed), sampled(task.settings, seed))
    first: Copy = finish_copy(task, inputs, draft, rewrite, seed)
    if stop.is_set():
        return
    desk.proofs.append(proof_of(inputs, first))
    copies, notes = further_copies(task, inputs, first, rewrite, seed)
    desk.proofs += [proof_of(inputs, copy) for copy in copies[1:]]
    desk.notes += notes


def label_shares(
    engine: TextEngine, task: Task[Any], inputs: Any, stop: threading.Event
) -> list[tuple[str, float]]:
    """Return each label with the model's belief in it, in [0, 1], the strongest first.

    Raises:
        GenerationStopped: `stop` was set.
        AssistantError: the model failed.
    """
    labels = list(dict.fromkeys(task.labels(inputs)))
    scores = engine.score_labels(task.prompt(inputs).messages(), labels, stop=stop)
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    whole = sum(weights)
    shares = [(label, weight / whole) for label, weight in zip(labels, weights, strict=True)]
    return sorted(shares, key=lambda share: -share[1])


def answer_about(
    engine: TextEngine, ranker: Ranker, product: Product, question: str, stop: threading.Event
) -> Iterator[str | Answered]:
    """Yield the text of an answer from a product's fields as it grows, then the checked answer.

    Raises:
        AssistantError: the model failed.
    """
    task = TASKS["answer"]
    ranked = ranker.rank(question, [Hit(product, 1.0)], _MOST_EVIDENCE)

    def inputs_of(facts: list[str]) -> Any:
        return task.read({"question": question, "evidence": facts})

    used = fitting(
        [item for item in ranked if bears(item)],
        lambda facts: engine.count_tokens(task.prompt(inputs_of(list(facts))).messages()),
    )
    writing = write(engine, task, inputs_of([fact(item) for item in used]), stop=stop)
    text = ""
    while True:
        try:
            text += next(writing)
        except StopIteration as finished:
            draft: Draft = finished.value
            break
        yield text
    checked, claims, notes = check_reply(draft, used, question)
    yield Answered(Proof(checked.text, tuple(claims), (), tuple(notes)), tuple(used))
