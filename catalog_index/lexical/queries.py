"""Words and filters -> tantivy's queries. Runs nothing.

A word scores in each field by BM25; its score is that of its best field, plus a little of the
others (Robertson's per-field BM25 under a disjunction maximum). What other names of a thing find
counts less than its own. Filters only decide what is found, never the score.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog_index.filters import WORDS, Filter
from catalog_index.lexical.fields import query_tokens
from catalog_index.lexical.schema import TEXT_FIELDS, analyzer, number_term, schema

FIELD_WEIGHTS: Mapping[str, float] = {**dict.fromkeys(TEXT_FIELDS, 1.0), "attributes": 0.8}
TIE = 0.1
"""What a word's fields other than the best add of their scores."""

SYNONYM_WEIGHT = 0.4
"""What another name of a thing is worth of its own."""

RARE = 5
"""Other names are tried where fewer records than these say the thing's own: where a catalog has its
own word for a thing, another word only brings others in."""

_FEW_KEYS = 1000
"""Up to how many keys are looked up one by one: quicker than a set, which walks all the terms."""

_PHRASE_FIELDS = ("title", "brand", "product_type", "body", "attributes")
_NAME_FIELDS = ("title", "product_type")

Frequency = Callable[[str, str], int]
"""In how many records a field has a term."""


@dataclass(frozen=True, slots=True)
class Words:
    """What to search by: words, and what may stand for them.

    Args:
        text: the query's words, without those of `measures`.
        synonyms: for a word or phrase of the text (in lower case), others that mean the same.
        phrases: word sequences that a field of the record must hold.
        measures: tokens of amounts (`units.measure_token`).
    """

    text: str
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    phrases: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


class QueryMaker:
    """Makes queries over one index.

    Args:
        frequency: in how many records a field has a term.
        parse: the index's parser of query syntax, for spans of numbers.
        currencies: the "currency=..." facts of the catalog.
    """

    def __init__(
        self, frequency: Frequency, parse: Callable[[str], Any], currencies: Sequence[str]
    ) -> None:
        import tantivy

        self._query: Any = tantivy.Query
        self._must: Any = tantivy.Occur.Must
        self._must_not: Any = tantivy.Occur.MustNot
        self._should: Any = tantivy.Occur.Should
        self._float: Any = tantivy.FieldType.Float
        self._schema = schema()
        self._frequency = frequency
        self._parse = parse
        self._currencies = currencies

    def scored(self, words: Words) -> list[Any]:
        """Return one query for each word of the text, and one for each amount."""
        amounts = [
            self._query.term_query(self._schema, "measures", token, "basic")
            for token in words.measures
        ]
        return [*(self._word(term) for term in _terms(words.text)), *amounts]

    def other_names(self, words: Words) -> list[Any]:
        """Return a query for each thing that the catalog may call by another name."""
        made = []
        for name, others in words.synonyms.items():
            terms = _terms(name)
            said = min((self._said(term) for term in terms), default=RARE)
            if said < RARE and (found := [q for text in others if (q := self._phrase(text))]):
                best = self._query.disjunction_max_query(found, 0.0)
                made.append(self._query.boost_query(best, SYNONYM_WEIGHT))
        return made

    def required(self, words: Words) -> list[Any]:
        """Return a query for each phrase that must occur."""
        return [query for text in words.phrases if (query := self._phrase(text)) is not None]

    def any_of(self, queries: Sequence[Any], required: Sequence[Any] = ()) -> Any:
        """Return a query for what any of `queries` finds and all of `required` do."""
        clauses = [(self._should, query) for query in queries]
        return self._query.boolean_query([*clauses, *((self._must, one) for one in required)])

    def counted(self, queries: Sequence[Any], keys: Sequence[int]) -> Any:
        """Return a query whose score for a key is the number of `queries` that find it."""
        among = self.among(keys)
        clauses = [(self._should, self._query.const_score_query(one, 1.0)) for one in queries]
        clauses.append((self._must, self._query.const_score_query(among, 0.0)))
        return self._query.boolean_query(clauses)

    def among(self, keys: Sequence[int]) -> Any:
        """Return a query for these keys."""
        if len(keys) > _FEW_KEYS:
            return self._query.term_set_query(self._schema, "key", list(keys))
        terms = (self._query.term_query(self._schema, "key", key, "basic") for key in keys)
        return self._query.boolean_query([(self._should, term) for term in terms])

    def limited(self, query: Any | None, filters: Sequence[Filter]) -> Any:
        """Return a query for what `query` finds (None: every record) and the filters let pass."""
        if query is None:
            query = self._query.const_score_query(self._query.all_query(), 0.0)
        if not filters:
            return query
        clauses = [(self._must, query)]
        for condition in filters:
            occur = self._must_not if condition.op == "not" else self._must
            found = self._query.const_score_query(self._condition(condition), 0.0)
            clauses.append((occur, found))
        return self._query.boolean_query(clauses)

    def _said(self, term: str) -> int:
        return max(self._frequency(name, term) for name in TEXT_FIELDS)

    def _word(self, term: str) -> Any:
        fields = [
            self._query.boost_query(
                self._query.term_query(self._schema, name, term, "freq"), weight
            )
            for name, weight in FIELD_WEIGHTS.items()
        ]
        return self._query.disjunction_max_query(fields, TIE)

    def _phrase(self, text: str, fields: Sequence[str] = _PHRASE_FIELDS) -> Any | None:
        terms = analyzer().analyze(text)
        if not terms:
            return None
        found = [
            self._query.phrase_query(self._schema, name, terms)
            if len(terms) > 1
            else self._query.term_query(self._schema, name, terms[0], "freq")
            for name in fields
        ]
        return self._query.disjunction_max_query(found, TIE)

    def _condition(self, condition: Filter) -> Any:
        """Return what a filter asks for; a "not" is turned round by the caller."""
        if condition.op == "between":
            return self._between(condition)
        if condition.field == WORDS:
            phrase = self._phrase(str(condition.value), _NAME_FIELDS)
            return self._query.empty_query() if phrase is None else phrase
        value = condition.value
        text = ("yes" if value else "no") if isinstance(value, bool) else value
        fact = f"{condition.field}={text}"
        return self._query.term_query(self._schema, "facts", fact, "basic")

    def _between(self, condition: Filter) -> Any:
        if condition.field == "price":
            return self._priced(condition)
        name = f"{condition.field}:{condition.unit}" if condition.unit else condition.field
        low, high = number_term(name, condition.low), number_term(name, condition.high)
        return self._parse(f"numbers:[{low} TO {high}]")

    def _priced(self, condition: Filter) -> Any:
        low, high = (None if math.isinf(x) else x for x in (condition.low, condition.high))
        if low is None and high is None:
            paid = self._query.exists_query("price")
        else:
            paid = self._query.range_query(self._schema, "price", self._float, low, high)
        wanted = f"currency={condition.unit.lower()}"
        others = [fact for fact in self._currencies if fact != wanted]
        if not condition.unit or wanted not in self._currencies or not others:
            return paid  # in a shop of one currency another one is a slip of the tongue
        priced_else = self._query.term_set_query(self._schema, "facts", others)
        return self._query.boolean_query([(self._must, paid), (self._must_not, priced_else)])


def _terms(text: str) -> list[str]:
    """Return the distinct terms of a text, in order."""
    terms = (term for token in query_tokens(text) for term in analyzer().analyze(token))
    return list(dict.fromkeys(terms))
