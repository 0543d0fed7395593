"""The parameters of an authoring turn as its task's input line, read from the turn's words.

Audience, occasion, tone and platform, the query of a title, the labels of a classification; the
limits of a text come from `assistant.wishes`. What a caller gives under the same names overrules
the words. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.constraints import field_named
from assistant.intents import Intent
from assistant.platforms import NAMES
from assistant.tasks.base import TaskInputs
from assistant.wishes import read_wishes
from catalog_index.product import Product
from retrieval.values import Hit

_MAX_LABELS = 8
_QUOTED = re.compile(r"[\"“”]([^\"“”]{2,80})[\"“”]|(?<!\w)['‘]([^'‘’]{2,80})['’](?!\w)")
_QUERY = re.compile(
    r"\b(?:(?:search )?quer(?:y|ies)(?: is| for)?|search(?:es|ed|ing)?(?: for)?|typed|types|"
    r"looking for|keywords?|wants)\s*:?\s+(?P<query>(?:[^.?!;,]|[.,](?=\d)){2,80})",
    re.I,
)
_OCCASIONS = re.compile(
    r"\b(black friday|cyber monday|thanksgiving|boxing day|prime day|singles'? day|christmas|"
    r"easter|valentine'?s(?: day)?|halloween|mother'?s day|father'?s day|st\.? patrick'?s day|"
    r"back[- ]to[- ]school|new year'?s?(?: eve| day)?|ramadan|eid|diwali|hanukkah|summer sale|"
    r"winter sale|spring sale|clearance|wedding|anniversary|birthday|graduation|housewarming)\b",
    re.I,
)
_TONES = re.compile(
    r"\b(playful|funny|fun|humorous|serious|elegant|luxurious|friendly|bold|warm|professional|"
    r"witty|calm|urgent|minimal(?:ist)?|casual|formal|cheerful|poetic|sophisticated|confident|"
    r"energetic|exciting|sincere|romantic|inspiring|down[- ]to[- ]earth|conversational|quirky|"
    r"upbeat|matter[- ]of[- ]fact|factual|sober|heartfelt|cheeky|sassy|persuasive|sporty|cosy|cozy|"
    r"festive|relaxed|neutral)\b",
    re.I,
)
_TONE_NAMED = re.compile(
    r"\btone(?: of voice)?(?: is| should be|:|=)?\s+(?P<after>[a-z-]{3,20})\b(?! of)|"
    r"\b(?:in|with) an? (?P<before>[a-z-]{3,20}) (?:tone|voice|style|manner)\b|"
    r"\b(?:more|less|very|really) (?P<more>[a-z]{4,20}(?:ful|ous|ish|ic|al|ing|y))\b",
    re.I,
)
_AUDIENCE = re.compile(
    r"\b(?:for|aimed at|targeting)\s+(?P<audience>(?:\w+ )?(?:students|parents|runners|gamers|"
    r"commuters|families|kids|children|teenagers|teens|seniors|beginners|professionals|"
    r"travell?ers|hikers|cooks|gardeners|pet owners|dog owners|cat owners|athletes|gift buyers|"
    r"musicians|photographers|cyclists|campers|women|men|office workers|couples|dads|mums|moms|"
    r"grandparents|teachers|developers|designers|bakers|swimmers|skiers|climbers|nurses))\b",
    re.I,
)
_WITH = re.compile(
    r"\bwith (?:the|its) (?P<object>[a-z][a-z ]{2,40}?)(?= in\b| for\b| under\b|[,.;:!?]|$)", re.I
)
_AIMED = re.compile(
    r"\b(?:aimed at|targeting|targeted at|audience(?: is|:))\s+"
    r"(?P<audience>[\w'-]+(?:\s(?!for\b|in\b|on\b|with\b|under\b)[\w'-]+){0,3})",
    re.I,
)


def read_parameters(
    intent: str, request: str, product: Product, hits: Sequence[Hit]
) -> Mapping[str, Any]:
    """Return the input line of the task named by `intent`.

    Args:
        intent: one of the authoring intents.
        request: the user's words, those of a request that goes on joined by "; ".
        product: what the turn is about.
        hits: the neighbours whose product types serve as labels for classification.
    """
    if intent == Intent.ADS:
        return {
            "product": product,
            "audience": _last(_AUDIENCE, request, "audience") or _last(_AIMED, request, "audience"),
            "occasion": _last(_OCCASIONS, request),
            "tone": _tone(request),
            "platform": _last(NAMES, request),
            **_with_fields(read_wishes(request).line(), request, product),
        }
    if intent == Intent.CLASSIFY:
        return {"product": product, "labels": _labels(request, product, hits)}
    if intent != Intent.TITLE:
        return {"query": query_of(request, product), "product": product}
    wishes = _with_fields(read_wishes(request, is_title=True).line(), request, product)
    if wishes.get("max_characters", 20) < 20:
        wishes["max_characters"] = 20
    kept = (*wishes.get("keep", ()), *wishes.get("avoid", ()))
    query = query_of(request, product, kept)
    if query == query_of("", product) and wishes.get("keep"):
        query = product.title  # words are to be put in, and the rest to stay
    platform = _last(NAMES, request)
    return {"query": query, "product": product, "platform": platform, **wishes}


def _with_fields(line: dict[str, Any], request: str, product: Product) -> dict[str, Any]:
    """Add the fields that a request names after "with": "with the colour and the battery life"."""
    keep = list(line.get("keep", ()))
    for found in _WITH.finditer(request):
        for phrase in re.split(r"\s+and\s+(?:the\s+|its\s+)?", found["object"]):
            if field_named(phrase, product) and phrase not in (*keep, *line.get("avoid", ())):
                keep.append(phrase)
    return line | ({"keep": tuple(keep[:8])} if keep else {})


def overruled(line: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input line with what a caller gives in place of what the words say.

    A limit that the caller sets takes the other end of the same limit with it, so that "at most
    20 words" is not held against "30 to 40 words".
    """
    asked = {name: value for name, value in given.items() if name != "product"}
    kept = dict(line)
    for unit in ("words", "sentences"):
        if {f"min_{unit}", f"max_{unit}"} & set(asked):
            kept.pop(f"min_{unit}", None)
            kept.pop(f"max_{unit}", None)
    return kept | asked


