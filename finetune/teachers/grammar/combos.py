"""Short openings and endings of ads put together from parts, for whatever product. Data, and dice.

The parts are chosen so that any of them fit: nothing here says a thing of the product itself.
"""

from __future__ import annotations

import random
import re

_SLOT = re.compile(r"\{(\w+?)\d?\}")

PARTS: dict[str, tuple[str, ...]] = {
    name: tuple(part.strip() for part in text.replace("\n", " ").split(","))
    for name, text in {
        "adj": """bright, tidy, small, bold, gentle, fresh, clever, lucky, sunny, mellow, honest,
            sound, neat, cheery, lovely, tiny, fine, simple, crisp, rare, quick, handy, steady,
            snug, jolly, modest, merry, soft, smart, sweet, warm, witty, wise, breezy, kind, plain,
            proud, rosy, slow, sturdy, swift, tender, trusty, useful, vivid, wild""",
        "thing": """idea, plan, habit, thought, find, start, choice, treat, move, trick, answer,
            hello, pleasure, companion, pick, wink, helper, reason to smile, change, wish, tip,
            surprise, nudge, hero, spark, promise, detail, fix, break, favour, step, twist""",
        "people": """early birds, busy hands, curious heads, slow starters, quick thinkers,
            dreamers, doers, list makers, tea drinkers, tidy souls, free spirits, late risers, good
            sports, old friends, picky people, wanderers, homebodies, planners, big hearts,
            small teams, careful types, quiet types, jokers, neighbours, old hands, new
            starters, fans of order, lovers of detail, weekend heroes, deep sleepers, morning
            grumps, clever clogs""",
        "day": "Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday",
        "part": "morning, noon, afternoon, evening, night, teatime, sunrise, lunchtime",
        "mood": """and the sun is out, and all is well, half a smile, no plans yet, phone on silent,
            coffee in hand, slippers on, the radio hums, doors open, birds at it again, rain or not,
            you and your thoughts, the world still yawns, socks do not match, and nobody minds,
            something smells good, the list is short, the bus is late, windows wide,
            and the neighbours sing, toast in hand, keys lost again, the cat agrees""",
        "bad": """hurry, clutter, noise, fuss, worry, queues, dull days, excuses, grumbling, mess,
            guesswork, stress, waiting, muddle, moaning, chores, rushing, doubt, dust, boredom,
            yawning, small print, hassle, bother, scrolling, tutting, dithering""",
        "good": """calm, colour, time, joy, fun, room, ease, order, charm, laughter, light, sense,
            peace, comfort, sparkle, rest, fresh air, chat, play, style, good cheer, daylight,
            elbow room, cake, music, dancing, smiles, pluck, naps, ideas, wonder""",
        "act": """kick back, look up, breathe deep, put your feet up, call a friend, take a bow,
            let go, stay curious, laugh out loud, step outside, open a window, do nothing for once,
            whistle a tune, stretch, smile, make a plan, take a seat, tell a joke, have a biscuit,
            count to ten, pour a drink, dream a bit, mind the cat, wave hello, hum along, dig in,
            roll on, treat your toes, watch the clouds, ring the bell, start again, dance,
            pat yourself on the back, throw a party, close your eyes, do it your way, be bold""",
        "scene": """the kettle sings, the sun drops, the street wakes, the week flies by, rain taps,
            leaves fall, the door clicks, a song plays, the clock ticks, snow melts, bells ring,
            the phone rests, the city hums, stars come out, someone laughs, the post arrives""",
    }.items()
}
"""Kind of part -> its words; "act", "scene" and "mood" are clauses, "people" are plurals."""

_OPENINGS = (
    "A {adj} {thing} for {people}.", "{Day} {part}, {mood}.", "Less {bad}, more {good}.",
    "Trade {bad} for {good}.", "{Act}, {people}.", "Life is short, so {act}.", "Who needs {bad}?",
    "A bit of {good} for {people}.", "{Act} and {act2}.", "Some call it {good}.",
    "{Good} beats {bad}.", "{People} love a {adj} {thing}.", "{Adj} {part}s begin here.",
    "Here is a {adj} {thing}.", "Goodbye {bad}, hello {good}.", "It is {day}, {act}.",
    "Fancy some {good}?", "{Scene}, and you {act}.", "When {scene}, {act}.",
    "A {adj} and {adj2} {thing}.", "Tired of {bad}?", "More {good}, please.", "{Scene}, {scene2}.",
    "Enough {bad} for one {day}.", "{People}, {act}.", "What is a {day} without {good}?",
    "{Good} first, {bad} later.",
)  # fmt: skip
_ENDINGS = (
    "Now {act}.", "Then {act} and {act2}.", "Have a {adj} {part}.", "So {act}.",
    "Because {people} need {good}.", "Bring some {good} into your {day}.", "And {bad}? Gone.",
    "A {adj} {thing}, all told.", "{Adj} {part}s to you.", "Time to {act}.",
    "{Good} for you, {good2} for all.", "That is one {adj} {thing}.", "Off to a {adj} {part}.",
    "{Act}, you earned it.", "See you on {day}.", "Keep the {good}, drop the {bad}.",
    "{Scene}, and you {act}.", "Save some {good} for {day}.", "Call it a {adj} {thing}.",
    "You bring the {good}.", "More {good}, no {bad}.", "What a {adj} {thing}.",
    "{People} will nod.", "Just add {good}.",
)  # fmt: skip


def opening(rng: random.Random) -> str:
    """Return a sentence to open an ad with."""
    return _made(rng.choice(_OPENINGS), rng)


def ending(rng: random.Random) -> str:
    """Return a sentence to end an ad with."""
    return _made(rng.choice(_ENDINGS), rng)


def _made(frame: str, rng: random.Random) -> str:
    drawn: set[str] = set()

    def part(found: re.Match[str]) -> str:
        choices = [text for text in PARTS[found[1].lower()] if text not in drawn]
        text = rng.choice(choices)
        drawn.add(text)
        return text[:1].upper() + text[1:] if found[1][0].isupper() else text

    return _SLOT.sub(part, frame)
