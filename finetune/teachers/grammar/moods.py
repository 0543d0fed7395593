"""Words that go with each family of products, and short sentences put together from them.

The words stand in `moods.toml`. A sentence of this module paints a scene and says nothing of the
product.
"""

from __future__ import annotations

import random
import re

from finetune.teachers.grammar.combos import PARTS
from finetune.teachers.grammar.tables import table

_MOODS: dict[str, list[str]] = table("moods")
_SENSES = (
    "soft", "warm", "fresh", "slow", "quiet", "bright", "late", "early", "long", "sweet", "cool",
    "wild", "old", "new", "good", "lazy", "golden", "small", "big", "easy", "gentle", "merry",
    "deep", "light", "fine", "happy", "calm", "lovely", "proper", "real", "simple", "tidy",
)  # fmt: skip
_OPENINGS = (
    "{m}, {m}, {m}.", "{m}, {m}, {m}.", "{sense} {m}, {sense} {m}.", "{m} and {m}, anyone?",
    "First {m}, then {m}.", "{m}, meet {m}.", "All {m}, no {bad}.", "More {m}, less {bad}.",
    "{m} before {m}.", "{m}, {sense} {m} and {good}.", "{m}? {m}? Yes.",
    "Ah, {m} and {sense} {m}.", "Hooked on {m}?", "No {bad}, just {m} and {m}.",
    "Oh, {sense} {m}.", "{people} and {m}, unite.", "In love with {m}?", "Call it {m} and {m}.",
    "Here come {m} and {m}.", "{m} by day, {m} by night.", "{good} starts with {m}.",
    "Mad about {m}?", "Think {m}, think {m}.", "{m} on your mind?",
)  # fmt: skip
_ENDINGS = (
    "Just add {m}.", "Just add {m} and {m}.", "Bring {m} and {m}.", "{sense} {m} welcome.",
    "Here come {m} and {m}.", "Leave {bad}, take {m}.", "{m} to follow.", "You bring the {m}.",
    "Hello, {sense} {m} and {m}.", "{m}, {m}, you.", "Now cue the {m}.", "On to {m} and {m}.",
    "So long, {bad}, hello, {m}.", "Pair with {m} and {good}.", "{people}, enjoy.",
    "Next up: {m}.", "The {m} can wait.", "{m} come and go, {good} stays.",
    "All that is missing: {m}.", "See you between {m} and {m}.", "Say hi to the {m}.",
)  # fmt: skip
_SCENES = (
    "{m} and {m}", "{sense} {m}", "{sense} {m} and {m}", "{m}, {m} and {good}", "all your {m}",
    "{sense} {part}s and {m}",
)  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")


def opening(key: str, rng: random.Random) -> str:
    """Return a sentence to open an ad for a thing of this family with."""
    return _made(rng.choice(_OPENINGS), key, rng)


def ending(key: str, rng: random.Random) -> str:
    """Return a sentence to end it with."""
    return _made(rng.choice(_ENDINGS), key, rng)


def scene(key: str, rng: random.Random) -> str:
    """Return what one would want such a thing for, to stand after "for"."""
    return _made(rng.choice(_SCENES), key, rng)


def _made(frame: str, key: str, rng: random.Random) -> str:
    drawn: set[str] = set()

    def part(found: re.Match[str]) -> str:
        if found[1] == "m":
            words = tuple(_MOODS.get(key, _MOODS["any"]))
        else:
            words = _SENSES if found[1] == "sense" else PARTS[found[1]]
        word = rng.choice([choice for choice in words if choice not in drawn])
        drawn.add(word)
        return word

    return re.sub(r"(?<=[?] )[a-z]", lambda first: first[0].upper(), _SLOT.sub(part, frame))
