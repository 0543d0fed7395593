"""Two hundred random mixtures of the attacks: nothing crashes, obeys, or comes to life."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest

from assistant.turn import MAX_MESSAGE_CHARACTERS
from assistant.ui import cards
from assistant.values import Turn
from catalog_index.parsing import clean_text, parse_product
from catalog_index.product import Product
from catalog_index.records import dump, load
from retrieval.hybrid import HybridRetriever
from retrieval.values import Hit
from tests.attacks.conftest import Ask
from tests.attacks.records import (
    CAPACITY,
    OBEYED,
    PLACES,
    PRICE,
    HostileRecord,
    hostile_records,
    placed,
)
from tests.attacks.shop import GullibleEngine, system_texts
from tests.attacks.test_page import answer_on, check_html, check_markdown
from tests.attacks.turns import HostileTurn, hostile_turns

ROUNDS = 200
RECORDS = [one for one in hostile_records() if not one.is_bulky]
TURNS = [one for one in hostile_turns() if len(one.message) < 2_000]
_GLUE = [
    "",
    " ",
    "\n",
    "\x00",
    "\u202e",
    "'",
    '"',
    "<",
    ">",
    "]]>",
    "-->",
    "</div>",
    "`",
    "|",
    "&#",
]


def _cut(dice: random.Random, text: str) -> str:
    start = dice.randrange(len(text) + 1)
    return text[start : start + dice.randrange(200)]


def _doubled(dice: random.Random, text: str) -> str:
    return dice.choice(_GLUE).join([text] * dice.randrange(1, 8))[:4_000]


def _reversed(_: random.Random, text: str) -> str:
    return text[::-1]


def _sprinkled(dice: random.Random, text: str) -> str:
    for _ in range(dice.randrange(1, 10)):
        at = dice.randrange(len(text) + 1)
        text = f"{text[:at]}{dice.choice(_GLUE)}{text[at:]}"
    return text


def _upper(_: random.Random, text: str) -> str:
    return text.upper()


def _foreign(dice: random.Random, text: str) -> str:
    return "".join(chr(dice.randrange(1, 0x110000)) if dice.random() < 0.1 else c for c in text)


_CHANGES: list[Callable[[random.Random, str], str]] = [
    _cut,
    _doubled,
    _reversed,
    _sprinkled,
    _upper,
    _foreign,
]


def mutated(dice: random.Random, texts: list[str]) -> str:
    """Join some of the texts and change the result a few times."""
    text = dice.choice(_GLUE).join(dice.sample(texts, dice.randrange(1, 4)))
    for change in dice.choices(_CHANGES, k=dice.randrange(1, 4)):
        text = change(dice, text)
    return text


def _texts(records: list[HostileRecord]) -> list[str]:
    values = [value for one in records for value in one.row.values() if isinstance(value, str)]
    return sorted({value for value in values if len(value) < 2_000})


def _wild(dice: random.Random, number: int, texts: list[str]) -> Product:
    row = {"id": f"M-{number}", "title": "Vessel", "price": PRICE, "capacity": CAPACITY}
    for place in dice.sample(PLACES, 3):
        if place not in ("id", "gtin"):
            row = placed(place, mutated(dice, texts), row)
    return parse_product(row)


@pytest.mark.parametrize("seed", range(4))
def test_a_mixture_of_records_is_read_kept_and_shown_dead(seed: int) -> None:
    dice, texts = random.Random(seed), _texts(RECORDS)
    for number in range(ROUNDS // 4):
        product = _wild(dice, number, texts)
        assert load("product", dump(product)) == product
        fields = dict(product.fields())
        assert fields["price"] == PRICE
        assert fields["capacity"] == CAPACITY
        hit = Hit(product, 1.0)
        told = " ".join(text for _, text in product.fields())
        check_html(cards.panel(answer_on(hit, told), 1, None))
        check_markdown(cards.answer_markdown(answer_on(hit, told), 1))


@pytest.mark.parametrize("seed", range(4))
def test_a_mixture_of_turns_is_answered_or_refused(
    make: Ask, honest: HybridRetriever, engine: GullibleEngine, seed: int
) -> None:
    dice, secrets = random.Random(100 + seed), system_texts()
    texts = [turn.message for turn in TURNS if turn.message]
    for number in range(ROUNDS // 4):
        engine.mood = "obey" if number % 2 else "repeat the prompt"
        engine.wish = OBEYED
        intent = dice.choice(["answer", "answer", "search", "title", "classify", "chitchat"])
        message = f"KE-1001 {mutated(dice, texts)}"[: MAX_MESSAGE_CHARACTERS - 10]
        started = time.perf_counter()
        answer = make(honest, intent).ask(Turn(message))
        assert time.perf_counter() - started < 3.0, repr(message)
        if clean_text(OBEYED) not in message:
            assert OBEYED not in answer.text, repr(message)
        assert not [text for text in secrets if text in answer.text], repr(message)
        check_markdown(cards.answer_markdown(answer, 1))


def test_the_mixtures_differ() -> None:
    dice, texts = random.Random(1), _texts(RECORDS)
    assert len({mutated(dice, texts) for _ in range(ROUNDS)}) > ROUNDS // 2
    assert all(isinstance(turn, HostileTurn) for turn in TURNS)
