"""Questions about the demo shop's rules, each with the passages that answer it.

`says` are words and numbers of which a right answer holds one of each group: groups are joined by
"&", the words of a group by "|". Knows no product.
"""

from __future__ import annotations

from benchmarks.answers.desk import Desk, Question
from benchmarks.answers.items import ANY_PRODUCT, Gold

POLICIES: dict[str, tuple[tuple[str, str], ...]] = {
    "returns.md#return-windows-by-category": (
        ("How long do I have to return a jumper?", "60"),
        ("what's the return period for a frying pan", "30"),
        ("Can I send back an office chair, and until when?", "14"),
        ("Can coffee be returned?", "no|not|7"),
    ),
    "returns.md#how-to-return": (("How do I return something?", "label|my orders|parcel shop"),),
    "returns.md#who-pays-the-postage-all-other-products": (
        ("Who pays the postage if I send a kettle back?", "4.95"),
    ),
    "returns.md#who-pays-the-postage-clothing-footwear-and-luggage": (
        ("Do I have to pay to return shoes?", "free"),
    ),
    "returns.md#who-pays-the-postage-faulty-or-wrong-items": (
        ("I got the wrong item. Who pays the return?", "we|you"),
    ),
    "returns.md#refunds": (
        ("When do I get my money back after a return?", "5"),
        ("How long does a refund take?", "5"),
    ),
    "returns.md#exchanges": (("Can I swap a shirt for another size?", "order|new|replacement"),),
    "returns.md#condition-of-the-goods": (
        ("Can I return a T-shirt that I wore outside?", "unworn|deduct|lose"),
    ),
    "shipping.md#where-we-ship-and-what-it-costs": (
        ("How much is shipping to Germany?", "4.95"),
        ("what does delivery to Belgium cost", "3.95"),
        ("How long does a parcel to Spain take?", "3 to 7|3-7"),
        ("From what order value is shipping to France free?", "60"),
        ("Do you ship to Switzerland?", "not|no|outside"),
    ),
    "shipping.md#express-delivery": (
        ("What does express delivery cost?", "12.95"),
        ("Can an office chair be sent by express?", "not|no"),
    ),
    "shipping.md#large-items": (
        ("How much is it to ship an office chair?", "19"),
        ("Will the carrier take my chair upstairs?", "15|door"),
    ),
    "shipping.md#tracking": (("How do I track my parcel?", "link|e-mail|email"),),
    "shipping.md#parcel-damaged-on-the-way": (
        ("My parcel arrived damaged, what now?", "photo|7 days|replace"),
    ),
    "shipping.md#items-that-are-not-in-stock-out-of-stock": (
        ("Can I order something that is out of stock?", "not|no|bell"),
    ),
    "shipping.md#items-that-are-not-in-stock-backorder": (
        ("What does backorder mean?", "way|warehouse"),
    ),
    "shipping.md#items-that-are-not-in-stock-preorder": (
        ("May I cancel a preorder?", "free|cancel"),
    ),
    "warranty.md#warranty-by-product": (
        ("How long is the warranty on espresso machines?", "36"),
        ("What warranty do tents have?", "36"),
        ("Which warranty period holds for frying pans?", "60"),
        ("Do mugs come with a warranty?", "no|not"),
    ),
    "warranty.md#how-to-make-a-claim": (
        ("How do I make a warranty claim?", "service@|order number|photo"),
    ),
    "warranty.md#what-it-does-not-cover": (("Does the warranty cover worn soles?", "not|no|wear"),),
    "warranty.md#the-legal-guarantee": (("How long is the legal guarantee?", "24"),),
    "warranty.md#spare-parts": (("For how many years can I get spare parts?", "5"),),
    "payment.md#invoice payment.md#payment-methods": (("Can I pay by invoice?", "invoice"),),
    "payment.md#payment-methods": (("Is iDEAL accepted?", "ideal"),),
    "payment.md#paying-in-instalments": (("Can I pay in instalments?", "3|150"),),
    "payment.md#discount-codes": (("How many discount codes can I use for an order?", "one|1"),),
    "payment.md#business-customers": (
        ("I want to buy 20 pieces for my company, do I get a quote?", "quote|business@"),
    ),
    "payment.md#when-a-payment-fails": (("My payment failed. Is my basket lost?", "48|kept"),),
    "contact.md#customer-service": (
        ("When is customer service open?", "8|9|monday"),
        ("On which days can I call you?", "monday"),
    ),
    "contact.md#changing-an-order": (("Until when can I change my order?", "30 minutes"),),
    "contact.md#the-showroom": (("Where is your showroom?", "utrecht"),),
    "gift-cards.md#gift-cards-how-long-it-lasts": (("How long is a gift card valid?", "3 years"),),
    "gift-cards.md#gift-cards-values": (
        ("What values do gift cards come in?", "15|25|50|100|200|250"),
    ),
    "gift-cards.md#gift-wrap": (("How much is gift wrapping?", "3.50|3.5"),),
    "gift-cards.md#gift-cards-lost-cards": (
        ("I lost my gift card, what can I do?", "block|new one|order number"),
    ),
    "care.md#wool": (("How do I wash a wool jumper?", "30|wool"),),
    "care.md#kettles-and-espresso-machines": (("How often should I descale my kettle?", "2|4"),),
    "care.md#pans-cast-iron-and-carbon-steel": (
        ("May a cast iron pan go into the dishwasher?", "never|not|no"),
    ),
    "care.md#shoes": (("How do I clean leather shoes?", "brush|wax"),),
    "sizing.md#shoes": (
        ("Which shoe size fits a foot of 26 cm?", "41"),
        ("What foot length is EU 38?", "24"),
    ),
    "sizing.md#bicycle-helmets": (("Which helmet size do I need for a head of 57 cm?", "m"),),
    "sizing.md#t-shirts-jumpers-and-rain-jackets-women": (
        ("What chest measurement is a women's M?", "89|94"),
    ),
    "sizing.md#dog-beds": (("Which dog bed size suits a dog of 18 kg?", "m"),),
}
"""Questions by the passages that answer them, each with what a right answer says."""
_ON_RECORDS = ("returns.md#return-windows-by-category", "warranty.md#warranty-by-product")
"""Pages of which each product's record says what holds for it."""

OPENINGS = ("{q}", "{q}", "{q}", "Hi! {q}", "A customer asks: {q}", "Quick question: {q}")


def policy(desk: Desk) -> Question | None:
    """Ask for a rule of the shop, where the index holds the passage that answers it."""
    asked = [(passages, *one) for passages, ones in POLICIES.items() for one in ones]
    passages, question, says = desk.chance.choice(asked)
    ids = tuple(one for one in passages.split() if one in desk.shelf.passages)
    if not ids:
        return None
    if passages in _ON_RECORDS:
        ids = (*ids, ANY_PRODUCT)
    gold = Gold("passage", passages=ids, says=tuple(says.split("&")))
    message = desk.pick(OPENINGS).replace("{q}", question)
    return Question(ids[0], message, gold)
