"""A text as HTML with its claims marked, and a title beside the one before it. Strings only."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.tasks.metrics import words
from assistant.ui.markup import text as shown
from assistant.values import Claim

VERDICTS = {
    "supported": "in the record",
    "not_in_record": "not in the record",
    "contradicted": "the record says otherwise",
}
_REQUEST = "request"
"""The field of what was asked for: it may be said, but is no fact of the record."""
_RANK = {"contradicted": 0, "not_in_record": 1, "supported": 2}


def told(claim: Claim) -> str:
    """Say what the check found of a claim, and where."""
    if claim.field == _REQUEST:
        return "in your request, not in the record"
    return VERDICTS[claim.verdict] + (f": {claim.field}" if claim.field else "")


def css_of(claim: Claim) -> str:
    """Return the class by which a claim's mark is drawn."""
    return "st-requested" if claim.field == _REQUEST else f"st-{claim.verdict}"


def marked(
    text: str,
    claims: Sequence[Claim],
    before: str | None = None,
    css: Callable[[Claim], str] = css_of,
) -> str:
    """Return a text with each claim in a `mark` that tells its verdict and its field.

    Args:
        text: the text.
        claims: what it claims.
        before: the text that it replaces: words that are new get an `ins`.
        css: gives the classes of a claim's mark.
    """
    old = None if before is None else set(words(before))
    parts: list[str] = []
    end = 0
    for start, stop, claim in _spans(text, claims):
        why = shown(told(claim))
        said = _added(text[start:stop], old)
        parts.append(_added(text[end:start], old))
        parts.append(f'<mark class="{css(claim)}" title="{why}">{said}</mark>')
        end = stop
    return "".join(parts) + _added(text[end:], old)


def dropped(before: str, after: str) -> str:
    """Return a text with the words struck out that the one after it has no more."""
    new = set(words(after))
    return _wrapped(before, "del", lambda word: not new.issuperset(words(word)))


def _spans(text: str, claims: Sequence[Claim]) -> list[tuple[int, int, Claim]]:
    """Find each claim's words; where claims overlap, the failed one and then the longer stays."""
    taken: list[tuple[int, int, Claim]] = []
    for claim in sorted(claims, key=lambda one: (_RANK[one.verdict], -len(one.text))):
        if not claim.text.strip():
            continue
        pattern = rf"(?<!\w)(?<!\d[.,]){re.escape(claim.text)}(?!\w|[.,]\d)"
        for found in re.finditer(pattern, text, re.I):
            start, stop = found.span()
            if all(stop <= other[0] or other[1] <= start for other in taken):
                taken.append((start, stop, claim))
    return sorted(taken, key=lambda span: span[0])


def _added(text: str, old: set[str] | None) -> str:
    if old is None:
        return shown(text)
    return _wrapped(text, "ins", lambda word: not old.issuperset(words(word)))


def _wrapped(text: str, tag: str, wanted: Callable[[str], bool]) -> str:
    """Put each run of words that are wanted into a tag; white space stays as it is."""
    html: list[str] = []
    for part in re.findall(r"\s+|\S+", text):
        is_open = bool(html) and html[-1] == f"</{tag}>"
        if part.strip() and wanted(part):
            if is_open:
                html.pop()
            html += (
                [shown(part), f"</{tag}>"] if is_open else [f"<{tag}>", shown(part), f"</{tag}>"]
            )
        elif is_open and not part.strip() and len(html) > 1:
            html.insert(-1, part)  # between two words of a run, or taken out again below
        else:
            html.append(shown(part))
    return re.sub(rf"(\s+)</{tag}>", rf"</{tag}>\1", "".join(html))
