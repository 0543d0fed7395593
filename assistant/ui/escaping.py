"""Texts of others as HTML: escaped, and without marks that turn the direction of what follows."""

from __future__ import annotations

import re
from html import escape

DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def text(value: object) -> str:
    """Return HTML that shows a text as it is, but for marks that turn the direction of others."""
    return escape(DIRECTION.sub("", str(value)))
