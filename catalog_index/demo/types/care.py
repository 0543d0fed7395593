"""Beauty and health: face creams, shampoo bars, electric toothbrushes."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    by,
    flag,
    listed,
    maybe,
    number,
    pick,
    scaled,
    several,
    when,
)

FACE_CREAMS = ProductType(
    code="FC",
    path="Beauty > Skin Care > Face Creams",
    brands={"Velmora": 1.35, "Dew & Thistle": 1.0, "Botanique Lise": 1.15},
    names=(
        "Calm, Dawn, Petal, Silk, Veil, Morning, Bloom, Balance, Clear, Hydra, Quiet, "
        "Nectar, Linen, Opal, Rain"
    ),
    seconds="Day, Night, Daily",
    vary=(),
    attributes={
        "time of use": by("second", {"Day": "day", "Night": "night", "Daily": "day and night"}),
        "skin type": pick(
            "dry skin", "oily skin", "sensitive skin", "combination skin", "all skin types"
        ),
        "volume": among("ml", 30, 40, 50, 75, 100),
        "spf": when("second=Day", maybe(0.8, among("", 15, 20, 30, 50))),
        "texture": by(
            "skin type",
            {
                "dry skin": pick("rich cream", "balm"),
                "oily skin": pick("gel cream", "light fluid"),
                "sensitive skin": pick("light cream", "rich cream"),
                "combination skin": pick("gel cream", "light cream"),
                "all skin types": pick("light cream"),
            },
        ),
        "key ingredients": several(
            2,
            3,
            "hyaluronic acid",
            "niacinamide",
            "squalane",
            "oat extract",
            "shea butter",
            "ceramides",
            "aloe vera",
        ),
        "fragrance-free": when("skin type=sensitive skin", flag(1.0), flag(0.4)),
        "scent": when("!fragrance-free", pick("rose", "chamomile", "green tea", "orange blossom")),
        "vegan": flag(0.75),
        "cruelty-free": flag(1.0),
        "silicone-free": maybe(0.7, flag(0.7)),
        "alcohol-free": maybe(0.7, flag(0.8)),
        "dermatologically tested": maybe(0.8, flag(0.85)),
        "packaging": pick("glass jar", "airless pump", "aluminium tube"),
        "refillable": when("packaging=glass jar|airless pump", flag(0.35), flag(0.0)),
        "use after opening": among("months", 6, 9, 12),
        "made in": maybe(0.7, pick("France", "Germany", "Switzerland")),
    },
    titles=(
        "{brand} {model} Face Cream for {skin type:title}, {volume:raw}",
        "[spf] {brand} {model} Face Cream SPF {spf}, {volume:raw}",
        "[fragrance-free] {brand} {model} Fragrance-Free Face Cream, {volume:raw}",
    ),
    copy="""
        - [spf>=30] Sun protection first: the {model} face cream comes with SPF {spf}.
        - [time of use=night] While you sleep, {model} by {brand} looks after {skin type} with {key
          ingredients}.
        - [skin type=oily skin] Light and soon absorbed, {model} by {brand} leaves oily skin looking
          fresh and matte.
        - [skin type=dry skin] Skin that feels tight after washing will like the {texture} texture
          of {model}.
        - [skin type=sensitive skin] Fewer things in the jar, fewer surprises on the skin: {brand}
          made {model} for sensitive faces.
        - [skin type=combination skin] {model} keeps the balance between a shiny forehead and dry
          cheeks.
        - {brand} mixes {key ingredients} into {model}, a face cream to wear by {time of use}.

        - The texture is that of a {texture}.
        - A {texture} in texture, it spreads with a few touches.

        - [fragrance-free] It is fragrance-free.
        - [!fragrance-free] It smells faintly of {scent}.
        - [!fragrance-free] The scent is {scent}, light and soon gone.

        - [vegan] The formula is vegan.
        - [!vegan] It contains beeswax, so it is not vegan.

        - [silicone-free] It is silicone-free.
        - [!silicone-free] It is not silicone-free: silicones give it its smooth glide.

        - [alcohol-free] No drying alcohol is used.
        - [!alcohol-free] It contains some alcohol.

        - [dermatologically tested] It has been dermatologically tested.
        - [!dermatologically tested] It has not been dermatologically tested.

        - [spf] The sun protection factor is {spf}.

        - Once opened, use it up within {use after opening}.
        - It keeps for {use after opening} after opening.

        - [refillable] The {packaging} is refillable.
        - [!refillable] The {packaging} holds {volume} and is not refillable.

        - [cruelty-free] {brand} does not test on animals.
        - [cruelty-free] It is cruelty-free.

        - Apply it to clean skin by {time of use}.
        - It is suited to {skin type}.
        - [made in] It is made in {made in}.
    """,
    price=lambda f: (
        6
        + 0.16 * f.number("volume")
        + 0.12 * f.number("spf")
        + 3 * f.holds("packaging=airless pump|glass jar")
        + 3 * f.holds("key ingredients=ceramides|squalane")
        + 4 * f.holds("time of use=night")
    ),
    returns="hygiene",
)

SHAMPOO_BARS = ProductType(
    code="SB",
    path="Beauty > Hair Care > Shampoo Bars",
    brands={"Dew & Thistle": 1.1, "Soapwort & Co": 1.0, "Botanique Lise": 1.25},
    names=(
        "Rosemary Mint, Lavender Oat, Citrus Grove, Almond Milk, Sea Fennel, Nettle, "
        "Coconut, Chamomile, Cedar, Plain Jane, Green Clay, Argan, Birch, Honeydew, Ginger Root"
    ),
    seconds=", Mini, Family",
    vary=(),
    attributes={
        "hair type": pick("normal hair", "dry hair", "oily hair", "coloured hair", "curly hair"),
        "weight": by(
            "second",
            {
                "": among("g", 70, 75, 80, 85),
                "Mini": among("g", 30, 35, 40),
                "Family": among("g", 110, 120, 130),
            },
        ),
        "washes": scaled("weight", 0.85, 0, 5, ""),
        "scent": by(
            "first",
            {
                "Rosemary Mint": "rosemary and mint",
                "Lavender Oat": "lavender",
                "Citrus Grove": "lemon and orange",
                "Almond Milk": "almond",
                "Sea Fennel": "sea fennel",
                "Nettle": "green herbs",
                "Coconut": "coconut",
                "Chamomile": "chamomile",
                "Cedar": "cedar",
                "Plain Jane": "unscented",
                "Green Clay": "unscented",
                "Argan": "warm nuts",
                "Birch": "birch leaf",
                "Honeydew": "melon",
                "Ginger Root": "ginger",
            },
        ),
        "surfactant": pick("mild coconut-based surfactant", "saponified plant oils"),
        "soap-free": when("surfactant=mild coconut-based surfactant", flag(1.0), flag(0.0)),
        "ph value": when("soap-free", among("", 5, 5.5), among("", 8.5, 9)),
        "vegan": flag(0.9),
        "palm oil free": maybe(0.8, flag(0.6)),
        "silicone-free": flag(1.0),
        "plastic-free packaging": flag(0.9),
        "cord": flag(0.35),
        "suitable for children": maybe(0.7, flag(0.5)),
        "shelf life": among("months", 18, 24, 36),
        "made in": maybe(0.8, pick("Ireland", "Germany", "Austria", "France")),
    },
    titles=(
        "{brand} {model} Shampoo Bar for {hair type:title}, {weight:raw}",
        "{brand} {model} Solid Shampoo, {weight:raw}",
    ),
    copy="""
        - [second=Mini] Hand luggage only? {model} by {brand} is a shampoo bar of {weight} and
          spills nothing.
        - [second=Family] One bar by the shower for everybody: {model} weighs {weight} and lasts.
        - [hair type=oily hair] {model} washes oily hair without stripping it.
        - [hair type=curly hair] Curls ask for a gentle hand, and {brand} made {model} with that in
          mind.
        - [hair type=coloured hair] For coloured hair, {brand} offers {model}, a mild bar that goes
          easy on the tint.
        - [hair type=dry hair] Dry lengths feel softer after a wash with {model}.
        - {brand} presses {model}, a solid shampoo for {hair type}, into a bar of {weight}.

        - Count on about {washes} washes.
        - One bar is good for about {washes} washes.

        - [soap-free] It is soap-free, so no vinegar rinse is needed.
        - [!soap-free] As a true soap it likes a rinse with diluted vinegar, above all where the
          water is hard.

        - The pH value is {ph value}.
        - The base is made of {surfactant}, with a pH value of {ph value}.

        - [scent=unscented] It has no scent.
        - [scent!=unscented] The scent is {scent}.

        - [vegan] All ingredients are vegan.
        - [!vegan] It contains honey, so it is not vegan.

        - [palm oil free] It is free from palm oil.
        - [!palm oil free] It contains certified palm oil.

        - [plastic-free packaging] The packaging is plastic-free.
        - [!plastic-free packaging] The packaging is not plastic-free yet.

        - [cord] A cord hangs it up to dry.
        - [!cord] It has no cord; keep it on a dish that drains.

        - [suitable for children] Children may use it, too.
        - [!suitable for children] It is not suitable for children.

        - [silicone-free] It is silicone-free.
        - Unused, it keeps for {shelf life}.
        - [made in] It is made in {made in} in small batches.
    """,
    price=lambda f: (
        3 + 0.085 * f.number("weight") + 1.5 * f.holds("soap-free") + 0.8 * f.holds("cord")
    ),
    returns="hygiene",
)

TOOTHBRUSHES = ProductType(
    code="ET",
    path="Health > Oral Care > Electric Toothbrushes",
    brands={"Dentorin": 1.2, "Brilluna": 1.0, "Oriqo": 0.9},
    names="Pearl, Gleam, Minty, Ivory, Sonara, Ripple, Brighten, Molar, Polish, Coral Bay",
    seconds=", Sense, Travel",
    vary=("colour",),
    attributes={
        "colour": pick("white", "black", "mint", "rose gold", "light blue"),
        "technology": pick("sonic", "oscillating", weights=(2, 1)),
        "movements": by(
            "technology",
            {
                "sonic": among("per minute", 31000, 38000, 40000, 48000),
                "oscillating": among("per minute", 7600, 8800, 9000),
            },
        ),
        "cleaning modes": among("modes", 1, 2, 3, 4, 5),
        "pressure sensor": when("second=Sense", flag(1.0), flag(0.3)),
        "timer": flag(1.0),
        "battery life": when(
            "technology=sonic", among("days", 21, 30, 60, 90), among("days", 10, 14, 21)
        ),
        "charging": pick("USB-C", "charging stand"),
        "app": maybe(0.8, flag(0.25)),
        "waterproof": flag(1.0),
        "protection rating": maybe(0.8, pick("IPX7")),
        "travel case": when("second=Travel", flag(1.0), flag(0.3)),
        "brush heads included": among("", 1, 2, 3),
        "noise level": maybe(0.6, among("dB", 55, 58, 62, 65)),
        "weight": number(85, 140, 5, "g"),
        "in the box": listed(
            "handle",
            "[brush heads included>=2] brush heads",
            "[brush heads included<=1] brush head",
            "[charging=USB-C] USB-C cable",
            "[charging=charging stand] charging stand",
            "[travel case] travel case",
        ),
    },
    titles=(
        "{brand} {model} {technology:title} Electric Toothbrush, {colour:title}",
        "{brand} {model} Electric Toothbrush, {colour:title}",
        "[travel case] {brand} {model} Electric Toothbrush with Travel Case, {colour:title}",
    ),
    copy="""
        - [technology=sonic] {movements:number} movements per minute do the work while you hold the
          {model} still.
        - [technology=oscillating] A small round head turns back and forth at {movements:number}
          movements per minute in the {brand} {model}.
        - [travel case] Zip it up and go: the {model} brings its own travel case.
        - [pressure sensor] Brushing too hard? The {brand} {model} notices before your gums do.
        - [battery life>=30] With {battery life} between charges, the {model} goes on holiday
          without its charger.
        - The {brand} {model} in {colour} keeps the daily routine short and thorough.

        - [pressure sensor] The pressure sensor warns you when you press too hard.
        - [!pressure sensor] There is no pressure sensor, so brush with a light hand.

        - [timer] A timer marks the end of each brushing.
        - [timer] The built-in timer tells you when to change sides.

        - [cleaning modes>=2] Choose between {cleaning modes}.
        - [cleaning modes<=1] It has a single mode: on.

        - A charge lasts {battery life} with two brushings a day.
        - [charging=USB-C] It charges by USB-C.
        - [charging=charging stand] It charges on the stand supplied.

        - [app] An app shows which spots you missed.
        - [!app] It works without any app.

        - [waterproof; protection rating] The handle is waterproof ({protection rating}), so it may
          be used in the shower.
        - [waterproof] The handle is waterproof and rinses clean.

        - [!travel case] A travel case is not included.
        - In the box: {in the box}.

        - [brush heads included>=2] {brush heads included} brush heads are included.
        - [brush heads included<=1] One brush head is included.
        - It weighs {weight}.
        - At {noise level} it is one of the calmer brushes in the bathroom.
    """,
    price=lambda f: (
        16
        + 16 * f.holds("technology=sonic")
        + 5 * f.number("cleaning modes")
        + 14 * f.holds("pressure sensor")
        + 18 * f.holds("app")
        + 7 * f.holds("travel case")
        + 0.2 * f.number("battery life")
    ),
    returns="hygiene",
    warranty=24,
)

TYPES = (FACE_CREAMS, SHAMPOO_BARS, TOOTHBRUSHES)
