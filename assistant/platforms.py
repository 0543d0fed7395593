"""Where copy is published, and how long a title or a post may be there. A table; knows no task.

Figures as published by the platforms or, where those pages need an account, as reported by
several independent sources, looked up in November 2026:

- Amazon: 75 characters with spaces in every category but media (books, music, video, software),
  which keep 200; Seller Central announcement "Updates to improve your product titles begin on
  July 27" (2026). The limit before it was 200.
- eBay: 80, developer.ebay.com, Trading user guide, "Listing title".
- Etsy: 140, Etsy API announcement "Listing title validation changes".
- Google Shopping: 150, support.google.com/merchants/answer/6324415, "Title [title]"; Microsoft
  Merchant Center takes the same feed.
- Walmart: 75, the longest that sellers' guides recommend; the most that is allowed is 150,
  marketplacelearn.walmart.com, "Product details policy".
- Shopify: 70, the page title of a product's search engine listing in the admin.
- X (Twitter): 280 a post; SMS: 160 a message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Platform:
    """A place of publication; limits are in characters with spaces, 0 where none is known."""

    name: str
    title: int = 0
    post: int = 0
    rule: str = ""


_AMAZON = Platform(
    "Amazon", 75, rule="75 characters since 27 July 2026; books, music, video and software keep 200"
)
_GOOGLE = Platform("Google Shopping", 150, rule="150 characters")
_X = Platform("X", post=280, rule="280 characters a post")
_KNOWN: dict[str, Platform] = {
    "amazon": _AMAZON,
    "ebay": Platform("eBay", 80, rule="80 characters"),
    "etsy": Platform("Etsy", 140, rule="140 characters"),
    "google shopping": _GOOGLE,
    "google merchant": _GOOGLE,
    "google": _GOOGLE,
    "bing": Platform("Bing Shopping", 150, rule="150 characters"),
    "walmart": Platform("Walmart", 75, rule="75 characters recommended, 150 at most"),
    "shopify": Platform("Shopify", 70, rule="70 characters of the page title"),
    "twitter": _X,
    "sms": Platform("SMS", post=160, rule="160 characters a message"),
    **{
        name.casefold(): Platform(name)
        for name in (
            *("Instagram", "Facebook", "TikTok", "Pinterest", "LinkedIn", "WhatsApp", "YouTube"),
            *("Threads", "newsletter", "email", "billboard", "flyer"),
        )
    },
}
NAMES = re.compile(
    rf"\b(?:{'|'.join(sorted(map(re.escape, _KNOWN), key=len, reverse=True))})\b", re.I
)
"""Finds the name of a platform in a text."""


def platform_of(name: str) -> Platform | None:
    """Return the platform that a text names, None where it names none that is known."""
    found = NAMES.search(name)
    return _KNOWN[found.group().casefold()] if found else None
