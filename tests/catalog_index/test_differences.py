"""What changed between two generations is told by record and field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from catalog_index.build import build_index, delete_records, update_index
from catalog_index.differences import differences
from tests.fakes import HashEmbedder


def feed(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


A = {"id": "A", "title": "Kettle", "price": "10 EUR", "capacity": "1 l"}
B = {"id": "B", "title": "Lamp", "price": "20 EUR"}
C = {"id": "C", "title": "Jug", "price": "5 EUR"}


def test_the_first_generation_has_nothing_before_it(tmp_path: Path) -> None:
    build_index([feed(tmp_path / "f.jsonl", A)], tmp_path / "i", embedder=HashEmbedder())
    assert differences(tmp_path / "i") is None


def test_an_update_tells_added_and_changed_fields(tmp_path: Path) -> None:
    build_index([feed(tmp_path / "f.jsonl", A, B)], tmp_path / "i", embedder=HashEmbedder())
    changed = {**A, "price": "12 EUR", "colour": "red"}
    del changed["capacity"]
    update_index(tmp_path / "i", [feed(tmp_path / "g.jsonl", changed, B, C)],
                 embedder=HashEmbedder())  # fmt: skip
    found = differences(tmp_path / "i")
    assert found is not None
    assert found.counts == {"added": 1, "changed": 1, "removed": 0, "unchanged": 1}
    assert [change.id for change in found.added] == ["C"]
    [change] = found.changed
    assert {name: (was, now) for name, was, now in change.fields} == {
        "price": ("10.00 EUR", "12.00 EUR"),
        "capacity": ("1 l", ""),
        "colour": ("", "red"),
    }


def test_a_deletion_and_a_build_anew_are_told_by_id_not_by_key(tmp_path: Path) -> None:
    build_index([feed(tmp_path / "f.jsonl", A, B, C)], tmp_path / "i", embedder=HashEmbedder())
    delete_records(tmp_path / "i", ["B"], embedder=HashEmbedder())
    found = differences(tmp_path / "i")
    assert found is not None
    assert [change.title for change in found.removed] == ["Lamp"]
    build_index([feed(tmp_path / "g.jsonl", C, A)], tmp_path / "i", embedder=HashEmbedder())
    found = differences(tmp_path / "i")
    assert found is not None
    assert found.counts == {"added": 0, "changed": 0, "removed": 0, "unchanged": 2}


def test_only_the_first_of_many_are_told_one_by_one(tmp_path: Path) -> None:
    build_index([feed(tmp_path / "f.jsonl", A)], tmp_path / "i", embedder=HashEmbedder())
    many = [{"id": f"N{number}", "title": f"Thing {number}"} for number in range(9)]
    update_index(tmp_path / "i", [feed(tmp_path / "g.jsonl", *many)], embedder=HashEmbedder())
    found = differences(tmp_path / "i", most=4)
    assert found is not None
    assert found.counts["added"] == 9
    assert len(found.added) == 4
