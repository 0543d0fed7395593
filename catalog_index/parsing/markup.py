"""HTML to plain text, in time linear in its length: tags out, scripts and styles dropped.

The result is text, never markup: it is for reading and for search, and whoever shows it on a page
escapes it as any other text. Knows no DOM: a piece of markup is what looks like a tag.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

_DROPPED = "script|style|noscript|template|iframe|object|svg|canvas|select|head"
_ATTRIBUTES = r"""(?>[^<>"']+|"[^"<]*"|'[^'<]*'|["'])*+"""
_PIECE = re.compile(
    rf"""<!--.*?(?:-->|\Z)
    | <(?P<dropped>{_DROPPED})\b{_ATTRIBUTES}>.*?(?:</(?P=dropped)\b[^<>]*>|\Z)
    | <(?P<close>/?)(?P<name>[a-z][a-z0-9]*(?:[:-][a-z0-9:-]+)?)(?P<attributes>\b{_ATTRIBUTES})/?>
    | <!doctype[^<>]*>|<!\[cdata\[|\]\]>|<\?[^<>]*>
    | [^<\]]+|[<\]]""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)
_BLOCK_NAMES = """
    address article aside blockquote body center dd div dl dt fieldset figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section table tbody tfoot thead
    title tr ul
"""
_INLINE_NAMES = """
    a abbr acronym audio b base bdi bdo big button caption cite code col colgroup data del dfn em
    embed font i img input ins kbd label link map mark meta meter nobr o option output param picture
    progress q rp rt ruby s samp script small source span strike strong style sub sup textarea time
    track tt u var video wbr
"""
_BLOCKS, _INLINE = frozenset(_BLOCK_NAMES.split()), frozenset(_INLINE_NAMES.split())
_CELLS = {"td", "th"}
_ENDS = ".!?:;,"
_MOST_ROUNDS = 4
"""How often text is looked through again for tags that decoding its entities has brought out."""

Kind = Literal["text", "open", "close", "break", "cell"]


class Piece(NamedTuple):
    """Text, or a tag that matters: its kind, its text or its name in lower case, and where it is.

    A cell's closing tag has no name.
    """

    kind: Kind
    value: str
    at: int


def unescape(text: str) -> str:
    """Decode the entities that end in a semicolon, so that "AT&T" and "Fish &notes" stay."""
    return _ENTITY.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def pieces(markup: str) -> Iterator[Piece]:
    """Yield text, entities decoded, and the tags of blocks, line breaks and table cells.

    Inline tags, comments and what cannot be read as text (`<script>`, `<style>`, `<svg>` ... with
    their content) are left out. What looks like a tag but bears no name that HTML knows is text.
    """
    for match in _PIECE.finditer(markup):
        name = (match["name"] or "").lower()
        if not name:
            if (match[0][0] != "<" or len(match[0]) == 1) and match[0] != "]]>":
                yield Piece("text", unescape(match[0]), match.start())
        elif name in _BLOCKS:
            yield Piece("close" if match["close"] else "open", name, match.start())
        elif name == "br":
            yield Piece("break", name, match.start())
        elif name in _CELLS:
            yield Piece("cell", "" if match["close"] else name, match.start())
        elif name not in _INLINE and not re.search("[:-]", name):
            yield Piece("text", unescape(match[0]), match.start())


def strip_markup(text: str) -> str:
    """Return the text of a piece of HTML: entities decoded, blocks set apart as sentences.

    A text in which no tag is found comes back as it is but for its entities: "<3 inches" stays.
    HTML that was escaped once more ("&lt;p&gt;") is taken for HTML.
    """
    for _ in range(_MOST_ROUNDS):
        plain = _strip_once(text) if "<" in text else unescape(text)
        if plain == text:
            return text
        text = plain
    return text


def _strip_once(markup: str) -> str:
    """Return the text of one layer of markup."""
    lines: list[list[str]] = [[]]
    loose: set[int] = set()
    found = False
    for kind, value, _ in pieces(markup):
        if kind == "text":
            lines[-1].append(value)
            continue
        found = True
        if kind == "cell":
            lines[-1].append(" ")
            continue
        lines.append([])
        if kind == "break":
            loose.add(len(lines) - 1)
    if not found:
        return "".join(lines[0])
    return _sentences(["".join(line).strip() for line in lines], loose)


def _sentences(lines: list[str], loose: set[int]) -> str:
    """Join blocks by full stops where they lack one; `loose` lines may go on with the one before.

    A line after `<br>` that starts in lower case goes on with the sentence before.
    """
    parts: list[str] = []
    goes_on = True
    for at, line in enumerate(lines):
        goes_on = goes_on and at in loose
        if not line:
            continue
        if parts:
            continues = goes_on and line[0].islower()
            parts.append(" " if continues or parts[-1][-1] in _ENDS else ". ")
        parts.append(line)
        goes_on = True
    return "".join(parts)
