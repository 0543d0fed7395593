"""Questions to which the record holds no answer, and ones that take something false for granted.

Absent means absent: no field of a near name, no word of it in title or description, no measure of
its kind. Knows no answer but the record's.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from benchmarks.answers.desk import Desk, Question, facts_of, paid
from benchmarks.answers.items import Fact, Gold
from benchmarks.answers.lookups import (
    COLOURS,
    about,
    other_value,
    polar_question,
    render_value_of,
    value_question,
)
from benchmarks.answers.shelf import own_words, tokens
from benchmarks.answers.wordings import ASKED, PHRASES, counted, is_asked, spoken
from benchmarks.answers.yes_or_no import BOOLEANS
from catalog_index.product import Money, Product, Quantity
from catalog_index.units import find_measures

_TOLD_BY_THE_SHOP = frozenset(
    ("warranty", "return window", "washing", "machine washable", "tumble dry", "dishwasher safe")
) | {"size", "head circumference", "dispatch estimate", "suitable for dogs up to"}
"""Fields whose answers a shop's pages may hold where a record does not."""

_HOLDERS = 3
"""So many products of the kind hold a field before one can be said to lack it."""

_FILLER = frozenset(
    [
        "of",
        "the",
        "in",
        "a",
        "to",
        "for",
        "with",
        "by",
        "and",
        "or",
        "per",
        "no",
        "max",
        "min",
        "maximum",
        "minimum",
        "number",
        "total",
        "quantity",
        "included",
        "compatible",
        "supported",
        "built",
        "type",
        "safe",
        "free",
        "suitable",
        "technology",
        "integrated",
    ]
)
NEAR: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "weight weigh weighs heavy light lightweight mass gsm kg load",
        "colour color shade hue coloured black white",
        "height high tall dimensions dimension size w h",
        "width wide dimensions dimension size w",
        "depth deep dimensions dimension size d",
        "length long dimensions dimension size reach m",
        "thickness thick dimensions dimension",
        "diameter across dimensions dimension size",
        "warranty guarantee guaranteed",
        "waterproof water watertight waterproofing ip67 ip68 ipx7 rain splash",
        "water waterproof watertight rain splash",
        "battery batteries rechargeable cells charge charging playback hours mah",
        "charging charge charger recharge recharges usb",
        "wireless bluetooth wi wifi cable wired cordless",
        "wi wifi wlan wireless fi 802.11",
        "bluetooth wireless",
        "microphone mic call calls voice headset",
        "speaker speakers audio sound",
        "camera webcam",
        "lan ethernet network networking rj rj45 gigabit 1000",
        "ethernet lan network networking rj rj45 gigabit 1000",
        "memory ram ddr ddr2 ddr3 sdram gb mb",
        "processor cpu core intel amd ghz",
        "display screen lcd tft monitor diagonal inch",
        "touchscreen touch",
        "dishwasher wash washed washing handwash",
        "washable wash washing laundry",
        "washing wash washable",
        "material materials made fabric cotton plastic steel wood polyester leather wool",
        "country origin made",
        "made origin country grown comes",
        "origin made country",
        "energy star power",
        "rohs compliance compliant",
        "certification certified certificates standard compliance",
        "pack pieces pcs piece pc set quantity",
        "yield pages page sheets",
        "windows operating os mac linux",
        "operating windows os linux mac",
        "app phone smartphone",
        "vegan animal leather wool",
        "organic bio",
        "adapter power ac",
        "gender men women unisex ladies mens womens boys girls",
        "age years children kids",
        "noise loud quiet silent db",
        "graphics video gpu vga",
        "resolution pixels hd 1080p",
        "compatibility compatible for fits",
        "keeps insulated insulation thermos hot cold",
        "plug wireless wired connection jack",
        "coating seasoned enamel coated",
        "scent fragrance perfume unscented smell",
    )
)
"""Words of which one in a record may tell of the field that another names."""

