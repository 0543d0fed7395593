from __future__ import annotations

import random
import re

import pytest

from assistant.tasks import TASKS
from assistant.tasks.metrics import holds, words
from assistant.tasks.title_rule import FUNCTION_WORDS, rewrite_title, true_words
from catalog_index.demo.generator import generate_products
from catalog_index.product import Product, Quantity
from finetune.pair import Pair
from finetune.seed_set import load_seeds
from finetune.shop import Shop
from finetune.situations import ads, fitting, title
from finetune.situations.english import agree, plural_of, singular_of, with_articles
from finetune.situations.naming import name_of
from finetune.situations.record import compact
from finetune.situations.wishes import STOCKS

KETTLE = Product(
    id="k1",
    title="Brantwick Steamlet Electric Kettle, 1.7 l, Cream",
    brand="Brantwick",
    product_type="Kitchen > Appliances > Electric Kettles",
    description="It is not waterproof. Boil a pot for the whole table.",
    attributes={
        "colour": "cream",
        "body material": "stainless steel",
        "capacity": Quantity(1.7, "l"),
        "cable length": Quantity(70, "cm"),
        "keep warm": True,
        "waterproof": False,
        "package weight": Quantity(1200, "g"),
    },
)


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop.of(list(generate_products())[::9])


@pytest.fixture(scope="module")
def seeds() -> dict[str, list[Pair]]:
    found: dict[str, list[Pair]] = {}
    for pair in load_seeds():
        found.setdefault(pair.task, []).append(pair)
    return found


def test_a_compact_record_keeps_what_it_must_and_drops_what_a_shopper_never_asks() -> None:
    for number in range(30):
        record = compact(KETTLE, random.Random(number), keep=("cable length",), most=2)
        assert record["attributes"]["cable length"] == "70 cm"
        assert len(record["attributes"]) <= 2
        assert "package weight" not in record["attributes"]
        TASKS["ads"].read({"product": record})


def test_a_compact_record_leaves_out_what_would_tell_the_answer() -> None:
    record = compact(KETTLE, random.Random(1), leave_out=("product_type", "colour"), most=9)
    assert "product_type" not in record
    assert "colour" not in record["attributes"]


@pytest.mark.parametrize(
    ("said", "spoken"),
    [
        ("a 8 W bulb", "an 8 W bulb"),
        ("a LED", "an LED"),
        ("a USB port", "a USB port"),
        ("a unisex cut", "a unisex cut"),
        ("a 18 V drill", "an 18 V drill"),
        ("USB A/A cable", "USB A/A cable"),
    ],
)
def test_articles_follow_the_sound(said: str, spoken: str) -> None:
    assert with_articles(said) == spoken


def test_verbs_and_nouns_agree() -> None:
    assert agree("[is] red and [carry] 2 kg", plural=False) == "is red and carries 2 kg"
    assert agree("[is] red and [carry] 2 kg", plural=True) == "are red and carry 2 kg"
    assert singular_of("toothbrushes") == "toothbrush"
    assert singular_of("batteries") == "battery"
    assert singular_of("headphones") == "headphones"
    assert plural_of("knife") == "knives"


@pytest.mark.parametrize(
    ("record", "full", "noun", "plural"),
    [
        (
            {
                "title": "Aurivane Tenora II Wireless Headphones, 45 mm Drivers, White",
                "brand": "Aurivane",
                "product_type": "Electronics > Over-Ear Headphones",
            },
            "Aurivane Tenora II Wireless Headphones",
            "headphones",
            True,
        ),
        (
            {"title": "Veltron X6800 processor 2.93 GHz Box 4 MB L2", "brand": "Veltron"},
            "Veltron X6800 processor",
            "processor",
            False,
        ),
        (
            {"title": "Cordwell 2m Cat6 Patch Cable - Blue", "brand": "Cordwell"},
            "Cordwell 2m Cat6 Patch Cable",
            "patch cable",
            False,
        ),
    ],
)
def test_long_titles_get_a_name_to_be_called_by(
    record: dict[str, str], full: str, noun: str, plural: bool
) -> None:
    name = name_of(record)
    assert name is not None
    assert (name.full, name.noun, name.plural) == (full, noun, plural)


@pytest.mark.parametrize(
    ("title", "kind", "full"),
    [
        ("King 7-piece Screwdriver", "Screwdrivers", "King 7-piece Screwdriver set"),
        ("King Screwdriver kit", "Screwdrivers", "King Screwdriver kit"),
        ("King Bicycle 35", "Bicycle carriers", "King Bicycle carrier"),
    ],
)
def test_a_name_doubles_no_word_and_calls_a_set_a_set(title: str, kind: str, full: str) -> None:
    name = name_of({"title": title, "brand": "King", "product_type": kind})
    assert name is not None
    assert not re.search(r"\b(\w+) \1\b", name.full, re.I)
    if "Bicycle" not in title:
        assert name.full == full


def test_a_title_that_is_only_a_brand_has_no_name() -> None:
    assert name_of({"title": "Brantwick, Original", "brand": "Brantwick"}) is None


