"""Writes ads by rule: two or three short sentences from a record's own facts.

An ad is an opening, a sentence that names the product with one to three facts of its record, and
an ending. Facts are worded by `facts`, wishes by `honours`; all else is what nobody could check,
from `families` and `tones`. Knows no model.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from finetune.situations.english import agree, sentence
from finetune.situations.naming import Name, name_of
from finetune.situations.wishes import TONES
from finetune.teachers.grammar import combos, frames, moods
from finetune.teachers.grammar.facts import Fact, facts_of
from finetune.teachers.grammar.families import Family, family_of
from finetune.teachers.grammar.honours import addressed, endings, openings, price_sentence
from finetune.teachers.grammar.tails import tails_of
from finetune.teachers.grammar.tones import TONE_ENDINGS, TONE_OPENINGS

MIN_WORDS, MAX_WORDS = 14, 30
_TRIES = 12
_LEADING_VERB = re.compile(r"^\[(\w+)\] ")
_CLASS_OF = {name: kind for kind, names in TONES.items() for name in names}

_DULL = re.compile(
    r"warranty|weight.*|.*length|made in|country of origin|shelf life|height|width|depth|diameter"
    r"|finished .*|thickness|fabric weight|paper weight|pillowcase size|connector.*|packaging"
    r"|material|storage|size|net weight|.*temperature|suitable for.*"
)
_DULLNESS, _TAILED, _MOODED = 0.2, 0.6, 0.5
_NAMED_FIRST, _PRICED = 0.6, 0.13
_SOURCES = (0.35, 0.5, 0.85)
"""Where openings and endings come from, summed up: any parts, moods, the family, any scene."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What an ad is about, gathered once."""

    product: Mapping[str, Any]
    name: Name
    family: Family
    facts: list[Fact]
    tone: str


def write_ad(inputs: Mapping[str, Any], rng: random.Random) -> str:
    """Write an ad for an input line of the task; "" where its product has no name to go by.

    Args:
        inputs: "product" as an object; "audience", "occasion", "tone" and "context" are honoured.
        rng: chooses among the wordings.
    """
    product = inputs.get("product")
    name = name_of(product) if isinstance(product, Mapping) else None
    if name is None or not isinstance(product, Mapping):
        return ""
    tone = _CLASS_OF.get(str(inputs.get("tone", "")), "")
    subject = _Subject(product, name, family_of(product, name), facts_of(product, name), tone)
    draft = ""
    for _ in range(_TRIES):
        draft = _draft(inputs, subject, rng)
        if MIN_WORDS <= len(draft.split()) <= MAX_WORDS:
            break
    return draft


def _draft(inputs: Mapping[str, Any], subject: _Subject, rng: random.Random) -> str:
    first, last = openings(inputs, rng), endings(inputs, rng)
    scenes = [
        moods.scene(subject.family.key, rng) if rng.random() < _MOODED else scene
        for scene in rng.sample(subject.family.scenes, 3)
    ]
    wished = len(first) + len(last)
    room = max(0, 3 - wished)
    facts = _draw_facts(subject, rng, 3 if room > 1 else 2)
    core, used = _core(subject, facts[: rng.choice((1, 1, 1, 2))], scenes[0], rng)
    body = [core]
    rest = [fact for fact in facts if fact not in used]
    if room > 1 and rest and rng.random() < 0.25:
        body.append(_more(subject, rest[0], rng))
        room -= 1
    price = price_sentence(subject.product, rng)
    if price and not last and room and rng.random() < _PRICED:
        last.append(price)
        room -= 1
    if room > 1 and not first and rng.random() < 0.75:
        first.append(_opening(subject, rng))
        room -= 1
    if room > 1 and not last:
        last.append(_ending(subject, rng))
    if not first and not last and len(body) == 1:
        (first if rng.random() < 0.5 else last).append(
            _opening(subject, rng) if not first and rng.random() < 0.5 else _ending(subject, rng)
        )
    parts = [
        *(addressed(text, subject.name, scenes[1]) for text in first),
        *body,
        *(addressed(text, subject.name, scenes[2]) for text in last),
    ]
    text = " ".join(agree(part, subject.name.plural) for part in parts)
    return _toned(text, inputs, subject, rng)


def _core(
    subject: _Subject, facts: Sequence[Fact], scene: str, rng: random.Random
) -> tuple[str, list[Fact]]:
    """Write the sentence that names the product; return it and the facts that it states."""
    name = _called(subject.name, rng)
    used = list(facts)
    if len(facts) > 1 and facts[0].adjectives and rng.random() < 0.6 and name.startswith("the "):
        name = f"the {rng.choice(facts[0].adjectives)} {name[4:]}"
        facts = facts[1:]
    verbs = [rng.choice(fact.verbs) for fact in facts if fact.verbs]
    nouns = [rng.choice(fact.nouns) for fact in facts if fact.nouns]
    if not facts:
        frame, text = rng.choice(frames.NAME_ONLY), {}
    elif len(facts) > 1 and facts[0].verbs and facts[1].nouns and rng.random() < 0.5:
        frame = rng.choice(frames.BOTH_FRAMES)
        text = {"v": rng.choice(facts[0].verbs), "w": rng.choice(facts[1].nouns)}
    elif len(verbs) == len(facts) and (not nouns or rng.random() < 0.55):
        frame, text = rng.choice(frames.VERB_FRAMES), {"v": _joined(verbs)}
    elif len(nouns) == len(facts):
        frame, text = rng.choice(frames.NOUN_FRAMES), {"w": _paired(nouns)}
    else:
        used = [facts[0], *([used[0]] if used[0] is not facts[0] else [])]
        return _single(subject, facts[0], name, scene, rng), used
    said = _filled(frame, text, name, subject, scene=scene, rng=rng)
    return (_tailed(said, facts[-1], subject, rng) if len(facts) == 1 else said), used


