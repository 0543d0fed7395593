"""What a fact is good for, as ads put it after the fact: ", so the charger can stay at home".

A line is a regular expression for the whole of an attribute's name, then the tails. A tail says
nothing that could be checked. {obj} is "it" or "them". Data only, and the look-up.
"""

from __future__ import annotations

import re
from functools import lru_cache

_TABLE = r"""
battery life|run time|light run time :: so the charger can stay at home | long enough for the ride there and back | and then some, if you ask nicely | which leaves your socket free | so low power is no topic tonight | plenty for two bad films
charging time|heat-up time|pitching time|brewing time :: about as long as a chat on the phone | barely time to find your keys | just enough to hum a tune | so hurry has no place here | and you hardly notice the wait | quick as a good excuse
weight.* :: in case you wondered | since you asked | for those who pack with care | and now you know | as the scales will tell
capacity|volume|water tank|tank|bowl :: so once round will do | with a little to spare | room enough for second thoughts | just the size you reach for
colou?r|product colou?r|housing colou?r|shade|cable colou?r :: and wears it well | a shade that gets on with all | easy on the eye | like a good mood | for a touch of class | which goes with nearly all you own | a treat to look at | a fine match for your plans
material|body material|shell|fabric|upper.*|.* material|surface :: good to touch, good to keep | nice in the hand | a pleasure to hold | as solid as a good handshake | the way we like it | feel it once and smile
dishwasher safe|machine washable|washable.*|removable cover|hand wash|washing :: so mess is no big deal | and spills are soon forgotten | because life gets sticky | so you can sit back after | less scrubbing, more sofa | for those who hate chores
waterproof|water.resist.*|leakproof|protection rating|water.repel.*|windproof|weatherproof|taped seams|membrane|floats :: so a splash is just a splash | let it drizzle | and clouds can gather all they like | wet days included | because skies change their mind | and you stay in good spirits
wireless|connection|cordless.*|bluetooth.*|wi-?fi|wi fi|wireless charging|connectivity technology :: so cables can go and sulk | with no strings attached | free as a bird | and knots are history | roam as you please | so walk about while you talk
power|output power|maximum output :: when you need it | at your call | ready when you are | waiting for your thumb | and raring to go | at the flick of a switch
voltage|maximum torque|maximum speed|pump pressure|pressure|drilling in wood :: with some muscle behind it | so stubborn jobs give in | a kick when you want it | no huffing, no puffing | and up for a bit of work
noise level|noise.*|noise cancelling|pump noise :: so the street can shout | and you hear yourself think | a balm for busy ears | peace at the touch of a button | while the world chats on
microphone|speakerphone|phone calls :: so call your mum | for all you have to say | talk as long as you like | hello, hello, loud and near
display.*|screen.*|resolution|refresh rate|always-on display|hd type|touchscreen :: made for curious eyes | look closely, you will like it | a sight for tired eyes | and all you want to see
size|sizes|fit|width|neckline|sleeve|knit|weave|pattern|cut|structure :: just so | and it sits right | like it was meant to be | as it should be | for a look that lasts | no second thoughts needed
pockets|.*pocket|laptop compartment|compartments|drawers|trays|inner pocket|slots :: a place for this, a place for that | so keys stop hiding | for phone, pen and crumbs | and nothing rattles about | for the bits you never find
timer|automatic shut-off|temperature.*|keep warm|boil-dry protection|pressure.*|sensor :: so you can look away | and you stay in charge | for a mind at rest | clever, in a quiet way | no need to hover
vegan|organic|.*-?free|fairtrade|cruelty-free|recycled|plastic-free.*|paper|oeko-tex certified|refillable|resoleable :: and that feels good | for a light conscience | small choice, warm feeling | kind all round | a good thing, we find | because it matters to you
pieces|pages|sheets.*|labels.*|bags|capsules|washes|quantity.*|.*page yield|page yield|players|persons|brush heads included :: so there is enough to go round | enough for a while | share or keep | count them if you like | and the fun lasts | no need to ration
recommended age|suitable.*|best for|recommended for|riding style|terrain|skin type|hair type|works with|.*compatib.* :: a good match, we think | right up your street | and off you go | as you might guess | made for each other
origin :: a long way from your table | far away and close to home | a small trip round the world | and the map agrees
scent|tasting notes|flavour|roast|beans|tea type|main protein|key ingredients|texture :: close your eyes and taste | one sniff and you are there | a little trip for the nose | dangerously nice | and gone too soon | worth waking up for
warranty :: so breathe easy | in case you worry | just to be sure | for a calm mind
made in|country of origin :: since you asked | a nice story to tell | and proud of it | a small fact for your next chat
.*wheels|castors|handle|telescopic handle|foldable|folds flat|lies flat|stackable|packs into.*|expandable :: so off you roll | handy, is it not? | and out of the way | easy does it
light.*|luminous flux|colour temperature|dimmable|brightness.*|led light|rear light|reflect.* :: so dark corners may sulk | a glow to come home to | bright but never rude | and the night looks friendly
.*ports?.*|.*charging port|charging|interface|device interface|host interface|connector.*|.*outlets.*|cable length|cable type|cable standard :: so your gear can gather round | plug, play, relax | everyone gets a turn | and you are all hooked up | far enough to reach the good chair
processor.*|internal memory.*|storage.*|operating system.*|total storage.* :: so open one more tab | ready for a long to-do list | quick on its feet | for work that will not wait
thickness|cushioning|foam.*|filling|padded.*|.*cushions?.*|insulat.*|keeps.*|lining|headrest|lumbar support|head support :: and your body says thanks | soft where it counts | oh, that feels nice | so stay as long as you like | comfort comes first
diameter|height|depth|length|.*length|.*height|.*width :: neat and to the point | and the tape agrees | measure twice, if you must | in case you have a spot in mind
"""


@lru_cache(maxsize=4096)
def tails_of(name: str) -> tuple[str, ...]:
    """Return what may follow a fact of this name; nothing for one that no line fits."""
    return next((tails for pattern, tails in _RULES if pattern.fullmatch(name)), ())


def _rules() -> tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]:
    rules = []
    for line in _TABLE.strip().splitlines():
        head, _, body = line.partition(" :: ")
        rules.append((re.compile(head), tuple(text.strip() for text in body.split(" | "))))
    return tuple(rules)


_RULES = _rules()
