"""How each tone opens and ends an ad, whatever the product. Data only.

In a line {obj} is "it" or "them".
"""

from __future__ import annotations

SERIOUS = frozenset({"formal", "elegant", "plain", "calm"})
"""Tones that take no sentence but their own."""

TONE_OPENINGS: dict[str, tuple[str, ...]] = {
    "playful": (
        "Guess who is new here.", "Psst, look at this.", "Do not tell the neighbours.",
        "Well, hello there!", "Knock, knock!", "Look what we found!", "Drum roll, please!",
        "Somebody is about to smile.", "Go on, have a look.", "Warning: you may want this.",
        "Love at first sight?", "Your old one will be jealous.", "Resist if you can.",
        "Stop scrolling, start smiling.", "Surprise!", "Be honest, you want this.",
    ),
    "calm": (
        "Take your time.", "Slow down a little.", "Take a quiet moment.", "No hurry.",
        "Keep things calm and simple.", "Breathe in, breathe out.", "Some things are quietly good.",
        "Let the day come to you.", "Calm begins with small things.", "One thing at a time.",
        "Enjoy a gentle pace.", "Make room for a little calm.", "There is no need to rush.",
        "Ease into the day.", "Good things need no noise.",
    ),
    "bold": (
        "Go for it!", "Think big!", "Stop waiting!", "This is it!", "Game on!", "Bring it on!",
        "Step up!", "Make your move!", "Go all in!", "No excuses!", "Time to shine!",
        "Dare to want more!", "Own the day!", "Do it now!", "Make it happen!",
        "Settle for nothing less!",
    ),
    "warm": (
        "You deserve something nice.", "From us to you.", "Come on in and have a look.",
        "For you and the ones you love.", "Be good to yourself.",
        "Good people deserve good things.", "Here is something to make you smile.",
        "Treat yourself, you have earned it.", "Welcome, it is good to see you.",
        "Take good care of yourself.", "Something nice for someone nice.",
        "Little things show that you care.", "Make someone happy today.", "A warm hello from us.",
    ),
    "formal": (
        "We are pleased to present a sound choice.", "A considered choice.", "For your review.",
        "We recommend a close look.", "A reliable basis for your decision.", "At your service.",
        "A well-considered option.", "For customers who decide with care.", "Allow us to assist.",
        "We invite you to consider this offer.", "Quality decisions rest on facts.",
        "A practical choice deserves attention.", "Please consider the following product.",
        "An informed choice begins with the facts.", "Please note the key details.",
    ),
    "elegant": (
        "Less, but better.", "Good taste needs few words.", "Simply beautiful.",
        "Style is a matter of choice.", "A touch of elegance.", "For those who choose with care.",
        "Well chosen is half the pleasure.", "Quiet elegance suits every day.",
        "The finer things are often simple.", "Beauty lies in the details.", "Simply refined.",
        "Elegance is never loud.", "A pleasure to own.", "Understated, as it should be.",
        "Some things are simply right.",
    ),
    "plain": (
        "Here are the facts.", "No fuss.", "Short and simple.", "Nothing complicated.",
        "Plain and simple.", "Let us keep it short.", "You know what you need.", "No big words.",
        "Just the facts.", "Straight to the point.", "What you see is what you get.",
        "Here is what matters.", "A plain description.", "Clear and simple.", "In short.",
    ),
    "cosy": (
        "Stay in tonight.", "Remember the good old days?", "Make yourself at home.",
        "Home is the best place to be.", "Slow afternoons are the best.", "Cosy days are here.",
        "Outside it is cold, inside it is cosy.", "Close the door and feel at home.",
        "Time to slow down.", "There is no place like home.", "Leave the busy world outside.",
        "Some evenings are meant for staying in.", "Take a trip down memory lane.",
        "Feel at home.", "The good life is simple.",
    ),
    "upbeat": (
        "Good news, everyone!", "Happy days!", "Hooray, it is here!", "Hello, sunshine!",
        "What a day!", "Ready, set, go!", "Yes, please!", "Smile!", "Let us make today great!",
        "Here comes the good part!", "Today is a good day!", "Good times ahead!",
        "Get ready to smile!", "This will make your day!", "Hip hip hooray!",
    ),
}  # fmt: skip

