"""The texts that a seller kept: the list, its deletion, and its table."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.store.kept import KeptText, KeptTexts
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.markup import QUICK, act_of, acting_html, download, downloads
from assistant.ui.markup import text as shown
from assistant.ui.studio.forms import NAMES
from catalog_index.spreadsheet import table_text

_HEADER = ("product_id", "product_title", "task", "platform", "text", "edited", "kept")
_EMPTY = """
<div class="st-welcome"><h3>Nothing kept yet</h3>
<p>Write for a product, edit a version if you like, and press <b>Keep</b>. Kept texts stay here for
you alone, and download as a table for your shop system. Nothing is published from here.</p></div>
"""

Update = Any


class KeptPanel:
    """One user's kept texts.

    Args:
        context: what all rooms share.
        kept: where they are.
    """

    def __init__(self, context: Context, kept: KeptTexts) -> None:
        self._context = context
        self._kept = kept

    def build(self) -> None:
        """Lay the list out."""
        with gr.Row(elem_classes="st-bar-row"):
            gr.HTML('<h3 class="st-heading">Kept texts</h3>')
            self._save = gr.Button(
                "Download as CSV", size="sm", scale=0, min_width=150, elem_id="st-kept-save"
            )
        self._list = acting_html(_EMPTY, elem_id="st-kept")
        self._file = downloads()

    def wire(self, opened: Sequence[Any]) -> None:
        """Wire the list; it is read anew at each event of `opened`."""
        for event in opened:
            event(self._read, None, [self._list, self._save], **QUICK)
        self._list.click(self._act, None, [self._list, self._save], **QUICK)
        self._save.click(self._table, None, [self._file], **QUICK)

    def _read(self, request: gr.Request) -> tuple[Update, ...]:
        user = self._context.enter(request, "studio")
        try:
            texts = self._kept.of_user(user.name)
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return gr.skip(), gr.skip()
        return kept_list(texts), gr.update(interactive=bool(texts))

    def _act(self, event: gr.EventData, request: gr.Request) -> tuple[Update, ...]:
        user = self._context.enter(request, "studio")
        chosen = act_of(event)
        if chosen.get("act") == "forget" and chosen.get("id", "").isdigit():
            try:
                self._kept.delete(user.name, int(chosen["id"]))
            except KNOWN_ERRORS as error:
                gr.Warning(str(error))
        return self._read(request)

    def _table(self, request: gr.Request) -> Update:
        user = self._context.enter(request, "studio")
        try:
            texts = self._kept.of_user(user.name)
            if not texts:
                gr.Info("Nothing is kept yet.")
                return gr.skip()
            return download("kept-texts.csv", kept_table(texts), "text/csv")
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return gr.skip()


def kept_table(texts: Sequence[KeptText]) -> str:
    """Write kept texts as CSV that no spreadsheet takes for formulas."""
    return table_text(_HEADER, map(_row, texts))


def _row(one: KeptText) -> tuple[str, ...]:
    day = time.strftime("%F %T", time.localtime(one.created))
    edited = "yes" if one.edited else "no"
    return (one.product_id, one.product_title, one.task, one.platform, one.text, edited, day)


def kept_list(texts: Sequence[KeptText]) -> str:
    """Render kept texts as cards, each with a button that forgets it."""
    if not texts:
        return _EMPTY
    return f'<ul class="st-kept">{"".join(map(_card, texts))}</ul>'


def _card(kept: KeptText) -> str:
    where = f" · {shown(kept.platform)}" if kept.platform else ""
    edited = " · edited by you" if kept.edited else ""
    day = time.strftime("%d %b %Y, %H:%M", time.localtime(kept.created))
    name = shown(kept.product_title)
    return (
        f'<li><div class="st-kept-head"><span class="st-tag">{shown(NAMES.get(kept.task, ""))}'
        f"</span> <b>{name}</b></div><p>{shown(kept.text)}</p>"
        f'<div class="st-kept-foot"><small>{shown(kept.product_id)}{where}{edited} · {day}</small>'
        f'<button type="button" class="st-link" data-act="forget" data-id="{kept.id}"'
        f' aria-label="Delete the kept text of {name}">Delete</button></div></li>'
    )
