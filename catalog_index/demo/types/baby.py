"""Baby: baby carriers."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    flag,
    maybe,
    number,
    pick,
    several,
    when,
)

BABY_CARRIERS = ProductType(
    code="BC",
    path="Baby > On the Go > Baby Carriers",
    brands={"Kindelfarm": 0.9, "Nestaline": 1.2, "Bobbinbee": 1.0},
    names="Cuddle, Joey, Snug, Koala, Hoppla, Nestling, Tandem, Hug, Acorn, Robin",
    seconds=", Air, Grow",
    vary=("colour",),
    attributes={
        "colour": pick("slate grey", "navy", "sand", "sage green", "terracotta"),
        "carrier type": pick(
            "buckle carrier", "half-buckle carrier", "woven wrap", weights=(4, 2, 1)
        ),
        "material": when(
            "second=Air",
            pick("3D mesh", "linen and cotton"),
            pick("100% organic cotton", "100% cotton", "linen and cotton"),
        ),
        "minimum weight": among("kg", 3.2, 3.5, 4, 5.5),
        "maximum weight": among("kg", 15, 18, 20),
        "suitable from birth": when("minimum weight<=4", flag(1.0), flag(0.0)),
        "carry positions": when(
            "carrier type=woven wrap",
            several(2, 3, "front facing in", "hip", "back"),
            several(2, 4, "front facing in", "front facing out", "hip", "back"),
        ),
        "head support": flag(0.8),
        "padded hip belt": when("carrier type=woven wrap", flag(0.0), flag(0.8)),
        "adjustable seat": when("carrier type=woven wrap", maybe(0.3, flag(1.0)), flag(0.75)),
        "waist size": when(
            "carrier type!=woven wrap", pick("60 to 120 cm", "65 to 140 cm", "68 to 150 cm")
        ),
        "length": when("carrier type=woven wrap", among("m", 4.2, 4.6, 5.2)),
        "machine washable": flag(0.85),
        "washing": when("machine washable", pick("30 °C", "40 °C"), pick("hand wash")),
        "storage pocket": maybe(0.7, flag(0.4)),
        "hip-healthy certified": maybe(0.7, flag(0.8)),
        "weight": when(
            "carrier type=woven wrap", number(650, 850, 10, "g"), number(480, 780, 10, "g")
        ),
    },
    titles=(
        "{brand} {model} Baby Carrier, {colour:title}",
        "[carrier type=woven wrap] {brand} {model} Woven Baby Wrap, {colour:title}",
        "[suitable from birth] {brand} {model} Newborn Baby Carrier, {colour:title}",
    ),
    copy="""
        - [suitable from birth] From the first days at home, the {model} keeps your baby close.
        - [!suitable from birth] Once your baby weighs {minimum weight}, the {brand} {model} is
          ready for outings.
        - [carrier type=woven wrap] A wrap fits every body, and the {brand} {model} is {length} of
          soft cloth to tie as you like.
        - [carrier type=buckle carrier] Click, adjust, go: the {model} closes with buckles.
        - [carrier type=half-buckle carrier] Buckles at the waist, cloth over the shoulders: the
          {brand} {model} combines both ways to carry.
        - [material=3D mesh] Airy 3D mesh makes the {model} pleasant on warm days.
        - The {brand} {model} in {colour} leaves both hands free for everything else.

        - It carries children from {minimum weight} to {maximum weight}.
        - The weight range runs from {minimum weight} to {maximum weight}.

        - Carry positions: {carry positions}.
        - You may carry {carry positions}.

        - [head support] A head support steadies a sleeping baby.
        - [!head support] It has no separate head support.

        - [padded hip belt] The padded hip belt moves the load from shoulders to hips.
        - [!padded hip belt] It has no padded hip belt.

        - [adjustable seat] The seat adjusts as the child grows.
        - [!adjustable seat] The width of the seat is fixed.

        - [machine washable] It is machine washable at {washing}.
        - [!machine washable] It is not machine washable; wash it by hand.

        - The belt fits waists of {waist size}.
        - [carrier type=woven wrap] A printed guide shows how to tie it.

        - [storage pocket] A pocket holds keys or a dummy.
        - [!storage pocket] There is no storage pocket.

        - [hip-healthy certified] It is certified as hip-healthy.
        - [!hip-healthy certified] It is not certified as hip-healthy.

        - The fabric is {material}.
        - Made of {material}, it weighs {weight}.
    """,
    price=lambda f: (
        48
        + 22 * f.holds("carrier type=buckle carrier")
        + 16 * f.holds("material=100% organic cotton|3D mesh")
        + 14 * f.holds("padded hip belt")
        + 12 * f.holds("adjustable seat")
        + 10 * f.holds("hip-healthy certified")
    ),
    returns="standard",
    warranty=24,
)


TYPES = (BABY_CARRIERS,)
