"""What a query adds to a kind: "navy", "size L", "waterproof", "for HP", "64 GB".

A demand is true of a product, or false in a way that is known: narrowly missed (another colour),
or a plain contradiction (another size). False values are those that others of the kind have.
Knows records and no queries.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalog_index.product import AttributeValue, Product, Quantity, render_value
from finetune.situations.flags import flag_of

_BEFORE = {
    "colour": False,
    "product colour": False,
    "cable colour": False,
    "material": False,
    "pattern": False,
    "roast": False,
    "fit": False,
    "flavour": False,
    "ruling": False,
    "knit": False,
    "weave": False,
    "cover": False,
    "neckline": False,
    "construction": False,
    "texture": False,
    "terrain": True,
    "format": True,
    "connection": True,
    "connectivity technology": True,
    "life stage": True,
    "printing colours": True,
    "seasons": True,
    "riding style": True,
    "recommended for": False,
}
"""Attributes whose value stands before the kind -> whether another value is a contradiction."""
_AFTER = {
    "size": ("size {v}", True),
    "skin type": ("for {v}", True),
    "hair type": ("for {v}", True),
    "main protein": ("with {v}", False),
    "scent": ("with {v} scent", False),
    "brand compatibility": ("for {v}", True),
    "compatibility": ("for {v}", True),
    "compatible products": ("for {v}", True),
    "charging port": ("with {v}", False),
}
"""Attributes whose value stands after the kind, and how."""
_NEVER_MISSED = frozenset(("compatibility", "compatible products"))
"""Attributes whose lists of models may fit more than they name: other words prove no miss."""
_ANY_VALUE = re.compile(r"\b(?:universal|any|all|multi\w*|various|generic)\b", re.I)
_NUMBERS = frozenset(
    ("capacity", "volume", "diameter", "voltage", "length", "output power", "display size",
     "water tank", "maximum load", "battery capacity", "pieces", "persons", "pages")
)  # fmt: skip
_GENDERS = {"men": "men's", "women": "women's"}
_CONTRADICTED = re.compile(
    r"waterproof|vegan|decaf|latex-free|grain-free|fragrance-free|alcohol-free|safe$|induction"
    r"|machine washable|leakproof|suitable for|e-bike|rechargeable|dimmable|foldable|insulated"
)
_ODD_VALUE = re.compile(r"[,;(/\\]|\bnone\b|\bunscented\b|\bunisex\b|\ball\b|\buniversal\b|\d{4,}")
_SHARE = re.compile(r"^\d+ ?% ")
_TITLE_AMOUNT = re.compile(r"(?<![\w.,/-])(\d{1,4}(?:\.\d)?) ?(GB|TB|m|ft|ml)(?![\w/-])")
_AMOUNT_KINDS = re.compile(r"cable|drive|card|memory|cartridge|hose|ssd")
_CLOSE, _FAR = 1.35, 1.9
_PEERS = 10


@dataclass(frozen=True, slots=True)
class Demand:
    """Words around a kind's name, "{k}", and the attribute that they are about."""

    words: str
    attribute: str = ""

    def of(self, name: str) -> str:
        """Return the words with the name."""
        return self.words.replace("{k}", name)


def met(product: Product, kind_name: str) -> list[Demand]:
    """Return the demands that a product meets."""
    found = [
        demand
        for name, value in product.attributes.items()
        for demand in _said(name, value)
        if value is not False
    ]
    found += [Demand(f"{{k}} {amount}") for amount in _amounts(product.title, kind_name)]
    return found


def missed(
    product: Product, peers: Sequence[Product], rng: random.Random, *, plainly: bool
) -> list[Demand]:
    """Return demands that a product misses: narrowly, or plainly by a contradiction."""
    found: list[Demand] = []
    chosen = rng.sample(list(peers), min(_PEERS, len(peers)))
    for name, value in product.attributes.items():
        if isinstance(value, bool):
            if not value and flag_of(name).is_adjective:
                if bool(_CONTRADICTED.search(name)) is plainly:
                    found += _said(name, True)
            elif not value and not plainly and flag_of(name).form == "included":
                found += _said(name, True)
            continue
        others = {render_value(peer.attributes[name]): peer.attributes[name]
                  for peer in chosen if name in peer.attributes}  # fmt: skip
        found += [
            demand
            for other in _other_values(name, value, others, plainly=plainly)
            for demand in _said(name, other)
        ]
    return found


