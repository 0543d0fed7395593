"""Apparel: T-shirts, rain jackets, wool jumpers."""

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

_SIZE = pick("XS", "S", "M", "L", "XL", "XXL", weights=(1, 2, 3, 3, 2, 1))

T_SHIRTS = ProductType(
    code="TS",
    path="Apparel > Tops > T-Shirts",
    brands={"Norrland Thread": 1.25, "Plainwell": 0.9, "Marisol Cove": 1.05},
    names="Harbour, Linden, Quay, Basil, Fennimore, Solstice, Wharf, Tansy, Rook, Juniper",
    seconds=", Crew, Pocket",
    vary=("colour", "size"),
    attributes={
        "colour": pick("white", "black", "navy", "olive", "terracotta", "light blue"),
        "size": _SIZE,
        "gender": pick("men", "women", "unisex"),
        "material": pick(
            "100% organic cotton",
            "95% cotton, 5% elastane",
            "55% hemp, 45% cotton",
            "100% recycled polyester",
            "70% merino wool, 30% lyocell",
        ),
        "fabric weight": among("g/m²", 140, 160, 180, 220, 240),
        "organic": when("material=100% organic cotton", flag(1.0), flag(0.0)),
        "fit": pick("regular", "slim", "relaxed"),
        "neckline": when("second=Crew", pick("crew neck"), pick("crew neck", "V-neck")),
        "sleeve": pick("short", "long", weights=(3, 1)),
        "chest pocket": when("second=Pocket", flag(1.0), flag(0.0)),
        "washing": by(
            "material",
            {
                "70% merino wool, 30% lyocell": "wool cycle at 30 °C",
                "100% recycled polyester": "30 °C",
                "100% organic cotton": pick("30 °C", "40 °C"),
                "95% cotton, 5% elastane": "30 °C",
                "55% hemp, 45% cotton": "40 °C",
            },
        ),
        "tumble dry": when(
            "material=95% cotton, 5% elastane|100% organic cotton", flag(0.4), flag(0.0)
        ),
        "pre-shrunk": maybe(0.7, flag(0.7)),
        "made in": maybe(0.8, pick("Portugal", "Turkey", "Italy", "Lithuania")),
    },
    titles=(
        "{brand} {model} T-Shirt, {colour:title}, Size {size}",
        "{brand} {model} {fit:title}-Fit T-Shirt, {colour:title}, {size}",
        "[gender=unisex] {brand} {model} Unisex T-Shirt, {colour:title}, {size}",
    ),
    copy="""
        - [organic] Organic cotton and nothing else: the {model} is as plain and good as bread.
        - [fabric weight>=220] A heavy tee with a firm hand, the {brand} {model} weighs in at
          {fabric weight}.
        - [fabric weight<=160] Made for warm days, the {model} is a light {fabric weight} and barely
          there.
        - [material=70% merino wool, 30% lyocell] Merino in a T-shirt sounds odd until the second
          day of a trip, when the {brand} {model} still smells fresh.
        - [material=100% recycled polyester] The {model} dries quickly, as recycled polyester does.
        - [sleeve=long] Sleeves to the wrist make the {brand} {model} a layer for all seasons.
        - In {colour}, the {brand} {model} goes with nearly everything in the drawer.
        - A T-shirt should fit, last and stay out of the way; the {model} by {brand} does all three.

        - The fabric is {material}.
        - It is knitted from {material}, at {fabric weight}.

        - The cut is {fit}, with a {neckline} and {sleeve} sleeves.
        - [fit=relaxed] A relaxed cut leaves room to move.
        - [fit=slim] The slim cut follows the body; take a size up if you are between two.
        - [fit=regular] The regular fit sits close at the shoulder and easy at the waist.

        - Wash at {washing}.
        - For the wash, choose {washing} and similar colours.

        - [tumble dry] It may go into the tumble dryer on low.
        - [!tumble dry] Let it dry on the line, as it is not suitable for the tumble dryer.

        - [chest pocket] A chest pocket holds a pair of glasses.
        - [!chest pocket] There is no chest pocket to break the line.

        - [pre-shrunk] The fabric is pre-shrunk, so the size you buy is the size you keep.
        - [!pre-shrunk] It is not pre-shrunk and may tighten slightly in the first wash.

        - [made in] Cut and sewn in {made in}.
        - [gender=unisex] The shape is unisex; see the size table for both fits.

        - This one is size {size} in {colour}.
        - You are looking at {colour} in size {size}.
    """,
    price=lambda f: (
        14
        + 0.05 * f.number("fabric weight")
        + 5 * f.holds("organic")
        + 26 * f.holds("material=70% merino wool, 30% lyocell")
        + 4 * f.holds("sleeve=long")
        + 2 * f.holds("chest pocket")
    ),
    returns="fashion",
    warranty=24,
    largest_group=4,
)

