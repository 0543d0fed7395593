"""Words that need no model: greetings, refusals, result lists. Everything else LLaMA-E writes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.intents import Intent
from assistant.tasks.answer import ABSTENTION
from catalog_index.product import Product
from retrieval.values import Evidence, Hit

if TYPE_CHECKING:
    from retrieval.understanding import Understood

_LISTED = 5
_TITLE_WORDS = 10
_LISTED_WORDS, _LISTED_CHARACTERS = 24, 200
"""The longest title that a list shows whole."""
_NAME_WORDS, _NAME_CHARACTERS = 12, 80
_REASONS, _LONGEST_REASON = 2, 60
_SAID_ANYWAY = ("title", "price", "availability", "description", "gtin", "stock")

CHITCHAT = (
    "Hello, I am LLaMA-E. I answer questions about the items and policies in this catalog and show"
    " the record behind each answer. I also find products, write ads, improve titles, classify"
    " items and judge purchase intent. Try “is the … waterproof” or paste a product id."
)
OUT_OF_SCOPE = (
    "That is outside what I can answer from the catalog: I see products and shop policies, not"
    " orders, accounts or general advice. For those, please hand this over to a colleague. I can"
    " answer about items, shipping, returns, warranty, payment, sizing and care."
)
_HANDED_OVER = (
    (
        r"\b(?:my|an|the|this|our) (?:order|parcel|package|delivery|refund|invoice|account|payment|"
        r"subscription|basket)\b|\border (?:number|status|#)|\btrack(?:ing)?\b|\blog ?in\b|"
        r"\bpassword\b",
        "I cannot see orders, payments or accounts.",
    ),
    (
        r"\b(?:doctor|medic\w*|ibuprofen|aspirin|pregnan\w*|symptom\w*|disease|diagnos\w*|"
        r"dos(?:e|age)|"
        r"cure|treat\w*|side effects?|diabet\w*|infection|pain|rash)\b",
        "I give no medical advice.",
    ),
    (
        r"\b(?:legal\w*|lawyer|sue|lawsuit|court|liab\w*|tax(?:es)?|contract|gdpr|copyright|"
        r"patent)\b",
        "I give no legal or tax advice.",
    ),
)
"""What is asked of a person rather than a catalog, and how that is said."""

WHICH_PRODUCT = (
    "Which product is this for? Name it, paste its id, SKU or GTIN, or pick one from the records."
)
NOTHING_FOUND = "I found no product in the catalog for that. Try other words, or fewer of them."


def out_of_scope(message: str) -> str:
    """Say that a message is outside the catalog, why, and that a person can take it on."""
    why = next((said for pattern, said in _HANDED_OVER if re.search(pattern, message, re.I)), "")
    return f"{why} {OUT_OF_SCOPE}" if why else OUT_OF_SCOPE


def no_such_product(code: str) -> str:
    """Say that no product has a code."""
    return (
        f"There is no product {_brief(code)} in the catalog. Check the code, or name the product."
    )


def which_of(choices: Sequence[Hit], count: int) -> str:
    """Ask which of several products is meant."""
    lines = [f"{number}. {_line_of(hit)} [{hit.id}]" for number, hit in _numbered(choices)]
    more = "" if count <= len(choices) else f" The first {len(choices)} of {count}:"
    return (
        f"Which one do you mean?{more} Answer with its number, or say more of its name.\n\n"
        + "\n".join(lines)
    )


def no_such_version(description: str, hit: Hit) -> str:
    """Say that a product has no version that a description fits."""
    return f"The catalog lists no “{_brief(description)}” version of {_named(hit)}."


def pages_silent(names: str) -> str:
    """Say that the shop's pages that bear on a question do not hold its names."""
    return f"The shop's pages do not mention {_brief(names)}. The nearest that they say:"


def premise_denied(said: str) -> str:
    """Say what the record holds against what a question takes for granted."""
    return f"No, the record says otherwise. {said}"


def premise_absent(premise: str) -> str:
    """Say that the record does not hold what a question takes for granted."""
    return f"{ABSTENTION} Its record does not hold that “{_brief(premise)}”."


