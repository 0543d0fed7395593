"""The ways in which a person names a product: id, code, title, part of the title, model name.

A name is used only where it means one product of the whole catalog. Knows no question.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from benchmarks.answers.shelf import Shelf, tokens
from catalog_index.product import Product

_CODE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9./#-]{3,24}")
_MOST_WORDS = 16
_DANGLING = re.compile(
    r"(?:\b(?:and|with|for|of|in|the|a|to|by|from|on|x|per|or|w|up|für|de|high|low|non|one|two|as|at|is)|[-&+/(,:]|\b\d+(?:[.,]\d+)?)$",
    re.IGNORECASE,
)
_BEFORE_NUMBER = ("product", "item", "item number", "article")


def code_names(shelf: Shelf, product: Product) -> list[tuple[str, str]]:
    """Return (manner, code) of the codes by which the product can be asked for."""
    codes = [("id", product.id), ("code", product.mpn), ("code", product.sku)]
    return [
        (manner, code)
        for manner, code in codes
        if code and _CODE.fullmatch(code) and shelf.is_code_of_one(code)
    ]


def word_names(shelf: Shelf, product: Product) -> list[tuple[str, str]]:
    """Return (manner, name) of the names in words that mean this product alone."""
    title = " ".join(product.title.split())
    found: list[tuple[str, str]] = []
    if len(title.split()) <= _MOST_WORDS and shelf.names_one(title):
        found.append(("title", title))
    shorter = [part for part in _parts(title) if shelf.names_one(part)]
    if shorter:
        found.append(("short title", min(shorter, key=lambda part: (len(part.split()), part))))
    model = product.mpn
    if model and 1 < len(tokens(model)) <= 6 and not _DANGLING.search(model):
        name = model if model.casefold().startswith(product.brand.casefold()) else ""
        name = name or f"{product.brand} {model}".strip()
        if shelf.names_one(name) and name != title:
            found.append(("brand and model", name))
    return found


def pick_name(shelf: Shelf, product: Product, chance: random.Random) -> tuple[str, str] | None:
    """Return (manner, name as it stands in a sentence), or None where nothing names it alone."""
    in_words, codes = word_names(shelf, product), code_names(shelf, product)
    wanted = codes if codes and (not in_words or chance.random() < 0.35) else in_words
    if not wanted:
        return None
    manner, name = chance.choice(wanted)
    if name.isdigit():
        return manner, f"{chance.choice(_BEFORE_NUMBER)} {name}"
    if manner in ("id", "code"):
        return manner, chance.choice((name, f"the {name}", f"product {name}"))
    return manner, name if chance.random() < 0.4 else f"the {name}"


def _parts(title: str) -> Iterator[str]:
    """Yield what people leave of a title: its start, without what stands in brackets or between."""
    plain = re.sub(r"\s*\([^)]*\)", "", title)
    words = plain.split()
    for size in range(3, min(len(words), 9)):
        part = " ".join(words[:size]).rstrip(",;.")
        if not _DANGLING.search(part) and not _splits_measure(words, size):
            yield part
    segments = [part.strip() for part in plain.split(",")]
    if len(segments) > 1:
        for last in segments[1:]:
            if 0 < len(last.split()) <= 3:
                yield f"{segments[0]} {last}"
    if len(segments) > 2:
        yield f"{segments[0]} {segments[-2]} {segments[-1]}"


def _splits_measure(words: list[str], size: int) -> bool:
    """Whether a cut after `size` words leaves a number without its unit or a dash open."""
    after = words[size] if size < len(words) else ""
    return bool(re.fullmatch(r"[\d.,]+", words[size - 1])) or after in ("-", "x", "/", "&")
