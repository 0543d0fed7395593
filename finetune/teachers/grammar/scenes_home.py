"""What ads say of things for the house, the table, the body and the family. Data only.

A block is a family of products: its name and a regular expression for the words that name it, then
`for` (what one would want it for, to stand after "for"), `open` and `end` (whole sentences that open
or end an ad). {obj} is "it" or "them"; a verb in brackets agrees with the product.
"""

from __future__ import annotations

HOME = r"""
# appliance: kettles?|toasters?|blenders?|mixers?|fryers?|cookers?|juicers?|choppers?|microwaves?|ovens?|irons?|vacuums?|fridges?|refrigerators?|freezers?|washing machines?
for: slow weekend mornings | a quick lunch | the first cup of the day | big family suppers | a kitchen that hums | cooks in a hurry | rainy baking days | a calm weekday breakfast
open: Good mornings begin in the kitchen. | Steam, a mug, a minute of peace. | Supper plans just got easier. | The kitchen light is on, the day can start. | Hungry house? Stay calm. | Someone put the kettle on. | A small helper, a big smile. | Plug in and tuck in. | Let dinner half make itself.
end: The rest is up to your appetite. | Clear a spot on the counter. | Breakfast will thank you. | Your guests will ask for seconds. | Pull up a chair and enjoy. | Then sit down and sip. | Let the morning rush wait. | All you add is the recipe. | Good smells to follow.
# coffee: espresso|coffee (?:maker|machine|grinder)s?|grinders?|drip coffee
for: the first espresso of the day | long breakfasts | a milky cup at home | friends who drop by | thick crema | a break that counts | slow pours
open: That first sip, at home. | Wake up and smell the beans. | Skip the queue at the corner bar. | Your own little coffee bar. | The best seat in the cafe is your kitchen. | Beans in, morning on. | Listen: that hiss means coffee. | One shot, and the day looks up.
end: Warm the cups and press start. | Sip, sigh, begin. | Take the long way through the morning. | Beans not far, we hope? | The foam is yours to draw on. | Half past six never tasted so kind.
# cookware: pans?|pots?|cookware|saucepans?|woks?|casseroles?|knife|knives|cutting boards?|bowls?|whisks?
for: crisp edges | golden pancakes | a stew that takes its time | a steak at last | eggs, sunny side up | a pan sauce worth the bread | suppers from scratch
open: Hear that sizzle? | Dinner starts with a good pan. | Butter, heat, action. | Some like it hot. | Flip it, toss it, serve it. | Onions first, questions later. | From hob to table, with a grin. | Your best recipe wants a stage.
end: Now call everyone to the table. | Seasoned by you, night after night. | Pass the salt and dig in. | Hang {obj} where you can see {obj}. | The smoke alarm can rest. | Leave no crumb behind. | Bring the bread, mop the sauce. | Tonight smells good already.
# tableware: mugs?|cups?|plates?|glasses|bowls?|teapots?|tableware|cutlery|jugs?|vases?|cake stands?
for: the second cup | tea with a friend | a table full of talk | cocoa by the window | quiet breaks | long brunches | a well-set table
open: Pour, hold, breathe out. | The day needs a handle. | Tea tastes of home in the right cup. | Set the table, light a candle. | Two hands, one warm drink. | A shelf full of good mornings. | Refill? Yes, please. | Every table tells a tale.
end: Just add something hot. | Your cupboard will be proud. | Pour one more and stay. | Hands warm, mind clear. | Room for cocoa, room for talk. | Put the kettle on, we will wait. | Set one out for a guest. | The biscuit is up to you.
# furniture: chairs?|desks?|tables?|sofas?|beds?|stools?|bench(?:es)?|shel(?:f|ves)|cabinets?|wardrobes?|furniture|bed frames?
for: long desk days | a corner that works | a room with a plan | the home office | the long read | calls that run over | a better seat
open: Sit down, you have earned it. | Some rooms need just one good piece. | Your back has a say in this. | A place for every day. | Nine to five, in good shape. | Make the room yours. | Take a seat and stay a while. | Good work begins with a good seat.
end: Pull {obj} up and get going. | Your corner is ready. | Lean back and look around. | Home looks better from here. | The meeting can start now. | Settle in, the day is long. | Leave your coat, take a seat. | Monday just got softer.
# lamp: lamps?|lights?|lighting|bulbs?|lanterns?|chandeliers?|torch(?:es)?|night lights?
for: late chapters | the evening desk | a soft corner | homework after dark | night owls | dark winter afternoons | fine print
open: Dusk falls, and the page still glows. | Let there be a good light. | One switch, a warmer room. | The dark side of the desk is over. | Bright ideas need a lamp. | Night owl? Welcome. | Light where you look. | Winter is long, evenings need not be dim.
end: Switch on and read on. | One more chapter, then. | Turn the big light off. | Good night, gloom. | Aim, click, shine. | Your desk will beam. | Shadows, mind your manners. | See you after sunset.
# bedding: duvets?|bedding|pillows?|blankets?|sheets?|throws?|mattress(?:es)?|curtains?|cushions?|rugs?
for: deep sleep | lazy lie-ins | fresh sheet nights | a guest room with heart | cool feet and warm dreams | early nights | the long snooze
open: Five more minutes. Go on. | Fresh bed, slow breath. | Sleep well starts here. | Tuck in and drift off. | The best part of the day is horizontal. | Moon up, phone down. | Your bed called, it misses you. | Fluff, fold, fall in.
end: Sweet dreams are on the house. | Set the alarm a little later. | Sunday can take its time. | Lights out, smile on. | Dream in your own colours. | Wake up on the right side. | The cat will approve. | Goodnight starts now.
# bath: towels?|bath|bathrobes?|shower|bathroom
for: slow soaks | the step out of the shower | a swim before work | a spa mood at home | fresh mornings | bath night
open: Step out, wrap up. | Steam on the mirror, calm in the room. | Every shower deserves a soft end. | Bath time, your time. | Dry off in style. | Warm water, then this. | Fold them, hang them, love them. | A little spa lives on your rail.
end: Wrap up and hum along. | Hang {obj} within reach. | The tub is running. | Bubbles not far behind. | Your rail looks smart. | Stay in a bit longer. | Feet on the mat, worries off. | Soft is a good plan.
# skin: creams?|lotions?|skin care|serums?|make-?up|lipsticks?|perfumes?|beauty|nail polish
for: a minute at the mirror | clean fresh mornings | tired evenings | faces with plans | your own small ritual | dry winter days | a calm start
open: Your skin keeps your hours. | Wash, pat, smile. | A small jar, a kind habit. | Mirror, mirror, good morning. | Two fingers, one calm minute. | Take care, from the top. | Be gentle, it is your face. | A fresh face for a new day.
end: Dab on and go. | Your bathroom shelf has room. | Keep calm and pat dry. | Then out into the day. | One small dot will start you off. | Good morning, you. | Make the minute yours. | See you at the mirror.
# hair: shampoos?|hair|brush(?:es)?|combs?|dryers?|soaps?|shavers?|razors?|trimmers?|clippers?
for: good hair days | the gym bag | a weekend away | clean starts | bathroom minimalists | the morning rush | a fresh head of ideas
open: Sing in the shower, we will not tell. | Lather, rinse, grin. | Good hair, good day. | Fresh start, from the roots. | Your shower shelf just got lighter. | Bye-bye, bad hair day. | Foam is a fine way to begin. | Wash the day away.
end: Rinse and shine. | Toss {obj} in the wash bag. | Heads will turn, yours first. | Hum while you rinse. | Squeaky clean feels good. | Your comb will glide. | Out of the shower, into the sun. | Keep the tune going.
# oral: toothbrush(?:es)?|oral care|dental|floss
for: two clean minutes | bright hellos | bedtime without fuss | toothy grins | early risers | a fresh last word
open: Say cheese. | Two minutes, twice a day. | Smile first, coffee second. | Brush up on good habits. | Mornings with a fresh mouth. | Buzz, rinse, beam. | A grin is worth a minute. | Teeth first, then the world.
end: Show us those teeth. | Brush, rinse, repeat. | Your smile is up next. | The mirror will grin back. | Then kiss someone good night. | Fresh breath, free mind. | Dad jokes sound better now. | Beam on.
# baby: (?:baby|toddler) \w+|bab(?:y|ies)|carriers?|cots?|prams?|strollers?|nappy|toddlers?|bodysuits?|beakers?
for: first walks | sleepy heads | small hands | long cuddles | days out with your smallest | new parents | naps on the go
open: Small person, big adventures. | Hold on tight, little one. | Close to you is the best place. | Welcome to the cuddle club. | Tiny feet, wide world. | Naps happen anywhere now. | Off to see the ducks. | Hands free, heart full.
end: Snuggle up and set off. | The park is waiting. | Yawns are welcome. | Your arms will thank you. | Lullaby not included, love is. | Grow slowly, little one. | Next stop, nap time. | Pack the snacks and go.
# toy: toys?|games?|puzzles?|dolls?|jigsaws?|figures?|crayons?|lego|playhouse|finger paints?
for: rainy weekends | phones-off evenings | curious minds | a round before bed | the long weekend | grandparents and grandkids | big little thinkers
open: Rain on the window? Perfect. | Clear the table, call the gang. | Who finds the first corner? | Play is serious fun. | Screens off, heads together. | Once upon a quiet afternoon. | Your move. | Ready, steady, play.
end: Who is in? | One more round, promise. | Snacks ready? Then go. | The last piece is always under the sofa. | Bedtime can wait a little. | Winner makes the cocoa. | Let the fun fall into place. | Gather round and dig in.
# pet: (?:dog|cat|pet|puppy|kitten|bird|horse|fish) \w+|pets?|dogs?|cats?|puppy|kittens?|leads?|collars?|kibble|aquarium|litter
for: muddy paws | wagging tails | the four-legged boss | long naps in the sun | picky eaters | after the big walk | purring evenings
open: Somebody just pricked up their ears. | Paws up, who wants one? | Wag if you agree. | The boss has four legs. | Home is where the paw is. | Hear that happy patter? | Good boys and girls, gather round. | Whiskers twitch, tails lift.
end: Tail wags to follow. | Belly rubs come free with the pet. | Your sofa may get a rest. | Call, and they will come. | Purr, snooze, repeat. | Treat the boss today. | Nose down, tail up. | Paws crossed, you will like {obj}.
# drink: coffee|tea|infusions?|cocoa|beans|capsules?|juices?
for: rainy windows | slow mornings | the three o'clock slump | a good book | a chat that lasts | cold hands | the quiet hour
open: Put your feet up, the pot is warm. | Smell that? Morning. | Rain outside, steam inside. | Sip first, think later. | There is always time for a cup. | A cup of calm, coming up. | Pour slowly, breathe in. | Quiet please, it is brewing.
end: Fill the pot and call a friend. | Your favourite mug is ready. | Stir, sip, smile. | One cup leads to another. | Wait, breathe, pour. | Good talk comes with the second cup. | Save the last biscuit. | The day can wait a sip.
# food: food|sauces?|chocolate|pasta|honey|snacks?|grocery|spices?|oil|jam
for: weeknight suppers | hungry friends | the pantry shelf | picnics | second helpings | a quick bite
open: Hungry? Come in. | A full pantry is a happy one. | Taste first, talk after. | Dinner in your stride. | Spoon at the ready. | Good food, good mood. | Somebody licked the bowl. | Fork up.
end: Dig in while you can. | Plates out, everyone. | Seconds are allowed. | Pass {obj} down the table. | The last bite is yours. | Yum is the word. | Your fork knows what to do.
# jewel: rings?|necklaces?|bracelets?|earrings?|jewell?ery|watch(?:es)?
for: big days and small ones | a word unsaid | candle-lit dinners | the one you love | a touch of light | your own good taste
open: Some gifts speak softly. | A little sparkle goes far. | For hands that talk. | Catch the light. | Wear a memory. | Say it without words. | Shine, but quietly. | Small box, big feelings.
end: Keep {obj} close. | Then let the light do the rest. | Worn today, loved for years. | Hold out your hand. | The box is half the fun. | Your story, in small. | Wrap {obj} up for someone dear.
"""
