"""The studio for one product: pick it, choose a task, see versions written, edit, keep.

Settings that change after the first writing are written anew, unless a version was edited by hand.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from assistant.access.values import User
from assistant.errors import GenerationStopped
from assistant.grounding import check_answer
from assistant.parameters import query_of
from assistant.store.kept import KeptText, KeptTexts
from assistant.tasks import TASKS
from assistant.tasks.copy_inputs import CopyInputs
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.markup import QUICK
from assistant.ui.studio.forms import NAMES, TaskForm
from assistant.ui.studio.picker import ProductPicker
from assistant.ui.studio.proofs import Proof, recheck
from assistant.ui.studio.screen import VERSIONS, Changes, Screen, Written
from assistant.ui.studio.writing import Answered, answer_about, label_shares, write_versions
from assistant.ui.switches import Switches
from catalog_index.product import Product
from retrieval.evidence import EvidenceRanker
from retrieval.values import Evidence

_DEBOUNCE = 0.6
_FIRST = "ads"
_NEEDED = {
    "classify": ("labels", "Write the labels to choose among, one a line."),
    "intent": ("query", "Write what the shopper types."),
    "answer": ("question", "Write the question."),
}
_COPY = ("ads", "title")


class OneProduct:
    """The panel for one product.

    Args:
        context: what all rooms share.
        kept: where kept texts go.
    """

    def __init__(self, context: Context, kept: KeptTexts) -> None:
        self._context = context
        self._kept = kept
        self._picker = ProductPicker(context)
        self._form = TaskForm("st-one")
        self._screen = Screen()
        self._switches = Switches()
        self._ranker: EvidenceRanker | None = None
        self._opening = threading.Lock()

    def build(self) -> None:
        """Lay the panel out."""
        with gr.Row(elem_id="st-one", equal_height=False):
            with gr.Column(scale=4, min_width=280, elem_id="st-side", elem_classes="st-stack"):
                gr.HTML('<h3 class="st-heading">Product</h3>')
                self._picker.build()
                gr.HTML('<h3 class="st-heading">What to write</h3>')
                self._task = gr.Radio(
                    [(name, task) for task, name in NAMES.items()],
                    value=_FIRST,
                    label="What to write",
                    show_label=False,
                    container=False,
                    elem_id="st-task",
                    elem_classes="st-segments",
                )
                with gr.Column(elem_classes="st-form"):
                    self._form.build(_FIRST)
                with gr.Row(elem_classes="st-actions"):
                    self._write = gr.Button("Write", variant="primary", elem_id="st-write")
                    self._stop = gr.Button("Stop", variant="stop", visible=False, elem_id="st-stop")
            with gr.Column(scale=8, min_width=280, elem_id="st-screen", elem_classes="st-stack"):
                self._screen.build()
        self._written = gr.State(None)

    @property
    def upload(self) -> gr.Button:
        """The button of those who have a feed and not one product."""
        return self._picker.upload

    def wire(self) -> None:
        """Wire the panel's events."""
        slow = {"show_progress": "hidden", "api_visibility": "private", "concurrency_limit": None}
        outputs = [*self._screen.outputs, self._write, self._stop, self._written]
        product, form = self._picker.product, self._form
        asked = [product, self._task, self._written, *form.inputs]
        cleared = [*self._screen.outputs, self._write, self._stop, self._written]

        def changed(event: Any) -> None:
            event.then(self._clear, None, cleared, **QUICK)
            labels = form.component("labels")
            event.then(self._suggest, [product, labels], [labels], **QUICK)

        self._picker.wire(changed)
        self._task.input(form.show, [self._task], form.shown, **QUICK)
        self._task.input(self._clear, None, cleared, **QUICK)
        self._write.click(self._write_now, asked, outputs, trigger_mode="multiple", **slow)
        again = [control.input for control in form.chosen]
        for control in form.typed:
            again += [control.blur, control.submit]
        gr.on(
            again,
            self._write_again,
            [*asked[:3], *self._screen.boxes, *form.inputs],
            outputs,
            trigger_mode="multiple",
            **slow,
        )
        self._stop.click(self._stop_writing, None, None, **QUICK)
        for place in range(VERSIONS):
            number = gr.State(place)
            box, keep = self._screen.boxes[place], self._screen.keeps[place]
            screen = self._screen
            checked = [screen.proofs[place], screen.counts[place], keep]
            gr.on(
                [box.blur, box.submit],
                self._recheck,
                [number, self._written, box],
                checked,
                **QUICK,
            )
            keep.click(self._keep, [number, self._written, box], [keep], **QUICK)
        label = self._screen.keep_label
        label.click(self._keep_chosen, [self._written], [label], **QUICK)

    def _clear(self, request: gr.Request) -> Changes:
        self._context.enter(request, "studio")
        self._switches.discard(request.session_hash or "")
        return self._screen.cleared() | self._idle() | {self._written: None}

    def _suggest(self, product: Product | None, labels: str | None, request: gr.Request) -> Any:
        """Fill the empty box of labels with the types of products like the chosen one."""
        self._context.enter(request, "studio")
        if product is None or (labels or "").strip():
            return gr.skip()
        try:
            return "\n".join(self._picker.alike(product))
        except KNOWN_ERRORS:
            return gr.skip()

    def _idle(self, label: str = "Write") -> Changes:
        return {self._write: gr.update(value=label, visible=True), self._stop: _hidden()}

    def _stop_writing(self, request: gr.Request) -> None:
        self._context.enter(request, "studio")
        self._switches.stop(request.session_hash or "")

    def _write_now(
        self,
        request: gr.Request,
        product: Product | None,
        task: str,
        written: Written | None,
        *values: Any,
    ) -> Iterator[Changes]:
        user = self._context.enter(request, "studio")
        if product is None:
            yield self._screen.said("Pick a product first, or paste a record.", fault=True)
            return
        line = self._form.line(task, values)
        is_again = written is not None and (written.line, written.task) == (line, task)
        attempt = written.attempt + 1 if written is not None and is_again else 0
        switch = self._switches.begin(request.session_hash or "")
        asked = Written(product, task, line, attempt=attempt)
        yield from self._run(user, request.session_hash or "", asked, switch)

    def _write_again(
        self,
        request: gr.Request,
        product: Product | None,
        task: str,
        written: Written | None,
        *values: Any,
    ) -> Iterator[Changes]:
        """Write anew where a setting changed since; of changes in a row the last one counts."""
        user = self._context.enter(request, "studio")
        boxes, values = values[:VERSIONS], values[VERSIONS:]
        line = self._form.line(task, values)
        unchanged = {self._screen.status: gr.skip()}
        if product is None or written is None or (written.line, written.task) == (line, task):
            yield unchanged
            return
        if any(box != proof.text for box, proof in zip(boxes, written.proofs, strict=False)):
            told = "The settings changed. Press Write again to replace the versions you edited."
            yield self._screen.said(told)
            return
        session = request.session_hash or ""
        switch = self._switches.begin(session)
        if switch.wait(_DEBOUNCE):
            stopped = self._screen.said("Stopped.") | self._idle("Write again")
            changes = self._if_owned(session, switch, stopped)
            self._switches.end(session, switch)
            yield changes
            return
        yield from self._run(user, session, Written(product, task, line), switch)

    def _run(
        self, user: User, session: str, asked: Written, switch: threading.Event
    ) -> Iterator[Changes]:
        """Wait for the model, do the task, and show it; a newer request shows in its place."""
        started = time.monotonic()
        last: Changes = {}
        try:
            needed, told = _NEEDED.get(asked.task, ("", ""))
            if needed and not asked.line.get(needed):
                yield self._screen.said(told, fault=True) | self._idle()
                return
            inputs = _inputs(asked)
            self._context.gate.admit(user)
            yield self._screen.said("Starting …", busy=True) | {
                self._write: _hidden(),
                self._stop: gr.update(visible=True),
            }
            with self._context.line.join() as place:
                while not place.wait(0.25) and not switch.is_set():
                    ahead = f"Waiting: {place.ahead} before you …"
                    yield self._screen.said(ahead, busy=True)
                _go_on(switch)
                for last in self._shown(asked, inputs, switch):
                    yield self._if_owned(session, switch, last)
            _go_on(switch)
            told = f"Done in {time.monotonic() - started:.1f} s."
            if notes := getattr(last.get(self._written), "notes", ()):
                told = f"{told} {' '.join(notes)}"
            done = last | self._screen.said(told) | self._idle("Write again")
            yield self._if_owned(session, switch, done)
        except GenerationStopped:
            stopped = self._screen.said("Stopped.") | self._idle("Write again")
            yield self._if_owned(session, switch, stopped)
        except KNOWN_ERRORS as error:
            failed = self._screen.said(str(error), fault=True) | self._idle()
            yield self._if_owned(session, switch, failed)
        finally:
            self._switches.end(session, switch)

    def _if_owned(self, session: str, switch: threading.Event, changes: Changes) -> Changes:
        """Return what to show of a request; nothing once a newer one took its place."""
        if self._switches.owns(session, switch):
            return changes
        # Gradio shows the last thing yielded once more when a stream ends.
        return {self._screen.status: gr.skip()}

    def _shown(self, asked: Written, inputs: Any, switch: threading.Event) -> Iterator[Changes]:
        """Do a task; yield what to show as it goes."""
        screen, task = self._screen, TASKS[asked.task]
        engine = self._context.service.engine
        if isinstance(inputs, CopyInputs):
            for progress in write_versions(engine, task, inputs, switch, asked.attempt):
                if not progress.is_done:
                    yield screen.drafting(progress, inputs.variants)
                    continue
                kept = replace(asked, proofs=progress.proofs, notes=progress.notes)
                yield screen.versions(progress.proofs) | {self._written: kept}
        elif asked.task == "answer":
            question = asked.line["question"]
            for part in answer_about(engine, self._rank(), asked.product, question, switch):
                if isinstance(part, Answered):
                    kept = replace(asked, proofs=(part.proof,), used=part.used)
                    yield screen.answered(part) | {self._written: kept}
                else:
                    yield screen.said("Writing …", busy=True)
        else:
            shares = label_shares(engine, task, inputs, switch)
            told = {"classify": "Category", "intent": "Would this shopper buy it?"}[asked.task]
            kept = replace(asked, label=shares[0][0])
            yield screen.labelled(shares, told) | {self._written: kept}

    def _rank(self) -> EvidenceRanker:
        with self._opening:
            if self._ranker is None:
                self._ranker = EvidenceRanker(self._context.service.embedder)
            return self._ranker

    def _recheck(self, place: int, written: Written | None, text: str, request: gr.Request) -> Any:
        self._context.enter(request, "studio")
        if written is None or place >= len(written.proofs):
            return (gr.skip(),) * 3
        proof, name = checked_anew(written, place, text), ""
        if written.task == "answer":
            name = "Answer"
        return self._screen.rechecked(place, proof, name)

    def _keep(self, place: int, written: Written | None, text: str, request: gr.Request) -> Any:
        if written is None or place >= len(written.proofs):
            return gr.skip()
        edited = text.strip() != written.proofs[place].text.strip()
        return self._keep_text(request, written, text.strip(), edited=edited)

    def _keep_chosen(self, written: Written | None, request: gr.Request) -> Any:
        if written is None or not written.label:
            return gr.skip()
        return self._keep_text(request, written, written.label, edited=False)

    def _keep_text(self, request: gr.Request, written: Written, text: str, *, edited: bool) -> Any:
        user = self._context.enter(request, "studio")
        if not text:
            gr.Info("There is no text to keep.")
            return gr.skip()
        product = written.product
        platform = str(written.line.get("platform", ""))
        kept = KeptText(product.id, product.title, written.task, text, edited, platform)
        try:
            is_new = self._kept.keep(user.name, kept)
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return gr.skip()
        gr.Info("Kept. See Kept texts." if is_new else "This very text is kept already.")
        return "Kept ✓"


def checked_anew(written: Written, place: int, text: str) -> Proof:
    """Return what is known of a version after an edit; as written where nothing changed."""
    proof = written.proofs[place]
    if text.strip() == proof.text.strip():
        return proof
    if written.task == "answer":
        evidence = list(written.used) or [Evidence("", "", "passage", "passage", "", 0.0)]
        claims = check_answer(text, evidence, written.line["question"])
        return Proof(text, tuple(claims), edited=True)
    return recheck(TASKS[written.task], _inputs(written), text)


def _inputs(asked: Written) -> Any:
    """Return a task's inputs, three versions of what there can be several of.

    Raises:
        TaskInputError: a setting does not fit the task.
    """
    line = {**asked.line, "product": asked.product}
    if asked.task == "answer":
        del line["product"]
    if asked.task in _COPY:
        line["variants"] = VERSIONS
    if asked.task == "title" and not line.get("query"):
        line["query"] = query_of("", asked.product)
    return TASKS[asked.task].read(line)


def _go_on(switch: threading.Event) -> None:
    """Raise `GenerationStopped` where the switch is set."""
    if switch.is_set():
        raise GenerationStopped("The writing was stopped.")


def _hidden() -> Any:
    return gr.update(visible=False)
