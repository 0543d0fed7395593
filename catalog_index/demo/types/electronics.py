"""Audio: headphones and speakers."""

from __future__ import annotations

from catalog_index.demo.dsl import (
    ProductType,
    among,
    flag,
    listed,
    maybe,
    number,
    pick,
    scaled,
    several,
    when,
)

_MADE_IN = maybe(0.7, pick("Taiwan", "Vietnam", "Malaysia", "Germany"))

HEADPHONES = ProductType(
    code="HP",
    path="Electronics > Audio > Over-Ear Headphones",
    brands={"Aurivane": 1.25, "Klangmoor": 1.0, "Tesselby": 0.85},
    names="Cantus, Merrow, Ostina, Vesper, Halden, Quaver, Largo, Solace, Riffle, Tenora",
    seconds=", II, Air",
    vary=("colour",),
    attributes={
        "colour": pick("black", "white", "navy", "sand", "forest green", "burgundy"),
        "connection": pick("wireless", "wired", weights=(3, 1)),
        "bluetooth version": when("connection=wireless", pick("5.2", "5.3", "5.4")),
        "audio codecs": when("connection=wireless", several(1, 3, "SBC", "AAC", "aptX", "LDAC")),
        "noise cancelling": when("connection=wireless", flag(0.6), flag(0.0)),
        "battery life": when("connection=wireless", number(24, 60, 4, "h")),
        "charging time": when("connection=wireless", among("h", 1.5, 2, 2.5, 3)),
        "charging port": when("connection=wireless", pick("USB-C")),
        "cable length": when("connection=wired", among("m", 1.2, 1.5, 2, 3)),
        "plug": when("connection=wired", pick("3.5 mm jack", "3.5 mm jack with 6.3 mm adapter")),
        "driver size": among("mm", 32, 40, 45, 50),
        "impedance": maybe(0.6, among("ohm", 16, 24, 32, 38, 64)),
        "weight": number(195, 330, 5, "g"),
        "foldable": flag(0.65),
        "microphone": when("connection=wireless", flag(0.95), flag(0.4)),
        "water resistant": maybe(0.75, flag(0.2)),
        "ear cushion material": pick("vegan leather", "velour", "lambskin", "memory foam mesh"),
        "in the box": listed(
            "headphones",
            "[charging port] USB-C charging cable",
            "[cable length] audio cable",
            "[foldable] carrying pouch",
        ),
        "made in": _MADE_IN,
    },
    titles=(
        "[noise cancelling] {brand} {model} Noise-Cancelling Over-Ear Headphones, {colour:title}",
        "[!noise cancelling] {brand} {model} Over-Ear Headphones, {connection:title}, "
        "{colour:title}",
        "{brand} {model} {connection:title} Headphones, {driver size:raw} Drivers, {colour:title}",
    ),
    copy="""
        - [connection=wireless] Leave the cable at home: the {model} plays over Bluetooth {bluetooth
          version} and wraps both ears in {ear cushion material}.
        - [connection=wired] The {model} is a wired pair for people who would rather plug in than
          think about charging.
        - [noise cancelling] When the train gets loud, the {brand} {model} cancels the hum and lets
          the music through.
        - {driver size:-} drivers and {ear cushion material} cushions give the {brand} {model} its
          calm, full sound.
        - [weight<=240] At {weight}, the {model} is light enough to forget during a long playlist.
        - Made for evenings of listening, the {brand} {model} in {colour} keeps its shape simple and
          its sound open.
        - [weight>=280] A solid {weight} pair with a studio look, the {model} sits firmly and shuts
          the room out.

        - [battery life>=44] Charge it on Sunday and forget it: the battery lasts up to {battery
          life}.
        - One charge gives up to {battery life} of playback, and a full charge takes {charging
          time}.
        - Expect {battery life} between charges over {charging port}.
        - [connection=wired] There is no battery to run down; the {cable length} cable ends in a
          {plug}.
        - [connection=wired] The cable measures {cable length}, and the plug is a {plug}.

        - [noise cancelling] Active noise cancelling quiets engines, fans and open-plan chatter.
        - [noise cancelling] Switch on the noise cancelling and low rumble falls away.
        - [!noise cancelling; connection=wireless] It has no active noise cancelling; the closed
          cups keep out some of the room by themselves.
        - [!noise cancelling; connection=wired] There is no noise cancelling circuit between you and
          the recording.

        - [foldable] The cups fold flat, so it slips into a bag with the pouch supplied.
        - [foldable] Folded, it takes up little of a backpack.
        - [!foldable] The headband does not fold, which keeps the frame stiff and free of creaking
          joints.

        - [microphone] A built-in microphone takes calls without fuss.
        - [microphone] Calls come through the built-in microphone.
        - [!microphone] This pair has no microphone, so it is for listening only.

        - Soft {ear cushion material} pads spread the {weight} evenly.
        - The cushions are {ear cushion material}, gentle on glasses and ears alike.
        - Pads of {ear cushion material} stay comfortable through a film and its sequel.

        - Supported codecs: {audio codecs}.
        - It speaks {audio codecs}, so most phones and tablets get along with it.
        - An impedance of {impedance} suits phones and laptops without an extra amplifier.

        - [water resistant] It is water resistant, so a shower of rain on the way home is fine.
        - [!water resistant] It is not water resistant; keep it out of the rain.

        - In the box: {in the box}.
        - You get the {in the box}.

        - The {driver size:-} drivers handle bass lines and voices with equal ease.
        - Inside each cup works a {driver size:-} driver.
    """,
    price=lambda f: (
        38
        + 60 * f.holds("connection=wireless")
        + 70 * f.holds("noise cancelling")
        + 1.1 * f.number("battery life")
        + 25 * f.holds("ear cushion material=lambskin")
        + 0.8 * f.number("driver size")
    ),
    returns="standard",
    warranty=24,
)

