"""One message after another: what it wants, of which products, in which words.

Knows the router and the retriever by their interfaces; finds products and composes questions and
searches, and leaves what to say of them to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.dialogue.compared import compared
from assistant.dialogue.earlier import chosen, once_more, pointed, refined_search, switched
from assistant.dialogue.naming import (
    Named,
    is_any,
    name_products,
    rarity_in,
    tied,
    without_names,
)
from assistant.dialogue.products import FOUND, around, by_ids, coded_in, list_in, named_in
from assistant.dialogue.references import Reference, read_reference, without_places
from assistant.dialogue.routing import TurnRouter, leans, points_at_products, route_turn
from assistant.dialogue.state import DialogueState
from assistant.dialogue.step import Heard, Step, is_strong
from assistant.errors import ProductNotFoundError
from assistant.intents import AUTHORING, Intent
from assistant.values import Routed, Utterance
from catalog_index.product import Product
from retrieval.registry import Retriever, find_product, search, understood
from retrieval.stems import all_stems, stems
from retrieval.values import Hit, Query

LISTED = 5
"""How many products a search's answer lists."""

_LOOK_BACK = 6
_MAX_CHOICES = 5
_SEVERAL = 3
_BEYOND_DOUBT = 3.0
_UNROUTED = Routed("", 0.0, False, ())


class Dialogue:
    """Follows conversations; holds none: the state comes and goes with each message."""

    def __init__(self, retriever: Retriever, router: TurnRouter) -> None:
        self._retriever = retriever
        self._router = router
        self._rarity = rarity_in(retriever)

    def replay(self, history: Sequence[Utterance]) -> DialogueState:
        """Make the state of a conversation of which only the messages are known."""
        state = DialogueState()
        last = list(history)[-2 * _LOOK_BACK :]
        for place, utterance in enumerate(last):
            if utterance.role != "user" or not utterance.text.strip():
                continue
            reply = last[place + 1].text if place + 1 < len(last) else ""
            step = self.follow(utterance.text, state)
            state = step.state
            shown = list_in(self._retriever, reply)
            if shown or step.routed.intent == Intent.SEARCH:
                text = step.search or utterance.text
                hits = shown or search_hits(self._retriever, text, LISTED)
                state = self.listed(replace(step, search=text), hits).state
            elif reply and not state.products:
                state = self._told(state, reply)
        return state

    def listed(self, step: Step, hits: Sequence[Hit]) -> Step:
        """Return a search's step with the list that it showed as what "the first" points at."""
        products = [hit.id for hit in hits if hit.kind == "product"]
        state = replace(
            step.state,
            listed=tuple(products),
            query=step.search,
            products=tuple(products[:1]),
            choices=(),
        )
        return replace(step, state=state)

    def follow(
        self,
        message: str,
        state: DialogueState,
        *,
        forced: str | None = None,
        pinned: str | None = None,
    ) -> Step:
        """Return what a message wants.

        Args:
            message: the user's words.
            state: what the messages before left.
            forced: the intent, where the user chose it.
            pinned: a code of the product that the message is about.

        Raises:
            ProductNotFoundError: no product has the code `pinned`.
        """
        heard = Heard(message, read_reference(message), state, _UNROUTED, rarity=self._rarity)
        if not forced and not pinned and (step := self._goes_on(heard)):
            return step
        coded, unknown = coded_in(self._retriever, message)
        near = around(self._retriever, message, self._corrected(message))
        found = list({hit.id: hit for hit in (*coded, *near)}.values())
        named = name_products(message, found, self._rarity)
        is_known = bool(pinned or state.products)
        routed = route_turn(
            self._router,
            message,
            named,
            forced,
            is_known=is_known,
            is_field=getattr(self._retriever, "is_field", None),
        )
        heard = replace(heard, routed=routed, found=tuple(found), named=tuple(named))
        if routed.intent == Intent.SEARCH and not points_at_products(
            heard.reference, state, forced
        ):
            kept = replace(state, task=routed.intent, choices=())
            return Step(routed, message, search=message, state=kept)
        if routed.intent in (Intent.CHITCHAT, Intent.OUT_OF_SCOPE) and not leans(
            heard.reference, state, forced
        ):
            return Step(routed, message, state=state)
        step = self._about(heard, pinned)
        return replace(step, unknown=unknown) if unknown and not coded else step

    def _goes_on(self, heard: Heard) -> Step | None:
        """Return the step of a message that only makes sense after the turns before it."""
        if step := chosen(self._retriever, heard):
            return step
        if text := refined_search(self._retriever, heard):
            routed = Routed(Intent.SEARCH.value, 1.0, False, ())
            kept = replace(heard.state, task=routed.intent)
            return Step(routed, heard.message, search=text, state=kept)
        return once_more(self._retriever, heard)

    def _about(self, heard: Heard, pinned: str | None) -> Step:
        """Settle the products of a message that asks or wants something of some."""
        if pinned:
            hit = find_product(self._retriever, pinned)
            if hit is None:
                raise ProductNotFoundError(
                    f"There is no product {pinned!r} in the catalog; check the id."
                )
            others = [one.hit for one in heard.named[:1] if one.is_certain and one.hit.id != hit.id]
            if others and heard.reference.is_comparison:
                return heard.comparing([hit, *others])
            return heard.about(others or [hit], is_certain=True)
        reference, state = heard.reference, heard.state
        if reference.is_comparison and heard.routed.intent not in AUTHORING:
            several = compared(self._retriever, heard.message, reference, state, heard.named)
            if len(several) > 1:
                return heard.comparing(several)
        before = by_ids(self._retriever, state.products[:1])
        is_named = bool(heard.named) and heard.named[0].is_certain
        if before and reference.is_elliptic and not is_named:
            step = switched(self._retriever, heard, before[0])
            if step is not None:
                return step
        if there := pointed(self._retriever, reference, state):
            return heard.about(there, question=without_places(heard.message), is_certain=True)
        if before and not _leaves(before[0], heard.named, reference):
            return heard.about(before, is_certain=True)
        # "Is it vegan?" with nothing in focus names no product by the word that it asks about.
        asks_of_it = reference.is_pronoun and not before
        if not heard.named or (asks_of_it and not is_strong(heard.named[0])):
            return heard.about([])
        return self._named(heard)

    def _named(self, heard: Heard) -> Step:
        """Settle which product a message's names mean."""
        several = _apart([one for one in heard.named if one.is_certain])[:_SEVERAL]
        if len(several) > 1:
            return heard.about([one.hit for one in several], named=several, is_certain=True)
        best = tied(heard.named)
        if len(best) == 1:
            certain = best[0].is_certain or best[0].weight >= _BEYOND_DOUBT
            return heard.about([best[0].hit], named=best, is_certain=certain)
        question = without_names(heard.message, best[:1])
        kept = replace(
            heard.state,
            choices=tuple(one.hit.id for one in best[:_MAX_CHOICES]),
            question=question,
            task=heard.routed.intent,
        )
        return Step(
            heard.routed,
            heard.message,
            found=heard.found,
            question=question,
            choices=tuple(one.hit for one in best),
            is_kind=not is_strong(best[0]) or is_any(heard.message, best[0]),
            state=kept,
        )

    def _told(self, state: DialogueState, reply: str) -> DialogueState:
        """Return the state with the product that a reply names for sure."""
        named = named_in(self._retriever, reply[:400])
        certain = [one.hit.id for one in named if one.is_certain]
        return state.about(certain) if len(certain) == 1 else state

    def _corrected(self, message: str) -> str:
        """Return a message with the misspelt words as the catalog spells them."""
        asked = understood(self._retriever, message)
        if asked is None or not asked.corrections:
            return message
        pieces = [piece for piece in asked.pieces if piece.spelling]
        for piece in sorted(pieces, key=lambda one: -one.start):
            message = message[: piece.start] + piece.spelling + message[piece.end :]
        return message


