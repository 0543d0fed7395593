"""Words that go with each family of products, and short sentences put together from them.

The words are plurals or mass nouns, so that any of them can stand without an article. A sentence
of this module paints a scene and says nothing of the product. Data, and dice.
"""

from __future__ import annotations

import random
import re

from finetune.teachers.grammar.combos import PARTS

_MOODS = {
    key: tuple(word.strip() for word in words.split(","))
    for key, _, words in (
        line.partition(": ")
        for line in """
appliance: steam, toast, suppers, aprons, crumbs, soup, pancakes, sunlight, breakfasts, batter, herbs, cinnamon, chatter, second helpings, tea towels, jam, rye bread, radio songs
coffee: foam, beans, crema, croissants, newspapers, morning light, saucers, sugar cubes, small talk, dark roasts, milk, window seats, yawns, sunrise, alarm clocks
cookware: garlic, butter, onions, sizzle, rosemary, omelettes, wine, candlelight, friends, sauces, pepper, lemon, late dinners, gravy, mushrooms
tableware: cocoa, biscuits, candles, brunch, gossip, honey, berries, lace, late papers, porridge, steam, cake, visitors, long tables, jasmine
furniture: rugs, house plants, bookends, ideas, meetings, posture, quiet corners, coffee rings, deadlines, guests, daylight, high ceilings, slippers, order
lamp: pages, dusk, moths, shadows, poems, ink, homework, glow, night trains, whispers, cocoa, blankets, sonnets, moonlight, long letters
bedding: dreams, pillow talk, moonlight, lullabies, clouds, pyjamas, owls, lie-ins, feathers, snow, cats, silence, lavender, breakfast trays, yawns
bath: steam, bubbles, bare feet, candles, salt, eucalyptus, robes, puddles, duck races, warm tiles, lather, songs, sea air, soap, mirrors
skin: dew, rose petals, mirrors, daylight, cool mornings, sunscreen, freckles, smiles, fresh air, laughter lines, spring, cheeks, soft towels
hair: curls, lather, fringe, whistling, ponytails, locker rooms, mist, combs, sea salt, waves, hats, wind, plaits, fresh towels, tiles
oral: mint, grins, bubbles, giggles, whistles, apples, mirrors, good-night kisses, hellos, crunch, toothy smiles, bath mats, pyjamas
baby: giggles, first steps, naps, ducks, bonnets, rattles, picnics, hiccups, lullabies, mittens, teddies, pushchairs, milk, tiny toes, soft hats, yawns
toy: dragons, dice, giggles, castles, pirates, popcorn, rainy days, cousins, cheats, pillows, forts, jokers, small hands, high scores, robots, cocoa
pet: paws, muddy boots, whiskers, naps, sticks, squirrels, tail wags, fur, sunbeams, zoomies, purrs, garden gates, treats, long walks, puddles, belly rubs
drink: rain, novels, biscuits, lemon, window seats, gossip, blankets, honey, steam, frost, slippers, teaspoons, violins, meadows, mist, old films
food: crumbs, forks, lunch boxes, herbs, picnics, chatter, bread, olives, midnight snacks, gravy, grins, sunshine, tablecloths, markets
jewel: candlelight, letters, champagne, roses, first dances, moonlight, secrets, vows, theatre nights, perfume
shirt: sunshine, sneakers, street corners, laundry days, ferries, ice cream, road trips, lakes, guitars, bonfires, markets, bare arms, friends, balconies
rainwear: puddles, clouds, ferries, umbrellas, moss, lighthouses, wet leaves, thunder, seagulls, cobbles, ducks, hot soup, fog, harbours
shoes: gravel, sunrise, hills, dust, sweat, finish lines, bridges, rivers, stitches, ridges, roots, heartbeats, mud, larks
camp: owls, embers, dew, maps, marshmallows, river stones, guitars, crickets, thermos tea, constellations, mist, moss, rope, wet boots
bottle: lemon slices, ice cubes, trails, mint, train rides, tennis, sunshine, bike rides, springs, gym bags, raspberries, lakes, lectures, cherries
sport: deep breaths, stretches, sunlight, bare feet, balance, playlists, sweat, planks, incense, mirrors, stillness, morning air, muscles, herbal tea
travel: boarding passes, palm trees, maps, sunsets, stamps, trams, postcards, night trains, sunglasses, gelato, hotel keys, lagoons, detours, side streets
tool: sawdust, pencils, brackets, coffee breaks, old radios, nails, blueprints, bookshelves, tree houses, elbow grease, sweat, planks, bench vices
garden: tomatoes, bees, bare feet, roses, wheelbarrows, worms, lemonade, straw hats, mint, ladybirds, compost, deck chairs, rain clouds, sunflowers
cycle: hairpins, bells, tailwind, bridges, croissants, chain oil, larks, green lights, cobbles, sunrise, lakes, bananas, valleys, long shadows
car: motorways, playlists, petrol stations, sunroofs, sing-alongs, road maps, milestones, motels, coast roads, snacks, open windows
audio: bass lines, neon, vinyl, rain, choirs, saxophones, night buses, drum solos, whispers, dance floors, headlights, violins, encores, goosebumps, city lights, jazz
watch: laps, sunrise, stairs, heartbeats, deadlines, alarms, park benches, goals, sprints, coffee runs, green lights, streaks, calendars
power: festivals, night trains, airports, maps, selfies, long calls, playlists, camp sites, taxis, rooftops, storms, power naps, sockets
computer: tabs, deadlines, ideas, spreadsheets, coffee, drafts, late nights, code, lectures, pixels, cafe tables, emojis, big plans, inboxes, quests
screen: popcorn, trailers, sofas, credits, matinees, slow motion, blankets, goals, cartoons, neon, spaceships, sunsets, close-ups
printing: contracts, posters, recipes, tickets, colour charts, memos, maps, agendas, fine print, photo albums, term papers, handouts, coffee stains, flyers
label: jars, folders, shoe boxes, attic boxes, pantry shelves, spice racks, parcels, cables, lunch boxes, archives, tax returns, moving vans, to-do lists
paper: ink, doodles, poems, margins, secrets, train windows, pencils, maps, wishes, lists, sketches, love letters, blots, songs, footnotes
cable: desks, gadgets, screens, consoles, corners, sockets, set-ups, coffee mugs, amps, weekends, server rooms, film nights, living rooms
network: uploads, film nights, gamers, signals, video calls, blinking lights, packets, racks, coffee, downloads, cat videos, remote teams
storage: snapshots, home films, backups, mix tapes, weddings, drafts, selfies, archives, holidays, class photos, songs, scans, baby pictures
photo: sunsets, portraits, freckles, snowflakes, skylines, shutters, smiles, blue hours, weddings, puddles, harbours, confetti
mount: clear desks, straight backs, cables, corners, walls, screens, plants, coffee mugs, angles, elbows, daylight
keys: emails, novels, quests, high scores, shortcuts, coffee, love notes, slides, code, deadlines, typos, night shifts
book: villains, tea, plot twists, hammocks, libraries, rain, bookmarks, islands, footsteps, candle stubs, window seats
music: chords, campfires, encores, choirs, garages, first gigs, metronomes, ballads, street corners, bass lines
any: sunshine, weekdays, weekends, coffee, smiles, ideas, plans, errands, friends, corners, daylight, colours, songs, stairs, windows, parcels, doorbells
""".strip().splitlines()
    )
}

