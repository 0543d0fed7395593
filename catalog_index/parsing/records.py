"""Records keyed by Google's product data field names to products and their variants.

Every reader maps its rows to such a record and comes here: this is the one place that cleans.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from catalog_index.errors import RowError
from catalog_index.parsing.text import clean_path, clean_text, feed_text, quoted
from catalog_index.parsing.values import (
    UNVERIFIED_GTIN,
    attribute_name,
    category_path,
    is_gtin,
    parse_attribute,
    parse_availability,
    parse_gtins,
    parse_price,
)
from catalog_index.product import AttributeValue, Money, Product, Quantity, Variant, render_value

MAX_ATTRIBUTES = 500
"""How many attributes of a record are kept; the attribute "attributes left out" counts the rest."""
MAX_VARIANTS = 2_000
"""How many variants a product may have."""

_OWN_NAMES = """
    id title description brand product_type google_product_category price sale_price currency
    availability quantity condition gtin mpn sku item_group_id link image_link attributes
    product_detail product_highlight variants
"""
_NOT_FOR_SHOPPERS = """
    additional_image_link ads_redirect auto_pricing_min_price cost_of_goods_sold custom_label_0
    custom_label_1 custom_label_2 custom_label_3 custom_label_4 excluded_destination
    included_destination mobile_link
"""
"""Google's fields that steer advertising, or that a shop keeps to itself: they are not read."""
_OWN_FIELDS = frozenset((_OWN_NAMES + _NOT_FOR_SHOPPERS).split())
_LEFT_OUT = "attributes left out"


def parse_product(record: Mapping[str, Any]) -> Product:
    """Make a product of a record keyed by Google's field names.

    Keys that are none of them become attributes, as do the members of `attributes` and the
    "section:name:value" triples of `product_detail`. `currency` holds for prices that name none.
    `variants` are `Variant`s, or records as `parse_variant` takes them.

    Raises:
        RowError: `id` or `title` is missing, or a field's value is not of its type.
    """
    get = record.get
    identifier, title = clean_text(get("id")), feed_text(get("title"))
    for name, text in (("id", identifier), ("title", title)):
        if not text:
            raise RowError(name, "missing")
    attributes = _attributes(record)
    gtin = _checked_gtins(get("gtin"), attributes)
    price, sale_price = _prices(record)
    variants = _variants(get("variants"))
    availability, quantity = parse_availability(get("availability")), _stock(get("quantity"))
    if variants:
        price, sale_price = _cheapest(variants) or (price, sale_price)
        availability = _together(variants) or availability
        quantity = _total(variants) if quantity is None else quantity
        _name_options(variants, attributes)
    return Product(
        id=identifier,
        title=title,
        description=feed_text(get("description")),
        brand=feed_text(get("brand")),
        product_type=category_path(get("product_type")) or _google_category(record),
        price=price,
        sale_price=sale_price,
        availability=availability,
        quantity=quantity,
        condition=feed_text(get("condition")),
        gtin=gtin,
        mpn=clean_text(get("mpn")),
        sku=clean_text(get("sku")),
        item_group_id=clean_text(get("item_group_id")),
        link=clean_text(get("link")),
        image_link=clean_path(get("image_link")),
        attributes=MappingProxyType(attributes),
        variants=variants,
    )


def parse_variant(record: Mapping[str, Any]) -> Variant:
    """Make a variant of a record with the keys of a product; its options stand in `attributes`.

    Raises:
        RowError: it has no id, or a field's value is not of its type.
    """
    get = record.get
    sku = clean_text(get("sku"))
    identifier = clean_text(get("id")) or sku
    if not identifier:
        raise RowError("id", "missing")
    attributes = _attributes(record)
    price, sale_price = _prices(record)
    return Variant(
        id=identifier,
        title=feed_text(get("title")),
        sku=sku,
        gtin=_checked_gtins(get("gtin"), attributes),
        mpn=clean_text(get("mpn")),
        price=price,
        sale_price=sale_price,
        availability=parse_availability(get("availability")),
        quantity=_stock(get("quantity")),
        image_link=clean_path(get("image_link")),
        attributes=MappingProxyType(attributes),
    )


def _prices(record: Mapping[str, Any]) -> tuple[Money | None, Money | None]:
    """Return price and sale price."""
    currency = clean_text(record.get("currency")).upper() if "currency" in record else ""
    price = parse_price(record.get("price"), "price", currency)
    sale = record.get("sale_price")
    return price, None if sale is None else parse_price(sale, "sale_price", currency)


def _stock(value: Any) -> int | None:
    text = clean_text(value)
    try:
        return int(text) if text else None
    except ValueError as error:
        number = re.fullmatch(r"(-?\d{1,15})[.,]0{1,2}", text)
        if number:
            return int(number[1])
        raise RowError("quantity", f"{quoted(text)} is not a whole number") from error


