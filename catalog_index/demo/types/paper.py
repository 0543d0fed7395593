"""Stationery and toys: notebooks and jigsaw puzzles."""

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

NOTEBOOKS = ProductType(
    code="NB",
    path="Office & Stationery > Paper > Notebooks",
    brands={"Foliofern": 1.2, "Inkstead": 1.0, "Paperhouse Nine": 0.85},
    names="Margin, Ledger, Quire, Sonnet, Atlas, Field Note, Octavo, Draft, Almanac, Byline",
    seconds=", Pocket, Studio",
    vary=("colour",),
    attributes={
        "colour": pick("black", "navy", "terracotta", "forest green", "mustard", "burgundy"),
        "format": when("second=Pocket", pick("A6"), pick("A5", "B5", "A4", weights=(3, 1, 1))),
        "pages": among("pages", 96, 120, 160, 192, 240),
        "ruling": pick("dotted", "lined", "plain", "squared"),
        "paper weight": among("g/m²", 70, 80, 90, 100, 120),
        "paper": pick("recycled", "FSC-certified", "stone paper"),
        "binding": pick("thread-sewn", "wire-bound", "stapled", "glued"),
        "cover": pick("hardcover", "softcover"),
        "lies flat": when("binding=thread-sewn|wire-bound", flag(1.0), flag(0.0)),
        "fountain pen friendly": when("paper weight>=90", flag(0.9), flag(0.2)),
        "elastic band": when("cover=hardcover", flag(0.8), flag(0.1)),
        "ribbon markers": maybe(0.8, among("", 0, 1, 2)),
        "inner pocket": flag(0.4),
        "numbered pages": flag(0.35),
        "perforated pages": maybe(0.8, flag(0.2)),
        "made in": maybe(0.6, pick("Germany", "Italy", "Slovenia", "Japan")),
    },
    titles=(
        "{brand} {model} Notebook {format}, {ruling:title}, {colour:title}",
        "{brand} {model} {cover:title} Notebook, {format}, {pages:raw}, {ruling:title}, "
        "{colour:title}",
    ),
    copy="""
        - [format=A6] The {model} fits a jacket pocket and waits there for the next idea.
        - [ruling=dotted] Dots guide the hand without giving orders: the {brand} {model} suits
          lists, sketches and journals.
        - [ruling=plain] Blank pages, {format}: the {model} leaves the layout to you.
        - [ruling=squared] Squares keep columns and plans in line in the {brand} {model}.
        - [ruling=lined] Lines at an easy distance make the {model} a notebook for people who write
          a lot.
        - [paper=stone paper] Made from stone powder in place of wood, the paper of the {model} is
          smooth and hard to tear.
        - The {brand} {model} in {colour} holds {pages} of {paper weight} paper.

        - Its {pages} are {ruling}.
        - [numbered pages] The {pages} are numbered, so an index makes sense.
        - [!numbered pages] Pages are not numbered.

        - [fountain pen friendly] Fountain pens are welcome: at {paper weight}, ink stays on its
          side.
        - [!fountain pen friendly] Use pencil or ballpoint, since fountain pen ink may show through.

        - [lies flat] It lies flat when open.
        - [lies flat] A {binding} block opens flat on the desk.
        - [!lies flat] The {binding} spine does not lie entirely flat.

        - [elastic band] An elastic band keeps it shut in the bag.
        - [!elastic band] There is no elastic band.

        - [inner pocket] An inner pocket at the back takes tickets and cards.
        - [!inner pocket] It has no inner pocket.

        - [perforated pages] Perforated pages tear out cleanly.
        - [!perforated pages] The pages are not perforated.

        - [ribbon markers>=1] Ribbon markers: {ribbon markers}.
        - [ribbon markers<=0] It has no ribbon marker.

        - The cover is a {cover} in {colour}.
        - [paper=recycled] The paper is recycled.
        - [paper=FSC-certified] The paper is FSC-certified.
        - [made in] Printed and bound in {made in}.
    """,
    price=lambda f: (
        {"A6": 4.5, "A5": 7.5, "B5": 9.0, "A4": 11.0}[str(f["format"])]
        + 0.022 * f.number("pages")
        + 0.02 * f.number("paper weight")
        + 3 * f.holds("cover=hardcover")
        + 2 * f.holds("binding=thread-sewn")
    ),
    returns="standard",
)


