"""ESCI, Amazon's shopping queries data set: its products, as Parquet, CSV or JSON lines.

Source: github.com/amazon-science/esci-data. One product may be there in several locales: its id is
then told from the others by the locale, "B00X (es)"; those of the USA keep theirs as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from catalog_index.parsing import clean_text
from catalog_index.readers.tables import TableReader


class EsciReader(TableReader):
    """Reads the products of ESCI."""

    name = "esci"
    required: ClassVar[tuple[str, ...]] = ("product_id", "product_title", "product_locale")

    def record(self, raw: Mapping[str, Any]) -> Mapping[str, Any]:
        """Map the columns of ESCI to Google's."""
        identifier, locale = (
            clean_text(raw.get("product_id")),
            clean_text(raw.get("product_locale")),
        )
        bullets = [
            line for line in str(raw.get("product_bullet_point") or "").split("\n") if line.strip()
        ]
        attributes = {
            "color": raw.get("product_color"),
            "highlights": bullets,
            "locale": locale,
        }
        return {
            "id": f"{identifier} ({locale})"
            if identifier and locale not in ("", "us")
            else identifier,
            "title": raw.get("product_title"),
            "description": raw.get("product_description"),
            "brand": raw.get("product_brand"),
            "attributes": {name: value for name, value in attributes.items() if value},
        }
