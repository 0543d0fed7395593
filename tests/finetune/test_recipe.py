from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
import yaml

from assistant.tasks import TASKS
from finetune.errors import RecipeError
from finetune.pair import write_pairs
from finetune.recipe import Recipe, read_recipe
from finetune.training.run import train
from tests.finetune.training.conftest import some_pairs
from tests.tiny import tiny_tokenizer

RECIPES = Path(__file__).parents[2] / "finetune" / "recipes"
SHIPPED = sorted(RECIPES.glob("*.yaml"))


def written(folder: Path, **content: Any) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(yaml.safe_dump({"name": "mine", **content}))
    return path


def test_every_fault_of_a_recipe_is_reported_with_its_key(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        colour="red",
        prompt_format="poem",
        data={"expanded": "e", "cleaned": "c", "shares": {"poems": 0.5}, "count": 0},
        training={
            "pairs": "p",
            "lora": {"rank": "many", "targets": []},
            "optimizer": {"learning_rate": 3, "momentum": 0.9},
            "batch": {"tokens": 512, "max_tokens": 1024},
        },
    )
    with pytest.raises(RecipeError) as caught:
        read_recipe(path)
    told = str(caught.value)
    assert "has 10 faults" in told
    for part in (
        "colour: no such key; known here: name, base_model",
        "prompt_format: input should be 'chat' or 'alpaca' (is 'poem')",
        "data.shares: poems: no such task; tasks: ads, title, classify, intent, answer",
        "data.count: input should be greater than or equal to 1 (is 0)",
        "training.out: missing, and has no default",
        "training.lora.rank: input should be a valid integer",
        "training.lora.targets",
        "training.optimizer.learning_rate: input should be less than or equal to 1 (is 3)",
        "training.optimizer.momentum: no such key; known here: learning_rate",
        "training.batch: max_tokens (1024) is more than tokens (512)",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("text", "message"),
    [("- a\n- b", "must hold keys"), ("a: [", "no YAML"), ("", "must hold keys")],
)
def test_what_is_no_recipe_is_one_clear_error(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=message):
        read_recipe(path)
    with pytest.raises(RecipeError, match="cannot be read"):
        read_recipe(tmp_path / "none.yaml")


def test_paths_are_relative_to_the_recipe(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        base_model="some/hub-id",
        training={"pairs": "data/pairs.jsonl", "out": "/elsewhere/run"},
        data={"expanded": "e", "cleaned": "c", "sources": {"pqa": "sets/pqa"}, "feeds": ["f"]},
    )
    recipe = read_recipe(path)
    assert recipe.training is not None and recipe.data is not None
    assert recipe.training.pairs == tmp_path / "data" / "pairs.jsonl"
    assert recipe.training.out == Path("/elsewhere/run")
    assert recipe.data.sources == {"pqa": tmp_path / "sets" / "pqa"}
    assert recipe.data.feeds == (tmp_path / "f",)
    assert recipe.base_model == "some/hub-id"
    (tmp_path / "model").mkdir()
    assert read_recipe(written(tmp_path, base_model="model")).base_model == str(tmp_path / "model")


def tiny_of(name: str, folder: Path) -> Path:
    """A two-layer model of the recipe's architecture: head grouping, rope and head as there."""
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = tiny_tokenizer(chat="alpaca" not in (RECIPES / name).read_text())
    current = "3.1" in name
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2 if current or "135m" in name else 4,
        max_position_embeddings=2048,
        tie_word_embeddings="135m" in name,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        rope_parameters={
            "rope_type": "llama3",
            "rope_theta": 500000.0,
            "factor": 8.0,
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": 512,
        }
        if current
        else {"rope_type": "default", "rope_theta": 10000.0},
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_recipe_trains_a_tiny_model_of_its_architecture(
    path: Path, tmp_path: Path
) -> None:
    recipe = read_recipe(path)
    assert recipe.name == path.stem and recipe.training is not None
    assert recipe.data is None or recipe.training.pairs == recipe.data.cleaned
    pairs = tmp_path / "pairs.jsonl"
    write_pairs(pairs, some_pairs(60))
    batch = recipe.training.batch.model_copy(update={"tokens": recipe.training.batch.max_tokens})
    training = recipe.training.model_copy(
        update={
            "pairs": pairs,
            "out": tmp_path / "run",
            "adapter": None,
            "batch": batch,
            "steps": 1,
            "epochs": 4.0,
            "repeats": {},
            "precision": "float32",
            "samples": 1,
        }
    )
    tiny = recipe.model_copy(
        update={"base_model": str(tiny_of(path.name, tmp_path / "base")), "training": training}
    )
    trained = train(tiny, lambda text: None)
    assert trained.outcome.steps == 1
    assert (trained.adapter / "adapter_model.safetensors").is_file()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_recipe_repeats_what_its_data_can_hold(path: Path) -> None:
    recipe = read_recipe(path)
    assert recipe.training is not None
    joined = {"pqa": {"hetpqa", "epqa", "semipqa"}, "retail": {"retail"}, "icecat": {"icecat"}}
    sources = recipe.data.sources if recipe.data else joined
    held = {"expert", "grammar"}.union(*(joined[name] for name in sources))
    for name in recipe.training.repeats:
        task, slash, source = name.rpartition("/")
        assert source in held and (not slash or task in TASKS)


def test_the_recipes_of_the_paper_are_there() -> None:
    bases = {Recipe.model_validate(yaml.safe_load(path.read_text())).base_model for path in SHIPPED}
    assert bases >= {"huggyllama/llama-7b", "huggyllama/llama-13b", "huggyllama/llama-30b"}
    released = read_recipe(RECIPES / "llama-2-7b-released.yaml")
    assert released.base_model == "meta-llama/Llama-2-7b-hf"
    assert released.training is not None
    lora = released.training.lora
    assert (lora.rank, lora.alpha, lora.dropout) == (8, 16, 0.05)
    assert set(lora.targets) == {"q_proj", "k_proj", "v_proj", "o_proj"}