def other_amount(product: Product, kind_name: str, rng: random.Random) -> Demand | None:
    """Return a plainly other amount than the title's: 128 GB of a 16 GB stick."""
    amounts = list(_TITLE_AMOUNT.finditer(product.title))
    if len({found[2] for found in amounts}) != 1 or not _AMOUNT_KINDS.search(kind_name):
        return None
    if len({found[1] for found in amounts}) != 1:
        return None
    number = float(amounts[0][1]) * rng.choice((0.25, 0.5, 2, 4))
    return Demand(f"{{k}} {number:g}{amounts[0][2]}") if number >= 1 else None


def _said(name: str, value: AttributeValue) -> Iterable[Demand]:
    if isinstance(value, bool):
        yield from _said_flag(name)
        return
    if isinstance(value, Quantity):
        yield from _said_number(name, value)
        return
    text = _SHARE.sub("", render_value(value))
    if name == "gender":
        if text in _GENDERS:
            yield Demand(f"{_GENDERS[text]} {{k}}", name)
    elif _ODD_VALUE.search(text.lower()) or len(text.split()) > 3:
        return
    elif name in _BEFORE:
        yield Demand(f"{text} {{k}}", name)
    elif name in _AFTER:
        yield Demand(f"{{k}} {_AFTER[name][0].format(v=text)}", name)
    elif name == "operating system installed" and text.startswith("Windows"):
        yield Demand(f"{' '.join(text.split()[:2])} {{k}}", name)
    elif name == "processor family" and text.startswith(("Intel Core", "AMD Ryzen")):
        yield Demand(f"{' '.join(text.split('-')[0].split()[:3])} {{k}}", name)
    elif name == "tea type":
        yield Demand(text, name)


def _said_flag(name: str) -> Iterable[Demand]:
    flag = flag_of(name)
    if flag.is_adjective:
        yield Demand(f"{flag.word} {{k}}", name)
    elif flag.form in ("noun", "mass", "plural", "included") and flag.questions:
        yield Demand(f"{{k}} with {flag.word}", name)


def _said_number(name: str, value: Quantity) -> Iterable[Demand]:
    number = f"{value.value:g}"
    if name == "size":
        if not value.unit:
            return
        yield Demand(f"{{k}} size {number}", name)
        yield Demand(f"{{k}} {value.unit} {number}", name)
    elif name == "persons":
        yield Demand(f"{number} person {{k}}", name)
    elif name in ("pieces", "pages") and value.value > 1:
        yield Demand(f"{{k}} {number} {name}", name)
    elif name in _NUMBERS and value.unit not in ("", "mm"):
        unit = value.unit
        yield Demand(f"{{k}} {number} {unit}", name)
        yield Demand(f"{number}{unit} {{k}}", name)


def _other_values(
    name: str,
    value: AttributeValue,
    others: Mapping[str, AttributeValue],
    *,
    plainly: bool,
) -> list[AttributeValue]:
    """Return others' values that a product with this value misses narrowly, or plainly."""
    if isinstance(value, Quantity):
        if name == "size":
            return _sizes(value, others) if plainly else []
        if name not in _NUMBERS or value.value <= 0:
            return []
        return [
            other
            for other in others.values()
            if isinstance(other, Quantity) and other.unit == value.unit and other.value > 0
            and _missed_by(value.value, other.value, plainly=plainly)
        ]  # fmt: skip
    hard = _BEFORE.get(name, _AFTER[name][1] if name in _AFTER else name in ("gender", "tea type"))
    known = name in _BEFORE or name in _AFTER or name in ("gender", "tea type")
    if not known or hard is not plainly or not isinstance(value, str):
        return []
    if name in _NEVER_MISSED or _ANY_VALUE.search(value):
        return []
    if name == "gender" and value == "unisex":
        return []
    words = _stems(value)
    return [
        other
        for text, other in others.items()
        if isinstance(other, str) and not words & _stems(text)
    ]


def _sizes(value: Quantity, others: Mapping[str, AttributeValue]) -> list[AttributeValue]:
    return [
        other
        for other in others.values()
        if isinstance(other, Quantity) and abs(other.value - value.value) >= 1
    ]


def _missed_by(ours: float, theirs: float, *, plainly: bool) -> bool:
    ratio = max(ours, theirs) / min(ours, theirs)
    return ratio >= _FAR if plainly else 1.02 < ratio <= _CLOSE


def _stems(text: str) -> set[str]:
    return {
        word[:5] for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in ("skin", "hair")
    }


def _amounts(title: str, kind_name: str) -> list[str]:
    if not _AMOUNT_KINDS.search(kind_name):
        return []
    return [f"{found[1]}{found[2]}" for found in _TITLE_AMOUNT.finditer(title)]
