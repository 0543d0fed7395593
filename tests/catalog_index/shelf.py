"""A small lexical index for tests."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from catalog_index.filters import Filter
from catalog_index.lexical import LexicalSearcher, LexicalWriter, Words
from catalog_index.lexical.fields import record_fields
from catalog_index.product import Passage, Product


class Shelf:
    """A lexical index whose records are named by their ids."""

    def __init__(self, path: Path, records: Iterable[Product | Passage]) -> None:
        self.records = dict(enumerate(records, start=1))
        writer = LexicalWriter(path)
        writer.add((key, record_fields(record)) for key, record in self.records.items())
        writer.finish()
        self.searcher = LexicalSearcher(path)

    def found(self, words: Words | str, *filters: Filter, k: int = 10) -> list[str]:
        asked = Words(words) if isinstance(words, str) else words
        hits = self.searcher.search(asked, k, filters)
        return [self.records[key].id for key, _ in hits]

    def passing(self, *filters: Filter) -> list[str]:
        return [self.records[key].id for key in self.searcher.keys(filters, 100)]
