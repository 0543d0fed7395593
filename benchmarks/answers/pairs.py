"""Questions about two products: which leads in a field, does one, and "compare them".

The two are of one kind and differ in the field. Knows no answer but the records'.
"""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.answers.desk import Desk, Question, paid
from benchmarks.answers.items import Fact, Gold
from benchmarks.answers.wordings import PHRASES, counted, spoken
from catalog_index.product import Money, Product, Quantity
from catalog_index.units import measure

_COLUMNS = 6
_TRIES = 12
_CLEARLY = 1.03


@dataclass(frozen=True, slots=True)
class Leads:
    """How to speak of a field's greater and lesser side."""

    more: str
    less: str
    has_more: str


LEADS: dict[str, Leads] = {
    "weight": Leads("heavier", "lighter", "weigh more than"),
    "height": Leads("taller", "lower", "stand taller than"),
    "width": Leads("wider", "narrower", "take up more width than"),
    "depth": Leads("deeper", "shallower", "reach deeper than"),
    "length": Leads("longer", "shorter", "have a greater length than"),
    "price": Leads("more expensive", "cheaper", "cost more than"),
    "thickness": Leads("thicker", "thinner", "have a greater thickness than"),
    "noise level": Leads("louder", "quieter", "make more noise than"),
    "battery life": Leads("longer lasting", "shorter lasting", "have a longer battery life than"),
    "cable length": Leads(
        "the longer cable", "the shorter cable", "have a longer cable length than"
    ),
    "internal memory": Leads(
        "more internal memory", "less internal memory", "have more memory than"
    ),
    "processor frequency": Leads(
        "the higher processor frequency",
        "the lower processor frequency",
        "have a higher processor frequency than",
    ),
    "display diagonal": Leads(
        "the larger display", "the smaller display", "have a larger display than"
    ),
}
"""Fields with comparatives of their own; the others are higher or lower, longer or shorter."""

_NOT_COMPARED = frozenset(
    ("bluetooth version", "size", "ph value", "processor model", "return window", "washing")
)
WHICH = (
    "Which is {more}, {a} or {b}?",
    "Which one is {more}: {a} or {b}?",
    "Is {a} or {b} {more}?",
    "Between {a} and {b}, which is {more}?",
)
WHICH_HAS = (
    "Which has {more}, {a} or {b}?",
    "Which of the two has {more}: {a} or {b}?",
    "Between {a} and {b}, which has {more}?",
    "I am torn between {a} and {b}. Which has {more}?",
)
DOES = ("Does {a} {has} {b}?", "Quick check: does {a} {has} {b}?", "Does {a} really {has} {b}?")
COMPARE = (
    "Compare {a} and {b}.",
    "compare {a} with {b}",
    "How do {a} and {b} compare?",
    "What is the difference between {a} and {b}?",
    "{a} versus {b}: what are the differences?",
)


def comparison(desk: Desk) -> Question | None:
    """Ask which of two products leads in a field, whether one does, or for both side by side."""
    pair = a_pair(desk)
    if pair is None:
        return None
    one, other = pair
    names = two_names(desk, one, other)
    if names is None:
        return None
    if desk.chance.random() < 0.3:
        return table_question(desk, (one, other), names)
    fields = numeric_fields(desk, one, other)
    if not fields:
        return None
    field = desk.pick(fields)
    return lead_question(desk, (one, other), names, field)


def a_pair(desk: Desk) -> tuple[Product, Product] | None:
    """Draw two products of one kind that share numbers."""
    one = desk.product()
    kin = desk.shelf.kin(one)
    for other in desk.chance.sample(kin, min(len(kin), _TRIES)):
        if other.title != one.title and numeric_fields(desk, one, other):
            return one, other
    return None


def two_names(desk: Desk, one: Product, other: Product) -> tuple[str, str] | None:
    """Draw names for both; people rarely mix codes and titles."""
    for _ in range(_TRIES):
        first, second = desk.named(one), desk.named(other)
        if first is None or second is None:
            return None
        codes = [manner in ("id", "code") for manner, _ in (first, second)]
        long = sum(len(name.split()) for _, name in (first, second)) > 22
        if codes[0] == codes[1] and not long:
            return first[1], second[1]
    return None


