"""Whether a text does what was asked of it: its length, the words it must hold and must not hold.

Deterministic; what nothing can check, such as a tone, is said to be asked for and not checked.
Truth comes first: words to keep that the record does not support are refused. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from assistant.grounding import check_ad, check_title, grounded, numbers
from assistant.grounding.checkable import table
from assistant.grounding.denials import DENIALS
from assistant.platforms import platform_of
from assistant.tasks.ads import AdsInputs
from assistant.tasks.copy_inputs import CopyInputs
from assistant.tasks.metrics import words
from assistant.tasks.title import TitleInputs
from assistant.tasks.title_rule import FUNCTION_WORDS
from assistant.values import Constraint
from catalog_index.product import Product
from retrieval.stems import all_stems, stems

EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f1e6-\U0001f1ff]"
)
SENTENCE = re.compile(r"(?<=[.!?])[\"'”’]?\s+")
_CURRENCY = re.compile(
    r"[€$£]\s?\d|\d\s?[€$£]|\b\d[\d.,]*\s?(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|euros?|dollars?|pounds)\b"
    r"|\b(?:EUR|USD|GBP|CHF)\s?\d",
    re.I,
)
_SAYS_ITSELF = frozenset(
    {"price", "brand", "colour", "color", "material", "title", "product type", "description"}
)
"""Fields whose value tells which field it is: no one writes "its brand is"."""
_TOPICS_WORDS = "material weight size colour color capacity power length width height"
_TOPICS = frozenset(_TOPICS_WORDS.split())
_ALIASES = {"color": "colour", "colour": "color", "brand name": "brand", "name": "title"}

Source = tuple[str, str, str]


def sources_of(inputs: CopyInputs, fields: Sequence[tuple[str, str]]) -> list[Source]:
    """Return the (source id, field, text) that a text may state."""
    return [(inputs.product.record.id, name, text) for name, text in fields]


def count_words(text: str) -> int:
    """Count words as a word processor does: runs of text with a letter or digit in them."""
    return sum(bool(re.search(r"\w", part)) for part in text.split())


def sentences(text: str) -> list[str]:
    """Return a text's sentences."""
    return [part for part in SENTENCE.split(text) if re.search(r"\w", part)]


def contains(text: str, phrase: str) -> bool:
    """Whether a text holds a phrase as it stands; case, hyphens and a plural's s do not count."""
    parts = [re.escape(part) for part in re.split(r"[\s-]+", phrase.strip(" .,")) if part]
    if not parts:
        return False
    joined = r"[\s-]+".join(parts)
    return bool(re.search(rf"(?<!\w){joined}(?:e?s)?(?!\w)", text, re.I))


def field_named(phrase: str, record: Product) -> tuple[str, str] | None:
    """Return the field of a record that a phrase names, with its text."""
    folded = phrase.casefold().strip()
    fields = {name.casefold(): (name, text) for name, text in record.fields()}
    if found := fields.get(folded) or fields.get(_ALIASES.get(folded, "")):
        return found
    kinds = [name for name in fields if name.endswith(f" {folded}")]  # "upper material"
    return fields[kinds[0]] if kinds and folded in _TOPICS else None


def keeps(text: str, phrase: str, record: Product) -> bool:
    """Whether a text holds a phrase that it must, or says the field that the phrase names."""
    named = field_named(phrase, record)
    if named is None or named[1] == "yes":
        return contains(text, phrase)
    name, value = named
    said = contains(text, value) or _says_numbers(text, value)
    says_itself = bool({name.casefold(), name.casefold().split()[-1]} & _SAYS_ITSELF)
    return said and (says_itself or contains(text, phrase))


def _says_numbers(text: str, value: str) -> bool:
    held = {number.value for number in numbers(value)}
    return bool(held) and held <= {number.value for number in numbers(text)}


def uses(text: str, phrase: str, record: Product) -> bool:
    """Whether a text holds what it must not: a phrase, a sign, or what a named field says."""
    if not re.search(r"\w", phrase):
        return phrase in text
    named = field_named(phrase, record)
    if phrase.casefold() == "price":
        return bool(_CURRENCY.search(text)) or contains(text, "price")
    if named is None or named[1] in DENIALS or named[1] == "yes":
        return contains(text, phrase)
    return contains(text, phrase) or contains(text, named[1])