def _google_category(record: Mapping[str, Any]) -> str:
    """Return Google's own category, unless the feed gives only its number."""
    path = category_path(record.get("google_product_category"))
    return "" if path.isdigit() else path


def _checked_gtins(value: Any, attributes: dict[str, AttributeValue]) -> tuple[str, ...]:
    """Return the GTINs whose check digit is right; the others become an attribute."""
    if not value:
        return ()
    codes = parse_gtins(value)
    right = tuple(filter(is_gtin, codes))
    if len(right) < len(codes):
        attributes[UNVERIFIED_GTIN] = tuple(code for code in codes if code not in right)
    return right


def _attributes(record: Mapping[str, Any]) -> dict[str, AttributeValue]:
    """Return the record's attributes, typed, the first `MAX_ATTRIBUTES` that say something."""
    raw: dict[str, Any] = {}
    nested = record.get("attributes") or {}
    if not isinstance(nested, Mapping):
        raise RowError("attributes", "is not an object of names and values")
    if details := record.get("product_detail"):
        raw.update(_details(details))
    if highlights := record.get("product_highlight"):
        raw["highlights"] = highlights
    raw.update((key, value) for key, value in record.items() if key not in _OWN_FIELDS)
    raw.update(nested)
    attributes: dict[str, AttributeValue] = {}
    left_out = 0
    for key, item in raw.items():
        if item is None or item == "":
            continue
        if len(attributes) == MAX_ATTRIBUTES:
            left_out += 1
        elif (value := parse_attribute(item)) not in ("", ()) and (
            name := attribute_name(str(key))
        ):
            attributes[name] = value
    if left_out:
        attributes[_LEFT_OUT] = Quantity(float(left_out))
    return attributes


def _details(value: Any) -> list[tuple[str, str]]:
    """Read product_detail: "section:name:value, ..." (section may be empty), or a list of objects.

    An object has `attribute_name` and `attribute_value`, as in Google's XML feeds.
    """
    if isinstance(value, Mapping):
        value = [value]
    entries = value if isinstance(value, list) else [value]
    parts: list[Sequence[Any]] = []
    for entry in entries:
        if isinstance(entry, Mapping):
            parts.append(("", entry.get("attribute_name"), entry.get("attribute_value")))
        else:
            split = re.split(r",(?=[^,:]*:[^,:]*:)", str(entry))
            parts += [triple.split(":", 2) for triple in split]
    return [(clean_text(part[1]), feed_text(part[2])) for part in parts if len(part) == 3]


def _variants(value: Any) -> tuple[Variant, ...]:
    """Return the variants of a record.

    Raises:
        RowError: they are no list, too many, or one of them has a fault.
    """
    if not value:
        return ()
    if not isinstance(value, list | tuple):
        raise RowError("variants", "is not a list of objects")
    if len(value) > MAX_VARIANTS:
        raise RowError(
            "variants", f"{len(value):,} are too many; at most {MAX_VARIANTS:,} are read"
        )
    variants: list[Variant] = []
    for at, item in enumerate(value):
        if isinstance(item, Variant):
            variants.append(item)
        elif not isinstance(item, Mapping):
            raise RowError(f"variants[{at}]", "is not an object")
        else:
            try:
                variants.append(parse_variant(item))
            except RowError as error:
                raise RowError(f"variants[{at}].{error.field}", error.reason) from error
    return tuple(variants)


def _cheapest(variants: Iterable[Variant]) -> tuple[Money | None, Money | None] | None:
    """Return price and sale price of the variant that costs least; None where none has any."""
    priced = [
        (paid.amount, at, one)
        for at, one in enumerate(variants)
        if (paid := one.sale_price or one.price) is not None
    ]
    if not priced:
        return None
    _, _, cheapest = min(priced, key=lambda item: item[:2])
    return cheapest.price, cheapest.sale_price


def _together(variants: Iterable[Variant]) -> str:
    """Return the stock state of a product of such variants: in stock where one of them is."""
    states = [one.availability for one in variants if one.availability]
    return "in_stock" if "in_stock" in states else next(iter(states), "")


def _total(variants: Sequence[Variant]) -> int | None:
    counts = [one.quantity for one in variants if one.quantity is not None]
    return sum(counts) if len(counts) == len(variants) else None


def _name_options(variants: Iterable[Variant], attributes: dict[str, AttributeValue]) -> None:
    """Enter every option of the variants in the product's attributes: size is S, M, L."""
    options: dict[str, dict[AttributeValue, None]] = {}
    for variant in variants:
        for name, value in variant.attributes.items():
            if name != UNVERIFIED_GTIN:
                options.setdefault(name, {})[value] = None
    for name, values in options.items():
        first, *more = values
        attributes[name] = tuple(map(render_value, values)) if more else first
