from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from app import main
from finetune.errors import DatasetError, TeacherError
from finetune.expansion import choose_teacher, expand, read_products
from finetune.pair import read_pairs
from finetune.recipe import Data
from finetune.teachers.base import FIXED_ANSWER
from finetune.teachers.batch_api import OpenAIBatchTeacher
from finetune.teachers.openai_server import OpenAITeacher


def data(folder: Path, **changes: Any) -> Data:
    return Data(expanded=folder / "e.jsonl", cleaned=folder / "c.jsonl", **changes)


def test_the_grammar_teacher_expands_the_seeds_on_the_demo_shop(tmp_path: Path) -> None:
    part = data(tmp_path, count=200)
    told: list[int] = []
    count = expand(part, choose_teacher(part, "grammar"), told.append)
    pairs = list(read_pairs(part.expanded))
    assert len(pairs) == count == 300 + told[-1] and told[-1] > 190
    made = [pair for pair in pairs if pair.source == "grammar"]
    assert set(Counter(pair.task for pair in made)) == {
        "ads",
        "title",
        "classify",
        "intent",
        "answer",
    }
    for pair in made:
        if pair.task in FIXED_ANSWER:
            labels = pair.inputs.get("labels", ["likely", "possible", "unlikely"])
            assert pair.output in labels
    again = data(tmp_path / "again", count=200)
    expand(again, choose_teacher(again, "grammar"))
    assert again.expanded.read_bytes() == part.expanded.read_bytes()


def test_a_shops_own_feed_is_expanded_on(tmp_path: Path) -> None:
    feed = tmp_path / "feed.jsonl"
    feed.write_text(json.dumps({"id": "A", "title": "Blue enamel mug", "brand": "Acme"}) + "\n")
    assert [product.id for product in read_products((feed,))] == ["A"]
    both = [product.id for product in read_products((feed,), demo_shop=True)]
    assert both[-1] == "A" and set(both) > {product.id for product in read_products(())}
    pages = tmp_path / "page.md"
    pages.write_text("# Returns\n\nThirty days.\n")
    with pytest.raises(DatasetError, match="No product was found"):
        read_products((pages,))


def test_limits_and_ceilings_of_a_recipe_reach_the_server_teacher(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LLAMA_E_TEACHER_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("LLAMA_E_TEACHER_MODEL", "teacher")
    server = {"concurrency": 3, "token_ceiling": 1000, "requests_per_minute": 20}
    teacher = choose_teacher(data(tmp_path, server=server), "openai")
    assert type(teacher) is OpenAITeacher
    settings = teacher.settings
    assert (settings.concurrency, settings.token_ceiling) == (3, 1000)
    assert settings.requests_per_minute == 20 and settings.max_attempts == 5
    batched = choose_teacher(data(tmp_path, server={"batch": True}), "openai")
    assert type(batched) is OpenAIBatchTeacher


def test_a_server_that_is_not_named_is_one_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LLAMA_E_TEACHER_URL", raising=False)
    monkeypatch.delenv("LLAMA_E_TEACHER_MODEL", raising=False)
    with pytest.raises(TeacherError, match=r"LLAMA_E_TEACHER_URL.*LLAMA_E_TEACHER_MODEL"):
        choose_teacher(data(tmp_path), "openai")


def test_the_command_expands_and_says_how_many(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "r.yaml"
    recipe.write_text("name: r\ndata: {expanded: e.jsonl, cleaned: c.jsonl, count: 20}\n")
    assert main(["finetune", "expand", str(recipe), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["teacher"] == "grammar" and told["pairs"] > 315
    recipe.write_text("name: r\n")
    assert main(["finetune", "expand", str(recipe)]) == 1
    assert "no data part" in capsys.readouterr().err
