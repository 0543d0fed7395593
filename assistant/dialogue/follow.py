"""One message after another: what it wants, of which products, in which words.

Knows the router and the retriever by their interfaces; finds products and composes questions and
searches, and leaves what to say of them to others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from assistant.dialogue.compared import compared
from assistant.dialogue.naming import (
    Named,
    is_any,
    name_products,
    rarity_in,
    tied,
    without_names,
)
from assistant.dialogue.products import (
    FOUND,
    by_ids,
    find,
    fitting,
    fitting_variant,
    list_in,
    named_in,
    siblings,
)
from assistant.dialogue.references import (
    Reference,
    asks_about_it,
    asks_in_full,
    goes_on,
    is_question,
    read_reference,
)
from assistant.dialogue.refining import refined
from assistant.dialogue.state import DialogueState
from assistant.errors import ProductNotFoundError
from assistant.intents import AUTHORING, Intent
from assistant.router import Route
from assistant.values import Routed, Utterance
from catalog_index.product import Product
from retrieval.registry import Retriever, find_product, search, understood
from retrieval.stems import stems
from retrieval.values import Hit, Query

_LOOK_BACK = 6
_SHORT_WORDS = 9
_MAX_CHOICES = 5
_NAMES_ANOTHER = 1.5
"""What a message's new names must count for to leave the product in focus for another."""

_NAMED_FOR_SURE, _BEYOND_DOUBT = 2.0, 3.0
_CONFUSED = (Intent.SEARCH, Intent.CLASSIFY)
"""What a question for a field may sound like: "look up the type of it"."""

_MOST_NAMED = 3

LISTED = 5