def abstention(nearest: Sequence[Evidence], focus: Hit | None) -> str:
    """Say that the catalog does not say, and which fields it does hold."""
    fields = list(dict.fromkeys(item.field for item in nearest if item.field != "passage"))[:4]
    headings = list(
        dict.fromkeys(item.source_title for item in nearest if item.field == "passage")
    )[:2]
    if fields and focus is not None:
        listed = ", ".join(map(_brief, fields))
        return f"{ABSTENTION} The record of {_named(focus)} does list: {listed}."
    if headings:
        return f"{ABSTENTION} The nearest shop pages: {'; '.join(map(_brief, headings))}."
    return ABSTENTION


def result_list(hits: Sequence[Hit], asked: Understood | None = None) -> str:
    """List found products with price, availability and the reason for each.

    The list stands under what was understood of the query.
    """
    lines = [
        f"{number}. {_line(hit.record)}{_reason(hit, asked)}"
        for number, hit in enumerate(hits[:_LISTED], start=1)
        if isinstance(hit.record, Product)
    ]
    limits = [item.label for item in asked.filters] if asked else []
    if not lines:
        return f"Nothing in the catalog is {_listed(limits)}." if limits else NOTHING_FOUND
    noun = "product" if len(lines) == 1 else "products"
    told = f", {_listed(limits)}" if limits else ""
    order = f", by {asked.sort.replace(' ', ', ')}" if asked and asked.sort else ""
    return f"The nearest {noun} in the catalog{told}{order}:\n\n" + "\n".join(lines)


def _reason(hit: Hit, asked: Understood | None) -> str:
    """Say which of the record's fields meet the query: " - noise cancelling: yes"."""
    if not isinstance(hit.record, Product):
        return ""
    conditions = [*asked.filters, *asked.preferences] if asked else []
    wanted = [item.filter.field for item in conditions] + list(hit.matched)
    held = dict(hit.record.fields())
    told = [
        f"{name}: {held[name]}"
        for name in dict.fromkeys(wanted)
        if name in held and name not in _SAID_ANYWAY
        if max(len(name), len(held[name])) <= _LONGEST_REASON
    ]
    return f" - {'; '.join(told[:_REASONS])}" if told else ""


def _listed(labels: Sequence[str]) -> str:
    return "; ".join(labels)


def unsure(choices: Sequence[tuple[str, float]]) -> str:
    """Ask which of two things the user wants."""
    named = [Intent(name).label.lower() for name, _ in choices[:3]]
    wanted = f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else named[0]
    return f"I am not sure what you want: {wanted}? Choose one, or say it in other words."


def _numbered(hits: Sequence[Hit]) -> list[tuple[int, Hit]]:
    return [pair for pair in enumerate(hits, start=1) if isinstance(pair[1].record, Product)]


def _line_of(hit: Hit) -> str:
    return _line(hit.record) if isinstance(hit.record, Product) else _title(hit.title)


def _line(product: Product) -> str:
    price = product.sale_price or product.price
    notes = [str(price)] if price else []
    if product.availability:
        notes.append(product.availability.replace("_", " "))
    title = _title(product.title)
    return f"{title} ({', '.join(notes)})" if notes else title


def _title(title: str) -> str:
    return _cut(title, _LISTED_WORDS, _LISTED_CHARACTERS)


def _named(hit: Hit) -> str:
    return _cut(hit.title, _TITLE_WORDS, _LISTED_CHARACTERS)


def _brief(words: str) -> str:
    """Cut what somebody typed, or named a field, to what a sentence can hold."""
    return _cut(words.strip(), _NAME_WORDS, _NAME_CHARACTERS)


def _cut(text: str, most_words: int, most_characters: int) -> str:
    """Cut a text at a word; one word alone is cut inside."""
    short = " ".join(text[: 2 * most_characters].split()[:most_words])
    if short == text and len(text) <= most_characters:
        return text
    if len(short) > most_characters:
        room = short[: most_characters + 1]
        short = room.rpartition(" ")[0] or room[:most_characters]
    return f"{short} ..."
