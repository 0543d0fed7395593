"""The studio for a whole feed: a table in, a job in the background, a table out.

What the list shows is read from the database, so that a reload or a restart loses nothing of it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.batch.runner import JobRunner
from assistant.batch.table import TableError, template
from assistant.store.jobs import Jobs
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.markup import QUICK, act_of, acting_html, download, downloads
from assistant.ui.studio.forms import NAMES, TaskForm
from assistant.ui.studio.job_cards import MOST_FAILURES, JobView, job_list
from assistant.ui.studio.proof_cards import status_line

_FIRST = "title"
_SECONDS = 1.5
_SECONDS_OF_ONE_CLICK = 3.0
_VISIBLE = "() => Boolean(document.querySelector('#st-jobs')?.offsetParent)"
_KEEP_FOCUS = """
const list = () => document.querySelector('#st-jobs');
let last = null, open = new Set();
const note = (event) => {
  const part = event.target.closest && event.target.closest('#st-jobs [data-act]');
  last = part ? [part.dataset.act, part.dataset.id] : null;
};
document.addEventListener('focusin', note);
document.addEventListener('toggle', (event) => {
  const name = event.target.dataset && event.target.dataset.keep;
  if (name) event.target.open ? open.add(name) : event.target.isConnected && open.delete(name);
}, true);
new MutationObserver(() => {
  if (!list()) return;
  for (const part of list().querySelectorAll('details[data-keep]'))
    if (open.has(part.dataset.keep) && !part.open) part.open = true;
  if (!last || document.activeElement !== document.body) return;
  const [act, id] = last;
  const card = list().querySelector(`[data-job="${id}"]`);
  const same = card && card.querySelector(`[data-act="${act}"]`);
  const part = same || (card && card.querySelector('[data-act]'));
  if (part) part.focus({preventScroll: true});
}).observe(document.body, {childList: true, subtree: true});
"""
"""A list that is drawn anew keeps the focus, and what was unfolded."""

Update = Any


class FeedPanel:
    """The panel for tables.

    Args:
        context: what all rooms share.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._jobs = Jobs(context.database)
        self._runner = JobRunner(
            self._jobs,
            context.database.path.parent / "jobs",
            lambda: context.service.engine,
            self._turn,
        )
        self._form = TaskForm("st-feed", is_batch=True)
        self._begun: dict[str, tuple[tuple[str, str], float]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Stand in the same line as people do, anew for each row."""
        with self._context.line.join(last=True) as place:
            while not place.wait(0.5):
                pass
            yield

    def build(self) -> None:
        """Lay the panel out."""
        with gr.Row(elem_id="st-feed", equal_height=False):
            with gr.Column(scale=4, min_width=280, elem_classes="st-stack"):
                gr.HTML('<h3 class="st-heading">New batch</h3>')
                self._task = gr.Radio(
                    [(name, task) for task, name in NAMES.items()],
                    value=_FIRST,
                    label="What to make of each row",
                    show_label=False,
                    container=False,
                    elem_id="st-feed-task",
                    elem_classes="st-segments",
                )
                self._file = gr.File(
                    label="CSV table",
                    file_types=[".csv", ".tsv", ".txt"],
                    height=132,
                    elem_id="st-upload",
                )
                self._template = gr.Button(
                    "Download a template for this task", size="sm", elem_id="st-template"
                )
                with gr.Accordion(
                    "Settings for all rows", open=False, elem_classes="st-more st-form"
                ):
                    self._form.build(_FIRST)
                self._start = gr.Button("Start the batch", variant="primary", elem_id="st-start")
                self._said = gr.HTML(status_line(""), elem_id="st-feed-status")
            with gr.Column(scale=8, min_width=280, elem_classes="st-stack"):
                gr.HTML('<h3 class="st-heading">Batches</h3>')
                self._list = acting_html(job_list(()), elem_id="st-jobs")
        self._timer = gr.Timer(_SECONDS, active=False)
        self._saved = downloads()
        gr.HTML("", js_on_load=_KEEP_FOCUS, visible="hidden")

    def wire(self, opened: Sequence[Any], left: Sequence[Any]) -> None:
        """Wire the panel; it is read anew when `opened`, and rests when `left`."""
        shown = [self._list, self._timer]
        for event in opened:
            event(self._read, None, shown, **QUICK)
        for event in left:
            event(lambda: gr.Timer(active=False), None, [self._timer], **QUICK)
        visible = gr.Checkbox(visible=False)
        self._timer.tick(self._tick, [visible], shown, js=_VISIBLE, **QUICK)
        self._task.input(self._form.show, [self._task], self._form.shown, **QUICK)
        self._start.click(
            self._begin,
            [self._task, self._file, *self._form.inputs],
            [self._said, self._file, *shown],
            show_progress="hidden",
            api_visibility="private",
        )
        self._list.click(self._act, None, [*shown, self._saved], **QUICK)
        self._template.click(self._make_template, [self._task], [self._saved], **QUICK)

    def _read(self, request: gr.Request) -> tuple[Update, ...]:
        """Return the user's jobs; the timer runs while one of them does."""
        user = self._context.enter(request, "studio")
        try:
            views = [
                JobView(
                    job,
                    self._jobs.seconds_a_row(job.id) if job.is_active else 0.0,
                    tuple(self._jobs.failures(job.id, MOST_FAILURES)) if job.failed else (),
                )
                for job in self._jobs.of_user(user.name)
            ]
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return gr.skip(), gr.Timer(active=False)
        return job_list(views), gr.Timer(active=any(view.job.is_active for view in views))

    def _tick(self, visible: bool, request: gr.Request) -> tuple[Update, ...]:
        if not visible:
            return gr.skip(), gr.Timer(active=False)
        return self._read(request)

    def _begin(
        self, request: gr.Request, task: str, file: str | None, *values: Any
    ) -> tuple[Update, ...]:
        user = self._context.enter(request, "studio")
        if not file:
            told = status_line("Choose a CSV table first.", fault=True)
            return told, gr.skip(), gr.skip(), gr.skip()
        try:
            self._context.gate.admit(user)
            settings = self._form.line(task, values)
            if self._is_second_click(user.name, task, file):
                return (gr.skip(),) * 4
            upload = Path(file)
            job = self._runner.start(user.name, upload, upload.name, task, settings)
        except KNOWN_ERRORS as error:
            return status_line(str(error), fault=True), gr.skip(), gr.skip(), gr.skip()
        told = status_line(f"{job.total:,} rows were taken over. You may close this page.")
        return told, None, *self._read(request)

    def _is_second_click(self, user: str, task: str, file: str) -> bool:
        """Whether the same upload was begun a moment ago: a double click is meant once."""
        now = time.monotonic()
        with self._lock:
            before, at = self._begun.get(user, (("", ""), 0.0))
            self._begun[user] = (task, file), now
        return before == (task, file) and now - at < _SECONDS_OF_ONE_CLICK

    def _act(self, event: gr.EventData, request: gr.Request) -> tuple[Update, ...]:
        user = self._context.enter(request, "studio")
        chosen = act_of(event)
        act, job_id = chosen.get("act"), chosen.get("id", "")
        acts = {
            "pause": self._runner.pause,
            "resume": self._runner.resume,
            "cancel": self._runner.cancel,
            "delete": self._runner.delete,
        }
        file: Update = gr.skip()
        try:
            if act == "download":
                file = self._results_of(user.name, job_id)
            elif act in acts:
                acts[act](user.name, job_id)
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
        return *self._read(request), file

    def _results_of(self, user: str, job_id: str) -> dict[str, str]:
        """Return what is finished of a job as a file to save."""
        results = self._runner.results(user, job_id)
        job = self._jobs.find(user, job_id)
        stem = Path(job.name).stem if job is not None else "batch"
        return download(f"{stem}-results.csv", _content(results), "text/csv")

    def _make_template(self, task: str, request: gr.Request) -> dict[str, str]:
        self._context.enter(request, "studio")
        return download(f"{task}-template.csv", template(task), "text/csv")


def _content(file: Path) -> str:
    """Return a file's text as it stands, its byte-order mark included.

    Raises:
        TableError: the disk refuses.
    """
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as error:
        raise TableError(f"The results cannot be read: {error.strerror or error}.") from error