SOBER_OPENINGS: dict[str, tuple[str, ...]] = {
    "playful": ("Psst, look at this.", "Look what we found!", "Well, hello there!", "Surprise!"),
    "calm": ("No hurry.", "One thing at a time.", "There is no need to rush.", "Take your time."),
    "bold": ("This is it!", "Stop waiting!", "No excuses!", "Do it now!", "Step up!"),
    "warm": ("From us to you.", "A warm hello from us.", "Come on in and have a look."),
    "cosy": ("Nice to have you here.", "Come on in and have a look.", "A warm hello from us."),
    "upbeat": ("Good news, everyone!", "Yes, please!", "Ready, set, go!", "Hooray, it is here!"),
}
SOBER_ENDINGS: dict[str, tuple[str, ...]] = {
    "playful": ("Your move!", "You are welcome.", "Told you so.", "Ta-da!"),
    "calm": ("The rest can wait.", "No rush at all.", "Take your time.", "All is well."),
    "bold": ("Get yours now!", "Do not wait!", "No half measures!", "Grab {obj} today!"),
    "warm": ("We are glad you stopped by.", "It is good to have you here.", "With warm wishes."),
    "cosy": ("We are glad you stopped by.", "It is good to have you here."),
    "upbeat": ("Off you go!", "High five!", "Get {obj} today!", "Cheers to that!"),
}
"""For parts, supplies and office goods, of which nobody dreams by the fire."""

TONE_ENDINGS: dict[str, tuple[str, ...]] = {
    "playful": (
        "Go on, you know you want to.", "Try not to smile.", "You are welcome.", "Ta-da!",
        "We will not tell anyone.", "Told you so.", "Your move!", "Happy dance allowed.",
        "Blame us if you like.", "No one will judge you.", "Wink, wink.", "Now try to say no.",
        "Grin and get {obj}.", "You had us at yes.", "Resistance is useless!",
    ),
    "calm": (
        "The rest can wait.", "Take your time.", "No rush at all.", "Enjoy at your own pace.",
        "Simply enjoy.", "All is well.", "Stay a while.", "Enjoy the quiet.", "Let the day slow.",
        "Calm days are good days.", "Enjoy a moment of peace.",
        "Rest easy.", "Gently does it.", "Let go and enjoy.",
    ),
    "bold": (
        "Get yours now!", "Make your move!", "Start today!", "Do not wait!",
        "Own the day!", "Go get {obj}!", "Now it is your turn!", "Be bold!", "Take the lead!",
        "Show them how it is done!", "No half measures!", "Grab {obj} today!", "Make it yours!",
        "Go all the way!",
    ),
    "warm": (
        "Enjoy, from all of us.", "We hope you love {obj}.", "Be good to yourself.",
        "Someone will be so pleased.", "Share the joy with someone dear.", "You deserve {obj}.",
        "We are glad you stopped by.", "Take {obj} home and enjoy.",
        "We wish you many happy days.", "A treat from the heart.", "With warm wishes.",
        "Make yourself happy today.", "Give someone a smile.", "It is good to have you here.",
    ),
    "formal": (
        "We look forward to your order.", "Order at your convenience.", "A sensible choice.",
        "Thank you for your interest.", "We are at your service.", "A sound decision.",
        "We thank you for your consideration.", "A choice you can explain.",
        "Suitable for demanding customers.", "We would be pleased to serve you.",
        "Please place your order at any time.", "A practical choice for daily use.",
        "Your order is welcome.", "We remain at your disposal.", "A reasonable investment.",
    ),
    "elegant": (
        "Simply beautiful.", "For those who notice details.", "A pleasure, every day.",
        "A choice in good taste.", "Elegance made simple.", "Enjoy the finer things.",
        "Quietly beautiful.", "Chosen with care, enjoyed every day.",
        "A fine choice.", "Discreet and refined.", "Style that speaks for itself.",
        "Good taste, every day.", "Understated and right.", "A lasting pleasure.",
    ),
    "plain": (
        "That is all.", "It is that simple.", "You decide.",
        "Those are the facts.", "The choice is yours.", "Simple as that.",
        "That is all you need to know.", "Order if it suits you.", "Now you know.",
        "The facts speak for themselves.", "No extras, no fuss.", "Decide for yourself.", "Done.",
    ),
    "cosy": (
        "Stay in and enjoy.", "The evening is yours.",
        "Just like old times.",
        "Home sweet home.", "Make yourself comfortable.", "Enjoy a slow evening.",
        "Cosy days lie ahead.", "Leave the world outside.", "Some things feel like home.",
        "Hold on to this feeling.", "Enjoy the simple life.", "Time to feel at home.",
        "Good memories start like this.", "Stay a little longer.",
    ),
    "upbeat": (
        "Enjoy!", "Off you go!", "Let the good times roll!", "Have fun!", "High five!",
        "Get {obj} and smile!", "Life is good!", "Here comes the fun!", "Good times ahead!",
        "Cheers to that!", "What a treat!", "Have a great day!", "Make it a good day!",
        "Smile and enjoy!", "Happy days are here!",
    ),
}  # fmt: skip
