"""The demo's product types, as data: one module for each department of the shop."""

from catalog_index.demo.dsl import ProductType
from catalog_index.demo.types import (
    apparel,
    baby,
    care,
    cookware,
    electronics,
    footwear,
    furnishing,
    gadgets,
    grocery,
    kitchen,
    outdoors,
    paper,
    pets,
    textiles,
    travel,
    workshop,
)

PRODUCT_TYPES: tuple[ProductType, ...] = (
    *electronics.TYPES,
    *gadgets.TYPES,
    *kitchen.TYPES,
    *cookware.TYPES,
    *apparel.TYPES,
    *footwear.TYPES,
    *furnishing.TYPES,
    *textiles.TYPES,
    *paper.TYPES,
    *baby.TYPES,
    *care.TYPES,
    *grocery.TYPES,
    *pets.TYPES,
    *outdoors.TYPES,
    *travel.TYPES,
    *workshop.TYPES,
)
