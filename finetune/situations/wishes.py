"""What sellers, shoppers and platforms wish of an ad or a title, as short texts. Data only.

Situations draw from these lists; the grammar teacher's ads know how to honour them, and cope with
others of the same form.
"""

from __future__ import annotations

TONES: dict[str, tuple[str, ...]] = {
    "playful": ("playful", "cheeky", "funny", "with a wink", "humorous", "light-hearted"),
    "calm": ("calm", "quiet", "serene", "soft", "gentle", "relaxed"),
    "bold": ("bold", "energetic", "punchy", "confident", "excited", "loud"),
    "warm": ("warm", "kind", "neighbourly", "heartfelt", "caring", "friendly"),
    "formal": ("professional", "formal", "businesslike", "matter-of-fact", "serious"),
    "elegant": ("elegant", "refined", "luxurious", "graceful", "sophisticated"),
    "plain": ("plain", "honest", "dry", "clear", "frank", "minimal", "to the point"),
    "cosy": ("cosy", "nostalgic", "dreamy", "homely", "scenic"),
    "upbeat": ("cheerful", "upbeat", "sunny", "festive", "sporty", "lively", "casual", "chatty"),
}
"""How a tone is spoken -> the names it goes by."""

OCCASIONS: dict[str, tuple[str, ...]] = {
    "gift": (
        "Christmas", "Mother's Day", "Father's Day", "Valentine's Day", "a birthday", "graduation",
        "a housewarming", "a wedding", "an anniversary", "Easter", "a farewell party",
        "Secret Santa", "a first day at work", "Teacher's Day", "a thank-you", "Hanukkah",
    ),
    "season": (
        "back to school", "the summer holidays", "the first days of spring", "a rainy weekend",
        "winter evenings", "the festival season", "New Year", "the long weekend", "moving day",
        "spring cleaning", "the start of term", "the dark months", "carnival", "harvest time",
    ),
    "sale": (
        "Black Friday", "Cyber Monday", "the January sale", "the end of season", "our anniversary",
        "the summer sale", "Singles' Day", "stocktaking week", "the midnight sale",
    ),
}  # fmt: skip

PLATFORMS = (
    "social media", "the home page", "a marketplace", "the category page", "a mobile banner",
    "a printed flyer", "the gift page", "the price page", "a store screen", "a search page",
    "the app's start screen", "Instagram", "Facebook", "the outlet page", "the deals page",
)  # fmt: skip
"""Each reads right after "published on"."""

CHANNELS = (
    "Mobile app", "Newsletter", "Web shop", "Marketplace", "Outlet page", "Social", "Gift page",
    "Business customers", "Price comparison", "Product feed", "Store kiosk", "Loyalty club",
)  # fmt: skip

CAMPAIGNS = (
    "Fresh Start", "Weekend Mode", "Home Again", "Little Luxuries", "Spring Refresh",
    "Back to Work", "Small Joys", "The Good Desk", "Made to Last Weeks", "Bright Days",
    "First Flat", "Quiet Hours", "Winter Warmers", "Out and About", "Tidy Up", "Family Days",
    "Ten Good Years", "Summer Sale", "Autumn Finds", "Gift Weeks", "Happy Mondays", "Late Summer",
)  # fmt: skip

PROMOTIONS = (
    "{p} % off until Sunday", "{p} % off this week", "{p} % off with the code {code}",
    "{p} % off for students", "Save {e} EUR until Friday", "Save {e} EUR on two",
    "Free gift wrapping", "Free shipping this weekend", "Three for the price of two",
    "Buy two, pay for one", "Second piece at half price", "{e} EUR voucher, valid until Monday",
    "{p} % off the whole range", "Free returns until January", "Free engraving this month",
    "Save {p} % with the newsletter", "{p} % off in the app",
)  # fmt: skip
PROMOTION_CODES = ("HELLO", "SPRING", "THANKS", "SUNNY", "WEEKEND", "FRESH", "CLUB")

STOCKS = (
    "Only {n} left", "{n} in stock", "Back in stock", "In stock now", "Last {n} pieces",
    "Back in stock, {n} pieces", "In stock, {n} pieces", "Just {n} left", "{n} left",
)  # fmt: skip

REVIEWS = tuple(
    text.strip()
    for text in """
    Does just what I hoped.; I use it every single day.; Looks even better than in the photo.;
    My sister wants one now.; Came quickly and works well.; Should have bought it sooner.;
    Simple, and it works.; The best thing I bought this year.; I would buy it again.;
    Feels solid in the hand.; Finally one that makes sense.; My husband will not let go of it.;
    A small joy every morning.; Easy to use from day one.; I gave one to each of my brothers.;
    No complaints at all.; It made my week.; Good value and well made.; Better than my old one.;
    We fight over it at home.; Just right for us.; Nothing to moan about.; It simply fits.;
    I did not expect to like it this much.; Still happy after a year.; Works like a charm.;
    Set up in no time.; Even my mother likes it.; It does the job and looks good.; Worth every cent.
    """.replace("\n", " ").split(";")
)

PROFILES: dict[str, tuple[str, ...]] = {
    "Works from home three days a week": ("Working from home this week?", "Home office again?"),
    "Parent of two, short of time": ("Short of time again?", "Family life is busy."),
    "Just moved into a first flat": ("New flat, new plans?", "Your first flat deserves this."),
    "Likes few things, but good ones": ("You like few things, but good ones.",),
    "Looks for gifts early": ("You like to be early.", "Looking for a gift in good time?"),
    "Commutes by train": ("Back on the train tomorrow?", "Travel by train made better."),
    "Student on a budget": ("On a student budget?", "Good things fit a student budget, too."),
    "Retired, likes to tinker": ("Time to tinker at last?", "You have the time, enjoy it."),
    "Buys for a small office": ("A small office has big needs.", "Your team will thank you."),
    "Tidies on Sundays": ("You like things in their place.", "Sunday is your day to tidy up."),
    "Spends weekends outdoors": ("Off outdoors this weekend?", "Another weekend outdoors?"),
    "Cooks most evenings": ("What are you cooking tonight?", "You love to cook."),
}
"""A shopper's profile -> how an ad may greet its owner."""

TITLE_POLICIES = (
    "Brand first.", "Brand first, then product and details.", "Name the brand once.",
    "No prices in titles.", "No sale words.", "Facts of the record only.", "No emoji.",
    "Brand, product, then measures.", "No claims about effect.", "No repetition of words.",
)  # fmt: skip
STYLE_POLICIES = ("No exclamation marks.", "Plain words only.", "Short sentences.", "No hype.")
HISTORIES = ("{noun} reviews; {noun} sale", "{noun}; gift ideas", "best {noun}; {noun} size guide")
