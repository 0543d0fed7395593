"""What ads say of things that are plugged in, printed on or written with. Data only.

The form of a block is that of `scenes_home`. The last block serves whatever no other names.
"""

from __future__ import annotations

DESK = r"""
# audio: headphones?|earphones?|earbuds?|headsets?|speakers?|loudspeakers?|soundbars?|audio|turntables?|radios?|microphones?|amplifiers?|players?|stereo
for: the morning train | kitchen discos | your guilty pleasures | podcasts on the bus | the last song of the night | park days | a good cry to a sad song
open: Press play, lose the crowd. | Turn up the good bits. | The band is in the room. | Your song is on. | World off, music on. | Hear that? Neither do we. | Bass in, Monday out. | Dance while no one looks.
end: Your playlist has been waiting. | Now, who picks the first song? | Hit play and drift. | Sing along, we will not judge. | Let the beat do the walking. | One more track. | Volume is a state of mind. | Encore, please.
# watch: smartwatch(?:es)?|wearables?|fitness trackers?|trackers?|watch(?:es)?
for: early laps | busy wrists | step counters | lunch-hour runs | night owls and early birds | meetings back to back | the next small win
open: Time to move. | A glance is all it takes. | Your wrist has news. | Tick off the day. | Steps, laps, laughs. | Wake up, strap on, go. | On time, in style. | Your day, at a glance.
end: Strap in and head out. | Check the time, it is yours. | Ten more steps? Easy. | Your arm looks smart. | Keep moving, keep smiling. | The finish line waves. | Look down, cheer up. | Make every minute count.
# power: power banks?|batter(?:y|ies)|chargers?|ups|power suppl(?:y|ies)|power adapters?|power (?:distribution|strips?|extension)|surge|outlets?|inverters?|uninterruptible
for: low-battery moments | the long way home | festival weekends | the dead socket blues | busy desks | days off the grid | a full charge before noon
open: One per cent left? Breathe. | Power to the people. | Low battery is so last year. | Plug in, calm down. | Keep the lights on. | Red bar? Green mood. | Sockets are hard to find. | Full again, go again.
end: Charge up and carry on. | Your phone sighs with relief. | Power on, worries off. | The last per cent can relax. | Stay on, stay calm. | Share a cable, make a friend. | Juice for the day ahead. | Unplug and roam.
# computer: laptops?|notebooks? (?:pc|computers?)|computers?|pcs?|desktops?|workstations?|chromebooks?|tablets?|processors?|motherboards?|servers?|graphics cards?|barebones?|hybrid|memory modules?|smartphones?|phones?|handheld
for: work and play | big spreadsheets | the late-night deadline | a desk that keeps up | tabs, so many tabs | study halls | builders and tinkerers
open: Open the lid, open the day. | Think fast, type faster. | Work flows, coffee cools. | New desk, new tricks. | Less waiting, more doing. | Log in, lean back. | Big ideas need a home. | Your next project is calling.
end: Switch on and get started. | Your inbox will not know what hit it. | Save often, smile more. | Let the work begin. | The cursor blinks for you. | Fingers ready? Go. | Log off early for once. | Then treat yourself to a game.
# screen: monitors?|displays?|screens?|projectors?|televisions?|tvs?|projection|flat panels?|privacy filters?
for: movie nights | side-by-side windows | the big match | slide shows with style | sharp-eyed work | popcorn evenings
open: Dim the lights. | See the bigger picture. | Eyes front. | Popcorn ready? | Sit back, look up. | Scene one, take one. | Your view just grew. | Lights, sofa, action.
end: Pass the popcorn. | Best seat in the house. | Roll the credits later. | Look sharp. | Watch on. | Save us a seat. | The curtain rises. | Blink later.
# printing: printers?|toners?|cartridges?|ink|inkjet|fusers?|drum|printing|plotters?|scanners?|ribbons?|print heads?|imaging units?|photo paper|large format|fax|labelmakers?
for: the report due at nine | crisp handouts | busy print rooms | the big print run | sharp lines | the office that never stops | boarding passes at the last minute
open: Paper in, worries out. | Print day? No drama. | Ready when the page is. | Put it on paper. | Hear that printer hum. | The queue is moving. | Ink well, sleep well. | Words look good in print.
end: Hit print and fetch a coffee. | The next page is on you. | Load up and carry on. | Meeting at ten? Relax. | Keep a spare in the drawer. | Your desk neighbour will ask to share. | Press start, walk away. | Let the pages roll.
# label: labels?|stickers?|tapes?|marking|envelopes?|binders?|folders?|files?|staplers?|hole punch|laminators?|calculators?|shredders?|whiteboards?
for: neat shelves | moving day | tidy minds | jars, boxes and folders | the filing you put off | a desk in order | lists of lists
open: Everything in its place. | Name it, find it. | Tidy desk, tidy mind. | Sort it out with a smile. | Chaos, meet your match. | Stick with what works. | Order feels good. | A calm drawer is a fine thing.
end: Peel, press, done. | Now what was in that box? | Your shelves will line up. | File under: sorted. | Tidy once, find often. | Lost things fear you. | Order up. | The drawer shuts at last.
# paper: notebooks?|notepads?|paper|pens?|pencils?|diar(?:y|ies)|journals?|stationery|crayons?|markers?
for: first drafts | quick thoughts | secret plans | morning pages | sketches on the train | to-do lists | letters you mean to write
open: Write it down. | A blank page, a good start. | Thoughts deserve paper. | Doodle, dream, do. | Pen in hand, coffee near. | Your next idea wants a page. | Dear diary, hello. | Scribble first, edit later.
end: Page one is yours. | Now find a pen. | Fill {obj} with plans. | What will you write first? | Keep the good ideas. | Ink meets thought. | Turn over a new leaf. | Your story starts here.
# cable: cables?|cords?|adapters?|couplers?|connectors?|extenders?|splitters?|converters?|hubs?|docks?|docking|cable ties?
for: a neat desk | the gap behind the sofa | server rooms and living rooms | the last missing link | tidy set-ups | plug-and-go days | quick fixes
open: Mind the gap. | The missing link, found. | Plug in, and forget. | Small part, big job. | Get connected. | From here to there, no fuss. | Two ends, one happy desk. | Click, and you are in.
end: Plug in and carry on. | That was easy. | One end here, one end there. | Your set-up is complete. | Tangles, be gone. | All joined up. | Link up and log on. | Done before the kettle boils.
# network: routers?|switch(?:es)?|network(?:ing)?|wi-?fi|modems?|access points?|antennas?|racks?|transceivers?|patch panels?|media converters?|firewalls?|print servers?
for: the far end of the flat | busy offices | film nights without the wheel | game nights | growing teams | the server corner
open: Buffering? Boring. | Keep the whole floor online. | Get the team talking. | Data, mind the speed limit. | Link up, move on. | Calm in the server room. | Every bit finds its way. | Green lights all the way.
end: Log on and roam. | The whole house is in. | Plug, play, smile. | Traffic flows. | Stay in touch. | Watch those lights blink. | Video calls, bring it on. | Your network, your rules.
# storage: memory cards?|flash drives?|hard drives?|solid state|ssds?|hdds?|drives?|memory|discs?|dvds?|storage|raid|card readers?
for: ten years of photos | big projects | the holiday clips | the files you love | backups that last | data hoarders
open: Keep the memories. | Make room for more. | Save first, worry never. | Your photos need a home. | Full disk? Take a breath. | Bits and pieces, all in place. | Back up, look forward. | Space, the final file.
end: Save now, thank yourself later. | Room for one more photo. | Drag, drop, done. | Your files sleep well. | Click save and go. | Delete nothing. | Keep what counts. | Copy that.
# photo: cameras?|camcorders?|tripods?|webcams?|camera (?:bags?|cases?|lens)|lens|drones?|photo
for: golden hours | the first snow | family faces | city lights | birthdays and near misses | a face-to-face from afar
open: Smile, you are on. | Catch the moment. | Light is calling. | Say it in a picture. | Look twice. | Ready for a close-up? | The sun sets in ten minutes. | Frame it.
end: Say cheese. | Now find the light. | The album has room. | Click, and it is yours. | Shoot first, sort later. | Hold still, world. | See it your way. | Keep the blurry ones too.
# mount: mounts?|stands?|brackets?|arms?|desk mounts?|wall mounts?|mounting|carts?|enclosures?|holders?
for: a clear desk | stiff necks | tidy walls | the right angle | shared work spaces | a better view
open: Rise up. | Clear the desk. | Get the angle right. | Look up, sit tall. | Space at last. | Free your table top. | Off the desk, into place. | Raise the bar, and the screen.
end: Tighten, tilt, done. | Your neck says hello. | Desk space, welcome back. | Set once, enjoy daily. | Chin up. | All in line. | The wall does the work. | Stand by for comfort.
# keys: keyboards?|mouse|mice|keypads?|presenters?|remote controls?|wrist rests?|trackballs?|stylus|mouse pads?|joysticks?|gamepads?|controllers?
for: fast fingers | long reports | late-night raids | the corner office | home office heroes | copy, paste, lunch
open: Type on. | Click with confidence. | Fingers, start your engines. | Point made. | Word by word, key by key. | Your hand, at home. | Shift happens. | Tap, tap, done.
end: Your fingers will fly. | Ctrl the day. | Click, and off you go. | Enter is all yours. | Point, click, coffee. | Hands down, a good pick. | Game on. | Escape at five.
# book: books?|novels?|guides?|crime|atlas|comics?
for: window seats | rainy weekends | the bedside pile | train rides | one chapter more | quiet afternoons
open: Just one more chapter. | Turn the page. | Read under the covers. | A good book, a long bath. | Get lost for a while. | Shh, reading.
end: Bookmark ready? | See you on the last page. | Tea on, phone off. | Read slowly. | Lend {obj} to a friend. | The end is worth it.
# music: guitars?|pianos?|drums?|strings|ukuleles?|violins?|music
for: first chords | kitchen concerts | band nights | old songs and new | patient neighbours | the tune in your head
open: One, two, three, four. | Play it again. | The first chord is the sweetest. | Everyone has a song in them. | Strum a while. | Make some noise.
end: Your encore awaits. | Practise, play, repeat. | Tune up and begin. | The neighbours will hum along. | Sing it loud. | Your stage is set.
# any: .*
for: everyday life | small moments | busy days | home and away | people with plans | the things you do each day | good days and bad | a job well done
open: Small things make the day. | Good things come in plain words. | Keep it simple. | Just what the day ordered. | Made for the way you live. | Here is a good idea. | Some things simply work. | Nothing fancy, just right. | Simple pleasures come first. | A little help goes a long way.
end: Try {obj} and see. | Simple as that. | Your turn. | Make {obj} yours. | Ready when you are. | Treat yourself. | Take {obj} home and enjoy. | Good days ahead. | That is all there is to it. | Have a look and fall for {obj}.
"""
