"""How shoppers and shop staff name a field, and ask for it plainly.

Written by hand, as an outsider would put it, from the two catalogs' field names alone. "{p}" is the
product's name or "it". Knows no product and no catalog.
"""

from __future__ import annotations

import re

COUNTS: dict[str, str] = {
    "pieces": "pieces",
    "pockets": "pockets",
    "pages": "pages",
    "vents": "vents",
    "speeds": "speeds",
    "usb-c ports": "USB-C ports",
    "usb-a ports": "USB-A ports",
    "sport modes": "sport modes",
    "entrances": "entrances",
    "washes": "washes",
    "cleaning modes": "cleaning modes",
    "brush heads included": "brush heads",
    "grind settings": "grind settings",
    "brightness levels": "brightness levels",
    "temperature settings": "temperature settings",
    "torque settings": "torque settings",
    "ribbon markers": "ribbon markers",
    "pillowcases": "pillowcases",
    "processor cores": "processor cores",
    "processor threads": "processor threads",
    "usb 2 0 ports quantity": "USB 2.0 ports",
    "ethernet lan rj 45 ports": "Ethernet LAN (RJ-45) ports",
    "ac outlets quantity": "AC outlets",
    "number of battery cells": "battery cells",
    "labels per sheet": "labels per sheet",
    "labels per pack": "labels per pack",
    "media sheets per package": "sheets per package",
    "number of ssds installed": "SSDs",
    "headphone outputs": "headphone outputs",
    "ports quantity": "ports",
    "number of built in speakers": "built-in speakers",
    "serial ports quantity": "serial ports",
    "hdmi ports quantity": "HDMI ports",
    "vga d sub ports quantity": "VGA ports",
}
"""Fields that count something, as what is counted."""

ASKED: dict[str, tuple[str, ...]] = {
    "made in": ("Where is {p} made?", "In which country is {p} made?"),
    "in the box": ("What is in the box of {p}?", "What comes in the box with {p}?"),
    "best for": ("What is {p} best for?",),
    "works with": ("What does {p} work with?", "Which phones does {p} work with?"),
    "suitable for dogs up to": ("Up to what weight of dog is {p} suitable?",),
    "keeps cold": ("How long does {p} keep drinks cold?",),
    "keeps hot": ("How long does {p} keep drinks hot?",),
    "recommended for": ("What is {p} recommended for?",),
    "oven safe up to": ("Up to what temperature is {p} oven safe?",),
    "use after opening": ("How long can I use {p} after opening?",),
    "drilling in wood": ("What is the maximum drilling diameter in wood of {p}?",),
    "persons": ("How many persons is {p} for?", "For how many persons is {p}?"),
    "washing": ("How should {p} be washed?", "What are the washing instructions for {p}?"),
    "warranty": ("How long is the warranty on {p}?", "What warranty does {p} come with?"),
    "return window": ("What is the return window for {p}?",),
    "size": ("What size is {p}?", "Which size is {p}?"),
    "colour": ("What colour is {p}?", "Which colour is {p}?"),
    "product colour": ("What colour is {p}?", "What is the product colour of {p}?"),
    "cable colour": ("What colour is the cable of {p}?", "What is the cable colour of {p}?"),
    "material": ("What material is {p} made of?", "What is the material of {p}?"),
    "gender": ("Which gender is {p} for?", "What gender is {p} meant for?"),
    "hair type": ("Which hair type is {p} for?",),
    "skin type": ("Which skin type is {p} for?",),
    "fit": ("What fit does {p} have?",),
    "suitable for": ("What is {p} suitable for?",),
    "component for": ("What is {p} a component for?", "For what is {p} a component?"),
    "compatibility": ("What is the compatibility of {p}?", "What is {p} compatible with?"),
    "brand compatibility": ("Which brand is {p} compatible with?",),
    "country of origin": ("What is the country of origin of {p}?",),
    "processor frequency": ("What is the processor frequency of {p}?",),
    "recommended age (min)": ("What is the minimum recommended age for {p}?",),
    "compatible operating systems": ("Which operating systems is {p} compatible with?",),
    "print technology": ("What print technology does {p} use?",),
    "tested for": ("For how many hours was {p} tested?",),
    "movements": ("How many movements per minute does {p} make?",),
    "bags": ("How many bags are in {p}?",),
    "quantity per pack": ("What is the quantity per pack of {p}?",),
}
"""Fields whose plain questions are not "what is the ... of"."""

