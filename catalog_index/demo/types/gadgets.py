"""Gadgets: smartwatches, power banks, electric toothbrushes."""

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
    when,
)

_MADE_IN = maybe(0.7, pick("Taiwan", "Vietnam", "Malaysia", "Germany"))

SMARTWATCHES = ProductType(
    code="SW",
    path="Electronics > Wearables > Smartwatches",
    brands={"Vantrel": 1.2, "Oriqo": 1.0, "Tesselby": 0.85},
    names="Orbit, Tempo, Stride, Quasar, Lumo, Summit, Cadence, Equinox, Nimbus, Corsa",
    seconds=", S, Active",
    vary=("colour",),
    attributes={
        "colour": pick("black", "silver", "rose gold", "navy", "olive"),
        "display size": among("inch", 1.3, 1.4, 1.6, 1.8, 1.9),
        "display type": pick("AMOLED", "LCD", weights=(2, 1)),
        "always-on display": when("display type=AMOLED", flag(0.6), flag(0.0)),
        "battery life": by(
            "display type", {"AMOLED": number(4, 12, 1, "days"), "LCD": number(7, 18, 1, "days")}
        ),
        "gps": flag(0.65),
        "water resistance": among("m", 30, 50, 100),
        "heart rate monitor": flag(0.95),
        "blood oxygen sensor": maybe(0.8, flag(0.6)),
        "contactless payment": maybe(0.85, flag(0.45)),
        "phone calls": flag(0.5),
        "sport modes": number(20, 120, 10, "modes"),
        "case material": pick("aluminium", "stainless steel", "glass-fibre plastic"),
        "strap material": pick("silicone", "woven nylon", "vegan leather", "steel mesh"),
        "strap width": among("mm", 18, 20, 22),
        "works with": pick("Android and iOS", "Android", weights=(6, 1)),
        "weight": number(28, 58, 1, "g"),
    },
    titles=(
        "{brand} {model} Smartwatch, {display size:raw} {display type}, {colour:title}",
        "[gps] {brand} {model} GPS Smartwatch, {colour:title}",
        "{brand} {model} Smartwatch with {strap material:title} Strap, {colour:title}",
    ),
    copy="""
        - [gps] The {model} tracks your route with built-in GPS and your day with everything else.
        - A {display size:-} {display type} screen, {battery life} between charges: the {brand}
          {model} keeps the essentials on your wrist.
        - [weight<=38] Weighing {weight}, the {model} is a smartwatch that you stop noticing by
          lunchtime.
        - [case material=stainless steel] A stainless steel case gives the {brand} {model} the
          manners of a classic watch.
        - Steps, sleep, messages and {sport modes} for sport: the {model} in {colour} covers the
          week.
        - For early runs and late meetings alike, the {brand} {model} pairs a(n) {case material}
          case with a {strap material} strap.

        - [gps] GPS is on board, so the phone may stay at home.
        - [!gps] There is no GPS in the watch itself; routes come from the phone that you carry.

        - A charge lasts up to {battery life} in everyday use.
        - [battery life>=10] You will charge it about as often as you water the plants: every
          {battery life}.
        - Battery life is {battery life} with notifications on.

        - [always-on display] The always-on display shows the time without a flick of the wrist.
        - [!always-on display] The display wakes when you raise your wrist; it has no always-on
          mode.

        - Water resistance to {water resistance} covers rain and hand washing.
        - [water resistance>=50] It is made for the pool as well, water resistant to {water
          resistance}.

        - [heart rate monitor; blood oxygen sensor] Sensors read heart rate and blood oxygen.
        - [heart rate monitor] The heart rate monitor runs day and night.
        - [!heart rate monitor] It does not have a heart rate monitor.

        - [contactless payment] Contactless payment lets you buy a coffee without a wallet.
        - [!contactless payment] Contactless payment is not supported.

        - [phone calls] You can take phone calls on the watch through its speaker.
        - [!phone calls] Calls ring on the wrist but are not answered there.

        - The {strap material} strap is {strap width} wide and swaps without tools.
        - It comes on a(n) {strap width:-} strap of {strap material}.

        - It works with {works with} phones.
        - For use with {works with}.

        - Choose from {sport modes} for sport, from rowing to dancing.
        - The case is {case material}, and the whole watch weighs {weight}.
    """,
    price=lambda f: (
        45
        + 40 * f.holds("display type=AMOLED")
        + 45 * f.holds("gps")
        + 25 * f.holds("contactless payment")
        + 20 * f.holds("phone calls")
        + 35 * f.holds("case material=stainless steel")
        + 15 * f.holds("strap material=steel mesh")
        + 0.3 * f.number("water resistance")
    ),
    returns="standard",
    warranty=24,
)

