"""Questions that their evidence does not answer, or that assume what the record denies.

The questions are those that other evidence answers, so that only the evidence tells the two
apart: the field asked for is left out while near ones stand there, or the evidence is another
product's.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from catalog_index.product import Product
from finetune.shop import Shop, product_kind
from finetune.situations.evidence import Field, fields_of, lines_with, lines_without, with_title
from finetune.situations.flags import Flag, flag_of
from finetune.situations.kinds import kind_of
from finetune.situations.names import spoken
from finetune.situations.speech import Subject, called
from finetune.situations.topics import Asked, common_absences, topic_of

_LEXICON = Path(__file__).with_name("absent.toml")
_DRAWN = 80
"""How many products are looked at for another of the same kind."""
_SAYS_NOT = "The catalog does not say"
_NEAR_SHARE = 0.25
_HELPS = (
    re.compile(r"(?:item |product |net )?(?:weight|width|height|depth|length|diameter|size)"),
    re.compile(r"warranty|return window|returns?"),
    re.compile(r"battery (?:life|capacity)|charging time|run ?time"),
)
"""Fields of which one says something on another."""
_POWERED = re.compile(r"power|battery|charging|voltage|usb|bluetooth|motor|display")
_ELECTRIC = frozenset(("battery_life", "noise", "compatibility"))
_USED_UP = re.compile(
    r"grocery|beauty|\b(?:food|coffee|tea|cream|shampoo|soap|paper|labels?|ink|toner|cartridges?)\b"
)
_NAMED_VALUE = re.compile(r"what (?:the|its|their) (?P<name>.+) (?P<verb>is|are)")
_WATER = re.compile(r"water|rain|wet|ip rating|leak|insulat")
_WATER_RIVAL = r"water|protection rating|ip rating|membrane|leak|weather|lid|splash"
_LONG_WORD = re.compile(r"[a-z]{3,}")
_WEAK_WORDS = frozenset(
    ("the", "for", "and", "with", "from", "own", "into", "out", "safe", "free", "included",
     "suitable")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question, the evidence for it, and the answer."""

    question: str
    lines: list[str]
    answer: str


def unanswered(
    product: Product, shop: Shop, subject: Subject, rng: random.Random
) -> Exchange | None:
    """Return a question that cannot be answered as asked; None where this draw gives none."""
    makers: tuple[Callable[[Product, Shop, Subject, random.Random], Exchange | None], ...] = (
        _left_out,
        _lacking,
        _uncommon,
        _denied,
        _assumed,
        _another,
    )
    return rng.choices(makers, (0.3, 0.14, 0.12, 0.12, 0.06, 0.26))[0](product, shop, subject, rng)


def flag_rival(name: str) -> str:
    """Return the names of fields that bear on a yes-or-no attribute, as a pattern."""
    if _WATER.search(name):
        return _WATER_RIVAL
    words = [word[:6] for word in _LONG_WORD.findall(name) if word not in _WEAK_WORDS]
    extra = ["in the box"] if "included" in name else []
    return "|".join([*map(re.escape, words), *extra]) or re.escape(name)


def asks_flag(field: Field) -> bool:
    """Whether a field is a yes-or-no attribute that can be asked for in a sentence."""
    return field.flag is not None and flag_of(field.name).is_askable


def askable(product: Product) -> list[Field]:
    """Return the fields of a record that can be asked for in a sentence."""
    return [field for field in fields_of(product) if field.flag is None or asks_flag(field)]