_SENSES = (
    "soft", "warm", "fresh", "slow", "quiet", "bright", "late", "early", "long", "sweet", "cool",
    "wild", "old", "new", "good", "lazy", "golden", "small", "big", "easy", "gentle", "merry",
    "deep", "light", "fine", "happy", "calm", "lovely", "proper", "real", "simple", "tidy",
)  # fmt: skip
_OPENINGS = (
    "{m}, {m}, {m}.", "{m}, {m}, {m}.", "{sense} {m}, {sense} {m}.", "{m} and {m}, anyone?",
    "First {m}, then {m}.", "{m}, meet {m}.", "All {m}, no {bad}.", "More {m}, less {bad}.",
    "{m} before {m}.", "{m}, {sense} {m} and {good}.", 
    "{m}? {m}? Yes.", "Ah, {m} and {sense} {m}.", "Hooked on {m}?", "No {bad}, just {m} and {m}.",
    "Oh, {sense} {m}.", "{people} and {m}, unite.", "In love with {m}?", "Call it {m} and {m}.",
    "Here come {m} and {m}.", "{m} by day, {m} by night.",     "{good} starts with {m}.", "Mad about {m}?", "Think {m}, think {m}.", "{m} on your mind?",
)  # fmt: skip
_ENDINGS = (
    "Just add {m}.", "Just add {m} and {m}.", "Bring {m} and {m}.", "{sense} {m} welcome.",
    "Here come {m} and {m}.", "Leave {bad}, take {m}.", "{m} to follow.", "You bring the {m}.",
    "Hello, {sense} {m} and {m}.", "{m}, {m}, you.", "Now cue the {m}.", "On to {m} and {m}.",
    "So long, {bad}, hello, {m}.", "Pair with {m} and {good}.", "{people}, enjoy.",
    "Next up: {m}.", "The {m} can wait.", "{m} come and go, {good} stays.",
    "All that is missing: {m}.", "See you between {m} and {m}.", "Say hi to the {m}.",
)  # fmt: skip
_SCENES = (
    "{m} and {m}", "{sense} {m}", "{sense} {m} and {m}", "{m}, {m} and {good}", 
    "all your {m}", "{sense} {part}s and {m}", "lovers of {m}",
)  # fmt: skip
_SLOT = re.compile(r"\{(\w+)\}")


def opening(key: str, rng: random.Random) -> str:
    """Return a sentence to open an ad for a thing of this family with."""
    return _made(rng.choice(_OPENINGS), key, rng)


def ending(key: str, rng: random.Random) -> str:
    """Return a sentence to end it with."""
    return _made(rng.choice(_ENDINGS), key, rng)


def scene(key: str, rng: random.Random) -> str:
    """Return what one would want such a thing for, to stand after "for"."""
    return _made(rng.choice(_SCENES), key, rng)


def _made(frame: str, key: str, rng: random.Random) -> str:
    drawn: set[str] = set()

    def part(found: re.Match[str]) -> str:
        if found[1] == "m":
            words = _MOODS.get(key, _MOODS["any"])
        else:
            words = _SENSES if found[1] == "sense" else PARTS[found[1]]
        word = rng.choice([choice for choice in words if choice not in drawn])
        drawn.add(word)
        return word

    return re.sub(r"(?<=[?] )[a-z]", lambda first: first[0].upper(), _SLOT.sub(part, frame))
