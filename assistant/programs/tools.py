"""What programs may ask of the assistant, as typed functions over the parts of the command line.

Know no protocol, no user and no page.

The docstrings are shown to the language models that call these functions as tools.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from assistant.copywriting import author
from assistant.errors import ProductNotFoundError
from assistant.programs.faults import ToolInputError
from assistant.programs.records import hit_json, record_json, understood_json
from assistant.service import Service
from assistant.turn import clean_message
from assistant.values import Answer, Done, Turn, Utterance
from retrieval.registry import find_product, search, understood
from retrieval.values import Query

MOST_HITS = 50
MOST_EARLIER = 100
_ROLES = ("user", "assistant")


class Tools:
    """The functions over one service; they hold nothing between two calls.

    Args:
        service: the assistant's parts.
    """

    def __init__(self, service: Service) -> None:
        self._service = service

    def search_catalog(self, query: str, k: int = 10) -> dict[str, Any]:
        """Find products and shop pages. Use it to learn which products there are, or their ids.

        Conditions in the query are understood and applied: "waterproof jackets under 100 EUR",
        "cheapest kettle in stock". Misspelt words are corrected. Loads no language model.

        Args:
            query: What to look for, in a shopper's words, or a product's id, SKU or GTIN.
            k: How many hits to return at most, from 1 to 50.

        Returns:
            An object: "hits" (id, title, kind "product" or "passage", score, brand, price,
            availability, best first) and, where understood, "filters", "sort", "corrections".
        """
        if not 1 <= k <= MOST_HITS:
            raise ToolInputError(f"k: is {k}. Ask for 1 to {MOST_HITS} hits.")
        text = clean_message(query)
        retriever = self._service.retriever
        hits = search(retriever, Query(text, k, None, understand=True))
        asked = understood_json(understood(retriever, text))
        return {"query": text, **asked, "hits": [hit_json(hit) for hit in hits]}

    def ask_catalog(
        self,
        message: str,
        product_id: str = "",
        history: list[dict[str, str]] | None = None,
    ) -> dict[str, Any]:
        """Ask the shop's assistant, as a shopper or a colleague would, and get a checked answer.

        Use it for a question about a product ("is HB-1023 waterproof?"), a shop policy ("how long
        may shoes be returned?"), a comparison, a search, or a request for copy. The answer stands
        on the catalog alone: when "abstained" is true the catalog does not say, and nobody should
        fill the gap with a guess.

        Args:
            message: The question or request, in plain words, at most 8,000 characters.
            product_id: The id, SKU or GTIN of the product it is about; "" lets the message say.
            history: Earlier messages as {"role": "user" or "assistant", "content": text}.

        Returns:
            An object: "answer", "grounded", "abstained", "citations" (ids of the records used),
            "claims" (each checked statement with its verdict), "intent", "notes", "state".
        """
        turn = Turn(message, earlier(history), product_id.strip() or None)
        return self._service.assistant.ask(turn).to_json()

    def answer_turn(self, turn: Turn, stop: threading.Event) -> Answer:
        """Answer a turn that can be stopped; what a chat protocol asks for."""
        last = None
        for event in self._service.assistant.stream(turn, stop):
            last = event
        assert isinstance(last, Done)
        return last.answer

    def get_product(self, product_id: str) -> dict[str, Any]:
        """Read one product's whole record. Use it to see every fact that the catalog holds of it.

        Args:
            product_id: The product's id, SKU, GTIN or model number.

        Returns:
            An object: "id", "title" and "fields", which maps each field's name to its text.
        """
        hit = find_product(self._service.retriever, clean_message(product_id))
        if hit is None:
            raise ProductNotFoundError(
                f"There is no product {product_id!r} in the catalog. Find its id with"
                " search_catalog."
            )
        return record_json(hit.record)

    def write_ad(
        self,
        *,
        product_id: str = "",
        product: dict[str, Any] | None = None,
        audience: str = "",
        occasion: str = "",
        tone: str = "",
        platform: str = "",
        max_words: int = 0,
        keep: list[str] | None = None,
        avoid: list[str] | None = None,
        variants: int = 1,
    ) -> dict[str, Any]:
        """Write a short ad for one product that claims nothing its record does not hold.

        Args:
            product_id: The id, SKU or GTIN of a product of the catalog.
            product: Or the fields of one that is not in the catalog: {"title": "Kettle", ...}.
            audience: For whom it is, such as "students"; "" for everyone.
            occasion: When it runs, such as "Black Friday"; "" for any time.
            tone: How it sounds, such as "playful"; "" for plain.
            platform: Where it is published, such as "Instagram"; sets the platform's limit.
            max_words: The longest text in words; 0 for no limit of your own.
            keep: Words that the text must hold.
            avoid: Words that it must not hold; "price" and other fields' names mean their value.
            variants: How many different texts to write, from 1 to 5.

        Returns:
            An object: "output", "grounded", "claims" and, where there are any, "variants",
            "constraints" (each wish and whether it was met) and "notes".
        """
        wishes = {
            "audience": audience,
            "occasion": occasion,
            "tone": tone,
            "platform": platform,
            "max_words": max_words,
            "keep": keep,
            "avoid": avoid,
            "variants": variants,
        }
        return self._author("ads", {"product": self._product(product_id, product), **wishes})

    def rewrite_title(
        self,
        query: str,
        *,
        product_id: str = "",
        product: dict[str, Any] | None = None,
        platform: str = "",
        max_characters: int = 0,
        keep: list[str] | None = None,
        avoid: list[str] | None = None,
        variants: int = 1,
    ) -> dict[str, Any]:
        """Rewrite a product's title so that shoppers who type the query find it, and stay true.

        Args:
            query: What shoppers type, such as "light running shoes women".
            product_id: The id, SKU or GTIN of a product of the catalog.
            product: Or the fields of one that is not in the catalog: {"title": "Kettle", ...}.
            platform: Where it is sold, such as "Amazon"; sets the platform's limit.
            max_characters: The longest title, from 20 to 500; 0 for the platform's own, else 150.
            keep: Words that the title must hold.
            avoid: Words that the title must not hold.
            variants: How many different titles to write, from 1 to 5.

        Returns:
            An object: "output", "grounded", "claims" and, where there are any, "variants",
            "constraints" and "notes".
        """
        wishes = {
            "query": query,
            "platform": platform,
            "max_characters": max_characters,
            "keep": keep,
            "avoid": avoid,
            "variants": variants,
        }
        return self._author("title", {"product": self._product(product_id, product), **wishes})

    def classify_product(
        self,
        labels: list[str],
        product_id: str = "",
        product: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Choose the category that a product belongs to, among the labels given and no other.

        Args:
            labels: The categories to choose from, in any order.
            product_id: The id, SKU or GTIN of a product of the catalog.
            product: Or the fields of one that is not in the catalog: {"title": "Kettle", ...}.

        Returns:
            An object: "label", the chosen one of `labels`.
        """
        record = self._product(product_id, product)
        return self._author("classify", {"labels": labels, "product": record})

    def judge_purchase_intent(
        self,
        query: str,
        product_id: str = "",
        product: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Judge how likely a shopper who typed a query buys the product they are shown.

        Args:
            query: What the shopper typed.
            product_id: The id, SKU or GTIN of a product of the catalog.
            product: Or the fields of one that is not in the catalog: {"title": "Kettle", ...}.

        Returns:
            An object: "label", one of "likely", "possible" and "unlikely".
        """
        return self._author(
            "intent", {"query": query, "product": self._product(product_id, product)}
        )

    def answer_from_evidence(self, question: str, evidence: list[str]) -> dict[str, Any]:
        """Answer a question from texts that you give, and from nothing else.

        Use ask_catalog instead where the shop's own catalog should be searched.

        Args:
            question: The question, in plain words.
            evidence: The texts that may hold the answer, such as a product's fields.

        Returns:
            An object: "output", "grounded" and "claims", each with its verdict.
        """
        return self._author("answer", {"question": question, "evidence": evidence})

    def _author(self, task: str, line: Mapping[str, Any]) -> dict[str, Any]:
        asked = {name: value for name, value in line.items() if value not in (None, "", 0, [])}
        return author(self._service.engine, task, asked)

    def _product(self, product_id: str, product: dict[str, Any] | None) -> Any:
        if bool(product_id.strip()) == bool(product):
            raise ToolInputError("Give either product_id or product, and not both.")
        if product:
            return product
        hit = find_product(self._service.retriever, clean_message(product_id))
        if hit is None:
            raise ProductNotFoundError(
                f"There is no product {product_id!r} in the catalog. Find its id with"
                " search_catalog, or give the product's fields as product."
            )
        return hit.record


def earlier(history: list[dict[str, str]] | None) -> tuple[Utterance, ...]:
    """Read the earlier messages of a conversation; only the newest hundred count.

    Raises:
        ToolInputError: an entry is no message.
    """
    said = []
    for number, entry in enumerate((history or [])[-MOST_EARLIER:], start=1):
        role, content = entry.get("role"), entry.get("content")
        if role not in _ROLES or not isinstance(content, str):
            raise ToolInputError(
                f'history: message {number} is not {{"role": "user" or "assistant", "content":'
                " text}."
            )
        said.append(Utterance("user" if role == "user" else "assistant", content))
    return tuple(said)
