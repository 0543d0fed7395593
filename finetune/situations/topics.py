"""What can be asked of a field with a value, and how its answer is said.

Topics stand in `questions.toml`; a field that fits none is asked for and answered by its own
name. Knows nothing of evidence.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from finetune.situations.english import is_plural, singular_of
from finetune.situations.names import spoken
from finetune.situations.speech import Subject, slots_of

_LEXICON = Path(__file__).with_name("questions.toml")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_AMOUNT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?: ?(?P<unit>[^\d\s,;()]+(?:/\w+)?))?")
_PART = re.compile(r"^(?P<part>[\w -]+?) material$")
_MEASURES = frozenset(("weight", "width", "height", "length", "depth", "power", "diameter"))
_UNIT_WORDS = {"l": "litres", "kg": "kilos", "g": "grams", "h": "hours", "cm": "centimetres",
               "min": "minutes", "W": "watts", "m": "metres"}  # fmt: skip
_STATUS = {
    "in stock": ("Yes, {it} [is] in stock.", "Yes, {pro} [is] in stock."),
    "out of stock": ("No, {it} [is] out of stock.", "No, {pro} [is] out of stock."),
    "preorder": ("{It} [is] available for preorder.", "{It} can be had on preorder."),
    "backorder": ("{It} [is] on backorder.", "{It} [is] available on backorder."),
}
_LISTS = ("ask", "say", "lack", "check", "yes", "no", "more", "less")
_FACTORS = (0.5, 0.6, 0.75, 0.8, 1.2, 1.25, 1.5, 2.0)

_PLAIN = {
    "ask": (
        "What [is_n] the {name}?",
        "What [is_n] {its} {name}?",
        "What {name} [does] {it} have?",
        "{name}?",
        "Can you tell me the {name}?",
        "Please tell me the {name}.",
        "Which {name} [does] {it} have?",
        "I am looking for the {name}, what does the record say?",
    ),
    "say": (
        "The {name} [is_n] {value}.",
        "The {name} [is_n] {value}.",
        "The {name} [is_n] listed as {value}.",
    ),
    "lack": ("what the {name} [is_n]", "what {its} {name} [is_n]"),
}
_HELD = _PLAIN | {"say": ("The record lists the {name} as {value}.",)}
"""Of a value that ends in the field's name: "boiler: dual boiler"."""
_NONE = _PLAIN | {
    "say": (
        "There is none: the record says {name}: none.",
        "None: the record gives none for the {name}.",
    )
}
_LINKED = {
    "ask": ("What [is] {it} {name}?", "{name}?"),
    "say": ("{It} [is] {name} {value}.",),
    "lack": ("what {pro} [is] {name}",),
}
"""Of a name that ends in a preposition: "tested for"."""
_RECORDED = {
    "ask": (
        "{name}?",
        "What does the record list as {name}?",
        "I am looking for the {name}, what does the record say?",
    ),
    "say": ("The record lists the {name} as {value}.",),
    "lack": ("anything on the {name}",),
}
"""Of a name that makes no part of a sentence: "displays supported"."""
_STIFF = re.compile(r"supported|compatible|installed|included|allowed|\b(?:is|are|has|in|of)\b")
_COUNTED = {
    "ask": (
        "How many {things} [does] {it} have?",
        "How many {things} are there?",
        "{things}, how many?",
    ),
    "say": ("{It} [has] {counted}.", "There {are} {counted}."),
    "lack": ("how many {things} {pro} [has]", "how many {things} there are"),
}
_UNITLESS = (
    "The {name} is listed as {value}.",
    "The listed {name} is {value}.",
)
"""Of a measure whose record names no unit; none may be added."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One kind of question about a value; see `questions.toml`."""

    key: str
    ask: tuple[str, ...]
    say: tuple[str, ...]
    lack: tuple[str, ...]
    rival: str = ""
    near: str = ""
    words: str = ""
    check: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic of a field with its value: renders questions, answers and what is missing."""

    topic: Topic
    field: str
    value: str = ""

    def question(self, subject: Subject, rng: random.Random) -> str:
        """Return a question for the value."""
        return self._fill(rng.choice(self.topic.ask), subject)

    def ask_with(self, template: str, subject: Subject) -> str:
        """Return the question that a template of the topic makes."""
        return self._fill(template, subject)

    def short_questions(self) -> tuple[str, ...]:
        """Return the templates of one clause, which can be joined with another's."""
        return tuple(
            ask for ask in self.topic.ask if re.match(r"(How|What|Where|Which)\b[^.,?]*\?$", ask)
        )

    def answer(self, subject: Subject, rng: random.Random) -> str:
        """Return the sentence that states the value."""
        if self.topic.key == "availability":
            forms = _STATUS.get(self.value, ("The availability is {value}.",))
            return self._fill(rng.choice(forms), subject)
        return self._fill(rng.choice(self.topic.say), subject)

    def lacks(self, subject: Subject, rng: random.Random) -> str:
        """Return the clause after "The catalog does not say"."""
        return self._fill(rng.choice(self.topic.lack), subject)

    def compared(self, subject: Subject, rng: random.Random) -> tuple[str, str] | None:
        """Return a yes-or-no question about the number, and its answer; None where there is none.

        The number asked for differs from the record's, so that either way the answer is plain.
        """
        found = _AMOUNT.match(self.value)
        if found is None or not (self.topic.more or self.topic.less):
            return None
        number, unit = float(found["number"]), found["unit"] or ""
        wanted = _near_number(number * rng.choice(_FACTORS), number)
        counts = self.topic.key in ("pieces", "stock", "cores", "ports")
        if wanted in (0, number) or (counts and wanted < 2):
            return None
        upward = bool(self.topic.more) and (not self.topic.less or rng.random() < 0.5)
        holds = number > wanted if upward else number < wanted
        words = _UNIT_WORDS.get(unit, unit) if rng.random() < 0.4 and wanted > 1 else unit
        asked = f"{wanted:g} {words}".strip()
        forms = self.topic.more if upward else self.topic.less
        said = self._fill(rng.choice(self.topic.say), subject)
        return self._fill(rng.choice(forms), subject, asked), _with_yes(holds, said)

    def checked(
        self, asked: str, holds: bool, subject: Subject, rng: random.Random
    ) -> tuple[str, str]:
        """Return a yes-or-no question whether the value is `asked`, and its answer."""
        checks = self.topic.check or ("Is the {name} {asked}?",)
        answers = (
            (self.topic.yes or ("Yes, the {name} is {value}.",))
            if holds
            else (self.topic.no or ("No, the {name} is {value}.",))
        )
        return (
            self._fill(rng.choice(checks), subject, asked),
            self._fill(rng.choice(answers), subject),
        )

    def _fill(self, template: str, subject: Subject, asked: str = "") -> str:
        name = spoken(self.field)
        stem = singular_of(name)
        one = self.value == "1"
        part = _PART.match(name)
        parts = name.removesuffix(" included")
        unit = name.rpartition(" ")[2]
        template = template.replace("[is_n]", "are" if is_plural(name) else "is")
        return subject.fill(
            template,
            **slots_of(name, self.value),
            asked=asked,
            things=name,
            counted=f"{self.value} {stem if one else name}",
            parts=parts,
            counted_parts=f"{self.value} {singular_of(parts) if one else parts}",
            are="is" if one else "are",
            stem=stem,
            part=part["part"] if part else name,
            unit=unit,
            warmth="cold" if "cold" in name else "hot",
        )


