"""How ads word the attributes that are true of a product. Data only; the form is `fact_rules`'s."""

from __future__ import annotations

BOOLEAN_RULES = r"""
waterproof|windproof|leakproof|stackable|foldable|reversible|washable|rechargeable|dimmable|vegan|organic|handmade|insulated|refillable|resoleable|freestanding|expandable|compostable|weatherproof|cordless|wireless|portable|inflatable|thermal|breathable|lockable :: v [is] {0} || a {0}
cruelty-free|non-slip|decaffeinated|fairtrade|orthopaedic :: v [is] {0} || a {0}
pre-shrunk|pre-seasoned :: v [come] {0} || a {0}
drinking water safe :: v [is] safe for drinking water
(dishwasher|microwave|oven|freezer) safe :: v [is] {1} safe || v [is] safe in the {1}
machine washable :: v [go] straight into the washing machine || v [is] machine washable || a machine-washable
hand wash :: v [wash] by hand
removable cover|removable insole|removable tank|removable limescale filter|swivel head|adjustable seat|magnetic buckle|chest pocket|inner pocket|storage pocket|carrying strap|carry strap|hanging loop|elastic band|travel case|insect net|rear light|visor|hood|porch|headrest|cup warmer|pouring lip|gold rim|cord|timer|microphone|speakerphone|pressure sensor|pressure gauge|crumb tray|gift box|laptop compartment|double wall|usb port|usb charging port|fm radio|aux input|led light|heart rate monitor|blood oxygen sensor|always-on display|built-in cable|built-in grinder|cordless base|water-repellent base|non-slip base|anti-slip base|two-way zip|padded hip belt|carbon plate|hammer function|touchscreen|numeric keypad|dough hook|fringe|crank|monogram|filter indicator|built-in preamp|itch-free lining :: w a {0t}
washable pads|alignment lines|underarm vents|taped seams|reflective details|reflectors|elbow patches|numbered pages|perforated pages|wide slots|reflective seams|plastic-free bags|organic seeds|speakers|dark bedrooms :: w {0t} || v [come] with {0t}
noise cancelling|temperature control|boil-dry protection|automatic shut-off|synchronous tilt|seat depth adjustment|rotational protection|head support|stereo pairing|wireless charging|pass-through charging|hairball control|plastic-free packaging|touch control|mulesing-free wool|contactless payment|adjustable lumbar support|tool-free assembly|bluetooth|wi-fi|gps|nfc|autofocus|dolby audio :: w {0t} || v [offer] {0t}
card reader integrated :: w a built-in card reader
built in display|display :: w a display of its own
wi fi :: w Wi-Fi
ethernet lan :: w Ethernet
keep warm :: w a keep warm function
defrost :: w a defrost setting
tilt :: v [tilt] with the sun
mesh :: v [work] as a mesh
app :: v [pair] with an app || w an app to go with it
phone calls :: v [take] phone calls || w phone calls on the wrist
allowed in cabin luggage :: v [is] allowed in cabin luggage || v may fly in your cabin bag
cabin size :: v [is] cabin size
induction compatible :: v [work] on induction hobs || v [is] ready for induction
metal utensils allowed :: v [put] up with metal utensils
(lid|poster|frame|bulb|reel|charger|footprint|repair kit|laundry bag|spray nozzle|connectors|spring|bracket|soil|slats|batter(?:y|ies)|case|cable) included :: v [come] with {a1} || w {a1} in the pack
packs into own pocket|packs into pocket :: v [pack] into its own pocket
lies flat :: v [lie] flat when open
folds flat :: v [fold] flat
fountain pen friendly :: v [get] along with fountain pens || v [is] fountain pen friendly
suitable from birth :: v [is] suitable from birth
suitable for sterilised cats :: v [suit] sterilised cats
suitable for children :: v [is] suitable for children
suitable for sparkling water :: v [take] sparkling water too
sensitive digestion :: v [suit] sensitive digestion
taurine added :: v [come] with added taurine
fits bike cages :: v [fit] bike cages || v [slip] into a bike cage
quick-drying :: v [dry] fast || a quick-drying
tumble dry :: v may go in the tumble dryer || v [is] fine to tumble dry
resealable bag :: v [come] in a resealable bag
floats :: v [float] if it goes overboard
wall mounting :: v [hang] on the wall
chew resistant :: v [is] chew resistant
(frost|kink|uv|water|scratch|heat) resistant :: v [is] {1} resistant || a {1}-resistant
(.+)[ -](?:repellent) :: v [is] {1}-repellent || a {1}-repellent
(palm oil|plastic packaging)[ -]free :: v [is] free of {1} || w no {1}
(?!halogen|brf|vibration|conflict|phosph)([\w-]{2,14})[ -]free :: v [is] {1}-free || a {1}-free || w no {1}
(oeko-tex|e-bike|hip-healthy) certified :: v [is] {1} certified
dermatologically tested :: v [is] dermatologically tested
crampon compatible :: v [take] crampons
hearing aid compatible :: v [work] with hearing aids
glow in the dark :: v [glow] in the dark
replaceable blade :: v [take] a new blade when the old one is done
spicy :: v [bring] some heat
indoor use|plug and play|energy star certified|refill available|lock|engraving|dial|case ::
"""

SPOKEN = {
    "usb": "USB",
    "fm": "FM",
    "led": "LED",
    "gps": "GPS",
    "aux": "aux",
    "uv": "UV",
    "wi-fi": "Wi-Fi",
    "bluetooth": "Bluetooth",
    "oeko-tex": "OEKO-TEX",
    "bpa": "BPA",
    "pvc": "PVC",
    "pfc": "PFC",
    "nfc": "NFC",
    "hdmi": "HDMI",
    "vga": "VGA",
    "ethernet": "Ethernet",
    "lan": "LAN",
    "dolby": "Dolby",
    "ip": "IP",
}
"""How words that names of attributes hold in lower case are written."""
