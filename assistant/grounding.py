"""Claims of a draft against the evidence: numbers, prices, yes or no, and the value asked for.

Deterministic. A number is supported when the evidence holds the same number with no other unit; a
yes or no when the boolean field that answers the question agrees. A draft that fails is replaced
by a sentence made of the record's own words (`repair_answer`), or loses the sentences that fail
(`keep_supported`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.tasks.answer import abstains
from assistant.tasks.metrics import singular, words
from assistant.tasks.title_rule import FUNCTION_WORDS
from assistant.values import Claim, Verdict
from retrieval.stems import stems
from retrieval.values import Evidence

_NUMBER = re.compile(
    r"(?<![\w.])(?P<currency>[€$£]\s?)?(?P<number>\d+(?:[.,]\d+)*)"
    r"(?:\s?(?P<unit>[%€$£\"]|°[CF]|[A-Za-zµ]{1,10}\b))?"
)
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
_CONTINENTAL = re.compile(r"\d{1,3}(\.\d{3})+,\d+")
_CODE = re.compile(r"\b[A-Za-z]+[-/]\d[\w/-]*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_UNITS = {
    "hours": "h", "hour": "h", "hrs": "h", "hr": "h", "minutes": "min", "minute": "min",
    "mins": "min", "seconds": "s", "grams": "g", "gram": "g", "kilograms": "kg", "kilogram": "kg",
    "kilos": "kg", "litres": "l", "litre": "l", "liters": "l", "liter": "l",
    "millilitres": "ml", "milliliters": "ml", "centimetres": "cm", "centimeters": "cm",
    "millimetres": "mm", "millimeters": "mm", "metres": "m", "meters": "m", "metre": "m",
    "watts": "w", "watt": "w", "volts": "v", "volt": "v", "euros": "eur", "euro": "eur",
    "€": "eur", "dollars": "usd", "$": "usd", "£": "gbp", "inches": "in", "inch": "in", '"': "in",
    "months": "month", "days": "day", "years": "year", "weeks": "week", "percent": "%",
    "gigabytes": "gb", "terabytes": "tb", "pieces": "piece", "pcs": "piece",
}  # fmt: skip
_KNOWN_UNITS = frozenset(_UNITS.values()) | {
    "mg", "lb", "oz", "cl", "dl", "km", "ft", "wh", "kwh", "kw", "mah", "ah", "hz", "khz", "mhz",
    "ghz", "db", "lm", "ms", "mb", "bar", "°c", "°f",
}  # fmt: skip
_UNIT_STEMS = stems(" ".join(_UNITS))
_PREPOSITION = re.compile(r"\s+in$", re.I)
_YES, _NO = re.compile(r"^\s*yes\b", re.I), re.compile(r"^\s*no\b", re.I)
_NOT = re.compile(r"\b(?:not|no|isn't|doesn't|without)\b", re.I)
_BOOLEAN = {"yes": True, "no": False}
_PLAIN_STEMS = stems(
    "product item record catalog shop listed available costs price weighs made comes holds called"
    " colour material please sure currently says gives works measures prints suitable within gets"
    " takes included needs runs lasts stands yes reviewer buyer customer according"
)
"""Words that an answer may add of its own."""

_AS_GOOD = 0.85


@dataclass(frozen=True, slots=True)
class Number:
    """A number as a text states it: the words, the value, the folded unit ("" when none)."""

    text: str
    value: float
    unit: str


def numbers(text: str) -> list[Number]:
    """Return every number of a text; digits of a word or code ("A4", "HB-1023") are none."""
    found = []
    for match in _NUMBER.finditer(_CODE.sub("code", text)):
        digits, currency = match["number"], match["currency"] or ""
        raw = currency.strip() or match["unit"] or ""
        unit = _UNITS.get(raw.lower(), raw.lower())
        unit = unit if unit in _KNOWN_UNITS else ""
        # "14 in stock" counts no inches.
        if not currency and (not unit or _PREPOSITION.search(match.group())):
            unit, stated = "", digits
        else:
            stated = currency + digits if currency else match.group().strip()
        found += [Number(stated, value, unit) for value in _values(digits)]
    return found


def _values(digits: str) -> list[float]:
    """Read "1,200.5", "1.200,50" and "2,5" as one number, "40,41,42" and "1.2.3" as several."""
    if _THOUSANDS.fullmatch(digits):
        return [float(digits.replace(",", ""))]
    if _CONTINENTAL.fullmatch(digits):
        return [float(digits.replace(".", "").replace(",", "."))]
    try:
        return [float(digits.replace(",", "."))]
    except ValueError:
        return [float(part) for part in re.split("[.,]", digits)]


def check_numbers(text: str, sources: Sequence[tuple[str, str, str]]) -> list[Claim]:
    """Return one claim for every number of the text.

    Args:
        text: the draft.
        sources: (source id, field, text) that may be stated as facts.
    """
    known = [(number, source, field) for source, field, held in sources for number in numbers(held)]
    claims = []
    for number in numbers(text):
        same = [item for item in known if item[0].value == number.value]
        agreeing = [item for item in same if _units_agree(item[0].unit, number.unit)]
        if agreeing:
            claims.append(Claim(number.text, "supported", agreeing[0][1], agreeing[0][2]))
        else:
            claims.append(Claim(number.text, "not_in_record"))
    return claims


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


def check_answer(text: str, evidence: Sequence[Evidence], question: str = "") -> list[Claim]:
    """Return the claims of an answer: its numbers, its yes or no, the value asked for, its words.

    The first piece of evidence is taken for the one that answers the question. Where it is a
    short field, the answer must say its value.
    """
    sources = [(item.source_id, item.field, f"{item.field} {item.text}") for item in evidence]
    sources += [(item.source_id, "title", item.source_title) for item in evidence]
    claims = check_numbers(text, sources)
    if not evidence:
        return claims
    best = evidence[0]
    verdict: Verdict
    stated = _BOOLEAN.get(best.text)
    if stated is not None:
        said = True if _YES.search(text) else False if _NO.search(text) else _denies(text, best)
        if said is not None or abstains(text):
            verdict = "supported" if said is stated else "contradicted"
            said_text = {True: "yes", False: "no", None: "not stated"}[said]
            claims.append(Claim(said_text, verdict, best.source_id, best.field))
        else:
            claims.append(Claim(best.field, "not_in_record", best.source_id, best.field))
    elif (_YES.search(text) or _NO.search(text)) and not _says(text, best.text):
        claims.append(Claim(text.split(maxsplit=1)[0].strip(".,!:"), "not_in_record"))
    elif best.kind == "product" and best.field != "description":
        if _says(text, best.text):
            claims.append(Claim(best.text, "supported", best.source_id, best.field))
        else:
            verdict = "contradicted" if abstains(text) else "not_in_record"
            claims.append(Claim(best.field, verdict, best.source_id, best.field))
    if abstains(text):
        if grounded(claims):
            claims.append(Claim("not in the catalog", "contradicted", best.source_id, best.field))
        return claims
    return claims + _check_words(text, evidence, question)


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


def repair_answer(evidence: Evidence, *, name_source: bool = False) -> str:
    """Say one piece of evidence in the record's own words.

    Args:
        evidence: the piece to say.
        name_source: also say which product it is of, where the question left that open.
    """
    if evidence.field in ("passage", "description"):
        return with_heading(evidence)
    stated = _BOOLEAN.get(evidence.text)
    field = f"{evidence.field[:1].upper()}{evidence.field[1:]}"
    said = "" if stated is None else "Yes. " if stated else "No. "
    of_what = f" ({evidence.source_title})" if name_source else ""
    return f"{said}{field}: {evidence.text}{of_what}."


def with_heading(evidence: Evidence) -> str:
    """Say a sentence with the heading it stands under, without which it may mean too much."""
    if evidence.kind == "product":
        return evidence.text
    return f"{heading(evidence)}: {evidence.text}"


def heading(evidence: Evidence) -> str:
    """Return the innermost heading that a page's sentence stands under."""
    return evidence.source_title.rpartition(": ")[2].rpartition(" > ")[2]


