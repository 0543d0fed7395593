"""Where the studio's product comes from: a search of the catalog, or a record that is pasted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.ui.cards import picture_source, record_card
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.markup import QUICK, act_of, acting_html
from assistant.ui.markup import text as shown
from assistant.ui.studio.records import RecordError, read_record
from catalog_index.product import Product, price_text
from retrieval.registry import find_product, search
from retrieval.values import Hit, Query

_MOST = 8
_LIKE = 80
_LONGEST = 200
_TEACH = (
    '<p class="st-hint">Type a name, a code or what it is: “{example}”. Click a result to work on'
    " it.</p>"
)
_DEMO_EXAMPLE, _EXAMPLE = "wireless headphones", "steel kettle"

Update = Any


class ProductPicker:
    """Finds a product, takes a pasted one, and shows which is chosen.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._teach = _TEACH.format(example=_DEMO_EXAMPLE if context.is_demo else _EXAMPLE)

    def build(self) -> None:
        """Lay the picker out."""
        self.product = gr.State(None, delete_callback=None)
        self._finding = gr.Column(elem_id="st-finding", elem_classes="st-stack")
        with self._finding:
            self._search = gr.Textbox(
                label="Find a product",
                show_label=False,
                placeholder="Find a product by name, code or what it is",
                container=False,
                max_length=_LONGEST,
                elem_id="st-search",
            )
            self._results = acting_html(self._teach, elem_id="st-results")
            with gr.Accordion("Paste a record instead", open=False, elem_classes="st-more"):
                self._pasted = gr.Textbox(
                    label="Record",
                    show_label=False,
                    placeholder="title: Steel kettle 1.7 l\nbrand: Aldmere\ncapacity: 1.7 l\n\n"
                    'or JSON: {"title": …, "brand": …}',
                    lines=6,
                    max_lines=14,
                    container=False,
                    elem_id="st-paste",
                )
                self._fault = gr.HTML("", elem_id="st-paste-fault")
                self._use = gr.Button("Use this record", size="sm", elem_id="st-use")
            self.upload = gr.Button("Upload a feed instead", size="sm", elem_id="st-to-feed")
        self._chosen = gr.Column(visible=False, elem_id="st-chosen", elem_classes="st-stack")
        with self._chosen:
            self._card = gr.HTML("", elem_id="st-card")
            self._change = gr.Button("Choose another product", size="sm", elem_id="st-change")

    def wire(self, changed: Callable[[Any], None]) -> None:
        """Wire the picker; `changed` is given each event after which the product is another."""
        self._search.change(
            self._find, [self._search], [self._results], trigger_mode="always_last", **QUICK
        )
        self._search.submit(self._find, [self._search], [self._results], **QUICK)
        chosen = [self.product, self._card, self._finding, self._chosen, self._fault]
        changed(self._results.click(self._pick, None, chosen, **QUICK))
        changed(self._use.click(self._paste, [self._pasted], chosen, **QUICK))
        changed(self._change.click(self._drop, None, chosen, **QUICK))

    def alike(self, product: Product) -> list[str]:
        """Return the names of a few product types that are near a product's own, which is one."""
        asked = " ".join((product.product_type.replace(">", " ") or product.title).split()[:3])
        hits = search(self._context.service.retriever, Query(asked, _LIKE, "product"))
        types = [hit.record.product_type for hit in hits if isinstance(hit.record, Product)]
        known = dict.fromkeys(kind for kind in (product.product_type, *types) if kind)
        # The last part alone: the shipped adapter judges short labels far better than paths.
        return sorted({kind.rpartition(" > ")[2] for kind in list(known)[:_MOST]})

    def _find(self, text: str, request: gr.Request) -> str:
        self._context.enter(request, "studio")
        if not text.strip():
            return self._teach
        try:
            asked = Query(text[:_LONGEST], _MOST, "product", understand=True)
            hits = search(self._context.service.retriever, asked)
        except KNOWN_ERRORS as error:
            return f'<p class="st-hint st-fault">{shown(error)}</p>'
        return result_list(hits, self._context.media_root())

    def _pick(self, event: gr.EventData, request: gr.Request) -> tuple[Update, ...]:
        self._context.enter(request, "studio")
        try:
            hit = find_product(self._context.service.retriever, act_of(event).get("id", ""))
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            hit = None
        if hit is None or not isinstance(hit.record, Product):
            return (gr.skip(),) * 5
        return self._shown(hit.record)

    def _paste(self, text: str, request: gr.Request) -> tuple[Update, ...]:
        self._context.enter(request, "studio")
        try:
            return self._shown(read_record(text))
        except RecordError as error:
            said = f'<p class="st-hint st-fault" role="alert">{shown(error)}</p>'
            return *(gr.skip(),) * 4, said

    def _shown(self, product: Product) -> tuple[Update, ...]:
        card = record_card(Hit(product, 1.0), media_root=self._context.media_root())
        return product, card, gr.update(visible=False), gr.update(visible=True), ""

    def _drop(self, request: gr.Request) -> tuple[Update, ...]:
        self._context.enter(request, "studio")
        return None, "", gr.update(visible=True), gr.update(visible=False), ""


def result_list(hits: Sequence[Hit], media_root: Path | None) -> str:
    """Render found products as buttons."""
    rows = "".join(
        _result(hit.record, media_root) for hit in hits if isinstance(hit.record, Product)
    )
    if not rows:
        return (
            '<p class="st-hint" role="status">Nothing found. Try fewer or other words, or paste the'
            " record below.</p>"
        )
    return f'<ul class="st-results" aria-label="Products found">{rows}</ul>'


def _result(product: Product, media_root: Path | None) -> str:
    source = picture_source(product, media_root)
    picture = (
        f'<img src="{source}" alt="" width="40" height="40">'
        if source
        else '<span class="st-nopicture" aria-hidden="true"></span>'
    )
    facts = " · ".join(
        filter(None, (product.brand, price_text(product.price, product.sale_price), product.id))
    )
    return (
        f'<li><button type="button" data-act="pick" data-id="{shown(product.id)}">{picture}'
        f"<span><b>{shown(product.title)}</b><small>{shown(facts)}</small></span></button></li>"
    )
