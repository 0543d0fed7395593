"""Footwear: running shoes and hiking boots."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    by,
    flag,
    maybe,
    number,
    pick,
    when,
)

_SIZE = by(
    "gender",
    {
        "women": among("EU", 36, 37, 38, 39, 40, 41, 42),
        "men": among("EU", 40, 41, 42, 43, 44, 45, 46),
        "unisex": among("EU", 37, 38, 39, 40, 41, 42, 43, 44, 45),
    },
)

RUNNING_SHOES = ProductType(
    code="RS",
    path="Footwear > Sports Shoes > Running Shoes",
    brands={"Quickholm": 1.2, "Fleetmark": 1.0, "Trailhollow": 1.1},
    names="Swift, Tarmac, Relay, Kestrel, Pacer, Hare, Momentum, Lark, Vector, Mileage",
    seconds=", 2, Trail",
    vary=("colour", "size"),
    attributes={
        "colour": pick("black", "white", "coral", "light blue", "lime", "navy"),
        "gender": pick("men", "women", "unisex"),
        "size": _SIZE,
        "terrain": when("second=Trail", pick("trail"), pick("road")),
        "drop": among("mm", 0, 4, 6, 8, 10),
        "weight per shoe": number(195, 320, 5, "g"),
        "cushioning": pick("soft", "balanced", "firm"),
        "midsole material": pick("EVA foam", "nitrogen-infused foam", "PEBA foam"),
        "carbon plate": when(
            "terrain=road", when("midsole material=PEBA foam", flag(0.6), flag(0.0)), flag(0.0)
        ),
        "upper material": pick("recycled mesh", "engineered knit", "ripstop mesh"),
        "lug depth": when("terrain=trail", among("mm", 3, 4, 5)),
        "waterproof": when("terrain=trail", flag(0.3), maybe(0.5, flag(0.0))),
        "reflective details": flag(0.6),
        "removable insole": maybe(0.8, flag(0.85)),
        "arch support": pick("neutral", "stability", weights=(3, 1)),
        "vegan": maybe(0.8, flag(0.8)),
        "width": pick("standard", "wide", weights=(4, 1)),
    },
    titles=(
        "[gender=women] {brand} {model} Women's Running Shoes, {colour:title}, EU {size:number}",
        "[gender=men] {brand} {model} Men's Running Shoes, {colour:title}, EU {size:number}",
        "[gender=unisex] {brand} {model} Running Shoes, {colour:title}, EU {size:number}",
    ),
    copy="""
        - [terrain=trail] Roots, gravel, wet leaves: lugs {lug depth} deep give the {model} its grip
          off the road.
        - [carbon plate] A carbon plate in the midsole makes the {brand} {model} a shoe for race
          day.
        - [cushioning=soft] Easy miles feel easier on the soft midsole of the {model}.
        - [weight per shoe<=230] At {weight per shoe} a shoe, the {brand} {model} is made for quick
          feet.
        - [terrain=road] Built for pavements and park paths, the {brand} {model} is a road shoe with
          {cushioning} cushioning.
        - The {brand} {model} in {colour} is a running shoe that keeps its promises simple: fit,
          grip and {cushioning} cushioning.
        - [drop<=0] With no height difference between heel and toe, the {model} lets the foot work
          as it was made to.

        - [drop>=4] The drop from heel to toe is {drop}.
        - [drop<=0] The drop is {drop}; take time to get used to it.

        - The midsole is {midsole material}.
        - Underfoot works a midsole of {midsole material}, tuned for {cushioning} cushioning.

        - [waterproof] A waterproof membrane keeps puddles out.
        - [!waterproof] It is not waterproof, and dries all the faster for it.

        - [reflective details] Reflective details show up in headlights.
        - [!reflective details] It carries no reflective details, so add a vest after dark.

        - [arch support=stability] Extra support on the inner side steadies feet that roll inwards.
        - [arch support=neutral] Support is neutral, for feet that roll normally.

        - [removable insole] The insole comes out to make room for your own.
        - [!removable insole] The insole is glued in and not removable.

        - [vegan] It is vegan, glue included.
        - [!vegan] The glue is of animal origin, so the shoe is not vegan.

        - The upper of {upper material} breathes well and weighs little.
        - Its {upper material} upper follows the foot.

        - [width=wide] The last is wide, which broader forefeet will welcome.
        - [width=standard] It runs on a standard-width last.

        - One shoe weighs {weight per shoe}.
        - This pair is {colour}, in European size {size:number}.
    """,
    price=lambda f: (
        62
        + 30 * f.holds("midsole material=PEBA foam")
        + 14 * f.holds("midsole material=nitrogen-infused foam")
        + 60 * f.holds("carbon plate")
        + 20 * f.holds("waterproof")
        + 8 * f.holds("terrain=trail")
    ),
    returns="fashion",
    warranty=24,
    largest_group=4,
)

HIKING_BOOTS = ProductType(
    code="HB",
    path="Footwear > Outdoor Shoes > Hiking Boots",
    brands={"Skarvik": 1.2, "Oldernwald": 1.25, "Fleetmark": 0.85},
    names="Ridge, Col, Moraine, Larchway, Tor, Bergen, Screebank, Gully, Ibex, Trig",
    seconds=", Mid, GT",
    vary=("colour", "size"),
    attributes={
        "colour": pick("brown", "slate grey", "olive", "black", "sand"),
        "gender": pick("men", "women"),
        "size": _SIZE,
        "upper material": pick(
            "full-grain leather", "suede and mesh", "recycled textile", "nubuck"
        ),
        "waterproof": flag(0.7),
        "membrane": when("waterproof", pick("PFC-free membrane", "ePTFE membrane")),
        "vegan": when("upper material=recycled textile", flag(0.7), flag(0.0)),
        "height": pick("ankle", "above ankle"),
        "sole": pick("grippy rubber", "soft mountain rubber", "stiff rubber with heel brake"),
        "resoleable": when("upper material=full-grain leather|nubuck", flag(0.7), flag(0.0)),
        "crampon compatible": when(
            "sole=stiff rubber with heel brake", maybe(0.8, flag(0.5)), maybe(0.5, flag(0.0))
        ),
        "weight per boot": by(
            "upper material",
            {
                "full-grain leather": number(620, 780, 10, "g"),
                "nubuck": number(580, 720, 10, "g"),
                "suede and mesh": number(440, 560, 10, "g"),
                "recycled textile": number(420, 540, 10, "g"),
            },
        ),
        "best for": by(
            "sole",
            {
                "grippy rubber": "forest paths and day walks",
                "soft mountain rubber": "mountain paths and hut tours",
                "stiff rubber with heel brake": "long tours with a heavy pack",
            },
        ),
        "lacing": pick("hooks and eyelets", "quick-pull lacing"),
        "lining": pick("textile", "leather", "wool felt"),
        "made in": maybe(0.8, pick("Italy", "Romania", "Vietnam", "Slovenia")),
    },
    titles=(
        "[gender=women] {brand} {model} Women's Hiking Boots, {colour:title}, EU {size:number}",
        "[gender=men] {brand} {model} Men's Hiking Boots, {colour:title}, EU {size:number}",
        "[waterproof] {brand} {model} Waterproof Hiking Boots, {colour:title}, EU {size:number}",
    ),
    copy="""
        - [sole=stiff rubber with heel brake] Heavy pack, long descent: the {brand} {model} has the
          stiff sole for it.
        - [sole=grippy rubber] For Sunday walks that turn out longer than planned, the {model} is
          light on its feet.
        - [sole=soft mountain rubber] Between hut and summit, the {brand} {model} finds its footing.
        - [upper material=full-grain leather] Full-grain leather ages with its owner, and the
          {model} has many years to do so.
        - [waterproof] Streams and wet grass stay outside: the {brand} {model} is waterproof.
        - [vegan] No leather anywhere: the {model} is a hiking boot made from recycled textile.
        - The {brand} {model} in {colour} is a boot for {best for}.

        - [waterproof] A(n) {membrane} keeps the water out and lets vapour through.
        - [waterproof] It is waterproof thanks to its {membrane}.
        - [!waterproof] Without a membrane it is not waterproof, but it breathes well in summer.

        - [height=above ankle] The shaft rises above the ankle and steadies it on scree.
        - [height=ankle] It ends at the ankle and leaves the joint free to move.

        - [resoleable] When the tread is gone, a cobbler can resole it.
        - [!resoleable] The sole is moulded on and cannot be replaced.

        - [crampon compatible] Strap-on crampons fit.
        - [!crampon compatible] It is not meant for crampons.

        - One boot weighs {weight per boot}.
        - With {weight per boot} a boot, it sits in the usual range of its class.

        - Made for {best for}.
        - It is at its best on {best for}.

        - The upper is {upper material}, and the lining is {lining}.
        - Inside, a {lining} lining takes care of comfort.

        - [lacing=quick-pull lacing] Quick-pull lacing closes it with one hand.
        - [lacing=hooks and eyelets] Hooks and eyelets let you lace heel and shaft with different
          tension.

        - The sole is {sole}.
        - [made in] Made in {made in}.

        - [vegan] It is vegan throughout.
        - [!vegan; upper material=recycled textile] The upper is textile, but the glue is not vegan.
        - [upper material!=recycled textile] Clean it with a brush and care for the {upper material}
          with wax.

        - This pair comes in {colour}, European size {size:number}.
    """,
    price=lambda f: (
        78
        + 55 * f.holds("upper material=full-grain leather|nubuck")
        + 30 * f.holds("waterproof")
        + 30 * f.holds("sole=stiff rubber with heel brake")
        + 20 * f.holds("resoleable")
    ),
    returns="fashion",
    warranty=24,
    largest_group=4,
)

TYPES = (RUNNING_SHOES, HIKING_BOOTS)
