from __future__ import annotations

import ast
import inspect
import json
import re
from collections import Counter, defaultdict
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

import catalog_index.demo
from catalog_index.demo import write_demo
from catalog_index.demo.dsl import Dice, Facts, compose, sentence_groups, subjects
from catalog_index.demo.generator import (
    five_grams,
    generate_products,
    gtin_check_digit,
    overlap,
)
from catalog_index.demo.pictures import draw
from catalog_index.demo.types import PRODUCT_TYPES
from catalog_index.product import Product, Quantity, render_value

POLICIES = Path(catalog_index.demo.__file__).parent / "policies"
NUMBER = re.compile(r"\d+(?:\.\d+)?")
NEGATION = re.compile(r"\b(not|no|never|without|cannot|neither)\b|n't")

# A sentence with the word must agree with the yes/no attribute, where the record states it.
SPOKEN_BOOLEANS = {
    "noise cancelling": "noise cancelling",
    "fold flat": "foldable",
    "waterproof": "waterproof",
    "dishwasher safe": "dishwasher safe",
    "microwave safe": "microwave safe",
    "induction hobs": "induction compatible",
    "vegan": "vegan",
    "certified organic": "organic",
    "grain-free": "grain-free",
    "fragrance-free": "fragrance-free",
    "freestanding": "freestanding",
    "leakproof": "leakproof",
    "bike cages": "fits bike cages",
    "machine washable": "machine washable",
    "latex-free": "latex-free",
    "expandable": "expandable",
    "pressure sensor": "pressure sensor",
    "hammer function": "hammer function",
    "frost resistant": "frost resistant",
    "chew resistant": "chew resistant",
    "fairtrade mark": "fairtrade",
    "dimmable": "dimmable",
    "resealable": "resealable bag",
    "refillable": "refillable",
    "wireless charging": "wireless charging",
}


@pytest.fixture(scope="module")
def products() -> list[Product]:
    return list(generate_products())


@pytest.fixture(scope="module")
def by_type(products: list[Product]) -> dict[str, list[Product]]:
    grouped: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        grouped[product.product_type].append(product)
    return grouped


def test_catalog_is_wide_and_deep(
    products: list[Product], by_type: dict[str, list[Product]]
) -> None:
    assert len(products) >= 1200
    assert len(by_type) >= 24
    assert min(map(len, by_type.values())) >= 40


@pytest.mark.parametrize("name", ["id", "sku", "gtin", "mpn", "title", "image_link"])
def test_no_two_products_share(name: str, products: list[Product]) -> None:
    counted = Counter(getattr(product, name) for product in products)
    assert [value for value, count in counted.items() if count > 1 or not value] == []


def test_gtins_are_valid_and_for_internal_use(products: list[Product]) -> None:
    assert gtin_check_digit("400638133393") == "1"  # the worked example of GS1 literature
    for product in products:
        (gtin,) = product.gtin
        assert re.fullmatch(r"2\d{12}", gtin), product.id
        assert gtin_check_digit(gtin[:12]) == gtin[12], product.id


def test_brands_stay_with_few_types(products: list[Product]) -> None:
    types: dict[str, set[str]] = defaultdict(set)
    for product in products:
        types[product.brand].add(product.product_type)
    assert {brand: paths for brand, paths in types.items() if len(paths) > 3} == {}


def test_records_are_complete(products: list[Product]) -> None:
    for product in products:
        assert 40 <= len(product.description.split()) <= 120, product.id
        assert 8 <= len(product.attributes) <= 20, (product.id, len(product.attributes))
        assert all(re.fullmatch(r"[a-z0-9 /&.-]+", name) for name in product.attributes), product.id
        assert product.brand in product.title, product.id
        assert product.condition == "new"
        assert product.price is not None
        assert product.price.currency == "EUR"
        assert product.price.amount > 2, product.id
        if product.sale_price is not None:
            assert product.sale_price.amount < product.price.amount, product.id


def test_some_attributes_are_left_unsaid(by_type: dict[str, list[Product]]) -> None:
    for path, group in by_type.items():
        named = Counter(name for product in group for name in product.attributes)
        assert any(count < len(group) for count in named.values()), path


def test_every_number_in_a_description_comes_from_the_record(products: list[Product]) -> None:
    for product in products:
        values = " ".join(map(render_value, product.attributes.values()))
        known = set(NUMBER.findall(f"{product.title} {values}"))
        told = set(NUMBER.findall(product.description))
        assert told <= known, (product.id, told - known, product.description)