def numeric_fields(desk: Desk, one: Product, other: Product) -> list[str]:
    """Return the fields in which both hold a number of one unit's kind, and not the same."""
    first, second = _numbers(desk, one), _numbers(desk, other)
    return sorted(
        field
        for field in first.keys() & second.keys()
        if field not in _NOT_COMPARED | PHRASES and _differ(first[field], second[field])
    )


def leader(one: Fact, other: Fact) -> int:
    """Return 0 where the first is the greater, else 1."""
    return int(amount(other)[1] > amount(one)[1])


def amount(value: Fact) -> tuple[str, float]:
    """Return what a number measures, and how much, in that dimension's canonical unit."""
    if isinstance(value, Money):
        return f"money {value.currency}", float(value.amount)
    assert isinstance(value, Quantity)
    known = measure(value.value, value.unit) if value.unit else None
    return (known.dimension, known.amount) if known else (value.unit, value.value)


def lead_question(
    desk: Desk, pair: tuple[Product, Product], names: tuple[str, str], field: str
) -> Question:
    """Ask which of a pair leads in a field, or whether the first does."""
    facts = (fact_in(pair[0], field), fact_in(pair[1], field))
    ahead = leader(*facts)
    lead = LEADS.get(field)
    if desk.chance.random() < 0.3:
        has = lead.has_more if lead else _has_more(field)
        message = desk.pick(DOES).replace("{has}", has)
        gold = Gold("compare", pair, field, facts, holds=ahead == 0)
        variety = f"does, {field}"
    else:
        greater = desk.chance.random() < 0.6
        if not greater:
            ahead = 1 - ahead
        more, templates = _which(field, lead, greater=greater)
        message = desk.pick(templates).replace("{more}", more)
        ordered = (pair[ahead], pair[1 - ahead])
        gold = Gold("compare", ordered, field, (facts[ahead], facts[1 - ahead]))
        variety = f"which, {field}"
    message = message.replace("{a}", names[0]).replace("{b}", names[1])
    return Question(variety, "", gold).asked(message)


def table_question(
    desk: Desk, products: tuple[Product, ...], names: tuple[str, str], message: str = ""
) -> Question | None:
    """Ask for products side by side; a right answer states fields of both."""
    gold = table_gold(desk, products)
    if gold is None:
        return None
    asked = (message or desk.pick(COMPARE)).replace("{a}", names[0]).replace("{b}", names[1])
    return Question("compare", "", gold).asked(asked)


def table_gold(desk: Desk, products: tuple[Product, ...]) -> Gold | None:
    """Return the gold of "compare them": the fields that all hold with plain values."""
    shared = [
        field
        for field in products[0].attributes
        if all(field in product.attributes for product in products)
        and all(
            field in desk.values(product) or isinstance(product.attributes[field], bool)
            for product in products
        )
    ]
    fields = ("price", "brand", *shared) if all(map(paid, products)) else tuple(shared)
    return Gold("table", products, fields=fields) if len(fields) >= 3 else None


def fact_in(product: Product, field: str) -> Fact:
    """Return a number field of a product, its price too."""
    if field == "price":
        cost = paid(product)
        assert cost is not None
        return cost
    return product.attributes[field]


def _which(field: str, lead: Leads | None, *, greater: bool) -> tuple[str, tuple[str, ...]]:
    if lead is None and (noun := counted(field)):
        return f"{'more' if greater else 'fewer'} {noun}", WHICH_HAS
    if lead is None:
        return f"the {'higher' if greater else 'lower'} {spoken(field)}", WHICH_HAS
    words = lead.more if greater else lead.less
    has = words.startswith(("the ", "more internal", "less internal"))
    return words, WHICH_HAS if has else WHICH


def _has_more(field: str) -> str:
    noun = counted(field)
    return f"have more {noun} than" if noun else f"have a higher {spoken(field)} than"


def _numbers(desk: Desk, product: Product) -> dict[str, Fact]:
    held: dict[str, Fact] = {
        field: value
        for field, value in desk.values(product).items()
        if isinstance(value, Quantity) and not value.text.count("-")
    }
    if cost := paid(product):
        held["price"] = cost
    return held


def _differ(one: Fact, other: Fact) -> bool:
    (first, a), (second, b) = amount(one), amount(other)
    if first != second or min(a, b) < 0:
        return False
    return max(a, b) > _CLEARLY * min(a, b)