def search_hits(retriever: Retriever, text: str, most: int = FOUND) -> list[Hit]:
    """Return what a shopper's search finds, its conditions understood."""
    return search(retriever, Query(text, most, "product", understand=True))


def _apart(named: Sequence[Named]) -> list[Named]:
    """Return the products that are named by words of their own, the best named of each words."""
    kept: list[Named] = []
    for one in named:
        if not any(set(one.core) & set(other.core) for other in kept):
            kept.append(one)
    return kept


def _leaves(before: Hit, named: Sequence[Named], reference: Reference) -> bool:
    """Whether a message leaves the product in focus for one that it names.

    "Does it have noise cancelling?" names headphones, but may well ask that of the last ones: words
    that the record in focus holds too name no other.
    """
    if not named or not isinstance(before.record, Product):
        return bool(named)
    best = named[0]
    if best.is_certain:
        return True
    if any(one.hit.id == before.id for one in tied(named)):
        return False
    if not isinstance(best.hit.record, Product):
        return False
    said = " ".join(f"{name} {text}" for name, text in before.record.fields())
    held = all_stems(said)
    new = _new_names(best.hit.record, held)
    names = [one for one in named if one.weight >= best.weight]
    fresh = sum(1 for stem in new if any(stem in stems(_names(one.hit)) for one in names))
    asked = stems(reference.rest)
    told = len(asked & new)
    kind = stems(best.hit.record.product_type.rpartition(" > ")[2])
    if reference.is_pronoun:
        return fresh > 0 and told >= 2
    return told >= 2 or bool(asked & new & kind)


def _new_names(record: Product, held: set[str]) -> set[str]:
    return stems(f"{record.title} {record.brand} {record.product_type}") - held


def _names(hit: Hit) -> str:
    return f"{hit.title} {hit.record.brand}" if isinstance(hit.record, Product) else hit.title