def test_descriptions_agree_with_yes_and_no(products: list[Product]) -> None:
    checked = Counter[tuple[str, bool]]()
    for product in products:
        for sentence in re.split(r"(?<=[.!?]) ", product.description.lower()):
            for word, name in SPOKEN_BOOLEANS.items():
                stated = product.attributes.get(name)
                clauses = [part for part in re.split(r"[,;:]", sentence) if word in part]
                if not clauses or not isinstance(stated, bool):
                    continue
                denied = NEGATION.search(clauses[0]) is not None
                assert denied is not stated, (product.id, name, stated, sentence)
                checked[name, stated] += 1
    assert len(checked) > 1.5 * len(SPOKEN_BOOLEANS)


def test_attributes_do_not_contradict_each_other(products: list[Product]) -> None:
    for product in products:
        has = product.attributes
        if has.get("connection") == "wired":
            assert has.keys().isdisjoint({"battery life", "bluetooth version"}), product.id
            assert has["noise cancelling"] is False, product.id
        if has.get("vegan") is True:
            text = render_value(has.get("material", "")) + render_value(
                has.get("upper material", "")
            )
            assert not re.search(r"wool|cashmere|leather|suede|nubuck", text), product.id
        if has.get("caffeine") == "none":
            assert has["tea type"] in {"rooibos", "herbal infusion"}, product.id
        if "coating" in has:
            assert has["metal utensils allowed"] is False, product.id


def test_stock_fits_availability(products: list[Product]) -> None:
    seen = set()
    for product in products:
        seen.add(product.availability)
        assert product.quantity is not None
        assert (product.quantity > 0) is (product.availability == "in_stock"), product.id
        waits = product.availability in {"backorder", "preorder"}
        assert ("dispatch estimate" in product.attributes) is waits, product.id
    assert seen == {"in_stock", "out_of_stock", "backorder", "preorder"}


def test_variants_of_a_group_are_one_model(products: list[Product]) -> None:
    groups: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if product.item_group_id:
            groups[product.item_group_id].append(product)
    assert len(groups) > 200
    vary = {kind.code: set(kind.vary) for kind in PRODUCT_TYPES}
    for group_id, group in groups.items():
        names = vary[group_id.partition("-")[0]]
        shown = {tuple(item.attributes.get(name) for name in sorted(names)) for item in group}
        assert len(shown) == len(group) > 1, group_id
        assert len({item.brand for item in group}) == 1, group_id


def test_generation_is_the_same_every_time(products: list[Product]) -> None:
    again = [json.dumps(product.to_json()) for product in generate_products()]
    assert again == [json.dumps(product.to_json()) for product in products]


def test_dice_do_not_depend_on_the_python_that_rolls_them() -> None:
    dice = Dice("HP", "a model")
    rolled = [dice.index(1000) for _ in range(4)]
    assert rolled == [593, 483, 237, 428]


def test_products_survive_a_round_trip(products: list[Product]) -> None:
    for product in products:
        assert Product.from_json(json.loads(json.dumps(product.to_json()))) == product


def test_descriptions_of_a_type_differ(by_type: dict[str, list[Product]]) -> None:
    for path, group in by_type.items():
        models = {item.item_group_id or item.id: item for item in reversed(group)}.values()
        grams = [(item.id, five_grams(item.description)) for item in models]
        for (left_id, left), (right_id, right) in combinations(grams, 2):
            assert overlap(left, right) < 0.33, (path, left_id, right_id)


def test_pictures_are_small_plain_svg(products: list[Product]) -> None:
    shapes = set()
    for product in products:
        svg = draw(product)
        assert len(svg.encode()) < 3000, product.id
        root = ElementTree.fromstring(svg)
        assert root.tag.endswith("svg")
        assert not re.search(r"script|href|url\(|on\w+=|nan|\{", svg), product.id
        shapes.add((product.product_type, re.sub(r"#[0-9a-f]{6}", "", svg)))
    assert len(shapes) == len({shape for _, shape in shapes}) == len(PRODUCT_TYPES)


def test_products_of_one_colour_are_drawn_in_it(products: list[Product]) -> None:
    red = next(item for item in products if item.attributes.get("colour") == "red")
    assert "#cd4c4a" in draw(red)


def test_policies_state_the_terms_that_products_carry(products: list[Product]) -> None:
    returns = (POLICIES / "returns.md").read_text(encoding="utf-8")
    warranty = (POLICIES / "warranty.md").read_text(encoding="utf-8")
    rows = [row.lower().strip("| ").split(" | ") for row in warranty.splitlines() if "|" in row]
    for product in products:
        window = render_value(product.attributes["return window"])
        assert f"| {window} |" in returns, product.id
        leaf = product.product_type.rpartition(" > ")[2].lower()
        stated = product.attributes.get("warranty")
        covered = [months for names, months in rows if leaf in names.split(", ")]
        assert covered == ([render_value(stated)] if isinstance(stated, Quantity) else []), leaf


