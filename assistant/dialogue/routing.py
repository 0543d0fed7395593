"""The intent of a message in a conversation: the router's, but for questions about a product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.dialogue.naming import Named, tied, without_names
from assistant.dialogue.references import Reference, asks_about_it, is_question
from assistant.dialogue.state import DialogueState
from assistant.dialogue.step import is_strong
from assistant.errors import AssistantError
from assistant.intents import Intent
from assistant.router import Route
from assistant.values import Routed
from catalog_index.product import Product
from retrieval.asked_field import asked_names, fields_named
from retrieval.values import Hit

_CONFUSED = (Intent.SEARCH, Intent.CLASSIFY)
"""What a question for a field may sound like: "look up the type of it"."""

_MOST_NAMED = 3


class IntentError(AssistantError):
    """The intent that a turn is to have is none."""


class TurnRouter(Protocol):
    """What a turn needs of the router."""

    def route(self, text: str) -> Route:
        """Return the intent of one message."""
        ...


def route_turn(
    router: TurnRouter,
    message: str,
    named: Sequence[Named],
    forced: str | None,
    *,
    is_known: bool,
    is_field: Callable[[str], bool] | None = None,
) -> Routed:
    """Route a message by its words without the products' names, which say nothing of what it wants.

    What asks something of a product that is known is a question, whatever else it sounds like.

    Args:
        router: gives the intent of the words.
        message: the user's words.
        named: the products that they name.
        forced: the intent, where the user chose it.
        is_known: whether a product is in focus or pinned.
        is_field: whether some record of the catalog has a field of a name, where that is known.
    """
    if forced:
        if forced not in list(Intent):
            raise IntentError(f"There is no intent {forced!r}. Intents: {', '.join(Intent)}.")
        return Routed(Intent(forced).value, 1.0, False, (), overruled=True)
    strong = [one for one in named if is_strong(one)]
    is_kind = bool(strong) and len(tied(strong)) > 1 and not strong[0].is_certain
    if is_kind and not asks_for_field(without_names(message, strong[:1]), strong[0].hit, is_field):
        strong = []  # the words name a kind: "which rain jackets do you have?"
    masked = without_names(message, strong[:_MOST_NAMED])
    route = router.route(masked)
    if route.unsure and strong:
        plain = router.route(message)
        route = route if plain.unsure else plain
    best = (str(route.intent), route.confidence)
    others = tuple((str(name), share) for name, share in route.alternatives)
    if strong and asks_for_field(masked, strong[0].hit, is_field):
        return Routed(Intent.ANSWER.value, 1.0, False, (best, *others)[:4])
    if strong or is_known:
        unclear = route.unsure or route.intent == Intent.CHITCHAT
        about_it = route.intent in _CONFUSED and asks_about_it(masked)
        if (unclear and is_question(message)) or about_it:
            share = dict((best, *others)).get(Intent.ANSWER.value, 0.0)
            return Routed(Intent.ANSWER.value, share, False, (best, *others)[:4])
    choices = (best, *others)[:3] if route.unsure else others[:4]
    return Routed(*best, route.unsure, choices)


def asks_for_field(masked: str, hit: Hit, is_field: Callable[[str], bool] | None = None) -> bool:
    """Whether a message, the product's names taken out, asks by name for a field.

    It is one of the product's record, or one of the catalog where the message speaks of "it".
    """
    if not isinstance(hit.record, Product) or not is_question(masked):
        return False
    fields = [name for name, _ in hit.record.fields()]
    names = asked_names(masked)
    known = is_field if is_field and asks_about_it(masked) else None
    return any(fields_named(name, fields) or (known and known(name)) for name in names)


def points_at_products(reference: Reference, state: DialogueState, forced: str | None) -> bool:
    """Whether a message that sounds like a search points at products of the conversation."""
    known = bool(state.products or state.listed)
    goes_on = reference.is_elliptic and bool(state.products) and not state.query
    points = reference.is_comparison or reference.positions or reference.is_one or goes_on
    return known and not forced and bool(points) and not reference.is_many


def leans(reference: Reference, state: DialogueState, forced: str | None) -> bool:
    """Whether a message that seems to want nothing goes on with a product: "and the red one?"."""
    if forced or not (state.products or state.choices):
        return False
    points = reference.is_elliptic or reference.is_comparison or reference.positions
    return bool(points) and not (reference.is_correction and not reference.description)
