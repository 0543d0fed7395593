"""The record's own words as an answer: one field, several, or a page's sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from assistant.grounding.stance import IsValue, is_yes_no, stance
from retrieval.values import Evidence

_BOOLEAN = {"yes": True, "no": False}
_AS_GOOD = 0.85
_SHORT_SECTION = 110
"""How many words a section of a page has that is quoted whole."""

_MOST_SECTIONS = 2
_BULLET = re.compile(r"^\s*[-*+]\s+")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-zà-ÿ]{3,}(?: [A-Z][a-zà-ÿ]+)*")


def repair_answer(
    evidence: Evidence,
    question: str = "",
    *,
    is_value: IsValue | None = None,
    name_source: bool = False,
) -> str:
    """Say one piece of evidence in the record's own words.

    Args:
        evidence: the piece to say.
        question: what was asked; a yes or no to it comes first where the evidence decides it.
        is_value: see `stance`.
        name_source: also say which product it is of, where the question left that open.
    """
    if evidence.field in ("passage", "description"):
        return with_heading(evidence)
    stated = _BOOLEAN.get(evidence.text)
    field = f"{evidence.field[:1].upper()}{evidence.field[1:]}"
    if is_yes_no(question) and (decided := stance(question, evidence, is_value)) != "open":
        said = "Yes. " if decided == "supported" else "No. "
    else:
        said = "" if stated is None else "Yes. " if stated else "No. "
    of_what = f" ({evidence.source_title})" if name_source else ""
    return f"{said}{field}: {evidence.text}{of_what}."


def statement(evidence: Evidence) -> str:
    """Say what a field holds, and no more: "Waterproof: no."."""
    if evidence.field in ("passage", "description"):
        return with_heading(evidence)
    return f"{evidence.field[:1].upper()}{evidence.field[1:]}: {evidence.text}."


def with_heading(evidence: Evidence) -> str:
    """Say a sentence with the heading it stands under, without which it may mean too much."""
    if evidence.kind == "product":
        return evidence.text
    return f"{heading(evidence)}: {evidence.text}"


def heading(evidence: Evidence) -> str:
    """Return the innermost heading that a page's sentence stands under."""
    return evidence.source_title.rpartition(": ")[2].rpartition(" > ")[2]


def to_quote(used: Sequence[Evidence], question: str) -> list[Evidence]:
    """Return the evidence to be quoted instead of written about; none where one field answers.

    Sentences of the shop's pages are always quoted, and so are several fields that one question
    asks for ("in the microwave and the dishwasher").
    """
    if used[0].kind == "passage":
        return [item for item in used if item.kind == "passage"]
    fields = [item for item in used if item.score >= _AS_GOOD * used[0].score]
    joined = re.search(r"\b(and|or|both)\b", question, re.I)
    return fields if joined and len(fields) > 1 else []


def quote(evidence: Sequence[Evidence], question: str = "", *, name_source: bool = False) -> str:
    """Say pieces of evidence as they stand, a line each where there are several."""
    if len(evidence) == 1:
        return repair_answer(evidence[0], question, name_source=name_source)
    if evidence[0].kind == "product":
        return "\n".join(
            f"- {repair_answer(item, question, name_source=name_source)}" for item in evidence
        )
    return quote_pages(evidence, {})


def quote_pages(evidence: Sequence[Evidence], texts: Mapping[str, str]) -> str:
    """Say what the shop's pages say, a section each; a short section is said whole.

    Args:
        evidence: sentences of passages, the best first.
        texts: the whole text of each passage, by id, where it is known.
    """
    sections: dict[str, list[Evidence]] = {}
    for item in evidence:
        sections.setdefault(item.source_id, []).append(item)
    said = []
    for source, items in list(sections.items())[:_MOST_SECTIONS]:
        whole = texts.get(source, "")
        lines = [f"- {_BULLET.sub('', item.text)}" for item in sorted(items, key=_place(whole))]
        if whole and len(whole.split()) <= _SHORT_SECTION:
            lines = [line for line in whole.splitlines() if line.strip()]
        said.append(f"{heading(items[0])}:\n" + "\n".join(lines))
    return "\n\n".join(said)


def _place(whole: str) -> Callable[[Evidence], int]:
    """Return the sort key that puts sentences in the order of their page."""
    return lambda item: whole.find(item.text)


def proper_names(question: str) -> list[str]:
    """Return the capitalised names within a question: "Switzerland"."""
    return [match.group() for match in _NAME.finditer(question)]


def not_mentioned(question: str, evidence: Sequence[Evidence], texts: Mapping[str, str]) -> str:
    """Return the names of a question that its pages do not hold, "" where there is none.

    "Do you ship to Switzerland?": a table of other countries is no answer, and says so.
    """
    told = " ".join(
        f"{item.source_title} {item.text} {texts.get(item.source_id, '')}" for item in evidence
    ).casefold()
    names = proper_names(question)
    return ", ".join(dict.fromkeys(name for name in names if name.casefold() not in told))
