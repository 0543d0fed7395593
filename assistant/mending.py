"""Mends a text by rule until it does what was asked: whole sentences go or come, words never.

What is put in comes from the record, or was asked for and claims nothing; what is dropped goes
from the end. A title is cut at its segments. What cannot be mended so stays as it is, and
`assistant.constraints` says that it fails. Knows no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.constraints import (
    EMOJI,
    Source,
    character_limit,
    check_constraints,
    contains,
    count_words,
    field_named,
    invented,
    is_true,
    keeps,
    rambles,
    refusals,
    sentences,
    unmet,
    uses,
)
from assistant.fact_sentences import fact_sentences, lead_sentence, sentence_of, spoken
from assistant.grounding import check_title, grounded
from assistant.tasks.ads import AdsInputs
from assistant.tasks.copy_inputs import CopyInputs
from assistant.tasks.metrics import holds, words
from assistant.tasks.title import TitleInputs
from assistant.tasks.title_rule import capitalised, rewrite_title, true_words
from catalog_index.product import Product

_DATES = re.compile(
    r"day\b|friday|monday|christmas|easter|halloween|eid|diwali|ramadan|year|hanuk|sale|thanks",
    re.I,
)

_LEAST_WORDS = 12
"""What an ad is filled up to where nothing shorter was asked for."""


@dataclass(slots=True)
class _Part:
    """A sentence; `is_needed` ones are dropped last."""

    text: str
    is_needed: bool = False


def mend_ad(text: str, inputs: AdsInputs, sources: Sequence[Source], start: int = 0) -> str:
    """Return an ad that does what was asked as far as rules can make it.

    Args:
        text: the ad; its claims hold already.
        inputs: what was asked.
        sources: (source id, field, text) that the ad may state.
        start: which of the record's facts to add first.
    """
    record = inputs.product.record
    parts = [_Part(part) for part in sentences(_without_signs(text, inputs))]
    parts = [
        part
        for part in parts
        if _is_sound(part.text, inputs, sources)
        and not invented(part.text, sources)
        and not (start and rambles(part.text, sources))
    ]
    _name_product(parts, inputs, sources, start)
    for phrase in _to_keep(inputs, sources):
        _put_in(parts, phrase, inputs, sources)
    if inputs.occasion and not _says(parts, inputs.occasion):
        lead = _Part(_just_in_time(inputs.occasion), is_needed=True)
        if _is_sound(lead.text, inputs, sources):
            parts.insert(0, lead)
    fits = _limits(inputs)
    while len(parts) > 1 and not fits([part.text for part in parts]):
        spare = [place for place, part in enumerate(parts) if not part.is_needed]
        if not spare:
            break
        parts.pop(spare[-1])
    parts = _shortest(parts, inputs, sources, fits)
    for sentence in fact_sentences(record, start):
        if _is_long_enough([part.text for part in parts], inputs):
            break
        said = _joined(parts)
        is_new = sentence.casefold() not in said.casefold() and not _is_told(sentence, said)
        has_room = is_new and fits([*(part.text for part in parts), sentence])
        if has_room and _is_sound(sentence, inputs, sources):
            parts.append(_Part(sentence))
    return _joined(parts)


def plain_ad(inputs: AdsInputs, sources: Sequence[Source], start: int = 0) -> str:
    """Return an ad of the record's own facts: the product's name and two things about it."""
    chosen = [_lead(inputs, start)]
    for sentence in fact_sentences(inputs.product.record, start):
        if len(chosen) == 3:
            break
        if not _is_told(sentence, " ".join(chosen)) and _is_sound(sentence, inputs, sources):
            chosen.append(sentence)
    return " ".join(chosen)


def _lead(inputs: AdsInputs, start: int) -> str:
    record = inputs.product.record
    is_bare = any(uses(record.brand, phrase, record) for phrase in inputs.avoid)
    return lead_sentence(record, start, without_brand=is_bare)


def _joined(parts: Sequence[_Part]) -> str:
    return " ".join(part.text for part in parts)


def _says(parts: Sequence[_Part], phrase: str) -> bool:
    return contains(_joined(parts), phrase) or set(words(phrase)) <= set(words(_joined(parts)))


def _just_in_time(occasion: str) -> str:
    known = _DATES.search(occasion) and "birthday" not in occasion.lower()
    named = occasion[:1].upper() + occasion[1:] if known else f"your {occasion.lower()}"
    return f"Just in time for {named}."


def _without_signs(text: str, inputs: CopyInputs) -> str:
    """Take out the signs that were not wanted: emojis, exclamation marks, hashtags."""
    if inputs.no_emoji:
        text = EMOJI.sub("", text)
    if "!" in inputs.avoid:
        text = text.replace("!", ".")
    if "#" in inputs.avoid:
        text = re.sub(r"#\w+", "", text)
    return " ".join(text.split())


def _is_sound(sentence: str, inputs: CopyInputs, sources: Sequence[Source]) -> bool:
    record = inputs.product.record
    return is_true(sentence, sources) and not any(
        uses(sentence, phrase, record) for phrase in inputs.avoid
    )


def _is_told(sentence: str, said: str) -> bool:
    """Whether a text has what a sentence would tell: its value, or all but one of its words."""
    small = {"it", "its", "is", "the", "a", "an", "in", "of", "has", "comes", "made", "and", "with"}
    small |= {"they", "their", "are", "have", "come"}
    told = set(words(sentence)) - small
    return sum(holds(said, word) for word in told) >= max(1, len(told) - (len(told) > 3))


def _name_product(
    parts: list[_Part], inputs: AdsInputs, sources: Sequence[Source], start: int
) -> None:
    """Mark the sentence that names the product as needed; put one in where none does."""
    record = inputs.product.record
    name = words(_lead(inputs, 0).partition(" the ")[2])[:2]
    for part in parts:
        named = bool(name) and set(name) <= set(words(part.text))
        if named or (record.brand and contains(part.text, record.brand)):
            part.is_needed = True
            return
    lead = _lead(inputs, start)
    if _is_sound(lead, inputs, sources):
        parts.insert(0, _Part(lead, is_needed=True))


def _to_keep(inputs: CopyInputs, sources: Sequence[Source]) -> list[str]:
    refused = refusals(inputs, sources)
    return [phrase for phrase in inputs.keep if phrase not in refused]


def _put_in(parts: list[_Part], phrase: str, inputs: AdsInputs, sources: Sequence[Source]) -> None:
    """Make a phrase stand in the ad: mark a sentence that holds it, else add one."""
    record = inputs.product.record
    for part in parts:
        if keeps(part.text, phrase, record):
            part.is_needed = True
            return
    sentence = _sentence_with(phrase, record, inputs, sources)
    if _is_sound(sentence, inputs, sources):
        parts.append(_Part(sentence, is_needed=True))


def _sentence_with(
    phrase: str, record: Product, inputs: AdsInputs, sources: Sequence[Source]
) -> str:
    """Return a true sentence that holds a phrase: the record's own where there is one."""
    if named := field_named(phrase, record):
        name, value = named
        if sentence := spoken(sentence_of(name, value), record):
            return sentence
        return _labelled(name, value)
    for sentence in fact_sentences(record):
        if contains(sentence, phrase) and _is_sound(sentence, inputs, sources):
            return sentence
    for name, value in record.fields():
        if value == "yes" and contains(name, phrase):
            return spoken(sentence_of(name, value), record) or _labelled(name, value)
        if contains(value, phrase) and len(value.split()) <= 8 and name != "title":
            return _labelled(name, value)
    return f"{phrase[:1].upper()}{phrase[1:].rstrip('.')}."


