"""Questions and answers on catalog records: the evidence decides, or it does not.

Two thirds of the questions are answered by a line of the evidence; `unanswered` makes the rest,
of the same questions. Every answer is one or two sentences with the value as the record has it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping

from catalog_index.product import Product
from finetune.pair import Pair
from finetune.shop import Shop, product_kind
from finetune.situations.base import Situation
from finetune.situations.evidence import Field, fields_of, lines_with, sentences_of, with_title
from finetune.situations.flags import flag_of
from finetune.situations.speech import Subject, called, lower_first, subject_of, typed, upper_first
from finetune.situations.surroundings import surroundings
from finetune.situations.topics import Asked, Topic, topic_of
from finetune.situations.unanswered import Exchange, askable, asks_flag, flag_rival, unanswered

UNANSWERABLE = 0.35
"""Share of questions whose evidence does not answer them, or corrects what they assume."""
_FEWEST_FIELDS = 3
_TRIES = 6
_PERCENT = re.compile(r"^\d+ ?% ")
_NUMBERED = re.compile(r"\d")
_LISTS = re.compile(r"[,;(/]| and ")
_COLOUR = re.compile(r"colou?r")

_Maker = Callable[[Product, Shop, Subject, random.Random], Exchange | None]


def situate(seed: Pair, product: Product, shop: Shop, rng: random.Random) -> Situation | None:
    """Return a question about the product with evidence, and the right answer.

    None where the record has too few fields to ask for.
    """
    if len(askable(product)) < _FEWEST_FIELDS:
        return None
    for _ in range(_TRIES):
        subject = subject_of(product, rng)
        if rng.random() < UNANSWERABLE:
            exchange = unanswered(product, shop, subject, rng)
        else:
            exchange = _draw(rng)(product, shop, subject, rng)
        if exchange and exchange.lines and len(exchange.answer.split()) <= 45:
            inputs: dict[str, object] = {
                "question": typed(exchange.question, rng),
                "evidence": exchange.lines,
            }
            kind = product_kind(product).lower()
            if context := surroundings(seed, product, rng, [kind] if kind else ()):
                inputs["context"] = context
            return Situation(inputs, upper_first(exchange.answer))
    return None


def _by_flag(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask a yes-or-no attribute; yes and no alike often where the record has both."""
    flags = [field for field in fields_of(product) if asks_flag(field)]
    if not flags:
        return None
    holds = rng.random() < 0.5
    field = rng.choice([field for field in flags if field.flag is holds] or flags)
    flag, yes = flag_of(field.name), field.flag is True
    question, inverse = flag.ask(subject, rng)
    said = flag.says(yes, subject, rng)
    if not inverse:
        answer = f"{'Yes' if yes else 'No'}, {lower_first(said)}"
    else:
        answer = f"No, {lower_first(said)}" if yes else said
    lines = lines_with(product, [field], flag_rival(field.name), rng)
    return Exchange(question, _as_named(product, subject, lines, rng), answer)