_TELLING_DIMENSIONS = {
    "weight": "mass", "length": "length", "height": "length", "width": "length",
    "depth": "length", "thickness": "length", "diameter": "length", "memory": "data",
    "frequency": "frequency", "life": "time", "time": "time", "power": "power",
    "voltage": "voltage", "volume": "volume", "diagonal": "length", "temperature": "temperature",
    "range": "length", "noise": "noise", "capacity": "data",
}  # fmt: skip
PREMISES = (
    "Since {p} {vp}, {ask}",
    "As {p} {vp}, {ask}",
    "Given that {p} {vp}, {ask}",
    "I know {p} {vp}. {Ask}",
    "{p} {vp}, so {ask}",
    "Seeing that {p} {vp}, {ask}",
    "We were told that {p} {vp}. {Ask}",
)
ASKS = (
    "what does it cost?",
    "how much is it?",
    "what is its {f}?",
    "can you tell me its {f}?",
)
CONSEQUENCES: dict[str, tuple[str, ...]] = {
    "waterproof": ("can I wear it in heavy rain?", "can it get wet all day?"),
    "water resistant": ("can I use it in the rain?",),
    "dishwasher safe": ("which programme of the dishwasher should I use?",),
    "machine washable": ("at what temperature do I wash it?",),
    "tumble dry": ("which tumble dry setting is right?",),
    "microwave safe": ("for how long can I microwave it?",),
    "vegan": ("is it right for a customer who avoids animal products?",),
    "organic": ("which organic label does it carry?",),
    "noise cancelling": ("how strong is the noise cancelling?",),
    "microphone": ("can I use it for calls?",),
    "gps": ("can I track my runs without a phone?",),
    "app": ("where do I download the app?",),
    "wireless charging": ("which charging pad do I need?",),
    "foldable": ("how small does it fold?",),
    "dimmable": ("how many steps does the dimmer have?",),
    "rechargeable": ("how long does it take to charge?",),
    "leakproof": ("can I throw it in my bag?",),
    "insulated": ("how long does it keep coffee hot?",),
    "decaffeinated": ("is it fine late at night?",),
    "grain-free": ("is it fine for a cat that cannot have grain?",),
    "wi fi": ("which Wi-Fi standard does it support?",),
    "bluetooth": ("which Bluetooth version does it have?",),
    "touchscreen": ("can I use a pen on the touchscreen?",),
    "built in camera": ("how many megapixels does the camera have?",),
    "batteries included": ("how long do the batteries last?",),
}


def unanswerable(desk: Desk) -> Question | None:
    """Ask for a field that others of the kind hold and this record does not tell of."""
    product = desk.product()
    field = absent_field(desk, product)
    if field is None:
        return None
    holder = next(one for one in desk.shelf.kin(product) if field in one.attributes)
    boolean = isinstance(holder.attributes[field], bool)
    make = polar_question if boolean else value_question
    question = make(desk, holder, field)
    gold = Gold("refuse", (product,), field)
    told = Question(f"{'polar' if boolean else 'value'}, {field}", question.message, gold)
    return about(desk, product, told)


def false_premise(desk: Desk) -> Question | None:
    """Take for granted what the record contradicts, or what it does not tell of."""
    draw = desk.chance.random()
    product = desk.product()
    if draw < 0.4:
        question = _false_boolean(desk, product)
    elif draw < 0.75:
        question = _false_value(desk, product)
    else:
        question = _absent_premise(desk, product)
    return about(desk, product, question) if question else None


def absent_field(desk: Desk, product: Product) -> str | None:
    """Draw a field that kin hold and that this record does not tell of, or None."""
    held: Counter[str] = Counter()
    for one in desk.shelf.kin(product):
        held.update(set(one.attributes))
    fields = [
        field
        for field, count in sorted(held.items())
        if count >= _HOLDERS and _can_ask(desk, field) and not tells_of(desk, product, field)
    ]
    return desk.pick(fields) if fields else None


def tells_of(desk: Desk, product: Product, field: str) -> bool:
    """Whether a record may hold a field's answer under any name, in any words."""
    if field in product.attributes:
        return True
    words = [word for word in tokens(field) if word not in _FILLER and len(word) > 1]
    own = own_words(product)
    stems = {word[:5] for word in own if len(word) >= 4}
    for word in words or tokens(field):
        near = {word} | {other for group in NEAR if word in group for other in group}
        if near & own or any(one[:5] in stems for one in near if len(one) >= 4):
            return True
    text = f"{product.title} {product.description}"
    kinds = {_TELLING_DIMENSIONS[word] for word in words if word in _TELLING_DIMENSIONS}
    if kinds & {found.dimension for found in find_measures(text)}:
        return True
    said = set(tokens(text))
    values = desk.shelf.values.get(field, Counter())
    return any(
        not value.isdigit() and value not in ("yes", "no") and set(tokens(value)) <= said
        for value, _ in values.most_common(200)
        if tokens(value)
    )


