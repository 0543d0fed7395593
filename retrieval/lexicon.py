"""How shoppers ask for a field without naming it: "how heavy" is the weight.

A table of phrases and the names of the fields they ask for, in a shop's general English; it names
no product and no shop.
"""

from __future__ import annotations

import re

_PHRASES: tuple[tuple[str, str], ...] = (
    (r"how much (?:is|are|for)\b|cost|pric(?:e|ey|ing)|expensive|cheap", "price"),
    (r"how heavy|weigh|kilos|grams", "weight"),
    (r"how (?:big|large|wide|tall|deep|high)|dimension|measure", "dimensions, size, width, height"),
    (r"how long is\b|length", "length"),
    (r"made (?:out )?of|made from|fabric|leather|cotton|plastic|wood", "material"),
    (r"where .*(?:made|from|produced)|country|origin", "made in, country of origin"),
    (r"guarantee|warrant|breaks?\b|defect|faulty", "warranty"),
    (r"(?:send|give) (?:it |them )?back|return|refund|change my mind", "return window"),
    (r"how many .*(?:left|stock|availab|there)", "stock"),
    (r"in stock|availab|sold out|buy now", "availability, stock"),
    (r"who (?:makes|made)|which brand|what brand|manufacturer|maker", "brand"),
    (r"rain|wet\b|water|shower|swim|splash", "waterproof, water resistant, water resistance"),
    (r"how long .*(?:last|run|play|work)|batter|run ?time|per charge", "battery life, runtime"),
    (r"how long .*charg|charg\w* (?:time|take)", "charging time"),
    (r"usb|plug\b|charger", "charging port, connector, power"),
    (r"colou?r|what shade", "colour"),
    (r"how many (?:pieces|parts|items)|pieces", "pieces, number"),
    (r"how (?:powerful|strong)|watts?\b|power\b", "power"),
    (r"how much .*(?:hold|fit)|capacity|litres?\b|liters?\b|volume", "capacity, volume"),
    (
        r"what age|how old|year[- ]old|toddler|kids?\b|suitable",
        "recommended age, suitable, best for",
    ),
    (r"wash|clean|dishwasher|iron\b|dry\b|tumble", "care, dishwasher safe, machine washable"),
    (r"vegan|vegetarian|gluten|nuts?\b|allerg|ingredient|sugar", "vegan, ingredients, allergens"),
    (r"in the box|included|come with|comes with|accessor", "in the box, included"),
    (r"wireless|bluetooth|cable|wired", "connection, bluetooth, wireless"),
    (r"noise", "noise cancelling, noise level"),
    (r"loud|quiet|decibel|db\b", "noise level"),
    (r"what size|which size|fits?\b", "size, fit"),
    (r"deliver|ship|dispatch|arrive|courier", "shipping, delivery, dispatch"),
    (r"pay\b|payment|invoice|card\b|instal", "payment"),
    (r"discount|sale\b|on offer|reduced", "price"),
    (r"how much (?:memory|ram)|\bram\b", "internal memory, memory"),
    (r"how much (?:storage|space)|hard (?:disk|drive)", "storage capacity, capacity"),
    (r"screen|display", "display"),
)
_COMPILED = tuple(
    (re.compile(rf"\b(?:{pattern})", re.I), tuple(names.split(", "))) for pattern, names in _PHRASES
)


def asked_fields(question: str) -> list[str]:
    """Return the names of the fields that a question asks for without naming them."""
    return [name for pattern, names in _COMPILED if pattern.search(question) for name in names]
