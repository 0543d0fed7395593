"""Products of a conversation out of the catalog: by id, by a name, by a description, siblings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.dialogue.naming import Named, name_products, rarity_in, read_words, tied
from catalog_index.filters import fold
from catalog_index.product import Product, Variant, render_value
from catalog_index.units import find_measures
from retrieval.registry import Retriever, find_product, search
from retrieval.stems import stems
from retrieval.values import Hit, Query

FOUND = 12
"""How many products a search for the one that is meant looks at."""

_SIBLINGS = 20
_MOST_LISTED = 10
_MOST_CODES = 4
_MODEL = re.compile(r"\b(?=\w*\d)[A-Za-z0-9]{5,}\b")
_MOST_MODELS, _OF_MODEL = 2, 4
_CODED = re.compile(
    r"\b(?:item|product|article|artikel|produtc|porduct|sku|mpn|gtin|ean|id|art\.?|part|code|"
    r"ref\.?)"
    r"(?:[ -](?:number|no\.?|nr\.?|num|code|"
    r"id))?\s*[:#]?\s*(?P<code>(?=[\w./-]*\d)[A-Za-z0-9][\w./-]{2,40})",
    re.I,
)
_LINE = re.compile(r"^\s*\d{1,2}[.)]\s+(?P<title>.+)$", re.M)
_ALIKE = 0.6
_EQUAL = 0.01


def by_ids(retriever: Retriever, ids: Iterable[str]) -> list[Hit]:
    """Return the products of these ids that the catalog still has."""
    found = (find_product(retriever, one) for one in dict.fromkeys(ids))
    return [hit for hit in found if hit is not None]


def find(retriever: Retriever, text: str, most: int = FOUND) -> list[Hit]:
    """Return the products that a text may name."""
    return search(retriever, Query(text, most, "product")) if text.strip() else []


def coded_in(retriever: Retriever, message: str) -> tuple[list[Hit], str]:
    """Return the products of the codes that a message announces, and a code that none bears.

    "item number 19893" announces one; a mere number does not.
    """
    hits, unknown = [], ""
    for match in list(_CODED.finditer(message))[:_MOST_CODES]:
        code = match["code"].rstrip(".-/")
        if hit := find_product(retriever, code):
            hits.append(hit)
        else:
            unknown = unknown or code
    return hits, unknown


def around(retriever: Retriever, message: str, corrected: str) -> list[Hit]:
    """Return the products that a message may name, those of its model numbers too.

    The other words of a question may outweigh a model number that stands in a title only.
    """
    hits = find(retriever, corrected)
    numbers = [word for word in _MODEL.findall(message) if any(c.isalpha() for c in word)]
    for number in numbers[:_MOST_MODELS]:
        if not any(number.casefold() in hit.title.casefold() for hit in hits):
            hits += find(retriever, number, _OF_MODEL)
    return hits


def list_in(retriever: Retriever, reply: str) -> list[Hit]:
    """Return the products of a numbered list of titles, in its order; none where it is no list."""
    lines = [match["title"].strip() for match in _LINE.finditer(reply)][:_MOST_LISTED]
    if len(lines) < 2:
        return []
    found = []
    for line in lines:
        named = [one for one in named_in(retriever, line) if one.is_certain]
        found += [named[0].hit] if named else []
    return found if len(found) == len(lines) else []


def named_in(retriever: Retriever, text: str, others: Sequence[Hit] = ()) -> list[Named]:
    """Return the products that a text names as well as any, of those that it finds."""
    hits = {hit.id: hit for hit in (*find(retriever, text), *others)}
    named = name_products(text, list(hits.values()), rarity_in(retriever))
    return tied(named) if named else []


def fitting(description: str, hits: Sequence[Hit]) -> list[Hit]:
    """Return the products that a description fits: "red", "500 ml", "the HP"."""
    return [
        hit
        for hit in hits
        if isinstance(hit.record, Product) and _fits(description, _told(hit.record))
    ]


def fitting_variant(description: str, product: Product) -> Variant | None:
    """Return the variant of a product that a description fits, if it is the only one."""
    found = [one for one in product.variants if _fits(description, f"{one.name()} {one.title}")]
    return found[0] if len(found) == 1 else None


def siblings(retriever: Retriever, hit: Hit, description: str) -> list[Hit]:
    """Return the other versions of a product that a description fits, the most alike first."""
    if not isinstance(hit.record, Product):
        return []
    record = hit.record
    around = find(retriever, f"{record.title} {description}", _SIBLINGS)
    others = fitting(description, [other for other in around if other.id != hit.id])
    alike = [(likeness(record, other.record), other) for other in others]
    near = [pair for pair in alike if pair[0] >= _ALIKE]
    return [other for _, other in sorted(near, key=lambda pair: -pair[0])]


def likeness(one: Product, other: object) -> float:
    """Return how much two products are versions of one, in [0, 2]; 2 is the same item group."""
    if not isinstance(other, Product):
        return 0.0
    if one.item_group_id and one.item_group_id == other.item_group_id:
        return 2.0
    mine, theirs = stems(one.title), stems(other.title)
    shared = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    return shared if one.brand == other.brand else shared / 2


def _told(record: Product) -> str:
    values = " ; ".join(
        name if value is True else render_value(value)
        for name, value in record.attributes.items()
        if value is not False
    )
    return f"{record.title} ; {record.brand} ; {record.product_type} ; {values}"


def _fits(description: str, told: str) -> bool:
    """Whether all words and measures of a description are told of a product."""
    measures = find_measures(description)
    for measure in measures:
        known = (one for one in find_measures(told) if one.dimension == measure.dimension)
        if not any(abs(one.amount - measure.amount) <= _EQUAL * measure.amount for one in known):
            return False
    for measure in reversed(measures):
        description = description[: measure.start] + " " + description[measure.end :]
    wanted = {word.folded for word in read_words(description) if not word.is_plain}
    held = {word.folded for word in read_words(fold(told))}
    return bool(wanted or measures) and wanted <= held
