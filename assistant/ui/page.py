"""The page: its head, its rooms as tabs, and what is shared by them. Rooms know nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import gradio as gr

from assistant.access.values import Room
from assistant.ui.account import account_html
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
    "who pays for the return postage?",
    "find me wireless headphones with noise cancelling",
    "write a playful ad for HP-1001 for Black Friday",
]
OTHER_EXAMPLES = [
    "find me something for the kitchen",
    "what can you do?",
]
_THREADS = 200
"""Events under way; those that need the model stand in a line of their own and hold a thread."""
_UPLOADS = (3_600, 86_400)
"""How often uploads are looked through, and the age from which on they go, in seconds."""


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
        with gr.Blocks(
            title="LLaMA-E", analytics_enabled=False, fill_width=True, delete_cache=_UPLOADS
        ) as page:
            head = gr.HTML(self._header())
            gr.HTML(KEYS, padding=False)
            with gr.Tabs(elem_id="le-rooms", overflow_behavior="wrap"):
                for name, (label, room) in self._rooms.items():
                    with gr.Tab(label, id=name, elem_id=f"le-{name}") as tab:
                        room.build(tab, page)
            register(self._context)
            page.load(
                self._model_loaded,
                None,
                head,
                queue=True,
                show_progress="hidden",
                api_visibility="private",
            )
        page.max_threads = _THREADS
        page.queue(default_concurrency_limit=None, api_open=False)
        return page

    def _model_loaded(self, request: gr.Request) -> Iterator[str]:
        """Load the model behind the first visitor's page, then name it in the head."""
        account = account_html(self._context.user(request), self._context.gate)
        yield self._header(account=account)
        try:
            _ = self._context.service.assistant
        except KNOWN_ERRORS as error:
            yield self._header(fault=str(error), account=account)
            return
        yield self._header(loaded=True, account=account)

    def _header(self, *, loaded: bool = False, fault: str = "", account: str = "") -> str:
        context = self._context
        try:
            counts = context.manifest().counts
        except KNOWN_ERRORS as error:
            return header(None, 0, 0, context.index_name, fault=str(error), account=account)
        info = context.service.engine.describe() if loaded else None
        return header(
            info,
            counts.products,
            counts.passages,
            context.index_name,
            fault=fault,
            account=account,
        )
