"""Questions about one field of one product: values, yes or no, prices, stock, brand.

A maker draws one question, or None where the draw leads to none. Knows no answer but the record's.
"""

from __future__ import annotations

import re

from benchmarks.answers.desk import Desk, Question, facts_of, paid
from benchmarks.answers.items import Fact, Gold
from benchmarks.answers.other_words import OTHER_WORDS
from benchmarks.answers.shelf import tokens
from benchmarks.answers.wordings import ASKED, PHRASES, counted, is_plural, spoken
from benchmarks.answers.yes_or_no import BOOLEANS, asked_of
from catalog_index.product import Money, Product, Quantity, render_value

VALUE = (
    "What is the {f} of {p}?",
    "What {f} does {p} have?",
    "Can you tell me the {f} of {p}?",
    "A customer asks for the {f} of {p}.",
    "{p}: what is the {f}?",
    "Which {f} does {p} have?",
    "I need the {f} of {p}, please.",
    "Do you know the {f} of {p}?",
    "hi, could you look up the {f} for {p}",
)
VALUES = (
    "What are the {f} of {p}?",
    "Which {f} does {p} have?",
    "Can you tell me the {f} of {p}?",
    "{p}: what are the {f}?",
    "I need the {f} of {p}, please.",
    "A customer asks for the {f} of {p}.",
)
COUNT = (
    "How many {f} does {p} have?",
    "How many {f} are there in {p}?",
    "What number of {f} does {p} have?",
    "{p}: how many {f}?",
)
CONFIRM = (
    "Is the {f} of {p} {v}?",
    "{p} has a {f} of {v}, correct?",
    "Can you confirm that the {f} of {p} is {v}?",
    "Does {p} have a {f} of {v}?",
    "The {f} of {p} is {v}, right?",
)
CONFIRM_NUMBER = (
    "Is {v} the {f} of {p}?",
    "{p} has a {f} of {v}, correct?",
    "Can you confirm a {f} of {v} for {p}?",
    "Does {p} have a {f} of {v}?",
)
CONFIRM_COUNT = (
    "Does {p} have {v} {f}?",
    "{p} has {v} {f}, correct?",
    "Are there {v} {f} in {p}?",
    "Is it right that {p} has {v} {f}?",
)
CONFIRM_PLURAL = (
    "Are the {f} of {p} {v}?",
    "The {f} of {p} are {v}, right?",
    "Can you confirm that the {f} of {p} are {v}?",
    "Is it right that the {f} of {p} are {v}?",
)
CONFIRM_COLOUR = (
    "Is {p} {v}?",
    "{p} is {v}, isn't it?",
    "Would you say {p} is {v}?",
    "Can you confirm that {p} is {v}?",
)
CONFIRM_WEIGHT = (
    "Does {p} weigh {v}?",
    "{p} weighs {v}, correct?",
    "Is the weight of {p} {v}?",
    "Is it right that {p} weighs {v}?",
)
POLAR = (
    "{q}",
    "{q}",
    "Quick question: {Q}",
    "A shopper wants to know: {Q}",
    "Is it true that {p} {vp}?",
    "Can you check whether {p} {vp}?",
    "{p}: yes or no, it {vp}?",
)
PRICE = (
    "How much is {p}?",
    "What does {p} cost?",
    "What is the price of {p}?",
    "How much do I pay for {p}?",
    "price of {p}?",
    "What would {p} set me back?",
    "How expensive is {p}?",
)
STOCK = (
    "Is {p} in stock?",
    "Do you have {p} in stock right now?",
    "Is {p} available?",
    "What is the availability of {p}?",
    "Can I order {p} today, is it in stock?",
)
BRAND = (
    "Which brand is {p}?",
    "What brand makes {p}?",
    "Who makes {p}?",
    "Who is the manufacturer of {p}?",
    "What is the brand of {p}?",
)
COLOURS = ("colour", "product colour", "cable colour")


def text_value(desk: Desk) -> Question | None:
    """Ask for a field that holds words."""
    return _value(desk, numbers=False)


def number_value(desk: Desk) -> Question | None:
    """Ask for a field that holds a number."""
    return _value(desk, numbers=True)