def _labelled(name: str, value: str) -> str:
    """Say a field as the record does, where no better way is known: "Cut: random cut."."""
    return f"{name[:1].upper()}{name[1:]}: {value.rstrip('.')}."


def _limits(inputs: CopyInputs) -> Callable[[Sequence[str]], bool]:
    """Return whether sentences are few and short enough together."""
    characters, _ = character_limit(inputs)

    def fits(parts: Sequence[str]) -> bool:
        text = " ".join(parts)
        return (
            (not inputs.max_words or count_words(text) <= inputs.max_words)
            and (not inputs.max_sentences or len(parts) <= inputs.max_sentences)
            and (not characters or len(text) <= characters)
        )

    return fits


def _shortest(
    parts: list[_Part],
    inputs: AdsInputs,
    sources: Sequence[Source],
    fits: Callable[[Sequence[str]], bool],
) -> list[_Part]:
    """Replace what is still too long by the shortest sentences that hold what must be held."""
    texts = [part.text for part in parts]
    if texts and fits(texts):
        return parts
    record = inputs.product.record
    kept = [_sentence_with(one, record, inputs, sources) for one in _to_keep(inputs, sources)]
    occasion = [_just_in_time(inputs.occasion)] if inputs.occasion else []
    name = _lead(inputs, 0)
    brief = f"Meet {' '.join(record.title.split()[:4]).rstrip(',')}."
    facts = list(fact_sentences(record))
    tries = [
        [f"{inputs.occasion[:1].upper()}{inputs.occasion[1:]}: {name}", *kept] if occasion else [],
        [name, *kept],
        [f"{inputs.occasion[:1].upper()}{inputs.occasion[1:]}: {brief}", *kept] if occasion else [],
        [brief, *kept],
        kept,
        *([sentence] for sentence in facts),
    ]
    for trial in tries:
        if trial and fits(trial) and all(_is_sound(one, inputs, sources) for one in trial):
            return [_Part(sentence, is_needed=True) for sentence in trial]
    return parts or [_Part(name)]


