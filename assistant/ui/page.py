"""The page: its head, its rooms as tabs, and what is shared by them. Rooms know nothing of it."""

from __future__ import annotations

from typing import Protocol

import gradio as gr

from assistant.access.values import Room
from assistant.ui.cards import KEYS, header
from assistant.ui.catalog.room import CatalogRoom
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.desk.room import DeskRoom
from assistant.ui.endpoints import register
from assistant.ui.quality.room import QualityRoom
from assistant.ui.stage.room import StageRoom
from assistant.ui.studio.room import StudioRoom

DEMO_EXAMPLES = [
    "is HB-1023 waterproof?",
    "how long do I have to return shoes?",
    "find me wireless headphones with noise cancelling",
    "write a playful ad for HP-1001 for Black Friday",
]
OTHER_EXAMPLES = [
    "find me something for the kitchen",
    "what can you do?",
]
_AT_ONCE = 40
"""Events under way; those that need the model stand in a line of their own."""


class _Buildable(Protocol):
    def build(self, tab: gr.Tab, page: gr.Blocks) -> None: ...


class Page:
    """The page of one assistant.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        examples = DEMO_EXAMPLES if context.is_demo else OTHER_EXAMPLES
        self._rooms: dict[Room, tuple[str, _Buildable]] = {
            "desk": ("Desk", DeskRoom(context, examples)),
            "studio": ("Studio", StudioRoom(context)),
            "stage": ("Stage", StageRoom(context)),
            "catalog": ("Catalog", CatalogRoom(context)),
            "quality": ("Quality", QualityRoom(context)),
        }

    def build(self) -> gr.Blocks:
        """Lay the page out and wire its events."""
        with gr.Blocks(title="LLaMA-E", analytics_enabled=False, fill_width=True) as page:
            head = gr.HTML(self._header())
            gr.HTML(KEYS, padding=False)
            tabs: list[gr.Tab] = []
            with gr.Tabs(elem_id="le-rooms"):
                for name, (label, room) in self._rooms.items():
                    with gr.Tab(label, id=name, elem_id=f"le-{name}") as tab:
                        room.build(tab, page)
                    tabs.append(tab)
            register(self._context)
            page.load(self._open_rooms, None, tabs, queue=False, api_visibility="private")
            page.load(
                self._model_loaded,
                None,
                head,
                queue=True,
                show_progress="hidden",
                api_visibility="private",
            )
        page.queue(default_concurrency_limit=_AT_ONCE, api_open=False)
        return page

    def _open_rooms(self, request: gr.Request) -> list[dict[str, object]]:
        user = self._context.user(request)
        return [gr.update(visible=user.may_open(name)) for name in self._rooms]

    def _model_loaded(self) -> str:
        """Load the model behind the first visitor's page, then name it in the head."""
        try:
            _ = self._context.service.assistant
        except KNOWN_ERRORS as error:
            return self._header(fault=str(error))
        return self._header(loaded=True)

    def _header(self, *, loaded: bool = False, fault: str = "") -> str:
        context = self._context
        counts = context.manifest().counts
        info = context.service.engine.describe() if loaded else None
        return header(info, counts.products, counts.passages, context.index_name, fault)
