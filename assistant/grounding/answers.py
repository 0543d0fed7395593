"""Claims of a draft against the evidence: numbers, prices, yes or no, and the value asked for.

A number is supported when the evidence holds the same amount; a yes or no when the field that
answers the question agrees: a boolean, or a value that the question asks about ("is it red?").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.grounding.amounts import UNIT_WORDS, agree, check_numbers, numbers
from assistant.grounding.claims import grounded
from assistant.grounding.stance import IsValue, is_yes_no, stance
from assistant.tasks.answer import abstains
from assistant.tasks.metrics import singular, words
from assistant.tasks.title_rule import FUNCTION_WORDS
from assistant.values import Claim, Verdict
from retrieval.stems import stems
from retrieval.values import Evidence

_CODE = re.compile(r"\b[A-Za-z]+[-/]\d[\w/-]*")
_UNIT_STEMS = stems(" ".join(UNIT_WORDS))
_YES, _NO = re.compile(r"^\s*yes\b", re.I), re.compile(r"^\s*no\b", re.I)
_NOT = re.compile(r"\b(?:not|no|isn't|doesn't|without)\b", re.I)
_BOOLEAN = {"yes": True, "no": False}
_PLAIN_STEMS = stems(
    "product item record catalog shop listed available costs price weighs made comes holds called"
    " colour material please sure currently says gives works measures prints suitable within gets"
    " takes included needs runs lasts stands yes reviewer buyer customer according"
)
"""Words that an answer may add of its own."""


def check_names(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return a failed claim for every word of the text that no source holds: a title's check.

    Words are compared whole but for a plural's s. What a product is said not to be or have
    ("waterproof: no") gives no word.
    """
    held = set[str]()
    for _, field, known in sources:
        if _BOOLEAN.get(known) is not False:
            held |= {singular(word) for word in words(f"{field} {known}")}
    unknown = [
        word
        for word in words(text)
        if not word[0].isdigit() and word not in FUNCTION_WORDS and singular(word) not in held
    ]
    return [Claim(word, "not_in_record") for word in dict.fromkeys(unknown)]


def check_answer(
    text: str,
    evidence: Sequence[Evidence],
    question: str = "",
    is_value: IsValue | None = None,
) -> list[Claim]:
    """Return the claims of an answer: its numbers, its yes or no, the value asked for, its words.

    The first piece of evidence is taken for the one that answers the question. Where it is a
    short field, the answer must say its value.
    """
    sources = [(item.source_id, item.field, f"{item.field} {item.text}") for item in evidence]
    sources += [(item.source_id, "title", item.source_title) for item in evidence]
    claims = check_numbers(text, sources, by_field=True)
    if not evidence:
        return claims
    best = evidence[0]
    claims = [_against(claim, best) for claim in claims]
    claims += _check_decision(text, best, question, is_value)
    if abstains(text):
        if grounded(claims):
            claims.append(_claim("not in the catalog", "contradicted", best))
        return claims
    return claims + _check_words(text, evidence, question)


def _against(claim: Claim, best: Evidence) -> Claim:
    """Return a failed number as contradicted where the deciding field holds another of its kind."""
    if claim.verdict == "supported" or best.kind == "passage":
        return claim
    said, held = numbers(claim.text), numbers(best.text)
    kinds = {measure.dimension for one in said if (measure := one.measure())}
    other = any((measure := one.measure()) and measure.dimension in kinds for one in held)
    if not other or any(agree(one, two) for one in held for two in said):
        return claim
    return replace(claim, verdict="contradicted", source_id=best.source_id, field=best.field)


def _check_decision(
    text: str, best: Evidence, question: str, is_value: IsValue | None
) -> list[Claim]:
    """Judge a draft's yes or no, or the value that it must say, by the field that decides."""
    said = True if _YES.search(text) else False if _NO.search(text) else None
    stated = _BOOLEAN.get(best.text)
    if stated is not None:
        turned = stance(question, best) == "contradicted" if is_yes_no(question) else not stated
        said = _denies(text, best) if said is None else said
        if abstains(text):
            return [_claim("not stated", "contradicted", best)]
        if said is None:
            return [_claim(best.field, "not_in_record", best)]
        verdict: Verdict = (
            "supported" if said is not None and said is not turned else "contradicted"
        )
        told = {True: "yes", False: "no", None: "not stated"}[said]
        return [_claim(told, verdict, best)]
    if best.kind == "passage" or best.field == "description":
        unsure = said is not None and not _says(text, best.text)
        return [Claim(_opening(text), "not_in_record", kind="boolean")] if unsure else []
    decided = stance(question, best, is_value) if said is not None else "open"
    if said is not None and decided != "open" and said is not (decided == "supported"):
        return [_claim(_opening(text), "contradicted", best)]
    if said is not None and decided == "open" and "?" in question:
        return [Claim(_opening(text), "not_in_record", kind="boolean")]
    if _says(text, best.text):
        return [Claim(best.text, "supported", best.source_id, best.field, "value")]
    if said is not None:
        return [Claim(_opening(text), "not_in_record", kind="boolean")]
    lacking: Verdict = "contradicted" if abstains(text) else "not_in_record"
    return [Claim(best.field, lacking, best.source_id, best.field, "value")]


def _claim(text: str, verdict: Verdict, best: Evidence) -> Claim:
    return Claim(text, verdict, best.source_id, best.field, "boolean")


def _opening(text: str) -> str:
    return text.split(maxsplit=1)[0].strip(".,!:")


def _denies(text: str, best: Evidence) -> bool | None:
    """Return False where an answer denies a field without a "no" ("It is not waterproof.")."""
    about = stems(best.field) <= stems(text)
    return False if about and _NOT.search(text) else None


def _says(text: str, value: str) -> bool:
    """Whether a draft says a field's value: its numbers where it has some, else its words."""
    values = {number.value for number in numbers(value)}
    if not values <= {number.value for number in numbers(text)}:
        return False
    told = stems(value) - _UNIT_STEMS - {stem for stem in stems(value) if stem[0].isdigit()}
    return (bool(values) and len(told) < 2) or told <= stems(text)


def _check_words(text: str, evidence: Sequence[Evidence], question: str) -> list[Claim]:
    """Fail a draft that says a word that is in no evidence, or nothing that is.

    Words are compared by their stems; the question's own words may be repeated but tell nothing.
    """
    held = set[str]()
    for item in evidence:
        held |= stems(f"{item.source_title} {item.field} {item.text}")
    asked = stems(question)
    said = stems(text)
    foreign = said - held - asked - _UNIT_STEMS - _PLAIN_STEMS
    named = " ".join((question, *(item.source_title for item in evidence)))
    codes = {code.casefold() for code in _CODE.findall(named)}
    strange = [code for code in _CODE.findall(text) if code.casefold() not in codes]
    if foreign or strange:
        return [Claim(" ".join(text.split()[:8]) + " ...", "not_in_record")]
    tells = (said & held) - asked
    decides = _YES.search(text) or _NO.search(text) or _denies(text, evidence[0]) is not None
    if not tells and not decides:
        return [Claim("no fact of the record", "not_in_record")]
    return []
