"""Kitchen appliances: kettles and espresso machines."""

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

KETTLES = ProductType(
    code="KT",
    path="Kitchen > Small Appliances > Electric Kettles",
    brands={"Brantwick": 1.1, "Hollomere": 1.0, "Pellworth": 0.85},
    names="Brisk, Fenwater, Cumulus, Steamlet, Quillon, Morgen, Larch, Boswell, Tarn, Piper",
    seconds=", 2, Temp",
    vary=("colour",),
    attributes={
        "colour": pick("black", "cream", "silver", "sage green", "red"),
        "capacity": among("l", 0.8, 1, 1.2, 1.5, 1.7),
        "power": among("W", 1500, 1800, 2200, 2400, 3000),
        "body material": pick("stainless steel", "glass", "plastic", "ceramic"),
        "temperature control": when("second=Temp", flag(1.0), flag(0.25)),
        "temperature settings": when("temperature control", among("settings", 4, 5, 6, 8)),
        "lowest temperature": when("temperature control", among("°C", 40, 50, 60, 70)),
        "keep warm": when("temperature control", flag(0.7), flag(0.1)),
        "spout": pick("wide", "gooseneck", weights=(3, 1)),
        "removable limescale filter": flag(0.75),
        "automatic shut-off": flag(1.0),
        "boil-dry protection": flag(1.0),
        "cordless base": flag(1.0),
        "double wall": when("body material=stainless steel", flag(0.5), maybe(0.3, flag(0.0))),
        "cable length": maybe(0.7, among("cm", 70, 75, 80, 90)),
        "weight": scaled("capacity", 0.42, 0.55, 0.05, "kg"),
    },
    titles=(
        "{brand} {model} Electric Kettle, {capacity:raw}, {colour:title}",
        "[temperature control] {brand} {model} Variable-Temperature Kettle, {capacity:raw},"
        " {colour:title}",
        "[spout=gooseneck] {brand} {model} Gooseneck Kettle, {capacity:raw}, {colour:title}",
        "{brand} {model} {capacity:raw} Kettle, {power:raw}, {colour:title}",
    ),
    copy="""
        - [temperature control] Green tea dislikes boiling water, and the {model} knows it: pick one
          of {temperature settings} and press start.
        - [power>=2400] In a hurry? {power} bring the {brand} {model} to the boil before the bread
          is sliced.
        - [capacity<=1] The {model} holds {capacity}, just right for a small kitchen or a desk with
          a socket.
        - [capacity>=1.5] Tea for the whole table: the {brand} {model} boils {capacity} at a time.
        - [body material=glass] Watch the bubbles rise through the glass body of the {brand}
          {model}.
        - [body material=ceramic] With its ceramic body in {colour}, the {model} looks more like a
          teapot than an appliance.
        - A kettle for daily use in {colour}, the {brand} {model} pairs a {body material} body with
          {power} of heat.

        - [temperature control] The lowest setting is {lowest temperature}, gentle enough for
          delicate leaves.
        - [temperature control] Its {temperature settings} start at {lowest temperature} and end at
          the boil.
        - [!temperature control] It heats straight to the boil; there is no temperature control.

        - [keep warm] Keep warm holds the water hot while you look for the biscuits.
        - [!keep warm] There is no keep-warm function, so pour soon after the click.

        - [spout=gooseneck] The gooseneck spout pours a thin, steady stream for filter coffee.
        - [spout=wide] The wide spout fills a pot or a hot-water bottle without dribbling.

        - [removable limescale filter] A limescale filter lifts out for rinsing.
        - [removable limescale filter] Hard water is no drama, since the limescale filter is
          removable.
        - [!removable limescale filter] It has no removable limescale filter; descale it now and
          then with citric acid.

        - [automatic shut-off; boil-dry protection] Automatic shut-off and boil-dry protection are
          standard.
        - [automatic shut-off] It switches itself off at the boil.

        - [double wall] The double wall stays cooler to the touch and keeps the water hot for
          longer.
        - [!double wall] The wall is single, so hold it by the handle only.

        - The cord of the base measures {cable length}.
        - [cordless base] The jug lifts off a cordless base and may be set down from either side.

        - Empty, it weighs {weight}.
        - It holds {capacity} and draws {power}.
        - A {weight} body of {body material} stands firmly on its base.
    """,
    price=lambda f: (
        16
        + 0.006 * f.number("power")
        + 6 * f.number("capacity")
        + 24 * f.holds("temperature control")
        + 8 * f.holds("spout=gooseneck")
        + 12 * f.holds("body material=ceramic|glass")
        + 9 * f.holds("double wall")
    ),
    returns="standard",
    warranty=36,
)