def refusals(inputs: CopyInputs, sources: Sequence[Source]) -> dict[str, str]:
    """Return the words to keep that cannot be used, each with the reason."""
    found = ((phrase, _refusal(phrase, inputs, sources)) for phrase in inputs.keep)
    return {phrase: reason for phrase, reason in found if reason}


def _refusal(phrase: str, inputs: CopyInputs, sources: Sequence[Source]) -> str:
    """Say why a phrase may not stand in the copy, "" where it may."""
    denied = f"the record says that “{phrase}” does not hold, so it was not used"
    absent = f"“{phrase}” is not in the record, so it was not used"
    if named := field_named(phrase, inputs.product.record):
        return denied if named[1] in DENIALS else ""
    check = check_title if isinstance(inputs, TitleInputs) else check_ad
    failed = [claim for claim in check(phrase, sources) if claim.verdict != "supported"]
    if failed:
        return denied if any(claim.verdict == "contradicted" for claim in failed) else absent
    return "" if stems(phrase) <= _held_stems(sources) | _free_stems() else absent


def check_constraints(
    inputs: CopyInputs, text: str, sources: Sequence[Source]
) -> tuple[Constraint, ...]:
    """Return what was asked of a text, and whether it does each of it.

    Args:
        inputs: what was asked.
        text: the text.
        sources: (source id, field, text) that the text may state.
    """
    return (
        *_lengths(inputs, text),
        *_words_of(inputs, text, sources),
        *_wishes(inputs, text),
    )


def unmet(constraints: Sequence[Constraint]) -> list[Constraint]:
    """Return the constraints that a text fails, refused words left out: those stay refused."""
    return [one for one in constraints if one.met is False and "was not used" not in one.detail]


def character_limit(inputs: CopyInputs) -> tuple[int, str]:
    """Return the longest text in characters, 0 for none, and who sets it."""
    platform = platform_of(inputs.platform)
    is_title = isinstance(inputs, TitleInputs)
    theirs = (platform.title if is_title else platform.post) if platform else 0
    own = inputs.limit
    if platform and theirs and (not own or theirs <= own):
        return theirs, f"{platform.name}: {platform.rule}"
    return own, ""


def _lengths(inputs: CopyInputs, text: str) -> Iterator[Constraint]:
    for unit, count in (("words", count_words(text)), ("sentences", len(sentences(text)))):
        low, high = getattr(inputs, f"min_{unit}"), getattr(inputs, f"max_{unit}")
        if low or high:
            met = low <= count and (not high or count <= high)
            yield Constraint(unit, _span(low, high, unit), met, _counted(count, unit))
    limit, whose = character_limit(inputs)
    is_asked = "max_characters" in inputs.model_fields_set
    if limit and (whose or is_asked):
        asked = f"at most {limit} characters" + (f" ({whose})" if whose else "")
        name = "platform" if whose else "characters"
        yield Constraint(name, asked, len(text) <= limit, _counted(len(text), "characters"))


def _span(low: int, high: int, unit: str) -> str:
    if low and high:
        return _counted(low, unit) if low == high else f"{low} to {high} {unit}"
    return f"at most {_counted(high, unit)}" if high else f"at least {_counted(low, unit)}"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit if count != 1 else unit.removesuffix('s')}"


def _words_of(inputs: CopyInputs, text: str, sources: Sequence[Source]) -> Iterator[Constraint]:
    refused, record = refusals(inputs, sources), inputs.product.record
    for phrase in inputs.keep:
        if phrase in refused:
            yield Constraint("keep", f"says “{phrase}”", False, refused[phrase])
        else:
            yield Constraint("keep", f"says “{phrase}”", keeps(text, phrase, record))
    for phrase in inputs.avoid:
        asked = "no exclamation marks" if phrase == "!" else f"does not say “{phrase}”"
        asked = "no hashtags" if phrase == "#" else asked
        yield Constraint("avoid", asked, not uses(text, phrase, record))
    if inputs.no_emoji:
        yield Constraint("no_emoji", "no emojis", not EMOJI.search(text))


def _wishes(inputs: CopyInputs, text: str) -> Iterator[Constraint]:
    if isinstance(inputs, AdsInputs):
        if inputs.occasion:
            named = contains(text, inputs.occasion) or set(words(inputs.occasion)) <= set(
                words(text)
            )
            yield Constraint("occasion", f"names {inputs.occasion}", named)
        for name in ("tone", "audience"):
            if wish := getattr(inputs, name):
                yield Constraint(name, f"{name}: {wish}", None, "asked for, not checked")
    if inputs.language and inputs.language.casefold() != "english":
        yield Constraint("language", f"in {inputs.language}", False, "it writes English only")


