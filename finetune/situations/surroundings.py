"""The shopper and the platform around a product: texts for the features a seed's context names.

Nothing here decides an answer: histories name only the things they are given, and all else is
true of any shop. Knows no task.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from catalog_index.product import Product
from finetune.pair import Pair

_PROFILES = (
    "parent of two, shops in the evening",
    "lives in a small flat in the city",
    "student, first own flat",
    "returning customer since 2019",
    "works from home three days a week",
    "shops for a small office",
    "retired teacher, reads every detail before buying",
    "new customer, came from a search engine",
    "buys for a family of four",
    "commutes by train and shops on the phone",
    "keeps a list and buys once a month",
    "compares two or three items before ordering",
    "lives in the countryside, orders by parcel locker",
    "buys presents early",
    "runs a holiday flat and refits it each spring",
    "prefers plain words to technical terms",
)
_REVIEWS = (
    "Quick delivery and well packed, as always.",
    "Support answered within the hour. Thank you!",
    "My last order here was just as described.",
    "The page told me everything I needed to know.",
    "Good shop, I wish the photos were larger.",
    "Second order this year, nothing to complain about.",
    "Easy to order, easy to return.",
    "I like that the details on the page are correct.",
)
_OCCASIONS = (
    "a birthday next week",
    "moving into a new home",
    "a wedding in June",
    "Christmas presents for the family",
    "a housewarming party",
    "a colleague's farewell",
    "the start of the school term",
    "Mother's Day",
    "Father's Day",
    "a weekend away",
    "an anniversary",
    "the summer holidays",
    "a new job",
)
_PROMOTIONS = (
    "10 % off until Sunday",
    "free delivery this weekend",
    "two for the price of one and a half",
    "5 % off for newsletter readers",
    "15 % off with the code HELLO",
    "a voucher for the next order",
    "20 % off in the members' week",
)
_CAMPAIGNS = (
    "Spring Clean",
    "Back to School",
    "Autumn Favourites",
    "Winter Sale",
    "Summer Living",
    "Home Office Weeks",
    "Members' Days",
    "Gift Guide",
    "Black Friday",
    "New This Week",
)
_CHANNELS = (
    "web chat",
    "store website",
    "mobile app",
    "marketplace listing",
    "email to customer care",
    "search results page",
    "price comparison site",
    "newsletter",
    "click-and-collect counter",
    "messenger",
)
_TITLE_POLICIES = (
    "brand first, no more than 150 characters",
    "no prices and no capitals throughout",
    "brand, type, then size and colour",
)
_STYLE_POLICIES = (
    "short sentences, no exclamation marks",
    "one or two sentences, no emojis",
    "friendly and factual",
    "British spelling, no slang",
    "plain words, facts before opinions",
    "answer first, details after",
)
_THING = re.compile(r"[A-Za-z][\w' &/.-]*[A-Za-z][\w' &/.-]*[A-Za-z]{2}[\w' &/.-]*")
_NO_THING = frozenset(
    ("number", "numbers", "system", "accessory", "accessories", "other", "product", "item", "unit",
     "spares and accessories", "none", "various", "frame", "liquid", "kit", "set")
)  # fmt: skip
"""Types of feeds that no shopper can have looked at or bought."""
_FIXED = {
    "profile": _PROFILES,
    "review": _REVIEWS,
    "occasion": _OCCASIONS,
    "promotion": _PROMOTIONS,
    "campaign": _CAMPAIGNS,
    "channel": _CHANNELS,
    "title policy": _TITLE_POLICIES,
    "style policy": _STYLE_POLICIES,
}


def surroundings(
    seed: Pair, product: Product, rng: random.Random, seen: Sequence[str] = ()
) -> dict[str, str]:
    """Return a context with the features that the seed's context names, as far as there are any.

    Args:
        seed: its context gives the names, and no text.
        product: gives the stock.
        rng: chooses the texts.
        seen: things for the shopper's histories; without any there is no history.
    """
    context = {}
    seen = [thing for thing in seen if _THING.fullmatch(thing) and thing.lower() not in _NO_THING]
    for name in seed.inputs.get("context", {}):
        if name in _FIXED:
            context[name] = rng.choice(_FIXED[name])
        elif name == "stock":
            context[name] = _stock(product, rng)
        elif seen:
            count = min(len(seen), rng.randint(1, 3))
            things = rng.sample(list(seen), count)
            context[name] = ", ".join(things)
    return {name: text for name, text in context.items() if text}


def _stock(product: Product, rng: random.Random) -> str:
    if product.quantity:
        return rng.choice((f"{product.quantity} left", f"{product.quantity} in stock"))
    return product.availability.replace("_", " ")
