"""The product that a conversation keeps to: shown, searched for, pasted, taken away."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.store.conversations import Conversations
from assistant.store.database import StoreError
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.desk.chips import found_by_words, pinned_html, product_of, products_html
from assistant.ui.markup import QUICK, act_of, acting_html, text
from retrieval.registry import find_product
from retrieval.values import Hit

_HINT = "<p class='le-hint'>Type a name, or paste an id, a code or the product's address.</p>"

Updates = dict[Any, Any]


class Pinning:
    """The part above the chat.

    Args:
        context: what all rooms share.
        conversations: keep the choice.
    """

    def __init__(self, context: Context, conversations: Conversations) -> None:
        self._context = context
        self._conversations = conversations

    def build_chip(self) -> None:
        """Lay out what shows the choice."""
        self.pinned = gr.Textbox(
            "", elem_classes="le-off", elem_id="le-pin-id", label="Kept product"
        )
        self._chip = acting_html(pinned_html(None, None), elem_id="le-pin")

    def build_search(self, current: gr.Textbox) -> None:
        """Lay out what it is chosen by."""
        self._current = current
        with gr.Column(visible=False, elem_id="le-pin-search") as self._panel:
            self._words = gr.Textbox(
                label="Product to keep to",
                show_label=False,
                placeholder="Name, id, GTIN or address of a product",
                container=False,
                max_lines=1,
                elem_id="le-pin-words",
            )
            self._found = acting_html(_HINT, elem_id="le-pin-found")

    @property
    def outputs(self) -> list[Any]:
        """The components that a conversation's product changes."""
        return [self.pinned, self._chip, self._panel, self._words, self._found]

    def wire(self) -> None:
        """Wire the part's events."""
        both = [self._current, self.pinned]
        self._chip.click(self._act, both, self.outputs, **QUICK)
        self._found.click(self._act, both, self.outputs, **QUICK)
        self._words.change(
            self._search,
            [self._words],
            [self._found],
            trigger_mode="always_last",
            show_progress="hidden",
            api_visibility="private",
        )
        self._words.submit(self._submit, [self._words, *both], self.outputs, **QUICK)

    def shown(self, product_id: str | None) -> Updates:
        """Return the part as a conversation has it; None leaves a choice made before it began."""
        if product_id is None:
            return {self._panel: gr.update(visible=False)}
        return self._pinned(self._hit(product_id))

    def _act(self, current: str, pinned: str, event: gr.EventData, request: gr.Request) -> Updates:
        user = self._context.enter(request, "desk")
        act = act_of(event)
        if act.get("act") == "choose":
            return {self._panel: gr.update(visible=True), self._words: "", self._found: _HINT}
        chosen = act.get("id", "") if act.get("act") == "pin" else ""
        return self._choose(user.name, current, self._hit(chosen))

    def _submit(self, words: str, current: str, pinned: str, request: gr.Request) -> Updates:
        user = self._context.enter(request, "desk")
        try:
            hit = product_of(self._context.service.retriever, words.strip())
        except KNOWN_ERRORS as error:
            return {self._found: f"<p class='le-hint'>{text(error)}</p>"}
        if hit is None:
            return {self._found: self._search(words, request)}
        return self._choose(user.name, current, hit)

    def _search(self, words: str, request: gr.Request) -> str:
        self._context.enter(request, "desk")
        if not words.strip():
            return _HINT
        try:
            hits = found_by_words(self._context.service.retriever, words[:300])
        except KNOWN_ERRORS as error:
            return f"<p class='le-hint'>{text(error)}</p>"
        found = products_html(hits, self._context.media_root())
        return found or "<p class='le-hint'>No product is found for that.</p>"

    def _choose(self, user: str, current: str, hit: Hit | None) -> Updates:
        try:
            if current and self._conversations.find(user, current) is not None:
                self._conversations.set_product(user, current, hit.id if hit else "")
        except StoreError as error:
            gr.Warning(str(error))
        return self._pinned(hit)

    def _pinned(self, hit: Hit | None) -> Updates:
        return {
            self.pinned: hit.id if hit else "",
            self._chip: pinned_html(hit, self._context.media_root()),
            self._panel: gr.update(visible=False),
        }

    def _hit(self, product_id: str) -> Hit | None:
        if not product_id:
            return None
        try:
            return find_product(self._context.service.retriever, product_id)
        except KNOWN_ERRORS:
            return None
