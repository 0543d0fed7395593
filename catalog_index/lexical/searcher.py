"""Reads a finished lexical directory: BM25, filters, and the catalog's vocabulary.

A record's score is the BM25 of its text, plus a share of that of its attributes, plus a bonus for
an amount with its unit that the query names. Long tables of attributes would else make a record
too long to rank. Filters only decide what is found, never the score.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog_index.filters import WORDS, Filter
from catalog_index.lexical.faults import engine_reads
from catalog_index.lexical.fields import query_tokens
from catalog_index.lexical.schema import analyzer, number_term, register_analyzers, schema

ATTRIBUTE_WEIGHT = 0.1
"""What the BM25 score of a record's attributes adds to that of its other words."""

MEASURE_WEIGHT = 2.0
"""What the BM25 score of an amount with its unit adds."""

ENOUGH = 5
SYNONYM_WEIGHT = 0.4
"""What a synonym is worth of the word that the query says."""


@dataclass(frozen=True, slots=True)
class Words:
    """What to search by: words, and what may stand for them.

    Args:
        text: the query's words.
        synonyms: for a word or phrase of the text (in lower case), others that mean the same.
        phrases: word sequences that a record's text must hold.
        measures: tokens of amounts (`units.measure_token`).
    """

    text: str
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


class LexicalSearcher:
    """Searches one lexical directory; safe to share between threads.

    Raises:
        IndexCorruptError: the directory is no lexical index, or damaged (from any method).
    """

    def __init__(self, directory: Path) -> None:
        import tantivy

        self._t: Any = tantivy
        self._directory = directory
        with engine_reads(directory):
            index = tantivy.Index.open(str(directory))
            register_analyzers(index)
            index.config_reader("manual", 0)
            self._index: Any = index
            self._searcher: Any = index.searcher()
        self._schema = schema()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(
        self, words: Words, k: int, filters: Sequence[Filter] = ()
    ) -> list[tuple[int, float]]:
        """Return (key, score) of the k best records, best first, equal scores by key."""
        query = self._query(words)
        return [] if query is None else self._found(self._limited(query, filters), k)

    def keys(self, filters: Sequence[Filter], limit: int) -> list[int]:
        """Return the keys of records that pass all filters, ascending, `limit` at most."""
        return sorted(key for key, _ in self._found(self._limited(None, filters), limit))

    def count(self, filters: Sequence[Filter]) -> int:
        """Return how many records pass all filters."""
        with engine_reads(self._directory):
            return int(self._searcher.search(self._limited(None, filters), limit=1).count)

    def passing(self, keys: Sequence[int], filters: Sequence[Filter]) -> set[int]:
        """Return those of these keys whose records pass all filters."""
        if not keys:
            return set()
        among = self._t.Query.term_set_query(self._schema, "key", [int(key) for key in keys])
        return {key for key, _ in self._found(self._limited(among, filters), len(keys))}

    def all_keys(self) -> list[int]:
        """Return every record's key, ascending."""
        found = self._found(self._t.Query.all_query(), max(1, len(self)))
        return sorted(key for key, _ in found)

    def prefixed(self, field_name: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return (term, number of records) of a raw field's terms with this prefix."""
        with engine_reads(self._directory):
            terms: list[tuple[str, int]] = self._searcher.terms_with_prefix(
                field_name, prefix, limit=limit
            )
        return terms

    def frequency(self, field_name: str, term: str) -> int:
        """Return how many records have this term in a field."""
        with engine_reads(self._directory):
            return int(self._searcher.doc_freq(field_name, term))

    def _found(self, query: Any, k: int) -> list[tuple[int, float]]:
        with engine_reads(self._directory):
            hits = self._searcher.search(query, limit=k, count=False).hits
            keys = self._searcher.fast_field_values("key", [address for _, address in hits])
        pairs = [(int(key), float(score)) for key, (score, _) in zip(keys, hits, strict=True)]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _query(self, words: Words) -> Any | None:
        """Return the scored part of a query, or None where it has no word."""
        named = {term for phrase in words.synonyms for term in self._terms(phrase)}
        should = [
            query
            for term in self._terms(words.text)
            if term not in named
            for query in self._word(term)
        ]
        should += [
            self._named(phrase, others)
            for phrase, others in words.synonyms.items()
            if self._terms(phrase)
        ]
        for token in words.measures:
            query = self._t.Query.term_query(self._schema, "measures", token, "basic")
            should.append(self._t.Query.boost_query(query, MEASURE_WEIGHT))
        required = [phrase for text in words.phrases if (phrase := self._phrase(text)) is not None]
        if not should and not required:
            return None
        Occur = self._t.Occur  # noqa: N806
        clauses = [(Occur.Should, query) for query in should]
        clauses += [(Occur.Must, query) for query in required]
        return self._t.Query.boolean_query(clauses)

    def _terms(self, text: str) -> list[str]:
        terms = (term for token in query_tokens(text) for term in analyzer().analyze(token))
        return list(dict.fromkeys(terms))

    def _word(self, term: str) -> list[Any]:
        Query = self._t.Query  # noqa: N806
        attributes = Query.term_query(self._schema, "attributes", term, "freq")
        return [
            Query.term_query(self._schema, "text", term, "freq"),
            Query.boost_query(attributes, ATTRIBUTE_WEIGHT),
        ]

    def _named(self, phrase: str, others: Sequence[str]) -> Any:
        """Return a query for a thing by its name or by the best of its other names, not both."""
        Query = self._t.Query  # noqa: N806
        terms = self._terms(phrase)
        own = [query for term in terms for query in self._word(term)]
        known = min(self.frequency("text", term) for term in terms)
        names = [Query.boolean_query([(self._t.Occur.Should, query) for query in own])]
        for text in others if known < ENOUGH else ():
            other = self._phrase(text)
            if other is not None:
                names.append(Query.boost_query(other, SYNONYM_WEIGHT))
        return Query.disjunction_max_query(names, 0.0)

    def _phrase(self, text: str, field_name: str = "text") -> Any | None:
        terms = analyzer().analyze(text)
        if not terms:
            return None
        if len(terms) == 1:
            return self._t.Query.term_query(self._schema, field_name, terms[0], "freq")
        return self._t.Query.phrase_query(self._schema, field_name, terms)

    def _limited(self, query: Any | None, filters: Sequence[Filter]) -> Any:
        """Return a query for what `query` finds (None: every record) and the filters let pass."""
        Occur, Query = self._t.Occur, self._t.Query  # noqa: N806
        if query is None:
            query = Query.const_score_query(Query.all_query(), 0.0)
        if not filters:
            return query
        clauses = [(Occur.Must, query)]
        for condition in filters:
            occur = Occur.MustNot if condition.op == "not" else Occur.Must
            clauses.append((occur, Query.const_score_query(self._condition(condition), 0.0)))
        return Query.boolean_query(clauses)

    def _condition(self, condition: Filter) -> Any:
        """Return what a filter asks for; a "not" is turned round by the caller."""
        if condition.op == "between":
            return self._between(condition)
        value = condition.value
        if condition.field == WORDS:
            phrase = self._phrase(str(value), "names")
            return self._t.Query.empty_query() if phrase is None else phrase
        text = ("yes" if value else "no") if isinstance(value, bool) else value
        return self._fact(condition.field, text)

    def _fact(self, field_name: str, value: str) -> Any:
        return self._t.Query.term_query(self._schema, "facts", f"{field_name}={value}", "basic")

    def _between(self, condition: Filter) -> Any:
        Occur, Query = self._t.Occur, self._t.Query  # noqa: N806
        if condition.field != "price":
            name = f"{condition.field}:{condition.unit}" if condition.unit else condition.field
            low, high = number_term(name, condition.low), number_term(name, condition.high)
            return self._index.parse_query(f"numbers:[{low} TO {high}]")
        low_price = None if math.isinf(condition.low) else condition.low
        high_price = None if math.isinf(condition.high) else condition.high
        if low_price is None and high_price is None:
            paid = Query.exists_query("price")
        else:
            paid = Query.range_query(
                self._schema, "price", self._t.FieldType.Float, low_price, high_price
            )
        currency = f"currency={condition.unit.lower()}"
        if not condition.unit or not self.frequency("facts", currency):
            return paid  # in a shop of one currency another one is a slip of the tongue
        other = Query.boolean_query(
            [
                (Occur.Must, Query.all_query()),
                (Occur.MustNot, self._any_currency_but(currency)),
            ]
        )
        return Query.boolean_query([(Occur.Must, paid), (Occur.Must, other)])

    def _any_currency_but(self, wanted: str) -> Any:
        others = [term for term, _ in self.prefixed("facts", "currency=", 200) if term != wanted]
        if not others:
            return self._t.Query.empty_query()
        return self._t.Query.term_set_query(self._schema, "facts", others)
