"""What the catalog says of a text that was written without it, or without its checks.

The record that a grounded column found is the measure for the others: their claims are checked
against it after they have ended, and marked as checked afterwards. Changes no text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.grounding import check_ad, check_answer, check_title
from assistant.intents import Intent
from assistant.stage.values import Column
from assistant.values import Answer, Claim
from catalog_index.product import Product

_LIST_MARK = re.compile(r"^\s*\d{1,2}[.)]\s+", re.M)


def judged(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns of a finished round with the claims of all that can be checked."""
    measure = next((column.answer for column in columns if _found(column)), None)
    return tuple(
        _judge(column, measure) if measure is not None and _is_open(column) else column
        for column in columns
    )


def distinct(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Keep the first verdict on the same words."""
    kept: dict[str, Claim] = {}
    for claim in claims:
        kept.setdefault(claim.text.casefold(), claim)
    return tuple(kept.values())


def _found(column: Column) -> bool:
    """Whether a column's answer stands on one product or on evidence."""
    answer = column.answer
    if answer is None or answer.stopped or answer.choices or answer.table:
        return False
    return isinstance(getattr(answer.focus, "record", None), Product) or bool(answer.evidence)


def _is_open(column: Column) -> bool:
    """Whether nothing checked a column's text yet."""
    if column.status != "done" or not column.text.strip():
        return False
    return column.system.grounding != "checked"


def _judge(column: Column, measure: Answer) -> Column:
    return replace(column, claims=claims_of(column.text, measure), judged_after=True)


def claims_of(text: str, measure: Answer) -> tuple[Claim, ...]:
    """Return a text's claims by the record and the evidence of an answer to the same prompt.

    What a text leaves unsaid ("weight") is no claim of it.
    """
    record = measure.focus.record if measure.focus else None
    text = _LIST_MARK.sub("", text)
    if isinstance(record, Product):
        sources = [(record.id, "id", record.id)]
        sources += [(record.id, field, value) for field, value in record.fields()]
        if measure.intent == Intent.TITLE and "\n" not in text.strip():
            return tuple(check_title(text, sources))
        claims = check_ad(text, sources)
    else:
        claims = []
    if measure.intent == Intent.ANSWER and measure.evidence and not measure.abstained:
        told = check_answer(text, measure.evidence, measure.message)
        claims = [*told, *claims]
    folded = text.casefold()
    return distinct(
        [claim for claim in claims if claim.text.casefold() in folded and not _is_silence(claim)]
    )


def _is_silence(claim: Claim) -> bool:
    """Whether a claim says that a field's value is not told."""
    return claim.verdict == "not_in_record" and claim.text.casefold() == claim.field.casefold()
