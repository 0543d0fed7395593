"""Sports and luggage: yoga mats and cabin suitcases."""

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

YOGA_MATS = ProductType(
    code="YM",
    path="Sports > Yoga > Yoga Mats",
    brands={"Asanelle": 1.25, "Stillmere": 1.0, "Sunmoor": 0.85},
    names="Lotus, Breath, Ground, Sunrise, Flow, Root, Cobra, Still, Om Bay, Crescent",
    seconds=", Pro, Travel",
    vary=("colour",),
    attributes={
        "colour": pick("teal", "blush", "charcoal", "olive", "navy", "mustard"),
        "material": pick(
            "natural rubber", "cork and natural rubber", "TPE", "PVC", "jute and PER foam"
        ),
        "thickness": when(
            "second=Travel",
            among("mm", 1.5, 2),
            when("second=Pro", among("mm", 4, 5, 6), among("mm", 4, 5, 6, 8)),
        ),
        "length": among("cm", 173, 180, 183, 200),
        "width": among("cm", 60, 61, 66),
        "weight": when(
            "material=TPE|PVC|jute and PER foam",
            scaled("thickness", 0.24, 0.15, 0.05, "kg"),
            scaled("thickness", 0.5, 0.3, 0.05, "kg"),
        ),
        "non-slip": flag(0.85),
        "latex-free": when("material=natural rubber|cork and natural rubber", flag(0.0), flag(1.0)),
        "pvc-free": when("material=PVC", flag(0.0), flag(1.0)),
        "foldable": when("second=Travel", flag(1.0), flag(0.0)),
        "alignment lines": flag(0.35),
        "reversible": flag(0.6),
        "carrying strap": flag(0.6),
        "machine washable": when("second=Travel", flag(0.6), maybe(0.8, flag(0.0))),
        "recommended for": when(
            "thickness>=6",
            several(2, 3, "yin yoga", "pilates", "stretching"),
            several(2, 3, "vinyasa", "hatha", "ashtanga"),
        ),
        "made in": maybe(0.6, pick("Portugal", "Germany", "Taiwan")),
    },
    titles=(
        "{brand} {model} Yoga Mat, {thickness:raw}, {colour:title}",
        "{brand} {model} {material:title} Yoga Mat, {colour:title}",
        "[length>=200] {brand} {model} Extra-Long Yoga Mat, {length:raw}, {colour:title}",
    ),
    copy="""
        - [second=Travel] Folded into a suitcase, the {model} takes your practice along at
          {thickness} thin.
        - [thickness>=6] Knees will thank you for the {thickness} of the {brand} {model}.
        - [material=cork and natural rubber] Cork grips better the warmer your hands get, and the
          {model} is covered in it.
        - [material=natural rubber] Natural rubber gives the {brand} {model} its firm, calm hold on
          the floor.
        - [length>=200] Tall people no longer end on the floorboards: the {model} is {length} long.
        - [material=jute and PER foam] Woven jute gives the surface of the {model} a dry, earthy
          touch.
        - Roll out the {brand} {model} in {colour} and the room grows quieter.

        - [non-slip] The surface is non-slip.
        - [!non-slip] The surface is smooth and not non-slip, so lay a towel over it for sweaty
          sessions.

        - It measures {length} by {width}.
        - With {length} by {width}, there is room for a full stretch.

        - [latex-free] It is latex-free.
        - [!latex-free] It contains natural latex and is not for people with a latex allergy.

        - [pvc-free] It is PVC-free.
        - [!pvc-free] It is made of PVC, hard-wearing and easy to wipe.

        - [alignment lines] Alignment lines help to place hands and feet.
        - [!alignment lines] The surface is plain, without alignment lines.

        - [reversible] Both sides may be used.
        - [!reversible] Only one side is meant for practice.

        - [carrying strap] A carrying strap is included.
        - [!carrying strap] It comes without a strap.

        - [machine washable] It is machine washable on a cold cycle.
        - [!machine washable] It is not machine washable; wipe it with a damp cloth.

        - It suits {recommended for}.
        - We recommend it for {recommended for}.

        - It weighs {weight} at a thickness of {thickness}.
        - The material is {material}.
        - [made in] It is made in {made in}.
    """,
    price=lambda f: (
        12
        + {
            "natural rubber": 38,
            "cork and natural rubber": 46,
            "TPE": 14,
            "PVC": 8,
            "jute and PER foam": 20,
        }[str(f["material"])]
        + 1.5 * f.number("thickness")
        + 0.05 * f.number("length")
        + 4 * f.holds("alignment lines")
        + 3 * f.holds("carrying strap")
    ),
    returns="standard",
    warranty=24,
)