def test_policy_pages_are_pages() -> None:
    pages = sorted(POLICIES.glob("*.md"))
    assert {"shipping.md", "returns.md", "warranty.md", "payment.md", "sizing.md", "care.md"} <= {
        page.name for page in pages
    }
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith("# ")
        assert len(re.findall(r"^## ", text, flags=re.MULTILINE)) >= 2, page.name
        words = re.findall(r"[^\W\d]\w+", text)
        assert 150 <= len(words) <= 400, (page.name, len(words))


def test_sizing_page_holds_the_sizes_that_products_state(products: list[Product]) -> None:
    sizing = (POLICIES / "sizing.md").read_text(encoding="utf-8")
    for product in products:
        has = product.attributes
        if "head circumference" in has:
            assert f"| {has['size']} | {has['head circumference']} |" in sizing, product.id
        if "suitable for dogs up to" in has:
            row = f"| {has['size']} | {has['length']} | {has['suitable for dogs up to']} |"
            assert row in sizing, product.id
        if product.product_type.startswith("Footwear"):
            assert isinstance(size := has["size"], Quantity)
            assert f"| {size.value:.0f} |" in sizing, product.id


def test_write_demo_writes_a_feed_with_its_pictures_and_pages(
    tmp_path: Path, products: list[Product]
) -> None:
    target = tmp_path / "shop" / "demo"
    files = write_demo(target)
    lines = files.feed.read_text(encoding="utf-8").splitlines()
    assert [Product.from_json(json.loads(line)) for line in lines] == products
    assert files.products == len(products)
    assert all((target / product.image_link).is_file() for product in products)
    assert len(files.policies) == len(list(POLICIES.glob("*.md")))
    assert [path.name for path in target.parent.iterdir()] == ["demo"]


def test_failed_write_keeps_the_old_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "demo"
    target.mkdir()
    (target / "products.jsonl").write_text("old\n", encoding="utf-8")

    def fail(_: Product) -> str:
        raise OSError("disk full")

    monkeypatch.setattr("catalog_index.demo.pictures.draw", fail)
    with pytest.raises(OSError, match="disk full"):
        write_demo(target)
    assert (target / "products.jsonl").read_text(encoding="utf-8") == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_every_sentence_and_condition_names_known_attributes() -> None:
    for kind in PRODUCT_TYPES:
        known = set(kind.attributes) | {"brand", "model", "first", "second", "warranty"}
        sentences = [text for group in sentence_groups(kind.copy) for text in group]
        for sentence in (*sentences, *kind.titles):
            assert subjects(sentence) <= known, (kind.code, sentence)


def test_no_type_repeats_an_attribute_or_a_sentence() -> None:
    for kind in PRODUCT_TYPES:
        sentences = [text for group in sentence_groups(kind.copy) for text in group]
        assert len(set(sentences)) == len(sentences), kind.code
    source = Path(inspect.getfile(catalog_index.demo)).parent / "types"
    for module in source.glob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
                assert len(set(keys)) == len(keys), module.name


@pytest.mark.parametrize(
    ("sentence", "written"),
    [
        ("[waterproof] It is waterproof.", "It is waterproof."),
        ("[!waterproof] It is not.", None),
        ("[weight>=2; colour=red|navy] A(n) {colour} bag.", "A navy bag."),
        ("[weight<=1] Light.", None),
        ("[absent] Never.", None),
        ("[!absent] Never.", None),
        ("{absent} is unknown.", None),
        ("a(n) {battery life:-} battery", "An 8-hour battery"),
        ("{battery life} of {codecs}", "8 hours of SBC, AAC and LDAC"),
        ("{colour:title}, {weight:raw}, {weight:number}", "Navy, 2.5 kg, 2.5"),
        ("[codecs=AAC] With AAC.", "With AAC."),
        ("[codecs!=AAC] Without AAC.", None),
    ],
)
def test_sentences_say_only_what_the_facts_hold(sentence: str, written: str | None) -> None:
    facts = Facts(
        {
            "waterproof": True,
            "weight": Quantity(2.5, "kg"),
            "battery life": Quantity(8, "h"),
            "colour": "navy",
            "codecs": ("SBC", "AAC", "LDAC"),
        }
    )
    assert compose(sentence, facts) == written
