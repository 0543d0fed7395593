"""The values of this package: what is asked, what was found, what it stands on. Frozen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from catalog_index.product import Passage, Product

Kind = Literal["product", "passage"]


@dataclass(frozen=True, slots=True)
class Query:
    """What a turn needs found.

    Args:
        text: the words to search by.
        k: how many hits at most.
        kind: only products, only passages, or None for both.
        understand: whether conditions in the words ("under 50 euros", "not waterproof",
            "cheapest") decide what is found, as a shopper's search wants it; a question about a
            product does not.
    """

    text: str
    k: int = 10
    kind: Kind | None = None
    understand: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that a search found.

    `score` is comparable within one search only (higher is better), `similarity` is the cosine of
    query and record in [-1, 1] where the retriever knows it. `exact` says that the query named
    this record's id, SKU, GTIN or model number. `matched` names the fields that share words
    with the query.
    """

    record: Product | Passage
    score: float
    similarity: float | None = None
    exact: bool = False
    matched: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The record's id."""
        return self.record.id

    @property
    def title(self) -> str:
        """The record's title as a citation shows it."""
        return self.record.title

    @property
    def kind(self) -> Kind:
        """Whether this is a product or a passage of a document."""
        return "product" if isinstance(self.record, Product) else "passage"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One field of a product or one passage, offered to the model as a fact.

    `source_id` is the product's or passage's id, `field` the field's name ("battery life",
    "passage"), `score` the chance that it answers the question, in [0, 1].
    """

    source_id: str
    source_title: str
    kind: Kind
    field: str
    text: str
    score: float

    @property
    def is_opinion(self) -> bool:
        """Whether buyers say it and not the shop: a review, a community's answer."""
        return is_opinion_field(self.field)


_OPINION = re.compile(
    r"\breviews?\b|\btestimonials?\b|\bq ?& ?a\b|\bq and a\b|\bquestions? (?:and|&) answers?\b"
    r"|\b(?:community|customer|buyer|user|shopper)(?:s|'s|s')?"
    r" (?:answer|question|opinion|comment)s?\b"
    r"|^(?:questions?|answers?|comments?|opinions?)(?: \d+)?$",
    re.I,
)


def is_opinion_field(name: str) -> bool:
    """Whether a field of this name holds what buyers say: "customer review 2"."""
    return bool(_OPINION.search(name.replace("_", " ")))
