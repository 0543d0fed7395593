"""Prompts of one click, each named by what it shows, made from products of the index at hand.

Two kinds: requests to the whole assistant, and tasks that no training pair held, which the models
do alone so that nothing but tuning makes the difference. Knows records, no model and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.stage.values import BASE, TUNED, System
from catalog_index.product import Product
from retrieval.registry import Retriever, find_product, search
from retrieval.stems import stems
from retrieval.values import Query

_GUESS = System(BASE, "alone")
_ALONE = System(TUNED, "alone")
_OPEN = System(TUNED, "unchecked")
_WHOLE = System(TUNED, "checked")
_DEMO_IDS = ("HP-1001", "HB-1023", "HP-1003")
_LOOKED_AT = 40
_STATES = ("proof", "resistant", "able", "cancelling", "free", "less", "organic")
_QUESTIONS = (
    ("battery life", "what is the battery life of {id}?"),
    ("noise level", "how loud is {id} in decibels?"),
    ("recycled share", "how much of {id} is recycled?"),
)
_MEASURED = ("weight", "battery life", "capacity", "power", "height", "length", "width")


@dataclass(frozen=True, slots=True)
class Preset:
    """A prompt and the systems that show its point; `shows` says it in a line."""

    name: str
    shows: str
    prompt: str
    systems: tuple[System, ...]
    is_zero_shot: bool = False


def presets(retriever: Retriever, *, is_demo: bool) -> list[Preset]:
    """Return the presets that this index has products for.

    Raises:
        CatalogError, RetrievalError: the index cannot be read.
    """
    products = list(_products(retriever, is_demo))
    return [*_of_the_catalog(products), *_never_trained(products)]


def _products(retriever: Retriever, is_demo: bool) -> Iterator[Product]:
    if is_demo:
        found = [find_product(retriever, code) for code in _DEMO_IDS]
        yield from (hit.record for hit in found if hit and isinstance(hit.record, Product))
    for hit in search(retriever, Query("popular item", _LOOKED_AT, "product")):
        if isinstance(hit.record, Product):
            yield hit.record


def _of_the_catalog(products: Sequence[Product]) -> Iterator[Preset]:
    """Yield what the catalog and its checks change."""
    if found := _first(products, _measured):
        product, name = found
        yield Preset(
            "A fact, or a guess",
            "The base model makes a figure up; with the catalog it is read and cited.",
            f"what is the {name} of {product.id}?",
            (_GUESS, _WHOLE),
        )
    if found := _first(products, _denied):
        product, name = found
        yield Preset(
            "A false premise",
            f"The record says that it is not {name}. Who goes along with the shopper?",
            f"since {product.id} is {name}, can I rely on that?",
            (_GUESS, _WHOLE),
        )
    if found := _first(products, _unanswered):
        product, question = found
        yield Preset(
            "No answer in the catalog",
            "The record does not hold it. A sound system says so.",
            question,
            (_GUESS, _WHOLE),
        )
    if products:
        product = products[0]
        yield Preset(
            "An ad that stays true",
            "The base model alone, LLaMA-E without its checks, and the whole assistant.",
            f"write an ad for {product.id} in at most 30 words",
            (_GUESS, _OPEN, _WHOLE),
        )
        kind = product.product_type.rpartition(" > ")[2].lower() or product.title.lower()
        yield Preset(
            "A title for eBay",
            "The query's words come first, within 80 characters, from the record alone.",
            f"rewrite the title of {product.id} for eBay, for the query '{kind}'",
            (_GUESS, _WHOLE),
        )


def _never_trained(products: Sequence[Product]) -> Iterator[Preset]:
    """Yield tasks that no pair of the training data held, for base and tuned model alone."""
    thing = products[0] if products else None
    title = thing.title if thing else "Steel kettle 1.7 l"
    yield Preset(
        "New task: a review's feeling",
        "Never trained on: one word for what a buyer felt.",
        "Decide what feeling the buyer's review shows.\n\nCategories: positive, negative, mixed\n"
        "Review: It feels solid and I use it every day. I would buy it again.\n"
        f"Product: {title}",
        (_GUESS, _ALONE),
        is_zero_shot=True,
    )
    if thing:
        facts = "\n".join(f"- {name}: {value}" for name, value in _facts(thing))
        yield Preset(
            "New task: a shopper's question",
            "Never trained on: ask what the record answers.",
            "Write one question that a shopper may ask and that the record answers."
            f" Write the question alone.\n\nProduct: {title}\n{facts}",
            (_GUESS, _ALONE),
            is_zero_shot=True,
        )
    yield Preset(
        "New labels: a weak side",
        "Shelf names that no training pair held. It names one; is it the right one?",
        "Choose the category that the product belongs to.\n\nCategories: On the move,"
        f" In the kitchen, In the garden, For children, At the desk\nProduct: {title}",
        (_GUESS, _ALONE),
        is_zero_shot=True,
    )


def _first(
    products: Sequence[Product], find: Callable[[Product], str]
) -> tuple[Product, str] | None:
    """Return the first product of which `find` says something, and what."""
    return next(((one, told) for one in products if (told := find(one))), None)


def _measured(product: Product) -> str:
    """Return the name of a field that holds a figure."""
    fields = {name: text for name, text in product.fields() if text[:1].isdigit()}
    return next((name for name in _MEASURED if name in fields), "")


def _denied(product: Product) -> str:
    """Return a state that the record says the product has not: "water resistant"."""
    denied = [name for name, value in product.attributes.items() if value is False]
    return next((name for end in _STATES for name in denied if name.endswith(end)), "")


def _unanswered(product: Product) -> str:
    """Return a question whose field the record lacks."""
    held = stems(" ".join(f"{name} {text}" for name, text in product.fields()))
    return next(
        (asked.format(id=product.id) for field, asked in _QUESTIONS if not stems(field) & held), ""
    )


def _facts(product: Product) -> list[tuple[str, str]]:
    skipped = {"title", "description", "stock", "gtin", "model number", "price", "availability"}
    return [(name, text) for name, text in product.fields() if name not in skipped][:6]
