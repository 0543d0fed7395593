"""What a chat turn can want, and how the page names it. Knows nothing of how a turn is routed.

The five authoring tasks share their names with the modules of `assistant.tasks`. `PURCHASE_INTENT`
is the paper's task (how likely is the searcher to buy), not the intent of a chat turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Intent(StrEnum):
    """The eight things a turn can want; the values are the names used in data and on the wire."""

    ADS = "ads"
    TITLE = "title"
    CLASSIFY = "classify"
    PURCHASE_INTENT = "intent"
    ANSWER = "answer"
    SEARCH = "search"
    CHITCHAT = "chitchat"
    OUT_OF_SCOPE = "out_of_scope"

    @property
    def label(self) -> str:
        """The name that the page shows, as in "Write an ad"."""
        return INTENT_TEXTS[self].label

    @property
    def description(self) -> str:
        """One line that tells a user what the assistant does with such a turn."""
        return INTENT_TEXTS[self].description


AUTHORING = (Intent.ADS, Intent.TITLE, Intent.CLASSIFY, Intent.PURCHASE_INTENT)
"""The intents that make something of a product, rather than say what is known of it."""


@dataclass(frozen=True, slots=True)
class IntentText:
    """The words for one intent on the page."""

    label: str
    description: str


INTENT_TEXTS: Mapping[Intent, IntentText] = MappingProxyType(
    {
        Intent.ADS: IntentText(
            "Write an ad", "Write an ad, promotion, social post or description for an item."
        ),
        Intent.TITLE: IntentText(
            "Improve a title", "Rewrite a product title for a search query or a platform."
        ),
        Intent.CLASSIFY: IntentText(
            "Classify an item", "Say which category, type or label an item belongs to."
        ),
        Intent.PURCHASE_INTENT: IntentText(
            "Judge purchase intent", "Judge how likely the searcher of a query is to buy an item."
        ),
        Intent.ANSWER: IntentText(
            "Answer a question", "Answer a question on items or on the shop from its records."
        ),
        Intent.SEARCH: IntentText(
            "Find products", "Find, recommend or list products that match a need."
        ),
        Intent.CHITCHAT: IntentText(
            "Small talk", "Greet, thank, or explain what the assistant can do."
        ),
        Intent.OUT_OF_SCOPE: IntentText(
            "Out of scope", "Orders, accounts, advice or topics that the catalog cannot answer."
        ),
    }
)
