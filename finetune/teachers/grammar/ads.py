"""Writes ads by rule: two or three short sentences from a record's own facts.

An ad is an opening, a sentence or two that name the product and state one to three facts that the
task's prompt shows, and an ending. Facts are worded by `facts`, wishes by `honours`; all else are
whole sentences that nobody could check, from `families` and `tones`. Knows no model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.tasks import TASKS
from finetune.situations.english import agree, sentence
from finetune.situations.naming import Name, name_of
from finetune.situations.wishes import TONES
from finetune.teachers.grammar import frames
from finetune.teachers.grammar.facts import Fact, facts_of
from finetune.teachers.grammar.families import FAMILIES, Family, family_of
from finetune.teachers.grammar.honours import addressed, endings, openings, price_sentence
from finetune.teachers.grammar.tones import (
    SERIOUS,
    SOBER_ENDINGS,
    SOBER_OPENINGS,
    TONE_ENDINGS,
    TONE_OPENINGS,
)

MIN_WORDS, MAX_WORDS = 12, 36
MOST_SENTENCES = 3
_TRIES = 12
_CLASS_OF = {name: kind for kind, names in TONES.items() for name in names}
_NO_NAME = re.compile(r"\.[A-Z0-9]|[^\u0000-\u024f\u2000-\u206f]")
_NO_PRODUCT = re.compile(
    r"\b(?:svc|spare|accessor(?:y|ies)|components?|licen[sc]es?|replacement|nbd|warranty)\b",
    re.I,
)
_WORN = re.compile(
    r"good choice|just right|made for|good idea|ready|enjoy|take your|favourite|next \w+", re.I
)
"""Phrases that come up often; none of them twice in an ad."""
_NAME = re.compile(r"[^a-z0-9]+")

_TELLING = re.compile(r"(?!(?:with|that|your|from|have|comes?|they|made|this)\b)[a-z]{4,}|\d+")
_ORIGIN = re.compile(r"country of origin|made in|origin")
_CRAFTS = frozenset(
    ("drink", "food", "coffee", "tableware", "cookware", "bedding", "bath", "clothes", "shoes",
     "care")
)  # fmt: skip
"""Families of which it matters where a thing is from."""
_SOBER = frozenset(("printing", "power", "computer", "any", "tool", "paper"))
_TOLD_WORDS = range(4, 17)
_CLEAN = re.compile(r"[A-Z0-9][^:;!?()\"*<>|®™©]+\.")
_DENIES = re.compile(
    r"\b(?:not|no|nor|never|nobody|none|without|separate\w*|sold|needed|less|only|cannot|unlike|this"
    r"|these|pair|one|but|here|you may|dishes|ph)\b|n't\b|\.\S|, \w+, \w+,"
)
_TOLD_VERB = re.compile(
    r"\b(?:is|are|has|have|comes?|keeps?|holds?|makes?|takes?|runs?|lets?|gives?|fits?|works?|[a-z]{3,}s)\b"
)
_DULL = re.compile(
    r".*colou?r|warranty|weight.*|.*length|made in|country of origin|shelf life|height|width"
    r"|depth|diameter"
    r"|finished .*|thickness|fabric weight|paper weight|pillowcase size|connector.*|packaging"
    r"|storage|size|net weight|.*temperature|suitable for.*"
)
_DULLNESS = 0.3
_PRICED, _TONED, _NEUTRAL, _INTRODUCED, _SECOND = 0.08, 0.6, 0.1, 0.12, 0.6
_OPENED, _ENDED, _ASKED, _NOUNED, _TOLD = 0.45, 0.35, 0.6, 0.6, 0.8


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an ad is about, gathered once."""

    product: Mapping[str, Any]
    name: Name
    family: Family
    facts: list[Fact]
    told: list[str]
    """Sentences of the description that may stand in an ad as they are."""
    tone: str
    priced: bool


