"""Cookware and tableware: frying pans and mugs."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    by,
    flag,
    maybe,
    pick,
    scaled,
    when,
)

FRYING_PANS = ProductType(
    code="FP",
    path="Kitchen > Cookware > Frying Pans",
    brands={"Brantwick": 1.15, "Ferrandale": 1.25, "Pellworth": 0.8},
    names="Hearth, Sizzle, Forge, Gratin, Marmot, Ostler, Copperline, Saute, Ashby, Skerry",
    seconds=", Chef, Daily",
    vary=("diameter",),
    attributes={
        "diameter": among("cm", 20, 24, 26, 28, 30),
        "material": pick("cast iron", "stainless steel", "aluminium", "carbon steel"),
        "coating": by(
            "material",
            {
                "aluminium": pick("ceramic non-stick", "PTFE non-stick"),
                "stainless steel": maybe(0.35, pick("PTFE non-stick")),
            },
        ),
        "pre-seasoned": when("material=cast iron|carbon steel", flag(0.7)),
        "induction compatible": when("material=aluminium", flag(0.6), flag(1.0)),
        "oven safe": when("coating", flag(0.7), flag(1.0)),
        "oven safe up to": when(
            "oven safe", when("coating", among("°C", 180, 200, 220), among("°C", 250, 260, 280))
        ),
        "dishwasher safe": when(
            "material=cast iron|carbon steel", flag(0.0), maybe(0.9, flag(0.6))
        ),
        "metal utensils allowed": when("coating", flag(0.0), flag(1.0)),
        "handle": by(
            "material",
            {
                "cast iron": "cast iron",
                "stainless steel": "riveted stainless steel",
                "carbon steel": "riveted steel",
                "aluminium": pick("beech wood", "soft-grip plastic", "riveted stainless steel"),
            },
        ),
        "pouring lip": maybe(0.8, flag(0.4)),
        "lid included": flag(0.25),
        "base thickness": among("mm", 3, 4, 4.5, 5),
        "weight": by(
            "material",
            {
                "cast iron": scaled("diameter", 0.15, -1.7, 0.05, "kg"),
                "carbon steel": scaled("diameter", 0.095, -1.0, 0.05, "kg"),
                "stainless steel": scaled("diameter", 0.07, -0.6, 0.05, "kg"),
                "aluminium": scaled("diameter", 0.055, -0.5, 0.05, "kg"),
            },
        ),
        "made in": maybe(0.7, pick("France", "Germany", "Italy", "Portugal")),
    },
    titles=(
        "{brand} {model} {material:title} Frying Pan, {diameter:raw}",
        "{brand} {model} Frying Pan, {material:title}, {diameter:raw}",
        "[coating] {brand} {model} Non-Stick Frying Pan, {diameter:raw}",
    ),
    copy="""
        - [material=cast iron] Cast iron takes its time to heat and then keeps it: the {model} sears
          a steak as it should be seared.
        - [material=carbon steel] Lighter than cast iron and just as fond of high heat, the {brand}
          {model} is carbon steel through and through.
        - [coating] Pancakes, eggs, fish: whatever tends to stick slides off the {coating} coating
          of the {model}.
        - [material=stainless steel] Golden crusts and good pan sauces are what the stainless steel
          {model} does best.
        - [diameter>=28] With {diameter} across, the {brand} {model} cooks for the family in one go.
        - [diameter<=20] Breakfast for one: the {model} measures {diameter} and heats in no time.
        - The {brand} {model} is a {diameter} pan of {material} made for everyday cooking.

        - [induction compatible] It works on every hob, induction included.
        - [induction compatible] The base suits induction, gas, ceramic and electric hobs.
        - [!induction compatible] Please note that it does not work on induction hobs.

        - [oven safe] It may go into the oven at up to {oven safe up to}.
        - [oven safe] Start on the hob and finish in the oven, where it takes up to {oven safe up
          to}.
        - [!oven safe] It is not meant for the oven.

        - [dishwasher safe] The pan is dishwasher safe, though washing by hand keeps it handsome for
          longer.
        - [!dishwasher safe; coating] It is not dishwasher safe; warm water and a soft sponge are
          all that it needs.
        - [!dishwasher safe; pre-seasoned] Keep it out of the dishwasher, which is not kind to the
          seasoning: rinse, dry, and wipe with a little oil.

        - [metal utensils allowed] Metal utensils do it no harm.
        - [!metal utensils allowed] Use wood or silicone, as metal utensils are not suitable for the
          coating.

        - [pre-seasoned] It arrives pre-seasoned and ready for the first meal.
        - [!pre-seasoned] It is not seasoned in the factory; a short guide explains how to do it at
          home.

        - [lid included] A matching lid is included.
        - [!lid included] The lid is sold separately and is not part of the set.

        - [pouring lip] A pouring lip on the rim makes gravy a tidy affair.
        - [!pouring lip] The rim is plain, without a pouring lip.

        - The handle is {handle}, long enough to keep your hand away from the heat.
        - You hold it by a handle of {handle}.

        - The base is {base thickness} thick and spreads the heat evenly.
        - It weighs {weight} and measures {diameter} across the rim.
        - Made in {made in}, it weighs {weight}.
    """,
    price=lambda f: (
        {"cast iron": 12, "carbon steel": 14, "stainless steel": 22, "aluminium": 6}[
            str(f["material"])
        ]
        + 1.1 * f.number("diameter")
        + 4 * f.holds("coating")
        + 9 * f.holds("lid included")
        + 3 * f.holds("induction compatible")
    ),
    returns="standard",
    warranty=60,
)


MUGS = ProductType(
    code="MG",
    path="Kitchen > Tableware > Mugs",
    brands={"Hollomere": 1.0, "Claypoole": 1.2, "Brindlewood": 0.9},
    names=(
        "Dapple, Hearthside, Pebbledash, Wren, Cobble, Saltmarsh, Inkwell, Thrift, Bramley,"
        " Moorland, Dove, Kiln"
    ),
    seconds=", II, Studio",
    vary=("colour",),
    attributes={
        "colour": pick("white", "sage green", "navy", "terracotta", "mustard", "charcoal"),
        "material": pick("stoneware", "porcelain", "bone china", "enamelled steel"),
        "capacity": among("ml", 220, 280, 330, 350, 400, 450),
        "glaze": when(
            "material=stoneware",
            pick("reactive", "matte", "speckled"),
            when("material!=enamelled steel", pick("gloss", "matte")),
        ),
        "gold rim": when("material=porcelain|bone china", flag(0.25), flag(0.0)),
        "microwave safe": when(
            "gold rim", flag(0.0), when("material=enamelled steel", flag(0.0), flag(1.0))
        ),
        "dishwasher safe": when("gold rim", flag(0.0), flag(0.85)),
        "handmade": when("material=stoneware", flag(0.5), maybe(0.6, flag(0.0))),
        "handle": pick("large, for a whole hand", "classic, for two fingers"),
        "stackable": flag(0.4),
        "height": scaled("capacity", 0.06, 72, 1, "mm"),
        "diameter": scaled("capacity", 0.05, 67, 1, "mm"),
        "weight": scaled("capacity", 0.6, 140, 5, "g"),
        "pieces": among("pieces", 1, 2, 4, 6),
        "made in": maybe(0.7, pick("Portugal", "Poland", "England", "Czechia")),
    },
    titles=(
        "[pieces<=1] {brand} {model} {material:title} Mug, {capacity:raw}, {colour:title}",
        "[pieces>=2] {brand} {model} Mugs, Set of {pieces:number}, {material:title}, "
        "{colour:title}",
        "[pieces<=1] {brand} {model} Mug, {colour:title}, {capacity:raw}",
    ),
    copy="""
        - [capacity>=400] Some mornings call for a big mug, and the {model} holds {capacity}.
        - [capacity<=280] For a flat white or an afternoon tea: the {brand} {model} holds
          {capacity}.
        - [handmade] Each {model} is made by hand, so no two look quite alike.
        - [material=enamelled steel] By the campfire or the kitchen sink, the {model} of enamelled
          steel shrugs off knocks.
        - [material=bone china] Thin, light and bright, the {brand} {model} is bone china for every
          day.
        - A {colour} mug of {material} with room for {capacity}: the {brand} {model} is made for the
          favourite spot on the shelf.
        - [material=stoneware] The {brand} {model} is sturdy stoneware in {colour}.

        - [dishwasher safe] It is dishwasher safe.
        - [dishwasher safe] After breakfast it goes into the dishwasher with everything else.
        - [!dishwasher safe] Wash it by hand, for it is not dishwasher safe.

        - [microwave safe] It is microwave safe for reheating a forgotten cup.
        - [!microwave safe; gold rim] The gold rim means that it is not microwave safe.
        - [!microwave safe; material=enamelled steel] Being steel, it is not microwave safe.

        - [gold rim] A fine gold rim catches the light.
        - [!gold rim; material=porcelain|bone china] The rim is plain, without gold.

        - [glaze=reactive] The reactive glaze pools and breaks over the edges in the kiln.
        - [glaze=speckled] A speckled glaze shows the clay beneath.
        - [glaze=matte] The matte glaze feels soft to the touch.
        - [glaze=gloss] A gloss glaze wipes clean in a moment.

        - [stackable] The mugs stack, which saves shelf space.
        - [!stackable] Its rounded shape is not made for stacking.

        - [handle=large, for a whole hand] The handle is large enough for a whole hand.
        - [handle=classic, for two fingers] The handle is a classic one for two fingers.

        - It stands {height} tall with a diameter of {diameter}.
        - With {diameter} across, it fits under most coffee machines that leave {height} of room.
        - Each one weighs {weight}.

        - [pieces>=2] The set holds {pieces} in the same colour.
        - [pieces<=1] It is sold singly, so you may mix colours as you like.

        - [made in] It is fired and finished in {made in}.
    """,
    price=lambda f: (
        (
            5
            + 0.012 * f.number("capacity")
            + 3 * f.holds("handmade")
            + 4 * f.holds("gold rim")
            + 3 * f.holds("material=bone china")
        )
        * f.number("pieces") ** 0.9
    ),
    returns="standard",
)


TYPES = (
    FRYING_PANS,
    MUGS,
)
