from __future__ import annotations

import json
from pathlib import Path

import pytest

from finetune.ablation import run_study, single_object
from finetune.errors import RecipeError
from finetune.pair import Pair
from finetune.recipe import Recipe
from tests.finetune.training.conftest import base, recipe, some_pairs

__all__ = ["base", "recipe"]


@pytest.mark.parametrize(
    ("study", "names"),
    [
        ("rank", ["8", "16", "32"]),
        ("objects", ["interleaved", "single-object"]),
        ("expansion", ["seeds-only", "expanded"]),
    ],
)
def test_every_variant_of_a_study_does_the_same_steps(
    recipe: Recipe, tmp_path: Path, study: str, names: list[str]
) -> None:
    seeds = [Pair(f"s{p.id}", p.task, p.inputs, p.output) for p in some_pairs(6)]
    found = run_study(recipe, study, tmp_path / "a", lambda text: None, steps=2, seeds=seeds)
    assert [variant.name for variant in found] == names
    assert {variant.steps for variant in found} == {2}
    assert all(variant.validation_loss > 0 for variant in found)
    kept = json.loads((tmp_path / "a" / f"{study}.json").read_text())
    assert [row["name"] for row in kept] == names
    assert names[-1] in (tmp_path / "a" / f"{study}.md").read_text()


def test_an_unknown_study_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="rank, objects, expansion"):
        run_study(recipe, "colour", tmp_path, lambda text: None, steps=1)


def test_a_single_object_pair_keeps_the_sellers_record_alone() -> None:
    inputs = {
        "product": {"title": "Mug", "brand": "Acme"},
        "query": "red mug",
        "context": {"review": "Nice."},
        "instruction": "Mind the review.",
        "max_characters": 80,
    }
    pair = Pair("t", "title", inputs, "Acme Mug")
    assert pair.objects() == ("seller", "customer", "platform")
    assert single_object(pair).objects() == ("seller",)
    assert single_object(pair).read()
