"""The studio's layout and wiring: one product, a whole feed, and the texts that were kept."""

from __future__ import annotations

import gradio as gr

from assistant.store.kept import KeptTexts
from assistant.ui.context import Context
from assistant.ui.studio.feed import FeedPanel
from assistant.ui.studio.kept import KeptPanel
from assistant.ui.studio.one import OneProduct


class StudioRoom:
    """The studio.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        kept = KeptTexts(context.database)
        self._one = OneProduct(context, kept)
        self._feed = FeedPanel(context)
        self._kept = KeptPanel(context, kept)

    def build(self, tab: gr.Tab, page: gr.Blocks) -> None:
        """Lay the room out, inside its tab, and wire its events."""
        with gr.Tabs(elem_id="st-tabs") as tabs:
            with gr.Tab("One product", id="one", elem_id="st-tab-one") as one:
                self._one.build()
            with gr.Tab("A whole feed", id="feed", elem_id="st-tab-feed") as feed:
                self._feed.build()
            with gr.Tab("Kept texts", id="kept", elem_id="st-tab-kept") as kept:
                self._kept.build()
        self._one.wire()
        self._one.upload.click(
            lambda: gr.Tabs(selected="feed"), None, [tabs], queue=False, api_visibility="private"
        )
        self._feed.wire([feed.select, tab.select], [one.select, kept.select])
        self._kept.wire([kept.select, tab.select])