POWER_BANKS = ProductType(
    code="PB",
    path="Electronics > Mobile Accessories > Power Banks",
    brands={"Oriqo": 1.1, "Vantrel": 1.2, "Bramblewave": 0.85},
    names="Reserve, Ember, Relay, Bolt, Cargo, Voltra, Canteen, Sprint, Depot, Beacon",
    seconds=", II, Go",
    vary=("colour",),
    attributes={
        "colour": pick("black", "white", "slate grey", "mint", "navy"),
        "capacity": among("mAh", 5000, 10000, 15000, 20000, 26800),
        "maximum output": among("W", 15, 20, 30, 45, 65),
        "usb-c ports": among("", 1, 2),
        "usb-a ports": among("", 0, 1, 2),
        "wireless charging": when("capacity<=15000", flag(0.3), flag(0.0)),
        "pass-through charging": maybe(0.75, flag(0.5)),
        "display": pick("digital percentage", "four LEDs"),
        "charging time": scaled("capacity", 0.00017, 1.2, 0.5, "h"),
        "weight": scaled("capacity", 0.0165, 55, 5, "g"),
        "length": scaled("capacity", 0.0021, 92, 1, "mm"),
        "housing material": pick("aluminium", "recycled plastic", "soft-touch plastic"),
        "built-in cable": flag(0.25),
        "allowed in cabin luggage": flag(1.0),
        "in the box": listed("power bank", "USB-C cable", "quick guide"),
        "made in": _MADE_IN,
    },
    titles=(
        "{brand} {model} Power Bank, {capacity:raw}, {colour:title}",
        "{brand} {model} {capacity:raw} Power Bank with {maximum output:raw} USB-C, {colour:title}",
    ),
    copy="""
        - [capacity<=10000] A pocket-sized reserve for long days, the {model} stores {capacity} in
          {weight}.
        - [capacity>=20000] Packing for a weekend away from sockets? The {brand} {model} carries
          {capacity}.
        - [maximum output>=45] With {maximum output} on tap, the {model} charges laptops as readily
          as phones.
        - [wireless charging] Lay the phone down and it charges: the {model} works with or without a
          cable.
        - The {brand} {model} keeps {capacity} of power in a {colour} case of {housing material}.
        - Flat batteries rarely wait for a good moment; the {model} answers with {capacity}.

        - Its strongest port delivers up to {maximum output}.
        - Output peaks at {maximum output}.
        - [maximum output<=20] An output of {maximum output} suits phones, earbuds and cameras.

        - [wireless charging] Wireless charging is built into the lid.
        - [!wireless charging] Charging is by cable; there is no wireless charging pad.

        - [pass-through charging] Pass-through charging fills the bank and the phone together.
        - [!pass-through charging] It does not offer pass-through charging, so fill it first.

        - [built-in cable] A built-in cable means one thing less to forget.
        - [!built-in cable] The cable is separate, not built in, and comes in the box.

        - [display=digital percentage] A digital display shows the charge left in percent.
        - [display=four LEDs] A row of LEDs shows how much is left.

        - Recharging the bank itself takes about {charging time}.
        - Allow {charging time} for a full recharge through USB-C.

        - At {length} long and {weight}, it fits a bag's side pocket.
        - The {housing material} case is {length} long.

        - [allowed in cabin luggage] You may take it in cabin luggage on most flights.

        - [usb-a ports=0] Ports are USB-C only, with no USB-A socket.
        - Ports: USB-C x {usb-c ports}, USB-A x {usb-a ports}.

        - In the box: {in the box}.
    """,
    price=lambda f: (
        8
        + 0.0014 * f.number("capacity")
        + 0.35 * f.number("maximum output")
        + 8 * f.holds("wireless charging")
        + 3 * f.holds("built-in cable")
    ),
    returns="standard",
    warranty=24,
)

TYPES = (SMARTWATCHES, POWER_BANKS)