ESPRESSO_MACHINES = ProductType(
    code="EM",
    path="Kitchen > Coffee > Espresso Machines",
    brands={"Ferrandale": 1.3, "Hollomere": 1.0, "Caldovani": 1.15},
    names="Bellora, Corto, Portina, Alba, Vetta, Ristella, Mocaro, Lungara, Nerina, Cima",
    seconds=", Plus, Uno",
    vary=("colour",),
    attributes={
        "colour": pick("silver", "black", "cream", "red"),
        "machine type": pick("portafilter", "fully automatic"),
        "pump pressure": among("bar", 9, 15, 19),
        "water tank": among("l", 1, 1.2, 1.5, 1.8, 2),
        "removable tank": flag(0.9),
        "built-in grinder": when("machine type=fully automatic", flag(1.0), flag(0.3)),
        "grinder": when("built-in grinder", pick("conical steel burrs", "flat ceramic burrs")),
        "grind settings": when("built-in grinder", among("settings", 5, 8, 12, 15)),
        "milk frother": pick("steam wand", "automatic carafe", "none", weights=(5, 3, 1)),
        "boiler": pick("thermoblock", "single boiler", "dual boiler", weights=(5, 3, 1)),
        "heat-up time": by(
            "boiler",
            {
                "thermoblock": among("s", 25, 35, 45),
                "single boiler": among("s", 120, 180, 240),
                "dual boiler": among("s", 180, 240, 300),
            },
        ),
        "portafilter diameter": when("machine type=portafilter", among("mm", 51, 54, 58)),
        "pressure gauge": when("machine type=portafilter", flag(0.5), flag(0.0)),
        "power": among("W", 1350, 1450, 1600, 1850),
        "width": when(
            "machine type=fully automatic", among("cm", 24, 26, 28), among("cm", 15, 20, 25, 30)
        ),
        "cup warmer": maybe(0.8, flag(0.5)),
        "weight": scaled("width", 0.28, 0.3, 0.1, "kg"),
    },
    titles=(
        "[machine type=portafilter] {brand} {model} Espresso Machine, {pump pressure:raw}, "
        "{colour:title}",
        "[machine type=fully automatic] {brand} {model} Fully Automatic Coffee Machine, "
        "{colour:title}",
        "[built-in grinder] {brand} {model} Espresso Machine with Grinder, {colour:title}",
    ),
    copy="""
        - [machine type=portafilter] For those who enjoy the ritual, the {model} is a portafilter
          machine with {pump pressure} of pump pressure.
        - [machine type=fully automatic] Press once and wait: the {brand} {model} grinds, tamps and
          brews by itself.
        - [width<=20] Only {width} wide, the {model} finds room on the narrowest worktop.
        - [boiler=thermoblock] Mornings are short, so the {brand} {model} is ready after {heat-up
          time}.
        - [boiler=dual boiler] Two boilers let the {model} brew and steam at the same moment.
        - The {brand} {model} in {colour} brings the corner bar home, one small cup at a time.

        - [built-in grinder] Beans go through {grinder} with {grind settings}.
        - [built-in grinder] The built-in grinder works with {grinder}.
        - [!built-in grinder] It has no grinder of its own; use ground espresso or a separate mill.

        - [milk frother=steam wand] A steam wand textures milk for flat whites and cappuccinos.
        - [milk frother=automatic carafe] Milk foam comes from an automatic carafe that goes back
          into the fridge afterwards.
        - [milk frother=none] It makes black coffee only, without a milk frother.

        - The tank holds {water tank} of water.
        - [removable tank] The {water tank:-} tank lifts out for filling at the tap.
        - [!removable tank] The tank is filled from above, as it does not come off.

        - The {boiler} needs {heat-up time} to heat up.
        - [boiler!=dual boiler] Inside works a {boiler}, rated at {power}.

        - [pressure gauge] A gauge on the front shows the brewing pressure.
        - [!pressure gauge; machine type=portafilter] There is no pressure gauge, which keeps the
          front uncluttered.

        - The portafilter takes baskets of {portafilter diameter}.
        - With {portafilter diameter}, the portafilter suits common tampers and baskets.

        - [cup warmer] Cups warm up on top while the machine heats.
        - [!cup warmer] The top is not heated, so rinse the cups with hot water first.

        - It is {width} wide and weighs {weight}.
        - The machine weighs {weight} and draws {power}.
        - The pump builds up to {pump pressure}.
    """,
    price=lambda f: (
        110
        + 210 * f.holds("machine type=fully automatic")
        + 110 * f.holds("built-in grinder")
        + 90 * f.holds("milk frother=automatic carafe")
        + 260 * f.holds("boiler=dual boiler")
        + 25 * f.holds("pressure gauge")
        + 30 * f.number("water tank")
    ),
    returns="standard",
    warranty=36,
)


TYPES = (
    KETTLES,
    ESPRESSO_MACHINES,
)
