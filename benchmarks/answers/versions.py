"""Versions of a product that one option of their titles tells apart: colour, size, length.

Where a feed groups no versions, products whose titles differ in a colour word alone stand in.
Knows no question.
"""

from __future__ import annotations

import re

from benchmarks.answers.desk import Desk
from benchmarks.answers.shelf import tokens
from catalog_index.product import Product, Quantity, render_value

OPTIONS = (
    "colour",
    "size",
    "capacity",
    "weight",
    "product colour",
    "cable colour",
    "cable length",
)
_COLOUR = re.compile(
    r"black|white|grey|gray|red|blue|green|yellow|orange|pink|purple|violet|brown|beige|silver|gold"
    r"|cyan|magenta|navy",
)


def siblings(desk: Desk, product: Product) -> list[tuple[Product, str]]:
    """Return (sibling, option) of the versions that one option of their titles tells apart."""
    pool = desk.shelf.group(product) or _twins(desk, product)
    own = _options(product)
    found = []
    for other in pool:
        theirs = _options(other)
        differing = [field for field in OPTIONS if own.get(field) != theirs.get(field)]
        if len(differing) != 1 or differing[0] not in theirs:
            continue
        option = theirs[differing[0]]
        alike = [one for one in pool if _options(one) == theirs]
        if len(alike) == 1 and "," not in option and len(option.split()) <= 3:
            found.append((other, option.lower() if "colour" in differing[0] else option))
    return found


def _options(product: Product) -> dict[str, str]:
    """Return the options that a product's title names, as text."""
    named = set(tokens(product.title))
    return {
        field: render_value(value)
        for field in OPTIONS
        if (value := product.attributes.get(field)) is not None
        and not (isinstance(value, Quantity) and not value.unit)
        and set(tokens(render_value(value))) <= named
    }


def _twins(desk: Desk, product: Product) -> list[Product]:
    """Return products whose titles differ from this one's in one colour word alone."""
    own = tokens(product.title)
    twins = []
    for other in desk.shelf.kin(product):
        theirs = tokens(other.title)
        if len(theirs) != len(own):
            continue
        changed = [(a, b) for a, b in zip(own, theirs, strict=True) if a != b]
        colours = [pair for pair in changed if all(map(_COLOUR.fullmatch, pair))]
        if len(colours) == 1 and len(changed) <= 2:
            twins.append(other)
    return twins
