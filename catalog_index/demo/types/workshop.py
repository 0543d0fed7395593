"""Tools, garden and cycling: cordless drills, garden hoses, bicycle helmets."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    by,
    flag,
    maybe,
    number,
    pick,
    scaled,
    when,
)

DRILLS = ProductType(
    code="CD",
    path="Tools > Power Tools > Cordless Drills",
    brands={"Borrison": 1.2, "Haldwerk": 1.0, "Nutley Tools": 0.8},
    names="Torc, Auger, Badger, Anvil, Rivet, Mastiff, Spindle, Gimlet, Dowel, Lathe",
    seconds=", Compact, Impact",
    vary=("batteries included",),
    attributes={
        "voltage": when("second=Compact", among("V", 10.8, 12), among("V", 18, 20)),
        "maximum torque": when(
            "voltage>=18", among("Nm", 50, 60, 75, 90, 120), among("Nm", 28, 32, 38, 42)
        ),
        "motor": pick("brushless", "brushed"),
        "speeds": among("speeds", 2),
        "maximum speed": when(
            "motor=brushless", among("rpm", 1700, 1900, 2100), among("rpm", 1300, 1450, 1500)
        ),
        "hammer function": when("second=Impact", flag(1.0), flag(0.2)),
        "chuck size": when("voltage>=18", among("mm", 13), among("mm", 10)),
        "torque settings": among("settings", 15, 18, 20, 21),
        "batteries included": among("", 0, 1, 2),
        "battery capacity": when("batteries included>=1", among("Ah", 1.5, 2, 4, 5)),
        "charging time": when(
            "batteries included>=1", scaled("battery capacity", 22, 10, 5, "min")
        ),
        "charger included": when("batteries included>=1", flag(1.0), flag(0.0)),
        "case": when(
            "batteries included>=1", pick("stackable case", "soft bag", "hard case"), pick("none")
        ),
        "led light": flag(0.9),
        "drilling in wood": scaled("maximum torque", 0.35, 18, 5, "mm"),
        "weight": when("voltage>=18", number(1.2, 1.9, 0.1, "kg"), number(0.8, 1.1, 0.1, "kg")),
        "noise level": maybe(0.6, among("dB", 72, 76, 84, 92)),
    },
    titles=(
        "[batteries included>=1] {brand} {model} Cordless Drill, {voltage:raw}, {batteries "
        "included} x {battery capacity:raw}",
        "[batteries included<=0] {brand} {model} Cordless Drill, {voltage:raw}, Bare Tool",
    ),
    copy="""
        - [batteries included<=0] Already own the {voltage} batteries? The {brand} {model} comes as
          a bare tool.
        - [second=Compact] Into the cupboard, over the head, behind the sink: the {model} is short
          and weighs {weight}.
        - [hammer function] Brick is no obstacle, as the {brand} {model} drills with a hammer
          function.
        - [motor=brushless] The brushless motor of the {model} runs longer and wears less.
        - [maximum torque>=90] With {maximum torque} of torque, the {brand} {model} drives long
          screws to the head.
        - Shelves, decking, flat-pack furniture: the {brand} {model} has {voltage} for them all.

        - Maximum torque is {maximum torque}, adjustable in {torque settings}.
        - It tightens with up to {maximum torque}.

        - [hammer function] The hammer function helps with brick and light masonry.
        - [!hammer function] It has no hammer function, so it is for wood, metal and plastic.

        - [batteries included>=1] Batteries in the box: {batteries included}, at {battery capacity}
          each.
        - [batteries included<=0] Batteries and charger are not included.

        - [charger included] The charger fills a battery in {charging time}.
        - [!charger included] A charger of the same series is needed.

        - In wood it drills holes of up to {drilling in wood}.
        - The chuck takes bits of up to {chuck size}.

        - [led light] An LED lights the work.
        - [!led light] It has no work light.

        - [motor=brushed] The motor is brushed, simple and cheap to repair.
        - [motor=brushless] A brushless motor turns it at up to {maximum speed}.
        - The spindle turns at up to {maximum speed} in two gears.

        - [case!=none] It comes in a {case}.
        - [case=none] There is no case.

        - Without battery it weighs {weight}.
        - At {noise level}, ear protection is a good idea.
        - The voltage is {voltage}, shared across the {brand} series.
    """,
    price=lambda f: (
        22
        + 0.55 * f.number("maximum torque")
        + 24 * f.holds("motor=brushless")
        + 14 * f.holds("hammer function")
        + f.number("batteries included") * (12 + 7 * f.number("battery capacity"))
        + 14 * f.holds("charger included")
        + 8 * f.holds("case=stackable case")
    ),
    returns="standard",
    warranty=36,
)

HOSES = ProductType(
    code="GH",
    path="Garden > Watering > Garden Hoses",
    brands={"Greenwold": 1.1, "Rillwater": 1.0, "Potter's Yard": 0.85},
    names="Adder, Stream, Coil, Vine, Meander, Sprinkle, Tendril, Willowherb, Gush, Dewpond",
    seconds=", Flex, Reel",
    vary=("length",),
    attributes={
        "length": among("m", 10, 15, 20, 25, 30, 50),
        "diameter": pick("1/2 inch (13 mm)", "3/4 inch (19 mm)", weights=(4, 1)),
        "hose type": by(
            "second", {"": pick("reinforced", "soaker"), "Flex": "expanding", "Reel": "reinforced"}
        ),
        "material": by(
            "hose type",
            {
                "reinforced": pick("PVC with textile braid", "phthalate-free PVC", "rubber"),
                "soaker": "recycled rubber",
                "expanding": "latex core with fabric sleeve",
            },
        ),
        "burst pressure": by(
            "hose type",
            {"reinforced": among("bar", 20, 25, 30, 35), "expanding": among("bar", 8, 10, 12)},
        ),
        "frost resistant": by(
            "hose type", {"reinforced": flag(0.6), "soaker": flag(0.4), "expanding": flag(0.0)}
        ),
        "kink resistant": by("hose type", {"reinforced": flag(0.75), "expanding": flag(1.0)}),
        "uv resistant": flag(0.8),
        "drinking water safe": maybe(0.7, flag(0.2)),
        "reel included": when("second=Reel", flag(1.0), flag(0.0)),
        "wall mounting": when("reel included", flag(0.6)),
        "spray nozzle included": when("hose type=soaker", flag(0.0), flag(0.6)),
        "connectors included": flag(0.7),
        "weight": by(
            "hose type",
            {
                "reinforced": scaled("length", 0.15, 0.3, 0.1, "kg"),
                "soaker": scaled("length", 0.12, 0.2, 0.1, "kg"),
                "expanding": scaled("length", 0.045, 0.2, 0.05, "kg"),
            },
        ),
        "colour": pick("forest green", "olive", "teal", "black", "orange"),
        "made in": maybe(0.6, pick("Italy", "Germany", "Poland")),
    },
    titles=(
        "{brand} {model} Garden Hose, {length:raw}",
        "[hose type=soaker] {brand} {model} Soaker Hose, {length:raw}",
        "[reel included] {brand} {model} Garden Hose with Reel, {length:raw}",
        "[hose type=expanding] {brand} {model} Expanding Hose, {length:raw}",
    ),
    copy="""
        - [hose type=expanding] Turn the tap and the {model} grows to {length}; turn it off and it
          shrinks back.
        - [hose type=soaker] Laid along the bed, the {brand} {model} waters drop by drop, right at
          the roots.
        - [reel included] Wind it up and the path is clear: the {model} comes on its own reel.
        - [length>=30] From the tap to the far hedge, the {brand} {model} reaches {length}.
        - [length<=15] For terrace and front garden, {length} of the {model} are enough.
        - [hose type=reinforced] A braid inside keeps the {brand} {model} in shape under pressure.
        - The {brand} {model} in {colour} is a(n) {hose type} hose for thirsty gardens.

        - The diameter is {diameter}.
        - It measures {diameter} across and {length} in length.

        - [burst pressure] It withstands a burst pressure of {burst pressure}.
        - [hose type=soaker] It works at low pressure, so open the tap only a little.

        - [kink resistant] It resists kinks around corners.
        - [!kink resistant] It may kink at sharp corners, so lead it around them in a wide curve.

        - [frost resistant] Frost does it no harm.
        - [!frost resistant] It is not frost resistant and spends the winter indoors.

        - [uv resistant] It is UV resistant.
        - [!uv resistant] It is not UV resistant, so store it in the shade.

        - [drinking water safe] It is safe for drinking water.
        - [!drinking water safe] It is not meant for drinking water.

        - [spray nozzle included] A spray nozzle is included.
        - [!spray nozzle included] A spray nozzle is not included.

        - [connectors included] Connectors for the tap are in the pack.
        - [!connectors included] Connectors are not included and fit by a simple push.

        - [wall mounting] The reel mounts on the wall.
        - [!wall mounting] The reel stands on the ground and has no wall bracket.

        - It weighs {weight}.
        - The material is {material}.
        - [made in] It is made in {made in}.
    """,
    price=lambda f: (
        6
        + 0.85 * f.number("length")
        + 0.3 * f.number("burst pressure")
        + 26 * f.holds("reel included")
        + 5 * f.holds("spray nozzle included")
        + 3 * f.holds("connectors included")
        + 8 * f.holds("material=rubber")
    ),
    returns="standard",
    warranty=60,
)

HELMETS = ProductType(
    code="BH",
    path="Cycling > Protection > Bicycle Helmets",
    brands={"Quickholm": 1.2, "Domecap": 1.0, "Kestrel Lane": 0.9},
    names="Shell, Aero, Magpie, Boulevard, Gorge, Piccolo, Cycla, Vent, Loop, Acorn",
    seconds=", City, Kids",
    vary=("colour", "size"),
    attributes={
        "colour": pick("white", "black", "red", "mint", "navy", "lime"),
        "size": when("second=Kids", pick("XS", "S"), pick("S", "M", "L")),
        "head circumference": by(
            "size",
            {"XS": "46 to 51 cm", "S": "51 to 55 cm", "M": "55 to 59 cm", "L": "59 to 63 cm"},
        ),
        "riding style": by(
            "second",
            {"": pick("road", "mountain bike", "all-round"), "City": "city", "Kids": "children"},
        ),
        "rotational protection": flag(0.45),
        "construction": pick("in-mould", "hardshell"),
        "vents": among("vents", 8, 10, 12, 16, 18, 22),
        "rear light": when("second=City", flag(0.7), flag(0.3)),
        "light run time": when("rear light", among("h", 5, 8, 10)),
        "visor": by(
            "riding style",
            {
                "road": flag(0.0),
                "mountain bike": flag(1.0),
                "all-round": flag(0.4),
                "city": flag(0.3),
                "children": flag(0.4),
            },
        ),
        "magnetic buckle": flag(0.4),
        "insect net": maybe(0.8, flag(0.5)),
        "washable pads": flag(0.9),
        "reflectors": maybe(0.7, flag(0.6)),
        "e-bike certified": maybe(0.7, flag(0.2)),
        "weight": when(
            "construction=hardshell", number(340, 430, 5, "g"), number(230, 320, 5, "g")
        ),
        "standard": pick("EN 1078"),
    },
    titles=(
        "{brand} {model} Bicycle Helmet, {colour:title}, Size {size}",
        "[riding style=children] {brand} {model} Children's Bicycle Helmet, {colour:title}, {size}",
        "[riding style=mountain bike] {brand} {model} Mountain Bike Helmet, {colour:title}, {size}",
        "[rear light] {brand} {model} Bicycle Helmet with Rear Light, {colour:title}, {size}",
    ),
    copy="""
        - [riding style=children] First rides and first falls: the {brand} {model} is made for
          children.
        - [riding style=city] To the office, to the market, home in the dark: the {model} is a
          helmet for the city.
        - [riding style=mountain bike] Low at the back and with a visor in front, the {brand}
          {model} is shaped for trails.
        - [riding style=road] Air rushes through {vents} as you speed up in the {model}.
        - [weight<=260] You notice {weight} only on the scale: the {brand} {model} is a light
          helmet.
        - [rear light] Drivers behind you see the rear light of the {model} long before they see
          you.
        - The {brand} {model} in {colour} is a bicycle helmet with {vents}.

        - [rotational protection] An inner layer adds rotational protection.
        - [!rotational protection] It has no extra rotational protection.

        - [rear light] The rear light runs for {light run time}.
        - [!rear light] A rear light is not fitted.

        - [visor] A visor shades the eyes.
        - [!visor] It has no visor.

        - [magnetic buckle] The magnetic buckle closes with one hand, gloves on.
        - [!magnetic buckle] The buckle is an ordinary click buckle, not a magnetic one.

        - [insect net] A net in front keeps insects out.
        - [!insect net] There is no insect net.

        - [washable pads] The pads come out for washing.
        - [!washable pads] The pads are glued in and not washable.

        - [reflectors] Reflectors help others to see you at night.
        - [!reflectors] It has no reflectors.

        - [e-bike certified] It is certified for fast e-bikes.
        - [!e-bike certified] It is not certified for fast e-bikes.

        - Size {size} fits heads of {head circumference}.
        - A dial at the back adjusts the fit within {head circumference}.

        - It meets {standard} and weighs {weight}.
        - Its {construction} shell has {vents} and weighs {weight}.
    """,
    price=lambda f: (
        28
        + 22 * f.holds("rotational protection")
        + 10 * f.holds("rear light")
        + 8 * f.holds("magnetic buckle")
        + 10 * f.holds("construction=in-mould")
        + 6 * f.holds("visor")
        + 25 * f.holds("e-bike certified")
        - 8 * f.holds("riding style=children")
    ),
    returns="standard",
    warranty=24,
    largest_group=4,
)

TYPES = (DRILLS, HOSES, HELMETS)
