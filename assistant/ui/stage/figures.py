"""Figures: the benchmarks' results and any evaluation report, read anew whenever the tab opens."""

from __future__ import annotations

from pathlib import Path

import gradio as gr

from assistant.service import chosen_adapter
from assistant.stage.results import default_root, read_report, read_results
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.markup import QUICK, text
from assistant.ui.stage.bars import figures


class FiguresPanel:
    """The panel.

    Args:
        context: what all rooms share.
        results: where the benchmarks' files are; None for the repository's own.
    """

    def __init__(self, context: Context, results: Path | None = None) -> None:
        self._context = context
        self._results = results or default_root()

    def build(self, tab: gr.Tab) -> None:
        """Lay the panel out; opening `tab` reads the files."""
        charts = gr.HTML("", elem_id="le-result-figures", padding=False)
        with gr.Row(elem_id="le-report-row"):
            directory = gr.Textbox(
                label="Another report: the directory that `llama-e finetune evaluate` wrote",
                placeholder="runs/my-adapter/report",
                scale=6,
                elem_id="le-report",
            )
            read = gr.Button("Read report", scale=1, min_width=130)
        report = gr.HTML("", elem_id="le-report-figures", padding=False)
        tab.select(self._read, None, charts, **QUICK)
        gr.on([read.click, directory.submit], self._read_report, [directory], report, **QUICK)

    def _read(self, request: gr.Request) -> str:
        self._context.enter(request, "stage")
        return figures(read_results(self._results, self._card()))

    def _card(self) -> Path | None:
        adapter = chosen_adapter(self._context.service.settings)
        return Path(adapter) / "README.md" if adapter else None

    def _read_report(self, directory: str, request: gr.Request) -> str:
        user = self._context.enter(request, "stage")
        if not user.is_admin:
            return _note("Only an admin may read a directory of this machine.")
        if not directory.strip():
            return _note("Name the directory of a report first.")
        try:
            return figures(read_report(Path(directory.strip())))
        except KNOWN_ERRORS as error:
            return _note(str(error))


def _note(said: str) -> str:
    return f'<p class="le-verdict le-warn" role="alert">{text(said)}</p>'
