"""Outdoor: tents and water bottles."""

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

TENTS = ProductType(
    code="TN",
    path="Outdoor > Camping > Tents",
    brands={"Oldernwald": 1.2, "Camp Corrie": 0.9, "Skarvik": 1.3},
    names="Fell, Glade, Plover, Bothy, Nomad, Lichen, Polaris, Marsh, Heron Point, Strath",
    seconds=", Lite, Base",
    vary=("colour",),
    attributes={
        "colour": pick("forest green", "sand", "orange", "slate grey", "red"),
        "persons": when(
            "second=Base",
            among("persons", 3, 4, 5),
            when("second=Lite", among("persons", 1, 2), among("persons", 2, 3, 4)),
        ),
        "construction": when(
            "second=Base", pick("tunnel", "dome"), pick("dome", "geodesic", "tunnel")
        ),
        "freestanding": by(
            "construction", {"dome": flag(1.0), "geodesic": flag(1.0), "tunnel": flag(0.0)}
        ),
        "seasons": when("construction=geodesic", pick("4-season"), pick("3-season")),
        "weight": when(
            "second=Lite",
            scaled("persons", 0.45, 0.7, 0.05, "kg"),
            when(
                "second=Base",
                scaled("persons", 1.6, 2.0, 0.1, "kg"),
                scaled("persons", 0.85, 1.0, 0.1, "kg"),
            ),
        ),
        "packed length": when("second=Lite", among("cm", 38, 40, 44), among("cm", 48, 52, 58)),
        "inner height": when(
            "second=Base", among("cm", 150, 175, 190), among("cm", 98, 105, 115, 125)
        ),
        "entrances": among("", 1, 2),
        "water column flysheet": among("mm", 2000, 3000, 4000, 5000),
        "water column floor": among("mm", 3000, 5000, 8000, 10000),
        "flysheet material": when(
            "second=Lite",
            pick("ripstop nylon with silicone"),
            pick("ripstop nylon with silicone", "polyester", "recycled polyester"),
        ),
        "pole material": when("second=Base", pick("fibreglass", "aluminium"), pick("aluminium")),
        "porch": flag(0.8),
        "pitching time": scaled("persons", 2, 3, 1, "min"),
        "footprint included": maybe(0.8, flag(0.3)),
        "repair kit included": maybe(0.7, flag(0.8)),
    },
    titles=(
        "{brand} {model} {persons:number}-Person Tent, {colour:title}",
        "{brand} {model} {construction:title} Tent for {persons:number}, {colour:title}",
        "[second=Lite] {brand} {model} Lightweight {persons:number}-Person Tent, "
        "{weight:raw}, {colour:title}",
    ),
    copy="""
        - [second=Lite] Every gram is carried, so the {brand} {model} keeps to {weight}.
        - [second=Base] Headroom of {inner height}, space for {persons}: the {model} is a home for a
          week.
        - [construction=geodesic] Crossing poles brace the {model} against wind from any side.
        - [construction=tunnel] A tunnel gives the most room for its weight, and the {brand} {model}
          shows it.
        - [persons<=1] Alone on the ridge, you share the {model} with nobody.
        - [persons>=4] Children, dog and muddy boots find room in the {brand} {model}.
        - The {brand} {model} in {colour} is a {construction} tent for {persons}.

        - [freestanding] It is freestanding and may be moved once it is up.
        - [!freestanding] It is not freestanding, so pegs are needed from the start.

        - The flysheet holds back a water column of {water column flysheet}, and the floor one of
          {water column floor}.
        - Water column: {water column flysheet} for the fly, {water column floor} for the floor.

        - [porch] A porch keeps shoes and stove out of the rain.
        - [!porch] It does without a porch.

        - Allow about {pitching time} to pitch it.
        - With a little practice it stands after {pitching time}.

        - [footprint included] A footprint is included.
        - [!footprint included] The footprint is sold separately, not included.

        - [repair kit included] A repair kit is in the bag.
        - [!repair kit included] A repair kit is not included.

        - Packed, it is {packed length} long and weighs {weight}.
        - It weighs {weight} and packs down to {packed length}.

        - [entrances>=2] There is an entrance on both sides.
        - [entrances<=1] There is a single entrance.

        - The flysheet is {flysheet material}, and the poles are {pole material}.
        - The inner height is {inner height}.
        - It is rated {seasons}.
    """,
    price=lambda f: (
        40
        + 38 * f.number("persons")
        + 130 * f.holds("second=Lite")
        + 110 * f.holds("construction=geodesic")
        + 0.008 * f.number("water column flysheet")
        + 35 * f.holds("pole material=aluminium")
        + 20 * f.holds("footprint included")
    ),
    returns="standard",
    warranty=36,
)


