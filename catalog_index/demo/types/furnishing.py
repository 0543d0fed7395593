"""Furniture and lighting: office chairs and desk lamps."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    flag,
    maybe,
    number,
    pick,
    scaled,
    when,
)

OFFICE_CHAIRS = ProductType(
    code="OC",
    path="Furniture > Office Furniture > Office Chairs",
    brands={"Sedelio": 1.3, "Arbeck": 1.0, "Hollin Lane": 0.8},
    names="Verve, Tilda, Axis, Perch, Lumbo, Studio, Ergona, Poise, Mesa, Clerk",
    seconds=", Plus, Net",
    vary=("colour",),
    attributes={
        "colour": pick("black", "slate grey", "navy", "forest green", "sand"),
        "backrest": when("second=Net", pick("mesh"), pick("upholstered", "mesh")),
        "seat material": when(
            "backrest=mesh",
            pick("wool-blend fabric", "recycled polyester", "mesh"),
            pick("wool-blend fabric", "recycled polyester", "vegan leather"),
        ),
        "seat height minimum": among("cm", 40, 42, 44, 45),
        "seat height maximum": among("cm", 51, 53, 55, 57),
        "maximum load": among("kg", 110, 120, 130, 150),
        "lumbar support": pick("fixed", "height-adjustable", "height- and depth-adjustable"),
        "armrests": pick("none", "fixed", "2D", "3D", "4D", weights=(1, 1, 2, 3, 2)),
        "headrest": flag(0.35),
        "synchronous tilt": flag(0.65),
        "seat depth adjustment": flag(0.5),
        "castors": pick("for hard floors", "for carpet"),
        "base material": pick("aluminium", "reinforced nylon"),
        "assembly required": flag(0.9),
        "assembly time": when("assembly required", among("min", 10, 15, 20, 30)),
        "weight": number(11, 22, 0.5, "kg"),
        "tested for": maybe(0.6, among("h", 8)),
    },
    titles=(
        "{brand} {model} Office Chair, {colour:title}",
        "[backrest=mesh] {brand} {model} Mesh Office Chair, {colour:title}",
        "[headrest] {brand} {model} Ergonomic Office Chair with Headrest, {colour:title}",
    ),
    copy="""
        - [backrest=mesh] Air moves freely through the mesh back of the {model}, which long summer
          meetings will show.
        - [headrest] Lean back and the {brand} {model} supports you up to the head.
        - [synchronous tilt] Seat and back of the {model} move together, so you shift posture
          without noticing.
        - [armrests=none] Without armrests, the {model} slides right under the desk.
        - A chair for whole working days, the {brand} {model} adjusts from {seat height minimum} to
          {seat height maximum} seat height.
        - [backrest=upholstered] The {brand} {model} is softly upholstered and quietly dressed in
          {colour}.

        - [lumbar support=fixed] The lumbar support is fixed, set for an average back.
        - [lumbar support=height-adjustable] The lumbar support moves up and down to meet the small
          of your back.
        - [lumbar support=height- and depth-adjustable] Lumbar support adjusts in height and depth.

        - [armrests=2D|3D|4D] It has {armrests} armrests.
        - [armrests=fixed] The armrests are fixed.
        - [armrests=none] It comes without armrests.

        - [headrest] A headrest is included.
        - [!headrest] There is no headrest.

        - [synchronous tilt] The synchronous tilt locks in the position that you like.
        - [!synchronous tilt] The back rocks with the seat; a synchronous tilt is not part of this
          model.

        - [seat depth adjustment] Tall or short, set the seat depth to the length of your legs.
        - [!seat depth adjustment] The seat depth is fixed.

        - The castors are made {castors}.
        - Its castors are the right ones {castors}; others fit as well.

        - [assembly required] It arrives in parts and takes about {assembly time} to put together.
        - [assembly required] Allow {assembly time} for assembly; the tool is in the carton.
        - [!assembly required] It arrives fully assembled.

        - It carries people of up to {maximum load}.
        - The {base material} base is rated for {maximum load}.

        - The seat height runs from {seat height minimum} to {seat height maximum}.
        - The seat is covered with {seat material}.
        - [tested for] It is tested for {tested for} of sitting a day.
        - The chair weighs {weight}, {base material} base included.
    """,
    price=lambda f: (
        75
        + 60 * f.holds("synchronous tilt")
        + 35 * f.holds("headrest")
        + 25 * f.holds("seat depth adjustment")
        + 60 * f.holds("armrests=3D|4D")
        + 40 * f.holds("lumbar support=height- and depth-adjustable")
        + 45 * f.holds("base material=aluminium")
    ),
    returns="furniture",
    warranty=60,
)


DESK_LAMPS = ProductType(
    code="DL",
    path="Lighting > Indoor Lighting > Desk Lamps",
    brands={"Lumeska": 1.2, "Arbeck": 1.0, "Candlewick & Moth": 1.1},
    names="Heron, Lucid, Crane, Scribe, Halo, Sundial, Firefly, Reader, Glimmer, Stork",
    seconds=", II, Clip",
    vary=("colour",),
    attributes={
        "colour": pick("black", "white", "brass", "sage green", "red"),
        "light source": pick("integrated LED", "E14 bulb", "E27 bulb", weights=(4, 1, 1)),
        "bulb included": when("light source!=integrated LED", flag(0.4)),
        "power": when("light source=integrated LED", among("W", 5, 7, 9, 12), among("W", 25, 40)),
        "luminous flux": when("light source=integrated LED", scaled("power", 88, 0, 10, "lm")),
        "colour temperature": when("light source=integrated LED", among("K", 2700, 3000, 4000)),
        "dimmable": when("light source=integrated LED", flag(0.8), maybe(0.5, flag(0.0))),
        "brightness levels": when("dimmable", among("levels", 3, 5, 10)),
        "rechargeable": when("light source=integrated LED", flag(0.3), flag(0.0)),
        "battery life": when("rechargeable", among("h", 6, 8, 12, 20)),
        "usb charging port": when("rechargeable", flag(0.0), flag(0.3)),
        "mounting": when("second=Clip", pick("clamp"), pick("foot")),
        "material": pick("aluminium", "steel", "steel and beech wood", "brass-plated steel"),
        "height": among("cm", 36, 42, 48, 52, 60),
        "cable length": when("!rechargeable", among("m", 1.4, 1.5, 1.8, 2)),
        "swivel head": flag(0.8),
        "weight": number(0.6, 2.4, 0.1, "kg"),
        "energy efficiency class": when(
            "light source=integrated LED", maybe(0.8, pick("D", "E", "F"))
        ),
    },
    titles=(
        "{brand} {model} Desk Lamp, {colour:title}",
        "[dimmable] {brand} {model} Dimmable LED Desk Lamp, {colour:title}",
        "[rechargeable] {brand} {model} Rechargeable Desk Lamp, {colour:title}",
        "[mounting=clamp] {brand} {model} Clamp Lamp, {colour:title}",
    ),
    copy="""
        - [rechargeable] No cable, no socket: the {model} shines for up to {battery life} on its own
          battery.
        - [mounting=clamp] Desk too small for another thing on it? The {brand} {model} clamps to the
          edge.
        - [dimmable] From bright work light to a glow for late pages, the {model} dims in
          {brightness levels}.
        - [light source!=integrated LED] The {brand} {model} takes an ordinary {light source}, so
          the look of the light is up to you.
        - [colour=brass] Brass tones and a calm line make the {model} a lamp to look at, even when
          it is off.
        - The {brand} {model} in {colour} puts light on the page and not in your eyes.
        - Standing {height} high, the {model} is a desk lamp of {material}.

        - [light source=integrated LED] The integrated LED gives {luminous flux} at {power}.
        - [bulb included] A bulb is included.
        - [!bulb included] The bulb is not included; use one of at most {power}.

        - The colour temperature is {colour temperature}.
        - [colour temperature<=3000] At {colour temperature} the light is warm and easy on tired
          eyes.
        - [colour temperature>=4000] Its {colour temperature} light is neutral, good for drawing and
          detail.

        - [!dimmable] It is not dimmable.
        - [dimmable] Touch to dim: there are {brightness levels}.

        - [!rechargeable] It runs on mains power with {cable length} of cable.
        - [rechargeable] Charge it like a phone and carry it from desk to balcony.

        - [usb charging port] A USB port in the base charges a phone.
        - [!usb charging port] A USB port for charging phones is not part of it.

        - [swivel head] The head swivels towards the task.
        - [!swivel head] The head is fixed.

        - [mounting=clamp] The clamp grips desks and shelves.
        - [mounting=foot] Its foot stands firmly and weighs most of the {weight}.

        - It is made of {material}.
        - Made of {material}, it weighs {weight} and reaches {height}.
        - [energy efficiency class] The light source is in energy efficiency class {energy
          efficiency class}.
    """,
    price=lambda f: (
        18
        + 14 * f.holds("dimmable")
        + 16 * f.holds("rechargeable")
        + 8 * f.holds("usb charging port")
        + 14 * f.holds("material=brass-plated steel|steel and beech wood")
        + 0.35 * f.number("height")
        + 6 * f.number("weight")
    ),
    returns="standard",
    warranty=24,
)


TYPES = (
    OFFICE_CHAIRS,
    DESK_LAMPS,
)
