"""One product's requests: the last one shows, stopped and failed ones free the buttons."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant import service as service_module
from assistant.access.gate import Gate
from assistant.access.values import Role, User
from assistant.errors import GenerationError
from assistant.model.engine import Engine
from assistant.router import IntentRouter
from assistant.service import Service, Settings
from assistant.store.database import Database
from assistant.store.kept import KeptTexts
from assistant.ui.context import Context
from assistant.ui.studio.one import OneProduct
from assistant.ui.studio.screen import VERSIONS, Written
from catalog_index.parsing import parse_product
from tests.fakes import KETTLE, FixedRouter, HashEmbedder, ScriptedEngine

REQUEST: Any = SimpleNamespace(username="ann", session_hash="a-session")
PRODUCT = parse_product(KETTLE)
BEFORE = Written(PRODUCT, "classify", {"labels": ["Lamps"]}, label="Lamps")


class OneRole(Gate):
    """A gate at which everyone has one role."""

    role: Role = "seller"

    def user_of(self, name: str | None) -> User:
        return User(name or "", self.role)


class Agents(OneRole):
    role = "agent"


@pytest.fixture
def context(
    monkeypatch: pytest.MonkeyPatch, index_dir: Path, tmp_path: Path, engine: ScriptedEngine
) -> Context:
    monkeypatch.setattr(service_module, "MiniLMEmbedder", HashEmbedder)
    monkeypatch.setattr(IntentRouter, "load_default", lambda *_: FixedRouter("answer"))
    monkeypatch.setattr(Engine, "load", lambda **_: engine)
    service = Service(Settings(index=index_dir))
    return Context(service, Database(tmp_path / "data.sqlite3"), OneRole())


@pytest.fixture
def one(context: Context) -> OneProduct:
    return panel(context)


def panel(context: Context) -> OneProduct:
    made = OneProduct(context, KeptTexts(context.database))
    with gr.Blocks():
        made.build()
        made.wire()
    return made


def values(one: OneProduct, **given: Any) -> list[Any]:
    return [given.get(name) for name in one._form._fields]


def asked_anew(one: OneProduct, labels: str) -> Iterator[dict[Any, Any]]:
    boxes = [""] * VERSIONS
    given = values(one, labels=labels)
    return one._write_again(REQUEST, PRODUCT, "classify", BEFORE, *boxes, *given)


def asked(one: OneProduct, labels: str = "Kettles\nLamps") -> Iterator[dict[Any, Any]]:
    return one._write_now(REQUEST, PRODUCT, "classify", None, *values(one, labels=labels))


def told(one: OneProduct, changes: dict[Any, Any]) -> str:
    said = changes.get(one._screen.status, "")
    return said if isinstance(said, str) else ""


def is_idle(one: OneProduct, changes: dict[Any, Any]) -> bool:
    write, stop = changes.get(one._write), changes.get(one._stop)
    return bool(write and stop and write["visible"] and not stop["visible"])


def paints_nothing(one: OneProduct, changes: dict[Any, Any]) -> bool:
    return changes == {one._screen.status: gr.skip()}


def test_a_label_is_chosen_and_the_buttons_are_free_again(
    one: OneProduct, engine: ScriptedEngine
) -> None:
    engine.likelihoods = {"Kettles": -1.0, "Lamps": -2.0}
    last = list(asked(one))[-1]
    assert "Done in" in told(one, last) and is_idle(one, last)
    assert last[one._written].label == "Kettles"


def test_a_needed_box_emptied_during_a_run_frees_the_buttons(one: OneProduct) -> None:
    running = asked(one)
    next(running)
    last = list(asked_anew(one, ""))[-1]
    assert "Write the labels" in told(one, last) and is_idle(one, last)
    assert all(paints_nothing(one, changes) for changes in running)


def test_stop_while_a_changed_setting_waits_says_so(
    one: OneProduct, engine: ScriptedEngine
) -> None:
    stopper = threading.Timer(0.2, one._stop_writing, [REQUEST])
    stopper.start()
    last = list(asked_anew(one, "Kettles"))[-1]
    stopper.join()
    assert "Stopped." in told(one, last) and is_idle(one, last)
    assert engine.prompts == []
    assert not one._switches._held, "the request is over"


def test_stop_in_the_line_asks_nothing_of_the_model(
    one: OneProduct, context: Context, engine: ScriptedEngine
) -> None:
    with context.line.join() as first, context.line.join() as second:
        assert first.wait(1) and second.wait(1)
        waiting = asked(one)
        next(waiting)
        assert "1 before you" in told(one, next(waiting))
        one._stop_writing(REQUEST)
        last = list(waiting)[-1]
    assert "Stopped." in told(one, last) and is_idle(one, last)
    assert engine.prompts == []


def test_a_fault_of_a_request_that_a_newer_one_replaced_is_not_shown(
    one: OneProduct, engine: ScriptedEngine
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        one._switches.begin("a-session")
        raise GenerationError("The model failed.")

    engine.score_labels = fails  # type: ignore[method-assign]
    _, *after = asked(one)
    assert after and all(paints_nothing(one, changes) for changes in after)


def test_a_fault_is_told_and_frees_the_buttons(one: OneProduct, engine: ScriptedEngine) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise GenerationError("The model failed.")

    engine.score_labels = fails  # type: ignore[method-assign]
    last = list(asked(one))[-1]
    assert "The model failed." in told(one, last) and is_idle(one, last)


def test_who_has_no_studio_stops_nothing(context: Context) -> None:
    one = panel(Context(context.service, context.database, Agents()))
    switch = one._switches.begin("a-session")
    with pytest.raises(gr.Error, match="no studio"):
        one._stop_writing(REQUEST)
    assert not switch.is_set()
