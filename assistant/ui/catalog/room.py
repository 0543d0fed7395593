"""The catalog's layout and wiring: browse, search, open, build, see what was refused and changed.

What a build does is `catalog_index`'s matter; how it looks is `parts`'.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.ui.catalog.building import Builder, Wanted, rejects
from assistant.ui.catalog.parts import (
    NO_RECORD,
    counts_html,
    differences_html,
    list_html,
    progress_html,
    record_html,
    rejects_html,
)
from assistant.ui.context import KNOWN_ERRORS, Context, told
from assistant.ui.desk.chips import product_of
from assistant.ui.markup import QUICK, act_of, acting_html, text
from catalog_index.differences import differences
from catalog_index.index import CatalogIndex
from catalog_index.live import LiveIndex
from catalog_index.readers import FORMATS
from retrieval.registry import find_product, search
from retrieval.values import Hit, Query

_PAGE = 12
_FOUND = 48
_SECONDS_BETWEEN = 0.4
_ADD = "Add to this catalog"
_SYNC = "Add, and delete products that these feeds no longer name"
_REPLACE = "Replace this catalog"

Updates = dict[Any, Any]


class CatalogRoom:
    """The catalog: for all to look at, for admins to change.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._builder = Builder(lambda: context.service.embedder)
        self._live: LiveIndex | None = None
        self._keys: tuple[str, list[int]] = ("", [])
        self._lock = threading.Lock()

    def build(self, tab: gr.Tab, page: gr.Blocks) -> None:
        """Lay the room out, inside its tab, and wire its events."""
        self._counts = gr.HTML("")
        self._first = gr.State(0)
        with gr.Row(elem_id="le-catalog-main", equal_height=False):
            with gr.Column(scale=5, min_width=280):
                self._words = gr.Textbox(
                    label="Search the catalog",
                    show_label=False,
                    placeholder="Search: a name, an id, “laptop under 600, not HP”",
                    container=False,
                    max_lines=1,
                    elem_id="le-catalog-words",
                )
                self._list = acting_html("", elem_id="le-catalog-list")
            with gr.Column(scale=7, min_width=280):
                self._record = gr.HTML(NO_RECORD, elem_id="le-catalog-record")
        with gr.Column(visible=False, elem_id="le-catalog-change") as self._admin:
            self._lay_change()
        with gr.Accordion("What changed since the generation before", open=False) as changes:
            self._changes = gr.HTML("")
        with gr.Accordion("Rows that were refused", open=False, elem_id="le-rejects") as refused:
            self._rejects = gr.HTML("")
        self._wire(tab, changes, refused)

    def _lay_change(self) -> None:
        gr.HTML("<h2 class='le-h2'>Change the catalog</h2>")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=280):
                self._files = gr.File(
                    label="Feeds and shop pages",
                    file_count="multiple",
                    elem_id="le-feed",
                    height=140,
                )
                self._path = gr.Textbox(
                    label="or a file or directory on this machine",
                    placeholder="/home/me/shop/products.csv",
                    max_lines=1,
                    elem_id="le-feed-path",
                )
            with gr.Column(scale=5, min_width=280):
                self._how = gr.Radio([_ADD, _SYNC, _REPLACE], value=_ADD, label="What to do")
                self._format = gr.Dropdown(
                    ["auto", *FORMATS], value="auto", label="Format", elem_id="le-feed-format"
                )
                with gr.Row():
                    self._start = gr.Button("Start", variant="primary", elem_id="le-build")
                    self._cancel = gr.Button("Cancel", visible=False, elem_id="le-build-cancel")
        self._progress = gr.HTML(progress_html(None), elem_id="le-build-progress")

    def _wire(self, tab: gr.Tab, changes: gr.Accordion, refused: gr.Accordion) -> None:
        browsed = [self._list, self._first, self._record]
        opened = [self._counts, self._admin, *browsed]
        shown = [self._progress, self._start, self._cancel]
        tab.select(self._opened, [self._words], opened, **QUICK).then(
            self._watch,
            [self._words],
            [*shown, self._counts, self._list, self._first],
            show_progress="hidden",
            api_visibility="private",
        )
        self._words.change(
            self._found,
            [self._words],
            browsed,
            trigger_mode="always_last",
            show_progress="hidden",
            api_visibility="private",
        )
        self._words.submit(self._submitted, [self._words], browsed, **QUICK)
        self._list.click(self._act, [self._words, self._first], browsed, **QUICK)
        asked = [self._files, self._path, self._how, self._format]
        self._start.click(self._begin, asked, shown, **QUICK).then(
            self._watch,
            [self._words],
            [*shown, self._counts, self._list, self._first],
            show_progress="hidden",
            api_visibility="private",
        )
        self._cancel.click(self._stop, None, None, **QUICK)
        changes.expand(
            self._changed, None, [self._changes], show_progress="hidden", api_visibility="private"
        )
        refused.expand(self._refused, None, [self._rejects], **QUICK)

    @told
    def _opened(self, words: str, request: gr.Request) -> Updates:
        user = self._context.enter(request, "catalog")
        updates = {
            self._admin: gr.update(visible=user.is_admin),
            self._counts: self._counted(),
        }
        if not words:
            updates |= self._browsed(0)
        return updates

    def _counted(self) -> str:
        try:
            manifest = self._context.manifest()
        except KNOWN_ERRORS as error:
            return f"<div class='le-verdict le-warn' role='alert'>{text(error)}</div>"
        return counts_html(manifest.counts, manifest.created)

    def _browsed(self, first: int) -> Updates:
        index, keys = self._listed()
        first = max(0, min(first, len(keys) - 1))
        part = keys[first : first + _PAGE]
        records = index.records(part)
        hits = [Hit(records[key], 0.0) for key in part if key in records]
        media = self._context.media_root()
        return {self._list: list_html(hits, media, first, len(keys)), self._first: first}

    def _found(self, words: str, request: gr.Request) -> Updates:
        self._context.enter(request, "catalog")
        try:
            if not words.strip():
                return self._browsed(0)
            query = Query(words[:300], k=_FOUND, kind="product", understand=True)
            hits = search(self._context.service.retriever, query)
        except KNOWN_ERRORS as error:
            return {self._list: f"<p class='le-hint'>{text(error)}</p>"}
        shown = list_html(hits, self._context.media_root(), 0, len(hits))
        return {self._list: shown, self._first: 0}

    def _submitted(self, words: str, request: gr.Request) -> Updates:
        updates = self._found(words, request)
        try:
            hit = (
                product_of(self._context.service.retriever, words.strip())
                if words.strip()
                else None
            )
        except KNOWN_ERRORS:
            hit = None
        if hit is not None:
            updates[self._record] = record_html(hit, self._context.media_root())
        return updates

    @told
    def _act(self, words: str, first: int, event: gr.EventData, request: gr.Request) -> Updates:
        self._context.enter(request, "catalog")
        act = act_of(event)
        if act.get("act") == "record":
            hit = find_product(self._context.service.retriever, act.get("id", ""))
            return {self._record: record_html(hit, self._context.media_root())}
        if words.strip():
            return {self._first: first}
        step = _PAGE if act.get("act") == "on" else -_PAGE
        return self._browsed(first + step)

    def _begin(
        self,
        files: list[str] | None,
        path: str,
        how: str,
        format_name: str,
        request: gr.Request,
    ) -> Updates:
        user = self._context.enter(request, "catalog")
        if not user.is_admin:
            raise gr.Error("Only an admin may change the catalog.")
        if not files and not path.strip():
            gr.Info("Choose a file first, or name one on this machine.")
            return {self._start: gr.skip()}
        wanted = Wanted(
            self._context.service.index_dir,
            feeds=(Path(path.strip()).expanduser(),) if path.strip() else (),
            uploads=tuple(map(Path, files or ())),
            is_update=how != _REPLACE,
            format_name=format_name,
            delete_missing=how == _SYNC,
        )
        try:
            self._builder.start(wanted, self._context.database.path.parent / "feeds")
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
        return self._shown()

    @told
    def _watch(self, words: str, request: gr.Request) -> Iterator[Updates]:
        """Show the build under way until it ends."""
        if not self._context.enter(request, "catalog").is_admin:
            yield {self._start: gr.skip()}
            return
        while self._builder.is_running:
            yield self._shown()
            time.sleep(_SECONDS_BETWEEN)
        updates = {**self._shown(), self._counts: self._counted()}
        yield updates if words.strip() else {**updates, **self._browsed(0)}

    def _shown(self) -> Updates:
        running = self._builder.is_running
        return {
            self._progress: progress_html(self._builder.progress),
            self._start: gr.update(interactive=not running),
            self._cancel: gr.update(visible=running),
        }

    def _stop(self, request: gr.Request) -> None:
        if self._context.enter(request, "catalog").is_admin:
            self._builder.cancel()

    def _changed(self, request: gr.Request) -> str:
        self._context.enter(request, "catalog")
        try:
            return differences_html(differences(self._context.service.index_dir))
        except KNOWN_ERRORS as error:
            return f"<p class='le-hint'>{text(error)}</p>"

    @told
    def _refused(self, request: gr.Request) -> str:
        self._context.enter(request, "catalog")
        rows = rejects(self._context.service.index_dir)
        return rejects_html(rows, self._context.manifest().counts.rejected)

    def _listed(self) -> tuple[CatalogIndex, list[int]]:
        """Return the index and the keys of its products; counted once a generation."""
        service = self._context.service
        with self._lock:
            if self._live is None:
                self._live = LiveIndex(service.index_dir, service.embedder)
            index = self._live.current()
            name = index.generation.name
            if self._keys[0] != name:
                self._keys = name, index.snapshot.live_keys("product")
            return index, self._keys[1]
