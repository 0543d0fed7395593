"""Which wishes fit which goods: no harvest time for a laptop, no teenagers for a cooker.

Goods are told apart by the group of their kind; a part, a supply or a thing of no known kind takes
only wishes that fit anything. Knows the texts of `wishes`, and no task.
"""

from __future__ import annotations

import re

from catalog_index.product import Product
from finetune.situations import wishes
from finetune.situations.kinds import kind_of

_FOR_CHILDREN = re.compile(r"\b(?:kids?|child(?:ren)?|toddlers?|bab(?:y|ies)|junior)\b", re.I)
_WORK = frozenset(
    ("computers", "displays", "printing", "input", "office", "video", "phones", "storage")
)
_LEISURE = frozenset(("audio", "wearables", "mobile", "photo", "smart home", "phone accessories"))
_HOME = frozenset(
    ("kitchen", "furniture", "lighting", "bedding", "bathroom", "garden", "tools", "grocery")
)
_SELF = frozenset(
    ("apparel", "footwear", "beauty", "health", "personal care", "outdoors", "sports", "luggage",
     "bags", "cycling", "stationery")
)  # fmt: skip
_FAMILY = frozenset(("toys", "baby", "pets"))

_ANYBODY = ("careful shoppers", "bargain lovers")
_WORKERS = (
    "students", "people who work from home", "first-time buyers", "small offices", "freelancers",
    "teachers", "beginners", "office managers", "people with little time",
)  # fmt: skip
_FREE = (
    "students", "commuters", "gift hunters", "first-time buyers", "weekend travellers",
    "night owls", "teenagers", "city dwellers", "design lovers", "people with little time",
)  # fmt: skip
_HOUSEHOLDS = (
    "busy parents", "young families", "design lovers", "newlyweds", "city dwellers",
    "country folk", "people with small flats", "hosts", "flat sharers", "retired couples",
    "new neighbours", "gift hunters", "minimalists", "early risers",
)  # fmt: skip
_PEOPLE = (
    "students", "commuters", "gift hunters", "weekend travellers", "early risers", "newlyweds",
    "city dwellers", "country folk", "teachers", "people with little time", "minimalists",
    "design lovers", "retired couples", "people who like order",
)  # fmt: skip
_PARENTS = (
    "busy parents", "young families", "gift hunters", "grandparents", "first-time buyers",
    "people with little time", "new neighbours",
)  # fmt: skip
_PLAIN_TONES = ("plain", "formal", "bold", "upbeat", "warm")
_SCHOOL = ("back to school", "the start of term", "New Year", "graduation", "a first day at work")
_PLAIN_REVIEWS = (
    "Does just what I hoped.", "Came quickly and works well.", "Simple, and it works.",
    "I would buy it again.", "No complaints at all.", "Easy to use from day one.",
    "Good value and well made.", "Nothing to moan about.", "It simply fits.",
    "Works like a charm.", "Just right for us.", "Still happy after a year.",
)  # fmt: skip
_PLAIN_PROFILES = ("Buys for a small office", "Likes few things, but good ones")
_PLAIN_CAMPAIGNS = ("Summer Sale", "Fresh Start", "Back to Work", "Happy Mondays", "Autumn Finds")
_UNFIT_PROFILES = {
    "work": ("Cooks most evenings", "Spends weekends outdoors", "Tidies on Sundays"),
    "leisure": ("Cooks most evenings", "Tidies on Sundays", "Buys for a small office"),
    "home": ("Commutes by train", "Spends weekends outdoors", "Buys for a small office"),
    "self": ("Cooks most evenings", "Buys for a small office", "Just moved into a first flat"),
    "family": ("Buys for a small office", "Commutes by train", "Cooks most evenings"),
}


def fits(product: Product) -> str:
    """Return the sort of goods: "work", "leisure", "home", "self", "family", or "" for parts."""
    kind = kind_of(product)
    if kind is None or kind.minor:
        return ""
    if _FOR_CHILDREN.search(product.title):
        return "family"
    group = kind.group
    for sort, groups in SORTS.items():
        if group in groups:
            return sort
    return ""


def audiences(sort: str) -> tuple[str, ...]:
    """Return the audiences that would want such goods."""
    return (*_AUDIENCES.get(sort, ()), *_ANYBODY)


def occasions(sort: str) -> tuple[str, ...]:
    """Return the occasions for such goods; for parts and supplies a sale is the only one."""
    sales = wishes.OCCASIONS["sale"]
    gifts, seasons = wishes.OCCASIONS["gift"], wishes.OCCASIONS["season"]
    if not sort:
        return sales
    if sort == "work":
        return (*sales, *_SCHOOL)
    homely = ("carnival", "harvest time", "the festival season", "back to school")
    return (*sales, *gifts, *(text for text in seasons if text not in homely))


def tones(sort: str) -> tuple[str, ...]:
    """Return the names of the tones in which one may speak of such goods."""
    classes = wishes.TONES if sort and sort != "work" else _PLAIN_TONES
    return tuple(name for tone in classes for name in wishes.TONES[tone])


def reviews(sort: str) -> tuple[str, ...]:
    """Return what a customer may have said of such goods."""
    return wishes.REVIEWS if sort and sort != "work" else _PLAIN_REVIEWS


def profiles(sort: str) -> tuple[str, ...]:
    """Return the shoppers who would look at such goods."""
    if not sort:
        return _PLAIN_PROFILES
    return tuple(text for text in wishes.PROFILES if text not in _UNFIT_PROFILES[sort])


def campaigns(sort: str) -> tuple[str, ...]:
    """Return the campaigns that such goods may be part of."""
    return wishes.CAMPAIGNS if sort and sort != "work" else _PLAIN_CAMPAIGNS


def promotions(sort: str) -> tuple[str, ...]:
    """Return the promotions for such goods; nobody engraves a toner."""
    if sort and sort != "work":
        return wishes.PROMOTIONS
    return tuple(text for text in wishes.PROMOTIONS if not text.startswith(("Free g", "Free e")))


SORTS = {"work": _WORK, "leisure": _LEISURE, "home": _HOME, "self": _SELF, "family": _FAMILY}
_AUDIENCES = {
    "work": _WORKERS,
    "leisure": _FREE,
    "home": _HOUSEHOLDS,
    "self": _PEOPLE,
    "family": _PARENTS,
}