def write_ad(inputs: Mapping[str, Any], rng: random.Random) -> str:
    """Write an ad for an input line of the task; "" where nothing good can be said of its product.

    That is one without a name or a noun to go by, a spare part or a service, or one whose
    attributes `facts` has no words for.

    Args:
        inputs: "product" as an object; "audience", "occasion", "tone" and "context" are honoured.
        rng: chooses among the wordings.
    """
    product = inputs.get("product")
    name = name_of(product) if isinstance(product, Mapping) else None
    if name is None or not isinstance(product, Mapping) or not _can_be_said(product, name):
        return ""
    shown = shown_fields(inputs)
    facts = [fact for fact in facts_of(_cut(product, shown), name) if fact.verbs or fact.nouns]
    family = family_of(product, name)
    facts = [fact for fact in facts if family.key in _CRAFTS or not _ORIGIN.fullmatch(fact.name)]
    told = told_sentences(shown.get("description", ""), name)
    if not facts and not told and product.get("attributes"):
        return ""
    subject = _Subject(product, name, family, facts, told, _tone(inputs), "price" in shown)
    draft = ""
    for _ in range(_TRIES):
        draft = _draft(inputs, subject, rng)
        worn = [text.lower() for text in (*_WORN.findall(draft), *draft.split(". "))]
        worn = [text.rstrip(".!") for text in worn]
        if MIN_WORDS <= len(draft.split()) <= MAX_WORDS and len(set(worn)) == len(worn):
            break
    return draft


def _can_be_said(product: Mapping[str, Any], name: Name) -> bool:
    title = str(product.get("title", ""))
    return bool(name.noun) and not _NO_NAME.search(name.full) and not _NO_PRODUCT.search(title)


