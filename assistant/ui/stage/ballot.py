"""The ballot under the columns, and the count of all votes, as HTML. Knows no gradio."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from assistant.stage.tally import Duel, wilson
from assistant.stage.values import BAD, GROUNDINGS, TIE, Column, System
from assistant.ui.markup import text
from assistant.ui.stage.board import LETTERS, kind_of

Name = Callable[[System], str]
EMPTY_TALLY = """<div class="le-empty"><h3>No votes yet</h3><p>Turn on <b>Blind vote</b> in
Compare, run a prompt and choose the better answer, with the mouse or the keys 1, 2, 3 and 0. Each
vote is kept with its prompt and its texts; here you see which system wins, and how sure that
is.</p></div>"""


def ballot(columns: Sequence[Column]) -> str:
    """Render the choices of a finished blind round; keys stand beside them."""
    tie_key, many = str(len(columns) + 1), len(columns) > 2
    choices = [
        *((f"{letter} is better", str(n), str(n), "") for n, letter in _letters(columns)),
        ("Tie", TIE, tie_key, " le-vote-none"),
        ("All bad" if many else "Both bad", BAD, "0", " le-vote-none"),
    ]
    buttons = "".join(
        f'<button type="button" class="le-vote{css}" data-act="vote" data-choice="{choice}"'
        f' data-key="{key}" aria-label="{label} (key {key})">{label}'
        f'<kbd aria-hidden="true">{key}</kbd></button>'
        for label, choice, key, css in choices
    )
    return (
        '<div class="le-ballot" role="group" aria-label="Which answer is better?">'
        f"<p>Which answer is better?</p><div>{buttons}</div></div>"
    )


def _letters(columns: Sequence[Column]) -> Iterator[tuple[int, str]]:
    yield from enumerate(LETTERS[: len(columns)], start=1)


def thanks(choice: str, columns: Sequence[Column], name: Name) -> str:
    """Say what was voted, now that the names are shown."""
    chosen = next((column.system for column in columns if column.system.key == choice), None)
    if chosen is not None:
        letter = LETTERS[[column.system for column in columns].index(chosen)]
        told = f"You chose {letter}: <b>{text(name(chosen))}</b>."
    else:
        told = "You called it a tie." if choice == TIE else "You found none of them good."
    return f'<p class="le-thanks" role="status">{told} The vote is kept; see Votes.</p>'


def tally(duels: Sequence[Duel], name: Name) -> str:
    """Render the count of each pair of systems."""
    if not duels:
        return EMPTY_TALLY
    return f'<div class="le-duels">{"".join(_duel(duel, name) for duel in duels)}</div>'


def _duel(duel: Duel, name: Name) -> str:
    first, second = (system_of(key) for key in (duel.first, duel.second))
    low, high = wilson(duel.wins, duel.decided)
    rate = "–" if duel.rate is None else f"{duel.rate:.0%}"
    sure = f"95% interval {low:.0%} to {high:.0%}" if duel.decided else "no vote names one of them"
    lean = " · too few votes to tell" if low <= 0.5 else ""
    parts = (
        (f"le-is-{kind_of(first)}", duel.wins),
        ("le-is-tie", duel.ties + duel.bad),
        (f"le-is-{kind_of(second)} le-second", duel.losses),
    )
    bar = "".join(
        f'<i class="{css}" style="flex-grow:{count}"></i>' for css, count in parts if count
    )
    return (
        '<article class="le-duel"><header>'
        f"<div><b>{text(name(first))}</b><span>{_times(duel.wins, 'win')}</span></div>"
        f"<div><b>{text(name(second))}</b><span>{_times(duel.losses, 'win')}</span></div></header>"
        f'<div class="le-split" aria-hidden="true">{bar}</div>'
        f'<p class="le-rate"><b>{rate}</b> of the {_times(duel.decided, "decided vote")} for'
        f" {text(name(first))}</p><p>{sure}{lean} · {_times(duel.ties, 'tie')} ·"
        f" {duel.bad} with none good</p></article>"
    )


def system_of(key: str) -> System:
    """Return the system that a vote's key names."""
    model, _, grounding = key.rpartition("/")
    found = next((known for known in GROUNDINGS if known == grounding), None)
    return System(model, found) if found else System(key, "alone")


def _times(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
