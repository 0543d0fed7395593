"""How each tone opens and ends an ad. Data only.

In a line {scene} is what one would want the product for, {a_noun} "a kettle", {obj} "it" or "them";
a verb in brackets agrees with the product.
"""

from __future__ import annotations

TONE_OPENINGS: dict[str, tuple[str, ...]] = {
    "": (
        "Here is to {scene}.", "Ready for {scene}?", "Think of {scene}.", "Bring on {scene}.",
        "Say yes to {scene}.", "Make room for {scene}.", "Good company for {scene}.",
        "All set for {scene}?", "There is nothing like {scene}.", "Hello, {scene}.",
        "A friend for {scene}.", "Picture {scene}.", "A treat for {scene}.", "Dream of {scene}?",
        "One less worry for {scene}.", "You, and {scene}.", "A good start for {scene}.",
        "For the love of {scene}.", "Time for {scene}.", "Fond of {scene}?",
    ),
    "playful": (
        "Psst, want to hear a secret?", "Guess who just turned up.", "Plot twist: {scene}.",
        "Warning: may cause grins.", "Your old one has left the chat.", "Oh, hello there!",
        "Knock, knock.", "Do not tell the neighbours.", "Drum roll, please!", "Well, well, well.",
        "Somebody is showing off.", "We dare you.", "Adulting, but make it fun.",
        "Ever met {a_noun} with this much charm?", "Finders keepers!", "Oops, we made you look.",
    ),
    "calm": (
        "Breathe out.", "Take your time.", "Quietly good.", "Slow down a little.", "No rush.",
        "A still moment, for {scene}.", "Soft light, soft steps.", "Let the day settle.",
        "One thing at a time.", "Hush, and have a look.", "Calm begins with small things.",
        "Nothing loud, nothing hurried.", "Rest easy.", "There is peace in {scene}.",
    ),
    "bold": (
        "Go big!", "No limits, no excuses.", "Stop waiting!", "This is it!", "Own {scene}!",
        "Make some noise!", "Game on!", "Turn it up!", "Bring it!", "You asked for more!",
        "Dare to want it all!", "Step up!", "Meet your match!", "Full power ahead!", "All in!",
    ),
    "warm": (
        "From us to you.", "A kind thought for {scene}.", "You deserve a treat.", "Come on in.",
        "For you, and the ones you love.", "It is the little things.", "We thought of you.",
        "Made us smile, might do the same for you.", "Take good care of yourself.",
        "A hug in the shape of a parcel.", "For all your kinds of day.",
        "Home is where you share {obj}.", "Good people deserve good things.",
    ),
    "formal": (
        "Allow us to present a sound choice.", "For those who plan ahead.", "Well considered.",
        "A reasonable decision.", "A word on your next order.", "We recommend a close look.",
        "Your work deserves the right tools.", "The facts, for your review.",
        "Chosen with care for {scene}.", "A solid basis.",
    ),
    "elegant": (
        "Less, but better.", "A quiet kind of grace.", "Good taste needs few words.",
        "For an eye that lingers.", "Style is a habit.", "The art of {scene}.", "Simply fine.",
        "A touch of grace for {scene}.", "Well chosen, well kept.", "Beauty in the everyday.",
        "Form first, and then a smile.", "Such a fine thing to own.",
        "Understated, as it should be.",
    ),
    "plain": (
        "No fuss.", "Plain facts.", "It does what it says.", "Short and simple.",
        "Nothing more, nothing less.", "Let us be clear.", "Here are the facts.", "No big words.",
        "You know what you need.", "Honest work.",
    ),
    "cosy": (
        "Remember slow afternoons?", "Socks on, tea poured.", "Rain taps on the window.",
        "Pull the blanket closer.", "Like the good old days.", "A candle, a song, {scene}.",
        "Once upon an evening.", "The fire is lit.", "Snow outside, warmth within.",
        "Grandma would nod.", "Nowhere to be but here.", "Stay in tonight.",
        "Golden light, long sighs.",
    ),
    "upbeat": (
        "Hooray for {scene}!", "Good news, everyone!", "Up and at it!", "Hey there, sunshine!",
        "What a day for {scene}!", "Let us go!", "Happy days!", "Smile, it is here!", "Woo-hoo!",
        "Jump in!", "Today is the day!", "Three cheers for {scene}!", "Ready, set, go!",
        "Yes, please!",
    ),
}  # fmt: skip

TONE_ENDINGS: dict[str, tuple[str, ...]] = {
    "": (
        "Just right for {scene}.", "Now for {scene}.", "Hello, {scene}.", "All yours.",
        "Here is to {scene}.", "Good to have around.", "See for yourself.", "Enjoy {scene}.",
        "Made for days like this.", "Pick one up today.", "That leaves you free for {scene}.",
        "Your next favourite, maybe.", "Why wait?", "The rest is up to you.", "Bring {obj} home.",
        "So, shall we?",
    ),
    "playful": (
        "Go on, you know you want to.", "Your sofa is jealous.", "Try not to grin.", "Ta-da!",
        "Resistance is futile, and dull.", "Cue the happy dance.", "No returns on smiles.",
        "Blame us if you like.", "Finder pays the pizza.", "Told you so.",
        "We will say no more. Wink.",
    ),
    "calm": (
        "The rest can wait.", "Let the evening come.", "Stay a while.", "All is well.",
        "Unhurried, like you.", "And the day grows quiet.", "Simply be.", "Ease into {scene}.",
        "Gently does it.", "A deep breath, and on you go.",
    ),
    "bold": (
        "Get yours now!", "Take it and run!", "Own the day!", "No half measures!", "Be first!",
        "Go get {obj}!", "Make your move!", "Now show them!", "Start today!",
        "Your turn to shine!",
    ),
    "warm": (
        "With love, from our shop to you.", "Share {obj} with someone dear.", "Enjoy, friend.",
        "We are glad you stopped by.", "Made for good days together.", "You are welcome.",
        "Someone will be so pleased.", "Take {obj} home, from all of us.", "Be good to yourself.",
    ),
    "formal": (
        "We look forward to your order.", "A sensible addition.", "Order at your convenience.",
        "Suited to {scene}.", "We remain at your service.", "Consider {obj} for {scene}.",
        "A choice you can explain.", "Thank you for your interest.",
    ),
    "elegant": (
        "Simply, {scene}.", "Quiet, lasting pleasure.", "For those who notice.",
        "Grace, every day.", "A fine companion for {scene}.", "Nothing needs to be added.",
        "Worthy of your home.", "Some things speak softly.", "Exquisite, without a fuss.",
    ),
    "plain": (
        "That is all.", "It works.", "No more to say.", "You decide.", "Good enough to keep.",
        "Done.", "Use {obj} and see.", "Nothing else to add.", "Fair and simple.",
    ),
    "cosy": (
        "Curl up and stay.", "Leave the world outside.", "The evening is yours.", "Home at last.",
        "Hold on to this feeling.", "Like it used to be.", "Warm heart, warm hands.",
        "Dream on a little.", "One more slow hour.",
    ),
    "upbeat": (
        "Let the good times roll!", "High five!", "Off you go!", "Here comes the fun!",
        "Grab {obj} and smile!", "Enjoy the ride!", "Life is good!", "Have a blast!",
        "Bring on {scene}!", "Cheers to that!",
    ),
}  # fmt: skip