def to_quote(used: Sequence[Evidence], question: str) -> list[Evidence]:
    """Return the evidence to be quoted instead of written about; none where one field answers.

    Sentences of the shop's pages are always quoted, and so are several fields that one question
    asks for ("in the microwave and the dishwasher").
    """
    if used[0].kind == "passage":
        return [item for item in used if item.kind == "passage"]
    fields = [item for item in used if item.score >= _AS_GOOD * used[0].score]
    joined = re.search(r"\b(and|or|both)\b", question, re.I)
    return fields if joined and len(fields) > 1 else []


def quote(evidence: Sequence[Evidence], *, name_source: bool = False) -> str:
    """Say pieces of evidence as they stand, a line each where there are several."""
    if len(evidence) == 1:
        return repair_answer(evidence[0], name_source=name_source)
    if evidence[0].kind == "product":
        return "\n".join(f"- {repair_answer(item, name_source=name_source)}" for item in evidence)
    sections: dict[str, list[str]] = {}
    for item in evidence:
        sections.setdefault(heading(item), []).append(f"- {item.text}")
    return "\n\n".join(f"{name}:\n" + "\n".join(lines) for name, lines in sections.items())


def keep_supported(text: str, claims: Sequence[Claim]) -> str:
    """Return the text without the sentences that hold a failed claim; may be empty."""
    failed = [claim.text for claim in claims if claim.verdict != "supported"]
    kept = [
        sentence
        for sentence in _SENTENCE.split(text)
        if not any(_states(sentence, words_) for words_ in failed)
    ]
    return " ".join(kept)


def grounded(claims: Sequence[Claim]) -> bool:
    """Whether no claim failed."""
    return all(claim.verdict == "supported" for claim in claims)


def _units_agree(held: str, said: str) -> bool:
    return not held or not said or held == said


def _states(sentence: str, claim: str) -> bool:
    return re.search(rf"(?<![\w.]){re.escape(claim)}(?!\w|[.,]\d)", sentence) is not None
