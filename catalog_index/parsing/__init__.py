"""Text of a feed's cells to typed values, and records to `Product`: what all readers share.

`text` cleans, `markup` takes HTML out, `values` reads prices, codes and attributes, `records` makes
products of records keyed by Google's product data field names. Knows no file format.
"""

from catalog_index.parsing.records import MAX_ATTRIBUTES, parse_product, parse_variant
from catalog_index.parsing.text import clean_path, clean_text, feed_text, quoted
from catalog_index.parsing.values import (
    UNVERIFIED_GTIN,
    attribute_name,
    category_path,
    checked_money,
    is_gtin,
    parse_attribute,
    parse_availability,
    parse_gtins,
    parse_price,
)

__all__ = [
    "MAX_ATTRIBUTES",
    "UNVERIFIED_GTIN",
    "attribute_name",
    "category_path",
    "checked_money",
    "clean_path",
    "clean_text",
    "feed_text",
    "is_gtin",
    "parse_attribute",
    "parse_availability",
    "parse_gtins",
    "parse_price",
    "parse_product",
    "parse_variant",
    "quoted",
]
