"""Versions, labels and answers as HTML cards. Strings in, strings out; all texts are escaped."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.constraints import count_words
from assistant.ui.markup import text as shown
from assistant.ui.studio.marking import css_of, dropped, marked, told
from assistant.ui.studio.proofs import Proof
from assistant.values import Claim
from retrieval.values import Evidence

EMPTY = """
<div class="st-welcome">
  <h3>Copy that claims only what the record holds</h3>
  <ol>
    <li><b>Pick a product</b>: search the catalog, or paste a record of your own.</li>
    <li><b>Choose what to write</b>: an ad, a title, a category, a purchase intent, an answer.</li>
    <li><b>Compare, edit, keep</b>: three versions side by side, each claim checked against the
    record and each length against the platform's limit.</li>
  </ol>
  <p>For a whole feed, open <b>A whole feed</b> above: CSV in, CSV out. Nothing is ever published;
  what you keep stays in your list.</p>
</div>
"""
_SIGNS = {True: "✓", False: "✗", None: "·"}
_SAID = {True: "met", False: "not met", None: "not checked"}


def draft_card(number: int, text: str, label: str) -> str:
    """Render a version that is still being written; without a text, one that waits."""
    body = f'<p class="st-text">{shown(text)}</p>' if text else '<p class="st-waiting"></p>'
    return (
        f'<div class="st-proof st-draft"><h4>Version {number}<span class="st-tag">{shown(label)}'
        f"</span></h4>{body}</div>"
    )


def proof_card(number: int, proof: Proof, name: str = "") -> str:
    """Render a checked version: its claims marked, then what was asked of it."""
    tag = '<span class="st-tag">edited</span>' if proof.edited else ""
    head = f"<h4>{shown(name) or f'Version {number}'}{tag}{_verdict(proof)}</h4>"
    return (
        f'<div class="st-proof" data-limit="{proof.limit}">{head}{_text_of(proof)}{_asked(proof)}'
        f"{_claims(proof.claims)}{_notes(proof.notes)}</div>"
    )


def count_line(text: str, limit: int) -> str:
    """Render a text's length; the page's script writes the same while someone types."""
    characters = f"{len(text)} of {limit} characters" if limit else f"{len(text)} characters"
    over = " st-over" if limit and len(text) > limit else ""
    number = count_words(text)
    return (
        f'<span class="st-count{over}">{characters} · {number} word{"s" * (number != 1)}'
        f"{' · too long' if over else ''}</span>"
    )


def label_card(shares: Sequence[tuple[str, float]], heading: str) -> str:
    """Render the labels with the model's belief in each, the chosen one first."""
    rows = "".join(
        f'<li class="{"st-chosen" if place == 0 else ""}"><span>{shown(label)}</span>'
        f'<span class="st-bar" aria-hidden="true"><i style="width:{share * 100:.1f}%"></i></span>'
        f"<b>{share:.0%}</b></li>"
        for place, (label, share) in enumerate(shares)
    )
    chosen = shown(shares[0][0]) if shares else ""
    return (
        f'<div class="st-proof st-labels"><h4>{shown(heading)}</h4><p class="st-label">{chosen}</p>'
        f'<ul>{rows}</ul><p class="st-hint">How the model divides its belief among these labels;'
        " it does not know others.</p></div>"
    )


def evidence_card(used: Sequence[Evidence]) -> str:
    """Render the fields that an answer stands on."""
    if not used:
        return (
            '<div class="st-proof"><h4>Facts</h4><p class="st-hint">No field of the record bears on'
            " the question.</p></div>"
        )
    rows = "".join(
        f'<tr><th scope="row">{shown(item.field)}</th><td>{shown(item.text)}</td></tr>'
        for item in used
    )
    return f'<div class="st-proof"><h4>Facts that were used</h4><table>{rows}</table></div>'


def status_line(text: str, *, busy: bool = False, fault: bool = False) -> str:
    """Render what is going on, or what went wrong."""
    kind = "st-fault" if fault else "st-busy" if busy else ""
    return f'<div class="st-status {kind}" role="status">{shown(text)}</div>'


def _verdict(proof: Proof) -> str:
    if not proof.is_grounded:
        return '<span class="st-verdict st-warn">check the marked words</span>'
    unmet = [one for one in proof.constraints if one.met is False]
    if unmet or proof.is_too_long:
        return '<span class="st-verdict st-warn">not all as asked</span>'
    if proof.claims or proof.before:
        return '<span class="st-verdict st-good">in the record</span>'
    return '<span class="st-verdict">no claims to check</span>'


def _text_of(proof: Proof) -> str:
    """Render the text; one that replaces a title stands below that title."""
    if not proof.before:
        return f'<p class="st-text">{marked(proof.text, proof.claims)}</p>'
    if proof.before == proof.text:
        same = '<p class="st-hint">The same as the record\'s own title.</p>'
        return f'<p class="st-text">{marked(proof.text, proof.claims)}</p>{same}'
    return (
        f'<dl class="st-diff"><dt>Before</dt><dd>{dropped(proof.before, proof.text)}</dd>'
        f'<dt>After</dt><dd class="st-text">{marked(proof.text, proof.claims, proof.before)}</dd>'
        "</dl>"
    )


def _asked(proof: Proof) -> str:
    rows = "".join(
        f'<li class="st-met-{str(one.met).lower()}">'
        f'<span aria-hidden="true">{_SIGNS[one.met]}</span>'
        f' <span class="st-sr">{_SAID[one.met]}:</span> {shown(one.asked)}'
        f"{f' <i>({shown(one.detail)})</i>' if one.detail and not one.met else ''}</li>"
        for one in proof.constraints
    )
    return f'<ul class="st-asked" aria-label="What was asked">{rows}</ul>' if rows else ""


def _claims(claims: Sequence[Claim]) -> str:
    if not claims:
        return ""
    rows = "".join(
        f'<li><mark class="{css_of(claim)}">{shown(claim.text)}</mark> {shown(told(claim))}</li>'
        for claim in claims
    )
    failed = sum(claim.verdict != "supported" for claim in claims)
    number = len(claims)
    head = f"{number} claim{'s' * (number != 1)} checked"
    head += f", {failed} doubtful" if failed else ""
    opened = " open" if failed else ""
    return f'<details class="st-claims"{opened}><summary>{head}</summary><ul>{rows}</ul></details>'


def _notes(notes: Sequence[str]) -> str:
    rows = "".join(f"<li>{shown(note)}</li>" for note in notes)
    if not rows:
        return ""
    return f'<details class="st-notes"><summary>What was mended</summary><ul>{rows}</ul></details>'
