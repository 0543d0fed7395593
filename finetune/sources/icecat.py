"""Purchase intent of graded relevance on the Icecat catalog (o19s/chorus).

People graded how well a product meets a query, 0 to 3: 3 is likely, 1 and 2 possible, 0 unlikely.
Licences: Icecat Open Content License (records), Apache-2.0 (judgements).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from catalog_index.errors import CatalogError
from catalog_index.product import Product
from catalog_index.readers.base import Parsed
from catalog_index.readers.icecat import IcecatReader
from finetune.errors import DatasetError
from finetune.pair import Pair
from finetune.sources.rows import read_rows, text_of

_LABELS = {0: "unlikely", 1: "possible", 2: "possible", 3: "likely"}
_MOST_ATTRIBUTES = 12
HELD_OUT = 6
"""One query in this many is kept from training, for development."""


def read_products(folder: Path) -> dict[str, Product]:
    """Return the catalog's products by id.

    Raises:
        DatasetError: the file cannot be read.
    """
    path = folder / "products.jsonl.gz"
    try:
        rows = [row.record for row in IcecatReader().read(path) if isinstance(row, Parsed)]
    except (OSError, CatalogError) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from error
    return {record.id: record for record in rows if isinstance(record, Product)}


def read_intent(folder: Path, split: str = "train") -> Iterator[Pair]:
    """Yield purchase-intent pairs; `split` "dev" is the one query in six kept from training."""
    path = folder / "judgements.dev.jsonl"
    products = read_products(folder)
    for number, row in enumerate(read_rows(path)):
        query, document = text_of(row, "query", path), text_of(row, "doc_id", path)
        if (split == "dev") != is_held_out(query) or document not in products:
            continue
        inputs = {"query": query, "product": short_record(products[document])}
        label = _LABELS[int(text_of(row, "grade", path))]
        yield Pair(f"icecat-intent/{number:05}", "intent", inputs, label, "icecat")


def is_held_out(query: str) -> bool:
    """Whether a query's judgements are for development only."""
    return zlib.crc32(query.encode()) % HELD_OUT == 0


def short_record(product: Product) -> dict[str, Any]:
    """Return a record with its first attributes only, as a pair's input."""
    record = product.to_json()
    attributes = record.get("attributes", {})
    record["attributes"] = dict(list(attributes.items())[:_MOST_ATTRIBUTES])
    for name in ("gtin", "image_link", "link"):
        record.pop(name, None)
    return record
