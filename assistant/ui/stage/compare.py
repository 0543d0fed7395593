"""Compare: a prompt, the systems to run it, their columns, and the ballot of a blind round."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from assistant.access.values import User
from assistant.stage.presets import Preset, presets
from assistant.stage.systems import Systems
from assistant.stage.values import BASE, TUNED, Grounding, System
from assistant.store.votes import Ballot, Votes
from assistant.turn import MAX_MESSAGE_CHARACTERS
from assistant.ui.context import KNOWN_ERRORS, Context
from assistant.ui.markup import QUICK, act_of, acting_html, text
from assistant.ui.stage.ballot import ballot, thanks
from assistant.ui.stage.board import EMPTY, Shown, board
from assistant.ui.stage.rounds import Round, play
from assistant.ui.switches import Switches

_MOST = 3
_GROUNDINGS: list[tuple[str, Grounding]] = [
    ("Catalog and checks", "checked"),
    ("Catalog, checks off", "unchecked"),
    ("Model alone, no catalog", "alone"),
]
_TWO, _THREE = "2 columns", "3 columns"
Update = Any


class ComparePanel:
    """The panel.

    Args:
        context: what all rooms share.
        systems: opens what the columns run.
        votes: keeps the votes.
    """

    def __init__(self, context: Context, systems: Systems, votes: Votes) -> None:
        self._context, self._systems, self._votes = context, systems, votes
        self._switches = Switches()

    def build(self, tab: gr.Tab) -> None:
        """Lay the panel out; `tab` is the room's, whose opening fills it."""
        self._presets = gr.State([])
        self._round = gr.State(Round())
        self._chips = acting_html("", elem_id="le-presets", label="Demonstrations", padding=False)
        with gr.Row(elem_id="le-prompt-row"):
            self._prompt = gr.Textbox(
                label="Prompt",
                show_label=False,
                container=False,
                placeholder="One prompt for all columns: ask, or have something written …",
                lines=2,
                max_lines=8,
                scale=8,
                elem_id="le-prompt",
            )
            self._run = gr.Button("Run", variant="primary", scale=1, min_width=96, elem_id="le-run")
            self._stop = gr.Button(
                "Stop", variant="stop", scale=1, min_width=96, elem_id="le-halt", visible=False
            )
        self._setup()
        self._status = gr.HTML(_status(""), elem_id="le-stage-status", padding=False)
        self._board = gr.HTML(EMPTY, elem_id="le-board", padding=False)
        self._ballot = acting_html("", elem_id="le-ballot", padding=False)
        self._wire(tab)

    def _setup(self) -> None:
        models = self._systems.models()
        first = models[1][1] if len(models) > 1 else BASE
        chosen = ((BASE, "alone"), (first, "checked"), (first, "unchecked"))
        self._models: list[gr.Dropdown] = []
        self._groundings: list[gr.Dropdown] = []
        with gr.Row(elem_id="le-setup"):
            with gr.Column(elem_id="le-modes", scale=0, min_width=256):
                self._count = gr.Radio(
                    [_TWO, _THREE],
                    value=_TWO,
                    label="Columns",
                    show_label=False,
                    container=False,
                    elem_id="le-count",
                )
                self._blind = gr.Checkbox(
                    label="Blind vote: hide names", container=False, elem_id="le-blind"
                )
            self._pickers = [
                self._picker(number, models, model, grounding)
                for number, (model, grounding) in enumerate(chosen, start=1)
            ]

    def _picker(
        self, number: int, models: list[tuple[str, str]], model: str, grounding: str
    ) -> gr.Column:
        bare = {"show_label": False, "container": False, "min_width": 120}
        with gr.Column(visible=number < _MOST, min_width=220, elem_classes="le-picker") as column:
            self._models.append(
                gr.Dropdown(
                    models,
                    value=model,
                    label=f"System {number}: model, or an adapter's directory",
                    allow_custom_value=True,
                    **bare,
                )
            )
            self._groundings.append(
                gr.Dropdown(
                    _GROUNDINGS, value=grounding, label=f"System {number}: grounding", **bare
                )
            )
        return column

    def _wire(self, tab: gr.Tab) -> None:
        settings = [
            self._prompt, self._count, self._blind, *self._models, *self._groundings,
        ]  # fmt: skip
        shown = [
            self._board, self._ballot, self._status, self._round, self._run, self._stop,
        ]  # fmt: skip
        tab.select(self._open, None, [self._presets, self._chips, *self._models], **QUICK)
        self._count.change(self._count_changed, [self._count], self._pickers, **QUICK)
        running = {"show_progress": "hidden", "api_visibility": "private"}
        gr.on([self._run.click, self._prompt.submit], self._play, set(settings), shown, **running)
        taken = [self._prompt, self._count, *self._models, *self._groundings, *self._pickers]
        self._chips.click(self._take, [self._presets], taken, **QUICK).then(
            self._play, set(settings), shown, **running
        )
        self._stop.click(self._halt, None, None, **QUICK)
        self._ballot.click(
            self._vote,
            [self._round],
            [self._board, self._ballot, self._status, self._round],
            **QUICK,
        )

    def _open(self, request: gr.Request) -> tuple[Update, ...]:
        self._context.enter(request, "stage")
        found: list[Preset] = []
        try:
            found = presets(self._context.service.retriever, is_demo=self._context.is_demo)
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
        choices = gr.update(choices=self._systems.models())
        return found, _chips(found), *[choices] * _MOST

    def _count_changed(self, count: str, request: gr.Request) -> list[Update]:
        self._context.enter(request, "stage")
        return [gr.update(visible=number < _number(count)) for number in range(_MOST)]

    def _take(
        self, found: list[Preset], event: gr.EventData, request: gr.Request
    ) -> tuple[Update, ...]:
        """Put a preset's prompt and systems in place; the run follows."""
        self._context.enter(request, "stage")
        number = act_of(event).get("number", "")
        if not number.isdecimal() or int(number) >= len(found):
            return (gr.skip(),) * (2 + 3 * _MOST)
        chosen = found[int(number)]
        systems = [self._at_hand(system) for system in chosen.systems]
        spare = [gr.skip()] * (_MOST - len(systems))
        return (
            chosen.prompt,
            _THREE if len(systems) == _MOST else _TWO,
            *[system.model for system in systems],
            *spare,
            *[system.grounding for system in systems],
            *spare,
            *[gr.update(visible=number < len(systems)) for number in range(_MOST)],
        )

    def _at_hand(self, system: System) -> System:
        """Return a preset's system with the adapter that there is, where none is in use."""
        if system.model != TUNED or self._systems.has_adapter:
            return system
        others = [model for _, model in self._systems.models() if model != BASE]
        return System(others[0] if others else BASE, system.grounding)

    def _play(self, values: dict[Any, Any], request: gr.Request) -> Iterator[tuple[Update, ...]]:
        """Run the prompt; a fault before any column begins is a notice."""
        user = self._context.enter(request, "stage")
        systems = [
            System(str(values[model] or BASE).strip(), values[grounding])
            for model, grounding in zip(self._models, self._groundings, strict=True)
        ][: _number(values[self._count])]
        prompt = str(values[self._prompt] or "").strip()
        is_blind = bool(values[self._blind])
        if fault := self._fault(prompt, systems, user, is_blind=is_blind):
            gr.Warning(fault)
            yield (gr.skip(),) * 6
            return
        session = request.session_hash or ""
        stop = self._switches.begin(session)
        try:
            self._context.gate.admit(user)
            for now in play(
                prompt,
                systems,
                is_blind=is_blind,
                line=self._context.line,
                open_system=self._systems.open,
                stop=stop,
            ):
                if not self._switches.owns(session, stop):
                    # Gradio shows the last thing yielded once more when a stream ends.
                    yield (gr.skip(),) * 6
                    return
                yield self._updates(now)
        except KNOWN_ERRORS as error:
            if not self._switches.owns(session, stop):
                yield (gr.skip(),) * 6
                return
            gr.Warning(str(error))
            yield (*(gr.skip(),) * 2, _status(""), gr.skip(), *_buttons(is_running=False))
        finally:
            self._switches.end(session, stop)

    def _fault(self, prompt: str, systems: list[System], user: User, *, is_blind: bool) -> str:
        """Say why a round cannot begin; "" where it can."""
        if not prompt:
            return "Type a prompt first, or pick a demonstration."
        if len(prompt) > MAX_MESSAGE_CHARACTERS:
            return f"The prompt has {len(prompt):,} characters; {MAX_MESSAGE_CHARACTERS:,} fit."
        known = {model for _, model in self._systems.models()} | {BASE, TUNED}
        if not user.is_admin and any(system.model not in known for system in systems):
            return "Only an admin may load an adapter from a directory. Pick one of the list."
        if is_blind and len(set(systems)) < len(systems):
            return "A blind vote needs different systems: two columns are the same now."
        return ""

    def _updates(self, now: Round) -> tuple[Update, ...]:
        ended = now.is_over
        if ended and now.is_hidden and not now.can_be_voted:
            now = now.revealed()  # A column failed or was stopped: there is nothing to vote on.
        said = "Finished." if ended else "The columns are writing …"
        if now.ahead:
            said = f"Waiting for the model: {now.ahead} before you."
        if ended and now.is_hidden:
            said = "Read them, then choose. The names follow your vote."
        return (
            self._render(now),
            ballot(now.columns) if now.can_be_voted else "",
            _status(said),
            now if ended else gr.skip(),
            *_buttons(is_running=not ended),
        )

    def _render(self, now: Round) -> str:
        shown = Shown(self._systems.name, now.is_hidden, now.choice, self._context.media_root())
        return board(now.columns, shown)

    def _halt(self, request: gr.Request) -> None:
        self._context.enter(request, "stage")
        self._switches.stop(request.session_hash or "")

    def _vote(self, now: Round, event: gr.EventData, request: gr.Request) -> tuple[Update, ...]:
        user = self._context.enter(request, "stage")
        voted = now.voted(act_of(event).get("choice", ""))
        if voted is None:
            return (gr.skip(),) * 4
        try:
            shown = tuple(column.to_json() for column in voted.columns)
            self._votes.add(Ballot(now.id, user.name, voted.prompt, voted.choice, shown))
        except KNOWN_ERRORS as error:
            gr.Warning(str(error))
            return (gr.skip(),) * 4
        told = thanks(voted.choice, voted.columns, self._systems.name)
        return self._render(voted), told, _status(""), voted


def _number(count: object) -> int:
    return 3 if count == _THREE else 2


def _buttons(*, is_running: bool) -> tuple[Update, Update]:
    return gr.update(visible=not is_running), gr.update(visible=is_running)


def _status(said: str) -> str:
    return f'<p class="le-status" role="status" aria-live="polite">{text(said)}</p>'


def _chips(found: list[Preset]) -> str:
    """Render the demonstrations as buttons, those of tasks never trained on apart."""
    buttons = "".join(
        f'<button type="button" class="le-preset{" le-zero" if one.is_zero_shot else ""}"'
        f' data-act="take" data-number="{number}"><b>{text(one.name)}</b>'
        f"<span>{text(one.shows)}</span></button>"
        for number, one in enumerate(found)
    )
    return f'<div class="le-presets" role="group" aria-label="Demonstrations">{buttons}</div>'
