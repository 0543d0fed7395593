"""WANDS, Wayfair's search data set: `product.csv`, parted by tabs.

Source: github.com/wayfair/WANDS. Features are "name:value" joined by "|"; one name may come several
times, with a value each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from catalog_index.parsing import clean_text
from catalog_index.readers.tables import TableReader


class WandsReader(TableReader):
    """Reads the products of WANDS."""

    name = "wands"
    required: ClassVar[tuple[str, ...]] = ("product_id", "product_name", "product_class")

    def record(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Map the columns of WANDS to Google's."""
        kind = clean_text(raw.get("product_class"))
        features = _features(clean_text(raw.get("product_features")))
        counts = ("rating_count", "average_rating", "review_count")
        return {
            "id": raw.get("product_id"),
            "title": raw.get("product_name"),
            "description": raw.get("product_description"),
            "product_type": raw.get("category hierarchy") or raw.get("category_hierarchy") or kind,
            "attributes": {
                **({"product class": kind} if kind else {}),
                **features,
                **{name: _number(raw[name]) for name in counts if raw.get(name)},
            },
        }


def _number(value: Any) -> Any:
    """Read "15.0" as the number that it is."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return value


def _features(text: str) -> dict[str, str | list[str]]:
    """Read "colour : red|colour:blue|depth:3" as {"colour": ["red", "blue"], "depth": "3"}."""
    found: dict[str, list[str]] = {}
    for feature in text.split("|"):
        name, colon, value = feature.partition(":")
        if colon and name.strip() and value.strip():
            values = found.setdefault(name.strip(), [])
            if value.strip() not in values:
                values.append(value.strip())
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}
