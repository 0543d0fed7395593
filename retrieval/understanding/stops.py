"""Words that name nothing: politeness, shopping phrases, connectives, and everyday English.

Tables, and taking what is in them out of the words to search by. Knows no catalog.
"""

from __future__ import annotations

import importlib.resources

from catalog_index.filters import fold
from retrieval.understanding.reading import Reading, word_set
from retrieval.understanding.values import Role

PhraseTable = dict[str, list[tuple[str, ...]]]
"""Phrases, folded and cut into words, by their first word."""

CONNECTIVES = word_set(
    "and or that which with without in for by but from of is are please on to at if as not than "
    "who made only also plus thanks preferably ideally when so because it they i we my und mit "
    "en met et avec"
)
"""Words that may open a new phrase after a number or a filter."""

LOOSE = word_set(
    "and or that which with is are be in for by from of the a an any some to at on but also plus "
    "weigh weighs weighing i it its they ones should must have has having costs cost "
    "made und mit en met et avec"
)
"""Connectives that are dropped where the phrase that they joined is gone."""

_OPENINGS = """
i am looking for | i m looking for | im looking for | i am searching for | i m searching for
im searching for | i was looking for | we are looking for | we re looking for | looking for
looking to buy | searching for | search for | search | i am shopping for | i m shopping for
i am interested in buying | i m interested in buying | i am interested in | i m interested in
im interested in | interested in | i would like to buy | i would like to have | i would like to get
i would like to order | i would like to find | i would like to purchase | i would like to see
i would like | i d like to buy | i d like to get | i d like to order | i d like to find
i d like to see | i d like to have | i d like | id like to buy | id like to find | id like
i want to buy | i want to get | i want to order | i want to find | i want to purchase | i want
i need to buy | i need to find | i need to get | i need to order | i need | we need | we want
need to buy | need a | need an | need some | need | want to buy | want a | want an | want some
do you have any | do you have | do you sell any | do you sell | do you stock any | do you stock
do you carry any | do you carry | do you offer any | do you offer | have you got any | have you got
you got any | got any | have you any | are there any | is there any | is there | are there
which of your | what is your | what s your
can you show me | could you show me | would you show me | can you find me | could you find me
can you find | could you find | can you get me | can you recommend | could you recommend
can you suggest | could you suggest | can you help me find | could you help me find
can i get | could i get | can i have | can i buy | can i see | could i see | can i find | may i see
may i have | where can i find | where can i buy | where can i get | where do i find
where do you have | show me all | show me your | show me some | show me | show all
show | find me a | find me an | find me some | find me | find | get me a | get me an
get me some | get me | give me a | give me an | give me some | give me | list all | list me
recommend me | recommend | suggest me | suggest | please recommend | help me find | help me choose
help me pick | help me buy | what do you have in | what do you have | what have you got
what kind of
what kinds of | what sort of | what are your | what are the | what is the | what s the
whats the | what s | whats
which is the | which are the | which one is the | what about | how about | what | which
let me see | i wish to buy | i plan to buy | i am trying to find | i m trying to find
im trying to find | trying to find | i am after | i m after | hunting for | in search of
shopping for | to buy | buy
do you know any | have any | any | you have | do you also have | and do you have
ich suche | ich möchte | ich brauche | zeig mir | habt ihr | ik zoek | ik wil | heb je
hebben jullie
je cherche | je voudrais | avez vous | montrez moi
"""
_POLITE = """
please | pls | plz | thanks | thank you | thanks in advance | thank you very much | many thanks | hi
hello | hey | hi there | hello there | hey there | good morning | good evening | good afternoon
if possible | if you have | if available | kindly | bitte | danke | merci | alstublieft | thx
cheers
for sale | everything | all products | something | anything | one that | ones that | some kind of
a kind of | cheap | affordable
inexpensive | low cost | low priced | good value
"""
_ANYWHERE = "do you have | do you sell | do you stock | do you carry | do you offer | have you got"
_GREETINGS = "hi | hello | hey | hi there | hello there | hey there | please | ok | so | and | also"


def phrase_table(text: str) -> PhraseTable:
    """Index phrases by their first word, the longest first."""
    table: PhraseTable = {}
    for phrase in text.replace("\n", "|").split("|"):
        if words := tuple(fold(phrase).split()):
            table.setdefault(words[0], []).append(words)
    for phrases in table.values():
        phrases.sort(key=len, reverse=True)
    return table