PHRASES = frozenset(
    {"made in", "in the box", "best for", "works with", "suitable for dogs up to", "tested for"}
    | {"keeps cold", "keeps hot", "recommended for", "oven safe up to", "use after opening"}
    | {"drilling in wood", "suitable for", "component for"}
)
"""Fields whose names are no nouns: nobody says "its works with"."""

NOT_ASKED = re.compile(
    r"pallet|inner ca|tare|intermodal|gross weight|case or master"
    r"|master outer|outer carton|\(uk\)|imperial|hs code|gtin|ark id|last change"
    r"|born on|oem code|^product (?:name|type|family|series)|^status$|^type$|die size"
    r"|transistors|processor code$|codename|stepping|segment|positioning|^size$|launch date|note\b"
    r"|^(?:series|format|quantity|internal|purpose|capacity|power|form|standard|display|manual)$"
    r"|\bunits$|description|minimum order|feature|^dispatch|package dimensions|^colour$|disclaimer"
    r"|url|vid voltage|tcase|idle states|hp |number of graphics|last modified|sku|^model"
    r"|quick start|iso a series|non operating|sustainab|warranty card|connector s$|^other "
    r"|conflict free"
)
"""Icecat's fields that shoppers do not ask for, or whose name alone says too little."""

_SPELLED = (
    (re.compile(r"\s*\([a-z] [a-z]\)"), ""),
    (re.compile(r"\bwi fi\b"), "Wi-Fi"),
    (re.compile(r"\bwxdxh\b|\bw x d x h\b"), "W x D x H"),
    (re.compile(r"\bon board\b"), "on-board"),
    (re.compile(r"\bbuilt in\b"), "built-in"),
    (re.compile(r"\busb 2 0\b"), "USB 2.0"),
    (re.compile(r"\bph value\b"), "pH value"),
    (re.compile(r"\brj 45\b"), "RJ-45"),
    (re.compile(r"\bi o ports\b"), "I/O ports"),
    (
        re.compile(
            r"\b(?:usb|spf|fm|uv|dvd|cd|ups|raid|bios|ps|hdmi|vga|dvi|ssd|hdd|cpu|lan|ac|dc|awg|ecc|gps|rms|led)\b"
        ),
        "",
    ),
)


_COUNTED = re.compile(r"number of (?!years)(\w+s(?: \w+)*)|(\w+(?: \w+)*s) quantity")


def counted(field: str) -> str:
    """Return what a field counts ("pockets", "fans"), or "" where it counts nothing."""
    if field in COUNTS:
        return COUNTS[field]
    match = _COUNTED.fullmatch(field)
    return spoken(match[1] or match[2]) if match else ""


def is_plural(field: str) -> bool:
    """Whether a field's name is a plural: "printing colours", not "glass" or "status"."""
    last = re.sub(r"\s*\(.*", "", spoken(field)).split()[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "GPS", "DNS"))


def spoken(field: str) -> str:
    """Return a field's name as a person would write it: "operating temperature", "USB-C ports"."""
    name = COUNTS.get(field, field)
    for pattern, written in _SPELLED[:-1]:
        name = pattern.sub(written, name)
    return _SPELLED[-1][0].sub(lambda match: match[0].upper(), name).strip()


def is_asked(field: str, *, large: bool) -> bool:
    """Whether people ask for a field by this name; `large` is a catalog with odd fields."""
    if not large:
        return field != "dispatch estimate"
    odd = re.search(r"[\[\]{}:;/]|\b[a-z]\b(?! x )|\d \d", spoken(field))
    return not NOT_ASKED.search(field) and not odd and len(spoken(field).split()) <= 5
