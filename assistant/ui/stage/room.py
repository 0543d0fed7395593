"""The stage's layout: compare, votes, figures; the projector. What happens is in its panels."""

from __future__ import annotations

from importlib import resources

import gradio as gr

from assistant.stage.systems import Systems
from assistant.store.votes import Votes
from assistant.ui.context import Context
from assistant.ui.stage.compare import ComparePanel
from assistant.ui.stage.figures import FiguresPanel
from assistant.ui.stage.votes import VotesPanel

_PROJECT = """() => {
  const on = document.body.classList.toggle("le-projecting");
  const button = document.getElementById("le-projector");
  button.setAttribute("aria-pressed", on ? "true" : "false");
  button.textContent = on ? "Leave projector" : "Projector";
  window.scrollTo(0, 0);
}"""


class StageRoom:
    """The stage.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        systems, votes = Systems(context.service), Votes(context.database)
        self._compare = ComparePanel(context, systems, votes)
        self._votes = VotesPanel(context, systems, votes)
        self._figures = FiguresPanel(context)

    def build(self, tab: gr.Tab, page: gr.Blocks) -> None:
        """Lay the room out, inside its tab, and wire its events."""
        with gr.Column(elem_id="le-stage-room"):
            projector = gr.Button(
                "Projector", elem_id="le-projector", size="sm", scale=0, min_width=110
            )
            with gr.Tabs(elem_id="le-stage-tabs"):
                with gr.Tab("Compare", id="compare"):
                    self._compare.build(tab)
                with gr.Tab("Votes", id="votes") as votes_tab:
                    self._votes.build(votes_tab)
                with gr.Tab("Figures", id="figures") as figures_tab:
                    self._figures.build(figures_tab)
        projector.click(None, None, None, js=_PROJECT, queue=False, api_visibility="private")
        page.load(None, None, None, js=_keys(), queue=False, api_visibility="private")


def _keys() -> str:
    return (resources.files(__package__) / "stage.js").read_text(encoding="utf-8")
