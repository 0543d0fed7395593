"""What a query seems to prefer, without saying that it must be: raises hits and drops none.

A value named in passing ("Brio headphones"), an amount ("500 GB drive"), and the kind of thing that
the query's last words name, if only by another name than the catalog's ("hp laptop" where the
catalog says "notebook"): the last words of an English noun phrase are its head.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog_index.filters import Filter, Vocabulary, fold
from catalog_index.index import CatalogIndex
from catalog_index.units import measure_token
from retrieval.understanding import Understood

PASSING = 0.05
"""What a record gains, as a share of the best score, for a value named in passing."""

AMOUNT = 0.2
"""What it gains for the amounts that the query names."""

KIND = 0.4
"""What it gains for being of the kind that the query's last words name by another name."""


def kinds_named(asked: Understood, vocabulary: Vocabulary) -> list[Filter]:
    """Return the product types that the query's last words name by other names."""
    said = fold(asked.words)
    names = [
        name
        for phrase, others in asked.expansions.items()
        if said == phrase or said.endswith(f" {phrase}")
        for name in others
    ]
    return [
        Filter("product type", "is", name)
        for name in dict.fromkeys(names)
        if "product type" in vocabulary.fields_with(name)
    ]


def prefer(
    index: CatalogIndex,
    asked: Understood,
    kinds: Sequence[Filter],
    scores: Mapping[int, float],
) -> dict[int, float]:
    """Return the scores, best first, with those raised whose records are what is preferred.

    Args:
        index: where the records are.
        asked: the query.
        kinds: what `kinds_named` says of it.
        scores: the score of each key.
    """
    if not scores:
        return {}
    raised, keys, best = dict(scores), list(scores), max(scores.values())
    wanted = [([item.filter], PASSING) for item in asked.preferences]
    for filters, gain in wanted:
        for key in index.words.passing(keys, filters):
            raised[key] += gain * best
    for key in {key for kind in kinds for key in index.words.passing(keys, [kind])}:
        raised[key] += KIND * best
    tokens = [measure_token(measure) for measure in asked.measures]
    for key, count in index.words.measured(keys, tokens).items():
        raised[key] += AMOUNT * best * count / len(tokens)
    whole = max(1.0, *raised.values())  # a score stays below that of a product named by its code
    ranked = sorted(raised.items(), key=lambda item: (-item[1], item[0]))
    return {key: score / whole for key, score in ranked}
