"""Generates the demo catalog: about 1,500 products of fictional brands, the same on every run.

An item's attributes come first; title, description and price are computed from them. This module
knows how an item is made, not what kinds of item there are (see `types`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from types import MappingProxyType

from catalog_index.demo.dsl import Dice, Facts, ProductType, compose, sentence_groups, subjects
from catalog_index.demo.terms import CURRENCY, RETURN_WINDOWS
from catalog_index.demo.types import PRODUCT_TYPES
from catalog_index.product import AttributeValue, Money, Product, Quantity

ITEMS_PER_TYPE = 44
MIN_WORDS, MAX_WORDS = 40, 118
_DRAFTS = 10  # descriptions tried for a model; the one least like its type's others is kept
_NAMING = ("brand", "model", "first", "second")


def generate_products() -> Iterator[Product]:
    """Yield the demo catalog's products, type by type, the variants of a model together.

    Raises:
        ValueError: A product type's sentences cannot make a description of the right length.
    """
    serial = count()
    for kind in PRODUCT_TYPES:
        yield from _generate_type(kind, serial)


def gtin_check_digit(body: str) -> str:
    """Return the check digit for the first 12 digits of a GTIN-13 (GS1 General Specifications)."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return str(-total % 10)


def five_grams(text: str) -> frozenset[tuple[str, ...]]:
    """Return the runs of five words in `text`, lower-case: what two texts share of wording."""
    words = re.findall(r"[\w-]+", text.lower())
    return frozenset(zip(*(words[start:] for start in range(5)), strict=False))


def overlap(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> float:
    """Return the Jaccard similarity of two sets, 0 for two empty ones."""
    return len(left & right) / max(1, len(left | right))


@dataclass(frozen=True, slots=True)
class _Model:
    """One model of a type: `key` seeds its dice."""

    kind: ProductType
    brand: str
    first: str
    second: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.second}".strip()

    def dice(self, *key: object) -> Dice:
        return Dice(self.kind.code, self.brand, self.name, *key)

    def facts(self, variant: int) -> Facts:
        """Draw the attributes; those in `vary` by variant, the others alike for the model."""
        facts = Facts(brand=self.brand, model=self.name, first=self.first, second=self.second)
        for name, draw in self.kind.attributes.items():
            seed = (name, variant) if name in self.kind.vary else (name,)
            value = draw(facts, self.dice(*seed))
            if value is not None and value != ():
                facts[name] = value
        if self.kind.warranty:
            facts["warranty"] = Quantity(self.kind.warranty, "months")
        facts["return window"] = RETURN_WINDOWS[self.kind.returns]
        return facts

    def variants(self) -> list[Facts]:
        """Return the facts of the model's variants, no two alike in what varies."""
        largest = self.kind.largest_group if self.kind.vary else 1
        wanted = 1 + self.dice("variants").index(largest)
        found: dict[tuple[object, ...], Facts] = {}
        for attempt in range(4 * wanted):
            facts = self.facts(attempt)
            found.setdefault(tuple(facts.get(name) for name in self.kind.vary), facts)
            if len(found) == wanted:
                break
        return list(found.values())


@dataclass(frozen=True, slots=True)
class _Codes:
    """What identifies one item: its id, its place in the catalog, its model number and group."""

    id: str
    serial: int
    mpn: str
    group_id: str


def _generate_type(kind: ProductType, serial: Iterator[int]) -> Iterator[Product]:
    made = 0
    told: list[frozenset[tuple[str, ...]]] = []
    for model in _models(kind):
        group = model.variants()[: ITEMS_PER_TYPE - made]
        draft = _least_alike_draft(model, group[0], told)
        told.append(five_grams(_describe(model, group[0], draft)))
        numbered = [(next(serial), facts) for facts in group]
        mpn = f"{_initials(model.brand)}-{1000 + numbered[0][0] * 3541 % 9000}"
        for letter, (number, facts) in zip("ABCDEFGH", numbered, strict=False):
            made += 1
            codes = _Codes(
                id=f"{kind.code}-{1000 + made}",
                serial=number,
                mpn=mpn + letter if len(group) > 1 else mpn,
                group_id=f"{kind.code}-G{len(told):02d}" if len(group) > 1 else "",
            )
            yield _product(model, facts, codes, _describe(model, facts, draft))
        if made == ITEMS_PER_TYPE:
            return
    raise ValueError(f"{kind.code}: its names make {made} items only; add names or seconds")


