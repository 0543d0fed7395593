"""Draws a demo product as a small SVG: its type's shape in the product's own colour.

The drawings hold no script, no text and no reference to anything outside themselves.
"""

from __future__ import annotations

import hashlib
import re

from catalog_index.demo.shapes import SHAPES
from catalog_index.product import Product

COLOURS = {
    "black": "#3a3d45",
    "white": "#f6f4ee",
    "silver": "#bcc3ca",
    "slate grey": "#74808c",
    "charcoal": "#4d525a",
    "navy": "#34507e",
    "light blue": "#8fbbdc",
    "teal": "#2f8f92",
    "mint": "#93cfb5",
    "sage green": "#9db592",
    "forest green": "#3f7355",
    "olive": "#7f8450",
    "lime": "#b4d04e",
    "yellow": "#f2c53d",
    "mustard": "#d3a136",
    "sand": "#d9c3a0",
    "cream": "#efe4cb",
    "brass": "#c7a252",
    "brown": "#8b6548",
    "orange": "#e58a3c",
    "terracotta": "#c9714f",
    "coral": "#ea8272",
    "red": "#cd4c4a",
    "burgundy": "#8a3646",
    "blush": "#e8bab6",
    "rose gold": "#d9a08f",
    "cast iron": "#4a4d52",
    "carbon steel": "#66707a",
    "stainless steel": "#c3c9cf",
    "aluminium": "#9aa7b3",
}
"""The colour of each `colour` (or, for pans, `material`) that the catalog names."""

_UNNAMED = ("#5f8fa8", "#c07d5b", "#7f9f77", "#a287a8", "#d0a24c", "#6f8796", "#b86a70")
_INK, _PAPER, _GROUND = "#2c3240", "#fffdf8", "#f1ece3"


def draw(product: Product) -> str:
    """Return the picture of a demo product as SVG text.

    Raises:
        KeyError: The product's id does not begin with the code of a demo type.
    """
    colour = _colour(product)
    shape = SHAPES[product.id.partition("-")[0]].format(
        c=colour,
        d=_mix(colour, "#1c2230", 0.38),
        l=_mix(colour, "#ffffff", 0.5),
        k=_INK,
        p=_PAPER,
    )
    body = (
        f'<rect width="160" height="160" rx="18" fill="{_mix(colour, _GROUND, 0.84)}"/>'
        f'<circle cx="80" cy="80" r="62" fill="{_mix(colour, "#ffffff", 0.82)}"/>'
        f'<ellipse cx="80" cy="133" rx="48" ry="6" fill="{_INK}" opacity=".13"/>'
        f'<g stroke="{_mix(colour, "#1c2230", 0.55)}" stroke-width="2" stroke-linejoin="round">'
        f"{_squeezed(shape)}</g>"
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 160">{body}</svg>\n'


def _colour(product: Product) -> str:
    for name in ("colour", "material"):
        value = product.attributes.get(name)
        if isinstance(value, str) and value in COLOURS:
            return COLOURS[value]
    digest = hashlib.sha256(f"{product.brand} {product.mpn[:7]}".encode()).digest()
    return _UNNAMED[digest[0] % len(_UNNAMED)]


def _mix(colour: str, other: str, share: float) -> str:
    """Return `colour` with `share` of `other` in it; both are "#rrggbb"."""
    pairs = ((int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * (1 - share) + b * share):02x}" for a, b in pairs)


def _squeezed(markup: str) -> str:
    return re.sub(r"\s+", " ", markup).replace("> <", "><").strip()
