"""What an index holds of a record is of one recipe: a change of it is a new recipe."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from pathlib import Path

import pytest

from catalog_index.build import BuildReport, build_index, delete_records, update_index
from catalog_index.errors import IndexMismatchError
from catalog_index.lexical.fields import record_fields
from catalog_index.manifest import current_generation, read_manifest, write_manifest
from catalog_index.parsing import parse_product
from catalog_index.product import Money, Passage, Product, Quantity, Variant
from catalog_index.recipe import FIRST_RECIPE, RECIPE
from catalog_index.texts import text_to_embed
from tests.fakes import KETTLE, LAMP, SHOES, HashEmbedder, write_jsonl

SHIRT = Product(
    "shirt",
    "Shirt",
    product_type="Clothing > Shirts and whatever else one wears above the belt in summer",
    price=Money(Decimal(30), "EUR"),
    attributes={"size": ("S", "M"), "chest": Quantity(96.0, "cm", "96 centimetres")},
    variants=(
        Variant("s", attributes={"size": "S"}, price=Money(Decimal(30), "EUR")),
        Variant(
            "m",
            attributes={"size": "M", "weight": "210 g"},
            price=Money(Decimal(40), "EUR"),
            sale_price=Money(Decimal(35), "EUR"),
        ),
    ),
)
RECORDS: list[Product | Passage] = [
    *map(parse_product, (KETTLE, LAMP, SHOES)),
    SHIRT,
    Passage("care.md#kettles", "Care", "Kettles", "Descale a kettle with vinegar."),
]
KNOWN = {1: "f8157c41ffb15f51", 2: "baaf387f73f28af7"}
"""Of each recipe, a digest of what it makes of `RECORDS`."""


def test_another_recipe_has_another_number() -> None:
    made = repr([(text_to_embed(record), record_fields(record)) for record in RECORDS])
    digest = hashlib.blake2b(made.encode(), digest_size=8).hexdigest()
    assert KNOWN.get(RECIPE) == digest, (
        "Records are made ready for search in another way than before: raise"
        f" `catalog_index.recipe.RECIPE` and enter {digest!r} for it in `KNOWN`."
    )


def test_a_description_is_embedded_as_far_as_an_embedder_reads() -> None:
    (text,) = {text_to_embed(Product("1", "Kettle", description="word " * n)) for n in (1000, 9000)}
    assert 3900 < len(text) <= 4000
    assert text.endswith(" word")
    assert len(text_to_embed(Passage("a#b", "A", "B", "x" * 100_000))) <= 4000
    assert text_to_embed(Product("1", "Kettle", description="a b")) == "Kettle. a b"


def rewrite(directory: Path, recipe: int) -> None:
    generation = current_generation(directory)
    manifest = read_manifest(generation)
    write_manifest(generation, manifest.model_copy(update={"recipe": recipe}))


def test_an_update_refuses_an_index_of_an_earlier_recipe_and_a_build_replaces_it(
    tmp_path: Path, built: BuildReport, shop: list[Path], embedder: HashEmbedder
) -> None:
    rewrite(built.directory, RECIPE - 1)
    feed = write_jsonl(tmp_path / "more.jsonl", [{**KETTLE, "id": "new"}])
    with pytest.raises(IndexMismatchError, match="earlier way") as caught:
        update_index(built.directory, [feed], embedder=embedder)
    assert "llama-e index build" in str(caught.value)
    delete_records(built.directory, ["KE-1001"], embedder=embedder)
    assert read_manifest(current_generation(built.directory)).recipe == RECIPE - 1
    build_index(shop, built.directory, embedder=embedder)
    assert read_manifest(current_generation(built.directory)).recipe == RECIPE
    update_index(built.directory, [feed], embedder=embedder)


def test_a_manifest_that_says_no_recipe_is_of_the_first(built: BuildReport) -> None:
    generation = current_generation(built.directory)
    manifest = read_manifest(generation)
    values = {name: value for name, value in manifest.model_dump().items() if name != "recipe"}
    assert type(manifest).model_validate(values).recipe == FIRST_RECIPE
