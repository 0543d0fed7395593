"""Instructions for a task that name the features its inputs hold, put together from parts.

They stand in for a seed's instruction where that is bound to another product (`transfer`). Data,
and dice; knows no product.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from finetune.situations.english import listed

_ASKS: dict[str, tuple[str, ...]] = {
    "ads": (
        "Write an ad for the product",
        "We need a short ad for this product",
        "Tell shoppers in two or three sentences why this is worth a look",
        "Advertise the item below",
        "Put the record below into an ad that people enjoy reading",
        "Turn the seller's data into a small advertisement",
        "A few good sentences for our shop",
        "What would make a shopper stop at this item? Say it in an ad",
        "Our page still lacks a text for this item, so write one",
        "Promote the article below",
        "Find friendly words for this product",
        "Compose a brief ad that stays true to the record",
        "Make people look twice at this listing with a short text",
        "Sketch an ad for this offer",
    ),
    "title": (
        "Rewrite the title so that it meets the query",
        "Give the product a title for this search",
        "The shopper's words should be found in the title where the record bears them out",
        "Recast the seller's title for the query",
        "What title would answer this search honestly",
        "Bring the query and the record together in one title",
        "Improve the listing's title",
        "Make the title easier to find for people who type the query",
        "Check each query word against the record and build the title from those that hold",
        "Adapt the seller's title to what the shopper typed",
        "One title line for this listing",
    ),
    "classify": (
        "Choose the label that the product belongs to",
        "File the item under one of the labels",
        "Where in our taxonomy does this listing go",
        "Which of the labels is right for the item",
        "Assign the product to a category of the platform",
        "Sort this listing into the taxonomy",
        "Pick the one category under which shoppers would look for this",
        "Match the seller's record with a label of the list",
        "Label the item below",
        "From what the record says, settle on a category",
        "Find the item's place on the platform",
    ),
    "intent": (
        "Is the shopper likely, possible or unlikely to buy the product",
        "Say how the query and the product fit: likely, possible or unlikely",
        "Would somebody who typed this buy the item? Answer likely, possible or unlikely",
        "Estimate the purchase intent: likely, possible or unlikely",
        "Judge whether a sale is likely, possible or unlikely here",
        "Rate this match of query and listing as likely, possible or unlikely",
        "Given the search, is a purchase likely, possible or unlikely",
        "Tell us if this shopper found what they want: likely, possible or unlikely",
        "Set the search beside the record and conclude: likely, possible or unlikely",
    ),
    "answer": (
        "Answer the shopper's question from the facts",
        "Reply to the customer from the record",
        "A shopper wants to know something about the product; help with what the facts hold",
        "Settle the question with the evidence",
        "Help the customer, by the facts alone",
        "Say what the catalog says on the question",
        "Give the shopper a short, true answer",
        "Look for the answer in the facts and give it in a sentence",
        "Respond to the question, and only with what stands in the evidence",
    ),
}
_LIMITS: dict[str, tuple[str, ...]] = {
    "ads": (
        "Claim nothing that the record does not hold.",
        "Keep the sentences short.",
        "Two or three sentences will do.",
        "No empty superlatives.",
        "Name the brand or product.",
        "Simple words, please.",
        "Pick the facts that matter most.",
        "Not more than 38 words.",
    ),
    "title": (
        "Use facts of the record only.",
        "Keep the brand.",
        "Words that are not true stay out.",
        "No words of your own.",
        "Mind the limit on characters.",
        "The brand comes first.",
        "It must read like a title.",
        "Leave out query words that the record denies.",
    ),
    "classify": (
        "Answer with one label, as it is written.",
        "One label only.",
        "Copy the label exactly.",
        "Judge by what the thing is, not by what it goes with.",
        "Do not make up a label.",
    ),
    "intent": (
        "One word is enough.",
        "Mind accessories: they are not the thing itself.",
        "Shared words prove nothing.",
        "Requirements that are not met count against it.",
        "Use one of the three words.",
        "Look at what the item is, not only at its title.",
    ),
    "answer": (
        "Where the facts are silent, say that the catalog does not say.",
        "One sentence is enough.",
        "Do not guess.",
        "If it is not there, say so.",
        "Correct the shopper where the facts do.",
        "Say what is missing if it is missing.",
    ),
}
_SPOKEN = {
    "review": "the customer's review",
    "profile": "the shopper's profile",
    "purchase history": "the purchase history",
    "browsing history": "the browsing history",
    "occasion": "the occasion",
    "promotion": "the promotion",
    "stock": "the stock note",
    "campaign": "the campaign",
    "channel": "the channel",
    "style policy": "our style policy",
    "title policy": "our title policy",
    "audience": "the audience",
    "tone": "the tone asked for",
    "platform": "the place where it appears",
    "query": "the query",
    "labels": "the platform's labels",
    "question": "the question",
    "attributes": "the seller's attributes",
    "description": "the description",
}
_USES = (
    "Use {}.", "Take {} into account.", "Bear {} in mind.", "Work with {}.", "Bring in {}.",
    "It should suit {}.", "Rely on {}.", "Start from {}.", "Build on {}.", "Do justice to {}.",
)  # fmt: skip
_BEARING: dict[str, tuple[str, ...]] = {
    "title": ("title policy",),
    "classify": (),
    "intent": ("purchase history", "browsing history"),
    "answer": (),
}
"""What of a context can bear on a task's result; the rest of it stays unnamed."""
_PLAIN_USES = ("Use {}.", "Take {} into account.", "Bear {} in mind.", "Look at {}.", "Read {}.")
_ALWAYS = {"title": ("query",), "classify": ("labels",), "intent": ("query",), "answer": ()}


def brief(task: str, inputs: Mapping[str, Any], rng: random.Random) -> str:
    """Return an instruction for these inputs that names two or three of their features."""
    ask = rng.choice(_ASKS[task])
    parts = [ask + ("?" if _asks(ask) else ".")]
    named = _features(task, inputs)
    rng.shuffle(named)
    if named:
        uses = rng.choice(_USES if task == "ads" else _PLAIN_USES).format(
            listed([_SPOKEN[name] for name in named[:3]])
        )
        parts.insert(rng.choice((0, 1, 1)), uses)
    if rng.random() < 0.6:
        parts.append(rng.choice(_LIMITS[task]))
    return " ".join(parts)


def _features(task: str, inputs: Mapping[str, Any]) -> list[str]:
    product = inputs.get("product")
    record = product if isinstance(product, Mapping) else {}
    context = inputs.get("context") or {}
    bearing = {name: context[name] for name in _BEARING.get(task, context) if name in context}
    given = {**record, **inputs, **bearing}
    usual = ("attributes",) if record.get("attributes") else ()
    wished = [name for name in _SPOKEN if given.get(name) and name not in {"question", "query"}]
    return list(dict.fromkeys((*_ALWAYS.get(task, ()), *usual, *wished)))


def _asks(ask: str) -> bool:
    last = ask.rpartition("? ")[2]
    return last.split()[0] in {"Is", "What", "Where", "Which", "Would", "Given"}
