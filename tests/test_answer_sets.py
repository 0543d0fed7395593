"""The question sets of `benchmarks.answers`: the same for a seed, and judged as a person would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from benchmarks.answers.absent import tells_of
from benchmarks.answers.desk import Desk
from benchmarks.answers.items import KINDS, Fact, Item, Reply
from benchmarks.answers.judging import judge
from benchmarks.answers.naming import word_names
from benchmarks.answers.reading import declines, polarity, states, stock_told
from benchmarks.answers.sets import make_set
from benchmarks.answers.shelf import Shelf, tokens
from benchmarks.answers.yes_or_no import BOOLEANS, asked_of, denied
from catalog_index.demo.generator import generate_products
from catalog_index.product import Money, Passage, Product, Quantity, render_value
from catalog_index.units import parse_unit

PER_KIND = 25


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """The demo shop, with one page and vectors that say nothing."""
    products = list(generate_products())
    vectors = np.eye(len(products), 8, dtype=np.float32)
    page = "returns.md#refunds", "Returns", "Refunds", "We refund within 5 working days."
    return Shelf(products, vectors, [Passage(*page)])


@pytest.fixture(scope="module")
def items(shelf: Shelf) -> list[Item]:
    return make_set(shelf, PER_KIND, seed=3)


def test_one_seed_makes_one_set_and_another_seed_another(shelf: Shelf, items: list[Item]) -> None:
    assert make_set(shelf, PER_KIND, seed=3) == items
    assert make_set(shelf, PER_KIND, seed=4) != items


def test_more_of_a_kind_begins_with_the_same_items(shelf: Shelf, items: list[Item]) -> None:
    more = make_set(shelf, PER_KIND + 5, seed=3, kinds=["number"])
    fewer = [item for item in items if item.kind == "number"]
    assert [item.message for item in more][:PER_KIND] == [item.message for item in fewer]


def test_every_kind_is_made_of_different_questions(items: list[Item]) -> None:
    by_kind = {kind: [item for item in items if item.kind == kind] for kind in KINDS}
    for kind, made in by_kind.items():
        assert len(made) == (PER_KIND if kind != "policy" else len(made)) > 1
        assert len({(i.history, i.message, i.product_id) for i in made}) == len(made), kind
    assert not any("{" in f"{item.message}{item.history}" for item in items)


def test_both_answers_of_a_yes_or_no_question_occur(items: list[Item]) -> None:
    for kind in ("boolean", "confirmation"):
        assert {item.gold.holds for item in items if item.kind == kind} == {True, False}


def test_a_name_in_words_means_one_product_of_the_catalog(shelf: Shelf) -> None:
    named = {
        product.id: f"{product.title} {product.brand}".casefold() for product in shelf.products
    }
    for product in shelf.products[::7]:
        for _, name in word_names(shelf, product):
            words = [word for word in tokens(name) if word not in tokens(product.mpn)]
            bearing = [one for one, text in named.items() if set(words) <= set(tokens(text))]
            assert bearing == [product.id] or product.mpn in name, name


def test_what_is_called_absent_is_in_no_field_of_the_record(items: list[Item]) -> None:
    for item in items:
        if item.kind == "unanswerable":
            [product] = item.gold.products
            assert item.gold.field not in product.attributes
            assert item.gold.field not in product.description.casefold()


def test_a_measure_in_the_description_tells_of_a_missing_field(shelf: Shelf) -> None:
    desk = Desk(shelf, None)  # type: ignore[arg-type]
    bag = Product("1", "Rucksack", description="It brings 1.2 kilos along.")
    assert tells_of(desk, bag, "weight")
    assert not tells_of(desk, replace(bag, description="It sits well."), "weight")


def test_true_answers_are_right(items: list[Item]) -> None:
    for item in items:
        reply = true_reply(item)
        verdict = judge(item, reply)
        assert verdict.right, (item.to_json(), reply.answer, verdict)
        assert not verdict.contradicts, (item.to_json(), reply.answer, verdict)


def test_declining_is_right_only_where_the_record_does_not_tell(items: list[Item]) -> None:
    for item in items:
        cited = tuple(product.id for product in item.gold.products) or item.gold.passages
        verdict = judge(item, Reply("The catalog does not say.", cited, abstained=True))
        assert verdict.right == (item.gold.expected in ("refuse", "correct")), item.to_json()


def test_an_answer_beside_the_point_is_not_right(items: list[Item]) -> None:
    for item in items:
        cited = tuple(product.id for product in item.gold.products) or item.gold.passages
        verdict = judge(item, Reply("Many people like them.", cited))
        assert not verdict.right and not verdict.contradicts, (item.to_json(), verdict)


def test_answers_on_another_record_are_not_right(shelf: Shelf, items: list[Item]) -> None:
    for item in items:
        if item.gold.expected in ("refuse", "correct"):
            continue
        reply = replace(true_reply(item), citations=("another",), focus="another")
        assert not judge(item, reply).right, item.to_json()


def test_false_answers_are_wrong_and_contradict(items: list[Item]) -> None:
    judged = 0
    for item in items:
        reply = false_reply(item)
        if reply is not None:
            judged += 1
            verdict = judge(item, reply)
            assert not verdict.right, (item.to_json(), reply.answer, verdict)
            if item.gold.expected not in ("table", "passage", "refuse"):
                assert verdict.contradicts or not _is_strict(item), (item.to_json(), reply.answer)
    assert judged > 0.7 * len(items)


def test_asking_back_claims_nothing_and_is_not_right(items: list[Item]) -> None:
    for item in items:
        verdict = judge(item, Reply("Which product do you mean? Not sure which.", ()))
        assert not verdict.right and not verdict.contradicts and verdict.asked_back


@pytest.mark.parametrize(
    ("answer", "fact", "stated"),
    [
        ("It weighs 5.5 lb.", Quantity(2.5, "kg"), True),
        ("It weighs 5.5 kg.", Quantity(2.5, "kg"), False),
        ("The drive holds 0.5 TB.", Quantity(500, "GB"), True),
        ("It has four pockets.", Quantity(4), True),
        ("It has 14 pockets.", Quantity(4), False),
        ("It costs EUR 1,299.00.", Money(Decimal("1299.00"), "EUR"), True),
        ("It costs 129.00 EUR.", Money(Decimal("1299.00"), "EUR"), False),
        ("It is made of cotton and linen.", ("cotton", "linen"), True),
        ("It is made of cotton.", ("cotton", "linen", "wool"), False),
        ("The range is 0 to 35 degrees.", "0 - 35", True),
        ("It has no armrests.", "none", True),
        ("It comes in gray.", "Slate Grey", False),
        ("It comes in slate gray.", "Slate Grey", True),
    ],
)
def test_a_fact_is_stated_in_any_unit_and_wording(answer: str, fact: Fact, stated: bool) -> None:
    assert states(answer, fact) is stated


@pytest.mark.parametrize(
    ("sentence", "topic", "says"),
    [
        ("Yes, it is waterproof.", "waterproof", True),
        ("It isn't waterproof.", "waterproof", False),
        ("It is waterproof.", "waterproof", True),
        ("It does without a lid.", "lid included", False),
        ("It is silicone-free.", "silicone-free", True),
        ("It contains no silicone.", "silicone-free", True),
        ("It is not fragrance-free.", "fragrance-free", False),
        ("The mat is non-slip.", "non-slip", True),
        ("The mug is blue.", "microwave safe", None),
    ],
)
def test_yes_and_no_are_read_in_words(sentence: str, topic: str, says: bool | None) -> None:
    assert polarity(sentence, topic) is says


def test_a_statement_about_something_near_is_no_yes() -> None:
    assert polarity("Wool needs air more often than water.", "mulesing-free wool", 0.6) is None
    assert polarity("The wool is mulesing-free.", "mulesing-free wool", 0.6) is True


def test_stock_is_read_with_its_negation() -> None:
    assert stock_told("Yes, it is in stock.") == "in stock"
    assert stock_told("It is not in stock.") == "out of stock"
    assert stock_told("It is on pre-order.") == "preorder"
    assert stock_told("Stock: 0.") == "out of stock"
    assert stock_told("It is blue.") == ""


def test_declining_is_told_from_denying() -> None:
    for text in (
        "The catalog does not say.",
        "I don't know.",
        "The record doesn't mention it.",
        "That is not stated.",
    ):
        assert declines(text), text
    for text in ("It is not waterproof.", "No, it does not have a lid.", "It weighs 5 kg."):
        assert not declines(text), text


def test_every_yes_or_no_phrase_makes_a_question_and_a_denial() -> None:
    assert asked_of("has a lid") == "Does {p} have a lid?"
    assert asked_of("floats") == "Does {p} float?"
    assert denied("comes with a lid") == "does not come with a lid"
    for phrase in BOOLEANS.values():
        assert asked_of(phrase).startswith(("Is ", "Does ", "Can ")), phrase
        assert " not" in denied(phrase)


def true_reply(item: Item) -> Reply:
    """Answer from the gold, as a good assistant would."""
    gold = item.gold
    cited = tuple(product.id for product in gold.products) or gold.passages
    if gold.expected == "refuse":
        return Reply("The catalog does not say.", cited, abstained=True)
    if gold.expected == "passage":
        return Reply("; ".join(group.split("|")[0] for group in gold.says), cited)
    if gold.expected == "polarity":
        return Reply(_said(item, gold.holds is True), cited)
    if gold.expected == "correct":
        if not gold.facts:
            return Reply("The record does not mention that.", cited)
        if isinstance(gold.facts[0], bool):
            return Reply(_said(item, False), cited)
        return Reply(f"No, the {gold.field} is {_text(gold.facts[0])}.", cited)
    if gold.expected == "compare":
        one, other = (
            f"{p.title}: {_text(f)}" for p, f in zip(gold.products, gold.facts, strict=True)
        )
        said = "" if gold.holds is None else "Yes. " if gold.holds else "No. "
        return Reply(f"{said}{one}; {other}.", cited)
    if gold.expected == "table":
        return Reply("\n".join(_table(product, gold.fields) for product in gold.products), cited)
    return Reply(
        f"The {gold.field} of the {gold.products[0].title} is {_text(gold.facts[0])}.", cited
    )


def false_reply(item: Item) -> Reply | None:
    """Answer with another value, the opposite, or the other product; None where there is none."""
    gold = item.gold
    cited = tuple(product.id for product in gold.products) or gold.passages
    if gold.expected == "refuse":
        return Reply("Yes, it is 12 kg.", cited)
    if gold.expected == "polarity":
        wrong = f"{_said(item, gold.holds is not True)}"
        return Reply(wrong, cited)
    if gold.expected == "correct":
        if gold.facts and not isinstance(gold.facts[0], bool) and gold.premise is not None:
            return Reply(f"The {gold.field} is {_text(gold.premise)}.", cited)
        return Reply(f"Yes, it {BOOLEANS.get(gold.field, 'does')}.", cited)
    if gold.expected == "compare":
        if gold.holds is not None:
            return Reply("No." if gold.holds else "Yes.", cited)
        return None
    if gold.expected in ("table", "passage"):
        return Reply("They are both fine.", cited)
    fact = _perturbed(gold.facts[0])
    if fact is None or any(states(_text(fact), one) for one in gold.facts):
        return None
    return Reply(f"The {gold.field} is {_text(fact)}.", cited)


def _is_strict(item: Item) -> bool:
    """Whether a wrong value of the item's field is one that can be told for sure."""
    fact = item.gold.facts[0] if item.gold.facts else None
    known = isinstance(fact, Quantity) and parse_unit(fact.unit) is not None
    return isinstance(fact, bool | Money) or (known and not _is_shy(fact))