def shown_fields(inputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the fields that the task's prompt shows of the product: folded name -> value."""
    material = TASKS["ads"].prompt(TASKS["ads"].read(inputs)).material
    lines = material[material.rfind("Product: ") :].splitlines()[1:]
    fields = (line[2:].partition(": ") for line in lines if line.startswith("- "))
    return {_NAME.sub(" ", name.lower()).strip(): value for name, _, value in fields}


def _cut(product: Mapping[str, Any], shown: Mapping[str, str]) -> dict[str, Any]:
    """Return a product without the attributes that the prompt hides or shortens."""
    attributes = product.get("attributes")
    held = attributes if isinstance(attributes, Mapping) else {}
    kept = {
        name: value
        for name, value in held.items()
        if (said := shown.get(_NAME.sub(" ", str(name).lower()).strip())) is not None
        and (isinstance(value, bool) or str(value) in said)
    }
    return {**product, "attributes": kept}


def _tone(inputs: Mapping[str, Any]) -> str:
    policy = str((inputs.get("context") or {}).get("style policy", "")).lower()
    sober = "hype" in policy or "plain" in policy
    return _CLASS_OF.get(str(inputs.get("tone", "")), "plain" if sober else "")


def _draft(inputs: Mapping[str, Any], subject: _Subject, rng: random.Random) -> str:
    last = endings(inputs, rng)
    first = openings(inputs, rng, serious=subject.tone in SERIOUS)
    first = first[: MOST_SENTENCES - 1 - len(last)]
    room = MOST_SENTENCES - 1 - len(first) - len(last)
    price = price_sentence(subject.product, rng) if subject.priced else ""
    if price and not last and room and rng.random() < _PRICED:
        last.append(price)
        room -= 1
    facts = _draw_facts(subject.facts, rng)
    told = _draw_told(subject, facts, rng) if room and rng.random() < _TOLD else ""
    asks = subject.tone not in SERIOUS and not subject.name.mass and not first
    telling = len(facts) > 1 and not _DULL.fullmatch(facts[0].name)
    if told:
        body = [_core(subject, facts[:2], rng), told]
        room -= 1
        others = [text for text in subject.told if text != told and not _alike(text, body)]
        if room and others and rng.random() < _TOLD:
            body.append(rng.choice(others))
            room -= 1
    elif room and facts and rng.random() < _INTRODUCED:
        body = [_said(rng.choice(frames.INTROS), {}, subject, rng), _first(subject, facts, rng)]
        room -= 1
    elif room and telling and asks and rng.random() < _ASKED:
        body = [_asked(subject, facts[0], rng), _core(subject, facts[1:3], rng)]
        room, asks = room - 1, False
    elif room and len(facts) > 1 and rng.random() < _SECOND:
        cut = 2 if len(facts) > 2 and rng.random() < 0.5 else 1
        body = [_core(subject, facts[:cut], rng), _more(subject, facts[cut:], rng)]
        room -= 1
    else:
        body = [_core(subject, facts[:2], rng)]
    if room and not first and asks and rng.random() < _OPENED:
        first.append(_line(subject, rng, at_start=True))
        room -= 1
    if room and not last and (rng.random() < _ENDED or len(body) == 1):
        last.append(_line(subject, rng, at_start=False))
    parts = [
        *(addressed(text, subject.name) for text in first),
        *body,
        *(addressed(text, subject.name) for text in last),
    ]
    text = " ".join(agree(part, subject.name.plural) for part in parts)
    return _toned(text, inputs, subject, rng)


def told_sentences(description: str, name: Name) -> list[str]:
    """Return a description's sentences that praise nothing away: short, clean, and no denial."""
    wrong = re.compile(r"\bits?\b" if name.plural else r"\bthey\b", re.I)
    return [
        text
        for text in re.split(r"(?<=[.!?])\s+", description)
        if len(text.split()) in _TOLD_WORDS and _CLEAN.fullmatch(text)
        and not _DENIES.search(text.lower()) and _TOLD_VERB.search(text)
        and not wrong.search(text)
    ]  # fmt: skip


def _draw_told(subject: _Subject, facts: Sequence[Fact], rng: random.Random) -> str:
    """Draw a sentence of the description that repeats none of the facts; "" where there is none."""
    stated = [f"{fact.name} {fact.value}" for fact in facts[:2]]
    free = [text for text in subject.told if not _alike(text, stated)]
    free = [text for text in free if subject.name.brand not in text]
    return rng.choice(free) if free else ""


def _alike(text: str, said: Sequence[str]) -> bool:
    """Whether a sentence shares a telling word or a number with what is said already."""
    words = {word[:6] for word in _TELLING.findall(" ".join(said).lower())}
    return bool(words & {word[:6] for word in _TELLING.findall(text.lower())})


def _asked(subject: _Subject, fact: Fact, rng: random.Random) -> str:
    """Write a question that begins an ad with a fact."""
    if fact.verbs and (not fact.nouns or rng.random() < 0.5):
        frame, text = rng.choice(frames.NEEDS_VERB), {"v": rng.choice(fact.verbs)}
    else:
        frame, text = rng.choice(frames.NEEDS_NOUN), {"w": rng.choice(fact.nouns)}
    return _said(frame, text, subject, rng)


def _core(subject: _Subject, facts: Sequence[Fact], rng: random.Random) -> str:
    """Write a sentence that names the product and states the facts."""
    if not facts:
        return _said(rng.choice(frames.INTROS), {}, subject, rng)
    kinds = (frames.VERB_FRAMES, frames.NOUN_FRAMES, frames.TWO_VERB_FRAMES, frames.BOTH_FRAMES)
    return _stated(subject, facts, kinds, rng)


def _more(subject: _Subject, facts: Sequence[Fact], rng: random.Random) -> str:
    """Write a sentence that states one or two facts of the product named before it."""
    kinds = (frames.MORE_VERB, frames.MORE_NOUN, frames.MORE_TWO_VERBS, frames.MORE_BOTH)
    return _stated(subject, facts[: rng.choice((1, 2))], kinds, rng)


def _first(subject: _Subject, facts: Sequence[Fact], rng: random.Random) -> str:
    """Write the first sentence of facts on a product that was only named before it."""
    kinds = (frames.FIRST_VERB, frames.FIRST_NOUN, frames.MORE_TWO_VERBS[:2], frames.MORE_BOTH)
    return _stated(subject, facts[: rng.choice((1, 2, 2))], kinds, rng)


def _stated(
    subject: _Subject,
    facts: Sequence[Fact],
    kinds: tuple[tuple[str, ...], ...],
    rng: random.Random,
) -> str:
    verb, noun, two_verbs, both = kinds
    one, two = facts[0], facts[1] if len(facts) > 1 else None
    if two and one.verbs and two.nouns and (not two.verbs or rng.random() < 0.5):
        text = {"v": rng.choice(one.verbs), "w": rng.choice(two.nouns)}
        return _said(rng.choice(both), text, subject, rng)
    if two and one.nouns and two.verbs and not one.verbs:
        text = {"v": rng.choice(two.verbs), "w": rng.choice(one.nouns)}
        return _said(rng.choice(both), text, subject, rng)
    if two and one.verbs and two.verbs:
        text = {"v": rng.choice(one.verbs), "v2": rng.choice(two.verbs)}
        if text["v"].split()[0] != text["v2"].split()[0]:
            return _said(rng.choice(two_verbs), text, subject, rng)
    if one.verbs and (not one.nouns or rng.random() < 0.5):
        return _said(rng.choice(verb), {"v": rng.choice(one.verbs)}, subject, rng)
    return _said(rng.choice(noun), {"w": rng.choice(one.nouns)}, subject, rng)


def _said(frame: str, text: Mapping[str, str], subject: _Subject, rng: random.Random) -> str:
    name = subject.name
    scene = rng.choice(subject.family.scenes)
    places = {**text, "N": name.definite, "It": name.pronoun.capitalize(), "it": name.pronoun}
    places["a_noun"] = name.noun if name.plural else f"a {name.noun}"
    filled = re.sub(r"\{(\w+)\}", lambda found: {**places, "scene": scene}[found[1]], frame)
    return sentence(agree(filled, name.plural))


def _draw_facts(facts: Sequence[Fact], rng: random.Random) -> list[Fact]:
    """Draw up to three facts; those that any product has come up less."""
    ranks = {
        fact.name: rng.random() ** (1 / (_DULLNESS if _DULL.fullmatch(fact.name) else 1.0))
        for fact in facts
    }
    ordered = sorted(facts, key=lambda fact: ranks[fact.name])
    if _DULL.fullmatch(ordered[-1].name if ordered else ""):
        ordered.sort(key=lambda fact: not _DULL.fullmatch(fact.name))
    drawn = list({fact.value or fact.name: fact for fact in ordered}.values())[::-1][:3]
    return drawn[: rng.choice((2, 2, 3, 3))]


def _line(subject: _Subject, rng: random.Random, *, at_start: bool) -> str:
    """Draw a sentence to open or end with; serious tones take their own alone."""
    sober = subject.family.key in _SOBER
    tables = (SOBER_OPENINGS, TONE_OPENINGS) if at_start else (SOBER_ENDINGS, TONE_ENDINGS)
    toned = tables[1].get(subject.tone, ())
    if sober:
        toned = tables[0].get(subject.tone, toned)
    if toned and (subject.tone in SERIOUS or rng.random() < _TONED):
        return rng.choice(toned)
    if not at_start and rng.random() < _NOUNED:
        noun = subject.name.noun
        usable = [text for text in frames.ENDS if subject.name.brand or "{brand}" not in text]
        text = rng.choice(usable).replace("{brand}", subject.name.brand)
        return text.replace("{noun}", noun)
    family = FAMILIES[-1] if rng.random() < _NEUTRAL else subject.family
    return rng.choice(family.openings if at_start else family.endings)


def _toned(text: str, inputs: Mapping[str, Any], subject: _Subject, rng: random.Random) -> str:
    """Set the marks as the tone and the style policy want them."""
    context = inputs.get("context") or {}
    if "exclamation" in str(context.get("style policy", "")).lower():
        return text.replace("!", ".")
    lively = subject.tone in {"bold", "upbeat", "playful"}
    if lively and "!" not in text and rng.random() < 0.9:
        return f"{text[:-1]}!" if text.endswith(".") else text
    return text
