"""How a question and its answer refer to a product, and templates filled accordingly.

A template names the product by {it} (as asked), {It} (as answered, a sentence's first word),
{pro}, {them} and {its}, and holds verbs in brackets that agree with it: "How heavy [is] {it}?".
Knows no fields.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from catalog_index.product import Product
from finetune.situations.english import agree, with_articles
from finetune.situations.naming import Name, name_of

_SLOT = re.compile(r"\{(\w+)\}")
_WAS = re.compile(r"\[was\]")
_OBJECT = re.compile(
    r"\b(about|carry|charge|chose|connect|designed|dim|dry|fold|for|from|get|hang|heat|in|into|iron"
    r"|assemble|leave|lift|like|makes|making|of|off|on|order|pick|plug|post|put|recharge|refill"
    r"|return|send|ship|shows|stack|take|to|try|use|wash|wear|with|wrap|buy|dispose) they\b",
    re.I,
)
"""A "they" that is no subject: after a verb or a preposition."""
_MOST_NAME_WORDS = 6
_TYPO = re.compile(r"[a-z]{5,}")


@dataclass(frozen=True, slots=True)
class Subject:
    """A product as one question and its answer speak of it."""

    asked: str
    said: str
    noun: str
    plural: bool
    name: str = ""
    """Stands for the pronoun where the text must say which product it means."""

    def named(self, name: str) -> Subject:
        """Return it called by a name throughout."""
        return replace(self, asked=name, said=name, name=name)

    def fill(self, template: str, **values: str) -> str:
        """Fill a template and let its verbs agree; see this module's text."""
        slots = {
            "it": self.asked,
            "It": self.said[:1].upper() + self.said[1:],
            "pro": self.name or ("they" if self.plural else "it"),
            "them": self.name or ("them" if self.plural else "it"),
            "its": "their" if self.plural else "its",
            "noun": self.noun,
            **values,
        }
        verbs = _WAS.sub("were" if self.plural else "was", template)
        agreed = agree(verbs, self.plural)
        said = with_articles(_SLOT.sub(lambda found: slots[found[1]], agreed))
        return _OBJECT.sub(r"\1 them", said) if self.plural else said


def subject_of(product: Product, rng: random.Random) -> Subject:
    """Choose how a shopper and the answer call a product."""
    name = called(product)
    plural = bool(name and name.plural)
    noun = name.noun if name and name.noun else ("items" if plural else "item")
    pronoun = "they" if plural else "it"
    draw = rng.random()
    if draw < 0.42:
        asked = pronoun
    elif draw < 0.58:
        asked = f"{'these' if plural else 'this'} {noun}"
    elif draw < 0.76:
        asked = f"the {noun}"
    elif draw < 0.84:
        asked = "these" if plural else "this"
    elif name and len(name.full.split()) <= _MOST_NAME_WORDS:
        asked = name.definite
    else:
        asked = pronoun
    named = noun not in ("item", "items") and asked.endswith(noun)
    said = f"the {noun}" if named and rng.random() < 0.45 else pronoun
    return Subject(asked, said, noun, plural)


def called(product: Product) -> Name | None:
    """Return a product's name for running text; None where its title makes none."""
    return _called(product.title, product.brand, product.product_type)


@lru_cache(maxsize=65536)
def _called(title: str, brand: str, path: str) -> Name | None:
    return name_of({"title": title, "brand": brand, "product_type": path})


def typed(question: str, rng: random.Random) -> str:
    """Write a question as people type: greetings, small letters, a missing mark, rarely a slip."""
    text = question[:1].upper() + question[1:]
    draw = rng.random()
    if draw < 0.05:
        text = f"{rng.choice(_GREETINGS)} {text}"
    elif draw < 0.09:
        text = f"{text} {rng.choice(_CLOSINGS)}"
    elif draw < 0.13:
        text = f"{rng.choice(_LEADS)} {text}"
    if rng.random() < 0.28:
        text = text.lower()
    if text.endswith("?") and rng.random() < 0.15:
        text = text[:-1]
    if rng.random() < 0.02 and (words := list(_TYPO.finditer(text))):
        at = rng.choice(words).start() + 1
        text = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text


def upper_first(text: str) -> str:
    """Begin with a capital."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Begin with a small letter, but for a name or an acronym."""
    first = text.split(" ", 1)[0]
    plain = first in _OPENERS
    return text[:1].lower() + text[1:] if plain else text


def slots_of(name: str, value: str) -> Mapping[str, str]:
    """Return the slots that a field fills."""
    return {"name": name, "Name": upper_first(name), "value": value}


_OPENERS = frozenset(
    ("It", "They", "The", "A", "An", "There", "You", "For", "In", "One", "Each", "This", "These",
     "How", "What", "Where", "Which", "Who", "When", "Can", "Does", "Do", "Is", "Are", "Will",
     "Has", "Have", "What's", "Who's")
)  # fmt: skip
_GREETINGS = ("Hi!", "Hello,", "Good morning.", "Hi there,", "Hello!", "Hey,")
_CLOSINGS = ("Thanks!", "Thank you.", "Many thanks!", "Please let me know.", "Cheers")
_LEADS = (
    "Quick question:",
    "Before I buy:",
    "One thing I could not find:",
    "A customer asks:",
    "Sorry if this is obvious:",
    "Just checking:",
    "Please tell me:",
)
