"""Copy from draft to what may be published: true first, then as asked, then in several versions.

A draft that fails what was asked is written once more with its failure told, and what fails still
is mended by rule or shown. Further versions are sampled, each checked and mended like the first.
Knows no turn; the model comes as a function that writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from assistant.constraints import (
    character_limit,
    check_constraints,
    invented,
    sources_of,
    unmet,
)
from assistant.grounding import check_ad, check_title, grounded
from assistant.mending import mend_ad, mend_title, plain_ad, varied_title
from assistant.model.values import GenerationSettings
from assistant.tasks import TASKS
from assistant.tasks.ads import AdsInputs
from assistant.tasks.base import ProductInput, Task, TaskInputError
from assistant.tasks.copy_inputs import CopyInputs
from assistant.tasks.metrics import rouge_l
from assistant.tasks.title import TitleInputs
from assistant.values import Claim, Constraint, Draft
from assistant.writing import TextEngine, check_copy, finish, task_check, write

NEAR_COPY = 0.8
"""ROUGE-L above which two versions count as one."""

_TEMPERATURE, _TOP_P = 0.6, 0.9
_REWRITTEN = frozenset({"keep", "avoid", "words", "sentences", "characters", "platform"})


@dataclass(frozen=True, slots=True)
class Copy:
    """A text that may be published, with what is known of it."""

    text: str
    claims: tuple[Claim, ...] = ()
    notes: tuple[str, ...] = ()
    constraints: tuple[Constraint, ...] = ()


class Rewrite(Protocol):
    """Lets the model write for a task's inputs, without showing it as it is made."""

    def __call__(self, inputs: Any, settings: GenerationSettings, /) -> Draft:
        """Return the draft."""
        ...


def is_constrained(inputs: CopyInputs) -> bool:
    """Whether anything is asked of the text beyond its task."""
    return inputs.is_limited or bool(character_limit(inputs)[1])


def sampled(settings: GenerationSettings, seed: int) -> GenerationSettings:
    """Return a task's settings for a version that is to differ; seed 0 keeps them."""
    if not seed:
        return settings
    return replace(settings, temperature=_TEMPERATURE, top_p=_TOP_P, seed=seed)


def reordered(inputs: CopyInputs, start: int) -> Any:
    """Return the inputs with other attributes of the record first, so that others are told."""
    record = inputs.product.record
    items = list(record.attributes.items())
    if not items or not start:
        return inputs
    turned = (start * 3) % len(items)
    changed = replace(record, attributes=dict(items[turned:] + items[:turned]))
    return inputs.model_copy(update={"product": ProductInput.model_validate(changed)})


def finish_copy(
    task: Task[Any], inputs: CopyInputs, draft: Draft, rewrite: Rewrite | None = None, seed: int = 0
) -> Copy:
    """Check a draft and make it do what was asked.

    Args:
        task: ads or title.
        inputs: the product, and what was asked of the text.
        draft: what the model wrote.
        rewrite: writes once more where the draft fails; None only mends.
        seed: which version it is; others start with other facts.
    """
    record = inputs.product.record
    sources = sources_of(inputs, task.source(inputs))
    checked, claims, notes = check_copy(task, inputs, draft, record.id, "")
    failing = unmet(check_constraints(inputs, checked.text, sources))
    if rewrite and any(one.name in _REWRITTEN and not _too_short(one) for one in failing):
        told = inputs.model_copy(update={"instruction": _told(task, inputs, failing)})
        again, _, notes_again = check_copy(
            task, inputs, rewrite(told, task.settings), record.id, ""
        )
        left = unmet(check_constraints(inputs, again.text, sources))
        if again.text and len(left) < len(failing):
            notes = [*notes_again, "Written once more, since the first draft did not do all asked."]
            checked, failing = again, left
    if isinstance(inputs, AdsInputs):
        text = mend_ad(checked.text or plain_ad(inputs, sources, seed), inputs, sources, seed)
        claims = check_ad(text, sources)
    else:
        assert isinstance(inputs, TitleInputs)
        text = mend_title(checked.text or record.title, inputs, sources)
        claims = check_title(text, sources)
    if isinstance(inputs, AdsInputs) and (made_up := invented(checked.text, sources)):
        notes = [*notes, f"Left out, since the record does not hold it: {made_up}."]
    if text != checked.text and checked.text:
        what = ", ".join(one.asked for one in failing)
        why = f"Mended by rule ({what})" if what else "Filled up"
        notes = [*notes, f"{why} with words of the record."]
    constraints = check_constraints(inputs, text, sources)
    return Copy(text, tuple(claims), (*notes, *_failures(constraints)), constraints)


