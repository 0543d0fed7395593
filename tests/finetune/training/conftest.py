from __future__ import annotations

from pathlib import Path

import pytest

from finetune.pair import Pair, write_pairs
from finetune.recipe import Recipe
from tests.tiny import save_tiny_llama

WORDS = ("red", "blue", "green", "small", "large", "warm")


def some_pairs(count: int = 24) -> list[Pair]:
    """Short pairs of three tasks; no two are alike."""
    pairs = []
    for number in range(count):
        word = WORDS[number % len(WORDS)]
        product = {"id": f"P{number}", "title": f"Acme {word} boot {number}", "brand": "Acme"}
        if number % 3 == 0:
            inputs = {"product": product, "labels": ["Boots", "Mugs"]}
            pairs.append(Pair(f"c{number}", "classify", inputs, "Boots"))
        elif number % 3 == 1:
            inputs = {"question": f"Is it {word}?", "evidence": [f"colour: {word}"]}
            pairs.append(Pair(f"a{number}", "answer", inputs, f"Yes, it is {word}."))
        else:
            pairs.append(Pair(f"d{number}", "ads", {"product": product}, f"The {word} Acme boot."))
    return pairs


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_llama(tmp_path_factory.mktemp("base"))


@pytest.fixture
def recipe(base: Path, tmp_path: Path) -> Recipe:
    """A recipe of eight steps over tiny pairs; dropout is on, so that the generator matters."""
    write_pairs(tmp_path / "pairs.jsonl", some_pairs())
    return Recipe.model_validate(
        {
            "name": "tiny",
            "base_model": str(base),
            "training": {
                "pairs": tmp_path / "pairs.jsonl",
                "out": tmp_path / "run",
                "validation_share": 0.2,
                "lora": {"rank": 4, "alpha": 8, "dropout": 0.1},
                "optimizer": {"learning_rate": 0.03},
                "batch": {"tokens": 512, "rows": 2, "max_tokens": 400},
                "steps": 8,
                "epochs": 8,
                "precision": "float32",
                "evaluate_every": 4,
                "checkpoint_every": 3,
                "samples": 1,
            },
        }
    )
