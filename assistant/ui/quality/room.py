"""The quality room's layout and wiring: how well the assistant serves, and what to mend."""

from __future__ import annotations

import json
import threading
from typing import Any

import gradio as gr

from assistant.store.feedback import Feedbacks
from assistant.store.quality import OpenQuestions, Quality
from assistant.ui.context import KNOWN_ERRORS, Context, told
from assistant.ui.markup import QUICK, download, downloads
from assistant.ui.quality.coverage import Coverage, coverage
from assistant.ui.quality.parts import (
    days_html,
    feedback_html,
    open_questions_html,
    overview_html,
    router_html,
)
from catalog_index.index import CatalogIndex
from catalog_index.manifest import current_generation

_SPANS = (7, 30, 90)
_LATEST = 50

Updates = dict[Any, Any]


class QualityRoom:
    """What admins look after.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._quality = Quality(context.database)
        self._feedback = Feedbacks(context.database)
        self._covered: tuple[str, Coverage] | None = None
        self._lock = threading.Lock()

    def build(self, tab: gr.Tab, page: gr.Blocks) -> None:
        """Lay the room out, inside its tab, and wire its events."""
        with gr.Row(elem_id="le-quality-head"):
            self._span = gr.Radio(
                [(f"{days} days", days) for days in _SPANS],
                value=_SPANS[0],
                label="Time span",
                show_label=False,
                container=False,
                elem_id="le-span",
            )
        self._overview = gr.HTML("")
        self._days = gr.HTML("")
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                gr.HTML("<h2 class='le-h2'>What the catalog did not say, all time</h2>")
                self._open = gr.HTML("", elem_id="le-open-questions")
                gr.HTML("<h2 class='le-h2'>Router, all time</h2>")
                self._router = gr.HTML("")
            with gr.Column(min_width=280):
                gr.HTML("<h2 class='le-h2'>Feedback and corrections, all time</h2>")
                self._said = gr.HTML("", elem_id="le-feedback-list")
                self._export = gr.Button(
                    "Export corrections for training", size="sm", elem_id="le-export-corrections"
                )
                self._files = downloads()
        quick = [self._overview, self._days, self._router, self._said]
        gr.on([tab.select, self._span.change], self._shown, [self._span], quick, **QUICK)
        tab.select(
            self._unanswered,
            None,
            [self._open],
            show_progress="hidden",
            api_visibility="private",
        )
        self._export.click(self._exported, None, [self._files], **QUICK)

    @told
    def _shown(self, days: int, request: gr.Request) -> tuple[str, str, str, str]:
        self._context.enter(request, "quality")
        days = days if days in _SPANS else _SPANS[0]
        return (
            overview_html(self._quality.overview(days), days),
            days_html(self._quality.per_day(days)),
            router_html(self._quality.intents(), self._quality.overruled()),
            feedback_html(self._feedback.counts(), self._feedback.latest(_LATEST)),
        )

    def _unanswered(self, request: gr.Request) -> str:
        self._context.enter(request, "quality")
        try:
            embedder = self._context.service.embedder
            groups = self._quality.open_questions(embedder.encode)
            covered = self._coverage() if groups else None
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            groups, covered = [], None
        return open_questions_html([(group, _lacking(covered, group)) for group in groups])

    def _coverage(self) -> Coverage:
        """Count the catalog's fields, once a generation."""
        service = self._context.service
        with self._lock:
            name = current_generation(service.index_dir).name
            if self._covered is None or self._covered[0] != name:
                with CatalogIndex(service.index_dir, service.embedder) as index:
                    self._covered = index.generation.name, coverage(index)
            return self._covered[1]

    @told
    def _exported(self, request: gr.Request) -> dict[str, str]:
        self._context.enter(request, "quality")
        rows = list(self._feedback.training_rows())
        if not rows:
            gr.Info(
                "There is no correction to export yet. Corrections of answers that stood on"
                " evidence become training rows."
            )
            return {}
        lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
        gr.Info(f"{len(rows):,} rows. Name the file in a recipe's training.pairs.")
        return download("corrections.jsonl", lines, "application/x-ndjson")


def _lacking(covered: Coverage | None, group: OpenQuestions) -> tuple[str, int, int] | None:
    return covered.lacking(group.example, group.types) if covered else None
