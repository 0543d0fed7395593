"""Reads an answer as a person would: its yes or no, its numbers, whether it declines.

Pure; knows no gold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from benchmarks.answers.items import Fact
from benchmarks.answers.shelf import tokens
from catalog_index.product import Money, Quantity
from catalog_index.units import Measure, find_measures, measure

_CLOSE = 0.015
"""How far a stated number may be from the record's: 5.5 lb for 2.5 kg is near enough."""

_DECLINES = re.compile(
    r"(?:(?:does|do|did|could) not|(?:does|do|did|could)n['’]t|cannot|can['’]t)"
    r"\s+(?:\w+\s+){0,2}?"
    r"(?:say|state|specify|mention|list|know|tell|hold|give|provide|find|have (?:any )?information"
    r"|have that|contain (?:any )?information|include (?:any )?information|record)\b"
    r"|\b(?:not|isn['’]t|aren['’]t|never) (?:\w+ )?(?:specified|stated|mentioned|listed|provided"
    r"|given|recorded|in the (?:record|catalog|context))\b"
    r"|\bno (?:\w+ )?(?:information|mention|details?|data)\b|\bunknown\b|\bnot known\b"
    r"|\boutside what i can\b",
    re.IGNORECASE,
)
_ASKS_BACK = re.compile(
    r"\bi am not sure what you\b|\bwhich (?:product|one|item|of these|of them) (?:is this|do you"
    r"|did|would|are you|should|shall)\b|\bdid you mean\b|\bdo you mean\b|\bplease name\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|nor|never|none|without|lacks?|cannot|neither|excluded|sold separately)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w.,]*\d)")
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve"
_WORD_NUMBERS = {word: number for number, word in enumerate(_WORDS.split())}
_AMOUNT = r"(\d[\d.,]*\d|\d)"
_MONEY = re.compile(
    rf"(?:EUR|USD|GBP|€|\$|£)\s?{_AMOUNT}|{_AMOUNT}\s?(?:EUR|USD|GBP|euros?|€|\$|£)", re.IGNORECASE
)
_AGREED = re.compile(
    r"^\W*(?:yes|yeah|correct|right|true|indeed|that is (?:right|correct))\b", re.I
)
_DENIED = re.compile(r"^\W*(?:no|nope|incorrect|wrong|false|that is not|actually)\b", re.I)
_FREE = re.compile(r"\b(?:no|without|free of|free from|zero)\s+(?:added\s+)?", re.I)


def declines(answer: str) -> bool:
    """Whether an answer says that the catalog does not hold what was asked."""
    return bool(_DECLINES.search(answer))


def asks_back(answer: str) -> bool:
    """Whether an answer asks what or which one is meant, and so claims nothing."""
    return bool(_ASKS_BACK.search(answer))


def without(text: str, names: Iterable[str]) -> str:
    """Return a text without names: a title's "45 mm" is no claim of the answer."""
    for name in sorted({one for one in names if one}, key=len, reverse=True):
        words = [re.escape(word) for word in name.split()]
        text = re.sub(r"\s+".join(words), " it ", text, flags=re.IGNORECASE)
    return text


def first_sentence(text: str) -> str:
    """Return the text up to its first full stop."""
    return re.split(r"(?<=[.!?])\s+(?=[A-Z\"“(\d-])|\n", text.strip(), maxsplit=1)[0]


def polarity(sentence: str, topic: str, least: float = 0.0) -> bool | None:
    """Return whether a sentence says yes or no, or None where it says neither.

    Args:
        sentence: usually an answer's first.
        topic: the field and the words used for it; a statement without "yes" has to bear on it.
        least: the share of the topic's words that such a statement has to hold; 0 is one of them.
    """
    if _AGREED.match(sentence):
        return True
    if _DENIED.match(sentence):
        return False
    about = {word[:5] for word in tokens(topic) if len(word) > 2}
    said = {word[:5] for word in tokens(sentence)}
    if "free" in topic.casefold() and re.search(r"\bfree\b", sentence, re.I):
        sentence = re.sub(r"\b\w*[- ]?free\b", " ", sentence)
    elif "free" in topic.casefold() and _FREE.search(sentence):
        return True
    if "non-" in topic.casefold():
        sentence = re.sub(r"\bnon-?\w+", " ", sentence, flags=re.I)
    bears = bool(about & said) and len(about & said) >= least * len(about)
    if least and not bears:
        return None
    if _NEGATION.search(sentence):
        return False
    if bears or re.search(r"\byes\b", sentence, re.I):
        return True
    return None


