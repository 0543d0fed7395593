"""HTML that a room shows and that can be clicked. Every text of others is escaped here.

An element with `data-act` sends its `data-*` values to the room when it is clicked, one with
`data-change` when its input changed; see `act_of`.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

import gradio as gr

from assistant.ui.escaping import text

__all__ = ["QUICK", "act_of", "acting_html", "addresses", "download", "downloads", "text"]

QUICK: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How the page's own events are wired. Queued, since notices of others reach nobody."""

_ON_LOAD = """
const send = (event, part, extra) => {
  event.preventDefault();
  trigger('click', {...part.dataset, ...extra});
};
element.addEventListener('click', (event) => {
  const copied = event.target.closest('[data-copy]');
  if (copied) window.leCopy(copied, copied.dataset.copy);
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


_SAVE = """
watch('value', () => {
  const file = props.value;
  if (!file || !file.name) return;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([file.text], {type: file.type}));
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
});
"""


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


def addresses(elem_id: str) -> gr.HTML:
    """Make a component whose `click` comes with the page's `hash` when the browser goes back."""
    on_load = (
        f"document.getElementById('{elem_id}').addEventListener('le-address',"
        " () => trigger('click', {hash: window.location.hash}));"
    )
    return gr.HTML("<span></span>", js_on_load=on_load, elem_id=elem_id, elem_classes="le-off")


def downloads() -> gr.HTML:
    """Make a component that saves what it is given as a file of the user's; see `download`."""
    return gr.HTML(
        {}, html_template="<span></span>", js_on_load=_SAVE, elem_classes="le-off", padding=False
    )


def download(name: str, content: str, kind: str = "text/plain") -> dict[str, str]:
    """Return the value with which `downloads` saves a file.

    Args:
        name: the file's name; whatever is no part of a name becomes "-".
        content: its text.
        kind: its media type.
    """
    safe = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:80] or "file"
    safe = re.sub(r"[-.]+(?=\.\w+$)", "", safe)
    nonce = secrets.token_hex(4)
    return {"name": safe, "text": content, "type": kind, "nonce": nonce}