def _left_out(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask for a field of the record that the evidence leaves out."""
    fields = askable(product)
    return _without(product, rng.choice(fields), subject, rng)


def _lacking(product: Product, shop: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask for a field that others of the kind have, or that shoppers ask of any goods."""
    held = {field.name for field in fields_of(product)}
    if rng.random() < 0.4:
        powered = any(_POWERED.search(name) for name in held)
        topics = [
            asked for asked in common_absences() if powered or asked.topic.key not in _ELECTRIC
        ]
        return _without_topic(product, rng.choice(topics), subject, rng)
    peers = shop.by_kind.get(product_kind(product)) or shop.products
    peer = rng.choice(peers)
    others = [field for field in askable(peer) if field.name not in held]
    if not product_kind(product) or not others:
        return None
    return _without(product, rng.choice(others), subject, rng)


def _uncommon(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask what catalogs hardly ever say."""
    held = " ".join((product.product_type, product.title)).lower()
    used_up = bool(_USED_UP.search(held))
    powered = any(_POWERED.search(field.name) for field in fields_of(product))
    fitting = {"any": True, "durable": not used_up, "edible": used_up, "electric": powered}
    items = [item[:3] for item in _uncommon_items() if fitting[item[3]]]
    question, lack, rival = rng.choice(items)
    lines, _near = lines_without(product, rival, rival, "", rng)
    answer = f"{_SAYS_NOT} {subject.fill(lack)}."
    return Exchange(subject.fill(question), lines, answer)


def _denied(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Take for granted what the record denies."""
    denied = [field for field in fields_of(product) if field.flag is False and asks_flag(field)]
    if not denied:
        return None
    field = rng.choice(denied)
    flag = flag_of(field.name)
    said = flag.says(False, subject, rng)
    if rng.random() < 0.4:
        said = f"{said[:-1]}: the record says {field.line}."
    lines = lines_with(product, [field], flag_rival(field.name), rng)
    return Exchange(flag.premise(subject, rng), lines, said)


def _assumed(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Take for granted what the evidence leaves open."""
    flags = [field for field in fields_of(product) if asks_flag(field)]
    if not flags:
        return None
    flag = flag_of(rng.choice(flags).name)
    return _without_flag(product, flag, flag.premise(subject, rng), subject, rng)


def _another(product: Product, shop: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask about a product by name, with evidence of another of its kind."""
    other = rng.choice(_peers(product, shop, rng))
    name, other_name = called(product), called(other)
    if not name or not other_name or name.full.casefold() == other_name.full.casefold():
        return None
    if set(name.full.casefold().split()) <= set(re.split(r"[\s,]+", other.title.casefold())):
        return None
    named = subject.named(name.definite)
    fields = askable(other)
    if not fields:
        return None
    field = rng.choice(fields)
    if field.flag is None:
        asked = Asked(topic_of(field.name, field.text), field.name, field.text)
        question, lack = asked.question(named, rng), asked.lacks(named, rng)
    else:
        flag = flag_of(field.name)
        question, lack = flag.ask(named, rng)[0], flag.lacks(named, rng)
    if name.full not in question:
        question = f"{rng.choice(('About', 'Regarding', 'For'))} {name.definite}: {question}"
    lines = lines_with(other, [field], "", rng)
    lines = with_title(other, lines, rng, 1.0)
    if name.full not in lack:
        said = _NAMED_VALUE.fullmatch(lack)
        if said:
            lack = f"what the {said['name']} of {name.definite} {said['verb']}"
        elif not lack.startswith("whether"):
            lack = f"{lack} for {name.definite}"
    answer = f"{_SAYS_NOT} {lack}."
    if rng.random() < 0.25:
        answer += f" The record found is for {other_name.definite}."
    return Exchange(question, lines, answer)


def _peers(product: Product, shop: Shop, rng: random.Random) -> Sequence[Product]:
    """Return products of the same type or, where there are no types, that are called alike."""
    if peers := shop.by_kind.get(product_kind(product)):
        return peers
    drawn = rng.sample(shop.products, min(_DRAWN, len(shop.products)))
    kind = kind_of(product)
    return [other for other in drawn if kind and kind_of(other) == kind] or drawn


def _without(
    product: Product, field: Field, subject: Subject, rng: random.Random
) -> Exchange | None:
    """Ask for a field of which the evidence says nothing."""
    if field.flag is not None:
        flag = flag_of(field.name)
        return _without_flag(product, flag, flag.ask(subject, rng)[0], subject, rng)
    asked = Asked(topic_of(field.name, field.text), field.name, field.text)
    return _without_topic(product, asked, subject, rng)


def _without_topic(
    product: Product, asked: Asked, subject: Subject, rng: random.Random
) -> Exchange | None:
    topic = asked.topic
    rival = f"^{re.escape(asked.field)}$|{topic.rival}"
    words = "|".join(filter(None, (topic.words, re.escape(asked.value))))
    lines, near = lines_without(product, rival, words, topic.near, rng)
    answer = f"{_SAYS_NOT} {asked.lacks(subject, rng)}."
    return Exchange(asked.question(subject, rng), lines, answer + _only(asked.field, near, rng))


def _without_flag(
    product: Product, flag: Flag, question: str, subject: Subject, rng: random.Random
) -> Exchange:
    rival = flag_rival(flag.name)
    lines, _near = lines_without(product, rival, rival, "", rng)
    return Exchange(question, lines, f"{_SAYS_NOT} {flag.lacks(subject, rng)}.")


def _only(asked: str, near: list[Field], rng: random.Random) -> str:
    """Add a field now and then that helps who asked: a measure beside another, and no more."""
    told = [
        field
        for field in near
        if field.flag is None
        and any(group.fullmatch(asked) and group.fullmatch(field.name) for group in _HELPS)
    ]
    if not told or rng.random() >= _NEAR_SHARE:
        return ""
    field = rng.choice(told)
    form = rng.choice(
        (
            " It only lists the {name}: {value}.",
            " It gives only the {name}: {value}.",
            " What it does list is the {name}: {value}.",
        )
    )
    return form.format(name=spoken(field.name), value=field.text)


@cache
def _uncommon_items() -> tuple[tuple[str, str, str, str], ...]:
    with _LEXICON.open("rb") as file:
        items = tomllib.load(file)["items"]
    return tuple((question, lack, rival, goods) for question, lack, rival, goods in items)