PUZZLES = ProductType(
    code="JP",
    path="Toys & Games > Puzzles > Jigsaw Puzzles",
    brands={"Tumblewick": 1.0, "Piper & Owl": 1.2, "Kindelfarm": 0.9},
    names=(
        "Night Market, Tide Pools, The Apiary, Winter Harbour, Orchard Lane, Balloon "
        "Festival, Mountain Railway, Old Library, Coral Garden, Autumn Mill, Lighthouse "
        "Row, Desert Bloom, Canal Street, Polar Lights, Seed Catalogue"
    ),
    seconds=", Panorama, Junior",
    vary=(),
    attributes={
        "pieces": when(
            "second=Junior",
            among("pieces", 24, 48, 100),
            when(
                "second=Panorama",
                among("pieces", 500, 1000),
                among("pieces", 300, 500, 1000, 1500, 2000),
            ),
        ),
        "recommended age": when(
            "second=Junior",
            by(
                "pieces",
                {
                    "24 pieces": "3 years and up",
                    "48 pieces": "4 years and up",
                    "100 pieces": "6 years and up",
                },
            ),
            when(
                "pieces>=1000",
                pick("12 years and up", "14 years and up"),
                pick("8 years and up", "10 years and up"),
            ),
        ),
        "finished width": when(
            "second=Panorama",
            when("pieces>=1000", among("cm", 98, 102), among("cm", 66, 70)),
            by(
                "pieces",
                {
                    "24 pieces": among("cm", 36),
                    "48 pieces": among("cm", 36),
                    "100 pieces": among("cm", 42),
                    "300 pieces": among("cm", 48),
                    "500 pieces": among("cm", 49),
                    "1000 pieces": among("cm", 68, 70),
                    "1500 pieces": among("cm", 80, 84),
                    "2000 pieces": among("cm", 96, 98),
                },
            ),
        ),
        "finished height": when(
            "second=Panorama",
            when("pieces>=1000", among("cm", 33, 38), among("cm", 24)),
            by(
                "pieces",
                {
                    "24 pieces": among("cm", 26),
                    "48 pieces": among("cm", 26),
                    "100 pieces": among("cm", 30),
                    "300 pieces": among("cm", 33),
                    "500 pieces": among("cm", 36),
                    "1000 pieces": among("cm", 48, 50),
                    "1500 pieces": among("cm", 60),
                    "2000 pieces": among("cm", 68),
                },
            ),
        ),
        "material": when(
            "second=Junior",
            pick("thick cardboard", "birch plywood"),
            pick("recycled cardboard", "thick cardboard", "birch plywood"),
        ),
        "cut": when("second=Junior", pick("large, easy to grip"), pick("ribbon cut", "random cut")),
        "finish": pick("matte", "linen", "gloss"),
        "poster included": flag(0.6),
        "difficulty": when(
            "second=Junior",
            pick("easy"),
            when("pieces>=1000", pick("hard", "very hard"), pick("medium")),
        ),
        "plastic-free packaging": maybe(0.8, flag(0.6)),
        "storage": pick("cotton bag in a box", "sturdy box", "tin"),
        "artist": maybe(0.6, pick("Mira Voss", "Joana Belt", "T. Okafor-Lind", "Henrik Saal")),
        "frame included": flag(0.1),
        "made in": maybe(0.7, pick("Germany", "Netherlands", "Poland")),
    },
    titles=(
        "{brand} {model} Jigsaw Puzzle, {pieces:raw}",
        "[pieces>=300] {brand} {model}, {pieces:-} Puzzle",
        "[pieces<=100] {brand} {model} Children's Puzzle, {pieces:raw}",
    ),
    copy="""
        - [second=Junior] Little hands build big pictures: {brand} cut the {model} puzzle for
          children.
        - [pieces>=1500] A project for the whole winter, {model} spreads over {pieces}.
        - [second=Panorama] Long and low, {model} by {brand} unrolls as a panorama, {finished width}
          wide.
        - [artist] {artist} painted {model}, and {brand} cut it into {pieces}.
        - [material=birch plywood] Wooden pieces click together with a sound of their own in {model}
          by {brand}.
        - [pieces>=300; pieces<=500] One rainy weekend is about right for {model}, a puzzle of
          {pieces}.
        - {model} by {brand} hides {pieces} worth of small discoveries in one picture.

        - The finished picture measures {finished width:number} by {finished height}.
        - Keep a space of {finished width:number} by {finished height} free on the table.

        - [poster included] A poster of the picture is included.
        - [!poster included] There is no poster; the lid of the box shows the picture.

        - The pieces are {material} with a {finish} finish.
        - Cut from {material}, the pieces hold firmly together.

        - [cut=random cut] The cut is random, so no two pieces share a shape.
        - [cut=ribbon cut] It is a ribbon cut, in neat rows.
        - [cut=large, easy to grip] The pieces are large and easy to grip.

        - It is recommended for {recommended age}.
        - Recommended age: {recommended age}.

        - The level is {difficulty}.
        - Puzzlers call this level {difficulty}.

        - [plastic-free packaging] The packaging is plastic-free.
        - [!plastic-free packaging] The box is wrapped in film, so the packaging is not
          plastic-free.

        - [storage=tin] It is stored in a tin.
        - [storage=cotton bag in a box] The pieces live in a cotton bag inside the box.
        - [storage=sturdy box] A sturdy box keeps the pieces together.

        - [frame included] A frame is included.
        - [!frame included] The frame is not included.
        - [made in] Printed and cut in {made in}.
    """,
    price=lambda f: (
        7
        + 0.011 * f.number("pieces")
        + 9 * f.holds("material=birch plywood")
        + 2 * f.holds("poster included")
        + 14 * f.holds("frame included")
    ),
    returns="standard",
    warranty=24,
)


TYPES = (
    NOTEBOOKS,
    PUZZLES,
)
