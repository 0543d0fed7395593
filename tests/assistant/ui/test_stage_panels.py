"""What the stage's handlers let a user do: roles, empty prompts, votes that are theirs, resets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant import service as service_module
from assistant.access.gate import Gate
from assistant.access.values import LOCAL, User
from assistant.errors import GenerationError
from assistant.model.engine import Engine
from assistant.router import IntentRouter
from assistant.service import Service, Settings
from assistant.stage.systems import Systems
from assistant.stage.values import BASE, TUNED
from assistant.store.database import Database
from assistant.store.votes import Votes
from assistant.ui.context import Context
from assistant.ui.stage.compare import ComparePanel
from assistant.ui.stage.figures import FiguresPanel
from assistant.ui.stage.rounds import Round
from assistant.ui.stage.votes import VotesPanel
from tests.fakes import FixedRouter, HashEmbedder, ScriptedEngine

ANN = User("ann", "agent")
REQUEST: Any = SimpleNamespace(username="ann", session_hash="a-session")
Said = list[str]


class Known(Gate):
    """A gate at which everyone is one user."""

    who = LOCAL

    def user_of(self, name: str | None) -> User:
        return self.who


class OnlyAnn(Known):
    who = ANN


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Said:
    """What was told in a notice."""
    told: Said = []
    for name in ("Warning", "Info"):
        monkeypatch.setattr(gr, name, told.append)
    return told


@pytest.fixture
def make(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, tmp_path: Path, engine: ScriptedEngine
) -> Callable[[Gate], Context]:
    monkeypatch.setattr(service_module, "MiniLMEmbedder", HashEmbedder)
    monkeypatch.setattr(IntentRouter, "load_default", lambda *_: FixedRouter("answer"))
    monkeypatch.setattr(Engine, "load", lambda **_: engine)

    def context(gate: Gate) -> Context:
        service = Service(Settings(index=index_dir))
        return Context(service, Database(tmp_path / "data.sqlite3"), gate)

    return context


def panel(context: Context) -> ComparePanel:
    made = ComparePanel(context, Systems(context.service), Votes(context.database))
    with gr.Blocks(), gr.Tab("Stage") as tab:
        made.build(tab)
    return made


def played(compare: ComparePanel, prompt: str, *, blind: bool = False, model: str = BASE) -> Any:
    views = played_all(compare, prompt, blind=blind, model=model)
    shown = [view for view in views if isinstance(view[0], str)]
    return shown[-1] if shown else None


def played_all(
    compare: ComparePanel, prompt: str, *, blind: bool = False, model: str = BASE
) -> list[tuple[Any, ...]]:
    values: dict[Any, Any] = {
        compare._prompt: prompt,
        compare._count: "2 columns",
        compare._blind: blind,
        **dict(zip(compare._models, (model, TUNED, BASE), strict=True)),
        **dict(zip(compare._groundings, ("alone", "checked", "alone"), strict=True)),
    }
    return list(compare._play(values, REQUEST))


def test_a_prompt_runs_and_its_columns_are_shown(
    make: Callable[[Gate], Context], engine: ScriptedEngine
) -> None:
    engine.when("Facts", "The capacity is 1.7 l.")
    engine.enqueue("It holds 9 l.")
    board, ballot, _, now, run, stop = played(panel(make(Known())), "capacity of KE-1001?")
    assert "Base model" in board
    assert "KE-1001" in board
    assert ballot == ""
    assert now.is_over
    assert run["visible"]
    assert not stop["visible"]


def test_nothing_runs_without_a_prompt(
    make: Callable[[Gate], Context], said: Said, engine: ScriptedEngine
) -> None:
    played(panel(make(Known())), "  ")
    assert said == ["Type a prompt first, or pick a demonstration."]
    assert engine.prompts == []


def test_only_an_admin_names_a_directory(
    make: Callable[[Gate], Context], said: Said, engine: ScriptedEngine, tmp_path: Path
) -> None:
    played(panel(make(OnlyAnn())), "hello", model=str(tmp_path))
    assert said == ["Only an admin may load an adapter from a directory. Pick one of the list."]
    assert engine.prompts == []
    told = FiguresPanel(make(OnlyAnn()))._read_report(str(tmp_path), REQUEST)
    assert "Only an admin" in told


def test_a_blind_vote_is_kept_once_under_the_users_name(
    make: Callable[[Gate], Context], engine: ScriptedEngine
) -> None:
    context = make(OnlyAnn())
    compare = panel(context)
    engine.when("Facts", "The capacity is 1.7 l.")
    engine.enqueue("It holds 9 l.")
    board, ballot, _, now, *_ = played(compare, "capacity of KE-1001?", blind=True)
    assert "Base model" not in board
    assert "data-key" in ballot
    first: Any = SimpleNamespace(_data={"act": "vote", "choice": "1"})
    revealed, told, _, voted = compare._vote(now, first, REQUEST)
    compare._vote(now, first, REQUEST)
    assert "Base model" in revealed
    assert "You chose A" in told
    (kept,) = Votes(context.database).all()
    assert (kept.user, kept.choice) == ("ann", now.columns[0].system.key)
    assert voted.choice == kept.choice


def test_a_blind_round_of_twins_is_refused(make: Callable[[Gate], Context], said: Said) -> None:
    compare = panel(make(Known()))
    values: dict[Any, Any] = {
        compare._prompt: "hello",
        compare._count: "2 columns",
        compare._blind: True,
        **dict.fromkeys(compare._models, BASE),
        **dict.fromkeys(compare._groundings, "alone"),
    }
    list(compare._play(values, REQUEST))
    assert "two columns are the same" in said[0]


def test_a_fault_is_told_unless_a_newer_round_took_the_place(
    make: Callable[[Gate], Context], said: Said
) -> None:
    newer: list[Callable[[], Any]] = []

    class Refusing(Known):
        def admit(self, user: User) -> None:
            for begin in newer:
                begin()
            raise GenerationError("The model failed.")

    compare = panel(make(Refusing()))
    status = played_all(compare, "hello")[-1]
    assert said == ["The model failed."]
    assert status[4]["visible"] and not status[5]["visible"]
    newer.append(lambda: compare._switches.begin("a-session"))
    assert played_all(compare, "hello") == [(gr.skip(),) * 6]
    assert said == ["The model failed."], "nothing more is told"


def test_pictures_are_those_of_the_index_as_it_is_now(
    make: Callable[[Gate], Context], monkeypatch: pytest.MonkeyPatch, engine: ScriptedEngine
) -> None:
    compare = panel(make(Known()))
    asked: list[None] = []
    monkeypatch.setattr(Context, "media_root", lambda _: asked.append(None))
    engine.enqueue("It holds 9 l.")
    played(compare, "capacity of KE-1001?")
    assert asked


def test_an_export_holds_ones_own_votes_and_an_admins_all(
    make: Callable[[Gate], Context], engine: ScriptedEngine, said: Said
) -> None:
    engine.when("Facts", "The capacity is 1.7 l.")
    engine.enqueue("It holds 9 l.")
    for gate in (Known(), OnlyAnn()):
        compare = panel(make(gate))
        now: Round = played(compare, f"capacity of KE-1001, {gate.who.name}?", blind=True)[3]
        vote: Any = SimpleNamespace(_data={"act": "vote", "choice": "tie"})
        compare._vote(now, vote, REQUEST)

    def exported(gate: Gate) -> str:
        context = make(gate)
        votes = VotesPanel(context, Systems(context.service), Votes(context.database))
        return str(votes._export("csv", REQUEST)["text"])

    assert "local?" not in exported(OnlyAnn())
    assert "ann?" in exported(OnlyAnn())
    assert "local?" in exported(Known())
    assert "ann?" in exported(Known())
    context = make(OnlyAnn())
    votes = VotesPanel(context, Systems(context.service), Votes(context.database))
    votes._reset(REQUEST)
    assert said == ["Only an admin may delete the votes."]
    assert len(Votes(context.database).all()) == 2
