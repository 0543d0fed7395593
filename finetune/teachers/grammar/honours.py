"""How an ad honours what was wished of it: an audience, an occasion, a promotion, a review ...

Each wish becomes a sentence to open or to end the ad with, in several wordings. A wish in a form
that this module does not know is passed on in its own words. Knows no products but by name.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from typing import Any

from finetune.situations.english import plural_of, sentence
from finetune.situations.naming import Name
from finetune.situations.wishes import OCCASIONS, PROFILES

_AUDIENCE = (
    "{X}, this one is for you.", "A good idea for {x}.", "{X}, take note.", "Just right for {x}.",
    "One for {x}.", "Here is something for {x}.",
    "A good choice for {x}.", "Good news for {x}.",
)  # fmt: skip
_LIVELY_AUDIENCE = ("Calling all {x}.", "Hello, {x}.", "{X} will love this.")
_GIFT = (
    "A gift idea for {x}.", "Still looking for a gift for {x}?", "A lovely gift for {x}.",
    "For {x}, give something nice.", "{X} is coming up.", "A good idea for {x}.",
    "Ready for {x}?", "Make {x} special.", "A present for {x}?", "Say it with a gift for {x}.",
)  # fmt: skip
_SEASON = (
    "Ready for {x}?", "Just in time for {x}.", "All set for {x}?", "Make the most of {x}.",
    "A good idea for {x}.", "Get ready for {x}.", "Be ready for {x}.",
)  # fmt: skip
_SALE = ("Our pick for {x}.", "{X} is here.", "A good find for {x}.")
_CAMPAIGN = (
    "Part of our {x}.", "Find {obj} in our {x}.", "One of our {x} picks.",
    "Discover more in our {x}.", "Now in our {x}.",
)  # fmt: skip
_PROMOTION = (
    ("^(?:Save|Buy)", ("{X}.", "Good to know: {l}.", "Now on: {l}.")),
    (r"^\d+ ?%", ("Take {x}.", "Now with {x}.", "Get {x}.", "Enjoy {x}.")),
    ("^Free", ("{X}.", "You get {l}.", "Enjoy {l}.")),
    (r"voucher", ("Use your {l}.", "Get a {l}.")),
    ("", ("Good news: {l}.", "Right now: {l}.", "{X}.")),
)
_STOCK = (
    (r"^(?:Only|Just|Last) (?:\d+)", ("{X}.", "Be quick: {l}.")),
    (r"^\d+ left", ("Just {l}.", "Be quick: {l}.")),
    (r"^\d+ in stock", ("{X}.", "We have {l}.")),
    ("^Back in stock", ("{X}.", "Good news: {l}.")),
    ("", ("{X}.",)),
)
_REVIEW = (
    '"{r}," says one customer.', '"{r}," writes a happy customer.', '"{r}," one shopper told us.',
    '"{r}," says a review.', '"{r}," a shopper wrote to us.', '"{r}," we read in a review.',
    '"{r}," a customer tells us.',
)  # fmt: skip
_HISTORY = (
    "Still looking for {a_noun}?", "Have you found your {noun} yet?",
    "Still comparing {nouns}?", "Your search for {a_noun} may end here.",
)  # fmt: skip
_PURCHASE = (
    "Happy with your {x}?", "Something to go with your {x}?",
    "You chose the {x}, so this may interest you.",
)  # fmt: skip
_SELF_SAID = re.compile(r"(?:sale|weeks?|days?|guide|campaign|offers?)$", re.I)
_PRICE = ("Yours for {p}.", "Available for {p}.", "Get {obj} for {p}.", "Take {obj} home for {p}.")
_REDUCED = ("Now {s}, down from {p}.", "Was {p}, now {s}.", "Get {obj} for {s} instead of {p}.")


def openings(inputs: Mapping[str, Any], rng: random.Random, *, serious: bool = False) -> list[str]:
    """Return a sentence for each wish that an ad honours at its start."""
    context = inputs.get("context") or {}
    said = []
    if review := str(context.get("review", "")).strip().rstrip("."):
        said.append(rng.choice(_REVIEW).replace("{r}", review))
    if profile := str(context.get("profile", "")):
        said.append(rng.choice(PROFILES.get(profile, ("We know what you like.",))))
    if bought := str(context.get("purchase history", "")).split(";")[0].strip():
        said.append(_put(rng.choice(_PURCHASE), bought))
    if context.get("browsing history"):
        said.append(rng.choice(_HISTORY))
    if audience := str(inputs.get("audience", "")):
        frames = _AUDIENCE if serious else (*_AUDIENCE, *_LIVELY_AUDIENCE)
        said.append(_put(rng.choice(frames), audience))
    for occasion in (inputs.get("occasion"), context.get("occasion")):
        if occasion:
            said.append(_occasion(str(occasion), rng))
    return said


def endings(inputs: Mapping[str, Any], rng: random.Random) -> list[str]:
    """Return one sentence for the wishes that an ad honours at its end; none without wishes."""
    context = inputs.get("context") or {}
    wishes = ("promotion", "stock", "campaign")
    texts = [str(context.get(name, "")).strip().rstrip(".") for name in wishes]
    promotion, stock, campaign = texts[0], texts[1], _campaign(texts[2])
    if promotion and stock:
        return [f"{promotion[:1].upper()}{promotion[1:]}, {stock[:1].lower()}{stock[1:]}."]
    for table, text in ((_PROMOTION, promotion), (_STOCK, stock)):
        if text and campaign:
            return [f"Part of our {campaign}: {text[:1].lower()}{text[1:]}."]
        if text:
            frames = next(frames for pattern, frames in table if re.search(pattern, text))
            return [_put(rng.choice(frames), text)]
    return [_put(rng.choice(_CAMPAIGN), campaign)] if campaign else []


def price_sentence(product: Mapping[str, Any], rng: random.Random) -> str:
    """Return a sentence that names the price, "" where it has no currency."""
    price, sale = str(product.get("price", "")), str(product.get("sale_price", ""))
    if not re.search("[A-Z]{3}", price):
        return ""
    frames = _REDUCED if sale else _PRICE
    return rng.choice(frames).replace("{p}", price).replace("{s}", sale)


def addressed(text: str, name: Name) -> str:
    """Fill in what a sentence says of the product in general, and finish it."""
    nouns = name.noun or "thing"
    article = nouns if name.plural or name.mass else f"a {nouns}"
    filled = (
        text.replace("{obj}", "them" if name.plural else "it")
        .replace("{a_noun}", article if name.noun else "anything")
        .replace("{nouns}", _many(name))
        .replace("{noun}", nouns)
    )
    return sentence(filled)


def _many(name: Name) -> str:
    if not name.noun:
        return "these things"
    return name.noun if name.plural or name.mass else plural_of(name.noun)


def _campaign(name: str) -> str:
    """Write a campaign's name to stand after "our": a sale says what it is, "Bright Start" not."""
    bare = name.removeprefix("The ")
    return f"{bare} campaign" if bare and not _SELF_SAID.search(bare) else bare


def _occasion(text: str, rng: random.Random) -> str:
    for kind, frames in (("gift", _GIFT), ("season", _SEASON), ("sale", _SALE)):
        if text in OCCASIONS[kind]:
            return _put(rng.choice(frames), text)
    return _put(rng.choice(_SEASON), text)


def _put(frame: str, text: str) -> str:
    capital, small = text[:1].upper() + text[1:], text[:1].lower() + text[1:]
    return frame.replace("{x}", text).replace("{X}", capital).replace("{l}", small)
