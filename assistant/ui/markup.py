"""HTML that a room shows and that can be clicked. Every text of others is escaped here.

An element with `data-act` sends its `data-*` values to the room when it is clicked, one with
`data-change` when its input changed; see `act_of`.
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

import gradio as gr

_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")

_ON_LOAD = """
const send = (event, part, extra) => {
  event.preventDefault();
  trigger('click', {...part.dataset, ...extra});
};
element.addEventListener('click', (event) => {
  const part = event.target.closest('[data-act]');
  if (part && element.contains(part) && !('change' in part.dataset)) send(event, part, {});
});
element.addEventListener('change', (event) => {
  const part = event.target.closest('[data-change]');
  if (part) send(event, part, {act: part.dataset.change, value: part.value});
});
element.addEventListener('submit', (event) => {
  const part = event.target.closest('form[data-submit]');
  const fields = () => Object.fromEntries(new FormData(part));
  if (part) send(event, part, {act: part.dataset.submit, ...fields()});
});
"""


def text(value: object) -> str:
    """Return HTML that shows a text as it is, but for marks that turn the direction of others."""
    return escape(_DIRECTION.sub("", str(value)))


def acting_html(value: str = "", **options: Any) -> gr.HTML:
    """Make an HTML component whose elements act: `.click(handler)` with a `gr.EventData`.

    Args:
        value: the HTML; texts of others in it must have gone through `text`.
        options: of `gr.HTML`.
    """
    return gr.HTML(value, js_on_load=_ON_LOAD, **options)


def act_of(event: gr.EventData) -> dict[str, str]:
    """Return what was clicked: the element's `data-*` values by name ("act", "id", "value")."""
    data = getattr(event, "_data", None)
    return {str(name): str(value) for name, value in (data or {}).items()}
