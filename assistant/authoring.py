"""A turn that makes something of a product: an ad, a title, a category, a purchase intent."""

from __future__ import annotations

from collections.abc import Iterator

from assistant import replies
from assistant.parameters import read_parameters
from assistant.tasks import TASKS
from assistant.values import Citation, Claim, Draft, Event, Found
from assistant.work import Work
from assistant.writing import check_copy
from catalog_index.product import Product


def author_turn(work: Work) -> Iterator[Event]:
    """Yield what was found, the draft as it is written, and the finished copy."""
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
    inputs = task.read(line)
    draft = yield from work.write(task, inputs)
    claims: list[Claim] = []
    notes: list[str] = []
    if not work.stop.is_set() and work.verify:
        draft, claims, notes = check_copy(task, inputs, draft, record.id, record.title)
    cited = (Citation(1, work.focus, tuple(claim.field for claim in claims if claim.field)),)
    yield work.done(draft, citations=cited, claims=claims, notes=notes)


def _request(work: Work) -> str:
    """Return the words to read parameters from: with those of the request that goes on."""
    step = work.step
    return step.question if step.is_rewritten else step.message
