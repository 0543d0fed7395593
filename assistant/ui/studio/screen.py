"""The right side of the studio for one product: what is written, as it comes, and then checked.

Holds the components and says what to change in them; knows no model and no user.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from assistant.ui.studio.proof_cards import (
    EMPTY,
    count_line,
    draft_card,
    evidence_card,
    label_card,
    proof_card,
    status_line,
)
from assistant.ui.studio.proofs import Proof
from assistant.ui.studio.writing import Answered, Progress
from catalog_index.product import Product
from retrieval.values import Evidence

VERSIONS = 3
_COUNT = """async (text) => {{
  await new Promise((done) => setTimeout(done, 80));
  const proof = document.querySelector('#st-proof-{number} [data-limit]');
  const limit = Number(proof ? proof.dataset.limit : 0);
  const length = [...text].length;
  const words = text.split(/\\s+/).filter((part) => /[\\p{{L}}\\p{{N}}_]/u.test(part)).length;
  const over = limit && length > limit;
  const characters = limit ? `${{length}} of ${{limit}} characters` : `${{length}} characters`;
  return `<span class="st-count${{over ? ' st-over' : ''}}">${{characters}} · ${{words}} word`
    + `${{words === 1 ? '' : 's'}}${{over ? ' · too long' : ''}}</span>`;
}}"""
"""Counts as `count_line` does, while someone types; the limit may come with the same update."""

Changes = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What was written last: for which product and input line, and what came of it.

    `used` is the evidence of an answer, `notes` what is to be said of the versions together.
    """

    product: Product
    task: str
    line: dict[str, Any] = field(default_factory=dict)
    proofs: tuple[Proof, ...] = ()
    label: str = ""
    used: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()
    attempt: int = 0


class Screen:
    """The components that show what is written."""

    def build(self) -> None:
        """Lay them out."""
        self.status = gr.HTML(status_line(""), elem_id="st-status")
        self.empty = gr.HTML(EMPTY, elem_id="st-empty")
        self.row = gr.Row(visible=False, elem_id="st-versions", equal_height=False)
        self.columns: list[Any] = []
        self.proofs: list[Any] = []
        self.boxes: list[Any] = []
        self.counts: list[Any] = []
        self.keeps: list[Any] = []
        self.edits: list[Any] = []
        with self.row:
            for number in range(1, VERSIONS + 1):
                self._version(number)
        self.result = gr.HTML("", visible=False, elem_id="st-result")
        self.keep_label = gr.Button(
            "Keep this label", size="sm", visible=False, elem_id="st-keep-label"
        )

    def _version(self, number: int) -> None:
        column = gr.Column(min_width=220, elem_classes="st-version", elem_id=f"st-version-{number}")
        with column:
            self.proofs.append(gr.HTML("", elem_id=f"st-proof-{number}"))
            edit = gr.Column(visible=False, elem_classes="st-edit")
            with edit:
                count = gr.HTML("", elem_id=f"st-count-{number}")
                with gr.Accordion(
                    "Edit", open=False, elem_id=f"st-edit-{number}", elem_classes="st-editor"
                ):
                    box = gr.Textbox(
                        label=f"Text of version {number}",
                        show_label=False,
                        container=False,
                        lines=3,
                        max_lines=12,
                        max_length=5000,
                        elem_id=f"st-text-{number}",
                    )
                keep = gr.Button("Keep", size="sm", elem_id=f"st-keep-{number}")
        js = _COUNT.format(number=number)
        box.change(None, [box], [count], js=js, queue=False, api_visibility="private")
        self.columns.append(column)
        self.boxes.append(box)
        self.counts.append(count)
        self.keeps.append(keep)
        self.edits.append(edit)

    @property
    def outputs(self) -> list[Any]:
        """All that the methods below change."""
        parts = (self.columns, self.proofs, self.boxes, self.counts, self.keeps, self.edits)
        return [
            *(self.status, self.empty, self.row, self.result, self.keep_label),
            *(one for part in parts for one in part),
        ]

    def cleared(self) -> Changes:
        """Show nothing written."""
        return {
            self.status: status_line(""),
            self.empty: gr.update(visible=True),
            self.row: gr.update(visible=False),
            self.result: gr.update(value="", visible=False),
            self.keep_label: gr.update(visible=False),
        }

    def said(self, text: str, *, busy: bool = False, fault: bool = False) -> Changes:
        """Show what is going on."""
        return {self.status: status_line(text, busy=busy, fault=fault)}

    def drafting(self, progress: Progress, count: int) -> Changes:
        """Show versions that are being written."""
        changes: Changes = {
            self.empty: gr.update(visible=False),
            self.row: gr.update(visible=True),
            self.result: gr.update(visible=False),
            self.keep_label: gr.update(visible=False),
        }
        at = len(progress.drafts) - 1
        for place in range(VERSIONS):
            changes[self.columns[place]] = gr.update(visible=place < count)
            changes[self.edits[place]] = gr.update(visible=False)
            if place < len(progress.proofs):
                card = proof_card(place + 1, progress.proofs[place])
            elif place < len(progress.drafts):
                told = "writing" if place == at else "checking"
                card = draft_card(place + 1, progress.drafts[place], told)
            else:
                card = draft_card(place + 1, "", "waiting")
            changes[self.proofs[place]] = card
        name = min(at + 1, count)
        told = f"Writing version {name} of {count} …" if count > 1 else "Writing …"
        return changes | self.said(told, busy=True)

    def versions(self, proofs: Sequence[Proof], name: str = "") -> Changes:
        """Show checked versions, each to be edited and kept."""
        changes: Changes = {self.empty: gr.update(visible=False), self.row: gr.update(visible=True)}
        for place in range(VERSIONS):
            is_there = place < len(proofs)
            changes[self.columns[place]] = gr.update(visible=is_there)
            if is_there:
                proof = proofs[place]
                changes[self.proofs[place]] = proof_card(place + 1, proof, name)
                changes[self.boxes[place]] = proof.text
                changes[self.counts[place]] = count_line(proof.text, proof.limit)
                changes[self.keeps[place]] = "Keep"
                changes[self.edits[place]] = gr.update(visible=True)
        return changes

    def labelled(self, shares: Sequence[tuple[str, float]], told: str) -> Changes:
        """Show the label that was chosen, with the others."""
        return {
            self.empty: gr.update(visible=False),
            self.row: gr.update(visible=False),
            self.result: gr.update(value=label_card(shares, told), visible=True),
            self.keep_label: gr.update(value="Keep this label", visible=True),
        }

    def answered(self, answer: Answered) -> Changes:
        """Show a checked answer, with the facts that it stands on."""
        card = evidence_card(answer.used)
        return self.versions([answer.proof], "Answer") | {
            self.result: gr.update(value=card, visible=True),
            self.keep_label: gr.update(visible=False),
        }

    def rechecked(self, place: int, proof: Proof, name: str = "") -> Changes:
        """Show what is known of a version after it was edited."""
        return {
            self.proofs[place]: proof_card(place + 1, proof, name),
            self.counts[place]: count_line(proof.text, proof.limit),
            self.keeps[place]: "Keep",
        }