class TurnRouter(Protocol):
    """What a turn needs of the router."""

    def route(self, text: str) -> Route:
        """Return the intent of one message."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What one message wants.

    `products` are what it is about, the first before all; `choices` are products of which one is
    meant and the message does not say which. `question` is the message with "it" for the product's
    names, or the question that it repeats or goes on with (`is_rewritten`). `search` is the text of a search, with the conditions kept from
    the search before. `missing` is a description that no version of the product fits,
    `is_certain` says that the product is named beyond doubt, `is_kind` that the words name a kind
    of product only ("a T-shirt"). `state` is what the next message leans on.
    """

    routed: Routed
    message: str
    products: tuple[Hit, ...] = ()
    found: tuple[Hit, ...] = ()
    question: str = ""
    is_rewritten: bool = False
    choices: tuple[Hit, ...] = ()
    search: str = ""
    missing: str = ""
    is_certain: bool = False
    is_comparison: bool = False
    is_kind: bool = False
    state: DialogueState = field(default_factory=DialogueState)

    @property
    def focus(self) -> Hit | None:
        """The product that the message is about before any other."""
        return self.products[0] if self.products else None


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
            before = state
            reply = last[place + 1].text if place + 1 < len(last) else ""
            step = self.follow(utterance.text, state)
            state = step.state
            shown = list_in(self._retriever, reply)
            if shown or step.routed.intent == Intent.SEARCH:
                text = step.search or utterance.text
                hits = shown or search_hits(self._retriever, text, LISTED)
                state = self.listed(replace(step, search=text), hits).state
            elif reply and state.products == before.products:
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
        reference = read_reference(message)
        if step := self._chosen(message, reference, state):
            return step
        if not forced and (text := self._refined(message, reference, state)):
            routed = Routed(Intent.SEARCH.value, 1.0, False, ())
            return Step(routed, message, search=text, state=replace(state, task="search"))
        if step := self._again(message, reference, state, forced):
            return step
        found = find(self._retriever, self._corrected(message))
        named = name_products(message, found, self._rarity)
        routed = self._route(message, named, forced, is_known=bool(pinned or state.products))
        if routed.intent == Intent.SEARCH and not _is_about(reference, state, forced):
            kept = replace(state, task=routed.intent, choices=())
            return Step(routed, message, search=message, state=kept)
        if routed.intent in (Intent.CHITCHAT, Intent.OUT_OF_SCOPE) and not _leans(
            reference, state, forced
        ):
            return Step(routed, message, state=state)
        return self._about(message, reference, state, routed, pinned, found, named)

    def _route(
        self, message: str, named: Sequence[Named], forced: str | None, *, is_known: bool
    ) -> Routed:
        """Route a message by its words without the product's names, which say nothing of it.

        What asks something of a product that is known is a question, whatever else it sounds like.
        """
        if forced:
            return Routed(Intent(forced).value, 1.0, False, (), overruled=True)
        strong = [one for one in named if _is_strong(one)]
        masked = without_names(message, strong[:_MOST_NAMED])
        route = self._router.route(masked)
        if route.unsure and strong:
            plain = self._router.route(message)
            route = route if plain.unsure else plain
        best = (str(route.intent), route.confidence)
        others = tuple((str(name), share) for name, share in route.alternatives)
        if strong or is_known:
            unclear = route.unsure or route.intent == Intent.CHITCHAT
            about_it = route.intent in _CONFUSED and asks_about_it(masked)
            if (unclear and is_question(message)) or about_it:
                share = dict((best, *others)).get(Intent.ANSWER.value, 0.0)
                return Routed(Intent.ANSWER.value, share, False, (best, *others)[:4])
        choices = (best, *others)[:3] if route.unsure else others[:4]
        return Routed(*best, route.unsure, choices)

    def _about(
        self,
        message: str,
        reference: Reference,
        state: DialogueState,
        routed: Routed,
        pinned: str | None,
        found: Sequence[Hit],
        named: Sequence[Named],
    ) -> Step:
        """Settle the products of a message that asks or wants something of some."""
        before = by_ids(self._retriever, state.products[:1])
        if pinned:
            hit = find_product(self._retriever, pinned)
            if hit is None:
                raise ProductNotFoundError(
                    f"There is no product {pinned!r} in the catalog; check the id."
                )
            return self._of([hit], message, routed, state, found, is_certain=True)
        if reference.is_comparison and routed.intent not in AUTHORING:
            several = compared(self._retriever, message, reference, state, named)
            if len(several) > 1:
                return self._comparing(several, message, routed, state, found)
        if before and reference.is_elliptic and not (named and named[0].is_certain):
            if step := self._switched(message, reference, state, routed, before[0], found):
                return step
        listed = self._pointed(reference, state)
        if listed:
            return self._of(listed, message, routed, state, found, is_certain=True)
        return self._named(message, reference, state, routed, named, before, found)

    def _named(
        self,
        message: str,
        reference: Reference,
        state: DialogueState,
        routed: Routed,
        named: Sequence[Named],
        before: Sequence[Hit],
        found: Sequence[Hit],
    ) -> Step:
        """Settle which product's names, or which one of before, a message means."""
        if before and not _leaves(before[0], named, reference):
            return self._of(before, message, routed, state, found, is_certain=True)
        if not named:
            return self._of([], message, routed, state, found)
        best = tied(named)
        codes = [one for one in named if one.is_certain]
        if len(codes) > 1 and len({one.words for one in codes}) > 1 and not reference.is_comparison:
            apart = [one for one in codes if not any(one.words < other.words for other in codes)]
            several = [one.hit for one in apart][:3]
            return self._of(several, message, routed, state, found, named=apart, is_certain=True)
        if len(best) > 1:
            choices = tuple(one.hit for one in best)
            question = without_names(message, best[:1])
            kept = replace(
                state,
                choices=tuple(hit.id for hit in choices[:_MAX_CHOICES]),
                question=question,
                task=routed.intent,
            )
            return Step(routed, message, (), tuple(found), question, choices=choices, state=kept)
        certain = best[0].is_certain or best[0].weight >= _BEYOND_DOUBT
        return self._of(
            [best[0].hit], message, routed, state, found, named=best, is_certain=certain
        )

    def _of(
        self,
        products: Sequence[Hit],
        message: str,
        routed: Routed,
        state: DialogueState,
        found: Sequence[Hit],
        *,
        named: Sequence[Named] = (),
        question: str = "",
        is_certain: bool = False,
    ) -> Step:
        """Return the step of a message about these products."""
        rewritten = bool(question)
        if not named and products:
            found_names = name_products(message, products, self._rarity)[:1]
            named = [one for one in found_names if _is_strong(one)]
        question = question or without_names(message, named)
        kept = replace(state, question=question, task=routed.intent, choices=())
        if products:
            kept = kept.about(hit.id for hit in products)
        return Step(
            routed,
            message,
            tuple(products),
            tuple(found),
            question,
            is_rewritten=rewritten,
            is_certain=is_certain,
            state=kept,
        )

    def _comparing(
        self,
        products: Sequence[Hit],
        message: str,
        routed: Routed,
        state: DialogueState,
        found: Sequence[Hit],
    ) -> Step:
        intent = Intent.ANSWER.value
        kept = replace(state, question=message, task=intent).about(hit.id for hit in products)
        return Step(
            routed if routed.intent == intent else Routed(intent, 1.0, False, ()),
            message,
            tuple(products),
            tuple(found),
            message,
            is_certain=True,
            is_comparison=True,
            state=kept,
        )

    def _chosen(self, message: str, reference: Reference, state: DialogueState) -> Step | None:
        """Answer the waiting question for the product that a message chooses."""
        if not state.choices or len(message.split()) > _SHORT_WORDS or asks_in_full(message):
            return None
        offered = by_ids(self._retriever, state.choices)
        chosen = [offered[at] for at in reference.positions if -1 <= at < len(offered)]
        if not chosen:
            named = name_products(message, offered, self._rarity)
            best = tied(named) if named else []
            chosen = [best[0].hit] if len(best) == 1 else []
        if not chosen:
            fits = fitting(reference.description, offered)
            chosen = fits if len(fits) == 1 else []
        if len(chosen) != 1:
            return None
        task = state.task or Intent.ANSWER.value
        routed = Routed(task, 1.0, False, ())
        return self._of(
            chosen, message, routed, state, offered, question=state.question, is_certain=True
        )

    def _again(
        self, message: str, reference: Reference, state: DialogueState, forced: str | None
    ) -> Step | None:
        """Go on with what was being written: "make it shorter", "more playful", "another one"."""
        if forced or state.task not in AUTHORING or not state.products or not goes_on(message):
            return None
        if reference.positions or reference.is_one or reference.is_comparison:
            return None
        products = by_ids(self._retriever, state.products[:1])
        request = f"{state.question}; {message}" if state.question else message
        routed = Routed(state.task, 1.0, False, ())
        return self._of(
            products, message, routed, state, products, question=request, is_certain=True
        )

    def _refined(self, message: str, reference: Reference, state: DialogueState) -> str:
        """Return the search before with this message's conditions, "" where it goes elsewhere."""
        if not state.query:
            return ""
        old, new = (understood(self._retriever, text) for text in (state.query, message))
        if old is None or new is None:
            return ""
        is_last = state.task == Intent.SEARCH
        is_bare = new.only_filters and not reference.is_one
        return refined(old, new, reference) if is_last or is_bare else ""

    def _switched(
        self,
        message: str,
        reference: Reference,
        state: DialogueState,
        routed: Routed,
        before: Hit,
        found: Sequence[Hit],
    ) -> Step | None:
        """Ask the question before of another version, or of another product: "and the red one?"."""
        if not isinstance(before.record, Product):
            return None
        description = reference.description
        task = state.task if state.task in (*AUTHORING, Intent.ANSWER) else routed.intent
        again = Routed(task, 1.0, False, ()) if not routed.overruled else routed
        question = state.question or message
        if pointed := self._pointed(reference, state):
            return self._of(
                pointed[:1], message, again, state, found, question=question, is_certain=True
            )
        names_field = not reference.is_one and _names_field(description, before.record)
        if not description or names_field:
            return None
        among = fitting(description, by_ids(self._retriever, state.listed))
        if len(among) == 1 and among[0].id != before.id:
            return self._of(among, message, again, state, found, question=question, is_certain=True)
        if variant := fitting_variant(description, before.record):
            asked = f"{question} ({variant.name()})"
            return self._of([before], message, again, state, found, question=asked, is_certain=True)
        if alike := siblings(self._retriever, before, description):
            return self._of(
                alike[:1], message, again, state, found, question=question, is_certain=True
            )
        others = named_in(self._retriever, description, found)
        if len(others) == 1 and others[0].weight >= _NAMES_ANOTHER:
            hit = others[0].hit
            return self._of([hit], message, again, state, found, question=question, is_certain=True)
        if reference.is_one:
            kept = replace(state, choices=())
            return Step(
                again, message, (before,), tuple(found), question, missing=description, state=kept
            )
        return None

    def _pointed(self, reference: Reference, state: DialogueState) -> list[Hit]:
        """Return the products at the places that a message points at."""
        ids = state.listed or state.mentioned
        there = [ids[at] for at in reference.positions if -1 <= at < len(ids)]
        return by_ids(self._retriever, there)

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


def _is_strong(named: Named) -> bool:
    """Whether words name a product, and do not merely stand in its title too."""
    return named.is_certain or named.weight >= _NAMED_FOR_SURE


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
    held = stems(said)
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


def _names_field(description: str, record: Product) -> bool:
    """Whether a description is the name of one of the record's fields, or part of one."""
    wanted = stems(description)
    return bool(wanted) and any(wanted <= stems(name) for name, _ in record.fields())


def _is_about(reference: Reference, state: DialogueState, forced: str | None) -> bool:
    """Whether a message that sounds like a search points at products of the conversation."""
    known = bool(state.products or state.listed)
    points = reference.is_comparison or reference.positions or reference.is_one
    return known and not forced and bool(points) and not reference.is_many


def _leans(reference: Reference, state: DialogueState, forced: str | None) -> bool:
    """Whether a message that seems to want nothing goes on with a product: "and the red one?"."""
    if forced or not (state.products or state.choices):
        return False
    points = reference.is_elliptic or reference.is_comparison or reference.positions
    return bool(points) and not (reference.is_correction and not reference.description)
