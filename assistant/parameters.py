"""The parameters of an authoring turn, read from its words: query, occasion, tone, labels."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.intents import Intent
from catalog_index.product import Product
from retrieval.values import Hit

_MAX_LABELS = 8
_QUOTED = re.compile(r"[\"“”]([^\"“”]{2,80})[\"“”]|(?<!\w)['‘]([^'‘’]{2,80})['’](?!\w)")
_QUERY = re.compile(
    r"\b(?:(?:search )?quer(?:y|ies)(?: is| for)?|search(?:es|ed|ing)?(?: for)?|typed|types|"
    r"looking for|keywords?|wants)\s*:?\s+(?P<query>(?:[^.?!]|[.](?=\d)){2,80})",
    re.I,
)
_OCCASIONS = re.compile(
    r"\b(black friday|cyber monday|christmas|easter|valentine'?s(?: day)?|halloween|"
    r"mother'?s day|father'?s day|back[- ]to[- ]school|new year'?s?|summer sale|winter sale|"
    r"clearance|wedding|birthday|graduation)\b",
    re.I,
)
_TONES = re.compile(
    r"\b(playful|funny|serious|elegant|luxurious|friendly|bold|warm|professional|witty|calm|"
    r"urgent|minimal(?:ist)?|casual|formal|cheerful|poetic)\b",
    re.I,
)
_PLATFORMS = re.compile(
    r"\b(instagram|facebook|tiktok|pinterest|linkedin|twitter|amazon|ebay|etsy|google(?: shopping)?"
    r"|newsletter|email|whatsapp|youtube)\b",
    re.I,
)
_AUDIENCE = re.compile(
    r"\b(?:for|aimed at|targeting)\s+(?P<audience>(?:\w+ )?(?:students|parents|runners|gamers|"
    r"commuters|families|kids|children|teenagers|teens|seniors|beginners|professionals|"
    r"travell?ers|hikers|cooks|gardeners|pet owners|dog owners|cat owners|athletes|gift buyers|"
    r"musicians|photographers|cyclists|campers|women|men|office workers))\b",
    re.I,
)


def read_parameters(
    intent: str, message: str, product: Product, hits: Sequence[Hit]
) -> Mapping[str, Any]:
    """Return the input line of the task named by `intent`.

    Args:
        intent: one of the authoring intents.
        message: the user's words.
        product: what the turn is about.
        hits: the neighbours whose product types serve as labels for classification.
    """
    if intent == Intent.ADS:
        return {
            "product": product,
            "audience": _first(_AUDIENCE, message, "audience"),
            "occasion": _first(_OCCASIONS, message),
            "tone": _first(_TONES, message),
            "platform": _first(_PLATFORMS, message),
        }
    if intent == Intent.CLASSIFY:
        return {"product": product, "labels": _labels(message, product, hits)}
    return {"query": query_of(message, product), "product": product}


def query_of(message: str, product: Product) -> str:
    """Return the shopper's query that a turn quotes or names; else the product's own type."""
    if quoted := _QUOTED.search(message):
        return (quoted[1] or quoted[2]).strip()
    if match := _QUERY.search(message):
        return match["query"].strip()
    return product.product_type.rpartition(" > ")[2] or product.title


def _labels(message: str, product: Product, hits: Sequence[Hit]) -> list[str]:
    """Return the labels that the turn lists after a colon, else the product types at hand."""
    _, colon, listed = message.rpartition(":")
    given = [label.strip(" .?") for label in re.split(r",|;|\bor\b", listed) if label.strip(" .?")]
    if colon and len(given) > 1:
        return given
    types = [hit.record.product_type for hit in hits if isinstance(hit.record, Product)]
    known = dict.fromkeys(kind for kind in (product.product_type, *types) if kind)
    return sorted(list(known)[:_MAX_LABELS]) or ["uncategorised"]


def _first(pattern: re.Pattern[str], message: str, group: str | int = 0) -> str:
    match = pattern.search(message)
    return match[group].strip() if match else ""
