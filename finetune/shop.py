"""A shop as expansion sees it: its products by type, and what types are near each other.

Knows nothing of tasks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from catalog_index.product import Product


def product_kind(product: Product) -> str:
    """Return the innermost name of a product's type, "" where the record gives none."""
    path = product.product_type or str(product.attributes.get("product type", ""))
    return path.rpartition(">")[2].strip()


@dataclass(frozen=True, slots=True)
class Shop:
    """The products of a catalog, grouped. Make one with `Shop.of`."""

    products: tuple[Product, ...]
    by_kind: Mapping[str, tuple[Product, ...]] = field(hash=False)
    families: Mapping[str, str] = field(hash=False)
    """Kind -> the type path above it ("" where the catalog's types are flat)."""
    brands: tuple[str, ...]

    @classmethod
    def of(cls, products: Iterable[Product]) -> Shop:
        """Group products by the innermost name of their type."""
        held = tuple(products)
        groups: dict[str, list[Product]] = {}
        families: dict[str, str] = {}
        for product in held:
            if kind := product_kind(product):
                groups.setdefault(kind, []).append(product)
                families.setdefault(kind, product.product_type.rpartition(">")[0].strip())
        brands = tuple(dict.fromkeys(product.brand for product in held if product.brand))
        return cls(held, {kind: tuple(group) for kind, group in groups.items()}, families, brands)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The innermost type names, in the order they occur."""
        return tuple(self.by_kind)

    def siblings(self, kind: str) -> tuple[str, ...]:
        """Return the other kinds under the same path; none where types are flat."""
        family = self.families.get(kind, "")
        return tuple(
            other
            for other in self.by_kind
            if other != kind and family and self.families[other] == family
        )
