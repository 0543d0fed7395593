"""The columns of a round as HTML: text with its claims marked, state, figures, verdict, sources.

Knows no gradio and no model: columns in, a string out. Every text of others is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.intents import Intent
from assistant.stage.values import BASE, TUNED, Column, System
from assistant.ui.cards import record_card
from assistant.ui.markup import text
from assistant.ui.studio.marking import marked, told
from assistant.values import Claim

LETTERS = "ABC"
EMPTY = """<div class="le-board-empty">
  <p class="le-lead">One prompt, two or three systems, side by side.</p>
  <p>Pick a demonstration above, or type a prompt and press <b>Run</b>. The columns take the one
  model in turn, so they stream together; every time shown is a column's own compute. Turn on
  <b>Blind vote</b> to hide the names until you have chosen.</p>
</div>"""
_STATES = {
    "waiting": "waiting",
    "loading": "loading the model",
    "writing": "writing",
    "done": "done",
    "stopped": "stopped",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """How a round is to be shown: who is named how, and whether names are still hidden."""

    name: Callable[[System], str]
    is_hidden: bool = False
    winner: str = ""
    media_root: Path | None = None


def board(columns: Sequence[Column], shown: Shown) -> str:
    """Render all columns of a round."""
    longest = max((column.seconds for column in columns), default=0.0)
    parts = "".join(
        _column(letter, column, shown, longest)
        for letter, column in zip(LETTERS, columns, strict=False)
    )
    turns = (
        ""
        if shown.is_hidden
        else "<p class='le-clock'>The columns take the model in turn. Times are each column's own"
        " compute; waiting and the other columns are left out.</p>"
    )
    return f'<div class="le-board" data-columns="{len(columns)}">{parts}</div>{turns}'


def _column(letter: str, column: Column, shown: Shown, longest: float) -> str:
    model, _, how = shown.name(column.system).partition(" · ")
    if shown.is_hidden:
        model, how = f"System {letter}", "name hidden until you vote"
    kind = "hidden" if shown.is_hidden else kind_of(column.system)
    won = " le-won" if shown.winner == column.system.key else ""
    best = "<span class='le-best'>your choice</span>" if won else ""
    state = _STATES[column.status]
    details = "" if shown.is_hidden else _details(column, shown, longest)
    return (
        f'<section class="le-col le-is-{kind}{won}" aria-label="{letter}: {text(model)}">'
        f'<header><span class="le-letter" aria-hidden="true">{letter}</span>'
        f"<div class='le-who'><h3>{text(model)}</h3><p>{text(how)}</p></div>{best}"
        f'<span class="le-state le-state-{column.status}">{state}</span></header>'
        f'<div class="le-out">{_written(column, shown)}</div>{details}</section>'
    )


def kind_of(system: System) -> str:
    """Return the colour's name of a system: by model, whatever it is grounded in."""
    return {BASE: "base", TUNED: "tuned"}.get(system.model, "other")


def _written(column: Column, shown: Shown) -> str:
    if column.status == "failed":
        return f"<p class='le-fault'>{text(column.fault)}</p>"
    cursor = '<span class="le-cursor" aria-hidden="true"></span>' if _is_running(column) else ""
    if not column.text:
        return cursor or "<p class='le-hint'>Nothing was written.</p>"
    claims = () if shown.is_hidden or _is_running(column) else column.claims
    return f"{marked(column.text, claims, css=_css_of)}{cursor}"


def _is_running(column: Column) -> bool:
    return not column.is_over


def _css_of(claim: Claim) -> str:
    """Return the class by which a claim's mark is drawn: it holds, or it does not."""
    return f"le-claim le-{'held' if claim.verdict == 'supported' else 'failed'}"


def _details(column: Column, shown: Shown, longest: float) -> str:
    return (
        f"<div class='le-measure'>{_race(column, longest)}{_figures(column)}{_verdict(column)}"
        + (f"{_sources(column, shown.media_root)}</div>")
    )


def _race(column: Column, longest: float) -> str:
    """Draw the column's own seconds as a bar, as long as the longest column's is whole."""
    whole = 100 * column.seconds / longest if longest else 0.0
    first = column.first_token if column.first_token is not None else column.seconds
    reading = 100 * first / column.seconds if column.seconds else 100.0
    return (
        f'<div class="le-race" aria-hidden="true"><div style="width:{whole:.1f}%">'
        f'<i style="width:{min(100.0, reading):.1f}%"></i></div></div>'
    )


def _figures(column: Column) -> str:
    first = f"{column.first_token:.2f} s" if column.first_token is not None else "–"
    rate = f"{column.rate:.0f}" if column.rate else "–"
    count = "label chosen" if column.chose and not column.tokens else f"{column.tokens}"
    pairs = (
        ("First token", first),
        ("Total", f"{column.seconds:.2f} s"),
        ("Tokens/s", rate),
        ("Tokens", count),
    )
    cells = "".join(f"<div><dt>{name}</dt><dd>{told}</dd></div>" for name, told in pairs)
    return f'<dl class="le-meter">{cells}</dl>'


def _verdict(column: Column) -> str:
    if not column.is_over or column.status == "failed":
        return ""
    css, told = _judgement(column)
    notes = "".join(
        f"<p>{text(note)}</p>" for note in (column.answer.notes if column.answer else ())
    )
    return f'<div class="le-verdict le-{css}"><b>{told}</b>{notes}{_claims(column.claims)}</div>'


def _judgement(column: Column) -> tuple[str, str]:
    """Return a verdict's look and its sentence."""
    answer, claims = column.answer, column.claims
    if column.status == "stopped":
        return "note", "Stopped before the end; not checked."
    if answer and answer.abstained and answer.intent == Intent.ANSWER:
        return "good", "Abstained: the catalog does not hold the answer."
    held = sum(claim.verdict == "supported" for claim in claims)
    when = "Checked afterwards against the record" if column.judged_after else "Checked"
    if claims:
        css = "good" if held == len(claims) else "warn"
        noun = "claim" if held == len(claims) == 1 else "claims"
        verb = "holds" if held == 1 else "hold"
        return css, f"{when}: {held} of {len(claims)} {noun} {verb}."
    if column.judged_after:
        return "note", f"{when}: no claim that it could decide."
    if answer is None:
        return "note", "Not checked: no column found a record."
    return "note", "Nothing to check."


def _claims(claims: Sequence[Claim]) -> str:
    if not claims:
        return ""
    items = "".join(
        f'<li class="le-{claim.verdict}">{text(claim.text)}<span>{text(told(claim))}</span></li>'
        for claim in claims
    )
    return f"<details><summary>Claims ({len(claims)})</summary><ul>{items}</ul></details>"


def _sources(column: Column, media_root: Path | None) -> str:
    if column.answer is None or not column.answer.citations:
        return ""
    return f'<div class="le-sources"><h4>Stands on</h4>{"".join(_cards(column, media_root))}</div>'


def _cards(column: Column, media_root: Path | None) -> Iterator[str]:
    assert column.answer is not None
    for citation in column.answer.citations:
        yield record_card(
            citation.hit, number=citation.number, used=citation.fields, media_root=media_root
        )
