"""Votes: the count of all, exports, and an admin's reset."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.stage.systems import Systems
from assistant.stage.tally import duels, to_csv, to_json
from assistant.store.votes import Votes
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.markup import QUICK, download, downloads
from assistant.ui.stage.ballot import tally

Update = Any


class VotesPanel:
    """The panel.

    Args:
        context: what all rooms share.
        systems: names the systems.
        votes: what was voted.
    """

    def __init__(self, context: Context, systems: Systems, votes: Votes) -> None:
        self._context, self._systems, self._votes = context, systems, votes

    def build(self, tab: gr.Tab) -> None:
        """Lay the panel out; opening `tab` counts anew."""
        tally_html = gr.HTML(tally([], self._systems.name), elem_id="le-tally", padding=False)
        with gr.Row(elem_id="le-tally-tools"):
            as_csv = gr.Button("Save as CSV", size="sm", scale=0, min_width=120)
            as_json = gr.Button("Save as JSON", size="sm", scale=0, min_width=120)
            reset = gr.Button(
                "Delete all votes …", size="sm", scale=0, min_width=140, visible=False
            )
            sure = gr.Button(
                "Yes, delete them", variant="stop", size="sm", scale=0, min_width=140,
                visible=False,
            )  # fmt: skip
            keep = gr.Button("Keep them", size="sm", scale=0, min_width=110, visible=False)
        gr.HTML(
            '<p class="le-hint">A vote for one of two counts as its win; ties and "both bad" are'
            " counted apart and leave the win rate alone. Intervals are Wilson's. An export holds"
            " your own votes; an admin's holds all.</p>"
        )
        file = downloads()
        tab.select(self._count, None, [tally_html, reset], **QUICK)
        for button, suffix in ((as_csv, "csv"), (as_json, "json")):
            button.click(self._export, [gr.State(suffix)], file, **QUICK)
        asked = [reset, sure, keep]
        reset.click(lambda: _asking(is_asked=True), None, asked, **QUICK)
        keep.click(lambda: _asking(is_asked=False), None, asked, **QUICK)
        sure.click(self._reset, None, [tally_html, *asked], **QUICK)

    def _count(self, request: gr.Request) -> tuple[Update, ...]:
        user = self._context.enter(request, "stage")
        return self._counted(), gr.update(visible=user.is_admin)

    def _counted(self) -> Update:
        try:
            return tally(duels(self._votes.all()), self._systems.name)
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return gr.skip()

    def _export(self, suffix: str, request: gr.Request) -> Update:
        """Return the user's votes, or an admin's everyone's, as a file to save."""
        user = self._context.enter(request, "stage")
        try:
            votes = self._votes.all(None if user.is_admin else user.name)
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return gr.skip()
        if not votes:
            gr.Info("There is no vote of yours yet.")
            return gr.skip()
        if suffix == "csv":
            return download("llama-e-votes.csv", to_csv(votes), "text/csv")
        return download("llama-e-votes.json", to_json(votes), "application/json")

    def _reset(self, request: gr.Request) -> tuple[Update, ...]:
        user = self._context.enter(request, "stage")
        if not user.is_admin:
            gr.Warning("Only an admin may delete the votes.")
            return (gr.skip(),) * 4
        try:
            count = self._votes.reset()
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return (gr.skip(), *_asking(is_asked=False))
        gr.Info(f"{count} votes deleted.")
        return self._counted(), *_asking(is_asked=False)


def _asking(*, is_asked: bool) -> tuple[Update, ...]:
    return (
        gr.update(visible=not is_asked),
        gr.update(visible=is_asked),
        gr.update(visible=is_asked),
    )
