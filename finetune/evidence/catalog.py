"""Questions on catalog records, made by rule: which field answers, and that none does.

The questions come from the topics and flags of `finetune.situations`, from the concepts of
`retrieval.lexicon`, and from a field's own name. The pieces beside the right one are those most
like it: fields that share a word. In a part of the examples the right field is left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from catalog_index.product import Product
from finetune.evidence.examples import Example, Labelled, is_held_out
from finetune.evidence.policies import rules
from finetune.evidence.wording import frame, garbled, named_in, premise
from finetune.shop import Shop, product_kind
from finetune.situations.evidence import Field
from finetune.situations.flags import flag_of
from finetune.situations.names import spoken
from finetune.situations.speech import subject_of, typed
from finetune.situations.topics import Asked, topic_of
from retrieval.evidence_pieces import Piece
from retrieval.evidence_question import bare_question
from retrieval.lexicon import Concept, concepts, plain_name

ABSENT = 0.4
"""Share of questions whose field is left out of the record."""

_SURE_NAMES = 2
"""How many of a concept's names its questions ask for beyond doubt; the rest may answer."""

_OTHER_RULES = 0.25
"""How often a sentence of a policy page stands among a record's fields."""

_SHOP = re.compile(r"warrant|guarantee|return|dispatch|ship|deliver|price|stock|availab|size|care")
_SKIPPED = re.compile(r"^(?:title|description|gtin|model number)$|^variant |url|icecat|bullet")