BOTTLES = ProductType(
    code="WB",
    path="Outdoor > Hydration > Water Bottles",
    brands={"Rillwater": 1.1, "Camp Corrie": 0.9, "Fleetmark": 1.0},
    names="Spring, Gulp, Canteen, Brook, Oasis, Torrent, Flask, Drift, Splash, Well",
    seconds=", Sport, Kids",
    vary=("colour",),
    attributes={
        "colour": pick("teal", "coral", "black", "white", "mustard", "light blue"),
        "capacity": when("second=Kids", among("ml", 350, 400), among("ml", 500, 600, 750, 1000)),
        "material": pick(
            "stainless steel",
            "copolyester",
            "borosilicate glass",
            "aluminium",
            weights=(4, 3, 1, 1),
        ),
        "insulated": when("material=stainless steel", flag(0.7), flag(0.0)),
        "keeps cold": when("insulated", among("h", 12, 18, 24)),
        "keeps hot": when("insulated", among("h", 6, 8, 12)),
        "lid": when(
            "second=Sport",
            pick("push-pull spout", "flip straw"),
            when(
                "second=Kids",
                pick("flip straw"),
                pick("screw cap", "screw cap with loop", "flip straw"),
            ),
        ),
        "leakproof": flag(0.85),
        "bpa-free": flag(1.0),
        "dishwasher safe": when("insulated", flag(0.2), flag(0.7)),
        "suitable for sparkling water": when(
            "lid=screw cap|screw cap with loop", flag(0.8), flag(0.0)
        ),
        "fits bike cages": when("second=Sport", flag(0.8), maybe(0.6, flag(0.3))),
        "opening diameter": among("mm", 38, 45, 48, 54),
        "height": scaled("capacity", 0.11, 145, 1, "mm"),
        "weight": by(
            "material",
            {
                "stainless steel": scaled("capacity", 0.32, 120, 5, "g"),
                "copolyester": scaled("capacity", 0.13, 60, 5, "g"),
                "borosilicate glass": scaled("capacity", 0.42, 150, 5, "g"),
                "aluminium": scaled("capacity", 0.14, 50, 5, "g"),
            },
        ),
        "made in": maybe(0.6, pick("Germany", "Czechia", "Taiwan")),
    },
    titles=(
        "{brand} {model} Water Bottle, {capacity:raw}, {colour:title}",
        "[insulated] {brand} {model} Insulated Bottle, {capacity:raw}, {colour:title}",
        "{brand} {model} {material:title} Bottle, {capacity:raw}, {colour:title}",
    ),
    copy="""
        - [insulated] Ice at noon, tea at midnight: the insulated {model} keeps cold for {keeps
          cold} and hot for {keeps hot}.
        - [second=Kids] Small hands, big thirst: the {brand} {model} holds {capacity} for school and
          playground.
        - [second=Sport] Drink without stopping; the {model} has a {lid} for that.
        - [material=borosilicate glass] Water tastes of water in the glass {model} by {brand}.
        - [capacity>=1000] A whole litre goes into the {model}, enough for a long walk or a longer
          meeting.
        - [material=copolyester] Clear and hard to break, copolyester makes the {brand} {model} a
          bottle for every bag.
        - The {brand} {model} in {colour} holds {capacity} and little else to think about.

        - [leakproof] It is leakproof when closed.
        - [!leakproof] It is not fully leakproof, so carry it upright.

        - [insulated] Double walls keep drinks cold for {keeps cold} or hot for {keeps hot}.
        - [!insulated] It is not insulated and weighs the less for it.

        - [dishwasher safe] It is dishwasher safe.
        - [!dishwasher safe] Wash it by hand; it is not dishwasher safe.

        - [suitable for sparkling water] Sparkling water is fine.
        - [!suitable for sparkling water] It is not suitable for sparkling water, since the lid is
          not made for pressure.

        - [fits bike cages] It fits common bike cages.
        - [!fits bike cages] It does not fit bike cages.

        - The lid is a {lid}.
        - You drink from a {lid}.

        - [bpa-free] All parts are BPA-free.
        - [bpa-free] It is free from BPA.

        - The opening is {opening diameter} wide, good for brushes and ice cubes.
        - With an opening of {opening diameter}, it fills easily at any tap.

        - It is made of {material} and weighs {weight}.
        - It stands {height} tall and weighs {weight}.
        - [made in] Made in {made in}.
    """,
    price=lambda f: (
        7
        + 0.009 * f.number("capacity")
        + 6 * f.holds("material=stainless steel")
        + 5 * f.holds("material=borosilicate glass")
        + 7 * f.holds("insulated")
    ),
    returns="standard",
    warranty=60,
)


TYPES = (
    TENTS,
    BOTTLES,
)