def _tailed(said: str, fact: Fact, subject: _Subject, rng: random.Random) -> str:
    """Say after a fact what it is good for, where the sentence leaves room for it."""
    tails = tails_of(fact.name)
    if not tails or "," in said or not said.endswith(".") or rng.random() > _TAILED:
        return said
    return f"{said[:-1]}, {rng.choice(tails)}."


def _called(name: Name, rng: random.Random) -> str:
    """Return the product's name with its article, the maker named before it or after."""
    rest = name.full[len(name.brand) :].strip()
    movable = name.brand and name.full.startswith(f"{name.brand} ") and len(rest.split()) > 1
    fits = name.definite.startswith("the ") and not rest.lower().startswith("the ")
    if not movable or not fits or not rest[0].isupper():
        return name.definite
    drawn = rng.random()
    if drawn < _NAMED_FIRST:
        return name.definite
    return f"the {rest} {'by' if drawn < (1 + _NAMED_FIRST) / 2 else 'from'} {name.brand}"


def _single(subject: _Subject, fact: Fact, name: str, scene: str, rng: random.Random) -> str:
    if fact.verbs and (not fact.nouns or rng.random() < 0.5):
        frame, text = rng.choice(frames.VERB_FRAMES), {"v": rng.choice(fact.verbs)}
    else:
        frame, text = rng.choice(frames.NOUN_FRAMES), {"w": rng.choice(fact.nouns)}
    return _filled(frame, text, name, subject, scene=scene, rng=rng)


def _more(subject: _Subject, fact: Fact, rng: random.Random) -> str:
    if fact.verbs and (not fact.nouns or rng.random() < 0.5):
        frame, text = rng.choice(frames.MORE_VERB), {"v": rng.choice(fact.verbs)}
    else:
        frame, text = rng.choice(frames.MORE_NOUN), {"w": rng.choice(fact.nouns)}
    return _filled(frame, text, subject.name.definite, subject, scene="", rng=rng)


def _filled(
    frame: str,
    text: Mapping[str, str],
    name: str,
    subject: _Subject,
    *,
    scene: str,
    rng: random.Random,
) -> str:
    invite, pronoun = rng.choice(frames.INVITE), subject.name.pronoun
    filled = (
        frame.replace("{v}", text.get("v", ""))
        .replace("{w}", text.get("w", ""))
        .replace("{N}", name)
        .replace("{It}", pronoun.capitalize())
        .replace("{it}", pronoun)
        .replace("{scene}", scene)
        .replace("{Invite}", invite)
        .replace("{aside}", rng.choice(frames.ASIDES))
    )
    return sentence(agree(filled, subject.name.plural))


def _draw_facts(subject: _Subject, rng: random.Random, most: int) -> list[Fact]:
    """Draw facts that can be said; those that any product has come up less."""
    usable = [fact for fact in subject.facts if fact.verbs or fact.nouns]
    ranks = {
        fact.name: rng.random() ** (1 / (_DULLNESS if _DULL.fullmatch(fact.name) else 1.0))
        for fact in usable
    }
    return sorted(usable, key=lambda fact: -ranks[fact.name])[:most]


def _joined(verbs: Sequence[str]) -> str:
    """Join two verb phrases, a verb that both begin with said once."""
    if len(verbs) < 2:
        return verbs[0]
    left, right = _LEADING_VERB.match(verbs[0]), _LEADING_VERB.match(verbs[1])
    second = verbs[1]
    if left and right and left[1] == right[1]:
        second = second[right.end() :]
    return f"{verbs[0]} and {second}"


def _paired(nouns: Sequence[str]) -> str:
    if len(nouns) > 1 and " and " in nouns[0]:
        nouns = (nouns[1], nouns[0])
    return f"{nouns[0]} and {nouns[1]}" if len(nouns) > 1 else nouns[0]


def _opening(subject: _Subject, rng: random.Random) -> str:
    if subject.tone and rng.random() < 0.65:
        return rng.choice(TONE_OPENINGS[subject.tone])
    drawn = rng.random()
    if drawn < _SOURCES[0]:
        return moods.opening(subject.family.key, rng)
    if drawn < _SOURCES[1]:
        return combos.opening(rng)
    return rng.choice(subject.family.openings if drawn < _SOURCES[2] else TONE_OPENINGS[""])


def _ending(subject: _Subject, rng: random.Random) -> str:
    if subject.tone and rng.random() < 0.65:
        return rng.choice(TONE_ENDINGS[subject.tone])
    drawn = rng.random()
    if drawn < _SOURCES[0]:
        return moods.ending(subject.family.key, rng)
    if drawn < _SOURCES[1]:
        return combos.ending(rng)
    return rng.choice(subject.family.endings if drawn < _SOURCES[2] else TONE_ENDINGS[""])


def _toned(text: str, inputs: Mapping[str, Any], subject: _Subject, rng: random.Random) -> str:
    """Set the marks as the tone and the style policy want them."""
    context = inputs.get("context") or {}
    if "exclamation" in str(context.get("style policy", "")).lower():
        return text.replace("!", ".")
    lively = subject.tone in {"bold", "upbeat", "playful"}
    if lively and "!" not in text and rng.random() < 0.6:
        return f"{text[:-1]}!" if text.endswith(".") else text
    return text