def _by_value(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask for the value of a field."""
    if (field := _valued(product, rng)) is None:
        return None
    asked = _asked(field, rng)
    lines = lines_with(product, [field], asked.topic.rival, rng)
    lines = _as_named(product, subject, lines, rng)
    return Exchange(asked.question(subject, rng), lines, asked.answer(subject, rng))


def _by_number(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask whether a number is enough, or little enough."""
    fields = [
        field
        for field in fields_of(product)
        if field.flag is None and _measured(topic_of(field.name, field.text))
    ]
    if not fields:
        return None
    field = rng.choice(fields)
    asked = Asked(topic_of(field.name, field.text), field.name, field.text)
    if (pair := asked.compared(subject, rng)) is None:
        return None
    return Exchange(pair[0], lines_with(product, [field], asked.topic.rival, rng), pair[1])


def _by_guess(
    product: Product, shop: Shop, subject: Subject, rng: random.Random
) -> Exchange | None:
    """Ask whether a field has a certain value, its own or another product's."""
    fields = [
        field
        for field in fields_of(product)
        if field.flag is None and _guessable(field, topic_of(field.name, field.text))
    ]
    if not fields:
        return None
    field = rng.choice(fields)
    asked = Asked(topic_of(field.name, field.text), field.name, field.text)
    holds = rng.random() < 0.5
    guess = _PERCENT.sub("", field.text)
    if not holds:
        others = _other_values(field, product, shop, rng)
        if not others:
            return None
        guess = rng.choice(others)
    question, answer = asked.checked(guess, holds, subject, rng)
    return Exchange(question, lines_with(product, [field], asked.topic.rival, rng), answer)


def _by_two(product: Product, _: Shop, subject: Subject, rng: random.Random) -> Exchange | None:
    """Ask for two values at once."""
    first, second = _valued(product, rng), _valued(product, rng)
    if first is None or second is None:
        return None
    one, two = _asked(first, rng), _asked(second, rng)
    asks, others = one.short_questions(), two.short_questions()
    if one.topic.key == two.topic.key or not asks or not others:
        return None
    start = one.ask_with(rng.choice(asks), subject).rstrip("?")
    again = Subject("they" if subject.plural else "it", subject.said, subject.noun, subject.plural)
    end = two.ask_with(rng.choice(others), again)
    rival = "|".join(filter(None, (one.topic.rival, two.topic.rival)))
    lines = lines_with(product, [first, second], rival, rng)
    if rng.random() < 0.3:
        lines.reverse()
    pronoun = Subject(again.asked, again.asked, subject.noun, subject.plural)
    said, also = one.answer(subject, rng), two.answer(pronoun, rng)
    if ":" in f"{said}{also}" or ". " in f"{said}{also}":
        return None
    answer = f"{said[:-1]}, and {lower_first(also)}"
    return Exchange(f"{start}{rng.choice((' and', ', and'))} {lower_first(end)}", lines, answer)


def _by_sentence(
    product: Product, _: Shop, subject: Subject, rng: random.Random
) -> Exchange | None:
    """Ask for a value that only a sentence of the description gives."""
    told = [
        (field, sentence)
        for field in fields_of(product)
        if field.flag is None and _NUMBERED.search(field.text) and " " in field.text
        for sentence in sentences_of(product.description)
        if field.text in sentence
    ]
    if not told:
        return None
    field, sentence = rng.choice(told)
    asked = _asked(field, rng)
    said = Field(field.name, field.text)
    lines = lines_with(product, [said], asked.topic.rival, rng)
    lines = [sentence if line == said.line else line for line in lines]
    lines = list(dict.fromkeys(lines))
    return Exchange(asked.question(subject, rng), lines, asked.answer(subject, rng))


_MAKERS: tuple[tuple[_Maker, float], ...] = (
    (_by_value, 0.42),
    (_by_flag, 0.27),
    (_by_number, 0.09),
    (_by_guess, 0.1),
    (_by_two, 0.08),
    (_by_sentence, 0.04),
)


def _draw(rng: random.Random) -> _Maker:
    makers = [maker for maker, _ in _MAKERS]
    return rng.choices(makers, [weight for _, weight in _MAKERS])[0]


def _valued(product: Product, rng: random.Random) -> Field | None:
    """Choose a field with a value; one with a topic of its own rather than by its name alone."""
    fields = [field for field in fields_of(product) if field.flag is None]
    if not fields:
        return None
    known = [field for field in fields if not _own(topic_of(field.name, field.text))]
    return rng.choice(known if known and rng.random() < 0.6 else fields)


def _asked(field: Field, rng: random.Random) -> Asked:
    """Return the field's question; a list of values may end in "and"."""
    topic = topic_of(field.name, field.text)
    value = field.text
    if isinstance(field.raw, tuple) and len(field.raw) > 1 and rng.random() < 0.6:
        value = f"{', '.join(field.raw[:-1])} and {field.raw[-1]}"
    return Asked(topic, field.name, value)


def _as_named(
    product: Product, subject: Subject, lines: list[str], rng: random.Random
) -> list[str]:
    """Let the title stand in the evidence more often where the question names the product."""
    name = called(product)
    if name and subject.asked == name.definite:
        return with_title(product, lines, rng, 0.4)
    return lines


def _measured(topic: Topic) -> bool:
    return bool(topic.more or topic.less)


def _guessable(field: Field, topic: Topic) -> bool:
    short = len(field.text.split()) <= 4 and not _LISTS.search(field.text)
    worded = not _NUMBERED.search(_PERCENT.sub("", field.text))
    return short and worded and bool(topic.check or (_own(topic) and field.text != "none"))


def _own(topic: Topic) -> bool:
    return topic.key.startswith("own:")


def _other_values(field: Field, product: Product, shop: Shop, rng: random.Random) -> list[str]:
    """Return values that others of the kind have, and that share no word with the field's."""
    peers = shop.by_kind.get(product_kind(product)) or shop.products
    words = _words(field.text)
    values: Mapping[str, None] = dict.fromkeys(
        _PERCENT.sub("", other.text)
        for peer in rng.sample(peers, min(len(peers), 12))
        for other in fields_of(peer)
        if other.name == field.name and other.flag is None
    )
    fitting = [value for value in values if not words & _words(value)]
    return [value for value in fitting if value != "none" and not _LISTS.search(value)]


def _words(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]+", text.lower())}
