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
    "{X}, this one is for you.", "One for {x}.", "Hello, {x}.", "Calling all {x}.",
    "A nod to {x}.", "{X}, gather round.", "{X}, listen up.", "We thought of {x}.",
    "Here is to {x}.", "{X}, take note.", "For {x}, and proud of it.",
    "{X} will know the feeling.", "A little something for {x}.", "{X}, you have been heard.",
    "This goes out to {x}.",
)  # fmt: skip
_GIFT = (
    "Make {x} one to remember.", "Wrap {obj} up for {x}.", "Say it with a gift for {x}.",
    "A gift idea for {x}?", "Still short of a gift for {x}?", "For {x}, give from the heart.",
    "Bring a smile to {x}.", "Unwrap a little joy this {bare}.", "{X} is just the day for it.",
    "Think of {x}, and smile.", "A kind thought for {x}.", "Tie a bow round it for {x}.",
)  # fmt: skip
_SEASON = (
    "Hello, {x}.", "Ready for {x}?", "Just in time for {x}.", "All set for {x}?",
    "Here is to {x}.", "Bring on {x}.", "Make the most of {x}.", "{X}, here we come.",
    "A good idea for {x}.", "Good company for {x}.", "Look forward to {x}.",
)  # fmt: skip
_SALE = (
    "Your pick for {x}.", "{X} is on.", "It is time for {x}.", "A find for {x}.",
    "Put {obj} on your list for {x}.", "Look what {x} brings.", "Save the date: {x}.",
)  # fmt: skip
_CAMPAIGN = (
    "Part of {x}.", "It is {x} time.", "Find {obj} in {x}.", "Our pick for {x}.", "{X} is on.",
    "Join {x}.", "Say hello to {x}.", "See more in {x}.", "That is {x} for you.",
)  # fmt: skip
_PROMOTION = (
    ("^(?:Save|Buy)", ("{X}.", "Good to know: {l}.", "And now: {l}.")),
    (r"^\d+ ?%", ("Take {x}.", "Now with {x}.", "Get {x}.", "Enjoy {x}.", "You get {x}.")),
    (
        "^Free",
        ("You get {l}.", "{X}? Yes.", "Add {l} to that.", "Enjoy {l}.", "Look forward to {l}."),
    ),
    (r"voucher", ("Use your {l}.", "Your {l}.", "There is a {l}.")),
    ("", ("Good news: {l}.", "Right now: {l}.", "And there is more: {l}.", "This week: {l}.")),
)
_STOCK = (
    (
        r"^(?:Only|Just|Last) (?:\d+)",
        ("{X}, so be quick.", "{X}.", "Hurry, {l}.", "{X}, and then they are gone."),
    ),
    (r"^\d+ left", ("Just {l}.", "{X}, so be quick.", "There are {l}.")),
    (r"^\d+ in stock", ("{X}.", "We have {l}.", "There are {l}, ready for you.")),
    ("^Back in stock", ("{X}.", "Yes, {l}.", "Good news: {l}.")),
    ("", ("{X}.", "{X}, and ready for you.")),
)
_REVIEW = (
    '"{r}," says one customer.', '"{r}," writes a happy buyer.', '"{r}," one shopper told us.',
    '"{r}," reads one review.', '"{r}," a shopper wrote to us.', '"{r}," we read in a review.',
    '"{r}," in the words of a buyer.', '"{r}," a customer reports.', '"{r}," to quote a shopper.',
)  # fmt: skip
_HISTORY = (
    "Still looking for {a_noun}?", "Found your {noun} yet?",
    "You have looked at {nouns} for a while.", "Still comparing {nouns}?",
    "Your search for {a_noun} may end here.",
)  # fmt: skip
_PURCHASE = (
    "You have the {x}. What comes next?", "Your {x} could use a friend.", "Happy with your {x}?",
    "Something to go with your {x}?", "The {x} is home. Good.", "A match for your {x}.",
)  # fmt: skip
_PRICE = (
    "Yours for {p}.", "All this for {p}.", "At {p}, why wait?", "Take {obj} home for {p}.",
    "For {p}, it is a deal.", "Just {p}.", "{p} is all it takes.", "Get {obj} for {p}.",
)  # fmt: skip
_REDUCED = (
    "Now {s}, down from {p}.", "Down from {p} to {s}.", "Was {p}, now {s}.",
    "Get {obj} for {s} and not {p}.", "Today you pay {s} where it was {p}.",
)  # fmt: skip


def openings(inputs: Mapping[str, Any], rng: random.Random) -> list[str]:
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
        said.append(_put(rng.choice(_AUDIENCE), audience))
    for occasion in (inputs.get("occasion"), context.get("occasion")):
        if occasion:
            said.append(_occasion(str(occasion), rng))
    return said


def endings(inputs: Mapping[str, Any], rng: random.Random) -> list[str]:
    """Return a sentence for each wish that an ad honours at its end."""
    context = inputs.get("context") or {}
    said = []
    for name, table in (("promotion", _PROMOTION), ("stock", _STOCK)):
        if text := str(context.get(name, "")).strip().rstrip("."):
            frames = next(frames for pattern, frames in table if re.search(pattern, text))
            said.append(_put(rng.choice(frames), text))
    if campaign := str(context.get("campaign", "")):
        said.append(_put(rng.choice(_CAMPAIGN), campaign))
    return said


def price_sentence(product: Mapping[str, Any], rng: random.Random) -> str:
    """Return a sentence that names the price, "" where it has no currency."""
    price, sale = str(product.get("price", "")), str(product.get("sale_price", ""))
    if not re.search("[A-Z]{3}", price):
        return ""
    frames = _REDUCED if sale else _PRICE
    return rng.choice(frames).replace("{p}", price).replace("{s}", sale)


def addressed(text: str, name: Name, scene: str) -> str:
    """Fill in what a sentence says of the product in general, and finish it."""
    nouns = name.noun or "thing"
    article = nouns if name.plural or name.mass else f"a {nouns}"
    filled = (
        text.replace("{scene}", scene)
        .replace("{obj}", "them" if name.plural else "it")
        .replace("{a_noun}", article if name.noun else "anything")
        .replace("{nouns}", _many(name))
        .replace("{noun}", nouns)
    )
    return sentence(filled)


def _many(name: Name) -> str:
    if not name.noun:
        return "these things"
    return name.noun if name.plural or name.mass else plural_of(name.noun)


def _occasion(text: str, rng: random.Random) -> str:
    for kind, frames in (("gift", _GIFT), ("season", _SEASON), ("sale", _SALE)):
        if text in OCCASIONS[kind]:
            proper = text[0].isupper()
            usable = [frame for frame in frames if proper or "{bare}" not in frame]
            return _put(rng.choice(usable), text)
    return _put(rng.choice(_SEASON), text)


def _put(frame: str, text: str) -> str:
    capital, small = text[:1].upper() + text[1:], text[:1].lower() + text[1:]
    return (
        frame.replace("{x}", text)
        .replace("{X}", capital)
        .replace("{l}", small)
        .replace("{bare}", text)
    )
