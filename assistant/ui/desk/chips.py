"""The small clickable parts around the chat, as HTML: follow-ups, conditions, product, actions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from assistant.intents import Intent
from assistant.reply_tone import reply
from assistant.ui.cards import picture_source, route_badge
from assistant.ui.markup import text
from assistant.values import Answer, Routed
from catalog_index.product import Product
from retrieval.registry import Retriever, find_product, search, understood
from retrieval.understanding import Understanding, Understood
from retrieval.values import Hit, Query

_SUGGESTED = 6
_ALTERNATIVES = 3
_SHOWN_CHOICE = 48
_NO_ANSWER = (Intent.CHITCHAT, Intent.OUT_OF_SCOPE)
_SHOWN_TITLE = 70
_MOST_CODES = 6
_SPLIT = re.compile(r"[/?&=#\s]+")


def follow_ups_html(suggested: Sequence[str]) -> str:
    """Render messages that a click sends."""
    chips = "".join(
        f"<button type='button' class='le-chip' data-act='send' data-text='{text(one)}'>"
        f"{text(one)}</button>"
        for one in suggested
    )
    return _group("Ask next", chips)


def conditions_html(retriever: Retriever, query: str) -> str:
    """Render the conditions of a search, each with a cross that takes it away."""
    asked = understood(retriever, query) if query else None
    if asked is None:
        return ""
    labels = [item.label for item in _conditions(asked)]
    chips = "".join(
        f"<span class='le-chip le-filter'>{text(label)}<button type='button' data-act='drop'"
        f" data-number='{number}' aria-label='Take away {text(label)}'>×</button></span>"
        for number, label in enumerate(labels)
    )
    return _group("Filters", chips)


def without_condition(retriever: Retriever, query: str, number: int) -> str:
    """Return the search's text without one of its conditions; "" where nothing is left."""
    asked = understood(retriever, query)
    items = _conditions(asked) if asked else []
    if asked is None or not 0 <= number < len(items):
        return query
    gone = items[number]
    return " ".join(f"{asked.text[: gone.start]} {asked.text[gone.end :]}".split())


def pinned_html(hit: Hit | None, media_root: Path | None) -> str:
    """Render the product that the conversation is about, or the way to choose one."""
    if hit is None:
        return (
            "<div class='le-pinned'><button type='button' class='le-quiet' data-act='choose'>"
            "Keep to one product …</button></div>"
        )
    return (
        f"<div class='le-pinned le-has'>{_picture(hit, media_root)}<span class='le-pin-name'>"
        f"<small>All questions are about</small><b>{text(hit.title[:_SHOWN_TITLE])}</b>"
        f"<span class='le-id'>{text(hit.id)}</span></span>"
        "<button type='button' data-act='unpin' aria-label='Stop keeping to this product'>×"
        "</button></div>"
    )


def products_html(hits: Sequence[Hit], media_root: Path | None, act: str = "pin") -> str:
    """Render found products as buttons."""
    return "".join(
        f"<button type='button' class='le-pick' data-act='{act}' data-id='{text(hit.id)}'>"
        f"{_picture(hit, media_root)}<span><b>{text(hit.title[:_SHOWN_TITLE])}</b>"
        f"<small>{text(_price(hit))} · {text(hit.id)}</small></span></button>"
        for hit in hits
    )


def actions_html(answer: Answer | None) -> str:
    """Render what can be done with the last answer."""
    if answer is None or not answer.text:
        return ""
    seconds = f"{answer.timing.total:.1f} s"
    return (
        "<div class='le-actions' role='group' aria-label='Use this answer'>"
        f"<button type='button' data-copy='{text(reply(answer))}'>Copy for the shopper</button>"
        "<button type='button' data-act='tone'>Reply in a tone …</button>"
        "<button type='button' data-act='handover'>Hand over …</button>"
        f"<span class='le-time' title='Whole answer, checks included'>{seconds}</span></div>"
    )


def alternatives_html(routed: Routed | None, answer: Answer | None) -> str:
    """Render what else could be meant: products to choose from, or the intents thought of next."""
    if answer is not None and answer.choices:
        buttons = [
            f"<button type='button' class='le-chip' data-act='send' data-text='{number}'>{number}. "
            f"{text(_ends(hit.title))}</button>"
            for number, hit in enumerate(answer.choices[:_ALTERNATIVES], start=1)
        ]
    else:
        buttons = [
            f"<button type='button' class='le-chip' data-act='instead' data-intent='{text(name)}'>"
            f"Instead: {text(Intent(name).label.lower())}</button>"
            for name in _alternatives(routed)
        ]
    return "".join(buttons)


def route_html(routed: Routed | None, answer: Answer | None = None) -> str:
    """Render how a message was understood, and what else could be meant."""
    return route_badge(routed) + alternatives_html(routed, answer)


def _alternatives(routed: Routed | None) -> list[str]:
    """Return the intents worth offering: those the router thought of next."""
    if routed is None or routed.overruled:
        return []
    names = [name for name, _ in routed.choices]
    if not routed.unsure:
        others = (*_NO_ANSWER, routed.intent)
        names = [name for name in names if name not in others][: _ALTERNATIVES - 1]
    return names[:_ALTERNATIVES]


def found_by_words(retriever: Retriever, words: str) -> list[Hit]:
    """Return the products that words, a code or a pasted address may mean, the best first."""
    typed = words.strip()
    if not typed:
        return []
    exact = product_of(retriever, typed)
    hits = search(retriever, Query(typed, k=_SUGGESTED, kind="product"))
    others = [hit for hit in hits if exact is None or hit.id != exact.id]
    return ([exact] if exact else [])[:1] + others[:_SUGGESTED]


def product_of(retriever: Retriever, typed: str) -> Hit | None:
    """Return the product that an id, a code or a pasted address names, None where none does."""
    is_address = "/" in typed
    parts = [part for part in reversed(_SPLIT.split(typed)) if part] if is_address else [typed]
    for part in parts[:_MOST_CODES]:
        codes = (part, part.rpartition(".")[0], part.rpartition("-")[2]) if is_address else (part,)
        for code in codes:
            if code and (hit := find_product(retriever, code)) is not None:
                return hit
    return None


def _ends(title: str) -> str:
    """Shorten a title in its middle: versions of a product differ at the end."""
    half = _SHOWN_CHOICE // 2
    return title if len(title) <= _SHOWN_CHOICE else f"{title[:half]} … {title[-half:]}"


def _group(label: str, chips: str) -> str:
    return f"<div class='le-chips' role='group' aria-label='{label}'>{chips}</div>" if chips else ""


def _conditions(asked: Understood) -> list[Understanding]:
    return sorted((*asked.filters, *asked.preferences), key=lambda item: item.start)


def _picture(hit: Hit, media_root: Path | None) -> str:
    source = picture_source(hit.record, media_root) if isinstance(hit.record, Product) else ""
    if not source:
        return "<span class='le-nopicture' aria-hidden='true'></span>"
    return f"<img src='{source}' alt='' width='36' height='36'>"


def _price(hit: Hit) -> str:
    record = hit.record
    if not isinstance(record, Product):
        return ""
    return str(record.sale_price or record.price or "no price")
