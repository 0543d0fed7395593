"""Follow-ups: a last turn that only the turns before it make plain.

Earlier replies are written from the records, as a good assistant would have answered. Knows no
answer but the records'.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from benchmarks.answers.desk import Desk, Question, paid, sentence
from benchmarks.answers.items import Gold
from benchmarks.answers.lookups import (
    PRICE,
    gold_of,
    polar_question,
    render_value_of,
    value_question,
)
from benchmarks.answers.pairs import lead_question, numeric_fields, table_gold, two_names
from benchmarks.answers.versions import OPTIONS, siblings
from benchmarks.answers.wordings import ASKED, PHRASES, counted, is_plural, spoken
from benchmarks.answers.yes_or_no import BOOLEANS, asked_of, denied
from catalog_index.product import Product, render_value

History = tuple[tuple[str, str], ...]
_TRIES = 40
NEXT_VALUE = (
    "and its {f}?",
    "and the {f}?",
    "What about its {f}?",
    "What is its {f}?",
    "ok. and what {f} does it have?",
    "How about the {f}?",
)
NEXT_COUNT = (
    "and how many {f} does it have?",
    "How many {f} has it got?",
    "How many {f} does it have?",
)
NEXT_POLAR = ("{q}", "and {Q}", "{q}", "ok, {Q}", "One more thing: {Q}")
NEXT_PRICE = ("and how much is it?", "What does it cost?", "and the price?", "How much?")
OTHER_ONE = (
    "what about the {v} one?",
    "and the {v} one?",
    "And for the {v} one?",
    "what about the one in {v}?",
    "And in {v}?",
)
CORRECTION = (
    "no, I meant the {v} one",
    "Sorry, I meant the {v} one.",
    "Not that one, the {v} one please",
    "No, the {v} one.",
)
COMPARE_WITH = (
    "compare it with {p}",
    "How does it compare to {p}?",
    "Can you compare it with {p}?",
    "compare that with {p} please",
)
ORDINALS = ("first", "second", "third")


def follow_up(desk: Desk) -> Question | None:
    """Draw one of the ways in which a turn leans on those before it."""
    return desk.chance.choice(_WAYS)(desk)


def same_product(desk: Desk) -> Question | None:
    """Ask about a product by name, and then of another field or two with "it"."""
    product = desk.product()
    named = desk.named(product)
    if named is None:
        return None
    history, field = _opening(desk, product, named[1])
    if not history:
        return None
    if desk.chance.random() < 0.4:
        more, second = _next(desk, product, (field,))
        if more is None:
            return None
        history = (*history, ("user", more.message), ("assistant", _reply(desk, product, second)))
        field = f"{field}|{second}"
    asked, _ = _next(desk, product, field.split("|"))
    return replace(asked, variety=f"it, {asked.variety}", history=history) if asked else None


def another_version(desk: Desk) -> Question | None:
    """Ask the same of "the blue one"."""
    return _version(desk, OTHER_ONE, "version")


def correction(desk: Desk) -> Question | None:
    """Say that another version was meant."""
    return _version(desk, CORRECTION, "correction")


def compared_with(desk: Desk) -> Question | None:
    """Ask about one product, then to compare "it" with another."""
    one = desk.product()
    kin = [other for other in desk.shelf.kin(one)[:_TRIES] if other.title != one.title]
    if not kin:
        return None
    other = desk.chance.choice(kin)
    names = two_names(desk, one, other)
    gold = table_gold(desk, (one, other))
    if names is None or gold is None:
        return None
    history, _ = _opening(desk, one, names[0])
    if not history:
        return None
    message = desk.pick(COMPARE_WITH).replace("{p}", names[1])
    return Question("compare it with", "", gold, history).asked(message)


def of_a_list(desk: Desk) -> Question | None:
    """After a listing, ask about "the second one", or compare two of the list."""
    listed = _listed(desk)
    if listed is None:
        return None
    history, products = listed
    draw = desk.chance.random()
    place = desk.chance.randrange(len(products))
    product, word = products[place], ORDINALS[place]
    if draw < 0.6:
        asked, _ = _next(desk, product, ())
        if asked is None:
            return None
        message = re.sub(r"\b(?:its|the)\b (?=\w)", "the ", asked.message)
        if re.search(r"\bit\b", asked.message):
            message = re.sub(r"\bit\b", f"the {word} one", asked.message, count=1)
        else:
            message = f"{asked.message.rstrip('?')} of the {word} one?".replace("its ", "the ")
        return replace(asked, variety=f"ordinal, {asked.variety}", history=history).asked(message)
    other = (place + 1) % len(products)
    if draw < 0.8:
        gold = table_gold(desk, (product, products[other]))
        if gold is None:
            return None
        message = f"compare the {word} with the {ORDINALS[other]}"
        return Question("compare ordinals", "", gold, history).asked(message)
    asked, field = _next(desk, product, ())
    gold = table_gold(desk, (product, products[other]))
    if asked is None or gold is None:
        return None
    turn = re.sub(r"\bit\b", f"the {word} one", asked.message, count=1)
    if turn == asked.message:
        return None
    history = (*history, ("user", turn), ("assistant", _reply(desk, product, field)))
    return Question(
        "compare it with ordinal", f"compare it with the {ORDINALS[other]}", gold, history
    )


def back_again(desk: Desk) -> Question | None:
    """Ask about one product, then about another or the shop, then return to the first."""
    one = desk.product()
    named = desk.named(one)
    kin = [other for other in desk.shelf.kin(one)[:_TRIES] if other.title != one.title]
    if named is None or not kin:
        return None
    history, field = _opening(desk, one, named[1])
    if not history:
        return None
    if desk.shelf.passages and desk.chance.random() < 0.4:
        history = (*history, *_SHOP_TALK)
        asked, _ = _next(desk, one, (field,))
        return (
            replace(asked, variety=f"after the shop, {asked.variety}", history=history)
            if asked
            else None
        )
    other = desk.chance.choice(kin)
    second = desk.named(other)
    if second is None:
        return None
    between, other_field = _opening(desk, other, second[1])
    if not between:
        return None
    history = (*history, *between)
    asked, _ = _next(desk, one, (field, other_field))
    if asked is None or not re.search(r"\bit\b", asked.message):
        return None
    back = desk.pick(("the first one", "the first product"))
    message = re.sub(r"\bit\b", back, asked.message, count=1)
    return replace(asked, variety=f"back, {asked.variety}", history=history).asked(message)


def which_leads(desk: Desk) -> Question | None:
    """Ask about two products one after the other, then which of them leads."""
    one = desk.product()
    kin = [other for other in desk.shelf.kin(one)[:_TRIES] if numeric_fields(desk, one, other)]
    if not kin:
        return None
    other = desk.chance.choice(kin)
    names = two_names(desk, one, other)
    fields = numeric_fields(desk, one, other)
    if names is None:
        return None
    first, _ = _opening(desk, one, names[0])
    second, _ = _opening(desk, other, names[1])
    if not first or not second:
        return None
    field = desk.pick(fields)
    asked = lead_question(desk, (one, other), ("the first", "the second"), field)
    if asked.gold.holds is not None:
        return None
    words = re.search(r"[Ww]hich (?:one )?(?:of the two )?(is|has) ([^,:?]+)", asked.message)
    if words is None:
        return None
    message = f"which of the two {words[1]} {words[2]}?"
    return replace(asked, variety=f"which of the two, {field}", history=(*first, *second)).asked(
        message
    )


_WAYS: tuple[Callable[[Desk], Question | None], ...] = (
    same_product, same_product, same_product, another_version, another_version, correction,
    compared_with, of_a_list, of_a_list, back_again, back_again, which_leads,
)  # fmt: skip
_SHOP_TALK: History = (
    ("user", "And how long may I take to send things back, in general?"),
    (
        "assistant",
        "Most goods may be returned within 30 days, clothing and luggage within 60 days.",
    ),
)


def _opening(desk: Desk, product: Product, name: str) -> tuple[History, str]:
    """Return a first question and its reply, and the field that it was about."""
    held = {**desk.values(product), **desk.booleans(product)}
    if not held:
        return (), ""
    field = desk.pick(sorted(held))
    make = polar_question if field in desk.booleans(product) else value_question
    message = make(desk, product, field).message.replace("{p}", name)
    return (("user", sentence(message)), ("assistant", _reply(desk, product, field))), field


def _reply(desk: Desk, product: Product, field: str) -> str:
    """Answer from the record, as an assistant would have."""
    if field == "price":
        return f"The {product.title} costs {paid(product)}."
    value = product.attributes[field]
    if isinstance(value, bool):
        phrase = BOOLEANS[field] if value else denied(BOOLEANS[field])
        return f"{'Yes' if value else 'No'}, the {product.title} {phrase}."
    text = render_value(value)
    if field not in PHRASES and not is_plural(field) and desk.chance.random() < 0.5:
        return f"The {spoken(field)} of the {product.title} is {text}."
    return f"{product.title}: {spoken(field)} {text}."


def _next(
    desk: Desk, product: Product, used: tuple[str, ...] | list[str]
) -> tuple[Question | None, str]:
    """Return a question about "it" on another field, and the field."""
    values, booleans = desk.values(product), desk.booleans(product)
    fields = sorted(({*values, *booleans} | ({"price"} if paid(product) else set())) - set(used))
    if not fields:
        return None, ""
    field = desk.pick(fields)
    if field == "price":
        cost = paid(product)
        assert cost is not None
        return Question(
            field, desk.pick(NEXT_PRICE), Gold("value", (product,), field, (cost,))
        ), field
    if field in booleans:
        asked = asked_of(BOOLEANS[field]).replace("{p}", "it")
        message = desk.pick(NEXT_POLAR).replace("{q}", asked)
        message = message.replace("{Q}", asked[0].lower() + asked[1:])
        return Question(field, message, gold_of(product, field)), field
    templates: tuple[str, ...] = NEXT_COUNT if counted(field) else NEXT_VALUE
    if field in PHRASES:
        templates = tuple(asked.replace("{p}", "it") for asked in ASKED[field])
    message = desk.pick(templates).replace("{f}", counted(field) or spoken(field))
    return Question(field, message, gold_of(product, field)), field


def _version(desk: Desk, templates: tuple[str, ...], variety: str) -> Question | None:
    """Ask about a product, then for its sibling by the one option in which they differ."""
    one = desk.product()
    named = desk.named(one)
    found = siblings(desk, one)
    if named is None or not found:
        return None
    other, option = desk.chance.choice(found)
    held = {**desk.values(one), **desk.booleans(one)}
    fields = sorted(field for field in held if field in other.attributes and field not in OPTIONS)
    differing = [field for field in fields if held[field] != other.attributes[field]]
    if (paid(one) and paid(other) != paid(one)) or not fields:
        differing.append("price")
    field = desk.pick(differing or fields)
    if field == "price" and not (paid(one) and paid(other)):
        return None
    if field == "price":
        message = desk.pick(PRICE)
        cost = paid(other)
        assert cost is not None
        gold = Gold("value", (other,), "price", (cost,))
    else:
        make = polar_question if field in desk.booleans(one) else value_question
        message = make(desk, one, field).message
        gold = gold_of(other, field)
    history = (
        ("user", sentence(message.replace("{p}", named[1]))),
        ("assistant", _reply(desk, one, field)),
    )
    asked = desk.pick(templates).replace("{v}", option)
    return Question(f"{variety}, {field}", "", gold, history).asked(asked)


def _listed(desk: Desk) -> tuple[History, tuple[Product, ...]] | None:
    """Return a search, a listing of three products in reply, and the products."""
    one = desk.product()
    kin = [other for other in desk.shelf.kin(one) if other.title != one.title]
    noun = _noun(one)
    if noun.startswith(f"{one.brand} "):
        kin = [other for other in kin if other.brand == one.brand]
    if len(kin) < 2 or not noun:
        return None
    products = (one, *desk.chance.sample(kin[:_TRIES], 2))
    if len({product.title for product in products}) < 3:
        return None
    lines = [
        f"{place}. {product.title} ({render_value_of(cost)})"
        for place, product in enumerate(products, start=1)
        if (cost := paid(product)) is not None
    ]
    if len(lines) < 3:
        return None
    asked = desk.pick((f"show me {noun}", f"I am looking for {noun}", f"Which {noun} do you have?"))
    reply = "The nearest products in the catalog:\n\n" + "\n".join(lines)
    return (("user", asked), ("assistant", reply)), products


def _noun(product: Product) -> str:
    """Return what kind of thing a product is, as a search would name it."""
    kind = product.product_type.split(">")[-1].strip().lower()
    if kind and not kind.isdigit():
        return kind
    return f"{product.brand} products" if product.brand else ""
