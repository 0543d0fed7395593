"""Judges an answer by an item's gold: right, declined, contradicting the record, and why.

It reads the answer's text and citations alone, not what the answering system says of its own
claims.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.answers.contradictions import (
    COMPARATIVES,
    Said,
    contradiction,
    leader_told,
    topic_of,
)
from benchmarks.answers.items import ANY_PRODUCT, FOLLOW_UP, Fact, Item, Reply
from benchmarks.answers.reading import (
    asks_back,
    declines,
    first_sentence,
    polarity,
    states,
    stock_told,
    without,
)
from benchmarks.answers.shelf import tokens
from catalog_index.product import Product

_ROWS = 3
"""So many fields of both products make a comparison."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one item. `why` says what was missing, or what contradicted the record."""

    right: bool
    declined: bool
    contradicts: str = ""
    found: bool = True
    why: str = ""
    asked_back: bool = False


def judge(item: Item, reply: Reply) -> Verdict:
    """Judge one answer."""
    gold = item.gold
    declined = reply.abstained or declines(reply.answer)
    answer = Said(reply.answer, without(reply.answer, _names(item)), declined)
    found = _is_found(item, reply)
    if not declined and asks_back(reply.answer):
        return Verdict(False, False, found=found, why="asks back", asked_back=True)
    said, why = _JUDGES[gold.expected](item, answer)
    against = "" if declined else contradiction(item, answer)
    if said and not found and gold.expected not in ("refuse", "correct"):
        why = f"the right words, but cited {list(reply.citations)[:4]}"
    right = said and not against
    if gold.expected not in ("refuse", "correct"):
        right = right and found
    if against and not why:
        why = against
    return Verdict(right, declined, against, found, "" if right else why)


def _value(item: Item, answer: Said) -> tuple[bool, str]:
    wanted = str(item.gold.facts[0])
    if answer.declined and not any(_is_told(item, answer, fact) for fact in item.gold.facts):
        return False, f"declined; the record has {wanted}"
    if item.gold.field == "availability":
        told = stock_told(answer.text)
        return told == wanted, f"says {told or 'no state of stock'}; the record has {wanted}"
    if any(states(answer.text, fact) for fact in item.gold.facts):
        return True, ""
    return False, f"does not state {wanted}"


def _is_told(item: Item, answer: Said, fact: Fact) -> bool:
    """Whether an answer that also declines states a fact, and does not just repeat the question."""
    return states(answer.text, fact) and not states(item.message, fact)


def _polar(item: Item, answer: Said) -> tuple[bool, str]:
    gold = item.gold
    if answer.declined:
        return False, "declined; the record tells"
    of_value = not isinstance(gold.facts[0], bool)
    if of_value and any(states(answer.text, one) for one in gold.facts):
        agreed = polarity(first_sentence(answer.text), "")
        if gold.holds or agreed is not True:
            return True, ""
        return False, f"says yes to {gold.premise}"
    said = polarity(first_sentence(answer.text), "" if of_value else topic_of(gold))
    if said is gold.holds:
        return True, ""
    what = "neither yes nor no" if said is None else f"says {'yes' if said else 'no'}"
    return False, f"{what}; right is {'yes' if gold.holds else 'no'}"


def _compare(item: Item, answer: Said) -> tuple[bool, str]:
    gold = item.gold
    if all(states(answer.text, fact) for fact in gold.facts):
        return True, ""
    if gold.holds is not None:
        said = polarity(first_sentence(answer.text), " ".join(COMPARATIVES))
        if said is gold.holds and not answer.declined:
            return True, ""
    elif leader_told(item, answer) == 0:
        return True, ""
    values = " and ".join(map(str, gold.facts))
    return False, f"neither both values ({values}) nor the one that leads"


def _table(item: Item, answer: Said) -> tuple[bool, str]:
    gold = item.gold
    both = [
        field
        for field in gold.fields
        if all(_tells(answer.text, product, field) for product in gold.products)
    ]
    wanted = min(_ROWS, len(gold.fields))
    if len(both) >= wanted:
        return True, ""
    return False, f"{len(both)} of {len(gold.fields)} fields told of all products; {wanted} wanted"


def _passage(item: Item, answer: Said) -> tuple[bool, str]:
    if answer.declined:
        return False, "declined; a passage tells"
    folded = f" {' '.join(answer.text.casefold().split())} "
    words = set(tokens(folded))
    for group in item.gold.says:
        choices = group.casefold().split("|")
        if not any(one in words if one.isalnum() else one in folded for one in choices):
            return False, f"says none of {group}"
    return True, ""


def _refuse(item: Item, answer: Said) -> tuple[bool, str]:
    why = f"answers; the record does not tell {item.gold.field}"
    return answer.declined, "" if answer.declined else why


def _correct(item: Item, answer: Said) -> tuple[bool, str]:
    """A false premise is met by declining, by the true value, or by denying it."""
    gold = item.gold
    if answer.declined:
        return True, ""
    for fact in gold.facts:
        if not isinstance(fact, bool) and states(answer.text, fact):
            return True, ""
    said = polarity(first_sentence(answer.text), topic_of(gold))
    if said is False and (gold.facts or gold.premise is not None):
        return True, ""
    return False, f"takes {gold.field} = {gold.premise} for granted"


_JUDGES = {
    "value": _value,
    "polarity": _polar,
    "compare": _compare,
    "table": _table,
    "passage": _passage,
    "refuse": _refuse,
    "correct": _correct,
}


def _is_found(item: Item, reply: Reply) -> bool:
    """Whether the answer stands on the right record; for follow-ups, on that one first."""
    gold = item.gold
    cited = set(reply.citations)
    if gold.expected == "passage":
        on_record = ANY_PRODUCT in gold.passages and any("#" not in one for one in cited)
        return on_record or bool(cited & set(gold.passages))
    ids = [product.id for product in gold.products]
    if gold.expected in ("compare", "table"):
        return cited.issuperset(ids)
    if item.kind == FOLLOW_UP and reply.focus:
        return reply.focus == ids[0] or ids[0] in cited
    return ids[0] in cited


def _names(item: Item) -> list[str]:
    """Return how the products are called, so that numbers in names count for nothing."""
    names = []
    for product in item.gold.products:
        names += [product.title, product.id, product.mpn, product.sku]
        words = product.title.split()
        names += [" ".join(words[:size]) for size in (10, 8) if len(words) > size]
    return names


def _tells(text: str, product: Product, field: str) -> bool:
    if field == "price":
        cost = product.sale_price or product.price
        return cost is not None and states(text, cost)
    if field == "brand":
        return set(tokens(product.brand)) <= set(tokens(text))
    value = product.attributes[field]
    if isinstance(value, bool):
        return bool(set(tokens(field)) & set(tokens(text)))
    return states(text, value)
