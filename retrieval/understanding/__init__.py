"""What a shopper's query asks for: filters, order, measures, corrections, and the words left.

`understand` reads a text against a catalog's `Vocabulary`; `without` takes a filter away again.
Knows no index, no ranking and no page.
"""

from retrieval.understanding.query import understand
from retrieval.understanding.synonyms import (
    SynonymFileError,
    Synonyms,
    general_synonyms,
    read_synonyms,
)
from retrieval.understanding.values import (
    Sort,
    Understanding,
    Understood,
    without,
    without_measures,
)

__all__ = [
    "Sort",
    "SynonymFileError",
    "Synonyms",
    "Understanding",
    "Understood",
    "general_synonyms",
    "read_synonyms",
    "understand",
    "without",
    "without_measures",
]
