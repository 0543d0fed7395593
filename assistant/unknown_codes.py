"""A product code that a message names and no product bears."""

from __future__ import annotations

import re

from assistant.dialogue.step import Step

_CODE = re.compile(r"\b[A-Za-z]{2,4}-\d{4,}\b")


def unknown_code(message: str, step: Step) -> str:
    """Return the unknown code, "" where there is none or something else names the product."""
    if any(hit.exact for hit in step.found):
        return ""
    if step.unknown:
        return step.unknown
    if step.is_certain:
        return ""
    match = _CODE.search(message)
    return match.group() if match else ""