def _is_long_enough(parts: Sequence[str], inputs: CopyInputs) -> bool:
    least = inputs.min_words or min(_LEAST_WORDS, inputs.max_words or _LEAST_WORDS)
    if inputs.max_sentences and not inputs.min_words:
        least = 0
    return count_words(" ".join(parts)) >= least and len(parts) >= inputs.min_sentences


def mend_title(text: str, inputs: TitleInputs, sources: Sequence[Source]) -> str:
    """Return a title that does what was asked as far as rules can make it."""
    if not unmet(check_constraints(inputs, text, sources)):
        return text
    record = _without_avoided(inputs)
    limit = character_limit(inputs)[0]
    asked = _to_keep(inputs, sources)
    said = [_said_as(phrase, inputs.product.record) for phrase in asked]
    query = " ".join((" ".join(_allowed(inputs)), *said)) or record.title
    best = text
    for room in range(limit, 19, -5):
        title = _with_phrases(rewrite_title(query, record, room), said, room)
        if not grounded(check_title(title, sources)):
            continue
        best = title
        if not unmet(check_constraints(inputs, title, sources)):
            break
        if not inputs.max_words or count_words(title) <= inputs.max_words:
            break
    return best


def varied_title(inputs: TitleInputs, sources: Sequence[Source], start: int) -> str:
    """Return another title: with other facts of the record after its name."""
    record = inputs.product.record
    skipped = {"title", "brand", "product type", "description", "price", "availability", "stock"}
    skipped |= {"condition", "gtin", "model number", "sku", "return window"}
    values = [
        text if text != "yes" else name
        for name, text in record.fields()
        if name not in skipped and text not in ("no", "none") and len(text.split()) <= 4
    ]
    values = [one for one in values if not contains(record.title, one)]
    if not values:
        return ""
    chosen = [values[(start * 2 + step) % len(values)] for step in range(2)]
    limit = character_limit(inputs)[0]
    head = re.split(r",\s+", record.title)[0]
    varied = replace(record, title=head) if start % 2 else record
    query = " ".join(dict.fromkeys((*_allowed(inputs), *chosen)))
    title = rewrite_title(query, varied, limit)
    return mend_title(title, inputs, sources) if grounded(check_title(title, sources)) else ""


def _allowed(inputs: TitleInputs) -> list[str]:
    """Return the true words of the query, those that must not be said left out."""
    true = true_words(inputs.query, inputs.product.record)
    return [word for word in true if not any(contains(one, word) for one in inputs.avoid)]


def _said_as(phrase: str, record: Product) -> str:
    """Return what a title says for a phrase: the value of the field that it names."""
    named = field_named(phrase, record)
    return phrase if named is None or named[1] == "yes" else named[1]


def _with_phrases(title: str, phrases: Sequence[str], limit: int) -> str:
    """Make phrases stand in a title as they were given, after its head; other segments give way."""
    for phrase in phrases:
        if contains(title, phrase):
            continue
        head, *rest = re.split(r",\s+", title)
        rest = [part for part in rest if set(words(part)) - set(words(phrase))]
        put = capitalised(phrase)
        while rest and len(", ".join((head, put, *rest))) > limit:
            loose = [part for part in rest if not any(contains(part, one) for one in phrases)]
            if not loose:
                break
            rest.remove(loose[-1])
        if len(", ".join((head, put, *rest))) > limit:
            head = _cut(head, limit - len(", ".join((put, *rest))) - 2)
        whole = ", ".join(part for part in (head, put, *rest) if part)
        title = whole if len(whole) <= limit else title
    return title


def _cut(head: str, room: int) -> str:
    """Cut a head at a word."""
    return (
        head if len(head) <= room else head[: max(room, 0) + 1].rpartition(" ")[0].rstrip(" ,;-&")
    )


def _without_avoided(inputs: TitleInputs) -> Product:
    """Return the record without what its title must not say."""
    record = inputs.product.record
    title, brand = record.title, record.brand
    attributes = dict(record.attributes)
    for phrase in inputs.avoid:
        said = _said_as(phrase, record)
        segments = [part for part in re.split(r",\s+", title) if part]
        kept = [
            part for number, part in enumerate(segments) if not number or not contains(part, said)
        ]
        title = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", "", ", ".join(kept), flags=re.I)
        title = re.sub(r"\s+([,)])", r"\1", " ".join(title.split())).strip(" ,-")
        brand = "" if brand and (contains(brand, said) or contains(said, brand)) else brand
        attributes = {
            name: value
            for name, value in attributes.items()
            if not contains(name, phrase) and not contains(str(value), said)
        }
    return replace(record, title=title or record.title, brand=brand, attributes=attributes)