def _models(kind: ProductType) -> Iterator[_Model]:
    brands = tuple(kind.brands)
    names = [name.strip() for name in kind.names.split(",")]
    seconds = [second.strip() for second in kind.seconds.split(",")]
    pairs = [(place, second) for second in seconds for place in range(len(names))]
    for place, second in Dice(kind.code, "models").shuffled(pairs):
        brand = brands[place % len(brands)]
        yield _Model(kind, brand, names[place], second)


def _initials(brand: str) -> str:
    words = [word for word in brand.split() if word.isalpha()]
    return (words[0][0] + words[1][0] if len(words) > 1 else brand[:2]).upper()


def _least_alike_draft(
    model: _Model, facts: Facts, told: Iterable[frozenset[tuple[str, ...]]]
) -> int:
    def likeness(draft: int) -> float:
        grams = five_grams(_describe(model, facts, draft))
        return max((overlap(grams, other) for other in told), default=0.0)

    return min(range(_DRAFTS), key=likeness)


def _describe(model: _Model, facts: Facts, draft: int) -> str:
    """Write one draft: an opening, then topics in a random order, no attribute told twice."""
    dice = model.dice("description", draft)
    wanted = dice.between(MIN_WORDS + 8, MAX_WORDS - 28)
    sentences: list[str] = []
    told: set[str] = set(_NAMING)
    words = 0
    openings, *topics = sentence_groups(model.kind.copy)
    for alternatives in (openings, *dice.shuffled(topics)):
        for candidate in dice.shuffled(alternatives):
            said = subjects(candidate)
            sentence = compose(candidate, facts)
            if sentence is None or (said and said <= told):
                continue
            size = len(sentence.split())
            if words + size <= MAX_WORDS:
                sentences.append(sentence)
                told |= said
                words += size
            break
        if words >= wanted:
            break
    if words < MIN_WORDS:
        raise ValueError(f"{model.kind.code} {model.name}: a description of {words} words only")
    return " ".join(sentences)


def _product(model: _Model, facts: Facts, codes: _Codes, description: str) -> Product:
    kind, key, serial = model.kind, codes.id, codes.serial
    dice = Dice(key, "offer")
    titles = (compose(title, facts) for title in model.dice("title").shuffled(kind.titles))
    title = next(filter(None, titles), "")
    if not title:
        raise ValueError(f"{key}: no title of its type applies to {dict(facts)}")
    euros = kind.price(facts) * kind.brands[model.brand] * model.dice("price").between(0.94, 1.06)
    price = _shelf_price(euros)
    availability = dice.choice(("in_stock", "out_of_stock", "backorder", "preorder"), (84, 8, 5, 3))
    on_sale = availability == "in_stock" and dice.chance(0.15)
    attributes = {name: _bare_count(name, facts[name]) for name in facts if name not in _NAMING}
    if availability in {"backorder", "preorder"}:
        attributes["dispatch estimate"] = Quantity(2 + dice.index(5), "weeks")
    body = f"2{(serial * 7_919_317 + 31_415_926_535) % 10**11:011d}"
    return Product(
        id=key,
        title=title,
        description=description,
        brand=model.brand,
        product_type=kind.path,
        price=Money(price, CURRENCY),
        sale_price=Money(_shelf_price(euros * dice.between(0.7, 0.9)), CURRENCY)
        if on_sale
        else None,
        availability=availability,
        quantity=1 + dice.index(120) if availability == "in_stock" else 0,
        condition="new",
        gtin=(body + gtin_check_digit(body),),
        mpn=codes.mpn,
        sku=f"MF{100_000 + serial * 7_919 % 900_000}",
        item_group_id=codes.group_id,
        image_link=f"images/{key}.svg",
        attributes=MappingProxyType(attributes),
    )


def _bare_count(name: str, value: AttributeValue) -> AttributeValue:
    """Drop a unit that only repeats the attribute's name, as in "cleaning modes: 3 modes"."""
    if isinstance(value, Quantity) and value.unit and name.endswith(value.unit):
        return Quantity(value.value)
    return value


def _shelf_price(euros: float) -> Decimal:
    """Round to a price as shops write it: 4.49, 24.90, 129.00."""
    if euros < 20:
        return Decimal(round(euros * 2)) / 2 - Decimal("0.01")
    if euros < 100:
        return Decimal(round(euros)) - Decimal("0.10")
    return Decimal(round(euros / 5) * 5 - 1).quantize(Decimal("0.01"))