def _is_shy(fact: Fact | None) -> bool:
    return isinstance(fact, Quantity) and fact.unit in ("%", "dB", "K")


def _said(item: Item, holds: bool) -> str:
    phrase = BOOLEANS.get(item.gold.field, "is as you say")
    if isinstance(item.gold.facts[0], bool):
        return f"Yes, it {phrase}." if holds else f"No, it {denied(phrase)}."
    return "Yes, that is right." if holds else "No, that is wrong."


def _perturbed(fact: Fact) -> Fact | None:
    if isinstance(fact, Money):
        return replace(fact, amount=fact.amount + 7)
    if isinstance(fact, Quantity):
        return Quantity(fact.value * 7 + 3, fact.unit)
    if isinstance(fact, str):
        return "out of stock" if fact == "in stock" else "in stock" if "stock" in fact else "zinc"
    return None


def _table(product: Product, fields: tuple[str, ...]) -> str:
    told: dict[str, Callable[[], str]] = {
        "price": lambda: str(product.sale_price or product.price),
        "brand": lambda: product.brand,
    }
    cells = [
        f"{name}: {told[name]() if name in told else render_value(product.attributes[name])}"
        for name in fields
    ]
    return f"{product.title} | {' | '.join(cells)}"


def _text(fact: Fact) -> str:
    return str(fact) if isinstance(fact, Money) else render_value(fact)
