"""Pet supplies: cat food and dog beds."""

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
from catalog_index.product import Quantity

CAT_FOOD = ProductType(
    code="CF",
    path="Pet Supplies > Cats > Dry Cat Food",
    brands={"Whiskerby": 1.0, "Felidora": 1.2, "Barrow & Burrow": 0.9},
    names="Hunter, Purr, Sofa Tiger, Moonlight, Prowl, Tabby, Velvet Paw, Mouser, Siesta, Whirl",
    seconds=", Sensitive, Grain Free",
    vary=("weight",),
    attributes={
        "weight": among("kg", 0.4, 1.5, 3, 7.5),
        "life stage": pick("kitten", "adult", "senior", weights=(1, 3, 1)),
        "main protein": pick("chicken", "salmon", "duck", "turkey", "insect protein"),
        "protein share": when("life stage=kitten", number(34, 40, 1, "%"), number(28, 37, 1, "%")),
        "fat share": number(12, 20, 1, "%"),
        "fibre share": number(2, 5, 0.5, "%"),
        "grain-free": when("second=Grain Free", flag(1.0), flag(0.2)),
        "carbohydrate source": when(
            "grain-free", pick("potato", "peas", "sweet potato"), pick("rice", "oats", "maize")
        ),
        "suitable for sterilised cats": when("life stage=kitten", flag(0.0), flag(0.5)),
        "hairball control": when("life stage=kitten", flag(0.0), maybe(0.8, flag(0.5))),
        "sensitive digestion": when("second=Sensitive", flag(1.0), flag(0.15)),
        "added sugar": flag(0.0),
        "taurine added": flag(1.0),
        "kibble size": by(
            "life stage",
            {
                "kitten": among("mm", 6, 7),
                "adult": among("mm", 9, 10, 12),
                "senior": among("mm", 8, 9),
            },
        ),
        "daily amount": by(
            "life stage",
            {
                "kitten": among("g", 40, 45),
                "adult": among("g", 50, 55, 60),
                "senior": among("g", 40, 45, 50),
            },
        ),
        "resealable bag": flag(0.7),
        "shelf life": among("months", 12, 15, 18),
    },
    titles=(
        "{brand} {model} Dry Cat Food, {main protein:title}, {weight:raw}",
        "{brand} {model} {life stage:title} Cat Food with {main protein:title}, {weight:raw}",
        "[suitable for sterilised cats] {brand} {model} Sterilised Cat Food, {main "
        "protein:title}, {weight:raw}",
    ),
    copy="""
        - [life stage=kitten] Growing takes energy, so {brand} gives {model} {protein share} protein
          for kittens.
        - [life stage=senior] Older cats eat less and choose better: {model} is made for seniors.
        - [sensitive digestion] When the stomach complains, {model} by {brand} keeps to gentle
          ingredients.
        - [main protein=insect protein] Insects are a rich source of protein, and {model} is built
          on them.
        - [grain-free] {model} leaves out grain and takes {carbohydrate source} in its place.
        - [main protein=salmon] Cats that like fish will hear the {model} bag from two rooms away.
        - A complete dry food with {main protein}, {model} by {brand} is made for {life stage} cats.

        - Protein makes up {protein share} and fat {fat share}.
        - Analysis: protein {protein share}, fat {fat share}, fibre {fibre share}.

        - [grain-free] The recipe is grain-free.
        - [!grain-free] It is not grain-free: {carbohydrate source} provides the carbohydrates.

        - [suitable for sterilised cats] It is suitable for sterilised cats.
        - [!suitable for sterilised cats] The recipe is not meant for sterilised cats.

        - [hairball control] Extra fibre helps against hairballs.
        - [!hairball control] It has no special formula against hairballs.

        - [sensitive digestion] It is easy to digest.
        - [!sensitive digestion] For cats with a delicate stomach, choose another recipe.

        - A cat of average weight eats about {daily amount} a day.
        - Feed about {daily amount} a day and keep fresh water nearby.

        - The kibble measures {kibble size}.
        - Kibble of {kibble size} suits the bite of {life stage} cats.

        - [!added sugar; taurine added] Taurine is added; sugar is not.
        - [!added sugar] There is no added sugar.

        - [resealable bag] The bag reseals.
        - [!resealable bag] The bag is not resealable.
        - Unopened, it keeps for {shelf life}.
        - This bag weighs {weight}.
    """,
    price=lambda f: (
        f.number("weight") ** 0.82
        * (
            6.2
            + 1.6 * f.holds("grain-free")
            + 1.4 * f.holds("main protein=salmon|duck|insect protein")
            + 0.8 * f.holds("sensitive digestion")
        )
    ),
    returns="food",
)


