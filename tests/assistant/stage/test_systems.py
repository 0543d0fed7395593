"""Systems over one service: alone, unchecked, whole; adapters found, loaded once, refused."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from assistant import service as service_module
from assistant.errors import AdapterError
from assistant.model.engine import Engine
from assistant.router import IntentRouter
from assistant.service import Service, Settings
from assistant.stage.columns import run
from assistant.stage.judge import judged
from assistant.stage.presets import presets
from assistant.stage.systems import Systems, adapters_beside
from assistant.stage.values import BASE, TUNED, Column, System, Work
from assistant.turn import MessageError
from retrieval.hybrid import HybridRetriever
from tests.fakes import FixedRouter, HashEmbedder, ScriptedEngine

GUESS, ALONE = System(BASE, "alone"), System(TUNED, "alone")
WHOLE, OPEN = System(TUNED, "checked"), System(TUNED, "unchecked")
QUESTION = "what is the capacity of KE-1001?"


@pytest.fixture
def loaded() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def service(
    monkeypatch: pytest.MonkeyPatch,
    index_dir: Path,
    engine: ScriptedEngine,
    loaded: list[dict[str, Any]],
) -> Service:
    def load(**options: Any) -> ScriptedEngine:
        loaded.append(options)
        return engine

    monkeypatch.setattr(service_module, "MiniLMEmbedder", HashEmbedder)
    monkeypatch.setattr(IntentRouter, "load_default", lambda *_: FixedRouter("answer"))
    monkeypatch.setattr(Engine, "load", load)
    return Service(Settings(index=index_dir))


@pytest.fixture
def systems(service: Service) -> Systems:
    return Systems(service)


def ended(systems: Systems, prompt: str, *chosen: System) -> tuple[Column, ...]:
    return list(run(chosen, prompt, systems.open, threading.Event()))[-1]


def test_alone_is_the_model_on_the_prompt_without_the_catalog(
    systems: Systems, engine: ScriptedEngine
) -> None:
    engine.enqueue("It holds 9 litres.")
    (column,) = ended(systems, QUESTION, GUESS)
    assert column.text == "It holds 9 litres."
    assert engine.prompts == [QUESTION]
    assert engine.adapters == [False]
    assert column.answer is None


def test_a_first_paragraph_is_the_instruction(systems: Systems, engine: ScriptedEngine) -> None:
    seen: list[Any] = []
    real = engine.stream

    def stream(messages: Any, *rest: Any) -> Any:
        seen.extend(messages)
        return real(messages, *rest)

    engine.stream = stream  # type: ignore[method-assign]
    engine.enqueue("positive")
    ended(systems, "Decide the feeling.\n\nReview: I love it.", ALONE)
    assert [message["role"] for message in seen] == ["system", "user"]
    assert seen[1]["content"] == "Review: I love it."
    assert engine.adapters == [True]


def test_the_whole_assistant_mends_what_the_unchecked_one_lets_through(
    systems: Systems, engine: ScriptedEngine
) -> None:
    engine.enqueue("The capacity is 9 l.")
    wrong, right = ended(systems, QUESTION, OPEN, WHOLE)
    assert wrong.text == "The capacity is 9 l."
    assert wrong.claims == ()
    assert "1.7 l" in right.text
    assert right.answer is not None
    assert [cited.hit.id for cited in right.answer.citations] == ["KE-1001"]


def test_the_guess_is_judged_afterwards_by_the_record_that_another_column_found(
    systems: Systems, engine: ScriptedEngine
) -> None:
    engine.when("Facts", "The capacity is 1.7 l.")
    engine.enqueue("The capacity is 9 l.")
    guess, whole = judged(ended(systems, QUESTION, GUESS, WHOLE))
    assert guess.judged_after
    assert [(claim.text, claim.verdict) for claim in guess.claims] == [("9 l", "contradicted")]
    assert not whole.judged_after
    assert {claim.verdict for claim in whole.claims} == {"supported"}


def test_without_a_grounded_column_nothing_is_judged(
    systems: Systems, engine: ScriptedEngine
) -> None:
    engine.enqueue("The capacity is 9 l.")
    (guess,) = judged(ended(systems, QUESTION, GUESS))
    assert not guess.judged_after
    assert guess.claims == ()


def test_numbers_of_a_list_are_no_claims(systems: Systems, engine: ScriptedEngine) -> None:
    engine.when("Facts", "The capacity is 1.7 l.")
    engine.enqueue("1. It holds 1.7 l\n2. It is fast")
    guess, _ = judged(ended(systems, QUESTION, GUESS, WHOLE))
    assert "2" not in {claim.text for claim in guess.claims}
    assert "supported" in {claim.verdict for claim in guess.claims}


def test_an_empty_prompt_fails_every_column_in_words(systems: Systems) -> None:
    with pytest.raises(MessageError, match="empty"):
        systems.open(GUESS, "\x00 ", Work(), threading.Event())


def adapter_folder(root: Path, name: str) -> Path:
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "adapter_config.json").write_text("{}")
    return folder


def test_adapters_beside_the_one_in_use_are_offered(tmp_path: Path, index_dir: Path) -> None:
    used, other = adapter_folder(tmp_path, "used"), adapter_folder(tmp_path, "other")
    (tmp_path / "no-adapter").mkdir()
    assert {used, other} <= set(adapters_beside(str(used)))
    offered = Systems(Service(Settings(index=index_dir, adapter=str(used)))).models()
    assert ("LLaMA-E (used)", TUNED) in offered
    assert ("Adapter other", str(other)) in offered
    assert not any(model == str(used) for _, model in offered)


def test_another_adapter_is_loaded_once_beside_the_same_base(
    systems: Systems, engine: ScriptedEngine, loaded: list[dict[str, Any]], tmp_path: Path
) -> None:
    folder = str(adapter_folder(tmp_path, "other"))
    engine.enqueue("a", "b")
    for named in (folder, f"{tmp_path}/none/../other/"):
        ended(systems, "hello", System(named, "alone"))
    assert [options["adapter"] for options in loaded] == [folder]
    assert engine.adapters == [True, True]


def test_the_other_columns_go_on_while_an_adapter_is_loaded(
    systems: Systems, engine: ScriptedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(adapter_folder(tmp_path, "other"))
    systems.open(WHOLE, QUESTION, Work(), threading.Event())
    loads, go_on, opened = threading.Event(), threading.Event(), threading.Event()

    def load(**_: Any) -> ScriptedEngine:
        loads.set()
        go_on.wait(10)
        return engine

    def open_(system: System, done: threading.Event) -> None:
        systems.open(system, QUESTION, Work(), threading.Event())
        done.set()

    monkeypatch.setattr(Engine, "load", load)
    is_loaded = threading.Event()
    other = System(folder, "alone")
    threading.Thread(target=open_, args=(other, is_loaded), daemon=True).start()
    assert loads.wait(10)
    threading.Thread(target=open_, args=(WHOLE, opened), daemon=True).start()
    assert opened.wait(5), "it does not wait for the other adapter"
    go_on.set()
    assert is_loaded.wait(10)


def test_a_directory_that_is_none_is_refused_in_a_sentence(systems: Systems) -> None:
    (column,) = ended(systems, "hello", System("/nowhere/at-all", "alone"))
    assert column.status == "failed"
    assert "/nowhere/at-all" in column.fault


def test_without_an_adapter_llama_e_is_refused_and_not_offered(index_dir: Path) -> None:
    bare = Systems(Service(Settings(index=index_dir, base_only=True)))
    assert not bare.has_adapter
    assert TUNED not in {model for _, model in bare.models()}
    with pytest.raises(AdapterError, match="No adapter is loaded"):
        bare.open(ALONE, "hello", Work(), threading.Event())


def test_presets_are_made_of_products_of_the_index(retriever: HybridRetriever) -> None:
    found = presets(retriever, is_demo=False)
    prompts = {one.name: one.prompt for one in found}
    known = ("KE-1001", "LA-2002", "SH-3003")
    assert "since SH-3003 is waterproof" in prompts["A false premise"]
    assert any(code in prompts["A fact, or a guess"] for code in known)
    assert any(code in prompts["No answer in the catalog"] for code in known)
    assert {one.is_zero_shot for one in found} == {True, False}
    assert all(2 <= len(one.systems) <= 3 for one in found)
    assert len({one.name for one in found}) == len(found)
    assert all(one.shows for one in found)
