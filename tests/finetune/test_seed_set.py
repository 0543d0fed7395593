import json
from dataclasses import replace
from pathlib import Path

import pytest

from finetune.errors import DatasetError
from finetune.pair import Pair, write_pairs
from finetune.seed_set import check_seeds, load_seeds


@pytest.fixture(scope="module")
def shipped() -> list[Pair]:
    return load_seeds(None)


def test_shipped_seeds_are_without_fault(shipped: list[Pair]) -> None:
    assert check_seeds(shipped) == []
    assert {pair.source for pair in shipped} == {"expert"}


def test_every_fault_of_a_set_is_told(shipped: list[Pair]) -> None:
    broken = list(shipped)
    broken[0] = replace(broken[0], output=f"{broken[0].output} Only 987 left.")
    instruction = f"{broken[1].instruction} Thanks"
    broken[2] = replace(
        broken[1], id=broken[1].id, inputs={**broken[1].inputs, "instruction": instruction}
    )
    bare = {name: value for name, value in broken[3].inputs.items() if name != "instruction"}
    broken[3] = replace(broken[3], inputs=bare)
    told = "\n".join(check_seeds(broken[:-1]))
    assert f"{broken[0].id}: number" in told
    assert f"{broken[1].id}: the id stands 2 times" in told
    assert f"{broken[1].id}, {broken[1].id}: their instructions are alike" in told
    assert f"{broken[3].id}: has no instruction of its own" in told
    assert "title: 59 seeds, not 60" in told


def test_too_few_unanswerable_seeds_are_told(shipped: list[Pair]) -> None:
    silent = [pair for pair in shipped if pair.unanswerable]
    rest = [pair for pair in shipped if not pair.unanswerable]
    assert len(silent) >= 20
    assert any("19 unanswerable" in line for line in check_seeds(rest + silent[:19]))


def test_own_seeds_are_read_from_a_directory(tmp_path: Path, shipped: list[Pair]) -> None:
    write_pairs(tmp_path / "b.jsonl", shipped[:2])
    (tmp_path / "a.jsonl").write_text(json.dumps(shipped[5].to_json()), encoding="utf-8")
    assert [pair.id for pair in load_seeds(tmp_path)] == [shipped[at].id for at in (5, 0, 1)]


def test_directory_without_seeds_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="holds no seed files"):
        load_seeds(tmp_path)