SPEAKERS = ProductType(
    code="SP",
    path="Electronics > Audio > Bluetooth Speakers",
    brands={"Klangmoor": 1.1, "Tesselby": 0.9, "Bramblewave": 1.0},
    names="Pebble, Drift, Bosun, Otter, Lantern, Kite, Marl, Rumba, Fjell, Dune",
    seconds=", Mini, Go",
    vary=("colour",),
    attributes={
        "colour": pick("black", "teal", "coral", "sand", "navy", "mint"),
        "output power": when("second=Mini", among("W", 5, 8), among("W", 8, 12, 20, 30, 40)),
        "battery life": number(8, 28, 2, "h"),
        "charging time": among("h", 2, 2.5, 3, 3.5, 4),
        "bluetooth version": pick("5.1", "5.3", "5.4"),
        "wireless range": among("m", 10, 15, 30),
        "waterproof": flag(0.55),
        "protection rating": when("waterproof", pick("IP67", "IPX7"), maybe(0.5, pick("IPX4"))),
        "floats": when("protection rating=IP67", flag(0.6), maybe(0.4, flag(0.0))),
        "stereo pairing": flag(0.6),
        "aux input": flag(0.4),
        "fm radio": maybe(0.8, flag(0.25)),
        "speakerphone": maybe(0.8, flag(0.6)),
        "weight": scaled("output power", 24, 160, 10, "g"),
        "width": scaled("output power", 4.5, 82, 1, "mm"),
        "housing material": pick("recycled plastic", "woven fabric", "aluminium", "rubber"),
        "made in": _MADE_IN,
    },
    titles=(
        "{brand} {model} Bluetooth Speaker, {output power:raw}, {colour:title}",
        "[waterproof] {brand} {model} Waterproof Bluetooth Speaker, {colour:title}",
        "{brand} {model} Portable Speaker, {battery life:raw} Battery, {colour:title}",
    ),
    copy="""
        - [output power<=8] Small enough for a coat pocket, the {model} brings music to a desk, a
          windowsill or a picnic blanket.
        - [output power>=30] The {brand} {model} puts {output power} behind the song and fills a
          garden without strain.
        - A cheerful {colour} speaker clad in {housing material}, the {model} is meant to be carried
          from room to room.
        - [waterproof] Poolside, bathroom, beach: the {model} is waterproof to {protection rating}
          and unbothered by splashes.
        - The {brand} {model} pairs in moments and plays for up to {battery life} on one charge.
        - [housing material=aluminium] Under the aluminium shell of the {model} sits a speaker of
          {output power} with clear, unhurried sound.
        - Some speakers stay on the shelf; the {model} weighs {weight} and would rather come along.

        - [waterproof] The {protection rating} rating means that it is waterproof, so rinsing off
          sand is no trouble.
        - [waterproof] It is waterproof ({protection rating}).
        - [!waterproof; protection rating] Splashes are fine at {protection rating}, though the
          speaker is not waterproof.
        - [!waterproof] It is not waterproof, so give it a dry place.

        - [floats] Drop it in the lake and it floats.
        - [floats] It floats, too.

        - Up to {battery life} of playing time follow a {charging time:-} charge.
        - The battery holds for {battery life} at moderate volume.
        - [battery life>=20] With {battery life} of battery, it outlasts most parties.

        - [stereo pairing] Pair two of them for stereo.
        - [stereo pairing] A second {model} makes it a stereo pair.
        - [!stereo pairing] It plays alone: stereo pairing with a second speaker is not offered.

        - [aux input] An aux input takes players without Bluetooth.
        - [!aux input] Music comes over Bluetooth only, as there is no aux input.

        - [fm radio] An FM radio is built in for days without a playlist.
        - [!fm radio] A radio is not built in.

        - [speakerphone] It doubles as a speakerphone for calls with the whole family.
        - [!speakerphone] It has no microphone for calls.

        - Bluetooth {bluetooth version} reaches up to {wireless range} with a clear line of sight.
        - The wireless range is {wireless range} over Bluetooth {bluetooth version}.

        - The housing is {housing material} and {width} wide.
        - At {width} wide and {weight}, it packs easily.
        - {weight} of {housing material} and electronics sit well in the hand.

        - Rated at {output power}, it keeps voices clear when you turn it up.
        - An output of {output power} suits rooms as well as balconies.
    """,
    price=lambda f: (
        18
        + 2.3 * f.number("output power")
        + 0.7 * f.number("battery life")
        + 12 * f.holds("waterproof")
        + 8 * f.holds("fm radio")
        + 10 * f.holds("housing material=aluminium")
    ),
    returns="standard",
    warranty=24,
)

TYPES = (HEADPHONES, SPEAKERS)