def boolean(desk: Desk) -> Question | None:
    """Ask a yes-or-no field; as many that are no as that are yes, where the catalog has them."""
    product = desk.product()
    held = desk.booleans(product)
    wanted = desk.chance.random() < 0.5
    fields = [field for field, holds in held.items() if holds is wanted]
    if not fields:
        return None
    return about(desk, product, polar_question(desk, product, desk.pick(fields)))


def confirmation(desk: Desk) -> Question | None:
    """Ask whether a field has a certain value: its own, or one that others have."""
    product = desk.product()
    held = {f: v for f, v in desk.values(product).items() if f not in PHRASES}
    if not held:
        return None
    field = desk.pick(sorted(held))
    holds = desk.chance.random() < 0.4
    value = held[field] if holds else other_value(desk, product, field)
    if value is None or isinstance(value, tuple) or value == "none":
        return None
    if field in COLOURS and "," in str(value):
        return None
    templates = CONFIRM_COLOUR if field == "colour" else CONFIRM
    if is_plural(field):
        templates = CONFIRM_PLURAL
    if isinstance(value, Quantity) and not value.unit:
        templates = CONFIRM_COUNT if counted(field) else CONFIRM_NUMBER
    shown = value.lower() if field in COLOURS and isinstance(value, str) else render_value_of(value)
    if field == "weight" and isinstance(value, Quantity) and value.unit:
        templates = CONFIRM_WEIGHT
    message = desk.pick(templates).replace("{f}", counted(field) or spoken(field))
    message = message.replace("{v}", shown)
    gold = Gold(
        "polarity",
        (product,),
        field,
        facts_of(product, field),
        holds=holds,
        premise=None if holds else value,
    )
    return about(desk, product, Question("right value" if holds else "wrong value", message, gold))


def price(desk: Desk) -> Question | None:
    """Ask what a product costs."""
    product = desk.product()
    cost = paid(product)
    if cost is None:
        return None
    gold = Gold("value", (product,), "price", (cost,))
    return about(desk, product, Question("price", desk.pick(PRICE), gold))


def availability(desk: Desk) -> Question | None:
    """Ask whether a product is in stock."""
    wanted = desk.chance.choice(("in_stock", "in_stock", "out_of_stock", "backorder", "preorder"))
    held = [product for product in desk.shelf.products if product.availability == wanted]
    if not held:
        return None
    product = desk.chance.choice(held)
    gold = Gold("value", (product,), "availability", (wanted.replace("_", " "),))
    return about(desk, product, Question(wanted, desk.pick(STOCK), gold))


def brand(desk: Desk) -> Question | None:
    """Ask for the brand, of products whose name in the question does not give it away."""
    product = desk.product()
    named = desk.named(product)
    if not product.brand or named is None:
        return None
    manner, name = named
    if set(tokens(product.brand)) <= set(tokens(name)):
        return None
    gold = Gold("value", (product,), "brand", (product.brand,))
    return Question(manner, "", gold).asked(desk.pick(BRAND).replace("{p}", name))


def paraphrase(desk: Desk) -> Question | None:
    """Ask for a field without a word of its name."""
    product = desk.product()
    held: dict[str, Fact] = {**desk.values(product), **desk.booleans(product)}
    fields = sorted(field for field in held if field in OTHER_WORDS)
    if not fields:
        return None
    field = desk.pick(fields)
    message = desk.pick(OTHER_WORDS[field])
    return about(desk, product, Question(field, message, gold_of(product, field)))


def about(desk: Desk, product: Product, question: Question) -> Question | None:
    """Put the product's name into a question, or pin the product and say "it"."""
    if desk.chance.random() < 0.12:
        message = question.message.removeprefix("The ").removeprefix("{p}: ")
        pinned = question.asked(message.replace("{p}", "it"))
        return Question(
            f"{question.variety}, pinned", pinned.message, question.gold, (), product.id
        )
    named = desk.named(product)
    if named is None:
        return None
    manner, name = named
    told = Question(f"{question.variety}, {manner}", question.message, question.gold)
    return told.asked(question.message.replace("{p}", name))


