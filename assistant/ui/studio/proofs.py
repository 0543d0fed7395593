"""What is known of a text that a seller may keep: its claims, its length, whether it is as asked.

The same checks hold for a text as written and as edited by hand. Knows no page and no model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assistant.constraints import character_limit, check_constraints, sources_of
from assistant.copywriting import Copy
from assistant.grounding import check_ad, check_title, grounded
from assistant.tasks.base import Task
from assistant.tasks.copy_inputs import CopyInputs
from assistant.tasks.title import TitleInputs
from assistant.values import Claim, Constraint


@dataclass(frozen=True, slots=True)
class Proof:
    """A text with its checks. `before` is the record's own title where the text is to replace it.

    `limit` is the longest text in characters, 0 for none, and `rule` says who sets it.
    """

    text: str
    claims: tuple[Claim, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    notes: tuple[str, ...] = ()
    limit: int = 0
    rule: str = ""
    before: str = ""
    edited: bool = False

    @property
    def is_grounded(self) -> bool:
        """Whether no claim failed."""
        return grounded(self.claims)

    @property
    def is_too_long(self) -> bool:
        """Whether the text has more characters than it may."""
        return bool(self.limit) and len(self.text) > self.limit


def proof_of(inputs: CopyInputs, copy: Copy) -> Proof:
    """Return what is known of a text as it was written."""
    limit, rule = character_limit(inputs)
    return Proof(
        copy.text,
        copy.claims,
        copy.constraints,
        copy.notes,
        limit=limit,
        rule=rule,
        before=_before(inputs),
    )


def recheck(task: Task[Any], inputs: CopyInputs, text: str) -> Proof:
    """Return what is known of a text that someone edited."""
    sources = sources_of(inputs, task.source(inputs))
    check = check_title if isinstance(inputs, TitleInputs) else check_ad
    limit, rule = character_limit(inputs)
    return Proof(
        text,
        tuple(check(text, sources)),
        check_constraints(inputs, text, sources),
        limit=limit,
        rule=rule,
        before=_before(inputs),
        edited=True,
    )


def _before(inputs: CopyInputs) -> str:
    return inputs.product.record.title if isinstance(inputs, TitleInputs) else ""
