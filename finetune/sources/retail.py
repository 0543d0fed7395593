"""A general store's products (aws-samples/retail-demo-store): categories, styles, ad copy.

Licence: MIT-0.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from finetune.pair import Pair
from finetune.sources.rows import read_rows, text_of

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_FEW = (8, 24)
_ONE_ORDER = 16
"""So many products in a row list their labels in one order: what they share is computed once."""
HELD_OUT = 10
"""One product in this many is kept from training, for development."""


def read_labels(
    folder: Path, field: str = "category", split: str = "train", full_list: float = 1.0
) -> Iterator[Pair]:
    """Yield classification pairs by one of the set's two labels.

    Args:
        folder: where the set lies.
        field: "category" (20) or "style" (81).
        split: "train", or "dev" for the tenth of the products that is kept from training.
        full_list: share of pairs whose prompt lists every label; the others list 8 to 24.
    """
    path = folder / "products.train.jsonl"
    rows = list(read_rows(path))
    labels = sorted({text_of(row, field, path) for row in rows})
    chance = random.Random(f"retail {field} {split}")
    order = labels
    for number, row in enumerate(rows):
        right = text_of(row, field, path)
        if number % _ONE_ORDER == 0:
            shuffled = chance.random() < 0.5
            order = chance.sample(labels, len(labels)) if shuffled else labels
        if (split == "dev") != is_held_out(text_of(row, "id", path)):
            continue
        listed = order
        if chance.random() >= full_list:
            others = [label for label in labels if label != right]
            few = {right, *chance.sample(others, min(len(others), chance.randint(*_FEW) - 1))}
            listed = [label for label in order if label in few]
        inputs = {"product": _product(row, path), "labels": listed}
        yield Pair(f"retail-{field}-{split}/{number:05}", "classify", inputs, right, "retail")


def read_ads(folder: Path, split: str = "train") -> Iterator[Pair]:
    """Yield ads: the set's descriptions, cut to their shortest sentences, as copy for a product.

    The description stands in the record, so that the ad states nothing that it does not hold.
    """
    path = folder / "products.train.jsonl"
    for number, row in enumerate(read_rows(path)):
        sentences = _SENTENCE.split(text_of(row, "description", path))
        if len(sentences) < 2 or (split == "dev") != is_held_out(text_of(row, "id", path)):
            continue
        kept = sorted(sorted(range(len(sentences)), key=lambda at: len(sentences[at]))[:2])
        ad = " ".join(sentences[at] for at in kept)
        product = _product(row, path) | {"price": f"{text_of(row, 'price', path)} USD"}
        if len(ad.split()) <= 40:
            yield Pair(f"retail-ads-{split}/{number:05}", "ads", {"product": product}, ad, "retail")


def is_held_out(identity: str) -> bool:
    """Whether a product is kept from training, for development."""
    return zlib.crc32(identity.encode()) % HELD_OUT == 0


def _product(row: Mapping[str, Any], path: Path) -> dict[str, str]:
    return {
        "id": text_of(row, "id", path),
        "title": text_of(row, "name", path),
        "description": text_of(row, "description", path),
    }