def value_question(desk: Desk, product: Product, field: str) -> Question:
    """Return a plain question for a field, with "{p}" for the product."""
    templates: tuple[str, ...]
    if counted(field):
        templates = COUNT
    elif field in ASKED:
        templates = ASKED[field]
    elif is_plural(field):
        templates = VALUES
    else:
        templates = VALUE
    message = desk.pick(templates).replace("{f}", counted(field) or spoken(field))
    return Question(field, message, gold_of(product, field))


def polar_question(desk: Desk, product: Product, field: str) -> Question:
    """Return a yes-or-no question, with "{p}" for the product."""
    asked = asked_of(BOOLEANS[field])
    message = desk.pick(POLAR).replace("{vp}", BOOLEANS[field])
    message = message.replace("{q}", asked).replace("{Q}", asked[0].lower() + asked[1:])
    return Question(field, message, gold_of(product, field))


def gold_of(product: Product, field: str) -> Gold:
    """Return what a right answer about a field says."""
    value = product.attributes[field]
    if isinstance(value, bool):
        return Gold("polarity", (product,), field, (value,), holds=value)
    return Gold("value", (product,), field, facts_of(product, field))


def other_value(desk: Desk, product: Product, field: str) -> Fact | None:
    """Return a value of the field that other products have and this record does not tell of."""
    own = product.attributes[field]
    known = {text.casefold() for name, text in product.fields()}
    if isinstance(own, Quantity):
        factor = desk.chance.choice((0.5, 0.75, 1.5, 2.0, 3.0))
        number = own.value * factor
        number = round(number, 1) if abs(number) < 20 else float(round(number))
        if not own.unit and own.value == round(own.value):
            number = float(round(number))
        if own.value in (0, number):
            return None
        return Quantity(number, own.unit)
    if isinstance(own, str):
        seen = set(tokens(" ".join(known)))
        others = [
            value
            for value, _ in desk.shelf.values[field].most_common(60)
            if value != "none"
            and not set(tokens(value)) & seen
            and len(tokens(value)) <= 4
            and not re.search(r"\\\\n|,", value)
            and not ("colour" in field and is_like(value, own))
        ]
        return desk.chance.choice(others) if others else None
    return None


def render_value_of(value: Fact) -> str:
    """Write a fact as a question does."""
    return str(value) if isinstance(value, Money) else render_value(value)


def _value(desk: Desk, *, numbers: bool) -> Question | None:
    product = desk.product()
    fields = [
        field
        for field, value in desk.values(product).items()
        if isinstance(value, Quantity) is numbers and not is_doubtful(product, field)
    ]
    if not fields:
        return None
    return about(desk, product, value_question(desk, product, desk.pick(fields)))


def is_doubtful(product: Product, field: str) -> bool:
    """Whether "what colour is it" has several answers in the record."""
    if field not in COLOURS:
        return False
    return (
        sum(
            "colour" in name and isinstance(product.attributes[name], str)
            for name in product.attributes
        )
        > 1
    )


def is_like(one: str, other: str) -> bool:
    """Whether two colours may pass for each other: whoever calls navy a blue is not wrong."""
    first, second = set(tokens(one)), set(tokens(other))
    return any(first & family and second & family for family in _SHADES.values())


_SHADES = {
    "blue": {"blue", "navy", "teal", "cyan", "turquoise"},
    "green": {"green", "olive", "mint", "lime", "sage", "teal"},
    "grey": {
        "grey",
        "slate",
        "charcoal",
        "silver",
        "titanium",
        "platinum",
        "metallic",
        "aluminium",
        "steel",
        "chrome",
        "graphite",
        "anthracite",
    },
    "red": {"red", "burgundy", "terracotta", "coral", "rose", "blush", "pink", "magenta"},
    "yellow": {"yellow", "mustard", "brass", "gold", "lime"},
    "light": {"white", "cream", "sand", "beige", "ivory", "transparent", "translucent"},
    "brown": {"brown", "terracotta", "sand", "brass"},
    "orange": {"orange", "coral", "terracotta", "mustard"},
    "black": {"black", "charcoal"},
    "purple": {"purple", "violet", "burgundy", "magenta"},
}