def test_half_of_the_ads_have_a_product_alone(shop: Shop, seeds: dict[str, list[Pair]]) -> None:
    rng = random.Random(3)
    made = [ads.situate(rng.choice(seeds["ads"]), product, shop, rng) for product in shop.products]
    inputs = [situation.inputs for situation in made if situation is not None]
    alone = sum(set(one) == {"product"} for one in inputs)
    assert 0.4 < alone / len(inputs) < 0.6
    for one in inputs:
        TASKS["ads"].read(one)


def test_an_ad_wishes_for_what_its_seed_wishes_for(
    shop: Shop, seeds: dict[str, list[Pair]]
) -> None:
    seed = next(pair for pair in seeds["ads"] if set(pair.inputs) >= {"audience", "tone"})
    rng = random.Random(5)
    made = [ads.situate(seed, product, shop, rng) for product in shop.products]
    wished = [one.inputs for one in made if one is not None and len(one.inputs) > 1]
    assert sum("audience" in one for one in wished) > len(wished) / 2
    fitting_ones = {text for sort in (*fitting.SORTS, "") for text in fitting.audiences(sort)}
    assert {one["audience"] for one in wished if "audience" in one} <= fitting_ones


def test_parts_and_unknown_kinds_get_no_scene_of_life() -> None:
    part = Product(id="P1", title="HP C4196A printer kit Transfer kit", brand="HP")
    assert fitting.fits(part) == "" and fitting.fits(KETTLE) != ""
    assert set(fitting.audiences("")) < set(fitting.audiences("home"))


def test_an_ad_states_the_stock_that_the_record_counts() -> None:
    product = Product(**{**_plain(KETTLE), "quantity": 7, "availability": "in_stock"})
    seed = Pair("a", "ads", {"context": {"stock": "3 left"}, "product": {}}, "-")
    rng = random.Random(2)
    shop = Shop.of([product])
    told = {
        text
        for _ in range(60)
        if (one := ads.situate(seed, product, shop, rng))
        and (text := one.inputs.get("context", {}).get("stock"))
    }
    assert told
    assert all(text in {stock.format(n=7) for stock in STOCKS} for text in told)


def test_title_situations_cover_the_true_words_and_add_none(
    shop: Shop, seeds: dict[str, list[Pair]]
) -> None:
    rng = random.Random(4)
    count = 0
    for product in shop.products:
        made = title.situate(rng.choice(seeds["title"]), product, shop, rng)
        if made is None:
            continue
        count += 1
        inputs = TASKS["title"].read(made.inputs)
        record = inputs.product.record  # type: ignore[attr-defined]
        said = words(made.answer)
        assert all(holds(made.answer, word) for word in true_words(made.inputs["query"], record))
        assert len(made.answer) <= made.inputs.get("max_characters", 150)
        assert made.answer.startswith(record.brand)
        held = {word for field in record.fields() for word in words(" ".join(field))}
        assert set(said) <= held | FUNCTION_WORDS
    assert count > len(shop.products) * 0.8


def test_words_that_are_not_true_stay_out_of_the_title() -> None:
    got = rewrite_title("waterproof navy kettle stainless steel 2 l", KETTLE, 150)
    assert got == "Brantwick Steamlet Electric Kettle, Stainless Steel, 1.7 l, Cream"


def test_a_part_is_named_beside_its_value() -> None:
    got = rewrite_title("kettle 70 cm", KETTLE, 150)
    assert got == "Brantwick Steamlet Electric Kettle, 70 cm Cable, 1.7 l, Cream"


def test_a_plural_of_the_query_is_met_by_the_title_as_it_is() -> None:
    assert rewrite_title("electric kettles", KETTLE, 150) == KETTLE.title


def test_a_record_at_odds_with_its_title_makes_no_pair(
    shop: Shop, seeds: dict[str, list[Pair]]
) -> None:
    odd = Product(**{**_plain(KETTLE), "attributes": {"colour": "cyan"}})
    assert title.situate(seeds["title"][0], odd, shop, random.Random(1)) is None


def test_a_number_is_true_only_with_its_unit() -> None:
    assert true_words("kettle 70 cm", KETTLE) == ["kettle", "70", "cm"]
    assert true_words("kettle 70 l", KETTLE) == ["kettle"]


def test_a_true_attribute_lends_its_name_to_the_title() -> None:
    assert "Keep Warm" in rewrite_title("kettle keep warm", KETTLE, 150)


def test_the_brand_leads_even_where_the_title_hides_it() -> None:
    product = Product(id="c", title="Flat Cap L Heddlewick", brand="Heddlewick")
    assert rewrite_title("flat cap", product, 60) == "Heddlewick Flat Cap L"


@pytest.mark.parametrize("limit", [30, 40, 60])
def test_a_short_limit_drops_whole_words_and_keeps_the_query(limit: int) -> None:
    got = rewrite_title("cream kettle", KETTLE, limit)
    assert len(got) <= limit
    assert {"brantwick", "kettle"} <= set(words(got))
    assert set(words(got)) <= set(words(KETTLE.title))


def test_the_rule_gives_the_same_title_twice() -> None:
    assert rewrite_title("cream kettle", KETTLE, 80) == rewrite_title("cream kettle", KETTLE, 80)


def _plain(product: Product) -> dict[str, object]:
    return {name: getattr(product, name) for name in Product.__slots__}
