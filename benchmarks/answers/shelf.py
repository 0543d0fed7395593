"""A catalog as question sets need it: its products, who resembles whom, and which words name one.

Read once from an index directory. Knows no question.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from catalog_index.index import CatalogIndex
from catalog_index.product import Passage, Product, render_value

_READ = 2000
_KIN = 24
"""How many nearest products stand in for a product type where the catalog names none."""

_TYPED = 4
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")


def tokens(text: str) -> list[str]:
    """Split a text into folded words and numbers."""
    return _TOKEN.findall(text.casefold())


class Shelf:
    """The products and passages of one catalog.

    Args:
        products: in any order; it decides what a seed draws.
        vectors: one for each product, shape (products, dimension), of unit length.
        passages: the shop's pages, in pieces.
    """

    def __init__(
        self,
        products: Sequence[Product],
        vectors: npt.NDArray[np.float32],
        passages: Sequence[Passage] = (),
    ) -> None:
        self.products = list(products)
        self.passages = {passage.id: passage for passage in passages}
        self._vectors = vectors
        self._place = {product.id: place for place, product in enumerate(self.products)}
        self._by_type: Mapping[str, list[int]] = _grouped(p.product_type for p in self.products)
        self._by_group = _grouped(p.item_group_id for p in self.products)
        self._bearing: defaultdict[str, set[int]] = defaultdict(set)
        self._codes: Counter[str] = Counter()
        for place, product in enumerate(self.products):
            named = f"{product.title} {product.brand} {product.mpn} {product.sku} {product.id}"
            for token in tokens(named):
                self._bearing[token].add(place)
            self._codes.update({code.casefold() for code in product.identifiers()})
        self.values = self._read_values()

    def names_one(self, name: str) -> bool:
        """Whether the words of a name all occur in the names of exactly one product."""
        found = [self._bearing.get(token, set()) for token in set(tokens(name))]
        return bool(found) and len(set.intersection(*found)) == 1

    def is_code_of_one(self, code: str) -> bool:
        """Whether one product alone bears a code."""
        return self._codes[code.casefold()] == 1

    def kin(self, product: Product) -> list[Product]:
        """Return products of the same type, or where the feed names none, the nearest ones."""
        same = self._by_type.get(product.product_type, [])
        if product.product_type and len(same) >= _TYPED and not product.product_type.isdigit():
            places: Sequence[int] = same
        else:
            cosines = self._vectors @ self._vectors[self._place[product.id]]
            places = np.argsort(-cosines, kind="stable")[: _KIN + 1].tolist()
        return [self.products[p] for p in places if self.products[p].id != product.id]

    def group(self, product: Product) -> list[Product]:
        """Return the other versions of a product."""
        if not product.item_group_id:
            return []
        places = self._by_group[product.item_group_id]
        return [self.products[p] for p in places if self.products[p].id != product.id]

    def _read_values(self) -> dict[str, Counter[str]]:
        """Return how often each attribute has each value, as text."""
        values: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for product in self.products:
            for name, value in product.attributes.items():
                values[name][render_value(value)] += 1
        return dict(values)


def read_shelf(directory: Path) -> Shelf:
    """Read an index directory whole."""
    products: list[Product] = []
    passages: list[Passage] = []
    rows: list[npt.NDArray[np.float32]] = []
    with CatalogIndex(directory) as index:
        for records, vectors in index.chunks(_READ):
            for record, vector in zip(records, vectors, strict=True):
                if isinstance(record, Product):
                    products.append(record)
                    rows.append(np.asarray(vector, dtype=np.float32))
                else:
                    passages.append(record)
    return Shelf(products, np.stack(rows), passages)


def own_words(product: Product) -> set[str]:
    """Return every word of a record: field names, values, title and description."""
    return set(tokens(" ".join(f"{name} {text}" for name, text in product.fields())))


def _grouped(keys: Iterable[str]) -> dict[str, list[int]]:
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, key in enumerate(keys):
        groups[key].append(place)
    return dict(groups)
