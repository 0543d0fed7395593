"""What one message wants, as values: what was heard of it, and the step that was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.dialogue.naming import Named, Rarity, alike, name_products, without_names
from assistant.dialogue.references import Reference
from assistant.dialogue.state import DialogueState
from assistant.intents import Intent
from assistant.values import Routed
from retrieval.values import Hit

_NAMED_FOR_SURE = 2.0


@dataclass(frozen=True, slots=True)
class Step:
    """What one message wants.

    `products` are what it is about, the first before all; `choices` are products of which one is
    meant and the message does not say which. `question` is the message with "it" for the product's
    names, or the question that it repeats or goes on with (`is_rewritten`). `search` is the text of
    a search, with the conditions kept from the search before. `missing` is a description that no
    version of the product fits, `unknown` a code that no product bears. `is_certain` says that the
    product is named beyond doubt, `is_kind` that the words name a kind of product only ("a
    T-shirt"). `state` is what the next message leans on.
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
    unknown: str = ""
    is_certain: bool = False
    is_comparison: bool = False
    is_kind: bool = False
    state: DialogueState = field(default_factory=DialogueState)

    @property
    def focus(self) -> Hit | None:
        """The product that the message is about before any other."""
        return self.products[0] if self.products else None


@dataclass(frozen=True, slots=True)
class Heard:
    """A message before its products are settled: how it points back, its intent, what was found.

    `named` are the found products that it names, the best first.
    """

    message: str
    reference: Reference
    state: DialogueState
    routed: Routed
    found: tuple[Hit, ...] = ()
    named: tuple[Named, ...] = ()
    rarity: Rarity = alike

    def about(
        self,
        products: Sequence[Hit],
        *,
        named: Sequence[Named] = (),
        question: str = "",
        is_certain: bool = False,
    ) -> Step:
        """Return the step of a message about these products.

        Args:
            products: the first before all.
            named: those of them that the message names, to be left out of the question.
            question: what is asked, where it is not the message's own.
            is_certain: see `Step`.
        """
        if not named and products:
            found = name_products(self.message, products, self.rarity)[:1]
            named = [one for one in found if is_strong(one)]
        asked = question or without_names(self.message, named)
        kept = replace(self.state, question=asked, task=self.routed.intent, choices=())
        if products:
            kept = kept.about(hit.id for hit in products)
        return Step(
            self.routed,
            self.message,
            tuple(products),
            self.found,
            asked,
            is_rewritten=bool(question),
            is_certain=is_certain,
            state=kept,
        )

    def comparing(self, products: Sequence[Hit]) -> Step:
        """Return the step of a message that compares these products: it asks, whatever it was."""
        intent = Intent.ANSWER.value
        routed = self.routed if self.routed.intent == intent else Routed(intent, 1.0, False, ())
        step = replace(self, routed=routed).about(products, question=self.message, is_certain=True)
        return replace(step, is_comparison=True, is_rewritten=False)

    def instead(self, intent: str) -> Heard:
        """Return the message as one of another intent, which the turns before decide."""
        if self.routed.overruled or not intent:
            return self
        return replace(self, routed=Routed(intent, 1.0, False, ()))


def is_strong(named: Named) -> bool:
    """Whether words name a product, and do not merely stand in its title too."""
    return named.is_certain or named.weight >= _NAMED_FOR_SURE
