"""What a seller's words ask of a text: how long, with and without which words, how many texts.

A request may go on over several messages, joined by "; " ("write an ad; make it shorter"): later
words overrule earlier ones. Regular expressions only; knows no product and no task.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from assistant.tasks.copy_inputs import MAX_VARIANTS

_SMALL_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
    " fifteen sixteen seventeen eighteen nineteen twenty"
)
_SMALL = _SMALL_WORDS.split()
_TENS = ["thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"]
NUMBER_WORDS = {word: number for number, word in enumerate(_SMALL, 1)} | {
    word: 10 * number for number, word in enumerate(_TENS, 3)
}
"""Numbers as words, "one" to "hundred"."""

_LONGEST_FIRST = sorted(NUMBER_WORDS, key=len, reverse=True)
_COMPOUND = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-\w+"
_N = rf"(?:\d{{1,4}}|{_COMPOUND}|{'|'.join(_LONGEST_FIRST)})"
_UNIT = r"(?P<unit>words?|char(?:acter)?s?|letters?|sentences?|lines?)\b"
_BELOW = r"under|below|less than|fewer than|shorter than"
_MOST = (
    r"at most|no more than|not more than|no longer than|max(?:imum)?(?: of)?|up to|within|"
    r"limit(?:ed)?(?: it)? to|not (?:over|above|exceed(?:ing)?)|(?:without |not )?exceeding|"
    r"only|just"
)
_LEAST = r"at least|no less than|no fewer than|not less than|min(?:imum)?(?: of)?"
_ABOVE = r"more than|over|above|longer than"
_LENGTH = re.compile(
    rf"(?:\b(?P<rel>{_BELOW}|{_MOST}|{_LEAST}|{_ABOVE})\s+)?"
    rf"(?:\b(?P<low>\d{{1,4}}(?=\s*[-–])|{_N}(?=\s+(?:to|and)\b))\s*(?:-|–|to|and)\s*)?\b(?P<n>{_N})[\s-]*{_UNIT}"
    r"(?:\s*\(?(?P<after>max(?:imum)?|or (?:less|fewer|under|shorter)|at most|tops|limit|"
    r"or more|at least|min(?:imum)?))?|"
    rf"(?P<unit2>word|character|char)\s*(?:limit|count|maximum)\s*(?:of|is|:)?\s*(?P<n2>{_N})\b",
    re.I,
)
_ROUGHLY = 0.75
"""The least that "40 words" may be, as a share of it."""

SHORT_WORDS, LONG_WORDS = 25, (35, 80)
_SHORT = re.compile(
    r"\b(?:short|brief|concise|snappy|punchy|compact|tiny|tight)\b(?!\s+sentences)", re.I
)
_SHORTER = re.compile(
    r"\b(?:shorter|briefer|more concise|too long|shorten|tighten|trim|cut (?:it|that|this))\b", re.I
)
_LONGER = re.compile(
    r"\b(?:longer|too short|more details?|lengthen|expand|more detailed)\b(?! than)", re.I
)
_LONG = re.compile(r"\b(?:long|detailed|in detail)\s+(?:ad|advert|copy|text|post|version)\b", re.I)

_QUOTE = r"[\"“”]([^\"“”]{1,80})[\"“”]|(?<!\w)['‘]([^'‘’]{1,80})['’](?!\w)"
_QUOTED = re.compile(_QUOTE)
_NOT = r"(?:do not|don['’]?t|never|not|without|avoid|no need to|nor|or)"
_KEEP_VERB = (
    r"(?:must (?:also )?(?:say|have|include|mention|contain|use|hold)|put|includ(?:e|es|ing)|"
    r"mention(?:s|ing)?|work in|add(?:ing)?|contain(?:s|ing)?|highlight(?:ing)?|"
    r"emphasi[sz](?:e|ing)|stress(?:ing)?|promis(?:e|es|ing)|claim(?:ing)?|point out|talk about|"
    r"say (?:that )?(?:it|they)(?:['’]s| is| are)|keep(?:ing)?|feature)"
)
_QUOTE_VERB = rf"(?:{_KEEP_VERB}|say|says|saying|use|uses|using|with|have|has|get|insert|fit)"
_LEAD_IN = (
    r"(?:\s+(?:in|also|that|the|this|these|our|its|a|keywords?|words?|phrases?|terms?|line|"
    r"slogan|it says))*"
)
_CHARS = r"(?:[^,.;!?\"“”:()]|[.,](?=\d))"
_STOP = (
    r"(?=\s+(?:in|into|on|to|at|as)\s+(?:the|it|its|this|that|my|a|there|title)\b|\s+(?:but|"
    r"without|under|please|within|at most|in (?:\d|under|at)|for (?:\w+\s){0,2}(?:amazon|ebay|etsy|"
    r"instagram|facebook|tiktok|google|walmart|shopify|black|christmas|easter))|"
    rf"\s+(?:and|then)\s+(?:{_NOT}|keep|make|put|mention|include|use|write|in|no)\b|[,.](?!\d)|[;!?:(]|$)"
)
_KEEP = re.compile(
    rf"(?<!\w)(?P<not>{_NOT}\s+)?\b(?P<verb>{_KEEP_VERB}){_LEAD_IN}\s+"
    rf"(?P<object>{_CHARS}{{2,80}}?){_STOP}",
    re.I,
)
_LISTED = re.compile(
    r"\b(?P<verb>keep|include|mention|use|put in|must include|avoid|exclude|leave out|"
    r"don['’]?t use)"
    r"\s*:\s*(?P<object>(?:[^.;!?\"“”]|[.](?=\d)){2,160})",
    re.I,
)
_KEEP_QUOTED = re.compile(
    rf"(?<!\w)(?P<not>{_NOT}\s+)?\b(?P<verb>{_QUOTE_VERB}){_LEAD_IN}\s*:?\s*"
    rf"(?P<object>(?:(?:{_QUOTE})(?:\s*(?:,|and|or|&)\s*)*)+)",
    re.I,
)
_AND_MORE = re.compile(r"(?:\band|&)\s*$", re.I)
_NAMED_NEXT = re.compile(
    r"\s*(?:an?|the|our|its|my)\s(?!(?:[\w-]+\s){0,2}(?:tone|style|voice|vibe|mood)\b)", re.I
)
_AVOID_VERB = (
    r"(?:(?:do not|don['’]?t|never|not|no need to)\s+(?:ever\s+)?(?:say|use|mention|include|write|"
    r"put|add|call it|talk about|name|show|have|saying|using|mentioning)|"
    r"avoid(?:ing)?|without|leav(?:e|ing) out|skip(?:ping)?|drop|omit(?:ting)?|exclud(?:e|ing)|"
    r"remove|take out|minus|lose|not(?=\s*[\"“'‘])|must not (?:say|mention|include|contain|use))"
)
_AVOID_LEAD = (
    r"(?:\s+(?:in|the|any|a|an|its|saying|using|mentioning|naming|words?|terms?|phrases?|like|that|"
    r"it|is|keywords?))*"
)
_AVOID = re.compile(
    rf"(?<!\w){_AVOID_VERB}{_AVOID_LEAD}\s*:?\s*"
    rf"(?P<object>(?:(?:{_QUOTE})(?:\s*(?:,|and|or|nor)\s*)*)+|"
    rf"(?!exceeding|going|more than|making|being){_CHARS}{{2,60}}?{_STOP})",
    re.I,
)
_NO = re.compile(
    r"\b(?:no|zero)\s+(?:mention of (?:the )?)?(?P<object>emojis?|prices?|"
    r"exclamation (?:marks?|points?)|hashtags?|brand(?: names?)?|"
    r"capitals|superlatives|[\"“][^\"”]+[\"”]|'[^']+')",
    re.I,
)
_EMOJI = re.compile(r"\bemojis?\b|\bemoticons?\b|\bsmileys?\b", re.I)
_EXCLAMATION = re.compile(r"exclamation", re.I)
_NOTHING_WORDS = (
    "it them this that these those me us you one ones more less something anything everything "
    "some here there so style tone the a an and or title ad ads text copy short shorter "
    "longer same fun playful mind question query record facts"
)
_NOTHING = frozenset(_NOTHING_WORDS.split())
_ARTICLES = re.compile(r"^(?:the|a|an|our|its|that|words?|also|in|to)\s+", re.I)
_CALL = re.compile(r"^(?:call[- ]to[- ]action|cta)$", re.I)
_ADDED_LENGTH = re.compile(
    rf"^(?:it|{_BELOW}|{_MOST}|{_LEAST}|{_ABOVE}|{_N}[\s-]*(?:words?|char\w*|sentences?|lines?))\b"
    r"|\b(?:words|characters|sentences)$|^(?:more|less|a bit)\b",
    re.I,
)

_VARIANTS = re.compile(
    rf"\b(?P<n>{_N}|a couple(?: of)?|a few|some|several|multiple)\s+"
    r"(?:(?:different|more|other|short|new|alternative|possible|distinct|\w+ed|ad|title|\w+ful)\s+){0,2}"
    r"(?:versions?|variants?|variations?|options?|alternatives?|drafts?|ideas|suggestions?|takes|"
    r"ads|adverts|titles|headlines|proposals)\b(?!\s+of\s+\w+\s+(?:colou?r|size))",
    re.I,
)
_ONE = re.compile(
    r"\b(?:just|only) (?:give me )?one\b(?! \w*(?:sentence|word|line))|\bone version\b", re.I
)
_AGAIN = re.compile(
    r"\b(?:another (?:one|version|try|take|go|ad|title)|again|once more|one more|a different one|"
    r"different one|something else|regenerate|redo|rewrite it|new one|try (?:it )?differently)\b",
    re.I,
)
_LANGUAGE = re.compile(
    r"\b(?:in|into|to|auf|en)\s+(?P<name>german|french|spanish|italian|portuguese|dutch|polish|czech|"
    r"swedish|norwegian|danish|finnish|turkish|greek|russian|ukrainian|arabic|hebrew|hindi|chinese|"
    r"mandarin|japanese|korean|vietnamese|romanian|hungarian|catalan|deutsch|français|español)"
    r"(?=\s*(?:[,.;!?)]|$|please|too|for|with|and|under|language))",
    re.I,
)
_NATIVE = {"deutsch": "German", "français": "French", "español": "Spanish"}


@dataclass(slots=True)
class Wishes:
    """What was read so far, under the names of `CopyInputs`; `attempt` counts "another one"."""

    limits: dict[str, int] = field(default_factory=dict)
    keep: list[str] = field(default_factory=list)
    avoid: list[str] = field(default_factory=list)
    no_emoji: bool = False
    language: str = ""
    variants: int = 1
    too_many: int = 0
    attempt: int = 0

    def line(self) -> dict[str, Any]:
        """Return the keys of an input line that something was read for."""
        found: dict[str, Any] = {name: number for name, number in self.limits.items() if number}
        found |= {"keep": tuple(self.keep[:8])} if self.keep else {}
        found |= {"avoid": tuple(self.avoid[:8])} if self.avoid else {}
        found |= {"no_emoji": True} if self.no_emoji else {}
        found |= {"language": self.language} if self.language else {}
        return found | ({"variants": self.variants} if self.variants > 1 else {})


def read_wishes(request: str, *, is_title: bool = False) -> Wishes:
    """Return what a request asks of a text, its later parts overruling the earlier ones."""
    wishes = Wishes()
    for number, part in enumerate(request.split("; ")):
        _read_length(part, wishes, is_title=is_title)
        _read_words(part, wishes)
        _read_count(part, wishes, goes_on=number > 0)
        if found := _LANGUAGE.search(part):
            name = found["name"].lower()
            wishes.language = _NATIVE.get(name, name.capitalize())
    return wishes


def number_of(text: str) -> int:
    """Return a number written in digits or words, 0 for anything else."""
    folded = text.casefold().strip()
    if folded.isdigit():
        return int(folded)
    tens, _, ones = folded.partition("-")
    return NUMBER_WORDS.get(tens, 0) + NUMBER_WORDS.get(ones, 0)


def _read_length(part: str, wishes: Wishes, *, is_title: bool) -> None:
    limits, said = wishes.limits, False
    for found in _LENGTH.finditer(part):
        number = number_of(found["n"] or found["n2"] or "")
        unit = _unit(found["unit"] or found["unit2"])
        if not number:
            continue
        relation = " ".join(filter(None, (found["rel"], found["after"]))).lower()
        if found["unit2"]:
            relation = "at most"
        low = number_of(found["low"] or "")
        limits |= _bounds(number, unit, relation, low)
        said = True
    if said:
        return
    if _SHORTER.search(part):
        _scale(limits, 0.7, is_title=is_title)
    elif _LONGER.search(part):
        _scale(limits, 1.5, is_title=is_title)
    elif _LONG.search(part):
        limits |= {"min_words": LONG_WORDS[0], "max_words": LONG_WORDS[1]}
    elif _SHORT.search(part) and not is_title:
        limits |= {"min_words": 0, "max_words": SHORT_WORDS}


def _unit(name: str) -> str:
    folded = name.lower()
    if folded.startswith(("char", "letter")):
        return "characters"
    return "words" if folded.startswith("word") else "sentences"


def _bounds(number: int, unit: str, relation: str, low: int) -> dict[str, int]:
    """Return the limits that "under 40 words" and the like set."""
    least, most = f"min_{unit}", f"max_{unit}"
    if re.search(_ABOVE, relation) and not re.search(r"\b(?:no|not)\b|exceed", relation):
        found = {least: number + 1, most: 0}
    elif re.search(rf"{_LEAST}|or more", relation):
        found = {least: number, most: 0}
    elif re.search(_BELOW, relation) and "or" not in relation.split():
        found = {least: 0, most: max(number - 1, 1)}
    elif relation:
        found = {least: 0, most: number}
    elif 0 < low <= number:
        found = {least: low, most: number}
    elif unit == "sentences":
        found = {least: number, most: number}
    else:
        found = {least: math.ceil(_ROUGHLY * number), most: number}
    if unit == "characters":  # a text is never too short in characters
        return {"max_characters": found[most]} if found[most] else {}
    return found


def _scale(limits: dict[str, int], factor: float, *, is_title: bool) -> None:
    """Make it shorter or longer than was asked for before, or than is usual."""
    if is_title:
        limits["max_characters"] = max(20, round(limits.get("max_characters", 85) * factor))
        return
    usual = limits.get("max_words") or limits.get("min_words") or 25
    asked = max(5, round(usual * factor))
    limits |= {"min_sentences": 0, "max_sentences": 0}
    limits |= (
        {"min_words": 0, "max_words": asked}
        if factor < 1
        else {"min_words": asked, "max_words": max(2 * asked, 60)}
    )


def _read_words(part: str, wishes: Wishes) -> None:
    """Read words to avoid, then those to keep from what is left."""
    spans: list[tuple[int, int]] = []
    for found in _LISTED.finditer(part):
        spans.append(found.span())
        kind = "keep" if re.match(r"keep|include|mention|use|put|must", found["verb"], re.I) else ""
        phrases = _phrases(found["object"], kind or "avoid")
        if kind:
            _keep(phrases, wishes)
        else:
            for phrase in phrases:
                _avoid(phrase, wishes)
    for pattern in (_AVOID, _NO):
        for found in pattern.finditer(part):
            for phrase in _phrases(found["object"], "avoid"):
                spans.append(found.span())
                _avoid(phrase, wishes)
    rest = "".join(
        " , " if any(start <= at < end for start, end in spans) else char
        for at, char in enumerate(part)
    )
    rest = re.sub(r"(?: , )+", " , ", rest)
    quoted = list(_KEEP_QUOTED.finditer(rest))
    for found in quoted:
        if not found["not"]:
            _keep(_phrases(found["object"], "keep"), wishes)
    for found in _KEEP.finditer(_QUOTED.sub(" , ", _and_more(rest))):
        if not found["not"]:
            _keep(_phrases(found["object"], "keep"), wishes)


def _and_more(text: str) -> str:
    """Join what follows quoted words to their verb: of 'include "a" and a b' make "include a b"."""

    def joined(found: re.Match[str]) -> str:
        goes_on = _AND_MORE.search(found["object"]) and _NAMED_NEXT.match(text[found.end() :])
        is_verb = re.fullmatch(_KEEP_VERB, found["verb"], re.I)
        return f"{found['verb']} " if goes_on and is_verb and not found["not"] else found.group()

    return _KEEP_QUOTED.sub(joined, text)


def _keep(phrases: Iterator[str], wishes: Wishes) -> None:
    for said in phrases:
        if _EMOJI.search(said):
            wishes.no_emoji = False
            continue
        phrase = "order yours today" if _CALL.match(said) else said
        wishes.avoid = [other for other in wishes.avoid if other.casefold() != phrase.casefold()]
        if phrase.casefold() not in map(str.casefold, wishes.keep):
            wishes.keep.append(phrase)


def _avoid(phrase: str, wishes: Wishes) -> None:
    if _EMOJI.search(phrase):
        wishes.no_emoji = True
        return
    phrase = "!" if _EXCLAMATION.search(phrase) else phrase
    phrase = "#" if phrase.lower().startswith("hashtag") else phrase
    phrase = "price" if phrase.lower() == "prices" else phrase
    phrase = "brand" if phrase.lower().startswith("brand name") else phrase
    wishes.keep = [other for other in wishes.keep if other.casefold() != phrase.casefold()]
    if phrase.casefold() not in map(str.casefold, wishes.avoid):
        wishes.avoid.append(phrase)


def _phrases(listed: str, kind: str) -> Iterator[str]:
    """Yield the phrases of "'a' and 'b'" or "free returns and the battery life"."""
    if quotes := [found[1] or found[2] for found in _QUOTED.finditer(listed)]:
        yield from (quote.strip(" ,.") for quote in quotes if quote.strip(" ,."))
        return
    joints = r"\s+(?:and|or|nor)\s+|\s*,\s*" if kind == "avoid" else r"\s+and\s+|\s*,(?!\d)\s*"
    for phrase in re.split(joints, listed):
        plain = phrase.strip(" '\"“”‘’")
        while (shorter := _ARTICLES.sub("", plain)) != plain:
            plain = shorter
        words = plain.casefold().split()
        if not words or len(words) > 6 or set(words) <= _NOTHING or _ADDED_LENGTH.search(plain):
            continue
        if words[0] in ("it", "them", "this", "making", "be", "being"):
            continue
        yield plain


def _read_count(part: str, wishes: Wishes, *, goes_on: bool) -> None:
    if found := _VARIANTS.search(part):
        said = found["n"].lower()
        number = 2 if said.startswith("a couple") else number_of(said) or 3
        wishes.variants = max(1, min(number, MAX_VARIANTS))
        wishes.too_many = number if number > MAX_VARIANTS else 0
    elif _ONE.search(part):
        wishes.variants = 1
    if goes_on and _AGAIN.search(part):
        wishes.attempt += 1