_OPENING_TABLE = phrase_table(_OPENINGS)
_ANYWHERE_TABLE = phrase_table(_ANYWHERE)
_GREETING_TABLE = phrase_table(_GREETINGS)
_POLITE_TABLE = phrase_table(_POLITE)
_AFTER_OPENING = word_set("a an the some any your me een un une ein eine einen")
_NEED_BOTH = word_set("on in at to a an any be it its has have up some")
"""Loose words that may end a name ("slip on", "vitamin A"): dropped only between two gaps."""
_EITHER = word_set("of and or but also plus i it its they ones und en et")
_AT_START = word_set("a an the some any and or that which is are but also plus for with")
_AT_END = word_set("and or that which is are the with from by of for to but und mit en met et")
"""Loose words that are dropped where a query opens or ends with them."""

_EVERYDAY = importlib.resources.files(__package__ or "").joinpath("everyday.txt")
SAID = CONNECTIVES | word_set(fold(f"{_OPENINGS} {_POLITE} {_EVERYDAY.read_text('utf-8')}"))
"""Everyday words and those of these tables: none is taken for a misspelling of a catalog's word."""


def drop_openings(reading: Reading) -> None:
    """Take shopping phrases at the start of a sentence, and "do you have" anywhere."""
    at, opening = 0, True
    while at < len(reading.words):
        opening = opening or _ends_sentence(reading, at)
        length = matched(reading, at, _ANYWHERE_TABLE)
        if not length and opening:
            length = matched(reading, at, _OPENING_TABLE) or matched(reading, at, _GREETING_TABLE)
        if length:
            reading.take(at, at + length, Role.STOP)
        else:
            opening = False
        at += length or 1


def drop_politeness(reading: Reading) -> None:
    """Take polite words anywhere, and the articles that open a sentence."""
    at, opening = 0, True
    while at < len(reading.words):
        opening = opening or _ends_sentence(reading, at)
        length = matched(reading, at, _POLITE_TABLE)
        if not length and opening and reading.free_phrase(at, at + 1) in _AFTER_OPENING:
            length = 1
        if length:
            reading.take(at, at + length, Role.STOP)
        opening = reading.roles[at] is Role.STOP
        at += length or 1


def drop_loose_ends(reading: Reading) -> None:
    """Drop connectives that no longer join two words: "shoes [and] under 50"."""
    changed = True
    while changed:
        changed = False
        for at, word in enumerate(reading.words):
            if reading.roles[at] is not None or word.folded not in LOOSE:
                continue
            if _is_loose(reading, at):
                reading.take(at, at + 1, Role.STOP)
                changed = True


def _is_loose(reading: Reading, at: int) -> bool:
    """Whether a connective joins nothing any more.

    A preposition or an article belongs to the word after it, a conjunction or a pronoun to both.
    """
    word = reading.words[at].folded
    before = word in _AT_START if at == 0 else _is_gap(reading, at - 1)
    after = word in _AT_END if at == len(reading.words) - 1 else _is_gap(reading, at + 1)
    leads = before and all(_is_gap(reading, earlier) for earlier in range(at))
    if word in _EITHER or (leads and word not in _NEED_BOTH):
        return before or after
    return after and (before or word not in _NEED_BOTH)


def _is_gap(reading: Reading, at: int) -> bool:
    """Whether a word is not searched by."""
    return reading.roles[at] not in {None, Role.WORD}


def matched(reading: Reading, at: int, table: PhraseTable) -> int:
    """Return how many words a phrase of `table` that starts at word `at` has, or 0."""
    for phrase in table.get(reading.words[at].folded, ()):
        last = at + len(phrase)
        if reading.is_free(at, last) and all(
            word.folded == said for word, said in zip(reading.words[at:last], phrase, strict=True)
        ):
            return len(phrase)
    return 0


def _ends_sentence(reading: Reading, at: int) -> bool:
    """Whether a sentence ends between a word and the one before it."""
    if at == 0:
        return True
    between = reading.text[reading.words[at - 1].end : reading.words[at].start]
    return any(mark in between for mark in ".?!;,\n") and between.strip() != ""
