"""Two or three products side by side: which is heavier, and in what their records differ.

Deterministic: no model writes here. A comparative names the field and which end of it is meant;
amounts are compared with unit arithmetic.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.evidence_use import bears
from assistant.grounding.amounts import numbers
from assistant.grounding.stance import is_yes_no
from assistant.tasks.answer import ABSTENTION
from assistant.tasks.base import shorten
from assistant.values import Claim, Table
from catalog_index.product import Product
from retrieval.asked_field import Ranker
from retrieval.values import Evidence, Hit

_MOST_ROWS = 12
_LOOKED_AT = 4
_TITLE_WORDS = 9
_LONGEST_VALUE = 30
_APART = 0.005
_NO_NOUNS = ("than", "or", "and", "of", "it", "the", "one", "item", "product")
_NOT_HELD = "not in the record"

_SCALES: tuple[tuple[str, str, int], ...] = (
    (r"heav(?:ier|iest)|weighs? (?:the )?(?:more|most)", "how heavy is it? weight", 1),
    (r"light(?:er|est)|weighs? (?:the )?(?:less|least)", "how heavy is it? weight", -1),
    (
        r"cheap(?:er|est)|less expensive|least expensive|costs? (?:the )?(?:less|least)|"
        r"lower (?:in )?price|lowest price|better value|best value|more affordable|save money",
        "price",
        -1,
    ),
    (
        r"(?:more|most) expensive|dear(?:er|est)|pric(?:i?er|iest)|costs? (?:the )?(?:more|most)|"
        r"higher (?:in )?price",
        "price",
        1,
    ),
    (r"(?:longer|better|longest|best|more) battery|lasts? (?:the )?long(?:er|est)|"
     r"runs? (?:the )?long(?:er|est)", "battery life", 1),
    (r"tall(?:er|est)", "height", 1),
    (r"wid(?:er|est)|broad(?:er|est)", "width", 1),
    (r"narrow(?:er|est)", "width", -1),
    (r"thinn(?:er|est)|slimm(?:er|est)", "thickness, depth", -1),
    (r"thick(?:er|est)", "thickness, depth", 1),
    (r"deep(?:er|est)", "depth", 1),
    (r"quiet(?:er|est)", "noise level", -1),
    (r"loud(?:er|est)|nois(?:ier|iest)", "noise level", 1),
    (r"bright(?:er|est)", "brightness", 1),
    (r"(?:more|most) powerful|strong(?:er|est)", "power", 1),
    (r"fast(?:er|est)|quick(?:er|est)", "speed", 1),
    (r"slow(?:er|est)", "speed", -1),
    (r"sharp(?:er|est)", "resolution", 1),
    (r"holds? (?:the )?(?:more|most)|room(?:ier|iest)", "capacity, volume", 1),
    (r"holds? (?:the )?(?:less|least)", "capacity, volume", -1),
    (r"newe(?:r|st)", "release date", 1),
)  # fmt: skip
_OF_NOUN = re.compile(
    r"\b(?:(?P<up>more|most|higher|highest|larger|largest|bigger|biggest|greater|greatest|longer|"
    r"longest|better|best|faster|fastest|stronger|wider|taller|heavier|thicker|deeper)|"
    r"(?P<down>less|least|fewer|fewest|lower|lowest|smaller|smallest|shorter|shortest|thinner|"
    r"slower|lighter))\s+(?P<noun>[a-z][\w -]{2,40}?)(?=\s*(?:[?,.:;]|$|\bthan\b|\bof\b|"
    r"\bbetween\b|"
    r"\bor\b|\bfrom\b))",
    re.I,
)
_BARE = (
    (r"long(?:er|est)", "length", 1),
    (r"short(?:er|est)", "length", -1),
    (r"bigg(?:er|est)|larg(?:er|est)", "size, diagonal, dimensions", 1),
    (r"small(?:er|est)", "size, diagonal, dimensions", -1),
)
_ASIDE = re.compile(
    r"\b(?:compar\w+|differen\w*|versus|vs|between|which|one|them|two|three|products?|items?|"
    r"articles?|numbers?|codes?|better|"
    r"best|than|table|side|both|please|show|me|the|and|or|with|it|in|of|by|to|what|is|are|do|does|"
    r"differ|how|first|second|third|other|these|those|this|that|for|terms|a|an|s)\b",
    re.I,
)
_TOPIC = re.compile(
    r"\b(?:their|differ(?:ence|ent|s)? in|in terms of|(?:when it comes|with regard) to|"
    r"(?:compare|difference (?:in|of)|same) the|which .{0,20}\b(?:has|have) the)\s+"
    r"(?P<topic>[a-z][\w -]{2,40})",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison says, the table beside it, and what both stand on."""

    text: str
    table: Table
    used: tuple[Evidence, ...]
    claims: tuple[Claim, ...]
    abstained: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a comparison asks for: a field in words, and 1 where more of it wins, -1 where less."""

    field: str
    sign: int
    words: str


def compare(question: str, asked: str, hits: Sequence[Hit], ranker: Ranker) -> Compared:
    """Compare products by what is asked, or as a whole.

    Args:
        question: the user's message.
        asked: the same without the products' names.
        hits: two or three products, in the order in which the message names them.
        ranker: finds the field that is asked for.
    """
    told = _compare(question, asked, hits, ranker)
    lines = "".join(f"\n- {line}" for line in told.table.lines())
    return replace(told, text=told.text + lines)


def _compare(question: str, asked: str, hits: Sequence[Hit], ranker: Ranker) -> Compared:
    scale = _scale(asked) or _noun(asked)
    if scale is None and not _topic(asked):
        return _whole(hits)
    field = scale.field if scale else _topic(asked)
    found = _of_one_field(field, hits, ranker)
    if found is None:
        return _unknown(field, hits, ranker) if scale else _whole(hits)
    if scale is None or not scale.sign:
        return _listed(found, hits)
    return _decided(question, scale, found, hits)


def _scale(asked: str) -> _Asked | None:
    noun = _OF_NOUN.search(asked)
    noun = noun if noun and noun["noun"].split()[0].lower() not in _NO_NOUNS else None
    for pattern, field, sign in _SCALES:
        if match := re.search(rf"\b(?:{pattern})\b", asked, re.I):
            covered = (
                noun and noun.start() <= match.start() < noun.end() and noun.end() > match.end()
            )
            if not covered:
                return _Asked(field, sign, match.group())
    return None


def _noun(asked: str) -> _Asked | None:
    match = _OF_NOUN.search(asked)
    if match and match["noun"].split()[0].lower() not in _NO_NOUNS:
        return _Asked(match["noun"].strip(), 1 if match["up"] else -1, match.group().strip())
    for pattern, field, sign in _BARE:
        if match := re.search(rf"\b(?:{pattern})\b", asked, re.I):
            return _Asked(field, sign, match.group())
    return None


def _topic(asked: str) -> str:
    """Return what a comparison is to be in, "" where it is of the whole: "compare their prices"."""
    match = _TOPIC.search(asked)
    return (
        " ".join(_ASIDE.sub(" ", re.sub(r"[^\w\s-]", " ", match["topic"])).split()) if match else ""
    )


def _of_one_field(field: str, hits: Sequence[Hit], ranker: Ranker) -> list[Evidence | None] | None:
    """Return each product's value of the one field that is asked for; None where none has it.

    The field that most of the products hold is taken, lest a weight be set against a width.
    """
    ranked = [
        [item for item in ranker.rank(f"what is the {field}?", [hit], _LOOKED_AT) if bears(item)]
        for hit in hits
    ]
    scores: dict[str, list[float]] = {}
    for items in ranked:
        for item in items:
            if item.kind == "product" and item.field != "description":
                scores.setdefault(item.field, []).append(item.score)
    if not scores:
        return None
    best = max(scores, key=lambda name: (len(scores[name]), sum(scores[name]), name))
    return [next((item for item in items if item.field == best), None) for items in ranked]


def _decided(
    question: str, scale: _Asked, found: Sequence[Evidence | None], hits: Sequence[Hit]
) -> Compared:
    held = [(item, hit) for item, hit in zip(found, hits, strict=True) if item is not None]
    name = held[0][0].field
    amounts = [(_amount(item), item, hit) for item, hit in held]
    table = Table(_columns(hits), (_row(name, hits), *_rows(hits, skip=name)))
    used = tuple(item for item, _ in held)
    claims = tuple(
        Claim(item.text, "supported", item.source_id, name, "comparison") for item in used
    )
    values = "; ".join(f"{_short(hit)}: {item.text}" for item, hit in held)
    if len(held) < len(hits):
        lacking = next(hit for item, hit in zip(found, hits, strict=True) if item is None)
        text = f"{ABSTENTION} The record of {_short(lacking)} does not hold {name}. {values}."
        return Compared(text, table, used, claims, abstained=True)
    known = [(amount[1], item, hit) for amount, item, hit in amounts if amount is not None]
    kinds = {amount[0] for amount, _, _ in amounts if amount is not None}
    if len(known) < len(hits) or len(kinds) > 1:
        return Compared(f"{name[:1].upper()}{name[1:]}: {values}.", table, used, claims)
    ordered = sorted(known, key=lambda one: -scale.sign * one[0])
    first, second = ordered[0], ordered[1]
    equal = abs(first[0] - second[0]) <= _APART * abs(first[0])
    asked_of_first = is_yes_no(question)
    opening = ""
    if asked_of_first:
        wins = not equal and first[2].id == hits[0].id
        opening = "Yes. " if wins else "No. "
    if equal and len({one[1].text for one in ordered}) <= len(ordered) - 1:
        return Compared(
            f"{opening}Both have the same {name}: {first[1].text}.", table, used, claims
        )
    others = "; ".join(f"{one[1].text} for {_short(one[2])}" for one in ordered[1:])
    more = (
        ("highest" if scale.sign > 0 else "lowest")
        if len(ordered) > 2
        else ("higher" if scale.sign > 0 else "lower")
    )
    said = f"{_short(first[2])} has the {more} {name}: {first[1].text}, against {others}."
    return Compared(opening + said, table, used, claims)


def _listed(found: Sequence[Evidence | None], hits: Sequence[Hit]) -> Compared:
    """Say the values of one field where nothing decides between them."""
    used = tuple(item for item in found if item is not None)
    name = used[0].field
    values = [
        f"{_short(hit)}: {item.text if item else _NOT_HELD}"
        for item, hit in zip(found, hits, strict=True)
    ]
    same = len({item.text for item in used}) == 1 and len(used) == len(hits)
    text = f"{name[:1].upper()}{name[1:]}: {'; '.join(values)}."
    text = f"The same {name}: {used[0].text}." if same else text
    table = Table(_columns(hits), (_row(name, hits), *_rows(hits, skip=name)))
    claims = tuple(
        Claim(item.text, "supported", item.source_id, name, "comparison") for item in used
    )
    return Compared(text, table, used, claims, abstained=len(used) < len(hits))


def _unknown(field: str, hits: Sequence[Hit], ranker: Ranker) -> Compared:
    """Say that no record holds what is asked for."""
    near = [item for hit in hits for item in ranker.rank(f"what is the {field}?", [hit], 2)]
    names = ", ".join(dict.fromkeys(item.field for item in near if item.field != "description"))
    text = f"{ABSTENTION} These records do not hold {field}"
    text += f"; the nearest that they list: {names}." if names else "."
    return Compared(text, Table(_columns(hits), _rows(hits)), (), (), abstained=True)


def _whole(hits: Sequence[Hit]) -> Compared:
    """Set whole records side by side, what differs first."""
    rows = _rows(hits)
    differing = [name for name, values in rows if len(set(values)) > 1 and _NOT_HELD not in values]
    told = ", ".join(differing[:5])
    names = " and ".join(_short(hit) for hit in hits)
    text = f"{names} side by side; they differ in {told}." if told else f"{names} side by side."
    fields = {name for name, _ in rows}
    used = tuple(
        Evidence(hit.id, hit.title, "product", name, text_, 1.0)
        for hit in hits
        if isinstance(hit.record, Product)
        for name, text_ in hit.record.fields()
        if name in fields
    )
    claims = tuple(
        Claim(item.text, "supported", item.source_id, item.field, "comparison") for item in used
    )
    return Compared(text, Table(_columns(hits), rows), used, claims)


def _columns(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(hit.title for hit in hits)


def _rows(hits: Sequence[Hit], skip: str = "") -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the rows that tell products apart: price first, differences, then what they share."""
    records = [dict(hit.record.fields()) for hit in hits if isinstance(hit.record, Product)]
    counts: dict[str, int] = {}
    for record in records:
        for name in record:
            counts[name] = counts.get(name, 0) + 1
    names = [
        name
        for name, count in counts.items()
        if count > 1
        and name not in ("title", "description", "gtin", "model number", skip)
        and not name.startswith("variant ")
        and all(len(record.get(name, "").split()) <= _LONGEST_VALUE for record in records)
    ]
    rows = [_row(name, hits) for name in names]
    rows.sort(key=lambda row: (row[0] != "price", len(set(row[1])) < 2, _NOT_HELD in row[1]))
    return tuple(rows[:_MOST_ROWS])


def _row(name: str, hits: Sequence[Hit]) -> tuple[str, tuple[str, ...]]:
    records = [dict(hit.record.fields()) for hit in hits if isinstance(hit.record, Product)]
    return name, tuple(record.get(name, _NOT_HELD) for record in records)


def _amount(item: Evidence) -> tuple[str, float] | None:
    """Return what a field's first number measures and how much, in the canonical unit."""
    found = numbers(item.text)
    if not found:
        return None
    measure = found[0].measure()
    if measure is not None:
        return measure.dimension, measure.amount
    return found[0].unit, found[0].value


def _short(hit: Hit) -> str:
    return f"{shorten(hit.title, _TITLE_WORDS).removesuffix(' ...')} ({hit.id})"