RAIN_JACKETS = ProductType(
    code="RJ",
    path="Apparel > Jackets > Rain Jackets",
    brands={"Norrland Thread": 1.2, "Skarvik": 1.3, "Marisol Cove": 0.85},
    names="Squall, Puddle, Gannet, Drizzle, Cape, Estuary, Tarpan, Gale, Mistral, Brolly",
    seconds=", II, Trek",
    vary=("colour", "size"),
    attributes={
        "colour": pick("yellow", "navy", "olive", "black", "red", "teal"),
        "size": _SIZE,
        "gender": pick("men", "women", "unisex"),
        "material": pick(
            "100% recycled polyester", "100% polyamide", "organic cotton with wax finish"
        ),
        "layers": when(
            "material=organic cotton with wax finish",
            pick("single layer"),
            pick("2-layer", "2.5-layer", "3-layer"),
        ),
        "waterproof": when("material=organic cotton with wax finish", flag(0.0), flag(1.0)),
        "water column": when("waterproof", among("mm", 5000, 10000, 15000, 20000)),
        "taped seams": when("waterproof", flag(1.0), flag(0.0)),
        "breathability": when("waterproof", maybe(0.7, among("g/m²/24 h", 5000, 10000, 15000))),
        "pfc-free": flag(0.8),
        "hood": pick("fixed", "detachable", "stowable in the collar"),
        "pockets": among("pockets", 2, 3, 4, 5),
        "underarm vents": flag(0.4),
        "two-way zip": maybe(0.7, flag(0.5)),
        "packs into own pocket": when("layers=2.5-layer", flag(0.8), flag(0.1)),
        "weight": by(
            "layers",
            {
                "single layer": number(820, 1100, 20, "g"),
                "2-layer": number(480, 720, 10, "g"),
                "2.5-layer": number(240, 380, 10, "g"),
                "3-layer": number(380, 560, 10, "g"),
            },
        ),
        "washing": when(
            "waterproof", pick("30 °C, gentle cycle"), pick("sponge only, re-wax once a year")
        ),
    },
    titles=(
        "[waterproof] {brand} {model} Waterproof Rain Jacket, {colour:title}, Size {size}",
        "[gender=women] {brand} {model} Women's Rain Jacket, {colour:title}, {size}",
        "[gender=men] {brand} {model} Men's Rain Jacket, {colour:title}, {size}",
        "{brand} {model} Rain Jacket, {colour:title}, Size {size}",
        "[!waterproof] {brand} {model} Waxed Cotton Jacket, {colour:title}, {size}",
    ),
    copy="""
        - [waterproof; water column>=15000] For the days when the rain comes sideways, the {brand}
          {model} offers a water column of {water column}.
        - [waterproof; water column<=10000] Showers, school runs and dog walks are where the {model}
          is at home.
        - [!waterproof] Waxed cotton is the old answer to drizzle, and the {brand} {model} wears it
          well.
        - [packs into own pocket] Rolled into its own pocket, the {model} waits in the bag until the
          sky turns.
        - [colour=yellow|red] Nobody will miss you in the {brand} {model}, and that is the point of
          {colour}.
        - [weight<=350] At {weight}, the {model} is a shell that you carry without thinking.
        - The {brand} {model} in {colour} is a rain jacket with {pockets} and a good hood.

        - [waterproof] The seams are taped, and the fabric is waterproof to {water column}.
        - [waterproof] It is fully waterproof with taped seams.
        - [!waterproof] The waxed cloth sheds a shower, but it is not waterproof in lasting rain.

        - Breathability is rated at {breathability}.
        - [underarm vents] Zipped vents under the arms let the heat out on a climb.
        - [!underarm vents] It does without underarm vents.

        - [hood=fixed] The hood is fixed and follows the head when you look around.
        - [hood=detachable] The hood is detachable.
        - [hood=stowable in the collar] When the sun returns, the hood rolls away into the collar.

        - [pfc-free] The finish is PFC-free.
        - [!pfc-free] The water-repellent finish is not PFC-free.

        - [two-way zip] A two-way zip opens from below for cycling and sitting.
        - [!two-way zip] The front zip opens from the top only, as it is not a two-way zip.

        - It is made of {material} and weighs {weight}.
        - The fabric: {material}, {layers}.
        - [material!=organic cotton with wax finish] {layers} construction in {material} keeps it at
          {weight}.

        - [waterproof] Care is simple: {washing}.
        - [!waterproof] Care: {washing}.

        - It has {pockets}.
        - There are {pockets} for keys, phone and a wrapped sandwich.

        - [packs into own pocket] It packs into its own pocket.
        - [!packs into own pocket] It does not pack into its own pocket, so hang it by the loop.

        - This one is {colour} in size {size}.
    """,
    price=lambda f: (
        48
        + 0.0045 * f.number("water column")
        + 30 * f.holds("layers=3-layer")
        + 40 * f.holds("layers=single layer")
        + 10 * f.holds("underarm vents")
        + 4 * f.number("pockets")
    ),
    returns="fashion",
    warranty=24,
    largest_group=4,
)

