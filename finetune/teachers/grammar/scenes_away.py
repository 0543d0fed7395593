"""What ads say of things to wear, to move with and to work with outdoors. Data only.

The form of a block is that of `scenes_home`.
"""

from __future__ import annotations

AWAY = r"""
# shirt: t-?shirts?|shirts?|jumpers?|sweaters?|tops?|dress(?:es)?|trousers?|jeans?|skirts?|socks?|knitwear|hoodies?|apparel|scarf|scarves|caps?|swimsuits?|clothes
for: lazy days off | the school run | dress-down days | layers on cold days | the days in between | city strolls | a seat by the fire
open: Get dressed, the day is calling. | Soft on you, sharp on the street. | The first thing you reach for. | Made to be lived in. | Cold outside? Layer up. | Out of the drawer, into the day. | Dress down, look up. | A wardrobe friend for life.
end: Pull {obj} on and go. | Your jeans already like the idea. | Fold {obj}, pack {obj}, wear {obj} again. | Out the door in one go. | Sleeves up, shoulders down. | Mirror check: all good. | Wear {obj} your way. | Comfort looks good on you.
# rainwear: rain|jackets?|coats?|parkas?|umbrellas?|raincoats?
for: grey skies | puddle days | the dash to the bus | April in a bad mood | wind from the side | walks come rain or shine | windy piers
open: Let it pour. | Clouds? What clouds? | The forecast says wet, you say walk. | Rain is just weather. | Hood up, chin up. | Wet outside, warm inside. | There is no bad weather here. | Drip, drop, do not stop.
end: Puddles, here you come. | Go out and meet the rain. | The dog wants a walk anyway. | Zip up and step out. | Let the sky do what it likes. | Rain or shine, you are fine. | Weather, do your worst. | Home dry, with rosy cheeks.
# shoes: shoes?|boots?|sneakers?|sandals?|trainers?|footwear|slippers?|insoles?
for: early miles | muddy trails | the long way home | a lunch break run | hills with a view | the last kilometre
open: Lace up, step out. | Left, right, repeat. | The trail is calling. | Your feet know the way. | Miles start with one step. | Find your stride. | Hello, hills. | Somewhere a path is waiting.
end: Tie a double knot and go. | See you at the top. | One more lap, then home. | The road is all yours. | Mud washes off, memories stay. | Your pace, your path. | Walk far, come back happy. | Socks on, off you go.
# camp: tents?|camping|sleeping bags?|lanterns?|stoves?|hammocks?|parasols?
for: starry nights | the edge of the lake | a weekend off the map | two friends and a fire | mornings with mist | the summer road | wild places
open: Sleep where the stars are. | The city can wait. | Pitch up, wind down. | Home is where you peg it. | Far from the nearest plug. | Fire lit, boots off. | A roof for your wild side. | Wake up with the birds.
end: Bring the marshmallows. | Leave the door open to the stars. | Good night, forest. | See you at the campfire. | The map is yours to draw. | Dew on the grass, coffee on the stove. | Fresh air is on the house. | Pack the car, turn the key.
# bottle: bottles?|flasks?|hydration|beakers?|tumblers?
for: desk and trail | long train rides | the gym bag | thirsty hikes | hot days | school bags | a sip between meetings
open: Thirst meets its match. | Sip, twist, go. | Fill up at the tap and set off. | Water goes where you go. | Drink up, move on. | Hot day ahead? Good. | Take the tap with you. | A sip here, a mile there.
end: Top up and head out. | Your bag has a spare side pocket. | Cheers to the next mile. | Refill, repeat, relax. | Drink when you like. | Every sip counts. | Thirsty? Not you. | Clink, gulp, go.
# sport: yoga|mats?|dumbbells?|fitness|sports?|rackets?|balls?|skipping|weights?|goggles|paddles?
for: sun salutes | the living room studio | five quiet minutes | stiff mornings | an hour for yourself | warm-ups and cool-downs | small wins
open: Breathe in. Now out. | Roll out, stretch up. | Your hour starts now. | Down dog, up mood. | A bit of floor, a lot of calm. | Move a little, feel a lot. | Shoulders down, heart up. | Sweat, smile, shower.
end: Find your balance. | Hold the pose, keep the smile. | The floor is yours. | Namaste and off to work. | Your muscles send thanks. | Start small, start now. | Roll up and glow. | One breath at a time.
# travel: suitcases?|luggage|bags?|backpacks?|rucksacks?|travel|trolleys?|cases?|briefcases?|wallets?|panniers?
for: the early flight | a weekend in the south | platform nine | short trips and long lists | gate changes | the overnight bus | a change of scene
open: Pack light, dream big. | Gate open, heart open. | Next stop, anywhere. | Somewhere is waiting for you. | The best trips start with a zip. | Window seat, please. | Out of office. | One bag, many stories.
end: Where to first? | Passport ready? Roll on. | The departure board looks good. | Send us a postcard. | Zip up and slip away. | Leave a gap for souvenirs. | Home again, full of stories. | Boarding starts with you.
# tool: drills?|tools?|saws?|hammers?|screwdrivers?|wrench(?:es)?|sanders?|compressors?|workshop|ladders?|multimeters?
for: the shelf you promised | weekend projects | stubborn screws | new walls and old beams | the job list | a tidy workshop | proud makers
open: That shelf will not hang itself. | Measure twice, drill once. | Roll up your sleeves. | Weekend? Workbench. | Big plans need good tools. | Make something today. | Dust off the job list. | Here is to the doers.
end: Now where is that pencil? | Hang the picture, take a bow. | The neighbours will want to borrow {obj}. | Job done, tea on. | Build on, good maker. | One wall down, three to go. | Sawdust is a good sign. | You did that yourself.
# garden: gardens?|hoses?|watering|lawn|plants?|seeds?|barbecue|grills?|planters?|hedge
for: thirsty roses | green thumbs | warm evenings outside | the tomato bed | a lush lawn | balcony jungles | the first warm weekend
open: The roses are thirsty. | Green thumbs, get ready. | Bare feet on wet grass. | Spring has a to-do list. | Let it grow. | Birdsong, sunshine, dirty hands. | Your garden had a word with us. | Summer begins at the tap.
end: The tomatoes say thanks. | Go on, get your hands dirty. | Bees will approve. | Sit back and watch things grow. | A green weekend to you. | The deck chair comes next. | Bloom where you like. | Water well, rest well.
# cycle: bikes?|bicycles?|cycling|helmets?|e-bikes?|locks?|pumps?|saddles?
for: the ride to work | lazy loops | school-run racers | city streets | hills with hairpins | winding lanes | tailwind days
open: Heads up, riders. | Pedal on, worry less. | Two wheels, big grin. | Green light, go. | Ring the bell, here you come. | The long way is the fun way. | Wind in your face? Good. | Life is better on a bike.
end: See you on the bike lane. | Click, clip, ride. | The hill will not know what hit it. | Ride safe, ride often. | Next stop, coffee. | Spin out and smile. | Chase the evening sun. | Save a wave for other riders.
# car: cars?|auto|headlights?|tyres?|motor(?:ing|cycle)|dash ?cams?|boot organisers?
for: long drives | the school run | tidy boots | road trips | morning traffic | night roads
open: Buckle up. | The open road has a mood. | Are we there yet? | Full tank, free day. | Start me up. | Every drive tells a tale.
end: Happy miles. | Drive on, sing along. | Keys in hand? Good. | The road is long, enjoy it. | Mind the bends. | See you down the road.
"""
