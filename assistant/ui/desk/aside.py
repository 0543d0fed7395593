"""The part beside the chat: records, the reply in a tone, feedback, the hand-over."""

from __future__ import annotations

from typing import Any

import gradio as gr

from assistant.handover import handover
from assistant.reply_tone import TONES, Tone, reply
from assistant.store.conversations import Conversation, Conversations, StoredTurn
from assistant.store.database import StoreError
from assistant.store.feedback import REASONS, Feedbacks
from assistant.ui.cards import EMPTY_PANEL
from assistant.ui.context import Context, told
from assistant.ui.desk.turns import Turns
from assistant.ui.markup import QUICK, act_of, download, downloads, text
from assistant.values import Answer

_NO_REPLY = "<p class='le-hint'>Ask something first; its answer becomes a reply here.</p>"
_NO_TURN = (
    "<p class='le-hint'>Press the thumb under an answer. After a thumb down you say here what was"
    " wrong, and type what it should have said; corrections can teach the next adapter.</p>"
)
_COPY = "(text) => { window.leCopy(document.activeElement, text); }"

Updates = dict[Any, Any]


class Aside:
    """The tabs beside the chat.

    Args:
        context: what all rooms share.
        conversations: what is handed over.
        turns: the last answer.
        feedback: where thumbs and corrections go.
    """

    def __init__(
        self,
        context: Context,
        conversations: Conversations,
        turns: Turns,
        feedback: Feedbacks,
    ) -> None:
        self._context = context
        self._conversations = conversations
        self._turns = turns
        self._feedback = feedback

    def build(self, current: gr.Textbox) -> gr.HTML:
        """Lay the part out; returns the component that shows the records."""
        self._current = current
        with gr.Tabs(elem_id="le-beside", overflow_behavior="wrap") as self._tabs:
            with gr.Tab("Records", id="records", elem_id="le-tab-records", render_children=True):
                records = gr.HTML(EMPTY_PANEL, elem_id="le-records", padding=False)
            with gr.Tab("Reply", id="reply", elem_id="le-tab-reply", render_children=True):
                self._build_reply()
            with gr.Tab("Feedback", id="feedback", elem_id="le-tab-feedback", render_children=True):
                self._build_feedback()
            with gr.Tab("Hand over", id="handover", elem_id="le-tab-over", render_children=True):
                self._build_handover()
        return records

    def _build_reply(self) -> None:
        self._reply_hint = gr.HTML(_NO_REPLY, padding=False)
        self._tone = gr.Radio(
            [(tone.capitalize(), tone) for tone in TONES],
            value=TONES[0],
            label="Tone",
            elem_id="le-tone",
        )
        self._reply = gr.Textbox(
            label="Reply to the shopper, to be edited as you like",
            lines=7,
            max_lines=16,
            interactive=True,
            elem_id="le-reply",
        )
        self._copy_reply = gr.Button("Copy reply", elem_id="le-copy-reply", variant="primary")

    def _build_feedback(self) -> None:
        self._judged = gr.Textbox(
            "", elem_classes="le-off", label="Judged answer", elem_id="le-judged"
        )
        self._about = gr.HTML(_NO_TURN, padding=False)
        with gr.Column(visible=False) as self._form:
            self._reasons = gr.CheckboxGroup(list(REASONS), label="What was wrong?")
            self._correction = gr.Textbox(
                label="What should it have said?",
                placeholder="One or two sentences, true of the record",
                lines=4,
                elem_id="le-correction",
            )
            self._save = gr.Button("Save feedback", variant="primary", elem_id="le-save-feedback")

    def _build_handover(self) -> None:
        self._over_hint = gr.HTML(
            "<p class='le-hint'>Packs this conversation for a colleague: what is still open, the"
            " products, claims to be checked, and everything that was said with its sources.</p>"
        )
        self._pack = gr.Button("Pack this conversation", variant="primary", elem_id="le-pack")
        self._package = gr.Textbox(
            label="Package",
            lines=14,
            max_lines=24,
            visible=False,
            interactive=True,
            elem_id="le-package",
        )
        with gr.Row():
            self._copy_package = gr.Button("Copy", visible=False, elem_id="le-copy-package")
            self._save_package = gr.Button("Download", visible=False, elem_id="le-save-package")
        self._files = downloads()

    @property
    def outputs(self) -> list[Any]:
        """The components that another conversation or answer changes."""
        return [
            *(self._tabs, self._reply_hint, self._reply, self._tone),
            *(self._judged, self._about, self._form, self._reasons, self._correction),
            *(self._package, self._copy_package, self._save_package),
        ]

    def wire(self, actions: gr.HTML) -> None:
        """Wire the part's events.

        Args:
            actions: the row under the chat, whose buttons open these tabs.
        """
        actions.click(self._act, [self._current], self.outputs, **QUICK)
        self._tone.input(self._in_tone, [self._tone, self._current], [self._reply], **QUICK)
        self._copy_reply.click(None, [self._reply], None, js=_COPY)
        said = [self._judged, self._reasons, self._correction]
        kept = [self._judged, self._about, self._form]
        self._save.click(self._keep, said, kept, **QUICK)
        self._pack.click(self._packed, [self._current], self.outputs, **QUICK)
        self._copy_package.click(None, [self._package], None, js=_COPY)
        self._save_package.click(
            self._saved, [self._package, self._current], [self._files], **QUICK
        )

    def shown(self, head: Conversation | None, answer: Answer | None) -> Updates:
        """Return the tabs for a conversation and its last answer."""
        return {
            self._reply: reply(answer) if answer else "",
            self._reply_hint: "" if answer else _NO_REPLY,
            self._tone: TONES[0],
            self._judged: "",
            self._about: _NO_TURN,
            self._form: gr.update(visible=False),
            self._package: gr.update(value="", visible=False),
            self._copy_package: gr.update(visible=False),
            self._save_package: gr.update(visible=False),
        }

    def feedback_for(self, turn: StoredTurn | None) -> Updates:
        """Return the tabs with the form for a disliked answer open, or closed for None."""
        if turn is None:
            return {self._judged: "", self._about: _NO_TURN, self._form: gr.update(visible=False)}
        return {
            self._tabs: gr.update(selected="feedback"),
            self._judged: str(turn.id),
            self._about: (
                f"<blockquote class='le-quote'><b>{text(turn.message[:200])}</b><br>"
                f"{text(turn.text[:300])}</blockquote>"
            ),
            self._form: gr.update(visible=True),
            self._reasons: list(turn.reasons),
            self._correction: turn.correction,
        }

    def _act(self, current: str, event: gr.EventData, request: gr.Request) -> Updates:
        act = act_of(event).get("act", "")
        if act == "handover":
            return self._packed(current, request)
        if act == "tone":
            return {self._tabs: gr.update(selected="reply")}
        return {self._judged: gr.skip()}

    @told
    def _in_tone(self, tone: Tone, current: str, request: gr.Request) -> str:
        user = self._context.enter(request, "desk")
        answer = self._turns.opened(user.name, current).answer
        return reply(answer, tone) if answer and tone in TONES else ""

    def _keep(
        self, judged: str, reasons: list[str], correction: str, request: gr.Request
    ) -> Updates:
        user = self._context.enter(request, "desk")
        if not judged.isdigit():
            return {self._about: _NO_TURN}
        try:
            self._feedback.give(user.name, int(judged), False, reasons, correction)
        except StoreError as error:
            gr.Warning(str(error))
            return {self._judged: judged}
        gr.Info("Kept. Thank you.")
        said = "<p class='le-hint'>Your feedback is kept; it shows under Quality.</p>"
        return {self._judged: "", self._about: said, self._form: gr.update(visible=False)}

    @told
    def _packed(self, current: str, request: gr.Request) -> Updates:
        user = self._context.enter(request, "desk")
        head = self._conversations.find(user.name, current)
        if head is None or not head.turns:
            gr.Info("There is nothing to hand over yet. Ask something first.")
            return {self._tabs: gr.update(selected="handover")}
        package = handover(head, self._conversations.turns(user.name, current), user.name)
        return {
            self._tabs: gr.update(selected="handover"),
            self._package: gr.update(value=package, visible=True),
            self._copy_package: gr.update(visible=True),
            self._save_package: gr.update(visible=True),
        }

    @told
    def _saved(self, package: str, current: str, request: gr.Request) -> dict[str, str]:
        user = self._context.enter(request, "desk")
        head = self._conversations.find(user.name, current)
        return download(f"handover-{head.title if head else ''}.md", package, "text/markdown")
