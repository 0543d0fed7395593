"""The quality's layout and wiring."""

from __future__ import annotations

import gradio as gr

from assistant.ui.context import Context


class QualityRoom:
    """The quality.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def build(self, tab: gr.Tab, page: gr.Blocks) -> None:
        """Lay the room out, inside its tab, and wire its events."""
        gr.HTML("")
