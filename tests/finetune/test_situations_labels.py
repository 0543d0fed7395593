"""Classification and purchase intent on catalog records: the label is right by construction."""

from __future__ import annotations

import random
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

import finetune
from assistant.tasks.intent import LABELS
from catalog_index.demo.generator import generate_products
from catalog_index.product import Money, Product, Quantity
from finetune.pair import Pair, read_pairs
from finetune.shop import Shop, product_kind
from finetune.situations import classify, intent
from finetune.situations.base import Situation
from finetune.situations.kinds import is_name_of, kind_of, known_kinds, served_kind
from finetune.situations.queries import makers_of
from retrieval.stems import stems

SEEDS = Path(finetune.__file__).parent / "seeds"
LAPTOP_BAG = Product(
    id="b1",
    title="Packwell Laptop Bag for 15 inch Laptops, Grey",
    brand="Packwell",
    price=Money(Decimal("40.00"), "EUR"),
    attributes={"colour": "grey", "capacity": Quantity(14, "l"), "waterproof": False},
)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop.of(generate_products())


def seeds(task: str) -> list[Pair]:
    return list(read_pairs(SEEDS / f"{task}.jsonl"))


def many(module: object, task: str, shop: Shop, count: int) -> list[tuple[Product, Situation]]:
    rng = random.Random(3)
    made = []
    for seed in seeds(task) * (count // 60 + 1):
        product = rng.choice(shop.products)
        if situation := module.situate(seed, product, shop, rng):  # type: ignore[attr-defined]
            made.append((product, situation))
    return made[:count]


def as_pair(task: str, situation: Situation) -> Pair:
    return Pair("x", task, situation.inputs, situation.answer)


def test_classify_offers_the_answer_among_distinct_labels_and_hides_the_type(shop: Shop) -> None:
    for product, situation in many(classify, "classify", shop, 400):
        labels = situation.inputs["labels"]
        assert situation.answer in labels
        assert 4 <= len(labels) <= 24
        assert len({label.casefold() for label in labels}) == len(labels)
        assert "product_type" not in situation.inputs["product"]
        assert "product type" not in situation.inputs["product"].get("attributes", {})
        material = as_pair("classify", situation).prompt().material
        assert product.product_type not in material.split("\n", 1)[1]


def test_classify_writes_taxonomies_in_many_styles(shop: Shop) -> None:
    answers = [situation.answer for _, situation in many(classify, "classify", shop, 400)]
    assert any(" > " in answer for answer in answers)
    assert any(answer.islower() for answer in answers)
    assert any(re.fullmatch(r"[a-z]+(-[a-z]+)+", answer) for answer in answers)
    departments = {kind.partition(" > ")[0] for kind in (p.product_type for p in shop.products)}
    assert departments & set(answers)


def test_classify_prefers_near_distractors(shop: Shop) -> None:
    near = 0
    made = many(classify, "classify", shop, 400)
    for product, situation in made:
        siblings = [stems(name) for name in shop.siblings(product_kind(product))]
        labels = [stems(label.replace("-", " ").replace("_", " "))
                  for label in situation.inputs["labels"]]  # fmt: skip
        near += any(sibling <= label for sibling in siblings for label in labels)
    with_siblings = sum(bool(shop.siblings(product_kind(product))) for product, _ in made)
    assert with_siblings > 20
    assert near > 0.55 * with_siblings


def test_classify_needs_a_type(shop: Shop) -> None:
    untyped = Product(id="u", title="Some thing", brand="Any")
    assert classify.situate(seeds("classify")[0], untyped, shop, random.Random(1)) is None


@pytest.mark.parametrize(("task", "module"), [("classify", classify), ("intent", intent)])
def test_the_same_draw_makes_the_same_situation(task: str, module: object, shop: Shop) -> None:
    first, again = many(module, task, shop, 60), many(module, task, shop, 60)
    assert [situation for _, situation in first] == [situation for _, situation in again]


@pytest.mark.parametrize(("task", "module"), [("classify", classify), ("intent", intent)])
def test_context_has_the_features_that_the_seed_names(
    task: str, module: object, shop: Shop
) -> None:
    rng = random.Random(5)
    for seed in seeds(task):
        wanted = set(seed.inputs.get("context", {}))
        situation = module.situate(seed, shop.products[0], shop, rng)  # type: ignore[attr-defined]
        assert set(situation.inputs.get("context", {})) <= wanted
        if "occasion" in wanted:
            assert situation.inputs["context"]["occasion"]


def test_intent_labels_come_in_thirds(shop: Shop) -> None:
    made = many(intent, "intent", shop, 900)
    counts = Counter(situation.answer for _, situation in made)
    assert set(counts) == set(LABELS)
    assert all(0.28 < count / len(made) < 0.39 for count in counts.values())


def test_a_query_that_is_just_the_kind_is_likely(shop: Shop) -> None:
    for product, situation in many(intent, "intent", shop, 900):
        kind = kind_of(product)
        assert kind is not None
        if situation.inputs["query"] in {name.lower() for name in kind.queries(product.title)}:
            assert situation.answer == "likely"


def test_words_of_the_title_do_not_tell_the_label(shop: Shop) -> None:
    shares: dict[str, list[bool]] = {label: [] for label in LABELS}
    for product, situation in many(intent, "intent", shop, 900):
        words = set(situation.inputs["query"].lower().split())
        shares[situation.answer].append(bool(words & set(product.title.lower().split())))
    assert sum(shares["likely"]) < 0.85 * len(shares["likely"])
    assert sum(shares["possible"]) > 0.2 * len(shares["possible"])
    assert sum(shares["unlikely"]) > 0.12 * len(shares["unlikely"])


def test_budgets_agree_with_the_price(shop: Shop) -> None:
    seen = Counter[str]()
    for _, situation in many(intent, "intent", shop, 1800):
        query, record = situation.inputs["query"].lower(), situation.inputs["product"]
        limit = re.search(r"(?:under|below|up to|max) [€$£]?(\d+)", query)
        if limit is None:
            continue
        price = float(str(record.get("sale_price", record["price"])).split()[0])
        assert (price <= float(limit[1])) is (situation.answer == "likely"), (query, record)
        seen[situation.answer] += 1
    assert set(seen) == set(LABELS)


@pytest.mark.parametrize("label", LABELS)
def test_what_decides_a_query_stands_in_the_record(label: str, shop: Shop) -> None:
    rng = random.Random(7)
    makers = [maker for maker, _ in makers_of(label)]
    held = 0
    for product in shop.products[::3]:
        kind = kind_of(product)
        assert kind is not None
        query = rng.choice(makers)(product, kind, shop, rng)
        if query is not None:
            held += bool(query.keep)
            assert all(name in product.attributes for name in query.keep)
    assert held


def test_unlikely_queries_name_another_thing_or_contradict_the_record(shop: Shop) -> None:
    rng = random.Random(11)
    for product in shop.products[::2]:
        kind = kind_of(product)
        assert kind is not None
        for maker, _ in makers_of("unlikely"):
            query = maker(product, kind, shop, rng)
            if query is not None and query.about:
                assert not is_name_of(query.about, kind), (query, product.title)
            elif query is not None:
                amount = re.search(r" \d+(?:\.\d+)?(?:GB|TB|m|ft|ml)$", query.text)
                assert query.keep or query.price or amount or query.text in shop.brands


def test_homonyms_of_the_kind_are_unlikely(shop: Shop) -> None:
    made = many(intent, "intent", shop, 1800)
    shared = Counter(
        situation.answer
        for product, situation in made
        if (kind := kind_of(product)) and situation.inputs["query"] in kind.unlike
    )
    assert set(shared) == {"unlikely"}
    assert shared["unlikely"] > 60


def test_an_accessory_is_unlikely_for_what_it_is_made_for(shop: Shop) -> None:
    bag = kind_of(LAPTOP_BAG)
    assert bag is not None and bag.key == "notebook case"
    served = served_kind(LAPTOP_BAG)
    assert served is not None and served.key == "notebook computer"
    rng = random.Random(1)
    for label in ("likely", "possible"):
        for _ in range(200):
            for maker, _weight in makers_of(label):
                query = maker(LAPTOP_BAG, bag, shop, rng)
                if query is not None:
                    assert query.text.lower() not in {"laptop", "laptops", "laptop computer"}


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Norve Wireless notebook mouse SP-10", "computer mouse"),
        ("Norve Combination Lock for laptops cable lock Black", "cable lock"),
        ("Norve 12A Original Black 2 pc(s)", None),
        ("Norve Monitor Stand", None),
        ("Norve keyboard and mouse", None),
        ("Norve 32LX LCD TV", "television"),
        ("Norve Q7 toner cartridge Original Cyan", "toner cartridge"),
    ],
)
def test_the_kind_is_the_head_of_the_title_or_left_open(title: str, key: str | None) -> None:
    kind = kind_of(Product(id="t", title=title, brand="Norve"))
    assert (kind.key if kind else None) == key


def test_intent_leaves_out_what_no_one_can_name(shop: Shop) -> None:
    unknown = Product(id="n", title="Norve AR8112 Black", brand="Norve")
    assert intent.situate(seeds("intent")[0], unknown, shop, random.Random(1)) is None


def test_the_lexicon_of_kinds_does_not_contradict_itself() -> None:
    for kind in known_kinds().values():
        assert kind.all_names() and kind.related and kind.unlike
        for query in (*kind.related, *kind.unlike):
            assert not is_name_of(query, kind), (kind.key, query)
        assert not set(kind.related) & set(kind.unlike)
