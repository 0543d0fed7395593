"""Grocery: coffee and tea."""

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
    several,
    when,
)

COFFEE = ProductType(
    code="CB",
    path="Grocery > Hot Drinks > Coffee",
    brands={"Caldovani": 1.15, "Ninefold Roastery": 1.0, "Kaffelund": 0.9},
    names=(
        "Harbour, Lighthouse, Foghorn, Daybreak, Velvet, Cascade, Old Town, Ember, Sparrow, Monsoon"
    ),
    seconds="Blend, Espresso, Single Origin",
    vary=("weight",),
    attributes={
        "weight": among("g", 250, 500, 1000),
        "form": pick("whole bean", "ground", weights=(4, 1)),
        "beans": when(
            "second=Single Origin",
            pick("100% arabica"),
            pick("100% arabica", "80% arabica, 20% robusta", "60% arabica, 40% robusta"),
        ),
        "origin": when(
            "second=Single Origin",
            pick("Ethiopia", "Colombia", "Guatemala", "Kenya", "Peru"),
            pick("Brazil and India", "Brazil and Colombia", "Honduras and Vietnam"),
        ),
        "roast": when(
            "second=Espresso", pick("medium-dark", "dark"), pick("light", "medium", "medium-dark")
        ),
        "tasting notes": by(
            "roast",
            {
                "light": several(2, 3, "bergamot", "apricot", "jasmine", "red berries"),
                "medium": several(2, 3, "hazelnut", "caramel", "red apple", "milk chocolate"),
                "medium-dark": several(
                    2, 3, "dark chocolate", "roasted almond", "toffee", "dried fig"
                ),
                "dark": several(2, 3, "cocoa", "walnut", "molasses", "smoke"),
            },
        ),
        "acidity": by(
            "roast", {"light": "lively", "medium": "mild", "medium-dark": "low", "dark": "very low"}
        ),
        "best for": when(
            "second=Espresso",
            several(1, 2, "espresso", "moka pot"),
            several(2, 3, "filter", "French press", "moka pot", "cold brew"),
        ),
        "decaffeinated": flag(0.15),
        "organic": flag(0.4),
        "fairtrade": maybe(0.8, flag(0.45)),
        "altitude": when("second=Single Origin", maybe(0.8, number(1200, 2000, 50, "m"))),
        "processing": when("second=Single Origin", pick("washed", "natural", "honey")),
        "shelf life": among("months", 9, 12, 18),
        "resealable bag": flag(0.8),
    },
    titles=(
        "[form=whole bean] {brand} {model} Coffee Beans, {roast:title} Roast, {weight:raw}",
        "[form=ground] {brand} {model} Ground Coffee, {roast:title} Roast, {weight:raw}",
        "[decaffeinated] {brand} {model} Decaf Coffee, {weight:raw}",
    ),
    copy="""
        - [roast=light] Bright as the first hour of the day, {model} is a light roast with notes of
          {tasting notes}.
        - [roast=dark] Short, dark and thick: {brand} roasts {model} for people who like their
          coffee strong in taste.
        - [second=Single Origin] All the beans in {model} come from {origin}.
        - [decaffeinated] An evening cup without regrets, {model} by {brand} is decaffeinated.
        - [roast=medium] {model} is the coffee for every morning, with {tasting notes} in the cup.
        - [roast=medium-dark] Notes of {tasting notes} meet in {model}, a medium-dark roast by
          {brand}.
        - {brand} calls this roast {model}: {beans}, from {origin}.

        - In the cup you will find {tasting notes}.
        - It tastes of {tasting notes}.

        - Acidity is {acidity}.
        - The roast is {roast}, with {acidity} acidity.

        - It suits {best for}.
        - We like it best from {best for}.

        - [form=whole bean] The beans come whole; grind them shortly before brewing.
        - [form=ground] It is ground and ready to brew.

        - [decaffeinated] The caffeine is taken out gently.
        - [!decaffeinated] It contains caffeine and is not decaffeinated.

        - [organic] It is certified organic.
        - [!organic] It is not certified organic.

        - [fairtrade] Growers are paid the Fairtrade price.
        - [!fairtrade] It does not carry the Fairtrade mark.

        - The beans are {beans}.
        - Grown at {altitude}, the beans are {processing}-processed.
        - Origin: {origin}.

        - [resealable bag] The bag closes again after each use.
        - [!resealable bag] The bag is not resealable, so move the coffee to a tin.
        - Sealed, it keeps for {shelf life}.
        - This bag holds {weight}.
    """,
    price=lambda f: (
        (f.number("weight") / 250) ** 0.88
        * (
            5.2
            + 1.8 * f.holds("second=Single Origin")
            + 0.9 * f.holds("organic")
            + 0.6 * f.holds("fairtrade")
            + 0.8 * f.holds("decaffeinated")
            + 0.8 * f.holds("beans=100% arabica")
        )
    ),
    returns="food",
)


