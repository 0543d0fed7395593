"""A small shop's vocabulary, by hand, and a short way to write down what a query asks for."""

from __future__ import annotations

import math
import re

from catalog_index.filters import Filter, fold
from retrieval.understanding import Understanding, Understood


def _all(values: str, field: str, count: int) -> dict[str, dict[str, int]]:
    return {value: {field: count} for value in values.split(", ")}


VALUES: dict[str, dict[str, int]] = {
    **_all("acme, bolt, the north face, acer, hp, lego", "brand", 10),
    "apple": {"brand": 12, "flavour": 2},
    "orange": {"brand": 1, "colour": 9},
    "fossil": {"brand": 3},
    "under armour": {"brand": 4},
    **_all("black, white, red, blue, light blue, navy", "colour", 30),
    "grey": {"colour": 8, "ear cushion colour": 2},
    "green": {"colour": 6},
    "pink": {"colour": 6},
    "gold": {"colour": 4, "material": 1},
    "steel": {"material": 7},
    "stainless steel": {"material": 9},
    "leather": {"material": 9, "ear cushion material": 20},
    "cotton": {"material": 12},
    "wood": {"material": 5},
    "s": {"size": 5},
    "m": {"size": 9},
    "l": {"size": 9},
    "xl": {"size": 4},
    "large": {"size": 3},
    "10": {"shoe size": 4},
    "42": {"shoe size": 6},
    "long": {"sleeve": 4},
    "wired": {"connection": 5},
    "wifi": {"networking features": 1},
    "portugal": {"made in": 5},
    "vanilla": {"flavour": 3},
    **_all("waterproof, bluetooth, noise cancelling, wireless, microphone, vegan", "flag", 12),
    **_all("gluten free, dishwasher safe, wi fi, foldable, on sale", "flag", 12),
    **_all("headphones, laptop, jacket, dress, shoe, phone case, case", "product type", 20),
    **_all("kettle, tent, backpack, desk, chair, lamp, watch, tea", "product type", 20),
    **_all("earbuds, speaker", "product type", 20),
    "in stock": {"availability": 80},
    "refurbished": {"condition": 5},
    "used": {"condition": 6},
    "new": {"condition": 70},
}
NUMBERS = {"weight", "ram", "battery life", "height", "usb ports", "pieces", "capacity", "power"}
_TITLES = """
acme bolt north face acer apple orange fossil headphones headphone laptop jacket dress  shoe
shoes phone case kettle tent backpack desk chair lamp watch tea earbuds speaker  black white
red blue navy grey green leather cotton steel wood wireless bluetooth gaming  running winter
summer office camping electric coffee maker screen monitor tablet pro max  mini iphone galaxy
puzzle book gift card memory drive cable armour under sugar charger  kids women men shirt solar
bottle usb sleeve table hiking cream bread wine hat toy  smartphone television battery
dumbbells printer camera ssd filter waterproof plastic lid
"""
TITLE_WORDS = dict.fromkeys(_TITLES.split(), 5)


class ShopVocabulary:
    """`filters.Vocabulary` over the tables above; counts how often it is asked."""

    def __init__(self, values: dict[str, dict[str, int]] | None = None) -> None:
        self.values = VALUES if values is None else values
        self.asked = 0

    def fields_with(self, value: str) -> dict[str, int]:
        self.asked += 1
        assert value == fold(value), "values are asked for folded"
        return self.values.get(value, {})

    def has_number(self, field: str) -> bool:
        self.asked += 1
        return field in NUMBERS

    def frequency(self, word: str) -> int:
        self.asked += 1
        return TITLE_WORDS.get(word, 0)

    def nearest(self, word: str) -> str | None:
        self.asked += 1
        reach = 2 if len(word) >= 8 else 1
        near = ((_edits(word, known), known) for known in TITLE_WORDS)
        best = min((item for item in near if item[0] <= reach), default=None)
        return best[1] if best else None


def asked_for(understood: Understood) -> str:
    """Write the filters as "price<=50 EUR; brand=acme; !waterproof", parted by "; "."""
    return "; ".join(_written(item.filter) for item in understood.filters)


def preferred(understood: Understood) -> str:
    """Write the preferences in the same way."""
    return "; ".join(_written(item.filter) for item in understood.preferences)


def said(understood: Understood, item: Understanding) -> str:
    """Return the words that a filter came from."""
    return understood.text[item.start : item.end]


def _written(asked: Filter) -> str:
    if asked.op == "between":
        unit = f" {asked.unit}" if asked.unit else ""
        low, high = (f"{bound:.6g}" for bound in (asked.low, asked.high))
        if math.isinf(asked.low):
            return f"{asked.field}<={high}{unit}"
        if math.isinf(asked.high):
            return f"{asked.field}>={low}{unit}"
        return f"{asked.field} {low}..{high}{unit}"
    if isinstance(asked.value, bool):
        assert asked.value is True
        return f"!{asked.field}" if asked.op == "not" else asked.field
    assert re.fullmatch(r"\S.*", asked.value)
    return f"{asked.field}{'!=' if asked.op == 'not' else '='}{asked.value}"


def _edits(left: str, right: str) -> int:
    """Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours."""
    rows = [list(range(len(right) + 1))]
    for i, a in enumerate(left, start=1):
        row = [i]
        for j, b in enumerate(right, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
