"""Whether a seed's instruction still makes sense for another product.

An instruction may speak of guitars, of the spout's length or of sixty characters; it can only be
said anew where the new inputs hold that too. Words of the trade (shopper, review, record, price,
label) bind it to nothing. Knows no wording of its own; see `briefs` for those.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from finetune.pair import Pair
from finetune.situations.wishes import TONES

_WORD = re.compile(r"[a-z]+|\d+")
_LETTERS = 5
_BOUND = frozenset(
    """
    abandoned abroad airline algorithm allergy ampersand angler animal anniversary aquarium artist
    autumn baby backpack backs baker bakers balcony bans barbecue basket bathroom beach bearing
    beauty bedroom beginner benefits birthday black blade board body bookseller bookshop boot bored
    box brakes breath building bulky buoyancy burn bus cabin cake calm camper campers capsules car
    carpenter carrier carries case cat celebrates chair chargers cheeky cheerful child children
    christmas cinema cleaning cleans closure club coat coffee collectors colour colours commas
    commuters computer consumable container cook cooks cosy countries craft craftsman cream crime
    cup cyclist cyclists dark dance delicatessen depth desk device devices diameter diet dietary
    dimensions dive dog dosage dose draw drawers dress drill drink drinkers drinks dry eight eighty
    electronics elegant emoji engine engineer engineers engraving evening exclamation excited
    extras fabric families family fans farewell fastening father feel feet festive fifteen filter
    finish fit fitness fits fitting flask flat flavour flooring flow flower fluff folds footprint
    forecast forty fountain fragrance frame frank friday fuel furniture gallery game gamers garden
    gardener garment gear gender gift gifts glass gourmet graduation grammage grate grinder grip
    grocery guarantee guitar hand handset hardware harness headwear health hear hearing heat height
    hero hiker hikers hobby holiday home hood hooks host hosts hundred hungry ingredients initials
    instrument instruments insulation interface jacket jaw jeweller jewellery juice kettle kids
    kitchen kitting knitters knitwear knives lake lamp lamps language laptop lawn lead leak
    leakproof leather length lens lighting load lock lullaby lumens machine magazine material
    materials measured measuring medical medium memory menswear metal method millimetre mirror mist
    mother mounted mounting musician musicians narrow neighbour neighbours network newborn newcomer
    noise norm nostalgic noticeboard nursery older origin outdoor outer outlet output owns pack
    packing paddling painter pan panel pans parasols parent parents party passes perfumes pet phone
    photographers piano pieces pile plants players playful poetry ports posture power present prize
    protein proud provenance pun pupil puppy rainy range rate rating refill refined refresh
    refurbished remote resistance restock rhyme ribs ride rider ring ripe robots rod room route rug
    runner running safety scenic scent scents school scope screen sea season second seconds sensor
    serene shade shape sharp sheets shelf shelves ship silent sit sixty size sizes skincare slogan
    slogan-like smart social socket soft softer sore sound spare speed splash sports sporty spout
    spring stage stand stationery steel stone storage straight strict string strings strong
    students sugary summer sun surf swallow swallows swim swimmers swimsuit tank tea teas teachers
    technical teenager temperature tender tenth textile theft theme thickness thin three tilt
    timepiece timer times timing tin tongs tool toy tracker trade trail train trainee trains
    travel traveller travelling tree trip tuner tyre tyres umbrella unit upbeat use-by valentine
    vegan vest vinyl visitor voice voltage volume waders waited warm warmly warranty wash watch
    water wattage wearables weather weave weekend weigh weight wheels wide width wind window winner
    wood woodworkers work workwear yield yoga young minutes sentences sentence line lines words
    """.split()
)
"""Words that bind an instruction to a product, a person, a moment, or a form of the text."""
_LOOSE = frozenset(
    """
    brand price sale title product item type query review profile promotion stock campaign channel
    occasion policy style label labels category taxonomy record seller shopper customer buyer
    platform feature features attribute attributes field fields value name new shop store order
    """.split()
)


def transfers(seed: Pair, inputs: Mapping[str, Any]) -> bool:
    """Whether what a seed's instruction speaks of is in the new inputs as well."""
    bound = bound_words(seed)
    if not bound:
        return True
    held = {word[:_LETTERS] for word in _WORD.findall(str(inputs).lower())}
    if {word[:_LETTERS] for word in bound} - held:
        return False
    return all(not seed.inputs.get(name) or inputs.get(name) for name in ("audience", "occasion"))


def bound_words(seed: Pair) -> frozenset[str]:
    """Return the words that bind a seed's instruction to what its inputs hold."""
    rest = {name: value for name, value in seed.inputs.items() if name != "instruction"}
    return _bound(seed.instruction.lower(), str(rest).lower())


@lru_cache(maxsize=4096)
def _bound(instruction: str, material: str) -> frozenset[str]:
    said = set(_WORD.findall(instruction))
    held = {word for word in _WORD.findall(material) if len(word) > 3}
    own = {word for word in said & held if len(word) > 3} - _LOOSE - _TRADE
    tones = {word for names in TONES.values() for name in names for word in name.split()}
    numbers = {word for word in said if word.isdigit()}
    return frozenset((said & _BOUND) | own | (said & tones & held) | numbers)


_TRADE = frozenset(
    """
    about after also another before both choose could find first from give have here into just keep
    last like list listed look made make more most much must name never only open other over page
    part please point reader reads same says search should show side some take tell than that them
    then there these they this those true under used using very want what when where which while
    will with without word would write your customers shoppers buyers shows likely possible answer
    question evidence catalog title titles text long short plain honest number numbers facts fact
    """.split()
)