def _can_ask(desk: Desk, field: str) -> bool:
    if desk.shelf.passages and field in _TOLD_BY_THE_SHOP:
        return False
    booleans = desk.shelf.values[field].keys() <= {"yes", "no"}
    if booleans or field in BOOLEANS:
        return booleans and field in BOOLEANS
    return is_asked(field, large=desk.large)


def _false_boolean(desk: Desk, product: Product) -> Question | None:
    wrong = sorted(field for field, holds in desk.booleans(product).items() if not holds)
    if not wrong:
        return None
    field = desk.pick(wrong)
    gold = Gold("correct", (product,), field, (False,), holds=False, premise=True)
    return Question(f"false, {field}", _premise(desk, product, field, BOOLEANS[field]), gold)


def _false_value(desk: Desk, product: Product) -> Question | None:
    held = desk.values(product)
    fields = sorted(field for field in held if field not in PHRASES)
    if product.price:
        fields.append("price")
    if not fields:
        return None
    field = desk.pick(fields)
    cost = paid(product)
    value = _other_price(desk, cost) if field == "price" else other_value(desk, product, field)
    if value is None or isinstance(value, tuple):
        return None
    facts = (cost,) if field == "price" and cost else facts_of(product, field)
    gold = Gold("correct", (product,), field, facts, premise=value)
    return Question(f"false, {field}", _premise(desk, product, field, _says(field, value)), gold)


def _absent_premise(desk: Desk, product: Product) -> Question | None:
    field = absent_field(desk, product)
    if field is None:
        return None
    if field in BOOLEANS:
        gold = Gold("correct", (product,), field, premise=True)
        return Question(f"absent, {field}", _premise(desk, product, field, BOOLEANS[field]), gold)
    values = [one.attributes[field] for one in desk.shelf.kin(product) if field in one.attributes]
    value = desk.chance.choice(values)
    if isinstance(value, tuple | bool) or field in PHRASES:
        return None
    text = render_value_of(value)
    if len(text) > 40 or "\\n" in text or (field in COLOURS and "," in text):
        return None
    gold = Gold("correct", (product,), field, premise=value)
    return Question(f"absent, {field}", _premise(desk, product, field, _says(field, value)), gold)


def _premise(desk: Desk, product: Product, field: str, verb_phrase: str) -> str:
    """Return a question that takes a verb phrase for granted, and asks for something else."""
    asks = CONSEQUENCES.get(field, ())
    others = sorted(
        one
        for one in desk.values(product)
        if one not in (field, *ASKED) and not counted(one) and one not in COLOURS
    )
    if asks and desk.chance.random() < 0.7:
        ask = desk.pick(asks)
    elif not others:
        ask = "is that the final price?" if field == "price" else desk.pick(ASKS[:2])
    else:
        ask = desk.pick(ASKS[2:] if field == "price" else ASKS).replace(
            "{f}", spoken(desk.pick(others))
        )
    message = desk.pick(PREMISES).replace("{vp}", verb_phrase)
    return message.replace("{ask}", ask).replace("{Ask}", ask[0].upper() + ask[1:])


def _says(field: str, value: Fact) -> str:
    """Write a verb phrase that says a value: "weighs 5 kg", "is red", "has 4 pockets"."""
    text = render_value_of(value)
    if noun := counted(field):
        return f"has {text} {noun}"
    if field == "price":
        return f"costs {text}"
    if field in ("colour", "product colour"):
        return f"is {text.lower()}"
    if field == "weight" and isinstance(value, Quantity) and value.unit:
        return f"weighs {text}"
    article = "an" if re.match(r"[aeiou]", spoken(field)) else "a"
    return f"has {article} {spoken(field)} of {text}"


def _other_price(desk: Desk, cost: Fact | None) -> Money | None:
    if not isinstance(cost, Money):
        return None
    factor = desk.chance.choice((0.5, 0.6, 1.5, 2.0))
    amount = (cost.amount * int(factor * 10) / 10).quantize(cost.amount)
    return replace(cost, amount=amount) if amount not in (0, cost.amount) else None
