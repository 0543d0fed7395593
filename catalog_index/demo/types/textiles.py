"""Home textiles: duvet cover sets and bath towels."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    by,
    flag,
    maybe,
    pick,
    when,
)

DUVET_COVER_SETS = ProductType(
    code="DC",
    path="Home Textiles > Bedding > Duvet Cover Sets",
    brands={"Hollin Lane": 0.9, "Linnea Holt": 1.25, "Dozewell": 1.0},
    names="Dusk, Meadow, Lull, Cloudberry, Haven, Nocturne, Willow, Tideline, Petal, Hush",
    seconds=", Stripe, Check",
    vary=("colour", "size"),
    attributes={
        "colour": pick("white", "light blue", "sage green", "blush", "sand", "charcoal"),
        "size": pick("135 x 200 cm", "155 x 220 cm", "200 x 200 cm", "240 x 220 cm"),
        "pillowcases": when("size=135 x 200 cm|155 x 220 cm", among("", 1), among("", 2)),
        "pillowcase size": pick("80 x 80 cm", "40 x 80 cm"),
        "pattern": by("second", {"": "plain", "Stripe": "striped", "Check": "checked"}),
        "material": pick(
            "100% cotton", "100% organic cotton", "100% linen", "60% lyocell, 40% cotton"
        ),
        "weave": by(
            "material",
            {
                "100% cotton": pick("percale", "sateen", "flannel", "seersucker"),
                "100% organic cotton": pick("percale", "sateen", "jersey"),
                "100% linen": "plain weave",
                "60% lyocell, 40% cotton": "sateen",
            },
        ),
        "thread count": when("weave=percale|sateen", among("", 180, 200, 300, 400)),
        "organic": when("material=100% organic cotton", flag(1.0), flag(0.0)),
        "washing": by(
            "material",
            {
                "100% cotton": "60 °C",
                "100% organic cotton": "60 °C",
                "100% linen": "40 °C",
                "60% lyocell, 40% cotton": "40 °C",
            },
        ),
        "tumble dry": when("weave=flannel|percale|jersey", flag(0.7), flag(0.2)),
        "ironing needed": when("weave=seersucker|jersey|plain weave", flag(0.0), flag(0.7)),
        "closure": pick("zip", "buttons", "envelope"),
        "season": by(
            "weave",
            {
                "flannel": "winter",
                "seersucker": "summer",
                "plain weave": "summer",
                "percale": "all year",
                "sateen": "all year",
                "jersey": "all year",
            },
        ),
        "oeko-tex certified": maybe(0.8, flag(0.8)),
        "made in": maybe(0.7, pick("Portugal", "Turkey", "Lithuania")),
    },
    titles=(
        "{brand} {model} Duvet Cover Set, {size}, {colour:title}",
        "{brand} {model} {weave:title} Duvet Cover Set, {colour:title}, {size}",
        "[organic] {brand} {model} Organic Cotton Duvet Cover Set, {colour:title}, {size}",
    ),
    copy="""
        - [season=winter] For nights with frost on the pane, the {model} is woven as soft flannel.
        - [weave=seersucker] Summer nights ask for seersucker, and the crinkled {model} lets the air
          pass.
        - [material=100% linen] Linen cools, softens with each wash, and never quite loses its
          folds: that is the {brand} {model}.
        - [weave=sateen] The {model} has the soft sheen of sateen.
        - [weave=percale] Crisp as a hotel bed, the {brand} {model} is woven in percale.
        - [weave=jersey] Jersey makes the {model} feel like a favourite T-shirt.
        - [pattern=striped|checked] A {pattern} pattern in {colour} gives the {brand} {model} its
          quiet charm.
        - [pattern=plain] Plain {colour} from edge to edge, the {model} by {brand} brings calm to
          the bedroom.

        - [pillowcases<=1] The set is a duvet cover of {size} and one pillowcase of {pillowcase
          size}.
        - [pillowcases>=2] The set is a duvet cover of {size} and two pillowcases of {pillowcase
          size}.

        - [thread count] The thread count is {thread count}.

        - It is made of {material}.
        - [weave!=plain weave] The cloth is {weave} of {material}.

        - Wash at {washing}.
        - It washes at {washing}, inside out for the sake of the colour.

        - [tumble dry] The tumble dryer is allowed.
        - [!tumble dry] It is not suitable for the tumble dryer.

        - [ironing needed] Iron it while slightly damp for a smooth finish.
        - [!ironing needed] It needs no ironing.

        - [closure=zip] The cover closes with a zip.
        - [closure=buttons] Buttons close the cover.
        - [closure=envelope] The cover closes as an envelope, with neither zip nor button.

        - [oeko-tex certified] It is tested and certified to Oeko-Tex.
        - [!oeko-tex certified] It does not carry an Oeko-Tex certificate.

        - [season=all year] It is pleasant all year.
        - [season=summer] It is at its best in summer.
        - [season=winter] It is at its best in winter.

        - [made in] Woven and sewn in {made in}.
        - [organic] The cotton is organic.
    """,
    price=lambda f: (
        {"135 x 200 cm": 1.0, "155 x 220 cm": 1.2, "200 x 200 cm": 1.5, "240 x 220 cm": 1.8}[
            str(f["size"])
        ]
        * {
            "100% cotton": 34,
            "100% organic cotton": 45,
            "100% linen": 95,
            "60% lyocell, 40% cotton": 52,
        }[str(f["material"])]
        + 0.02 * f.number("thread count")
    ),
    returns="standard",
    warranty=24,
    largest_group=4,
)


TOWELS = ProductType(
    code="TW",
    path="Home Textiles > Bathroom > Bath Towels",
    brands={"Linnea Holt": 1.2, "Hollin Lane": 0.9, "Marisol Cove": 1.0},
    names=(
        "Lagoon, Spa House, Pebble Beach, Ripple, Fennel, Sandbar, Drizzle, Otter Bay, Sauna, Brook"
    ),
    seconds=", Waffle, Velour",
    vary=("colour",),
    attributes={
        "colour": pick("white", "sage green", "light blue", "charcoal", "terracotta", "sand"),
        "width": among("cm", 50, 70, 80, 100),
        "length": by(
            "width",
            {
                "50 cm": among("cm", 100),
                "70 cm": among("cm", 130, 140),
                "80 cm": among("cm", 150, 160),
                "100 cm": among("cm", 150, 180),
            },
        ),
        "pieces": among("pieces", 1, 2, 4),
        "material": pick(
            "100% cotton",
            "100% organic cotton",
            "70% cotton, 30% bamboo viscose",
            "50% linen, 50% cotton",
        ),
        "structure": by("second", {"": "terry", "Waffle": "waffle", "Velour": "velour"}),
        "fabric weight": when(
            "structure=waffle", among("g/m²", 240, 280, 320), among("g/m²", 400, 450, 500, 550, 600)
        ),
        "hanging loop": flag(0.85),
        "organic": when("material=100% organic cotton", flag(1.0), flag(0.0)),
        "washing": pick("40 °C", "60 °C"),
        "tumble dry": when("structure=waffle", flag(0.3), flag(0.9)),
        "quick-drying": when("structure=waffle", flag(1.0), flag(0.1)),
        "oeko-tex certified": maybe(0.7, flag(0.8)),
        "made in": maybe(0.7, pick("Portugal", "Turkey", "Lithuania")),
    },
    titles=(
        "[pieces<=1] {brand} {model} Bath Towel, {width:number} x {length:raw}, {colour:title}",
        "[pieces>=2] {brand} {model} Towels, Set of {pieces:number}, {width:number} x "
        "{length:raw}, {colour:title}",
    ),
    copy="""
        - [structure=waffle] A waffle weave makes the {model} light, thirsty and quick to dry.
        - [structure=velour] Sheared to velour on one side, the {brand} {model} feels as soft as it
          looks.
        - [structure=terry; fabric weight>=550] Thick terry at {fabric weight} turns the {model}
          into a small luxury after the shower.
        - [width>=100] Big enough to wrap up in, the {brand} {model} measures {width:number} by
          {length}.
        - [width<=50] By the basin or in the gym bag, the {model} is the towel for hands and hair.
        - The {brand} {model} in {colour} dries well and asks for little care.
        - [organic] Organic cotton, {fabric weight}, nothing added: that is the {model}.

        - The fabric is {material} at {fabric weight}.
        - It is made of {material}.
        - With {fabric weight}, it finds the middle between soak and drying time.

        - Each towel measures {width:number} by {length}.
        - The size is {width:number} by {length}.

        - [pieces>=2] The set holds {pieces}.
        - [pieces<=1] It is sold singly.

        - [hanging loop] A loop keeps it on the hook.
        - [!hanging loop] It has no hanging loop, so fold it over a rail.

        - [tumble dry] The tumble dryer makes it fluffier.
        - [!tumble dry] It is not suitable for the tumble dryer.

        - [quick-drying] It dries quickly, which travellers will like.
        - [!quick-drying] Dense loops take their time to dry, so hang it with space around.

        - Wash it at {washing} before the first use and leave out fabric softener.
        - Washing at {washing} keeps it fresh.

        - [oeko-tex certified] The cloth is certified to Oeko-Tex.
        - [!oeko-tex certified] It does not carry an Oeko-Tex certificate.

        - [made in] It comes from a mill in {made in}.
        - [organic] The cotton is organically grown.
        - [structure=terry] Loops on both sides take up water from the first touch.
        - The colour shown is {colour}, and others of the {model} match it.
    """,
    price=lambda f: (
        (
            0.0009
            * f.number("width")
            * f.number("length")
            * (1 + 0.0006 * f.number("fabric weight"))
            + 3 * f.holds("organic")
            + 3
        )
        * f.number("pieces") ** 0.92
    ),
    returns="standard",
    warranty=24,
)


TYPES = (
    DUVET_COVER_SETS,
    TOWELS,
)
