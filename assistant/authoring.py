"""A turn that makes something of a product: an ad, a title, a category, a purchase intent."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from assistant import replies
from assistant.copywriting import Copy, finish_copy, further_copies, reordered, sampled
from assistant.model.values import GenerationSettings
from assistant.parameters import overruled, read_parameters, shown
from assistant.tasks import TASKS
from assistant.tasks.base import Task
from assistant.tasks.copy_inputs import MAX_VARIANTS, CopyInputs
from assistant.values import Citation, Draft, Event, Found
from assistant.wishes import Wishes, read_wishes
from assistant.work import Work
from catalog_index.product import Product

_SEEDS = 8
"""How far the seeds of two attempts at the same request lie apart."""


def author_turn(work: Work) -> Iterator[Event]:
    """Yield what was found, the draft as it is written, and the finished copy.

    Raises:
        TaskInputError: `work.turn.parameters` do not fit the task.
    """
    step = work.step
    work.focus = step.focus
    work.hits = tuple(
        {hit.id: hit for hit in (*step.products, *step.choices, *step.found)}.values()
    )[:6]
    work.retrieve_seconds = work.seconds()
    yield Found(work.hits, (), work.focus)
    if step.choices:
        text = replies.which_of(step.choices[:5], len(step.choices))
        yield work.done(Draft(text), choices=step.choices[:5], abstained=True)
        return
    if work.focus is None or not isinstance(work.focus.record, Product):
        yield work.done(Draft(replies.WHICH_PRODUCT), abstained=True)
        return
    task, record = TASKS[work.routed.intent], work.focus.record
    line = read_parameters(task.name, _request(work), record, work.hits)
    inputs = task.read(overruled(line, work.turn.parameters))
    work.parameters = shown(inputs)
    if isinstance(inputs, CopyInputs):
        yield from _copy(work, task, inputs)
        return
    draft = yield from work.write(task, inputs)
    yield work.done(draft, citations=(Citation(1, work.focus, ()),))


def _copy(work: Work, task: Task[Any], inputs: CopyInputs) -> Iterator[Event]:
    """Write an ad or a title, or several, and make them true and as asked."""
    wishes = read_wishes(_request(work))
    seed = _SEEDS * wishes.attempt
    draft = yield from _drafted(work, task, inputs, seed)
    if work.stop.is_set() or not work.verify:
        yield work.done(draft, citations=_cited(work, Copy(draft.text)))
        return

    def rewrite(told: Any, settings: GenerationSettings) -> Draft:
        return work.rewrite(task, told, settings)

    first = finish_copy(task, inputs, draft, rewrite, seed)
    copies, notes = further_copies(task, inputs, first, rewrite, seed)
    if work.stop.is_set():
        copies = [first]
    texts = [copy.text for copy in copies] if inputs.variants > 1 else []
    yield work.done(
        Draft(first.text),
        citations=_cited(work, first),
        claims=first.claims,
        notes=[*first.notes, *notes, *_beyond(wishes)],
        constraints=first.constraints,
        variants=texts,
    )


def _drafted(
    work: Work, task: Task[Any], inputs: CopyInputs, seed: int
) -> Generator[Event, None, Draft]:
    return (yield from work.write(task, reordered(inputs, seed), sampled(task.settings, seed)))


def _beyond(wishes: Wishes) -> list[str]:
    """Say that more versions were asked for than are made at once."""
    if not wishes.too_many:
        return []
    return [f"{wishes.too_many} versions were asked for; at most {MAX_VARIANTS} are made at once."]


def _cited(work: Work, copy: Copy) -> tuple[Citation, ...]:
    """Cite the product, with the fields that the copy's claims stand on."""
    assert work.focus is not None
    fields = dict.fromkeys(claim.field for claim in copy.claims if claim.field)
    return (Citation(1, work.focus, tuple(fields)),)


def _request(work: Work) -> str:
    """Return the words to read parameters from: with those of the request that goes on."""
    step = work.step
    return step.question if step.is_rewritten else step.message
