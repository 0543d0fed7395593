from pathlib import Path

import pytest

from finetune.charts import draw
from finetune.pair import Pair
from finetune.seed_set import load_seeds
from finetune.stats import Lengths, describe, distinct, table


def answer(number: int, output: str, source: str = "hetpqa", **more: str) -> Pair:
    inputs = {"question": "is it red?", "evidence": ["colour: red"], **more}
    return Pair(f"q/{number}", "answer", inputs, output, source)


AD = Pair(
    "a/1",
    "ads",
    {"product": {"title": "Mug", "product_type": "Home > Mugs"}, "audience": "cooks"},
    "A mug.",
)


def test_counts_by_task_source_object_and_product_type() -> None:
    stats = describe([answer(1, "Yes."), answer(2, "No.", "epqa"), AD])
    assert stats.pairs == 3
    assert stats.sources == {"ads": {"(unnamed)": 1}, "answer": {"hetpqa": 1, "epqa": 1}}
    assert stats.objects == {"seller + customer": 3}
    assert stats.product_types == {"Mugs": 1}


def test_answerable_is_a_share_of_the_answers_only() -> None:
    silent = answer(3, "The catalog does not say.")
    assert describe([answer(1, "Yes."), *[silent] * 3, AD]).answerable == 0.25
    assert describe([AD]).answerable == 1


def test_own_instruction_and_lengths() -> None:
    own = answer(1, "Yes, it is red.", instruction="Answer in one short sentence.")
    held = describe([own, answer(2, "No.")]).tasks["answer"]
    assert held.own_instruction == 0.5
    assert held.instruction.mean == 5
    assert held.output.mean == 2.5
    assert Lengths.of([]).mean == 0
    assert Lengths.of([3]).high == 3


def test_distinct_is_the_share_of_different_runs() -> None:
    assert distinct(["red mug", "red kettle"], 1) == pytest.approx(3 / 4)
    assert distinct(["a red mug", "a red kettle"], 2) == pytest.approx(3 / 4)
    assert distinct([""], 2) == 0


def test_tables_escape_bars_and_align() -> None:
    assert table(("a|b", "n"), [("x", "10")]) == [
        r"| a\|b |   n |",
        "| ---- | --: |",
        "| x    |  10 |",
    ]


def test_markdown_and_json_tell_the_same_numbers() -> None:
    stats = describe(load_seeds(None))
    assert "300 pairs" in stats.markdown()
    assert stats.to_json()["tasks"]["ads"]["pairs"] == 60
    assert "| seller + customer + platform |" in stats.markdown()


@pytest.mark.parametrize("pairs", [[], [AD], load_seeds(None)])
def test_charts_are_drawn_of_any_set(tmp_path: Path, pairs: list[Pair]) -> None:
    written = draw(describe(pairs), tmp_path / "charts")
    assert [path.name for path in written] == ["tasks.png", "lengths.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written)