TEAS = ProductType(
    code="TE",
    path="Grocery > Hot Drinks > Tea",
    brands={"Leafwright": 1.1, "Kettle Lane": 0.9, "Mossdale Tea": 1.0},
    names=(
        "Misty Terrace, Garden Gate, Silver Pot, Rainy Day, First Light, Quiet Hour, "
        "Sunday, Riverbank, Hedgerow, Lantern, Old Ferry, Orchard, Two Clouds, Windfall, Porch"
    ),
    seconds=", Reserve, Everyday",
    vary=(),
    attributes={
        "tea type": pick(
            "black tea", "green tea", "oolong", "rooibos", "herbal infusion", "white tea"
        ),
        "form": pick("loose leaf", "tea bags"),
        "bags": when("form=tea bags", among("bags", 15, 20, 25, 40, 50)),
        "weight": when(
            "form=tea bags", scaled("bags", 1.9, 0, 5, "g"), among("g", 80, 100, 150, 250)
        ),
        "flavour": by(
            "tea type",
            {
                "black tea": pick("malty", "bergamot", "vanilla", "smoky"),
                "green tea": pick("grassy", "jasmine", "nutty", "lemon peel"),
                "oolong": pick("buttery", "flowery"),
                "rooibos": pick("plain and sweet", "orange", "vanilla"),
                "herbal infusion": pick(
                    "peppermint", "camomile and lavender", "ginger and lemon", "fennel and anise"
                ),
                "white tea": pick("delicate", "peach"),
            },
        ),
        "origin": by(
            "tea type",
            {
                "black tea": pick("India", "Sri Lanka", "Kenya"),
                "green tea": pick("Japan", "China"),
                "oolong": pick("Taiwan", "China"),
                "rooibos": "South Africa",
                "herbal infusion": pick("Germany", "Egypt", "Croatia"),
                "white tea": "China",
            },
        ),
        "caffeine": by(
            "tea type",
            {
                "black tea": "high",
                "green tea": "medium",
                "oolong": "medium",
                "rooibos": "none",
                "herbal infusion": "none",
                "white tea": "low",
            },
        ),
        "brewing temperature": by(
            "tea type",
            {
                "black tea": among("°C", 95, 100),
                "green tea": among("°C", 70, 75, 80),
                "oolong": among("°C", 85, 90),
                "rooibos": among("°C", 100),
                "herbal infusion": among("°C", 100),
                "white tea": among("°C", 75, 80),
            },
        ),
        "brewing time": by(
            "tea type",
            {
                "black tea": among("min", 3, 4, 5),
                "green tea": among("min", 2, 3),
                "oolong": among("min", 3, 4),
                "rooibos": among("min", 6, 8),
                "herbal infusion": among("min", 6, 8, 10),
                "white tea": among("min", 3, 4),
            },
        ),
        "organic": flag(0.5),
        "fairtrade": maybe(0.6, flag(0.4)),
        "plastic-free bags": when("form=tea bags", maybe(0.8, flag(0.7))),
        "packaging": when("form=tea bags", pick("carton", "tin"), pick("tin", "paper pouch")),
        "shelf life": among("months", 18, 24, 36),
        "vegan": flag(1.0),
    },
    titles=(
        "{brand} {model} {tea type:title}, {weight:raw}",
        "[form=tea bags] {brand} {model} {tea type:title}, {bags:raw}",
        "[organic] {brand} {model} Organic {tea type:title}, {weight:raw}",
    ),
    copy="""
        - [caffeine=none] Free from caffeine by nature, {model} is a {tea type} for late hours.
        - [caffeine=high] A tea that wakes the house: {model} by {brand} is black and full-bodied.
        - [tea type=green tea] Keep the water well below the boil and {model} repays you with a
          soft, clear cup of green tea.
        - [tea type=oolong] Between green and black lies oolong, and {model} shows why people stay
          there.
        - [tea type=white tea] White tea is for patient mornings; {model} by {brand} is one of them.
        - [tea type=rooibos] Red in the cup and mild on the tongue, {model} is a rooibos for all
          ages.
        - [form=loose leaf] {brand} packs {model} as whole leaves, with room to unfold in the pot.

        - Flavour: {flavour}.
        - On the tongue: {flavour}.

        - Brew it at {brewing temperature} for {brewing time}.
        - For the best cup, use water of {brewing temperature} and wait {brewing time}.

        - [caffeine!=none] The caffeine content is {caffeine}.
        - [caffeine=none] It contains no caffeine.

        - It grows in {origin}.
        - Origin: {origin}.

        - [organic] It is certified organic.
        - [!organic] It is not certified organic.

        - [fairtrade] It carries the Fairtrade mark.
        - [!fairtrade] It does not carry the Fairtrade mark.

        - [form=tea bags] The pack holds {bags}, {weight} in all.
        - [form=loose leaf] The pack holds {weight} of loose leaf.

        - [plastic-free bags] The bags are plastic-free.
        - [!plastic-free bags] The bags are sealed with a thin film and not plastic-free.

        - [packaging=tin] The tin keeps light and air out.
        - [packaging=carton] It comes in a carton.
        - [packaging=paper pouch] It comes in a paper pouch; a tin at home keeps it fresh.

        - It keeps for {shelf life} in a dry, dark place.
        - [vegan] There is nothing of animal origin in it.
    """,
    price=lambda f: (
        2.2
        + 0.045 * f.number("weight")
        + 1.2 * f.holds("organic")
        + 0.8 * f.holds("packaging=tin")
        + 3.5 * f.holds("tea type=white tea|oolong")
    ),
    returns="food",
)


TYPES = (
    COFFEE,
    TEAS,
)