@lru_cache(maxsize=8192)
def topic_of(field: str, value: str) -> Topic:
    """Return what is asked of a field with such a value."""
    folded = field.lower()
    for topic, fields, values in _topics():
        if fields.fullmatch(folded):
            if values is None or values.fullmatch(value):
                return _for_field(topic, folded)
            if topic.key in _MEASURES and _NUMBER.fullmatch(value):
                return _unitless(topic)
    name = spoken(folded)
    counts = _NUMBER.fullmatch(value) and is_plural(name) and not _STIFF.search(name)
    forms: Mapping[str, tuple[str, ...]] = _PLAIN
    if counts:
        forms = _COUNTED
    elif value == "none":
        forms = _NONE
    elif name.endswith((" for", " with", " to", " by")):
        forms = _LINKED
    elif value.lower().endswith(f" {name}"):
        forms = _HELD
    elif _STIFF.search(name) or len(name.split()) > 3:
        forms = _RECORDED
    pattern = _any_word(name)
    return Topic(f"own:{folded}", forms["ask"], forms["say"], forms["lack"], pattern, "", pattern)


def common_absences() -> tuple[Asked, ...]:
    """Return topics that shoppers raise for goods of any kind."""
    return tuple(
        Asked(topic, fields.pattern.split("|")[0]) for topic, fields, _ in _topics() if topic.absent
    )


def _for_field(topic: Topic, field: str) -> Topic:
    """Put the field's own words in the place of "{stem}" in its patterns."""
    if "{stem}" not in topic.rival + topic.words:
        return topic
    stem = re.escape(singular_of(spoken(field).lower())[:6])
    return Topic(
        topic.key, topic.ask, topic.say, topic.lack,
        topic.rival.replace("{stem}", stem), topic.near, topic.words.replace("{stem}", stem),
        topic.check, topic.yes, topic.no, topic.more, topic.less, topic.absent,
    )  # fmt: skip


def _unitless(topic: Topic) -> Topic:
    return Topic(topic.key, topic.ask, _UNITLESS, topic.lack, topic.rival, topic.near, topic.words)


def _any_word(name: str) -> str:
    words = [re.escape(word[:6].lower()) for word in re.findall(r"[A-Za-z]{3,}", name)]
    return "|".join(words) or re.escape(name.lower())


def _near_number(number: float, other: float) -> float:
    """Round to what a shopper would say, as precise as the other number."""
    if other >= 1000:
        return round(number / 100) * 100.0
    if other >= 100:
        return round(number / 10) * 10.0
    if other >= 10 or other == int(other):
        return float(round(number))
    return round(number, 1)


def _with_yes(holds: bool, said: str) -> str:
    first = said.split(" ", 1)[0]
    keeps = first not in ("It", "They", "The", "There", "A", "At", "You")
    return f"{'Yes' if holds else 'No'}, {said if keeps else said[:1].lower() + said[1:]}"


@cache
def _topics() -> tuple[tuple[Topic, re.Pattern[str], re.Pattern[str] | None], ...]:
    with _LEXICON.open("rb") as file:
        tables = tomllib.load(file)
    topics = []
    for key, table in tables.items():
        lists = {name: tuple(table.get(name, ())) for name in _LISTS}
        rival, near, words = (str(table[name]) for name in ("rival", "near", "words"))
        topic = Topic(
            key, **lists, rival=rival, near=near, words=words, absent=bool(table.get("absent"))
        )
        values = re.compile(table["value"], re.I) if "value" in table else None
        topics.append((topic, re.compile(table["fields"]), values))
    return tuple(topics)