def _held_stems(sources: Sequence[Source]) -> set[str]:
    """Return the stems of all that the record holds; what it denies is not among it."""
    return all_stems(" ".join(f"{name} {told}" for _, name, told in sources if told not in DENIALS))


@cache
def _free_stems() -> frozenset[str]:
    """Return the stems of words that claim nothing."""
    return frozenset(all_stems(" ".join((*table()["harmless"], *FUNCTION_WORDS))))


_GIVES = re.compile(
    r"\b(?:has|have|comes? with|features?|includes?|offers?|boasts?|you get|gives?(?: you)?|"
    r"provides?|equipped with|is made (?:of|from|for)|are made (?:of|from|for)|made (?:of|from)|"
    r"(?:and|,) with|that plays?|is built|can be|works? (?:with|as))\s+(?P<object>[^,.;:!?]+)",
    re.I,
)
"""What says that a product has something, or is made of or for something."""

_MISPLACED = re.compile(
    r"\bfor \d[\d.,]* ?(?:[kKM]?W|[km]?g|[mc]?l|[cmk]?m|V|[kMG]?Hz|°[CF]|%)(?!\w)"
)
"""An amount that is no time and no price, said as if it were one: "keeps warm for 2400 W"."""

_ODD_AMOUNTS = re.compile(
    r"\bmade (?:of|from|with) (?:about |just |only )?\d[\d.,]*(?![\d.,]| ?%)[^.!?;]*|"
    r"\b(?:holds?|contains?|carr(?:y|ies)) \d[\d.,]* in\b[^.!?;]*|"
    r"\bcomes? in (?:a )?sizes? \d[\d.,]*[^.!?;]*",
    re.I,
)
"""An amount where none belongs: "made of 30 g of tea", "hold 15 in a bag", "in size 98 cm"."""

_RETURNS = re.compile(r"\breturn (?:window|it|them|period)|\bto return\b|\breturns? within\b", re.I)


def invented(text: str, sources: Sequence[Source]) -> str:
    """Return what an ad says its product has and no field holds, "" where there is no such thing.

    Stricter than `check_ad`, which lets words pass that are in no list: "a mild burn on the back".
    """
    held, free = _held_stems(sources), _free_stems()
    for found in _GIVES.finditer(text):
        said = re.split(r"\b(?:and|but|so|while|when|to|for)\b", found["object"])[0]
        if "made for" in found.group():
            said = found["object"]
        strange = stems(said) - held - free
        if len(strange) >= 1 and len(strange) * 2 >= len(stems(said) - free):
            return found.group().strip(" ,")
    for part in sentences(text):
        subject = re.match(r"([A-Z]\w+) (?:has|is|comes|gives|offers|keeps)\b", part)
        if subject and stems(subject[1]) - held - free:
            return subject.group()
    if misplaced := _MISPLACED.search(text):
        return misplaced.group()
    for odd in _ODD_AMOUNTS.finditer(text):
        if "size" not in odd.group() or not _is_size(odd.group(), sources):
            return odd.group().strip()
    for part in sentences(text):
        bare = [number.value for number in numbers(part) if not number.unit and number.value > 3]
        if len(bare) > len(set(bare)):
            return part
    for claim in check_ad(text, sources):
        if claim.field == "return window" and not _RETURNS.search(text):
            return claim.text
    return ""


def _is_size(text: str, sources: Sequence[Source]) -> bool:
    """Whether a field for the size holds the amount that a text gives as one."""
    held = [
        number.value
        for _, name, told in sources
        if "size" in words(name) or name.startswith("variant ")
        for number in numbers(told)
    ]
    return all(number.value in held for number in numbers(text))


def rambles(text: str, sources: Sequence[Source]) -> bool:
    """Whether most of a sentence is of other things than the record: "the map says more"."""
    said = stems(text)
    strange = said - _held_stems(sources) - _free_stems()
    return len(strange) * 2 >= max(len(said), 1)


def is_true(text: str, sources: Sequence[Source]) -> bool:
    """Whether an ad's sentence claims nothing but what the record holds."""
    return grounded(check_ad(text, sources))
