"""The values that this package trades in: products and passages. Frozen; they know no storage.

Field names are those of Google's product data specification; whatever else a feed says of an
item goes to `attributes`, under the name the feed's readers use, in lower-case words
("battery life").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class Money:
    """A price: a decimal amount in one currency (ISO 4217 code, "" when the feed names none)."""

    amount: Decimal
    currency: str = ""

    def __str__(self) -> str:
        """Write the exact amount, with two decimals or as many as it has."""
        exponent = self.amount.as_tuple().exponent
        places = max(2, -exponent) if isinstance(exponent, int) else 2
        return f"{self.amount:.{places}f} {self.currency}".strip()


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as the feed writes it ("kg", "h"); unit "" is a bare number."""

    value: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value:.15g} {self.unit}".strip()


AttributeValue = str | bool | Quantity | tuple[str, ...]


def render_value(value: AttributeValue) -> str:
    """Write an attribute's value as a person would read it: "yes", "1.2 kg", "red, blue"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Product:
    """One item of a shop's catalog.

    `id` is the shop's own key and is unique in an index. `product_type` is a path from the
    general to the particular, its parts joined by " > ". `quantity` is the stock count.
    `image_link` is a URL or a path relative to the feed.
    """

    id: str
    title: str
    description: str = ""
    brand: str = ""
    product_type: str = ""
    price: Money | None = None
    sale_price: Money | None = None
    availability: str = ""
    quantity: int | None = None
    condition: str = ""
    gtin: tuple[str, ...] = ()
    mpn: str = ""
    sku: str = ""
    item_group_id: str = ""
    link: str = ""
    image_link: str = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=lambda: MappingProxyType({}))

    def identifiers(self) -> tuple[str, ...]:
        """Every code under which the item can be asked for: id, SKU, GTINs, MPN."""
        codes = (self.id, self.sku, *self.gtin, self.mpn)
        return tuple(dict.fromkeys(code for code in codes if code))

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield (name, text) of every non-empty field a shopper could ask about, title first."""
        plain = (
            ("title", self.title),
            ("brand", self.brand),
            ("product type", self.product_type),
            ("price", self._price()),
            ("availability", self.availability.replace("_", " ")),
            ("stock", "" if self.quantity is None else str(self.quantity)),
            ("condition", self.condition),
        )
        yield from ((name, text) for name, text in plain if text)
        taken = {name for name, text in plain if text}
        for name, value in self.attributes.items():
            if name not in taken and (text := render_value(value)):
                yield name, text
        if self.mpn:
            yield "model number", self.mpn
        if self.gtin:
            yield "gtin", ", ".join(self.gtin)
        if self.description:
            yield "description", self.description

    def _price(self) -> str:
        """Write what a shopper pays, and what it was reduced from."""
        if self.sale_price is None or self.price is None:
            return str(self.sale_price or self.price or "")
        return f"{self.sale_price} (reduced from {self.price})"

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values, empty fields left out; see `from_json`."""
        record: dict[str, Any] = {}
        for name in self.__slots__:
            value = getattr(self, name)
            if name == "attributes":
                value = {key: _attribute_to_json(item) for key, item in value.items()}
            elif isinstance(value, Money):
                value = str(value)
            elif isinstance(value, tuple):
                value = list(value)
            if value not in ("", None, [], {}):
                record[name] = value
        return record

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Product:
        """Rebuild a product from `to_json`'s record; trusts it, unlike the feed readers."""
        values = dict(record)
        for name in ("price", "sale_price"):
            if name in values:
                amount, _, currency = str(values[name]).partition(" ")
                values[name] = Money(Decimal(amount), currency)
        values["gtin"] = tuple(values.get("gtin", ()))
        values["attributes"] = MappingProxyType(
            {key: _attribute_from_json(item) for key, item in values.get("attributes", {}).items()}
        )
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a shop document (policy, FAQ, manual) under one heading.

    `id` is the document's name and the heading's anchor, as in "returns.md#refunds";
    `document` is the document's title, `heading` the path of headings joined by " > ".
    """

    id: str
    document: str
    heading: str
    text: str

    @property
    def title(self) -> str:
        """Document and heading, as a citation shows them."""
        return f"{self.document}: {self.heading}" if self.heading else self.document


def _attribute_to_json(value: AttributeValue) -> Any:
    if isinstance(value, Quantity):
        return {"value": value.value, "unit": value.unit}
    return list(value) if isinstance(value, tuple) else value


def _attribute_from_json(value: Any) -> AttributeValue:
    if isinstance(value, dict):
        return Quantity(float(value["value"]), str(value["unit"]))
    return tuple(value) if isinstance(value, list) else value
