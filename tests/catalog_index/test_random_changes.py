"""Random changes of an index, compared after each with a dictionary of what it should hold."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from benchmarks.durability.history import State, disagreement
from catalog_index.build import BuildReport, Options, build_index, delete_records, update_index
from catalog_index.index import CatalogIndex
from catalog_index.manifest import current_generation, read_manifest
from catalog_index.verify import verify_index
from tests.fakes import HashEmbedder, write_jsonl

MISSING = Options(delete_missing=True)


class Catalog:
    """An index, and beside it a plain dictionary of what it should hold."""

    def __init__(self, directory: Path, seed: int) -> None:
        self.out = directory / "index"
        self._feeds = directory
        self._dice = random.Random(seed)
        self.products: dict[str, str] = {}
        self.passages: dict[str, str] = {}
        self._written = 0

    def _titles(self, names: Sequence[str]) -> dict[str, str]:
        self._written += 1
        return {name: f"Kettle {name} of writing {self._written}" for name in names}

    def _feed(self, products: Mapping[str, str], parts: Sequence[str] = ()) -> list[Path]:
        rows = [
            {"id": name, "title": title, "description": "A kettle.", "mpn": f"MPN-{name}-X"}
            for name, title in products.items()
        ]
        feeds = [write_jsonl(self._feeds / "products.jsonl", rows)] if rows else []
        if parts:
            feeds.append(self._feeds / "returns.md")
            text = "\n".join(f"## Part {n}\n\n{part}\n" for n, part in enumerate(parts))
            feeds[-1].write_text(text)
        return feeds

    def _some(self, most: int) -> list[str]:
        known = sorted(self.products)
        return self._dice.sample(known, min(len(known), self._dice.randint(1, most)))

    def build(self) -> BuildReport:
        self.products = self._titles([f"K{n}" for n in range(self._dice.randint(1, 40))])
        parts = [f"Send the kettle back, part {n}, writing {self._written}." for n in range(3)]
        self.passages = {f"returns.md#part-{n}": part for n, part in enumerate(parts)}
        feeds = self._feed(self.products, parts)
        return build_index(feeds, self.out, embedder=HashEmbedder())

    def update(self) -> BuildReport:
        new = [f"N{self._dice.randint(0, 60)}" for _ in range(self._dice.randint(0, 12))]
        changed = self._titles([*self._some(3), *new])
        same = {name: self.products[name] for name in self._some(4) if name not in changed}
        self.products |= changed
        return update_index(self.out, self._feed(changed | same), embedder=HashEmbedder())

    def document(self) -> BuildReport:
        self._written += 1
        parts = [
            f"Part {n} of the kettle, writing {self._written}."
            for n in range(self._dice.randint(1, 3))
        ]
        self.passages = {f"returns.md#part-{n}": part for n, part in enumerate(parts)}
        return update_index(self.out, self._feed({}, parts), embedder=HashEmbedder())

    def missing(self) -> BuildReport:
        kept = {name: self.products[name] for name in self._some(30)}
        self.products = kept | self._titles([f"X{self._dice.randint(0, 9)}"])
        feeds = self._feed(self.products)
        return update_index(self.out, feeds, embedder=HashEmbedder(), options=MISSING)

    def delete(self) -> BuildReport:
        gone = self._some(6)
        for name in gone:
            del self.products[name]
        return delete_records(self.out, gone, embedder=HashEmbedder())

    def step(self) -> str:
        """Make one change at random; returns what the index then says otherwise."""
        changes = [self.update, self.update, self.document, self.missing, self.build]
        change = self._dice.choice([*changes, self.delete] if len(self.products) > 1 else changes)
        counts = change().counts
        wanted = State(self.products, self.passages)
        with CatalogIndex(self.out, HashEmbedder()) as index:
            wrong = disagreement(index, wanted)
        if (counts.products, counts.passages) != (len(self.products), len(self.passages)):
            wrong += f" the counts are {counts}"
        wrong += "".join(check.fault for check in verify_index(self.out))
        return wrong and f"{change.__name__}: {wrong}"


@pytest.mark.parametrize("seed", [1, 2])
def test_random_changes_agree_with_a_plain_dictionary(tmp_path: Path, seed: int) -> None:
    catalog = Catalog(tmp_path, seed)
    catalog.build()
    segments = set()
    for number in range(14):
        assert not catalog.step(), f"step {number}"
        segments.add(len(read_manifest(current_generation(catalog.out)).segments))
    assert segments >= {1, 2}  # some changes merged segments and some did not