def stock_told(answer: str) -> str:
    """Return what an answer says of the stock: "in stock", "preorder", ..., or "" for nothing."""
    text = answer.casefold().replace("-", "").replace("pre order", "preorder")
    text = text.replace("back order", "backorder")
    for state in ("preorder", "backorder", "out of stock", "sold out"):
        if re.search(rf"\b{state}", text):
            return "out of stock" if state == "sold out" else state
    if re.search(r"\bstock\W+0\b|\b0 in stock", text):
        return "out of stock"
    says = polarity(first_sentence(answer), "stock available availability")
    if says is None:
        return ""
    return "in stock" if says else "out of stock"


def numbers(text: str) -> list[float]:
    """Return the bare numbers of a text, those written as words too."""
    found = [_read(match[0]) for match in _NUMBER.finditer(text)]
    words = [float(_WORD_NUMBERS[word]) for word in tokens(text) if word in _WORD_NUMBERS]
    return [number for number in found if number is not None] + words


def amounts_of_money(text: str) -> list[float]:
    """Return the amounts that stand beside a currency."""
    read = [_read(match[1] or match[2]) for match in _MONEY.finditer(text)]
    return [number for number in read if number is not None]


def states(answer: str, fact: Fact) -> bool:
    """Whether an answer states a fact: the number in any unit, or the words.

    Of several values most have to be named, of a text each word unless it is long.
    """
    if isinstance(fact, bool):
        return polarity(first_sentence(answer), "") is fact
    if isinstance(fact, Money):
        return any(abs(number - float(fact.amount)) < 0.005 for number in numbers(answer))
    if isinstance(fact, Quantity):
        return _states_quantity(answer, fact)
    if fact == "none" and _NEGATION.search(answer):
        return True
    parts = list(fact) if isinstance(fact, tuple) else re.split(r"[,;]\s*", fact)
    named = [_names(answer, part) for part in parts if tokens(part)]
    return bool(named) and sum(named) >= 2 * len(named) / 3


def same_amount(one: Measure, other: Measure) -> bool:
    """Whether two measures are of one kind and near enough the same."""
    if one.dimension != other.dimension:
        return False
    return abs(one.amount - other.amount) <= _CLOSE * max(abs(one.amount), abs(other.amount))


def measure_of(fact: Fact | None) -> Measure | None:
    """Return a number with a unit that we know as a measure, else None."""
    return measure(fact.value, fact.unit) if isinstance(fact, Quantity) and fact.unit else None


def _states_quantity(answer: str, fact: Quantity) -> bool:
    known = measure_of(fact)
    if known is not None and any(same_amount(known, one) for one in find_measures(answer)):
        return True
    if known is not None and fact.unit not in ("%", "in") and not _is_shy(fact.unit):
        return False
    return any(
        abs(number - fact.value) <= 1e-6 * max(1.0, abs(fact.value)) for number in numbers(answer)
    )


def _is_shy(unit: str) -> bool:
    """Whether a unit's spelling is not found in running text, so that the number has to do."""
    return not find_measures(f"7 {unit} ")


def _names(answer: str, value: str) -> bool:
    """Whether an answer holds a value's words, in any order."""
    said, wanted = _folded(answer), _folded(value)
    missing = [word for word in wanted if word not in said]
    return not missing or (len(wanted) > 5 and len(missing) <= 0.25 * len(wanted))


def _folded(text: str) -> list[str]:
    """Return the words of a text, a plural's "s" and a number's comma made one."""
    words = [_SPELLED.get(word, word) for word in tokens(text.replace("-", " "))]
    return [
        word[:-1] if len(word) > 3 and word.endswith("s") else word.replace(",", ".")
        for word in words
    ]


_SPELLED = {"grey": "gray", "colour": "color", "aluminum": "aluminium"}


def _read(text: str) -> float | None:
    whole, comma, rest = text.rpartition(",")
    if comma and (len(rest) == 3 or "." in rest) and whole not in ("", "0"):
        text = text.replace(",", "")
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