def shown(inputs: TaskInputs) -> dict[str, Any]:
    """Return a task's inputs as what a turn was read to ask for: set, JSON-able, no product."""
    values = inputs.model_dump(
        mode="json", exclude={"product", "context", "instruction"}, exclude_defaults=True
    )
    return {name: value for name, value in values.items() if value not in ("", [], None)}


def query_of(message: str, product: Product, kept: Sequence[str] = ()) -> str:
    """Return the shopper's query that a turn quotes or names; else the product's own type.

    Args:
        message: the user's words.
        product: what the turn is about.
        kept: quoted words that are no query, but to be put in or left out.
    """
    others = {phrase.casefold() for phrase in kept}
    for quoted in _QUOTED.finditer(message):
        words = (quoted[1] or quoted[2]).strip()
        if words.strip(" ,.").casefold() not in others:
            return words
    if (match := _QUERY.search(message)) and not others & {
        match["query"].strip(" '\"“”").casefold()
    }:
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


def _tone(request: str) -> str:
    """Return the tone asked for last; two of one message are both meant."""
    for part in reversed(_QUOTED.sub(" ", request).split("; ")):
        named = [found[found.lastgroup or 0] for found in _TONE_NAMED.finditer(part)]
        listed = [found.group() for found in _TONES.finditer(part)]
        if tones := list(dict.fromkeys(tone.lower() for tone in (*listed, *named))):
            return " and ".join(tones[:2])
    return ""


def _last(pattern: re.Pattern[str], message: str, group: str | int = 0) -> str:
    """Return what is found last: later words overrule earlier ones."""
    found = list(pattern.finditer(message))
    return found[-1][group].strip() if found else ""
