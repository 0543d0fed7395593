"""A message that goes on with earlier turns: a choice, another version, the same text once more."""

from __future__ import annotations

from dataclasses import replace

from assistant.dialogue.naming import name_products, rarity_in, tied
from assistant.dialogue.products import (
    by_ids,
    fitting,
    fitting_variant,
    named_in,
    siblings,
)
from assistant.dialogue.references import Reference, asks_in_full, goes_on
from assistant.dialogue.refining import refined
from assistant.dialogue.state import DialogueState
from assistant.dialogue.step import Heard, Step
from assistant.intents import AUTHORING, Intent
from catalog_index.product import Product
from retrieval.registry import Retriever, understood
from retrieval.stems import stems
from retrieval.values import Hit

_SHORT_WORDS = 9
_NAMES_ANOTHER = 1.5
"""What a description must count for to be the name of another product."""


def chosen(retriever: Retriever, heard: Heard) -> Step | None:
    """Answer the waiting question for the product that a message chooses."""
    message, state, reference = heard.message, heard.state, heard.reference
    if not state.choices or len(message.split()) > _SHORT_WORDS or asks_in_full(message):
        return None
    offered = by_ids(retriever, state.choices)
    picked = [offered[at] for at in reference.positions if -len(offered) <= at < len(offered)]
    if not picked:
        named = name_products(message, offered, rarity_in(retriever))
        best = tied(named) if named else []
        picked = [best[0].hit] if len(best) == 1 else []
    if not picked:
        fits = fitting(reference.description, offered)
        picked = fits if len(fits) == 1 else []
    if len(picked) != 1:
        return None
    again = heard.instead(state.task or Intent.ANSWER.value)
    return again.about(picked, question=state.question, is_certain=True)


def once_more(retriever: Retriever, heard: Heard) -> Step | None:
    """Go on with what was being written: "make it shorter", "more playful", "another one"."""
    state, reference = heard.state, heard.reference
    if state.task not in AUTHORING or not state.products or not goes_on(heard.message):
        return None
    if reference.positions or reference.is_one or reference.is_comparison:
        return None
    request = f"{state.question}; {heard.message}" if state.question else heard.message
    products = by_ids(retriever, state.products[:1])
    return heard.instead(state.task).about(products, question=request, is_certain=True)


def refined_search(retriever: Retriever, heard: Heard) -> str:
    """Return the search before with this message's conditions, "" where it goes elsewhere."""
    if not heard.state.query:
        return ""
    old, new = (understood(retriever, text) for text in (heard.state.query, heard.message))
    if old is None or new is None:
        return ""
    is_last = heard.state.task == Intent.SEARCH
    is_bare = new.only_filters and not heard.reference.is_one
    return refined(old, new, heard.reference) if is_last or is_bare else ""


def switched(retriever: Retriever, heard: Heard, before: Hit) -> Step | None:
    """Ask the question before of another version, or of another product: "and the red one?"."""
    state, reference = heard.state, heard.reference
    if not isinstance(before.record, Product):
        return None
    again = heard.instead(state.task if state.task in (*AUTHORING, Intent.ANSWER) else "")
    question = state.question or heard.message
    description = reference.description
    if there := pointed(retriever, reference, state):
        return again.about(there[:1], question=question, is_certain=True)
    names_field = not reference.is_one and _names_field(description, before.record)
    if not description or names_field:
        return None
    if reference.is_one and fitting(description, [before]):
        return again.about([before], question=question, is_certain=True)
    if other := _other_product(retriever, heard, before):
        return again.about([other], question=question, is_certain=True)
    if variant := fitting_variant(description, before.record):
        asked = f"{question} ({variant.name()})"
        return again.about([before], question=asked, is_certain=True)
    if not reference.is_one:
        return None
    step = again.about([before], question=question, is_certain=True)
    return replace(step, missing=description)


def _other_product(retriever: Retriever, heard: Heard, before: Hit) -> Hit | None:
    """Return the product that a description means: of the list, a sibling, or a named one."""
    description = heard.reference.description
    among = fitting(description, by_ids(retriever, heard.state.listed))
    if len(among) == 1 and among[0].id != before.id:
        return among[0]
    if isinstance(before.record, Product) and fitting_variant(description, before.record):
        return None
    if alike := siblings(retriever, before, description):
        return alike[0]
    others = named_in(retriever, description, heard.found)
    if len(others) == 1 and others[0].weight >= _NAMES_ANOTHER:
        return others[0].hit
    return None


def pointed(retriever: Retriever, reference: Reference, state: DialogueState) -> list[Hit]:
    """Return the products at the places that a message points at."""
    ids = state.listed or state.mentioned
    there = [ids[at] for at in reference.positions if -len(ids) <= at < len(ids)]
    return by_ids(retriever, there)


def _names_field(description: str, record: Product) -> bool:
    """Whether a description is the name of one of the record's fields, or part of one."""
    wanted = stems(description)
    return bool(wanted) and any(wanted <= stems(name) for name, _ in record.fields())