DOG_BEDS = ProductType(
    code="DB",
    path="Pet Supplies > Dogs > Dog Beds",
    brands={"Barrow & Burrow": 1.0, "Pawsden": 1.2, "Houndsley": 1.1},
    names="Snooze, Burrow, Cloud, Basket, Nap, Retriever, Den, Drowse, Hearthrug, Lodge",
    seconds=", Ortho, Donut",
    vary=("colour", "size"),
    attributes={
        "colour": pick("slate grey", "brown", "sand", "forest green", "navy"),
        "size": pick("S", "M", "L", "XL"),
        "shape": by(
            "second",
            {"": pick("cushion", "bolster bed", "cave"), "Ortho": "cushion", "Donut": "donut"},
        ),
        "length": by(
            "size",
            {
                "S": Quantity(60, "cm"),
                "M": Quantity(80, "cm"),
                "L": Quantity(100, "cm"),
                "XL": Quantity(120, "cm"),
            },
        ),
        "suitable for dogs up to": by(
            "size",
            {
                "S": Quantity(10, "kg"),
                "M": Quantity(20, "kg"),
                "L": Quantity(35, "kg"),
                "XL": Quantity(55, "kg"),
            },
        ),
        "filling": when(
            "second=Ortho", pick("memory foam"), pick("recycled polyester fibre", "foam flakes")
        ),
        "orthopaedic": when("second=Ortho", flag(1.0), flag(0.0)),
        "foam height": when("orthopaedic", among("cm", 8, 10, 12)),
        "cover material": pick("cotton canvas", "faux suede", "plush", "corduroy"),
        "removable cover": flag(0.8),
        "machine washable": when("removable cover", flag(0.95), flag(0.2)),
        "washing": when("machine washable", pick("30 °C", "40 °C")),
        "non-slip base": flag(0.75),
        "water-repellent base": maybe(0.7, flag(0.5)),
        "chew resistant": maybe(0.6, flag(0.2)),
        "weight": scaled("length", 0.035, -0.8, 0.1, "kg"),
    },
    titles=(
        "{brand} {model} Dog Bed, Size {size}, {colour:title}",
        "[orthopaedic] {brand} {model} Orthopaedic Dog Bed, {colour:title}, {size}",
        "{brand} {model} Dog {shape:title}, {cover material:title}, {colour:title}, {size}",
    ),
    copy="""
        - [orthopaedic] Older joints rest better on memory foam, and the {model} has {foam height}
          of it.
        - [shape=donut] Round and deep, the {brand} {model} is a nest for dogs that sleep curled up.
        - [shape=cave] Some dogs like a roof over their head; the {model} is a cave for them.
        - [shape=bolster bed] A raised rim gives the {brand} {model} a pillow on every side.
        - [size=XL] Big dogs take up space, and the {model} in size XL grants it: {length} of it.
        - [size=S] For small dogs, the {brand} {model} is just the right corner.
        - The {brand} {model} in {colour} {cover material} gives your dog a place of its own.

        - This size is {length} long and suits dogs of up to {suitable for dogs up to}.
        - Size {size} suits dogs of up to {suitable for dogs up to}.

        - The filling is {filling}.
        - It is filled with {filling} under a cover of {cover material}.

        - [removable cover; machine washable] The cover zips off and goes into the washing machine
          at {washing}.
        - [removable cover; !machine washable] The cover comes off, but it is not machine washable.
        - [!removable cover; machine washable] The bed is machine washable as a whole at {washing}.
        - [!removable cover; !machine washable] The cover is not removable; vacuum it and wipe it
          with a damp cloth.

        - [non-slip base] Nubs on the base stop it from sliding on tiles.
        - [!non-slip base] The base is smooth, without a non-slip finish.

        - [water-repellent base] The base is water-repellent.
        - [!water-repellent base] The base is not water-repellent, so keep it on dry floors.

        - [chew resistant] The seams are reinforced and chew resistant.
        - [!chew resistant] It is not chew resistant and best left to calm sleepers.

        - [orthopaedic] It is orthopaedic.
        - [!orthopaedic] It is a soft bed for healthy dogs, not an orthopaedic one.

        - It weighs {weight}.
        - The {cover material} cover is pleasant in winter and summer.
        - It comes in {colour}, and hairs brush off easily.
    """,
    price=lambda f: (
        {"S": 18, "M": 29, "L": 42, "XL": 58}[str(f["size"])]
        * (1 + 0.6 * f.holds("orthopaedic") + 0.12 * f.holds("removable cover"))
        + 4 * f.holds("non-slip base")
    ),
    returns="standard",
    warranty=24,
    largest_group=4,
)


TYPES = (
    CAT_FOOD,
    DOG_BEDS,
)
