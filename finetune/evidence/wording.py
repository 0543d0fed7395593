"""How a field is asked for by its name, and how shoppers mistype and name the product.

Knows no records' facts.
"""

from __future__ import annotations

import random
import re
import string

from catalog_index.product import Product

_VALUE_FRAMES = (
    "what is the {name}", "what's the {name}", "what is the {name} of {it}", "{name}", "{name}?",
    "{name} of {it}", "tell me the {name}", "could you tell me the {name} of {it}",
    "what {name} does {it} have", "which {name} does {it} have", "do you know the {name}",
    "what about the {name}", "and the {name}?", "I need to know the {name}", "its {name}?",
    "what does the record say about {name}",
    "please give me the {name} for {it}", "give me {name}", "{it} {name}", "{name} please",
    "whats the {name} on {it}", "can you check the {name}", "I'd like to know the {name} of {it}",
    "does the catalog give the {name}", "is the {name} known", "what would the {name} be",
)  # fmt: skip
_FLAG_FRAMES = (
    "is {it} {name}", "does {it} have {name}", "has {it} got {name}", "is there {name}",
    "does {it} come with {name}", "{name}?", "{name}", "is {name} there", "any {name}",
    "does {it} support {name}", "{name} yes or no", "is it {name}", "with {name}?",
    "can you tell me if {it} has {name}", "I need {name}, does {it} have that",
    "is {it} a {name} one",
    "do I get {name} with {it}", "does {it} offer {name}", "what about {name}", "and {name}?",
)  # fmt: skip
_PREMISES = (
    "since the {name} is {value}, is it right for me", "as its {name} is {value}, can I use it",
    "given that {it} has a {name} of {value}, what now", "so the {name} is {value}, right",
    "the {name} is {value}, isn't it", "because its {name} is {value}, will it do",
    "I read that the {name} is {value}, is that so", "is the {name} really {value}",
)  # fmt: skip
_LETTER = re.compile(r"[a-z]{4,}", re.I)
_PLACES = ("the {x}", "{x}", "your {x}", "this {x}")


def frame(name: str, is_flag: bool, subject: str, rng: random.Random) -> str:
    """Return a question that names a field, in one of many plain forms."""
    forms = _FLAG_FRAMES if is_flag and rng.random() < 0.85 else _VALUE_FRAMES
    return rng.choice(forms).replace("{name}", name).replace("{it}", subject)


def premise(name: str, value: str, subject: str, rng: random.Random) -> str:
    """Return a question that takes a field's value for granted."""
    form = rng.choice(_PREMISES).replace("{name}", name).replace("{it}", subject)
    return form.replace("{value}", value)


def named_in(question: str, product: Product, rng: random.Random) -> str:
    """Put a code, the brand or words of the title in the place of "it", or at an end."""
    words = product.title.split()
    start = rng.randrange(0, max(1, min(3, len(words) - 2)))
    part = " ".join(words[start : start + rng.randint(2, 5)]).strip(",;")
    named = rng.choice((product.id, product.title, part, part, f"{product.brand} {part}"))
    named = rng.choice(_PLACES).replace("{x}", named.strip())
    if re.search(r"\bit\b", question):
        return re.sub(r"\bit\b", lambda _: named, question, count=1)
    forms = ("{q} for {x}", "{x}: {q}", "{x} {q}", "{q} ({x})")
    return rng.choice(forms).replace("{q}", question.rstrip("?")).replace("{x}", named)


def garbled(question: str, rng: random.Random) -> str:
    """Mistype one long word: a letter doubled, dropped, swapped or wrong."""
    words = list(_LETTER.finditer(question))
    if not words:
        return question
    start, end = rng.choice(words).span()
    at = rng.randrange(start + 1, end - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return question[:at] + question[at] + question[at:]
    if kind == 1:
        return question[:at] + question[at + 1 :]
    if kind == 2:
        return question[:at] + question[at + 1] + question[at] + question[at + 2 :]
    return question[:at] + rng.choice(string.ascii_lowercase) + question[at + 1 :]
