"""Reads a finished lexical directory: ranking by words, filters, and the terms that it holds.

A record's score is the sum over the query's words (see `queries`), times the share of them that it
has: of two records with the same sum, the one that answers more of the query is the better.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from catalog_index.filters import Filter
from catalog_index.lexical.faults import engine_reads
from catalog_index.lexical.queries import QueryMaker, Words
from catalog_index.lexical.schema import register_analyzers

_CANDIDATES = 3
"""How many times as many records as are asked for are compared by the share of words they have."""

_MOST_CURRENCIES = 200
_COUNTS_KEPT = 1024


class LexicalSearcher:
    """Searches one lexical directory; safe to share between threads.

    Raises:
        IndexCorruptError: the directory is no lexical index, or damaged (from any method).
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        with engine_reads(directory):
            try:
                index = _opened(directory)
            except ValueError as error:
                if "Lockfile" not in str(error):
                    raise
                index = _opened_without_lock(directory)
            self._searcher: Any = index.searcher()
        currencies = [term for term, _ in self.prefixed("facts", "currency=", _MOST_CURRENCIES)]
        # Neither may hold this object: its files are let go of with its last user.
        frequency = partial(_frequency, directory, self._searcher)
        self._make = QueryMaker(frequency, index.parse_query, currencies)
        counted = partial(_counted, directory, self._searcher, self._make)
        self._count = lru_cache(_COUNTS_KEPT)(counted)

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, words: Words, k: int, filters: Sequence[Filter] = ()
    ) -> list[tuple[int, float]]:
        """Return (key, score) of the k best records, best first, equal scores by key."""
        if k < 1:
            return []
        said = self._make.scored(words)
        more = self._make.other_names(words)
        required = self._make.required(words)
        if not said and not more and not required:
            return []
        query = self._make.limited(self._make.any_of([*said, *more], required), filters)
        if len(said) < 2:
            return self._found(query, k)
        found = self._found(query, _CANDIDATES * k)
        counts = dict(self._found(self._make.counted(said, [key for key, _ in found]), len(found)))
        # What only another name found has none of the words: it comes last.
        scores = [(key, score * max(counts.get(key, 0.0), 0.5) / len(said)) for key, score in found]
        return sorted(scores, key=lambda pair: (-pair[1], pair[0]))[:k]

    def keys(self, filters: Sequence[Filter], limit: int) -> list[int]:
        """Return the keys of records that pass all filters, ascending, `limit` at most."""
        return sorted(key for key, _ in self._found(self._make.limited(None, filters), limit))

    def by_price(self, filters: Sequence[Filter], k: int, *, dearest: bool) -> list[int]:
        """Return the keys of the k cheapest, or dearest, records that pass all filters."""
        import tantivy

        priced = [*filters, Filter("price", "between")]
        query = self._make.limited(None, priced)
        order = tantivy.Order.Desc if dearest else tantivy.Order.Asc
        with engine_reads(self._directory):
            found = self._searcher.search(query, k, False, "price", 0, order).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in found])
        return [int(key) for key in keys]

    def count(self, filters: Sequence[Filter]) -> int:
        """Return how many records pass all filters."""
        return self._count(tuple(filters))

    def passing(self, keys: Sequence[int], filters: Sequence[Filter]) -> set[int]:
        """Return those of these keys whose records pass all filters."""
        if not keys:
            return set()
        among = self._make.limited(self._make.among([int(key) for key in keys]), filters)
        return {key for key, _ in self._found(among, len(keys))}

    def measured(self, keys: Sequence[int], tokens: Sequence[str]) -> dict[int, int]:
        """Return how many of some amounts (`units.measure_token`) the records of these keys name.

        Keys of records that name none are left out.
        """
        if not keys or not tokens:
            return {}
        amounts = self._make.scored(Words("", measures=tuple(tokens)))
        counts = self._found(self._make.counted(amounts, keys), len(keys))
        return {key: round(count) for key, count in counts if count}

    def all_keys(self) -> list[int]:
        """Return every record's key, ascending."""
        return self.keys((), max(1, len(self)))

    def prefixed(self, field_name: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return (term, number of records) of a raw field's terms with this prefix."""
        with engine_reads(self._directory):
            terms: list[tuple[str, int]] = self._searcher.terms_with_prefix(
                field_name, prefix, limit=limit
            )
        return terms

    def frequency(self, field_name: str, term: str) -> int:
        """Return how many records have this term in a field."""
        return _frequency(self._directory, self._searcher, field_name, term)

    def _found(self, query: Any, k: int) -> list[tuple[int, float]]:
        if k < 1:
            return []
        with engine_reads(self._directory):
            hits = self._searcher.search(query, limit=k, count=False).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in hits])
            if None in keys:
                raise ValueError("a record has no key")
        pairs = [(int(key), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _frequency(directory: Path, searcher: Any, field_name: str, term: str) -> int:
    with engine_reads(directory):
        return int(searcher.doc_freq(field_name, term))


def _counted(directory: Path, searcher: Any, make: QueryMaker, filters: tuple[Filter, ...]) -> int:
    query = make.limited(None, filters)
    with engine_reads(directory):
        return int(searcher.search(query, limit=1).count)


def _opened(directory: Path) -> Any:
    import tantivy

    index = tantivy.Index.open(str(directory))
    register_analyzers(index)
    index.config_reader("manual", 0)
    return index


def _opened_without_lock(directory: Path) -> Any:
    """Open a directory that may not be written to, where tantivy cannot make its lock file.

    The files never change, so none is needed; they are opened, and mapped, by other names.
    """
    with tempfile.TemporaryDirectory() as names:
        for file in directory.iterdir():
            if not file.name.endswith(".lock"):
                (Path(names) / file.name).symlink_to(file.resolve())
        return _opened(Path(names))
