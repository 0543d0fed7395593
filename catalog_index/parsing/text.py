"""One line of clean text out of whatever a feed's cell holds.

`clean_text` only tidies; `feed_text` also mends mojibake and takes HTML out, for the texts that
people wrote: titles, descriptions, attributes.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from catalog_index.parsing.markup import strip_markup

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ud800-\udfff]")
_UNSEEN = re.compile(rf"[\t\n\r]|{_CONTROL.pattern}")
_CONTINUATIONS = "".join(
    bytes([byte]).decode("cp1252", errors="ignore") + chr(byte) for byte in range(0x80, 0xC0)
)
_MOJIBAKE = re.compile(f"[\u00c2-\u00f4][{re.escape(_CONTINUATIONS)}]")
"""A byte that opens a UTF-8 sequence and one that goes on with it, both read as Windows-1252."""
_SHOWN = 60


def clean_text(value: Any) -> str:
    """Return one line of NFC text: control characters and lone surrogates dropped, spaces folded.

    A whole number that a spreadsheet made a float (a GTIN, say) keeps all its digits.
    """
    if value is None:
        return ""
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    return " ".join(unicodedata.normalize("NFC", _CONTROL.sub(" ", text)).split())


def feed_text(value: Any) -> str:
    """Return clean text with mojibake mended, entities decoded and HTML taken out.

    A list's texts are joined by commas.
    """
    if isinstance(value, list | tuple):
        return ", ".join(filter(None, map(feed_text, value)))
    if isinstance(value, str):
        if not value.isascii() and _MOJIBAKE.search(value):
            value = _mended(value)
        if "<" in value or "&" in value:
            value = strip_markup(value)
    return clean_text(value)


def _mended(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252, where all of the text agrees that it was."""
    import ftfy

    return ftfy.fix_encoding(text)


def clean_path(value: Any) -> str:
    """Return a file's path or address as it is written, without control characters.

    Spaces and accents are not folded, as `clean_text` does: the file would have another name.
    """
    return "" if value is None else _UNSEEN.sub("", str(value)).strip()


def quoted(text: str) -> str:
    """Quote a faulty value in a message, cut short."""
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
