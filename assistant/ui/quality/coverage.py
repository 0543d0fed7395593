"""Which fields the catalog's records hold, by product type: what makes a question unanswerable."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from catalog_index.index import CatalogIndex
from catalog_index.product import Product
from retrieval.lexicon import asked_fields, literal_names, plain_name

_AT_ONCE = 500
_MOST = 50_000
"""Records that are read; of a larger catalog the first so many."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many products of each type hold each field."""

    products: dict[str, int]
    fields: dict[str, Counter[str]]

    def lacking(self, question: str, types: Sequence[str]) -> tuple[str, int, int] | None:
        """Return (field, how many products lack it, of how many), None where no field is known.

        Args:
            question: names the field.
            types: the product types that are looked at; all where none is given.
        """
        names = list(dict.fromkeys((*literal_names(question), *asked_fields(question))))
        if not names:
            return None
        looked_at = [name for name in types if name in self.products] or list(self.products)
        total = sum(self.products[name] for name in looked_at)
        holding = sum(max(self.fields[one][name] for name in names) for one in looked_at)
        return names[0], total - holding, total


def coverage(index: CatalogIndex) -> Coverage:
    """Count the fields of a catalog's products."""
    products: dict[str, int] = Counter()
    fields: dict[str, Counter[str]] = defaultdict(Counter)
    keys = index.snapshot.live_keys("product")[:_MOST]
    for start in range(0, len(keys), _AT_ONCE):
        for record in index.records(keys[start : start + _AT_ONCE]).values():
            if isinstance(record, Product):
                products[record.product_type] += 1
                held = {plain_name(name) for name, _ in record.fields()}
                fields[record.product_type].update(held)
    return Coverage(dict(products), dict(fields))
