"""The values that this package trades in: products, their variants, and passages.

Frozen; they know no storage.

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
    """A number with its unit in the usual spelling ("kg", "h"); unit "" is a bare number.

    `text` is what the feed wrote, where that differs: "1,5 kilos" is 1.5 kg. It is what is shown.
    """

    value: float
    unit: str = ""
    text: str = ""

    def __str__(self) -> str:
        return self.text or f"{self.value:.15g} {self.unit}".strip()


AttributeValue = str | bool | Quantity | tuple[str, ...]


def render_value(value: AttributeValue) -> str:
    """Write an attribute's value as a person would read it: "yes", "1.2 kg", "red, blue"."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value)


@dataclass(frozen=True, slots=True)
class Variant:
    """One buyable version of a product, such as the red shirt in size M.

    `attributes` are the options that tell it from the others. What is empty holds as the product
    says.
    """

    id: str
    title: str = ""
    sku: str = ""
    gtin: tuple[str, ...] = ()
    mpn: str = ""
    price: Money | None = None
    sale_price: Money | None = None
    availability: str = ""
    quantity: int | None = None
    image_link: str = ""
    attributes: Mapping[str, AttributeValue] = field(default_factory=lambda: MappingProxyType({}))

    def name(self) -> str:
        """Say which version it is: "red, M"; its title or id where no option tells."""
        options = ", ".join(filter(None, map(render_value, self.attributes.values())))
        return options or self.title or self.id

    def facts(self) -> str:
        """Say what holds of this version alone: "19.00 EUR; in stock; 3 in stock; SKU TS-R-M"."""
        stock = "" if self.quantity is None else f"stock {self.quantity}"
        codes = (("SKU", self.sku), ("model number", self.mpn), ("GTIN", ", ".join(self.gtin)))
        facts = (
            price_text(self.price, self.sale_price),
            self.availability.replace("_", " "),
            stock,
            *(f"{name} {code}" for name, code in codes if code),
        )
        return "; ".join(fact for fact in facts if fact)


def price_text(price: Money | None, sale_price: Money | None) -> str:
    """Write what a shopper pays, and what it was reduced from."""
    if sale_price is None or price is None or sale_price == price:
        return str(sale_price or price or "")
    return f"{sale_price} (reduced from {price})"


@dataclass(frozen=True, slots=True)
class Product:
    """One item of a shop's catalog.

    `id` is the shop's own key and is unique in an index. `product_type` is a path from the
    general to the particular, its parts joined by " > ". `quantity` is the stock count.
    `image_link` is a URL or a path relative to the feed. Of a product with `variants`, `price` and
    `sale_price` are those of the cheapest, and `attributes` name every option that there is.
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
    variants: tuple[Variant, ...] = ()

    def identifiers(self) -> tuple[str, ...]:
        """Every code under which the item can be asked for: id, SKU, GTINs, MPN, variants' too."""
        codes = [self.id, self.sku, *self.gtin, self.mpn]
        for variant in self.variants:
            codes += (variant.id, variant.sku, *variant.gtin, variant.mpn)
        return tuple(dict.fromkeys(code for code in codes if code))

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield (name, text) of every non-empty field a shopper could ask about, title first."""
        plain = (
            ("title", self.title),
            ("brand", self.brand),
            ("product type", self.product_type),
            ("price", self._price()),
            ("availability", self._availability()),
            ("stock", self._stock()),
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
        for variant in self.variants:
            if facts := variant.facts():
                yield f"variant {variant.name()}", facts
        if self.description:
            yield "description", self.description

    def _availability(self) -> str:
        """Write the stock state, of each variant where they differ: one says nothing of another."""
        states = {one.name(): one.availability.replace("_", " ") for one in self.variants}
        return _each(states) or self.availability.replace("_", " ")

    def _stock(self) -> str:
        counts = {
            one.name(): "" if one.quantity is None else str(one.quantity) for one in self.variants
        }
        return _each(counts) or ("" if self.quantity is None else str(self.quantity))

    def _price(self) -> str:
        """Write the price, or the span of the variants' prices where they differ."""
        paid = [
            money for one in self.variants if (money := one.sale_price or one.price) is not None
        ]
        if len({money.currency for money in paid}) == 1:
            low, high = (pick(paid, key=lambda money: money.amount) for pick in (min, max))
            if low != high:
                return f"from {low} to {high}"
        return price_text(self.price, self.sale_price)

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values, empty fields left out; see `from_json`."""
        return _to_json(self)

    @classmethod
    def from_json(cls, record: Mapping[str, Any]) -> Product:
        """Rebuild a product from `to_json`'s record; trusts it, unlike the feed readers."""
        values = _from_json(record)
        values["variants"] = tuple(
            Variant(**_from_json(variant)) for variant in record.get("variants", ())
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


def _each(said: Mapping[str, str]) -> str:
    """Write what is said of each variant, or "" where it is the same of all."""
    if len(set(said.values())) < 2:
        return ""
    return "; ".join(f"{name}: {text or 'not known'}" for name, text in said.items())


def _to_json(value: Product | Variant) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name in value.__slots__:
        item = getattr(value, name)
        if name == "attributes":
            item = {key: _attribute_to_json(one) for key, one in item.items()}
        elif name == "variants":
            item = [_to_json(variant) for variant in item]
        elif isinstance(item, Money):
            item = str(item)
        elif isinstance(item, tuple):
            item = list(item)
        if item not in ("", None, [], {}):
            record[name] = item
    return record


def _from_json(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a product and a variant share, typed."""
    values = dict(record)
    for name in ("price", "sale_price"):
        if name in values:
            amount, _, currency = str(values[name]).partition(" ")
            values[name] = Money(Decimal(amount), currency)
    values["gtin"] = tuple(values.get("gtin", ()))
    values["attributes"] = MappingProxyType(
        {key: _attribute_from_json(item) for key, item in values.get("attributes", {}).items()}
    )
    return values


def _attribute_to_json(value: AttributeValue) -> Any:
    if isinstance(value, Quantity):
        written = {"value": value.value, "unit": value.unit}
        return {**written, "text": value.text} if value.text else written
    return list(value) if isinstance(value, tuple) else value


def _attribute_from_json(value: Any) -> AttributeValue:
    if isinstance(value, dict):
        return Quantity(float(value["value"]), str(value["unit"]), str(value.get("text", "")))
    return tuple(value) if isinstance(value, list) else value
