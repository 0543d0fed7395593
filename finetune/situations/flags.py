"""Yes-or-no attributes: how shoppers ask for them, and how both answers are said.

The lexicon is `flags.toml`; a name that it lacks is said by its form: "frost resistant" is an
adjective, "lid included" a part of the delivery, and a noun that is not known to be one is named
as the record names it. Knows no records.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from finetune.situations.english import is_plural
from finetune.situations.names import spoken
from finetune.situations.speech import Subject

_LEXICON = Path(__file__).with_name("flags.toml")
_ADJECTIVE = re.compile(
    r"(?:proof|resistant|-free| free|safe|[a-z]{3}able|ible|compatible|certified|friendly|tested"
    r"|insulated|organic|vegan|handmade|washable|repellent|drying|standing|mounted|protected"
    r"|ready|adjustable|lined|padded|coated|heated|cooled|sealed)$"
)
_NOUN = re.compile(
    r"(?:technology|ports?|support|function|reader|sensor|display|bit|states|control|slots?|outputs?"
    r"|inputs?|mode|light|protection|lock|alarm|timer|buttons?|keys|zoom|flash|lens|speakers?|pump"
    r"|indicator|tray|handle|wheels|screen|cache|monitoring|detection|extensions?|instructions)$"
)
_COUNTABLE = re.compile(
    r"(?:slot|tray|port|reader|sensor|lock|alarm|timer|handle|pump|indicator|speaker|function)$"
)
_INCLUDED = re.compile(r"^(?P<what>.+?)(?: is)? included$")
_BRACKETS = re.compile(r"\[(\w+)\]")

_ASKS = {
    "adj": (
        "[is] {it} {x}?",
        "[is] {it} {x}?",
        "Can you confirm that {it} [is] {x}?",
        "I need something that is {x}. [does] {it} qualify?",
        "{x}?",
        "{it} [is] {x}, right?",
        "Would you say whether {it} [is] {x}?",
    ),
    "noun": (
        "[does] {it} have {x}?",
        "[does] {it} have {x}?",
        "[does] {it} come with {x}?",
        "Is there {x} on {it}?",
        "{bare}?",
        "{it} [has] {x}, right?",
    ),
    "plural": (
        "[does] {it} have {x}?",
        "Are there {x} on {it}?",
        "[does] {it} come with {x}?",
        "{x}?",
        "{it} [has] {x}, right?",
    ),
    "mass": (
        "[does] {it} have {x}?",
        "{x}?",
        "{it} [has] {x}, right?",
    ),
    "included": (
        "{Be} the {x} included?",
        "[does] {it} come with {a_x}?",
        "{x} included?",
        "{Be} the {x} in the box, or do I buy it separately?",
        "Do I get {a_x} with {it}?",
    ),
    "verb": ("[does] {it} {base}?", "[does] {it} {base} or not?", "I heard {it} {x}, is that so?"),
    "label": ("[does] {it} have {x}?", "[does] {it} support {x}?", "{x}?", "{x}, yes or no?"),
}
_YES = {
    "adj": ("{It} [is] {x}.",),
    "noun": ("{It} [has] {x}.",),
    "plural": ("{It} [has] {x}.",),
    "mass": ("{It} [has] {x}.",),
    "included": ("The {x} {be} included.",),
    "verb": ("{It} {x}.",),
    "label": ("{It} [has] {x}.",),
}
_NO = {
    "adj": ("{It} [is] not {x}.",),
    "noun": ("{It} [does] not have {x}.", "{It} [has] no {bare}."),
    "plural": ("{It} [does] not have {x}.", "{It} [has] no {x}."),
    "mass": ("{It} [does] not have {x}.", "{It} [has] no {x}."),
    "included": ("The {x} {be} not included.",),
    "verb": ("{It} [does] not {base}.",),
    "label": ("{It} [does] not have {x}.",),
}
_LACKS = {
    "adj": ("whether {pro} [is] {x}",),
    "noun": ("whether {pro} [has] {x}",),
    "plural": ("whether {pro} [has] {x}",),
    "mass": ("whether {pro} [has] {x}",),
    "included": ("whether the {x} {be} included", "whether {a_x} {comes} with {them}"),
    "verb": ("whether {pro} {x}",),
    "label": ("whether {pro} [has] {x}",),
}
_PREMISES = {
    "adj": (
        "{it} [is] {x}, isn't that so?",
        "I read that {it} [is] {x}. Is that right?",
        "I want {it} because {pro} [is] {x}. Is that so?",
    ),
    "noun": (
        "Where do I find the {bare}?",
        "How good is the {bare}?",
        "Tell me more about the {bare}.",
        "I chose {it} for the {bare}. Is it any good?",
    ),
    "plural": (
        "Where do I find the {x}?",
        "How good are the {x}?",
        "Tell me more about the {x}.",
    ),
    "mass": (
        "How good is the {x}?",
        "Tell me more about the {x}.",
        "I chose {it} for the {x}. Is that right?",
    ),
    "included": (
        "Which brand is the included {x}?",
        "Since the {x} {be} included, what size {be} {x_pro}?",
        "Where in the box is the {x}?",
        "What colour is the {x} that comes with {it}?",
    ),
    "verb": (
        "{it} {x}, correct?",
        "I read that {it} {x}. Is that right?",
    ),
    "label": ("How good is the {x}?", "Tell me more about {x}."),
}


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes-or-no attribute. `form` is one of the forms of `flags.toml`, or "label".

    `inverse` are questions to which the attribute's yes is a no: "Does it leak?" of "leakproof".
    """

    name: str
    form: str
    word: str
    questions: tuple[str, ...] = ()
    inverse: tuple[str, ...] = ()

    @property
    def is_askable(self) -> bool:
        """Whether its name is known to stand in a sentence; "retail only" does not."""
        return self.form != "label" or bool(_NOUN.search(self.name))

    @property
    def is_adjective(self) -> bool:
        """Whether it stands before a noun: a "waterproof" speaker."""
        return self.form == "adj" and len(self.word.split()) < 3

    def ask(self, subject: Subject, rng: random.Random) -> tuple[str, bool]:
        """Return a question, and whether a yes to it means the attribute's no."""
        if self.questions and rng.random() < 0.55:
            return self._fill(rng.choice(self.questions), subject), False
        if self.inverse and rng.random() < 0.25:
            return self._fill(rng.choice(self.inverse), subject), True
        return self._fill(rng.choice(_ASKS[self.form]), subject), False

    def premise(self, subject: Subject, rng: random.Random) -> str:
        """Return a question that takes the attribute for granted."""
        return self._fill(rng.choice(_PREMISES[self.form]), subject)

    def says(self, holds: bool, subject: Subject, rng: random.Random) -> str:
        """Return the sentence that states it."""
        return self._fill(rng.choice((_YES if holds else _NO)[self.form]), subject)

    def lacks(self, subject: Subject, rng: random.Random) -> str:
        """Return what the catalog does not say where the attribute is absent."""
        return self._fill(rng.choice(_LACKS[self.form]), subject)

    def _fill(self, template: str, subject: Subject) -> str:
        plural = is_plural(self.word)
        word = self.word.replace("{its}", "their" if subject.plural else "its")
        word = word.replace("{name}", spoken(self.name))
        article = "" if plural or self.form == "mass" else "a "
        return subject.fill(
            template.replace("{x}", f"{article if self.form == 'noun' else ''}{word}"),
            bare=word,
            base=_BRACKETS.sub(r"\1", word),
            a_x=f"{article}{word}",
            be="are" if plural else "is",
            Be="Are" if plural else "Is",
            comes="come" if plural else "comes",
            x_pro="they" if plural else "it",
            name=spoken(self.name),
        )


@lru_cache(maxsize=4096)
def flag_of(name: str) -> Flag:
    """Return how a yes-or-no attribute is spoken of."""
    if known := _lexicon().get(name):
        return known
    word = spoken(name)
    if found := _INCLUDED.match(word):
        return Flag(name, "included", found["what"])
    if _ADJECTIVE.search(word) and len(word.split()) < 4:
        return Flag(name, "adj", word)
    return Flag(name, "noun" if _COUNTABLE.search(word) else "label", word)


def known_flags() -> tuple[Flag, ...]:
    """Return the lexicon's flags."""
    return tuple(_lexicon().values())


@cache
def _lexicon() -> dict[str, Flag]:
    with _LEXICON.open("rb") as file:
        tables = tomllib.load(file)
    flags = {}
    for names, table in tables.items():
        asks = table.get("ask", ())
        for name in names.split("|"):
            flags[name] = Flag(
                name,
                table["form"],
                table.get("word", name),
                tuple(ask for ask in asks if not ask.endswith("|no")),
                tuple(ask.removesuffix("|no") for ask in asks if ask.endswith("|no")),
            )
    return flags
