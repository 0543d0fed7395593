"""A record's own facts as short sentences of an ad: "It comes in white.", "Its weight is 1.2 kg.".

They say no more than the field holds, so they are true by construction. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.grounding.denials import DENIALS
from catalog_index.product import Product

_CODES = frozenset(
    {"title", "brand", "product type", "model number", "gtin", "sku", "stock", "condition"}
    | {
        "availability",
        "description",
        "gender",
        "age group",
        "size",
        "season",
        "form",
        "link",
        "return window",
        "price",
        "item group id",
    }
)
_NAME_WORDS = 9
_MOST_WORDS, _MOST_CHARACTERS = 14, 120
_ADJECTIVE = re.compile(
    r"(?:[\w-]+ ){0,2}[\w-]*(?:proof|(?<!c)(?<!t)able|cordless|wireless|ible|-free|safe|"
    r"resistant|repellent|friendly|certified|tested|cancelling|canceling|insulated|"
    r"decaffeinated|pre-seasoned|pre-shrunk|organic|vegan|vegetarian|handmade|fairtrade|freestanding|orthopaedic|"
    r"quick-drying|non-slip|non-stick)"
)
"""Features that a product is; of several words, the last decides."""
_SUITABLE = re.compile(r"suitable (?:for|from) [a-z -]+")
_THING = re.compile(
    r"(?:[\w-]+ ){0,3}(?:sensor|timer|pocket|base|filter|light|case|strap|port|compartment|display|"
    r"grinder|radio|microphone|zip|buckle|cover|tank|hood|visor|lid|loop|headrest|porch|net|monitor|"
    r"rim|gauge|insole|belt|warmer|input|shut-off|frother|speakerphone|remote|touchscreen|camera)"
)
_STUFF = re.compile(
    r"(?:[\w-]+ ){0,3}(?:protection|packaging|control|adjustment|support|charging|details|pages|"
    r"lines|vents|seams|pads|patches|bluetooth|gps|nfc|wi-?fi|pairing)"
)
"""Features that a product has: one of a thing, and what takes no article."""
_MEASURE = re.compile(
    r"(?!(?:min|max)imum weight$|recommended|daily|packag|master|pallet|carton)"
    r"(?:[\w-]+ ){0,3}(?:weight|width|height|length|"
    r"depth|diameter|thickness|capacity|volume|power|size|range|battery life|shelf life|"
    r"charging time|heat-up time|brewing time|assembly time|pitching time|run time|noise level|"
    r"speed|torque|output|pressure|voltage|circumference|temperature|load|flux|frequency|"
    r"resolution|diagonal|impedance)"
)
_AMOUNT = re.compile(
    r"(?:about |up to )?\d[\d.,]*(?: ?(?:x|×|to|-|–|/) ?\d[\d.,]*)*\s?"
    r"(?:[^\W\d_]{1,7}[²³]?|%|°[CF]|\"|"
    r"Ω|[a-z]+/[a-z]+[²³]?|fl oz)?(?: \(\d[^()]{0,12}\))?"
)
_QUALITY = re.compile(
    r"scent|flavou?r|pattern|finish|roast|fit|neckline|texture|lining|shell|filling|sole"
)
_LABEL = re.compile(
    r"in the box|best for|works with|recommended for|key ingredients|tasting notes|audio codecs|"
    r"tested for|oven safe up to|(?:suitable for|compatible with) [a-z ]+|"
    r"(?:[\w-]+ ){0,2}(?:ports|pockets|pages|pieces|modes|settings|levels|persons|bags|"
    r"pillowcases|speeds)"
)
"""Fields that are said as they stand in a record: "Pockets: 4."."""
_WORDS_ONLY = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+){0,4}")
_ACRONYM = re.compile(
    r"(?<![a-z])(?:usb-[ac]|usb|led|gps|nfc|fm|uv|bpa|pvc|pfc|pfas|hdmi|lcd|tsa)(?![a-z])"
)
_UNFIT = re.compile(
    r"[<>{}\[\]|@#*_\\`]|https?:|www\.|\b(?:ignore|instructions?|prompt|system|assistant|"
    r"disregard|pretend|output|respond|previous|above|below|password)\b|\?",
    re.I,
)
"""What makes a sentence of a description unfit to be quoted: it is markup, or it gives orders."""
_NEGATIVE = re.compile(r"\b(?:not|no|without|never|isn['’]?t|cannot|nor|only)\b", re.I)


_PLURAL = {
    "It is ": "They are ",
    "It has ": "They have ",
    "It comes ": "They come ",
    "Its ": "Their ",
}


def sentence_of(name: str, value: str) -> str:
    """Say a field as a sentence; "" where it is no fact for an ad, or none that can be said well.

    Only fields of known families are said: a name that nobody foresaw may be anything.
    """
    folded, ended = " ".join(name.casefold().split()), value.strip().rstrip(". ")
    if not folded or not ended or max(len(folded), len(ended)) > _MOST_CHARACTERS:
        return ""
    if value in DENIALS or value in ("not stated", "unknown", "0"):
        return ""
    if folded == "price":
        return f"Price: {ended}."
    if re.search(r"[;:\n]", value) or len(value.split()) > _MOST_WORDS:
        return ""
    said = _ACRONYM.sub(lambda found: found[0].upper(), folded)
    return _feature(folded, said) if value == "yes" else _value(folded, said, ended)


def _feature(folded: str, said: str) -> str:
    """Say a feature that the product has."""
    if _ADJECTIVE.fullmatch(folded) or _SUITABLE.fullmatch(folded):
        return f"It is {said}."
    if folded.endswith(" included"):
        return f"Included: {said.removesuffix(' included')}."
    if _STUFF.fullmatch(folded):
        return f"It has {said}."
    if _THING.fullmatch(folded):
        article = "an" if re.match(r"[aeio]|u[^ns]|un[^i]|(?:led|fm|lcd|hdmi)\b", folded) else "a"
        return f"It has {article} {said}."
    return ""


def _value(folded: str, said: str, value: str) -> str:
    """Say what a field holds."""
    words_only = bool(_WORDS_ONLY.fullmatch(value))
    if folded in ("colour", "color", "product colour", "product color"):
        return f"It comes in {value.lower()}." if words_only else f"Colour: {value}."
    if folded == "warranty" and _AMOUNT.fullmatch(value):
        return f"It comes with a warranty of {value}."
    if _LABEL.fullmatch(folded):
        return f"{said[:1].upper()}{said[1:]}: {value}."
    has_unit = folded.endswith("resolution") or bool(re.search(r"[^\d.,x×/ -]", value))
    if _MEASURE.fullmatch(folded) and _AMOUNT.fullmatch(value) and has_unit:
        return f"Its {said} is {value}."
    if folded == "made in" and words_only:
        return f"It is made in {value}."
    if folded == "origin" and words_only:
        return f"It comes from {value}."
    if folded.endswith("material") and len(value.split()) <= 6 and not _is_amount(value):
        return _made_of(folded.removesuffix("material").strip(), value)
    if _QUALITY.fullmatch(folded) and words_only:
        return f"Its {said} is {value}."
    return ""


def _made_of(part: str, value: str) -> str:
    if not part:
        return f"It is made of {value}."
    if part in ("outer", "upper", "housing", "body", "case", "seat", "strap", "cover", "base"):
        return f"Its {part} is made of {value}."
    return f"Its {part} material is {value}."


def _is_amount(value: str) -> bool:
    """Whether a text begins with an amount that is no share: "30 g", but not "100% cotton"."""
    return bool(re.match(r"\d[\d.,]*(?![\d.,]| ?%)", value))


def spoken(sentence: str, product: Product) -> str:
    """Return a sentence as it is said of the product: "They are", of headphones."""
    last = re.split(r",\s|\s[-–|]\s|\s\(", product.title)[0].split()[-1:]
    if not last or not re.search(r"[^s]s$", last[0]) or last[0][:1].islower():
        return sentence
    for one, many in _PLURAL.items():
        if sentence.startswith(one):
            return many + sentence[len(one) :]
    return sentence


def fact_sentences(product: Product, start: int = 0) -> Iterator[str]:
    """Yield what an ad may add, the fields from `start` on first, then the description's."""
    told = [
        sentence
        for name, value in product.fields()
        if name not in _CODES and (sentence := spoken(sentence_of(name, value), product))
        if not _UNFIT.search(sentence)
    ]
    shift = start % len(told) if told else 0
    own = [
        sentence
        for sentence in re.split(r"(?<=[.!])\s+", product.description[:2000])
        if 3 <= len(sentence.split()) <= 18
        and sentence.endswith((".", "!"))
        and not _UNFIT.search(sentence)
        and not _NEGATIVE.search(sentence)
    ]
    told = told[shift:] + told[:shift]
    # The description reads better, the fields are shorter: take turns.
    first, second = (own, told) if not start % 2 else (told, own)
    for place in range(max(len(first), len(second))):
        yield from first[place : place + 1]
        yield from second[place : place + 1]


def lead_sentence(product: Product, start: int = 0, *, without_brand: bool = False) -> str:
    """Name the product: "Meet the Aldmere Kettle.", in as few words as tell it from others."""
    name = re.split(r",\s|\s[-–|]\s|\s\(", product.title)[0].strip()
    if without_brand and product.brand:
        name = re.sub(rf"(?<!\w){re.escape(product.brand)}(?!\w)", "", name, flags=re.I)
        name = " ".join(name.split()) or product.title
    words = name.split()
    if len(words) > _NAME_WORDS:
        name = " ".join(words[:_NAME_WORDS])
        name = re.sub(r"\s+(?:(?:for|with|in|of|to|and|&)\s*(?:\S+\s*){0,2})$", "", name)
    verbs = ("Meet", "Say hello to", "Here is", "Discover", "Choose")
    article = "" if re.match(r"(?:the|a|an)\b", name, re.I) else "the "
    return f"{verbs[start % len(verbs)]} {article}{name}."