def _too_short(constraint: Constraint) -> bool:
    """Whether a text only lacks words: the record's facts make it longer, the model would not."""
    count = int(constraint.detail.split()[0]) if constraint.detail[:1].isdigit() else 0
    least = constraint.asked.removeprefix("at least ").split()[0]
    return constraint.name in ("words", "sentences") and least.isdigit() and count < int(least)


def _told(task: Task[Any], inputs: CopyInputs, failing: Sequence[Constraint]) -> str:
    """Return the task's instruction with what the first draft failed."""
    own = inputs.instruction or (
        "Write an ad of one or two short sentences."
        if isinstance(inputs, AdsInputs)
        else "Rewrite the product's title for the query, with facts of the record only."
    )
    wanted = "; ".join(one.asked for one in failing)
    return f"{own} It must be so: {wanted}."


def _failures(constraints: Sequence[Constraint]) -> list[str]:
    """Say what the text does not do, each in a sentence."""
    notes = []
    for one in constraints:
        if one.met is False:
            why = f": {one.detail}" if one.detail else ""
            notes.append(f"Not met: {one.asked}{why}.")
    return notes


def further_copies(
    task: Task[Any], inputs: CopyInputs, first: Copy, rewrite: Rewrite, seed: int = 0
) -> tuple[list[Copy], list[str]]:
    """Return the other versions that were asked for, and notes on those that could not be made.

    A version that is nearly one that is there already gives way to one made by rule from other
    facts; where that is near too, it is dropped.
    """
    copies = [first]
    sources = sources_of(inputs, task.source(inputs))
    for number in range(1, inputs.variants):
        start = seed + number
        if isinstance(inputs, AdsInputs):
            draft = rewrite(reordered(inputs, start), sampled(task.settings, start))
            made = finish_copy(task, inputs, draft, seed=start)
            if _is_near(made.text, copies):
                plain = Draft(plain_ad(inputs, sources, start))
                made = finish_copy(task, inputs, plain, seed=start)
        else:
            assert isinstance(inputs, TitleInputs)
            made = Copy("")
            for other in range(start, start + 4):
                text = varied_title(inputs, sources, other)
                claims = tuple(check_title(text, sources))
                made = Copy(text, claims, (), check_constraints(inputs, text, sources))
                if text and not _is_near(text, copies):
                    break
        if made.text and not _is_near(made.text, copies):
            copies.append(made)
    lacking = inputs.variants - len(copies)
    note = (
        f"{len(copies)} of {inputs.variants} versions: the record holds too little for more that"
        " differ."
    )
    return copies, [note] if lacking else []


def _is_near(text: str, copies: Sequence[Copy]) -> bool:
    return any(rouge_l(text, other.text) > NEAR_COPY for other in copies)


def author(
    engine: TextEngine, task_name: str, line: Mapping[str, Any], *, adapter: bool = True
) -> dict[str, Any]:
    """Do one `llama-e author` input line and return its output line.

    Raises:
        TaskInputError: there is no such task, or the line does not fit it.
        AssistantError: the model failed.
    """
    if task_name not in TASKS:
        raise TaskInputError(f"There is no task {task_name!r}. Tasks: {', '.join(TASKS)}.")
    task = TASKS[task_name]
    inputs = task.read({key: value for key, value in line.items() if key != "id"})
    _, draft = finish(write(engine, task, inputs, adapter=adapter))
    output: dict[str, Any] = {"id": line["id"]} if "id" in line else {}
    if isinstance(inputs, CopyInputs) and is_constrained(inputs):
        return output | _constrained(engine, task, inputs, draft, adapter=adapter)
    draft, claims, notes = task_check(task, inputs, draft)
    output["output"] = draft.text
    if task.labels(inputs):
        output["label"] = draft.label
    output |= _judged(claims)
    if notes:
        output["notes"] = notes
    return output


def _constrained(
    engine: TextEngine, task: Task[Any], inputs: CopyInputs, draft: Draft, *, adapter: bool
) -> dict[str, Any]:
    """Return the output of a line that asks something of its text."""

    def rewrite(told: Any, settings: GenerationSettings) -> Draft:
        return finish(write(engine, task, told, adapter=adapter, settings=settings))[1]

    first = finish_copy(task, inputs, draft, rewrite)
    copies, notes = further_copies(task, inputs, first, rewrite)
    output: dict[str, Any] = {"output": first.text, **_judged(first.claims)}
    output["constraints"] = [constraint.to_json() for constraint in first.constraints]
    if inputs.variants > 1:
        output["variants"] = [copy.text for copy in copies]
    if notes := [*first.notes, *notes]:
        output["notes"] = notes
    return output


def _judged(claims: Sequence[Claim]) -> dict[str, Any]:
    told = [{"text": claim.text, "verdict": claim.verdict} for claim in claims]
    return {"grounded": grounded(claims), "claims": told}