SUITCASES = ProductType(
    code="CS",
    path="Luggage > Suitcases > Cabin Suitcases",
    brands={"Portello": 1.25, "Wayfarer & Sons": 1.1, "Camp Corrie": 0.8},
    names=(
        "Gate, Jetway, Concourse, Layover, Meridian, Terminal, Avion, Stopover, Passage, "
        "Window Seat"
    ),
    seconds=", Pro, Weekend",
    vary=("colour",),
    attributes={
        "colour": pick("black", "navy", "rose gold", "forest green", "silver", "mustard"),
        "shell": pick("polycarbonate", "recycled polypropylene", "aluminium", "polyester fabric"),
        "capacity": when(
            "shell=polyester fabric", among("l", 36, 39, 42), among("l", 32, 35, 38, 40)
        ),
        "height": among("cm", 55),
        "width": among("cm", 35, 38, 40),
        "depth": among("cm", 20, 22, 23),
        "weight": by(
            "shell",
            {
                "polycarbonate": number(2.2, 3, 0.1, "kg"),
                "recycled polypropylene": number(2.1, 2.8, 0.1, "kg"),
                "aluminium": number(3.9, 4.7, 0.1, "kg"),
                "polyester fabric": number(1.8, 2.5, 0.1, "kg"),
            },
        ),
        "wheels": pick(
            "4 double spinner wheels", "4 spinner wheels", "2 wheels", weights=(3, 3, 1)
        ),
        "lock": pick("TSA combination lock", "combination lock", "none", weights=(4, 1, 1)),
        "closure": when(
            "shell=aluminium",
            pick("latches"),
            when("shell=polyester fabric", pick("zip"), pick("zip", "latches", weights=(4, 1))),
        ),
        "expandable": when("closure=zip", flag(0.4), flag(0.0)),
        "laptop compartment": flag(0.35),
        "usb port": maybe(0.8, flag(0.2)),
        "laundry bag included": maybe(0.8, flag(0.4)),
        "telescopic handle": pick("2-stage", "3-stage", "4-stage"),
        "water-repellent": when("shell=polyester fabric", flag(0.6), flag(1.0)),
        "lining": maybe(0.7, pick("recycled polyester")),
    },
    titles=(
        "{brand} {model} Cabin Suitcase, {capacity:raw}, {colour:title}",
        "{brand} {model} {shell:title} Cabin Suitcase, {colour:title}",
        "[laptop compartment] {brand} {model} Business Cabin Suitcase, {capacity:raw}, "
        "{colour:title}",
    ),
    copy="""
        - [shell=aluminium] Aluminium collects dents like stamps in a passport, and the {model}
          wears them well.
        - [weight<=2.3] Airlines count kilograms; the {brand} {model} starts at {weight}.
        - [laptop compartment] At security, open one compartment of the {model} and the laptop is
          out.
        - [wheels=4 double spinner wheels] Four double wheels let the {model} glide beside you
          through the terminal.
        - [shell=polyester fabric] Soft-sided and easy to squeeze into the locker, the {brand}
          {model} is made of polyester fabric.
        - [expandable] Room for a souvenir: the {model} expands with the turn of a zip.
        - The {brand} {model} in {colour} holds {capacity} for a long weekend.

        - It measures {height:number} x {width:number} x {depth}, wheels included.
        - With {height:number} x {width:number} x {depth}, it fits most cabin rules; check yours
          before you fly.

        - [lock=TSA combination lock] A TSA combination lock lets customs open it without a crowbar.
        - [lock=combination lock] It has a combination lock.
        - [lock=none] It comes without a lock.

        - [wheels!=2 wheels] It rolls on {wheels}.
        - [wheels=2 wheels] It rolls on two wheels, which like cobblestones better than four.

        - [expandable] It is expandable.
        - [!expandable] It is not expandable.

        - [laptop compartment] A padded compartment takes a laptop.
        - [!laptop compartment] There is no laptop compartment.

        - [usb port] A USB port connects to your own power bank inside.
        - [!usb port] A USB port is not fitted.

        - [laundry bag included] A laundry bag is included.
        - [!laundry bag included] A laundry bag is not included.

        - [water-repellent] The shell is water-repellent.
        - [!water-repellent] The fabric is not water-repellent.

        - The shell is {shell}, and the whole case weighs {weight}.
        - Empty, it weighs {weight}.
        - The handle is {telescopic handle}, and the closure is by {closure}.
    """,
    price=lambda f: (
        {
            "polycarbonate": 75,
            "recycled polypropylene": 65,
            "aluminium": 240,
            "polyester fabric": 50,
        }[str(f["shell"])]
        + 14 * f.holds("wheels=4 double spinner wheels")
        + 12 * f.holds("lock=TSA combination lock")
        + 18 * f.holds("laptop compartment")
        + 10 * f.holds("expandable")
        + 8 * f.holds("usb port")
    ),
    returns="fashion",
    warranty=60,
)


TYPES = (
    YOGA_MATS,
    SUITCASES,
)