class Questioner:
    """Makes examples from the records of a shop.

    Args:
        shop: the records.
        rng: chooses.
        near: how many fields that share a word with the question are among the pieces.
        far: how many others.
    """

    def __init__(self, shop: Shop, rng: random.Random, *, near: int = 3, far: int = 1) -> None:
        self._near, self._far = near, far
        self._shop = shop
        self._rng = rng
        self._by_name: dict[str, list[Concept]] = {}
        self._skipped: dict[str, list[Concept]] = {}
        for concept in concepts():
            for name in concept.names:
                self._skipped.setdefault(name, []).append(concept)
            for name in concept.names[:_SURE_NAMES]:
                self._by_name.setdefault(name, []).append(concept)

    def examples(self, products: Sequence[Product], each: int) -> Iterator[Example]:
        """Yield up to `each` questions for each product."""
        for product in products:
            for _ in range(each):
                if (example := self._example(product)) is not None:
                    yield example

    def _example(self, product: Product) -> Example | None:
        fields = askable_fields(product)
        if len(fields) < 2:
            return None
        absent = self._rng.random() < ABSENT
        if absent and self._rng.random() < 0.65:
            peers = self._shop.by_kind.get(product_kind(product)) or self._shop.products
            peer = self._rng.choice(peers if self._rng.random() < 0.6 else self._shop.products)
            held = {plain_name(field.name) for field in fields}
            others = [one for one in askable_fields(peer) if plain_name(one.name) not in held]
            if not others:
                return None
            wanted = self._rng.choice(others)
        else:
            wanted = self._rng.choice(fields)
        question, kind, own = self._question(wanted, product)
        pieces = self._pieces(question, kind, wanted, product, absent)
        if not pieces:
            return None
        if self._rng.random() < _OTHER_RULES and not _SHOP.search(wanted.name):
            pieces.append(self._rng.choice(rules()).labelled(0.0))
        asked = bare_question(question, [product])
        group = f"catalog {plain_name(wanted.name)}"
        return Example(asked, tuple(pieces), "catalog", own if is_held_out(own) else group)

    def _question(self, field: Field, product: Product) -> tuple[str, str, str]:
        """Return a question, whether it names the field ("name") or not, and the form's key."""
        rng = self._rng
        subject = subject_of(product, rng)
        known = self._by_name.get(plain_name(field.name), ())
        draw = rng.random()
        kind, own = "name", ""
        if known and draw < 0.4:
            question, kind = rng.choice(rng.choice(known).questions), "other"
            own = f"form {question}"
            if rng.random() < 0.5:
                question = re.sub(r"\bit\b", lambda _: subject.asked, question, count=1)
        elif draw < 0.7 and field.flag is not None and flag_of(field.name).is_askable:
            flag = flag_of(field.name)
            assumed = rng.random() < 0.25
            question = flag.premise(subject, rng) if assumed else flag.ask(subject, rng)[0]
            kind = "other"
        elif draw < 0.7 and field.flag is None:
            asked = Asked(topic_of(field.name, field.text), field.name, field.text)
            question = asked.question(subject, rng)
            variant = rng.random()
            if variant < 0.12 and field.text and len(field.text) < 30:
                question = asked.checked(field.text, True, subject, rng)[0]
            elif variant < 0.22 and (compared := asked.compared(subject, rng)):
                question = compared[0]
            kind = "name" if asked.topic.key.startswith("own:") else "other"
        elif draw < 0.76 and field.flag is None and field.text and len(field.text) < 30:
            question = premise(spoken(field.name), field.text, subject.asked, rng)
        else:
            question = frame(spoken(field.name), field.flag is not None, subject.asked, rng)
        if rng.random() < 0.3:
            question = named_in(question, product, rng)
        question = typed(question, rng)
        return (garbled(question, rng) if rng.random() < 0.12 else question), kind, own

    def _pieces(
        self, question: str, kind: str, wanted: Field, product: Product, absent: bool
    ) -> list[Labelled]:
        rng = self._rng
        fields = askable_fields(product)
        holds = any(field.name == wanted.name for field in fields)
        labels = [
            (field, self._label(field, wanted, kind, question, holds and not absent))
            for field in fields
        ]
        right = [(field, 1.0) for field, label in labels if label == 1.0 and not absent]
        if absent and kind == "other" and any(label == 1.0 for _, label in labels if _ != wanted):
            return []
        wrong = [field for field, label in labels if label == 0.0]
        if not right and not absent:
            return []
        words = _words(question) | _words(wanted.name)
        wrong.sort(key=lambda field: -_likeness(words, field) - 0.3 * rng.random())
        near, rest = wrong[: self._near], wrong[self._near :]
        chosen = [*near, *rng.sample(rest, min(self._far, len(rest)))]
        pieces = [
            Labelled(Piece(field.name, field.text), label)
            for field, label in [*right, *((field, 0.0) for field in chosen)]
        ]
        return [*pieces, *self._sentences(wanted, product, question)]

    def _sentences(self, wanted: Field, product: Product, question: str) -> list[Labelled]:
        """Add a sentence of the description that says nothing of what is asked."""
        parts = [part for part in re.split(r"(?<=[.!?])\s+", product.description[:2000]) if part]
        words = _words(wanted.name)
        silent = [
            part
            for part in parts
            if not words & _words(part)
            and wanted.text.lower() not in part.lower()
            and not any(
                one.words.search(part) for one in self._by_name.get(plain_name(wanted.name), ())
            )
        ]
        if wanted.flag is not None or not silent or self._rng.random() < 0.6:
            return []
        part = self._rng.choice(silent)
        return [Labelled(Piece("description", part), 0.0)]

    def _label(
        self, field: Field, wanted: Field, kind: str, question: str, holds: bool
    ) -> float | None:
        """Return whether a field answers a question for another; None where it may."""
        if field.name == wanted.name:
            return 1.0
        name, asked = _words(field.name), _words(wanted.name)
        more, less = name - asked - _GENERIC, asked - name - _GENERIC
        if not more and not less:
            return None
        if kind == "other":
            known = self._skipped.get(plain_name(wanted.name), ())
            if any(plain_name(field.name) in one.names for one in known):
                return None
            rival = topic_of(wanted.name, wanted.text).rival
            hard = more & _STRONG and not (_words(question) & more)
            if rival and re.search(rival, field.name.lower()) and not (hard and holds):
                return None
            return 0.0
        if not less:
            return 0.0 if holds or more & _STRONG else None
        return 0.0


def askable_fields(product: Product) -> list[Field]:
    """Return the fields of a record that can be asked for."""
    found = []
    for name, text in product.fields():
        if not _SKIPPED.search(name):
            raw = product.attributes.get(name, "")
            found.append(Field(name, text, raw))
    return found


def _words(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z0-9]+", text.lower())}


def _likeness(words: set[str], field: Field) -> float:
    name = _words(field.name)
    shared = len(words & name) / max(1, len(name))
    return shared + 0.5 * (len(words & _words(field.text[:80])) > 0)


_STRONG = _words(
    "package pallet master case outer inner shipping box carton gross net imperial maximum minimum"
    " max min standby off sleep boost compatible compatibility wireless front rear input output"
    " included battery cable memory processor display print colour black type version technology"
    " model series family manufacturer standard port ports quantity number time material weight"
    " width height length voltage frequency capacity speed resolution"
)
"""Words that make another thing of a field: "package weight" is no weight."""

_GENERIC = _words("product item built in integrated number of quantity total s the a typical")
