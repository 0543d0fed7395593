"""Questions with slips of the finger in the words of a field or of a product's name.

Codes and numbers stay whole. Knows no answer but the record's.
"""

from __future__ import annotations

import random

from benchmarks.answers.desk import Desk, Question
from benchmarks.answers.items import Fact
from benchmarks.answers.lookups import is_doubtful, polar_question, value_question
from benchmarks.answers.shelf import tokens
from benchmarks.answers.wordings import spoken
from benchmarks.answers.yes_or_no import BOOLEANS


def mistyped(desk: Desk, message: str, name: str, field: str) -> str | None:
    """Put one or two slips of the finger into words of the field or of the product's name."""
    words = message.split(" ")
    wanted = set(tokens(f"{name} {field}"))
    places = [
        place
        for place, word in enumerate(words)
        if word.isalpha() and len(word) >= 5 and word.casefold() in wanted
    ]
    if not places:
        return None
    for place in desk.chance.sample(places, min(len(places), desk.chance.choice((1, 2)))):
        words[place] = slip(words[place], desk.chance)
    return " ".join(words)


def slip(word: str, chance: random.Random) -> str:
    """Drop, double, swap or replace one letter after the first."""
    place = chance.randrange(1, len(word) - 1)
    way = chance.choice(("drop", "double", "swap", "replace"))
    if way == "swap" and word[place] != word[place + 1]:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if way == "double":
        return word[:place] + word[place] + word[place:]
    if way == "replace":
        near = _NEAR_KEYS.get(word[place].lower(), "e")
        return word[:place] + chance.choice(near) + word[place + 1 :]
    return word[:place] + word[place + 1 :]


_NEAR_KEYS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj",
    "i": "uo", "j": "hk", "k": "jl", "l": "ko", "m": "n", "n": "bm", "o": "ip", "p": "o",
    "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb", "w": "qe", "x": "zc",
    "y": "tu", "z": "x",
}  # fmt: skip


def typo(desk: Desk) -> Question | None:
    """Ask for a value, a yes or no, or a price, with slips of the finger."""
    product = desk.product()
    named = desk.named(product)
    if named is None:
        return None
    manner, name = named
    held: dict[str, Fact] = {**desk.values(product), **desk.booleans(product)}
    fields = sorted(field for field in held if not is_doubtful(product, field))
    if not fields:
        return None
    field = desk.pick(fields)
    make = polar_question if isinstance(held[field], bool) else value_question
    question = make(desk, product, field)
    plain = question.message.replace("{p}", name)
    message = mistyped(desk, plain, name, f"{spoken(field)} {BOOLEANS.get(field, '')}")
    if message is None or message == plain:
        return None
    return Question(f"{field}, {manner}", "", question.gold).asked(message)