JUMPERS = ProductType(
    code="JU",
    path="Apparel > Knitwear > Jumpers",
    brands={"Norrland Thread": 1.2, "Plainwell": 0.85, "Wolloway": 1.3},
    names="Fisher, Heath, Cairn, Oxbow, Fleece Bay, Teasel, Ravine, Selkie, Hollin, Barley",
    seconds=", Crew, Roll Neck",
    vary=("colour", "size"),
    attributes={
        "colour": pick("navy", "charcoal", "cream", "forest green", "burgundy", "mustard"),
        "size": _SIZE,
        "gender": pick("men", "women", "unisex"),
        "material": pick(
            "100% lambswool",
            "100% merino wool",
            "80% wool, 20% polyamide",
            "100% organic cotton",
            "90% merino wool, 10% cashmere",
        ),
        "knit": pick("plain knit", "cable knit", "rib knit", "waffle knit"),
        "neckline": by(
            "second",
            {"": pick("crew neck", "V-neck"), "Crew": "crew neck", "Roll Neck": "roll neck"},
        ),
        "gauge": among("gg", 3, 5, 7, 12),
        "itch-free lining": maybe(0.6, flag(0.2)),
        "vegan": when("material=100% organic cotton", flag(1.0), flag(0.0)),
        "mulesing-free wool": when("material!=100% organic cotton", flag(0.8)),
        "fit": pick("regular", "relaxed", "slim"),
        "elbow patches": maybe(0.7, flag(0.2)),
        "washing": when(
            "material=100% organic cotton",
            pick("30 °C"),
            pick("wool cycle at 30 °C", "hand wash only"),
        ),
        "tumble dry": flag(0.0),
        "weight": by(
            "gauge",
            {
                "3 gg": number(620, 820, 10, "g"),
                "5 gg": number(500, 640, 10, "g"),
                "7 gg": number(400, 520, 10, "g"),
                "12 gg": number(260, 360, 10, "g"),
            },
        ),
        "made in": maybe(0.75, pick("Scotland", "Portugal", "Italy", "Norway")),
    },
    titles=(
        "{brand} {model} Jumper, {colour:title}, Size {size}",
        "{brand} {model} {knit:title} Jumper, {colour:title}, {size}",
        "[material=100% merino wool] {brand} {model} Merino Jumper, {colour:title}, {size}",
    ),
    copy="""
        - [gauge<=5] A thick knit for the coldest weeks, the {brand} {model} is worked at {gauge}.
        - [gauge>=12] Fine enough for under a jacket, the {model} is knitted at {gauge}.
        - [knit=cable knit] Cables down the front give the {model} the look of a boat in harbour.
        - [material=90% merino wool, 10% cashmere] A little cashmere goes a long way in the {brand}
          {model}.
        - [vegan] All of the warmth and none of the wool: the {model} is cotton throughout.
        - [made in] Knitted in {made in}, the {brand} {model} is a jumper to keep.
        - The {model} in {colour} is what {brand} makes of {material} and patience.

        - The yarn is {material}.
        - It is made of {material} in a {knit}, with a {neckline}.

        - [knit=plain knit] The plain knit lies flat and layers easily.
        - [knit=rib knit] The rib knit stretches and springs back.
        - [knit=waffle knit] Its waffle knit traps warm air.
        - [knit=cable knit] The cable knit gives it weight and warmth.

        - [mulesing-free wool] The wool comes from mulesing-free farms.
        - [!mulesing-free wool] The wool is not certified as mulesing-free.
        - [vegan] It is vegan.

        - [itch-free lining] A soft lining at the neck stops any itch.
        - [!itch-free lining] It has no lining, so wear a shirt beneath if wool tickles you.

        - [elbow patches] Patches save the elbows.
        - [!elbow patches] The sleeves are plain, without elbow patches.

        - [fit=relaxed] It is cut relaxed for layering.
        - [fit=slim] The fit is slim and neat.
        - [fit=regular] The fit is regular, neither tight nor baggy.

        - [washing=hand wash only] Wash it by hand and dry it flat; the tumble dryer is not an
          option.
        - [washing=wool cycle at 30 °C] It takes the wool cycle at 30 °C, then dries flat.
        - [washing=30 °C] Wash at 30 °C and dry flat.

        - A size like this weighs about {weight}.
        - The finished jumper weighs {weight}.

        - [tumble dry] It may be tumble dried.
        - [!tumble dry] Do not tumble dry.

        - This one is size {size} in {colour}.
        - You see it in {colour}, size {size}.
    """,
    price=lambda f: (
        30
        + 0.05 * f.number("weight")
        + 22 * f.holds("material=100% merino wool|100% lambswool")
        + 52 * f.holds("material=90% merino wool, 10% cashmere")
        + 10 * f.holds("knit=cable knit")
        + 12 * f.holds("made in=Scotland|Norway")
    ),
    returns="fashion",
    warranty=24,
    largest_group=4,
)

TYPES = (T_SHIRTS, RAIN_JACKETS, JUMPERS)
